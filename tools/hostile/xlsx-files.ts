// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draws, secret, type Expected, type HostileFile } from './hostile-file.ts'
import { bookEntries, inlineCell, inlineRow, rawBook, rawZip, sheetXml, type RawBook, type RawEnd, type RawEntry } from './raw-zip.ts'

const refusedZip: Expected = { codes: ['ZIP_REFUSED'] }
const corrupt: Expected = { codes: ['XLSX_CORRUPT'] }
const table = inlineRow(1, ['姓名', '备注']) + inlineRow(2, ['张三', secret]) + inlineRow(3, ['李四', '无'])
const read: Expected = { rows: [2] }

function file(kind: string, name: string, expect: Expected, bytes: () => Buffer, isHeavy = false): HostileFile {
  return {
    kind, name, expect, isHeavy,
    make: (folder) => {
      const path = join(folder, `${name}.xlsx`)
      writeFileSync(path, bytes())
      return path
    },
  }
}

const book = (kind: string, name: string, expect: Expected, content: RawBook, end: RawEnd = {}): HostileFile => file(kind, name, expect, () => rawBook(content, end))
const zip = (kind: string, name: string, expect: Expected, entries: () => RawEntry[], end: RawEnd = {}): HostileFile => file(kind, name, expect, () => rawZip(entries(), end))
const usual = (): RawEntry[] => bookEntries({ rows: [table] })
const u64 = (...numbers: bigint[]): Buffer => Buffer.concat(numbers.map((n) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(n)
  return bytes
}))

function locator64(at: bigint): Buffer {
  const bytes = Buffer.alloc(20)
  bytes.writeUInt32LE(0x07064b50)
  bytes.writeBigUInt64LE(at, 8)
  return bytes
}

const zip64Extra = (...numbers: bigint[]): Buffer => Buffer.concat([Buffer.from([1, 0, numbers.length * 8, 0]), u64(...numbers)])

/** Archives that are bombs or lie about themselves. */
function archives(): HostileFile[] {
  const one = (says: RawEntry['says'], data: Buffer | string = 'x'.repeat(5000)): (() => RawEntry[]) => () => [...usual(), { name: 'xl/media/a.bin', data, ...(says === undefined ? {} : { says }) }]
  return [
    zip('zip-bomb', 'ratio', refusedZip, () => [...usual(), { name: 'xl/media/zeros.bin', data: Buffer.alloc(30_000_000), isPacked: true }]),
    zip('zip-bomb', 'says-4gib', refusedZip, one({ bytes: 0xffff_fff0 })),
    zip('zip-bomb', 'sheet-larger-than-said', refusedZip, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, says: { bytes: 10 } } : entry))),
    zip('zip-bomb', 'sheet-smaller-than-said', corrupt, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, says: { bytes: 5000 } } : entry))),
    zip('zip-bomb', 'nested', read, () => [...usual(), { name: 'xl/embeddings/inner.zip', data: rawZip([{ name: 'inner.bin', data: Buffer.alloc(5_000_000), isPacked: true }]) }]),
    zip('zip-bomb', 'same-data-twice', refusedZip, one({ headerAt: 0 }, '')),
    zip('zip-bomb', 'quoted-header', refusedZip, () => [{ name: 'a.bin', data: rawZip([{ name: 'b', data: 'x'.repeat(500) }]) }, { name: 'b', data: '', says: { headerAt: 35, bytes: 500, packedBytes: 500 } }, ...usual()]),
    zip('zip-bomb', 'into-directory', refusedZip, one({ packedBytes: 6000, bytes: 6000 })),
    zip('zip-bomb', 'many-entries', refusedZip, () => [...usual(), ...Array.from({ length: 10_001 }, (_, i) => ({ name: `x/${i}`, data: '' }))]),
    zip('zip-bomb', 'many-small-bombs', refusedZip, () => [...usual(), ...Array.from({ length: 6000 }, (_, i) => ({ name: `x/${i}`, data: '', says: { bytes: 1_000_000 } }))]),
    ...[0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn, 0x1_0000_0000n].map((size, i) => zip('zip64', `sizes-${i}`, refusedZip, one({ bytes: 0xffffffff, packedBytes: 0xffffffff, headerAt: 0xffffffff, extra: zip64Extra(size, size, size) }))),
    zip('zip64', 'extra-too-short', refusedZip, one({ bytes: 0xffffffff, packedBytes: 0xffffffff, extra: zip64Extra(1n) })),
    ...[0n, 0xffff_ffff_ffff_ffffn, 0x7fff_ffff_ffff_ffffn, 77n].map((at, i) => zip('zip64', `locator-${i}`, refusedZip, usual, { count: 0xffff, before: locator64(at) })),
    zip('zip64', 'no-locator', refusedZip, usual, { count: 0xffff, at: 0xffffffff }),
    zip('zip-directory', 'hidden-entries', refusedZip, usual, { count: 4 }),
    zip('zip-directory', 'count-too-high', refusedZip, usual, { count: 100 }),
    zip('zip-directory', 'outside', refusedZip, usual, { at: 0x7fffffff }),
    zip('zip-directory', 'huge', refusedZip, usual, { bytes: 0x7fffffff }),
    zip('zip-directory', 'end-in-comment', { codes: ['SOURCE_UNSUPPORTED', 'ZIP_REFUSED'] }, usual, { comment: rawZip([]) }),
    zip('zip-directory', 'prefix', { codes: ['SOURCE_UNSUPPORTED', 'ZIP_REFUSED'], rows: [2] }, usual, { prefix: Buffer.from('#!/bin/sh\n') }),
    zip('zip-directory', 'doubled', refusedZip, () => [...usual(), ...usual().slice(-1)]),
    zip('zip-directory', 'two-names', refusedZip, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, says: { localName: 'xl/worksheets/sheet9.xml' } } : entry))),
    zip('zip-directory', 'wrong-checksum', corrupt, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, says: { crc: 7 } } : entry))),
    zip('zip-directory', 'unknown-method', refusedZip, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, says: { method: 99 } } : entry))),
    zip('zip-directory', 'encrypted', { codes: ['ENCRYPTED_FILE'] }, () => usual().map((entry) => ({ ...entry, says: { flags: 1 } }))),
    zip('zip-directory', 'not-deflate', corrupt, () => usual().map((entry) => (entry.name.includes('sheet1') ? { ...entry, isPacked: false, says: { method: 8 } } : entry))),
    zip('zip-directory', 'no-workbook', { codes: ['SOURCE_UNSUPPORTED'] }, () => [{ name: 'a.txt', data: secret }]),
    ...['../../escape.csv', '/etc/escape', '..\\..\\escape', 'C:\\escape', 'xl/../../escape', '\\\\host\\escape', 'a\0b'].map((name, i) => zip('zip-slip', `slip-${i}`, refusedZip, () => [...usual(), { name, data: secret }])),
    ...['con', 'nul.txt', '__proto__', 'constructor', 'a\u202egnp.exe', 'a\nb', '\u001b[2J', 'x'.repeat(5000)].map((name, i) => zip('zip-slip', `odd-name-${i}`, read, () => [...usual(), { name, data: '' }])),
    file('encrypted', 'ole', { codes: ['SOURCE_UNSUPPORTED', 'DOCUMENT_CORRUPT', 'ENCRYPTED_FILE'] }, () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(2000)])),
  ]
}

/** Markup that other parsers have been attacked with. */
function markup(): HostileFile[] {
  const doctype = (body: string, value = '&x;'): string => `<?xml version="1.0"?><!DOCTYPE worksheet [${body}]>${sheetXml(`<row r="1"><c r="A1" t="inlineStr"><is><t>${value}</t></is></c></row>`).replace(/^<\?xml.*?\?>/, '')}`
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  const xml = (kind: string, name: string, expect: Expected, content: string | Buffer): HostileFile => book(kind, name, expect, { rows: [table], sheetXml: content, isStored: content.length > 1_000_000 })
  const cell = (inner: string): string => sheetXml(`<row r="1">${inner}</row>`)
  return [
    xml('xml-entity', 'internal', corrupt, doctype('<!ENTITY x "y">')),
    xml('xml-entity', 'laughs', corrupt, doctype(`<!ENTITY l0 "ha">${laughs}`, '&l10;')),
    xml('xml-entity', 'quadratic', corrupt, doctype(`<!ENTITY x "${'a'.repeat(50_000)}">`, '&x;'.repeat(1000))),
    xml('xml-entity', 'external-file', corrupt, doctype('<!ENTITY x SYSTEM "file:///etc/passwd">')),
    xml('xml-entity', 'external-http', corrupt, doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">')),
    xml('xml-entity', 'parameter', corrupt, doctype('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', 'a')),
    xml('xml-entity', 'only-doctype', corrupt, `<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:9/x.dtd">${sheetXml(table).replace(/^<\?xml.*?\?>/, '')}`),
    xml('xml-entity', 'undeclared', corrupt, cell('<c r="A1" t="inlineStr"><is><t>&passwd;</t></is></c>')),
    xml('xml-entity', 'beyond-unicode', corrupt, cell('<c r="A1" t="inlineStr"><is><t>&#x110000;</t></is></c>')),
    xml('xml-entity', 'nul-and-surrogates', { rows: [1] }, cell('<c r="A1" t="inlineStr"><is><t>&#0;&#xD800;_xDFFF_</t></is></c>')),
    xml('xml-entity', 'include', { rows: [2] }, sheetXml(table, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')),
    xml('xml-shape', 'deep', corrupt, sheetXml(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`)),
    xml('xml-shape', 'row-never-closed', corrupt, sheetXml(table).replace(/<\/row><\/sheetData>.*/, '')),
    xml('xml-shape', 'sheet-never-closed', corrupt, sheetXml(table).replace('</worksheet>', '')),
    xml('xml-shape', 'tags-crossed', corrupt, sheetXml('<row r="1"><c r="A1"><v>1</c></v></row>')),
    xml('xml-shape', 'row-in-row', corrupt, sheetXml('<row r="1"><c r="A1"><v>1</v></c><row r="2"></row></row>')),
    xml('xml-shape', 'cell-in-cell', corrupt, cell('<c r="A1"><c r="B1"><v>1</v></c></c>')),
    xml('xml-shape', 'cell-without-row', corrupt, sheetXml('<c r="A1"><v>1</v></c>')),
    xml('xml-shape', 'two-values', corrupt, cell('<c r="A1"><v>1</v><v>2</v></c>')),
    xml('xml-shape', 'anchor-rows-outside', read, sheetXml(table).replace('</worksheet>', '<controls><control><anchor><from><xdr:col>1</xdr:col><xdr:row>5</xdr:row></from></anchor></control></controls></worksheet>')),
    xml('xml-shape', 'reference-inside-another-value', { rows: [1] }, cell(`<c x=' r="ZZZZ1" ' r="A1" t="inlineStr"><is><t>${secret}</t></is></c>`)),
    xml('xml-shape', 'long-attribute', corrupt, cell(`<c r="A1" x="${'r'.repeat(5_000_000)}"><v>1</v></c>`)),
    xml('xml-shape', 'comment-never-closed', corrupt, sheetXml(`<!-- ${'-'.repeat(100_000)}`)),
    xml('xml-shape', 'cdata', { rows: [1] }, cell('<c r="A1" t="inlineStr"><is><t><![CDATA[<v>&lt;]]></t></is></c>')),
    xml('xml-shape', 'cell-of-5-mb', corrupt, cell(inlineCell('A1', secret.repeat(700_000)))),
    xml('xml-bytes', 'utf-16-with-mark', corrupt, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sheetXml(table), 'utf16le')])),
    xml('xml-bytes', 'utf-16-without-mark', corrupt, Buffer.from(sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>'), 'utf16le')),
    xml('xml-bytes', 'declared-gbk', corrupt, sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>').replace('UTF-8', 'GBK')),
    xml('xml-bytes', 'broken-utf-8', corrupt, Buffer.concat([Buffer.from(sheetXml(table).replace('</worksheet>', '')), Buffer.from([0xc3, 0x28]), Buffer.from('</worksheet>')])),
    xml('xml-bytes', 'overlong-utf-8', corrupt, Buffer.concat([Buffer.from([0xc0, 0xbc]), Buffer.from(sheetXml(table))])),
    xml('xml-bytes', 'nul', corrupt, sheetXml(`${table}\0`)),
    xml('xml-bytes', 'empty-part', { rows: [0] }, ''),
  ]
}

const header = inlineRow(1, ['姓名', '备注'])

/** Sheets whose numbers lie. */
function numbers(): HostileFile[] {
  const rows = (name: string, expect: Expected, content: string): HostileFile => book('sheet-numbers', name, expect, { rows: [content] })
  const index = (name: string, given: string): HostileFile => book('shared-index', name, corrupt, { rows: [`${header}<row r="2"><c r="A2" t="s"><v>${given}</v></c></row>`], shared: `<si><t>${secret}</t></si>` })
  return [
    book('sheet-numbers', 'lying-dimension', read, { rows: [table], sheetXml: sheetXml(table, '<dimension ref="A1:XFD1048576"/>') }),
    book('sheet-numbers', 'impossible-dimension', read, { rows: [table], sheetXml: sheetXml(table, '<dimension ref="-1:constructor"/>') }),
    ...['99999999', '1048577', '-1', '0', 'abc', '1.5', '1e999', 'NaN', '', '0x10'].map((row, i) => rows(`row-${i}`, corrupt, `<row r="${row}"><c><v>1</v></c></row>`)),
    rows('row-repeated', corrupt, `${inlineRow(1, ['a'])}${inlineRow(1, ['b'])}`),
    rows('row-backwards', corrupt, `${inlineRow(5, ['a'])}${inlineRow(4, ['b'])}`),
    rows('far-cell', { rows: [2] }, `${inlineRow(1, ['姓名'])}${inlineRow(2, ['张三'])}<row r="1048576">${inlineCell('XFD1048576', secret)}</row>`),
    rows('column-beyond', { codes: ['TOO_MANY_FIELDS'] }, `<row r="1">${inlineCell('XFE1', 'x')}</row>`),
    ...['ZZZZZZ1', 'A2', 'A0', '1', 'A', 'A1:B2', '__proto__', 'A1A1', '\u00c11'].map((reference, i) => rows(`reference-${i}`, { codes: ['XLSX_CORRUPT', 'TOO_MANY_FIELDS'] }, `<row r="1">${inlineCell(reference, secret)}</row>`)),
    rows('cell-repeated', corrupt, `<row r="1">${inlineCell('A1', 'x')}${inlineCell('A1', 'y')}</row>`),
    rows('boolean-odd', corrupt, '<row r="1"><c r="A1" t="b"><v>yes</v></c></row>'),
    rows('style-far', { rows: [1] }, '<row r="1"><c r="A1" s="-1"><v>1</v></c><c r="B1" s="99999"><v>2</v></c></row>'),
    rows('huge-numbers', { rows: [2] }, `${header}<row r="2"><c r="A2"><v>${'9'.repeat(1000)}</v></c></row><row r="3"><c r="A3"><v>1e-9999999</v></c></row>`),
    ...['-1', 'NaN', '1', '999999999999999999999', '1e0', '0x0', '__proto__', 'length', '0 0'].map((given, i) => index(`index-${i}`, given)),
  ]
}

/** Names that are properties of every object, and workbooks whose parts lead astray. */
function names(): HostileFile[] {
  const protos = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']
  const astray = (name: string, expect: Expected, sheets: string, relations: string): HostileFile => book('workbook-parts', name, expect, {
    rows: [table],
    workbookXml: `<workbook xmlns:r="r"><sheets>${sheets}</sheets></workbook>`,
    workbookRels: `<Relationships>${relations}</Relationships>`,
  })
  const relation = (id: string, target: string, mode = ''): string => `<Relationship Id="${id}" Type="x/worksheet" Target="${target}"${mode}/>`
  return [
    ...protos.map((name) => book('prototype', `sheet-${name}`, { rows: [2] }, { rows: [table], sheetNames: [name] })),
    ...protos.map((name) => book('prototype', `column-${name}`, { rows: [1] }, { rows: [inlineRow(1, [name, '姓名', name]) + inlineRow(2, [secret, '张三', name])] })),
    ...protos.map((name) => book('prototype', `string-${name}`, { rows: [1] }, { rows: [`${header}<row r="2"><c r="A2" t="s"><v>0</v></c></row>`], shared: `<si><t>${name}</t></si>` })),
    ...['a\nb', '\u001b[31m红', '\u202egnp', "'; drop table x; --", '=1+1', '../../x', 'x'.repeat(255)].map((name, i) => book('sheet-names', `name-${i}`, { rows: [2] }, { rows: [table], sheetNames: [name] })),
    book('sheet-names', 'of-a-megabyte', corrupt, { rows: [table], sheetNames: ['名'.repeat(300_000)] }),
    astray('one-part-thousand-times', corrupt, Array.from({ length: 1000 }, (_, i) => `<sheet name="s${i}" r:id="a"/>`).join(''), relation('a', 'worksheets/sheet1.xml')),
    astray('sheets-without-parts', corrupt, Array.from({ length: 50_000 }, (_, i) => `<sheet name="s${i}" r:id="${i}"/>`).join(''), relation('a', 'worksheets/sheet1.xml')),
    astray('part-missing', corrupt, '<sheet name="s" r:id="a"/>', relation('a', 'worksheets/sheet7.xml')),
    astray('part-above', corrupt, '<sheet name="s" r:id="a"/>', relation('a', '../../../etc/passwd')),
    astray('part-external', corrupt, '<sheet name="s" r:id="a"/>', relation('a', 'http://127.0.0.1:9/sheet.xml', ' TargetMode="External"')),
    astray('part-is-workbook', { codes: ['XLSX_CORRUPT'], rows: [0] }, '<sheet name="s" r:id="a"/>', relation('a', 'workbook.xml')),
    astray('no-sheets', corrupt, '', ''),
    astray('many-relations', corrupt, '<sheet name="s" r:id="a"/>', Array.from({ length: 120_000 }, (_, i) => relation(`x${i}`, `y${i}`)).join('')),
  ]
}

/** A right workbook cut off, or with bytes turned, anywhere. */
function damaged(seed: number, count: number): HostileFile[] {
  const draw = draws(seed)
  const whole = rawBook({ rows: [table + Array.from({ length: 300 }, (_, i) => inlineRow(i + 4, [`姓名${i}`, `备注${draw()}`])).join('')] })
  const refused: Expected = { codes: ['ZIP_REFUSED', 'XLSX_CORRUPT', 'SOURCE_UNSUPPORTED', 'ENCRYPTED_FILE'] }
  return Array.from({ length: count }, (_, i) => {
    const at = 1 + Math.floor(draw() * (whole.length - 1))
    if (i % 2 === 0) return file('truncated', `cut-${at}`, refused, () => whole.subarray(0, at))
    const turned = Array.from({ length: 6 }, () => Math.floor(draw() * whole.length))
    return file('turned-bytes', `turned-${i}-${at}`, { ...refused, rows: [302] }, () => {
      const bytes = Buffer.from(whole)
      for (const place of turned) bytes.writeUInt8((bytes[place] ?? 0) ^ 0x55, place)
      return bytes
    })
  })
}

function heavy(): HostileFile[] {
  const rows = (count: number, cells: string): string => Array.from({ length: count }, (_, i) => `<row r="${i + 1}">${cells}</row>`).join('')
  return [
    file('amplified', 'one-long-string-everywhere', { rows: [3000], codes: ['READER_OUT_OF_MEMORY', 'READER_TOO_SLOW'] }, () => rawBook({ rows: [rows(3000, '<c t="s"><v>0</v></c>')], shared: `<si><t>${secret.repeat(150_000)}</t></si>`, isStored: true }), true),
    file('amplified', 'far-cells-in-every-row', { rows: [20_000], codes: ['READER_OUT_OF_MEMORY', 'READER_TOO_SLOW'] }, () => rawBook({ rows: [Array.from({ length: 20_000 }, (_, i) => `<row r="${i + 1}"><c r="XFD${i + 1}"><v>1</v></c></row>`).join('')] }), true),
    file('amplified', 'million-strings', { rows: [1], codes: ['READER_OUT_OF_MEMORY', 'ZIP_REFUSED'] }, () => rawBook({ rows: [table], shared: '<si><t>一</t></si>'.repeat(3_000_000) }), true),
  ]
}

/** Hostile workbooks; `count` damaged ones beside those that are made by hand. */
export function xlsxFiles(seed: number, count: number): HostileFile[] {
  return [...archives(), ...markup(), ...numbers(), ...names(), ...damaged(seed, count), ...heavy()]
}
