// SPDX-License-Identifier: Apache-2.0
import ExcelJS from 'exceljs'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { checkQuality, type KnownTable, WorkListWriter, writeCorrectedCopy } from './index.ts'
import { qualityFolder, testDay } from './quality.fixture.ts'
import { workListLayout } from './work-list.ts'

const folder = qualityFolder()
afterAll(() => folder.remove())

/** A workbook with a formatted date, a formula, a gap and a second sheet. */
async function makeBook(file: string): Promise<void> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('客户 & 会员')
  sheet.addRow(['姓名', '手机号', '出生日期', '备注', '长度'])
  sheet.addRow(['李敏', '12812345678', new Date('1990-02-28'), 'x > y', null])
  sheet.addRow(['王芳', '13812345678', new Date('1985-03-12'), null, null])
  sheet.getCell('E2').value = { formula: 'LEN(B2)', result: 11 }
  sheet.getCell('B2').font = { bold: true }
  book.addWorksheet('别的').addRow(['甲', '乙'])
  await book.xlsx.writeFile(file)
}

/** A list with these corrections by row and field; the codes of the others stay. */
async function listOf(file: string, cells: readonly { row: number; field: number; text: string }[]): Promise<string> {
  const name = folder.path(`清单-${cells.map(({ field }) => field).join('-')}.xlsx`)
  const writer = new WorkListWriter(name, 'zh')
  const tables: KnownTable[] = [{ source: '客户.xlsx', name: '客户 & 会员', types: ['person-name', 'mobile', 'birth-date', 'none', 'none'] }]
  const report = await checkQuality({ paths: [file], tables, today: testDay, staleYears: 3, found: (found) => writer.add(found.filter(({ ordinal, field }) => ordinal === 0 && field === 1).slice(0, 1).flatMap((one) => cells.map(({ row, field }) => ({ ...one, ordinal: row, field })))) })
  await writer.finish(report)
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(name)
  const sheet = book.getWorksheet(workListLayout.sheets.list) ?? book.addWorksheet('x')
  for (const [at, { text }] of cells.entries()) sheet.getCell(`J${at + 2}`).value = text
  const filled = `${name}.filled.xlsx`
  await book.xlsx.writeFile(filled)
  return filled
}

describe('a corrected copy of a workbook', () => {
  it('changes the named cells alone, keeps styles, puts missing cells in, and leaves the original as it is', async () => {
    const file = folder.path('客户.xlsx')
    await makeBook(file)
    const original = readFileSync(file)
    const list = await listOf(file, [{ row: 0, field: 1, text: '13911112222' }, { row: 1, field: 3, text: 'a<b & "c" _x0041_' }])
    const done = await writeCorrectedCopy({ list, source: file, copy: folder.path('更正.xlsx') })
    expect(done.changed).toBe(2)
    expect(readFileSync(file)).toEqual(original)
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(folder.path('更正.xlsx'))
    const sheet = book.getWorksheet('客户 & 会员')
    expect([sheet?.getCell('B2').text, sheet?.getCell('B2').font?.bold, sheet?.getCell('C2').value, sheet?.getCell('A3').text]).toEqual(['13911112222', true, new Date('1990-02-28'), '王芳'])
    expect(sheet?.getCell('E2').formula).toBe('LEN(B2)')
    expect(book.getWorksheet('别的')?.getCell('B1').text).toBe('乙')
  }, 240_000)

  it('refuses to put a text in place of a formula', async () => {
    const file = folder.path('客户.xlsx')
    const list = await listOf(file, [{ row: 0, field: 4, text: '12' }])
    await expect(writeCorrectedCopy({ list, source: file, copy: folder.path('公式.xlsx') })).rejects.toMatchObject({ code: 'CORRECTION_SHEET' })
    expect(existsSync(folder.path('公式.xlsx'))).toBe(false)
  }, 240_000)
})
