// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentMatter, type Matter } from '../../matter/index.ts'
import { openTestHome, refusalOf, type TestHome } from '../../test-home.ts'
import { treatDataSets, treatmentFileSchema } from '../classify/index.ts'
import { ingestSources, resolveSubjects } from '../discover/index.ts'
import { inventTestPeople } from '../discover/fixture.ts'
import { loadMatterState } from './load-matter-state.ts'
import { reportTiers } from './tier-report.ts'

/** Number 0 and 25 are under 14. */
const people = inventTestPeople(30)
const lines = ['客户编号,姓名,手机号,出生日期,人脸特征', ...people.map((one, at) => [one.number, one.name, one.mobile, one.birthDay, at < 7 ? `模板${at}` : ''].join(','))]

describe('the tiers of a matter', () => {
  let home: TestHome
  let matter: Matter

  beforeAll(async () => {
    home = await openTestHome()
    matter = (await home.addParty(await home.openMatter('asset-transfer'), '乙公司', 'transferee')).matter
    await ingestSources(home.ctx, matter, { paths: [write('客户.csv', lines), write('会员.csv', lines.map((line, at) => (at === 0 ? line : `${line}-B`)))] })
  })
  afterAll(() => home.remove())

  function write(name: string, rows: readonly string[]): string {
    const file = join(dirname(home.path), name)
    writeFileSync(file, `${rows.join('\r\n')}\r\n`)
    return file
  }

  it('are not told before persons are resolved', async () => {
    expect(await refusalOf(reportTiers(home.ctx, matter, null))).toBe('SUBJECTS_NOT_RESOLVED')
  })

  it('count thirty persons in sixty records, the children once, and only those with a face template', async () => {
    await resolveSubjects(home.ctx, matter)
    const group = { purposes: ['售后'], basis: 'contract', neededForTransfer: true, contractAssent: 'all', recordsClasses: [] }
    await treatDataSets(home.ctx, matter, treatmentFileSchema.parse({ version: 1, dataSets: [
      { dataSet: 1, collected: 'direct', lawfulSource: 'lawful', groups: [{ ...group, name: '服务', columns: ['客户编号', '姓名', '手机号', '出生日期'] }, { ...group, name: '人脸', columns: ['人脸特征'], biometric: 'face' }] },
      { dataSet: 2, collected: 'direct', lawfulSource: 'lawful', groups: [{ ...group, name: '服务', columns: '*' }] },
    ] }))
    matter = await currentMatter(home.ctx, matter.id)
    const report = await reportTiers(home.ctx, matter, 99_970)
    expect(report.records).toBe(60)
    expect(report.transferor.counts).toMatchObject({ persons: 30, under14: 2, under18: 2, face: 7 })
    expect(report.transferor.tier).toBe('small')
    expect((await loadMatterState(home.ctx, matter)).counts).toMatchObject({ persons: 30, under14: 2, under18: 2, face: 7 })
  })

  it('count the transferee again with those who move: exactly 100,000 is no longer small', async () => {
    const tierWith = async (holds: number) => (await reportTiers(home.ctx, matter, holds)).transferee
    expect(await tierWith(99_969)).toMatchObject({ counts: { persons: 99_999 }, tier: 'small' })
    expect(await tierWith(99_970)).toMatchObject({ counts: { persons: 100_000 }, tier: 'normal' })
    expect((await reportTiers(home.ctx, matter, null)).transferee).toBeNull()
  })

  it('say that the count is too old once records came after it', async () => {
    await ingestSources(home.ctx, matter, { paths: [write('新增.csv', ['客户编号,姓名,手机号', 'KH99999,赵新,17009999999'])] })
    expect(await refusalOf(reportTiers(home.ctx, matter, null))).toBe('SUBJECTS_NOT_RESOLVED')
    await resolveSubjects(home.ctx, matter)
    expect((await reportTiers(home.ctx, matter, null)).transferor.counts.persons).toBe(31)
  })
})
