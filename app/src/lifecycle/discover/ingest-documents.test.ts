// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docxOf } from '../../../../tools/files/write-files.ts'
import { rawZip } from '../../../../tools/hostile/raw-zip.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from './fixture.ts'
import { ingestSources, loadDataSets, resolveSubjects } from './index.ts'

let at: TestHome
const people = inventTestPeople(10)

beforeAll(async () => {
  at = await openTestHome('ingest-documents')
})
afterAll(async () => { await at.remove() })

test('a contract in a DOCX is one record of its labelled values and its text, and belongs to the customer of the register', async () => {
  const folder = join(at.folder, 'files')
  mkdirSync(folder)
  const contract = (i: number): Buffer => docxOf({ paragraphs: ['服务合同', '甲方：测试卫浴有限公司', `乙方：${people[i]?.name}`, `身份证号：${people[i]?.residentId}  手机号：${people[i]?.mobile}`, '双方约定如下。'], tables: [[['项目', '金额'], ['安装', '300'], ['保养', '200']]] })
  for (const i of [0, 1]) writeFileSync(join(folder, `合同${i}.docx`), contract(i))
  writeFileSync(join(folder, '登记.csv'), `${registerLines(people).join('\r\n')}\r\n`)
  writeFileSync(join(folder, '旧资料.zip'), rawZip([{ name: 'a.csv', data: '姓名,手机号\n张三,13800001111\n' }]))
  const done = await ingestSources(at.ctx, at.matter, { paths: [folder] })
  expect(done.sources.map(({ name, dataSets }) => [name, dataSets.map((set) => set.records)])).toEqual([['合同0.docx', [1, 2]], ['合同1.docx', [1, 2]], ['登记.csv', [10]]])
  expect(done.notRead.map(({ where }) => where)).toEqual(['旧资料.zip!a.csv'])
  const sets = await loadDataSets(at.ctx.db, { tenant: at.ctx.tenant, matterId: at.matter.id })
  expect(sets[0]?.fields.map(({ type }) => type)).toEqual(expect.arrayContaining(['resident-id', 'mobile', 'free-text-personal']))
  const resolved = await resolveSubjects(at.ctx, at.matter)
  expect(resolved).toMatchObject({ subjects: 10 })
  expect((await ingestSources(at.ctx, at.matter, { paths: [folder] })).sources.every(({ repeated }) => repeated)).toBe(true)
  expect(await at.ctx.ledger.verifyBooks(at.matter.id)).toMatchObject({ problems: [] })
}, 240_000)
