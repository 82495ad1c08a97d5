// SPDX-License-Identifier: Apache-2.0
import { CFB, utils, write } from '@e965/xlsx'
import type { WorkBook } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { drawText, pngOf } from '../../../../tools/files/draw-text.ts'
import { gb18030Of } from '../../../../tools/files/write-files.ts'
import { besideBiff } from './biff-records.ts'
import { readBytes } from './read-bytes.fixture.ts'

const rows = [['姓名', '手机号'], ['张三', '13800001111'], ['李四', '13800001112']]
const bytesOf = (book: WorkBook, bookType: 'biff8' | 'biff5'): Buffer => Buffer.from(new Uint8Array(write(book, { bookType, type: 'array' })))
const container = z.object({ read: z.custom<(bytes: Buffer, how: { type: 'buffer' }) => unknown>(), write: z.custom<(file: unknown, how: { type: 'buffer' }) => Buffer>(), utils: z.object({ cfb_add: z.custom<(file: unknown, path: string, content: Buffer) => void>() }) }).parse(CFB)

/** An old workbook with streams of its own in its container. */
function withStreams(book: WorkBook, streams: Record<string, Buffer>): Buffer {
  const file = container.read(bytesOf(book, 'biff8'), { type: 'buffer' })
  for (const [path, content] of Object.entries(streams)) container.utils.cfb_add(file, path, content)
  return Buffer.from(container.write(file, { type: 'buffer' }))
}

const record = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type & 255, type >> 8, body.length & 255, body.length >> 8]), body])
const u16 = (n: number): Buffer => Buffer.from([n & 255, n >> 8])
const wide = (text: string): Buffer => Buffer.concat([u16(text.length), Buffer.from([1]), Buffer.from(text, 'utf16le')])

describe('an old workbook', () => {
  it('is read in the code page that a workbook of Excel 95 says', async () => {
    const bytes = bytesOf({ SheetNames: ['S'], Sheets: { S: utils.aoa_to_sheet([['NAME', 'phone'], ['ABCD', '13800001111'], ['EFGH', '13800001112']]) } }, 'biff5')
    for (const [from, to] of [['NAME', '姓名'], ['ABCD', '张三'], ['EFGH', '李四']] as const) for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) gb18030Of(to).copy(bytes, at)
    bytes.writeUInt16LE(936, bytes.indexOf(Buffer.from('42000200', 'hex')) + 4)
    expect((await readBytes('a.xls', bytes)).tables).toEqual({ S: [['张三', '13800001111'], ['李四', '13800001112']] })
  })

  it('gives links to people, properties and names; when it is entered in the books they are listed', async () => {
    const sheet = { ...utils.aoa_to_sheet(rows), A2: { t: 's', v: '张三', l: { Target: 'mailto:zhang@example.com' } } }
    const book: WorkBook = { SheetNames: ['客户'], Sheets: { 客户: sheet }, Props: { Author: '赵六', Company: '某某公司' } }
    const { tables } = await readBytes('a.xls', bytesOf(book, 'biff8'))
    expect(tables['a.xls#comments']).toEqual([['mailto:zhang@example.com']])
    expect(tables['a.xls#beside']?.flat()).toEqual(expect.arrayContaining(['Author: 赵六', 'Company: 某某公司']))
    expect((await readBytes('b.xls', bytesOf(book, 'biff8'), { documents: 'whole' })).notRead).toEqual(['b.xls COMMENTS', 'b.xls BESIDE_CELLS'])
  })

  it('keeps its findings when it has macros, and lists them, embedded objects and pivot caches', async () => {
    const book: WorkBook = { SheetNames: ['客户'], Sheets: { 客户: utils.aoa_to_sheet(rows) } }
    const bytes = withStreams(book, { '/_VBA_PROJECT_CUR/VBA/dir': Buffer.from('macro'), '/MBD00012345/Package': Buffer.from('object'), '/_SX_DB_CUR/0001': Buffer.from('cache'), '/Odd': Buffer.from('odd') })
    const { tables, notRead, discarded } = await readBytes('a.xls', bytes)
    expect([tables['客户'], discarded]).toEqual([[['张三', '13800001111'], ['李四', '13800001112']], 0])
    expect(notRead.toSorted()).toEqual(['a.xls MACRO', 'a.xls!MBD00012345 EMBEDDED', 'a.xls!Odd OTHER_PART', 'a.xls!_SX_DB_CUR PIVOT_CACHE'])
  })
})

describe('what stands beside the cells of BIFF', () => {
  const begin = record(0x809, Buffer.concat([u16(0x600), u16(5), Buffer.alloc(12)]))

  it('is read: headers, text boxes in several records, prompts, lists of choices, links', () => {
    const box = Buffer.concat([Buffer.alloc(10), u16(5), Buffer.alloc(6)])
    const choices = '王五\u0000赵六'
    const validation = Buffer.concat([Buffer.alloc(4), wide('提示周七'), wide(''), wide(''), wide(''), u16(9), u16(0), Buffer.from([0x17, choices.length, 1]), Buffer.from(choices, 'utf16le')])
    const stream = Buffer.concat([
      begin, record(0x14, wide('&L张三&R&"宋体,常规"&12内部')), record(0x1b6, box), record(0x3c, Buffer.concat([Buffer.from([1]), Buffer.from('李四框', 'utf16le')])), record(0x3c, Buffer.concat([Buffer.from([0]), Buffer.from('ab')])),
      record(0x1be, validation), record(0x1b8, Buffer.concat([Buffer.alloc(7), Buffer.from('mailto:sun@example.com\0', 'utf16le')])), record(0x809, Buffer.concat([u16(0x600), u16(0x20), Buffer.alloc(12)])),
    ])
    expect(besideBiff(stream, () => {})).toEqual({ texts: ['张三 内部', '李四框ab', '提示周七', '王五 赵六', 'mailto:sun@example.com'], pictures: [], hasChart: true, hasUnknownText: false })
  })

  it('is found in drawings that go on over several records: pictures, and metafiles, which are not read', () => {
    const png = pngOf(drawText('a', 1, 'width: 20mm, height: 10mm, margin: 2mm'))
    const art = (head: number, type: number, body: Buffer): Buffer => {
      const header = Buffer.alloc(8)
      header.writeUInt16LE(head, 0)
      header.writeUInt16LE(type, 2)
      header.writeUInt32LE(body.length, 4)
      return Buffer.concat([header, body])
    }
    const entry = (type: number, picture: Buffer): Buffer => art(2, 0xf007, Buffer.concat([Buffer.alloc(36), art(0x6e0, type, Buffer.concat([Buffer.alloc(17), picture]))]))
    const group = art(0xf, 0xf000, art(0xf, 0xf001, Buffer.concat([entry(0xf01e, png), entry(0xf01a, Buffer.from('metafile'))])))
    const stream = Buffer.concat([begin, record(0xeb, group.subarray(0, 100)), record(0x3c, group.subarray(100))])
    const { pictures } = besideBiff(stream, () => {})
    expect(pictures.map(({ ending }) => ending)).toEqual(['png', null])
    expect(pictures[0]?.bytes.equals(png)).toBe(true)
  })
})
