// SPDX-License-Identifier: Apache-2.0
// A sale whose customers stand in the books of the seller, treated and counted: where tests of plans begin.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Matter } from '../../matter/index.ts'
import type { TestHome } from '../../test-home.ts'
import { treatDataSets, treatmentFileSchema } from '../classify/index.ts'
import { registerLines, type TestPerson } from '../discover/fixture.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'

/** What is said of the column 备注, which each test treats in its own way. */
export interface RemarkGroup {
  name: string
  basis: 'consent' | 'legal-duty'
  recordsClasses: string[]
}

/** A file of these lines beside the home; its path. */
export function writeBeside(home: TestHome, name: string, lines: readonly string[]): string {
  const file = join(dirname(home.path), name)
  writeFileSync(file, `${lines.join('\r\n')}\r\n`)
  return file
}

/** The sale of a business to 乙卫浴有限公司: one file of people in the books, a service that moves by contract, an ID number that was collected without need, and the remark as given. */
export async function bookCustomers(home: TestHome, people: readonly TestPerson[], remark: RemarkGroup): Promise<Matter> {
  const { matter } = await home.addParty(await home.openMatter('asset-transfer'), '乙卫浴有限公司', 'transferee')
  await ingestSources(home.ctx, matter, { paths: [writeBeside(home, '客户.csv', registerLines(people))] })
  await resolveSubjects(home.ctx, matter)
  await treatDataSets(home.ctx, matter, treatmentFileSchema.parse({
    version: 1,
    dataSets: [{
      dataSet: 1, collected: 'direct', lawfulSource: 'lawful', facets: [],
      groups: [
        { name: '服务', columns: ['客户编号', '姓名', '手机号', '出生日期', '电子邮箱', '服务门店'], purposes: ['售后'], basis: 'contract', neededForTransfer: true, contractAssent: 'all', recordsClasses: [] },
        { name: '核验', columns: ['身份证号'], purposes: ['核验'], basis: 'consent', purposeState: 'over-collected', recordsClasses: [] },
        { ...remark, columns: ['备注'], purposes: ['售后'], neededForTransfer: true },
      ],
    }],
  }))
  return matter
}
