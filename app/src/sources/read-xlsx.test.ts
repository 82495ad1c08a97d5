// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { strToU8, zipSync, type Zippable } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { serialToIso } from './excel-number.rules.ts'
import { readSourceHere } from './read-source.ts'
import type { ReadOptions } from './source-limits.ts'
import type { ReadEvent, SourceDataSet, SourceRow } from './source-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-xlsx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

async function readFileAt(path: string, options: ReadOptions = {}) {
  const events: ReadEvent[] = []
  for await (const event of readSourceHere(path, options)) events.push(event)
  const dataSets = events.flatMap((event): SourceDataSet[] => (event.kind === 'dataSet' ? [event.dataSet] : []))
  const rows = (name: string): SourceRow[] => {
    const index = dataSets.find((dataSet) => dataSet.name === name)?.index
    return events.flatMap((event) => (event.kind === 'rows' && event.dataSet === index ? event.rows : []))
  }
  const values = (name: string) => rows(name).map((row) => row.cells.map((cell) => cell.value))
  const notRead = events.flatMap((event) => (event.kind === 'notRead' ? [`${event.where.split('!').slice(1).join('!')} ${event.why.code}`] : []))
  return { events, dataSets, rows, values, notRead }
}

async function readBook(fill: (book: ExcelJS.Workbook) => void, options: ReadOptions = {}) {
  const book = new ExcelJS.Workbook()
  fill(book)
  const path = join(folder, `b${files++}.xlsx`)
  await book.xlsx.writeFile(path)
  return readFileAt(path, options)
}

const sheetXml = (rows: string): string => `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`

/** A workbook made by hand, for what no honest program writes. */
function handMade(sheet: string, more: Zippable = {}): string {
  const path = join(folder, `h${files++}.xlsx`)
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  writeFileSync(path, zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    '_rels/.rels': strToU8(`<Relationships><Relationship Id="r1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
    'xl/workbook.xml': strToU8('<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'),
    'xl/_rels/workbook.xml.rels': strToU8(`<Relationships><Relationship Id="r1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`),
    'xl/sharedStrings.xml': strToU8('<sst><si><t>姓名</t></si><si><r><t xml:space="preserve">张 </t></r><r><t>三</t></r><rPh><t>zhang</t></rPh></si></sst>'),
    'xl/worksheets/sheet1.xml': strToU8(sheet),
    ...more,
  }))
  return path
}

describe('workbooks', () => {
  it('reads a cell in the usual form as in any other', async () => {
    const usual = ['<c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>号_x0041_</v></c>', '<c r="A2" s="1" t="s"><v>1</v></c><c r="B2" s="0"><v>13800001111</v></c><c r="D2" t="b"><v>1</v></c>', '<c r="A3"><v> 7 </v></c><c r="AB3" t="e"><v>#N/A</v></c>', '<c r="A4" t="str"><v>甲>乙\n丙</v></c><c r="B4" t="d"><v>2001-02-03</v></c>']
    const rowsOf = (cells: readonly string[]): string => sheetXml(cells.map((row, i) => `<row r="${i + 1}">${row}</row>`).join(''))
    const plain = await readFileAt(handMade(rowsOf(usual)))
    const others: ((row: string) => string)[] = [(row) => row.replaceAll('<v>', '<v >'), (row) => row.replaceAll('<c r=', '<c  r='), (row) => row.replaceAll('"', "'"), (row) => row.replaceAll(/<v>([^<])/g, (_, first: string) => `<v>&#${first.charCodeAt(0)};`), (row) => row.replaceAll('<c ', '\n<c ').replaceAll('</c>', '</c >')]
    for (const other of others) expect((await readFileAt(handMade(rowsOf(usual.map(other))))).rows('S')).toEqual(plain.rows('S'))
    expect(plain.rows('S').length).toBeGreaterThan(1)
  })

  it('reads a cell the same wherever a piece of the unpacked file ends in it', async () => {
    const rowOf = (row: number, between: string): string => `<row r="${row}"><c r="A${row}"${between} t="s"><v>${row % 2}</v></c><c r="B${row}"${between}><v>${13_800_000_000 + row}</v></c><c r="C${row}"${between} t="str"><v>号${row}</v></c></row>`
    const rows = Array.from({ length: 1400 }, (_, i) => i + 1)
    const expected = await readFileAt(handMade(sheetXml(rows.map((row) => rowOf(row, '  ')).join(''))))
    expect(expected.values('S')).toHaveLength(1400)
    for (let shift = 0; shift < 60; shift++) {
      const shifted = await readFileAt(handMade(sheetXml(`<!--${'x'.repeat(shift)}-->${rows.map((row) => rowOf(row, '')).join('')}`)))
      expect(shifted.values('S')).toEqual(expected.values('S'))
    }
  })

  it('refuses a cell in the usual form as it does in any other: another row, a column twice, a string that is not there', async () => {
    for (const cells of ['<c r="A2"><v>1</v></c>', '<c r="B1"><v>1</v></c><c r="A1"><v>1</v></c>', '<c r="A1"><v>1</v></c><c r="A1"><v>1</v></c>', '<c r="A1" t="s"><v>99</v></c>', '<c r="A1" t="s"><v>x</v></c>', '<c r="A1" t="b"><v>2</v></c>', '<c r="ABCDE1"><v>1</v></c>']) {
      await expect(readFileAt(handMade(sheetXml(`<row r="1">${cells}</row>`))), cells).rejects.toMatchObject({ code: 'XLSX_CORRUPT' })
    }
  })

  it('reads string items in the usual form as in any other', async () => {
    const sheet = sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>')
    const items = (form: (text: string) => string): Zippable => ({ 'xl/sharedStrings.xml': strToU8(`<sst>${['甲', '_x0041_乙', '', '1 < 2'.replace('<', '&lt;')].map(form).join('')}</sst>`) })
    const plain = await readFileAt(handMade(sheet, items((text) => `<si><t>${text}</t></si>`)), { header: 'none' })
    expect(plain.values('S')).toEqual([['甲', 'A乙', '', '1 < 2']])
    expect((await readFileAt(handMade(sheet, items((text) => `<si><t xml:space="preserve">${text}</t></si>`)), { header: 'none' })).values('S')).toEqual(plain.values('S'))
  })

  it('reads every sheet, hidden ones too, below their title rows', async () => {
    const { dataSets, values } = await readBook((book) => {
      const sheet = book.addWorksheet('客户')
      sheet.addRows([['客户登记表'], [], ['姓名', '手机号', '地址'], ['张三', '13800001111', '甲路1号'], ['李四', '13800001112', '甲路2号']])
      sheet.mergeCells('A1:C1')
      book.addWorksheet('老客户', { state: 'veryHidden' }).addRows([['姓名', '电话'], ['王五', '13800001113']])
    })
    expect(dataSets.map((dataSet) => [dataSet.name, dataSet.hidden, dataSet.headerRow])).toEqual([['客户#above', false, null], ['客户', false, 3], ['老客户', true, 1]])
    expect(values('客户')).toEqual([['张三', '13800001111', '甲路1号'], ['李四', '13800001112', '甲路2号']])
    expect(values('老客户')).toEqual([['王五', '13800001113']])
  })

  it('keeps the stored number, shows dates as ISO, and flags numbers that stand for ids', async () => {
    const { rows } = await readBook((book) => {
      const sheet = book.addWorksheet('S')
      sheet.addRows([['手机号', '身份证号', '生日', '金额'], [13800001111, 110199199001011200, new Date(Date.UTC(1990, 0, 5)), 1.1]])
    })
    const cells = rows('S')[0]?.cells ?? []
    expect(cells.map((cell) => cell.value)).toEqual(['13800001111', '110199199001011200', '1990-01-05', '1.1'])
    expect(cells.map((cell) => cell.extras?.flag)).toEqual(['number-as-id', 'precision-lost', undefined, undefined])
    expect(cells[2]?.extras?.rawSerial).toBe('32878')
  })

  it('takes the cached value of a formula, and says where there is none', async () => {
    const path = handMade(sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>余额</t></is></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><f>1+1</f><v>2</v></c></row><row r="3"><c r="A3" t="str"><f>A2</f><v>张三</v></c><c r="B3"><f>NOW()</f></c></row>'))
    const { values, rows } = await readFileAt(path)
    expect(values('S')).toEqual([['张 三', '2'], ['张三', null]])
    expect(rows('S')[1]?.cells[1]?.extras?.flag).toBe('formula-without-value')
  })

  const withEverything = (book: ExcelJS.Workbook): void => {
    book.creator = '某经办'
    const sheet = book.addWorksheet('S')
    sheet.addRows([['姓名', '手机号'], ['张三', '13800001111'], ['李四', '13800001112']])
    sheet.getCell('A2').note = '常客 13800001113'
    sheet.getCell('B2').value = { text: '13800001111', hyperlink: 'mailto:zhang@example.com' }
    sheet.headerFooter.oddHeader = '&C内部资料'
    sheet.getRow(3).hidden = true
    sheet.getColumn(2).hidden = true
    sheet.addImage(book.addImage({ base64: 'iVBORw0KGgo=', extension: 'png' }), 'C1:D2')
  }

  it('reads comments, links to people, page headers and properties as text, counts what is hidden, and lists a picture that it cannot read', async () => {
    const { notRead, values, events, dataSets } = await readBook(withEverything)
    expect(values('S#beside').flat()).toEqual(['内部资料', 'mailto:zhang@example.com', '常客 13800001113'])
    expect(values(dataSets.at(-1)?.name ?? '').flat().join()).toContain('creator: 某经办')
    expect(events.find((event) => event.kind === 'dataSetEnd')).toMatchObject({ counts: { rows: 2, hiddenRows: 1, hiddenColumns: 1 } })
    expect(notRead).toEqual(['xl/media/image1.png IMAGE_REFUSED'])
  })

  it('lists all that instead when the workbook is entered in the books, whose records are rows', async () => {
    const { notRead, dataSets } = await readBook(withEverything, { documents: 'whole' })
    expect(dataSets.map(({ name }) => name)).toEqual(['S'])
    expect(notRead.toSorted()).toEqual(['S HEADER_FOOTER', 'S MAIL_LINK', 'S/comments1.xml COMMENTS', 'S/image1.png IMAGE', 'docProps/core.xml PROPERTIES'])
  })

  it('turns serials into days as Excel does, the day that never was apart', () => {
    expect([1, 59, 60, 61, 32878].map((serial) => serialToIso(serial, 'date', false))).toEqual(['1900-01-01', '1900-02-28', null, '1900-03-01', '1990-01-05'])
    expect(serialToIso(0, 'date', true)).toBe('1904-01-01')
    expect(serialToIso(32878.5, 'date-time', false)).toBe('1990-01-05T12:00:00')
  })
})

describe('hostile workbooks', () => {
  it('refuses a string index that does not exist instead of leaving the cell empty', async () => {
    await expect(readFileAt(handMade(sheetXml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')))).rejects.toMatchObject({ code: 'XLSX_CORRUPT' })
  })

  it('refuses document types, unknown entities and cut off XML', async () => {
    for (const sheet of ['<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', sheetXml('<row r="1"><c r="A1" t="str"><v>&boom;</v></c></row>'), '<worksheet><sheetData><row r="1"']) {
      await expect(readFileAt(handMade(sheet))).rejects.toMatchObject({ code: 'XLSX_CORRUPT' })
    }
  })

  it('refuses far cells, rows out of order and too many columns', async () => {
    await expect(readFileAt(handMade(sheetXml('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')))).rejects.toMatchObject({ code: 'TOO_MANY_FIELDS' })
    await expect(readFileAt(handMade(sheetXml('<row r="9999999"/>')))).rejects.toMatchObject({ code: 'XLSX_CORRUPT' })
    await expect(readFileAt(handMade(sheetXml('<row r="2"/><row r="1"/>')))).rejects.toMatchObject({ code: 'XLSX_CORRUPT' })
  })

  it('refuses a bomb by its directory, before unpacking', async () => {
    const path = handMade(sheetXml(''), { 'xl/media/a.bin': new Uint8Array(8_000_000) })
    await expect(readFileAt(path)).rejects.toMatchObject({ code: 'ZIP_REFUSED' })
  })

  it('refuses a directory that lies about sizes', async () => {
    const path = handMade(sheetXml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    const bytes = readFileSync(path)
    const at = bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 46
    bytes.writeUInt32LE(10, at + 24)
    writeFileSync(path, bytes)
    await expect(readFileAt(path)).rejects.toMatchObject({ code: 'ZIP_REFUSED' })
  })

  it('refuses an archive that is no workbook, and a cut off one', async () => {
    const path = join(folder, 'no.xlsx')
    writeFileSync(path, zipSync({ 'a.txt': strToU8('x') }))
    await expect(readFileAt(path)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
    writeFileSync(path, zipSync({ 'a.txt': strToU8('x') }).subarray(0, 40))
    await expect(readFileAt(path)).rejects.toMatchObject({ code: 'ZIP_REFUSED' })
  })
})
