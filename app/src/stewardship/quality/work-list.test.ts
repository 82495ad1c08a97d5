// SPDX-License-Identifier: Apache-2.0
import ExcelJS from 'exceljs'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkQuality, previewCorrections, WorkListWriter, writeCorrectedCopy } from './index.ts'
import { inventedId, qualityFolder, tableOf, testDay } from './quality.fixture.ts'
import { workListLayout } from './work-list.ts'

const folder = qualityFolder()
afterAll(() => folder.remove())

const right = inventedId('1985-03-12', true, 3)
const lines = [
  '姓名,性别,出生日期,身份证号,手机号,备注',
  `"李敏",男,1985-03-12,${right.slice(0, 17)}${right.endsWith('0') ? '1' : '0'},12812345678,"第一行, 有逗号"`,
  `王芳,女,1990-02-30,,'+8613812345678,=1+1`,
  `赵强,男,1985-03-12,${inventedId('1985-03-12', true, 4)},13812345678,`,
  `钱丽,男,1986-03-12,${inventedId('1985-03-12', true, 5)},13812345679,末行没有换行`,
]
const types = ['person-name', 'gender', 'birth-date', 'resident-id', 'mobile', 'none'] as const
const source = folder.path('客户.csv')
const list = folder.path('清单.xlsx')
const original = Buffer.from(`\ufeff${lines.join('\r\n')}`)

async function makeList(from: string, to: string): Promise<void> {
  const writer = new WorkListWriter(to, 'zh')
  const report = await checkQuality({ paths: [from], tables: [tableOf('客户.csv', types)], today: testDay, staleYears: 3, found: (found) => writer.add(found) })
  await writer.finish(report)
}

/** Fills the lines in, as Excel would, and gives what stands in the sheet. */
async function fill(to: string, values: { [reason: string]: string }, change: (book: ExcelJS.Workbook) => void = () => {}): Promise<string[][]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(list)
  const sheet = book.getWorksheet(workListLayout.sheets.list)
  const rows: string[][] = []
  sheet?.eachRow((row, number) => {
    const cells = Array.from({ length: 11 }, (_, i) => row.getCell(i + 1).text)
    rows.push(cells)
    const value = values[`${cells[3]} ${cells[4]}`]
    if (number > 1 && value !== undefined) row.getCell(10).value = value
  })
  change(book)
  await book.xlsx.writeFile(to)
  return rows
}

beforeAll(async () => {
  writeFileSync(source, original)
  await makeList(source, list)
}, 240_000)

describe('the work list', () => {
  it('names the place, the masked value and the reason of each finding, and nothing that a spreadsheet would calculate', async () => {
    const rows = await fill(folder.path('unused.xlsx'), {})
    expect(rows.map((cells) => cells.slice(3, 10).filter((_, i) => i !== 2).join('|'))).toEqual([
      '行号|列名|现值(已脱敏)|类别|错误原因|更正值',
      '2|身份证号|110***********' + rows[1]?.[6]?.slice(-4) + '|错误|不符合该类型:居民身份证号校验码不符|',
      '2|手机号|128****5678|错误|不符合该类型:手机号号段或前缀不存在|',
      '3|出生日期|1990-**-**|错误|不存在的日期|',
      `3|手机号|${rows[4]?.[6]}|错误|${rows[4]?.[8]}|`,
      '5|出生日期|1986-**-**|错误|证件号与出生日期不符|',
      `5|身份证号|110***********${rows[6]?.[6]?.slice(-4)}|错误|证件号与出生日期不符|`,
    ])
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    const whole = readFileSync(list).toString('latin1')
    expect(whole).not.toContain('12812345678')
    expect(readdirSync(folder.path('.')).filter((name) => name.includes('.part'))).toEqual([])
  }, 240_000)

  it('comes back with a preview that says what would change, masked, and why the rest is refused', async () => {
    const filled = folder.path('filled.xlsx')
    await fill(filled, { '2 身份证号': right, '2 手机号': '128123', '3 出生日期': '1990-02-28', '5 出生日期': '1984-01-01' })
    const preview = await previewCorrections({ list: filled, source })
    expect(preview).toMatchObject({ isSame: true, unchanged: 0, elsewhere: 0, empty: 2 })
    expect(preview.corrections.map(({ place, fieldName, after, refusal, why }) => [place, fieldName, after, refusal, why?.zh])).toEqual([
      [2, '身份证号', `110***********${right.slice(-4)}`, null, undefined],
      [2, '手机号', '******', 'STILL_WRONG', '位数不对'],
      [3, '出生日期', '1990-**-**', null, undefined],
      [5, '出生日期', '1984-**-**', 'STILL_WRONG', '证件号与出生日期不符'],
    ])
    await expect(writeCorrectedCopy({ list: filled, source, copy: folder.path('no.csv') })).rejects.toMatchObject({ code: 'WORK_LIST_REFUSED' })
    expect(existsSync(folder.path('no.csv'))).toBe(false)
  }, 240_000)

  it('writes a copy in which only the corrected cells differ by a byte, and never the original', async () => {
    const filled = folder.path('good.xlsx')
    await fill(filled, { '2 身份证号': right, '2 手机号': '13911112222', '3 出生日期': '1990-02-28', '5 出生日期': '1985-03-12' })
    const done = await writeCorrectedCopy({ list: filled, source, copy: folder.path('更正.csv') })
    expect(done.changed).toBe(4)
    const expected = [lines[0], lines[1]?.replace(/110199\d{11}[\dX]/, right).replace('12812345678', '13911112222'), lines[2]?.replace('1990-02-30', '1990-02-28'), lines[3], lines[4]?.replace('1986-03-12', '1985-03-12')]
    expect(readFileSync(folder.path('更正.csv'), 'utf8')).toBe(`\ufeff${expected.join('\r\n')}`)
    expect(readFileSync(source)).toEqual(original)
    await expect(writeCorrectedCopy({ list: filled, source, copy: source })).rejects.toMatchObject({ code: 'CORRECTION_ORIGINAL' })
    await expect(writeCorrectedCopy({ list: filled, source, copy: folder.path('更正.csv') })).rejects.toMatchObject({ code: 'QUALITY_FILE_EXISTS' })
    const again = await previewCorrections({ list: filled, source: folder.path('更正.csv') }).catch((error: unknown) => error)
    expect(again).toMatchObject({ code: 'WORK_LIST_OTHER_SOURCE' })
  }, 240_000)

  it('refuses a source that changed since, and says which cells did', async () => {
    const filled = folder.path('late.xlsx')
    await fill(filled, { '2 手机号': '13911112222', '3 出生日期': '1990-02-28' })
    const changed = qualityFolder()
    const file = changed.write('客户.csv', original.toString('utf8').replace('12812345678', '13900001111'))
    try {
      const preview = await previewCorrections({ list: filled, source: file })
      expect(preview.isSame).toBe(false)
      expect(preview.corrections.map(({ place, refusal }) => [place, refusal])).toEqual([[2, 'CELL_CHANGED'], [3, null]])
      await expect(writeCorrectedCopy({ list: filled, source: file, copy: changed.path('x.csv'), isPartial: true })).rejects.toMatchObject({ code: 'WORK_LIST_SOURCE_CHANGED' })
    } finally {
      changed.remove()
    }
  }, 240_000)

  it('refuses what is no work list, and one whose codes were damaged', async () => {
    await expect(previewCorrections({ list: source, source })).rejects.toMatchObject({ code: 'WORK_LIST_WRONG_FILE' })
    const cut = folder.path('cut.xlsx')
    await fill(cut, { '2 手机号': '13911112222' }, (book) => book.removeWorksheet(workListLayout.sheets.code))
    await expect(previewCorrections({ list: cut, source })).rejects.toMatchObject({ code: 'WORK_LIST_WRONG_FILE' })
    const bent = folder.path('bent.xlsx')
    await fill(bent, { '2 手机号': '13911112222' }, (book) => (book.getWorksheet(workListLayout.sheets.list) ?? book.addWorksheet('x')).eachRow((row, n) => (n > 1 ? (row.getCell(11).value = '0.0.x.1') : undefined)))
    await expect(previewCorrections({ list: bent, source })).rejects.toMatchObject({ code: 'WORK_LIST_WRONG_FILE' })
  }, 240_000)

  it('corrects GB18030 text in its own encoding, and refuses a character that it lacks', async () => {
    const gb = qualityFolder()
    // 姓名,手机号 / 李敏,12812345678 / 王芳,13812345678 in GBK
    const file = gb.write('客户.csv', Buffer.from('d0d5c3fb2cca d6bbfabac50d0ac0eec3f42c31323831323334353637380d0acdf5b7bc2c31333831323334353637380d0a'.replaceAll(' ', ''), 'hex'))
    try {
      const writer = new WorkListWriter(gb.path('l.xlsx'), 'zh')
      const report = await checkQuality({ paths: [file], tables: [tableOf('客户.csv', ['person-name', 'mobile'])], today: testDay, staleYears: 3, found: (found) => writer.add(found.flatMap((one) => [one, { ...one, field: 0 }])) })
      await writer.finish(report)
      const book = new ExcelJS.Workbook()
      await book.xlsx.readFile(gb.path('l.xlsx'))
      const sheet = book.getWorksheet(workListLayout.sheets.list) ?? book.addWorksheet('x')
      sheet.getCell('J2').value = '13911112222'
      sheet.getCell('J3').value = '王敏'
      await book.xlsx.writeFile(gb.path('f.xlsx'))
      await writeCorrectedCopy({ list: gb.path('f.xlsx'), source: file, copy: gb.path('c.csv') })
      expect(new TextDecoder('gb18030').decode(readFileSync(gb.path('c.csv')))).toBe('姓名,手机号\r\n王敏,13911112222\r\n王芳,13812345678\r\n')
      sheet.getCell('J3').value = '李\u{20bb7}'
      await book.xlsx.writeFile(gb.path('g.xlsx'))
      await expect(writeCorrectedCopy({ list: gb.path('g.xlsx'), source: file, copy: gb.path('d.csv') })).rejects.toMatchObject({ code: 'CORRECTION_ENCODING' })
      expect(readdirSync(gb.path('.')).filter((name) => name.includes('.part') || name === 'd.csv')).toEqual([])
    } finally {
      gb.remove()
    }
  }, 240_000)
})
