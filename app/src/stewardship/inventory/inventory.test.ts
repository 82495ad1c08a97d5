// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { treatDataSets, treatmentFileSchema } from '../../lifecycle/classify/index.ts'
import { inventTestPeople, openTestHome, registerLines, type TestHome } from '../../lifecycle/discover/fixture.ts'
import { ingestSources, resolveSubjects, scanSources } from '../../lifecycle/discover/index.ts'
import { buildRegister, registerOfReport, writeRegister, type ProcessingRegister, type RegisterMatter } from './index.ts'

let at: TestHome
let matter: RegisterMatter
let refusedEmpty: unknown
const people = inventTestPeople(40)
const words = { lang: 'zh' as const, typeLabel: (type: string) => type }
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'nothing refused', (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error))
const register = () => buildRegister(at.ctx, matter)

async function sheets(file: string): Promise<Record<string, string[][]>> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  return Object.fromEntries(book.worksheets.map((sheet) => {
    const rows: string[][] = []
    sheet.eachRow((row) => {
      const cells: string[] = []
      row.eachCell({ includeEmpty: true }, (cell) => {
        expect([ExcelJS.ValueType.String, ExcelJS.ValueType.Null, ExcelJS.ValueType.SharedString, ExcelJS.ValueType.RichText]).toContain(cell.type)
        cells.push(cell.text)
      })
      rows.push(cells)
    })
    return [sheet.name, rows]
  }))
}

beforeAll(async () => {
  at = await openTestHome('register')
  matter = { id: at.matter.id, code: at.matter.code, parties: at.matter.parties.map(({ id, role, file, isSelf }) => ({ id, role, name: file.name, isSelf })) }
  refusedEmpty = await codeOf(register())
  await ingestSources(at.ctx, at.matter, { paths: [at.write('客户登记.csv', registerLines(people)), at.write('=cmd.csv', ['=HYPERLINK("x"),数量', 'a,1', 'b,2'])] })
}, 300_000)
afterAll(async () => { await at.remove() })

describe('the register of a matter', () => {
  test('is refused while nothing is in the books', () => {
    expect(refusedEmpty).toBe('REGISTER_EMPTY')
  })

  test('says what nobody said is missing, and presumes nothing', async () => {
    const { entries, persons, ruleSets } = await register()
    expect([persons, ruleSets]).toEqual([null, ['pipl-28']])
    expect(entries.map(({ number, source, records, missing }) => [number, source, records, missing])).toEqual([
      [1, '客户登记.csv', 40, ['purpose', 'basis', 'retention', 'collected', 'lawful-source', 'persons', 'plan']], [2, '=cmd.csv', 2, []],
    ])
  })

  test('has purposes, basis, retention, persons and minors once they are known', async () => {
    await resolveSubjects(at.ctx, at.matter)
    const group = { name: '联络', basis: 'contract', purposes: ['售后服务'], neededForTransfer: true, recordsClasses: ['RT01'], columns: '*' }
    await treatDataSets(at.ctx, at.matter, treatmentFileSchema.parse({ version: 1, dataSets: [{ dataSet: '客户登记.csv', collected: 'direct', lawfulSource: 'lawful', groups: [group] }] }))
    const [entry] = (await register()).entries
    expect(entry).toMatchObject({ records: 40, persons: 40, under14: people.filter(({ birthDay }) => birthDay > '2012-11-21').length, collected: 'direct', missing: ['plan'], activities: [{ name: '联络', purposes: ['售后服务'], basis: 'contract' }] })
    expect(entry?.activities[0]?.retention?.[0]).toMatch(/^RT01 会计.+30年/)
    expect(entry?.activities[0]?.retentionEn?.[0]).toMatch(/^RT01 [^\p{Script=Han}]+30 years[^\p{Script=Han}]+$/u)
    expect(entry?.fields.find(({ type }) => type === 'resident-id')).toMatchObject({ column: '身份证号', grade: 'sensitive', rule: 'pipl-28/C-IDENTITY', values: 40, activity: '联络' })
    expect(entry?.copies.map(({ kind, holder }) => [kind, holder])).toEqual([['original', '测试卫浴有限公司'], ['vault', '测试卫浴有限公司']])
    expect(entry?.values).toBe(entry?.fields.reduce((sum, { values }) => sum + values, 0))
  })

  test('is written as a workbook of texts that nothing in it can act from, and never over a file', async () => {
    const file = join(at.folder, '登记.xlsx')
    await writeRegister(file, await register(), words)
    const written = await sheets(file)
    expect(Object.keys(written)).toEqual(['处理活动登记', '字段清单', '填写说明'])
    const [head, first] = written['处理活动登记'] ?? []
    expect(first?.[head?.indexOf('处理目的') ?? -1]).toBe('售后服务')
    expect(first?.[head?.indexOf('敏感个人信息种类') ?? -1]).toBe('resident-id')
    const cells = Object.values(written).flat(2)
    expect(cells.some((text) => text.startsWith("'=HYPERLINK"))).toBe(true)
    expect(cells.filter((text) => /^[=+\-@\t\r]/.test(text))).toEqual([])
    expect(cells.join('\n')).not.toMatch(new RegExp(people.slice(0, 10).flatMap(({ name, mobile, residentId }) => [name, mobile, residentId]).join('|')))
    expect(await codeOf(writeRegister(file, await register(), words))).toBe('REGISTER_FILE_EXISTS')
    expect(existsSync(`${file}.${process.pid}.part`)).toBe(false)
  })
})

describe('what was handed over and left the vault', () => {
  test('stays in the register of the matter, which says how much of it moved', async () => {
    const before = await register()
    expect(before.entries.map(({ moved }) => moved)).toEqual([{ records: 0, persons: 0 }, { records: 0, persons: 0 }])
    await at.ctx.db.execute(`update record set erased_at = now(), slot = null, dispositions = decode(repeat('01', length(dispositions)), 'hex') where tenant = $1 and matter_id = $2 and inventory_index < 15`, [at.ctx.tenant, matter.id])
    const after = await register()
    expect(after.entries.map(({ records, persons, values, under14 }) => [records, persons, values, under14])).toEqual(before.entries.map(({ records, persons, values, under14 }) => [records, persons, values, under14]))
    expect(after.entries.map(({ moved }) => moved)).toEqual([{ records: 15, persons: 15 }, { records: 0, persons: 0 }])
    expect(after.moved).toMatchObject({ records: 15, persons: 15 })
  })
})

describe('the register of a scan report', () => {
  test('fills in what a scan can tell', async () => {
    writeFileSync(join(at.folder, 'b.png'), 'not a picture')
    const report = await scanSources([join(at.folder, '客户登记.csv')])
    const made: ProcessingRegister = registerOfReport({ ...report, notRead: [{ where: '客户登记.csv!x' }] }, { of: 'report.json', writtenAt: '2026-11-22T00:00:00.000Z' })
    expect(made.entries).toMatchObject([{ number: 1, records: 40, persons: null, notRead: 1, missing: ['purpose', 'basis', 'retention', 'collected', 'lawful-source', 'persons', 'plan', 'not-read'] }])
    await writeRegister(join(at.folder, 'r.xlsx'), made, { ...words, lang: 'en' })
    expect((await sheets(join(at.folder, 'r.xlsx')))['Fields']?.length).toBe(9)
  })
})
