// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSourceHere } from './read-source.ts'
import type { ReadOptions } from './source-limits.ts'
import type { ReadEvent, SourceDataSet, SourceFile, SourceRow } from './source-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-csv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

async function read(bytes: Uint8Array | string, options: ReadOptions = {}, name = `f${files++}.csv`) {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const events: ReadEvent[] = []
  for await (const event of readSourceHere(path, options)) events.push(event)
  const dataSets = events.flatMap((event): SourceDataSet[] => (event.kind === 'dataSet' ? [event.dataSet] : []))
  const rows = (index: number): SourceRow[] => events.flatMap((event) => (event.kind === 'rows' && event.dataSet === index ? event.rows : []))
  const source = events.flatMap((event): SourceFile[] => (event.kind === 'source' ? [event.source] : []))[0]
  const counts = events.flatMap((event) => (event.kind === 'dataSetEnd' ? [event.counts] : [])).at(-1)
  const last = dataSets.at(-1)
  return { path, events, dataSets, source, counts, names: last?.fields.map((field) => field.name), values: rows(last?.index ?? 0).map((row) => row.cells.map((cell) => cell.value)), rows }
}

// 𠮷 (U+20BB7) is four bytes in GB18030; | and @ occur as trail bytes.
const gb = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const surnameName = [0xd0, 0xd5, 0xc3, 0xfb] // 姓名
const zhang = [0xd5, 0xc5] // 张
const yoshi = [0x95, 0x34, 0xb2, 0x35] // 𠮷, four bytes

describe('encodings', () => {
  it('takes UTF-8 with and without a byte order mark', async () => {
    for (const mark of ['', '\uFEFF']) {
      const { source, names, values } = await read(`${mark}姓名,手机号\n张三,13800001111\n`)
      expect([source?.encoding, names, values]).toEqual(['utf-8', ['姓名', '手机号'], [['张三', '13800001111']]])
    }
  })

  it('takes GB18030 with four-byte characters, when the file is no UTF-8', async () => {
    const { source, values } = await read(gb(surnameName, ',phone\n', zhang, yoshi, ',13800001111\n'))
    expect([source?.encoding, values]).toEqual(['gb18030', [['张𠮷', '13800001111']]])
  })

  it('does not split a GB18030 character whose second byte is the delimiter', async () => {
    const trailPipe = [0x81, 0x7c] // 亅-like character with trail byte 0x7C
    const { values } = await read(gb(surnameName, '|phone\n', trailPipe, '|13800001111\n', zhang, '|13800001112\n'))
    expect(values.map((row) => row.length)).toEqual([2, 2])
    expect(values[0]?.[0]).toBe(new TextDecoder('gb18030').decode(Uint8Array.from(trailPipe)))
  })

  it('keeps as bytes a GB18030 sequence that text would not give back', async () => {
    const { values, rows } = await read(gb(surnameName, ',phone\n', zhang, ',13800001111\n', [0x80], zhang, ',13800001112\n'), { encoding: 'gb18030' })
    expect(values[1]?.[0]).toEqual(Uint8Array.from([0x80, ...zhang]))
    expect(rows(0)[1]?.cells[0]?.extras?.flag).toBe('not-text')
  })

  it('takes UTF-16 of both orders', async () => {
    const text = '姓名\t手机号\n张三\t13800001111\n'
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    const big = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()])
    expect((await read(little)).values).toEqual([['张三', '13800001111']])
    expect((await read(big)).values).toEqual([['张三', '13800001111']])
  })

  it('refuses bytes that are neither UTF-8 nor GB18030, and reads them when told the encoding', async () => {
    const bytes = gb('name,phone\nJos', [0xe9, 0x2c], '13800001111\n', [0xff], '\n')
    await expect(read(bytes)).rejects.toMatchObject({ code: 'ENCODING_UNKNOWN' })
    expect((await read(bytes, { encoding: 'latin1' })).values[0]).toEqual(['José', '13800001111'])
  })

  it('keeps as bytes a cell with NUL or a lone surrogate', async () => {
    const nul = await read('name,phone\na\0b,13800001111\n')
    expect(nul.values[0]?.[0]).toEqual(Uint8Array.from([0x61, 0, 0x62]))
    const lone = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('姓名,电话\n', 'utf16le'), Buffer.from([0x00, 0xd8]), Buffer.from(',13800001111\n', 'utf16le')])
    expect((await read(lone)).values[0]?.[0]).toEqual(Uint8Array.from([0x00, 0xd8]))
  })
})

describe('rows and fields', () => {
  it('splits quoted delimiters, newlines and doubled quotes, and all three line ends', async () => {
    const { values } = await read('姓名,备注,电话\r\n张三,"a,b\n""c""",13800001111\n李四,x"y,13800001112\r王五,,13800001113')
    expect(values).toEqual([['张三', 'a,b\n"c"', '13800001111'], ['李四', 'x"y', '13800001112'], ['王五', '', '13800001113']])
  })

  it('finds each delimiter, and honours sep=', async () => {
    for (const delimiter of [',', ';', '\t', '|']) {
      expect((await read(`姓名${delimiter}手机号\n张三${delimiter}13800001111\n`)).source?.delimiter).toBe(delimiter)
    }
    const { source, names, values } = await read('sep=;\n姓名;备注\n张三;a,b,c\n')
    expect([source?.delimiter, names, values]).toEqual([';', ['姓名', '备注'], [['张三', 'a,b,c']]])
  })

  it('reports ragged, blank and odd rows and keeps every value', async () => {
    const { counts, values, events } = await read('姓名,手机号,地址\n张三,13800001111\n\n李四,13800001112,甲路1号,多出\n"王"五,13800001113,x\n')
    expect(counts).toMatchObject({ rows: 3, shortRows: 1, longRows: 1, blankRows: 1, oddCells: 1 })
    expect(values).toEqual([['张三', '13800001111', null], ['李四', '13800001112', '甲路1号', '多出'], ['"王"五', '13800001113', 'x']])
    expect(events.find((event) => event.kind === 'moreFields')).toMatchObject({ fields: [{ name: '列4', index: 3 }] })
  })

  it('tells the bytes of each row, so that the rows put together are the file', async () => {
    const { rows, path } = await read('\uFEFF姓名,手机号\r\n张三,13800001111\r\n"李\r\n四",13800001112\r\n')
    const bytes = readFileSync(path)
    expect(rows(0).map((row) => bytes.subarray(row.range?.start, row.range?.end).toString())).toEqual(['张三,13800001111\r\n', '"李\r\n四",13800001112\r\n'])
  })

  it('gives the same rows when a record crosses the read window', async () => {
    const long = 'x'.repeat(700_000)
    const { values } = await read(`姓名,备注\n张三,"${long}"\n李四,"${long}\n${long}"\n王五,z\n`)
    expect(values.map((row) => row[1]?.length)).toEqual([700_000, 1_400_001, 1])
  })
})

describe('headers', () => {
  it('finds the header below title rows, and keeps the titles as values', async () => {
    const { dataSets, names, values, rows } = await read('某公司客户表,,\n制表:2026年,,\n姓名,手机号,地址\n张三,13800001111,甲路1号\n李四,13800001112,甲路2号\n')
    expect(names).toEqual(['姓名', '手机号', '地址'])
    expect(values).toHaveLength(2)
    expect(dataSets.map((dataSet) => dataSet.name.endsWith('#above'))).toEqual([true, false])
    expect(rows(0).map((row) => row.cells[0]?.value)).toEqual(['某公司客户表', '制表:2026年'])
  })

  it('takes no row of values for a header', async () => {
    for (const text of ['张三,13800001111,上海\n李四,13800001112,北京\n', '13800001111\n13800001112\n', 'a@example.com,1\nb@example.com,2\n']) {
      const { dataSets, values } = await read(text)
      expect([dataSets[0]?.headerRow, values.length]).toEqual([null, 2])
    }
  })

  it('counts blank and doubled names and survives names of object properties', async () => {
    const { dataSets, names, values } = await read('姓名,,姓名,__proto__,constructor\n张三,1,2,3,4\n')
    expect(dataSets[0]).toMatchObject({ blankHeaders: 1, duplicateHeaders: 1 })
    expect([names, values[0]]).toEqual([['姓名', '列2', '姓名', '__proto__', 'constructor'], ['张三', '1', '2', '3', '4']])
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('hostile files', () => {
  it('refuses an unclosed quote with its row and without its text', async () => {
    const refusal = await read('姓名,备注\n张三,ok\n李四,"秘密\n王五,x\n').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'UNCLOSED_QUOTE', facts: { row: 3 } })
    expect(String(refusal)).not.toContain('秘密')
  })

  it('refuses too many columns and too long records by limit', async () => {
    await expect(read(`${','.repeat(100_000)}\n`)).rejects.toMatchObject({ code: 'TOO_MANY_FIELDS' })
    await expect(read(`a,b\n"${'x'.repeat(3_000_000)}`, { limits: { recordBytesMax: 1024 * 1024 } })).rejects.toMatchObject({ code: 'RECORD_TOO_LONG' })
  })

  it('reads an empty file as a data set without rows', async () => {
    expect((await read('')).counts).toMatchObject({ rows: 0 })
  })

  it('refuses kinds of files that it does not know rather than reading them as text', async () => {
    for (const [text, name] of [['Rar!\x1a\x07', 'a.csv'], ['GIF89a…', 'a.gif'], ['{\\rtf1 …', 'a.doc'], ['姓名,手机\n', 'a.unknown']] as const) await expect(read(text, {}, name)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
  })
})
