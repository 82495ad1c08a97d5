// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { drawText, pngOf, textPdf } from '../../../../tools/files/draw-text.ts'
import { docxOf, emlOf, gb18030Of, pdfOf, scannedPdf, tarGzOf, tarOf, xlsOf } from '../../../../tools/files/write-files.ts'
import { rawZip } from '../../../../tools/hostile/raw-zip.ts'
import { readSourceHere } from '../read-source.ts'
import type { ReadOptions } from '../source-limits.ts'
import { labelledValues } from './labelled-values.rules.ts'
import { repairRadicals } from './repair-radicals.rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-documents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Reads a file of this name and these bytes: data sets by name with their rows, sources, and what was not read. */
async function read(name: string, bytes: Buffer | string, options: ReadOptions = {}) {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const tables: Record<string, unknown[][]> = {}
  const names: string[] = []
  const fields: Record<string, string[]> = {}
  const sources: string[] = []
  const notRead: string[] = []
  for await (const event of readSourceHere(path, options)) {
    if (event.kind === 'source') sources.push(`${event.source.place} ${event.source.kind}`)
    if (event.kind === 'dataSet') {
      names[event.dataSet.index] = event.dataSet.name
      tables[event.dataSet.name] = []
      fields[event.dataSet.name] = event.dataSet.fields.map((field) => field.name)
    }
    if (event.kind === 'rows') tables[names[event.dataSet] ?? '']?.push(...event.rows.map((row) => row.cells.map((cell) => cell.value)))
    if (event.kind === 'notRead') notRead.push(`${event.where} ${event.why.code}`)
  }
  return { tables, fields, sources, notRead }
}

const csv = '姓名,手机号\n张三,13800001111\n李四,13800001112\n'

describe('text', () => {
  it('reads prose line by line, in UTF-8 and GB18030, and still reads a table as a table', async () => {
    expect((await read('a.txt', '甲,乙说:\n\n丙，电话 13800001111')).tables).toEqual({ 'a.txt': [['甲,乙说:'], ['丙，电话 13800001111']] })
    expect((await read('b.txt', gb18030Of('客户张三来电\r\n不续费'))).tables).toEqual({ 'b.txt': [['客户张三来电'], ['不续费']] })
    expect((await read('c.txt', csv)).fields).toEqual({ 'c.txt': ['姓名', '手机号'] })
    await expect(read('d.txt', Buffer.from([0xff, 0x41, 0xff]))).rejects.toMatchObject({ code: 'ENCODING_UNKNOWN' })
  })
})

describe('JSON', () => {
  it('gives each list of records its own data set, by paths, with numbers as they stand', async () => {
    const { tables, fields } = await read('a.json', '{"total":2,"data":[{"id":12345678901234567890,"name":"张三","at":{"city":"北京"},"orders":[{"no":1.10},{"no":2}]},{"name":"李四","orders":[{"no":3}],"phones":["138","139"]}]}')
    expect(tables).toEqual({ 'a.json': [['2']], 'a.json#data[]': [['12345678901234567890', '张三', '北京'], [null, '李四', null]], 'a.json#data[].orders[]': [['1', '1.10'], ['1', '2'], ['2', '3']], 'a.json#data[].phones[]': [['2', '138'], ['2', '139']] })
    expect(fields['a.json#data[]']).toEqual(['id', 'name', 'at.city'])
  })

  it('reads NDJSON, keeps both values of a doubled key, and takes no name for a property', async () => {
    expect((await read('b.ndjson', '{"a":"1","a":"2"}\n{"__proto__":"x","constructor":null}\n')).tables).toEqual({ 'b.ndjson': [['1', '2', null, null], [null, null, 'x', null]] })
  })

  it('refuses what is malformed with its line', async () => {
    for (const [text, line] of [['[{"a":1},\n{"a":}]', 2], ['[1', 1], ['{"a":1}}', 1], ['[01]', 1], ['["\u0001"]', 1], [`${'['.repeat(65)}1${']'.repeat(65)}`, 1]] as const) {
      await expect(read('bad.json', text)).rejects.toMatchObject({ code: 'JSON_CORRUPT', facts: { line } })
    }
  })
})

describe('DOCX', () => {
  const contract = { paragraphs: ['服务合同', '乙方：张三   电话：13800001111', '身份证号：110199199001011216'], tables: [[['姓名', '手机号'], ['王五', '13800001113'], ['赵六', '13800001114']]], header: '内部资料', comments: ['改期'], author: '孙八' }

  it('reads paragraphs, tables, page headers, comments, text boxes once, deleted text and properties', async () => {
    const box = '<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p><w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>'
    const { tables } = await read('a.docx', docxOf({ ...contract, raw: box }))
    expect(tables['a.docx']?.flat()).toEqual(['服务合同', '乙方：张三   电话：13800001111', '身份证号：110199199001011216', '框'])
    expect(tables['a.docx#beside']?.flat()).toEqual(['[header] 内部资料', '[comments] 改期', '[deleted] 删', 'creator: 孙八'])
    expect(tables['a.docx#table1']).toEqual([['王五', '13800001113'], ['赵六', '13800001114']])
  })

  it('is one record with its labelled values when it is entered in the books', async () => {
    const { tables, fields } = await read('b.docx', docxOf(contract), { documents: 'whole' })
    expect(fields['b.docx']).toEqual(['乙方', '乙方电话', '乙方身份证号', 'creator', '正文'])
    expect(tables['b.docx']?.[0]?.slice(0, 3)).toEqual(['张三', '13800001111', '110199199001011216'])
    expect(labelledValues(['说明这一段话很长很长很长很长很长：不是标签', '电话：1  电话：2', '时间 12:30'])).toEqual([{ label: '电话', value: '1' }, { label: '电话#2', value: '2' }])
  })

  it('refuses entities, cut off XML and a document without its part', async () => {
    for (const data of ['<!DOCTYPE a [<!ENTITY b "c">]><w:document/>', '<w:document><w:body>']) await expect(read('c.docx', rawZip([{ name: '[Content_Types].xml', data: '' }, { name: 'word/document.xml', data }]))).rejects.toMatchObject({ code: 'DOCUMENT_CORRUPT' })
  })
})

describe('old workbooks', () => {
  it('reads cells as stored, dates as ISO, hidden sheets too', async () => {
    const { tables, fields } = await read('a.xls', xlsOf({ 客户: [['姓名', '手机号', '生日'], ['张三', 13800001111, new Date(1990, 0, 5)], ['李四', '13800001112', 32878.5]], 旧: [['姓名', '电话'], ['王五', '13800001113']] }, ['旧']))
    expect(fields['客户']).toEqual(['姓名', '手机号', '生日'])
    expect(tables).toEqual({ 客户: [['张三', '13800001111', '1990-01-05'], ['李四', '13800001112', '32878.5']], 旧: [['王五', '13800001113']] })
  })

  it('refuses other files of the same container', async () => {
    await expect(read('b.doc', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]))).rejects.toMatchObject({ code: 'DOCUMENT_CORRUPT' })
  })
})

describe('PDF and pictures', () => {
  const card = drawText('姓名 张三丰\n\n性别 男 民族 汉\n\n住址 北京市东城区某某路12号\n\n公民身份号码 110199199001011216')

  it('reads text page by page, and recognises the text of scanned pages', async () => {
    expect((await read('a.pdf', textPdf('姓名 张三 电话 13800001111'))).tables['a.pdf']?.flat()).toEqual(['姓名 张三 电话 13800001111'])
    const { tables, notRead } = await read('b.pdf', scannedPdf([card, { width: 60, height: 40, pixels: Buffer.alloc(2400, 255) }]))
    expect(tables['b.pdf#scanned']?.flat().join()).toMatch(/张三丰[^]*110199199001011216/)
    expect(notRead).toEqual(['b.pdf!p2 PAGE_WITHOUT_TEXT'])
  })

  it('recognises the text of a picture without any network, and lists a picture without text', async () => {
    expect((await read('a.png', pngOf(card))).tables['a.png']?.flat().join()).toMatch(/公民身份号码 ?110199199001011216/)
    expect((await read('b.png', pngOf({ width: 50, height: 50, pixels: Buffer.alloc(2500, 255) }))).notRead).toEqual(['b.png PICTURE_WITHOUT_TEXT'])
  })

  it('refuses a picture by its header before it is unpacked, and a PDF that is none', async () => {
    await expect(read('c.png', pngOf({ width: 10, height: 10, pixels: Buffer.alloc(100) }, { width: 60_000, height: 60_000 }))).rejects.toMatchObject({ code: 'IMAGE_REFUSED' })
    await expect(read('d.pdf', '%PDF-1.7\nnothing')).rejects.toMatchObject({ code: 'DOCUMENT_CORRUPT' })
    await expect(read('e.pdf', pdfOf(['<</Type/Catalog/Pages 9 0 R>>']))).rejects.toMatchObject({ code: 'DOCUMENT_CORRUPT' })
  })

  it('repairs radicals that stand for characters, and nothing else', () => {
    expect(repairRadicals('⽤⼾⻓⻛⻰⼈ＡＢ①')).toBe('用户长风龙人ＡＢ①')
  })
})

describe('mails and archives', () => {
  it('reads addresses, headers, body and what only the HTML says, and attachments as files of their own', async () => {
    const mail = emlOf({ from: '张三 <zhang@example.com>', to: '李四 <li@example.com>', subject: '资料', text: '见附件', html: '<style>p{}</style><p>见附件</p><p>备用 13800001119</p>', attached: [{ name: '客户.csv', type: 'text/csv', data: csv }] })
    const { tables, sources } = await read('a.eml', mail)
    expect(tables['a.eml#addresses']).toEqual([['发件人', '张三', 'zhang@example.com'], ['收件人', '李四', 'li@example.com']])
    expect(tables['a.eml']?.flat()).toEqual(['见附件', '备用 13800001119'])
    expect(tables['客户.csv']).toHaveLength(2)
    expect(sources).toEqual(['a.eml eml', 'a.eml!客户.csv csv'])
  })

  it('reads archives as folders, three deep, and lists links and what lies deeper', async () => {
    const nested = rawZip([{ name: 'y.zip', data: rawZip([{ name: 'z.zip', data: rawZip([{ name: 'deep.csv', data: csv }]) }]) }, { name: 'b.csv', data: csv }])
    const zip = await read('a.zip', rawZip([{ name: 'in.zip', data: nested }, { name: 'bad.csv', data: 'a,b\n"' }]))
    expect(zip.tables['b.csv']).toHaveLength(2)
    expect(zip.notRead).toEqual(['a.zip!in.zip!y.zip!z.zip!deep.csv INSIDE', 'a.zip!bad.csv UNCLOSED_QUOTE'].toSorted((a) => (a.includes('deep') ? -1 : 1)))
    const tar = await read('a.tar.gz', tarGzOf([{ name: 't/客户.csv', data: csv }, { name: 't/link', type: '2', link: '/etc/passwd' }]))
    expect(tar.tables['客户.csv']).toHaveLength(2)
    expect(tar.notRead).toEqual(['a.tar.gz!a.tar!t/link SYMBOLIC_LINK'])
  })

  it('refuses a TAR that leads outside, lies about sizes or repeats a name', async () => {
    for (const entries of [[{ name: '../x.csv', data: csv }], [{ name: 'x.csv', data: csv, saysBytes: 99_999 }], [{ name: 'x.csv', data: csv }, { name: 'x.csv', data: csv }]]) {
      await expect(read('b.tar', tarOf(entries))).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' })
    }
  })
})
