// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { pngOf } from '../files/draw-text.ts'
import { docxOf, emlOf, pdfOf, scannedPdf, tarOf, wordEntries, xlsOf } from '../files/write-files.ts'
import { draws, secret, type Expected, type HostileFile } from './hostile-file.ts'
import { rawZip, type RawEntry } from './raw-zip.ts'

const csv = `姓名,备注\n张三,${secret}\n李四,无\n`
const refusedDocument: Expected = { codes: ['DOCUMENT_CORRUPT'] }
const refusedJson: Expected = { codes: ['JSON_CORRUPT'] }
const refusedArchive: Expected = { codes: ['ARCHIVE_REFUSED'] }

function file(kind: string, name: string, expect: Expected, bytes: () => Buffer | string, isHeavy = false): HostileFile {
  return {
    kind, name, expect, isHeavy,
    make: (folder) => {
      const path = join(folder, name)
      writeFileSync(path, bytes())
      return path
    },
  }
}

/** JSON that other readers die of. */
function json(): HostileFile[] {
  const one = (name: string, expect: Expected, bytes: () => Buffer | string, isHeavy = false): HostileFile => file('json', `${name}.json`, expect, bytes, isHeavy)
  return [
    one('deep-arrays', refusedJson, () => '['.repeat(1_000_000)),
    one('deep-objects', refusedJson, () => '{"a":'.repeat(500_000)),
    one('prototype', { rows: [2] }, () => `[{"__proto__":{"polluted":"${secret}"},"constructor":{"prototype":{"x":1}}},{"toString":1,"hasOwnProperty":2}]`),
    one('doubled-keys', { rows: [1] }, () => `{${Array.from({ length: 10_000 }, () => '"a":1').join(',')}}`),
    one('doubled-keys-between-records', { rows: [1, 15_000] }, () => `{${Array.from({ length: 15_000 }, () => '"a":1,"b":[{"c":1}]').join(',')}}`),
    one('too-many-keys', { codes: ['JSON_CORRUPT', 'TOO_MANY_FIELDS'] }, () => `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join(',')}}`),
    one('keys-in-each-record', { codes: ['TOO_MANY_FIELDS'] }, () => `[${Array.from({ length: 60_000 }, (_, i) => `{"k${i}":1}`).join(',')}]`),
    one('many-lists', { codes: ['JSON_CORRUPT'] }, () => `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":[1]`).join(',')}}`),
    one('more-lists-than-read', { rows: Array.from({ length: 32 }, () => 1), notRead: ['OTHER_PART'] }, () => `{${Array.from({ length: 40 }, (_, i) => `"k${i}":[1]`).join(',')}}`),
    one('huge-number', { rows: [1] }, () => `[{"a":${'9'.repeat(100_000)}e9999}]`),
    one('endless-text', { codes: ['JSON_CORRUPT', 'CELL_TOO_LONG'] }, () => `["${'a'.repeat(20_000_000)}`),
    one('endless-number', { codes: ['JSON_CORRUPT'] }, () => '1'.repeat(20_000_000)),
    one('backslashes', refusedJson, () => `["${'\\'.repeat(3_000_001)}"]`),
    one('lone-surrogate', { rows: [1] }, () => '[{"a":"\\ud800"}]'),
    one('cut-off', refusedJson, () => `[{"a":"${secret}"`),
    one('stray', refusedJson, () => `[{"a":"${secret}"},]`),
    one('comment', refusedJson, () => `// ${secret}\n{}`),
    one('not-utf8', { codes: ['ENCODING_UNKNOWN'] }, () => Buffer.concat([Buffer.from('["'), Buffer.from([0xff, 0xff]), Buffer.from('"]')])),
    one('utf8-of-surrogates', { codes: ['ENCODING_UNKNOWN', 'JSON_CORRUPT'], rows: [1] }, () => Buffer.concat([Buffer.from('["'), Buffer.from('eda080', 'hex'), Buffer.from('"]')])),
    one('empty', { rows: [] }, () => ''),
    file('json', 'deep-line.ndjson', refusedJson, () => `{"a":1}\n${'['.repeat(70)}${']'.repeat(70)}\n`),
  ]
}

/** Word documents with the markup and the archives that others have been attacked with. */
function word(): HostileFile[] {
  const body = (inner: string, before = ''): RawEntry[] => wordEntries({}).map((entry) => (entry.name === 'word/document.xml' ? { name: entry.name, data: `${before}<w:document xmlns:w="w"><w:body>${inner}</w:body></w:document>`, isPacked: true } : entry))
  const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
  const one = (name: string, expect: Expected, entries: () => RawEntry[]): HostileFile => file('docx', `${name}.docx`, expect, () => rawZip(entries()))
  return [
    one('billion-laughs', refusedDocument, () => body(paragraph('&c;'), '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>')),
    one('external-entity', refusedDocument, () => body(paragraph('&x;'), '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    one('parameter-entity', refusedDocument, () => body(paragraph(secret), '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>')),
    one('unknown-entity', refusedDocument, () => body(paragraph('&x;'))),
    one('deep-elements', refusedDocument, () => body('<w:p>'.repeat(100_000))),
    one('deep-tables', refusedDocument, () => body(`${'<w:tbl><w:tr><w:tc>'.repeat(200)}${paragraph(secret)}${'</w:tc></w:tr></w:tbl>'.repeat(200)}`)),
    one('cut-off', refusedDocument, () => body(`<w:p><w:r><w:t>${secret}`)),
    one('wide-row', { rows: [3616, 1] }, () => body(`<w:tbl><w:tr>${`<w:tc>${paragraph('x')}</w:tc>`.repeat(20_000)}</w:tr></w:tbl>`)),
    one('outside-link', { rows: [1] }, () => [...body(paragraph(secret)).filter(({ name }) => !name.includes('document.xml.rels')), { name: 'word/_rels/document.xml.rels', data: '<Relationships><Relationship Id="a" Type="x/attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/><Relationship Id="b" Type="x/image" Target="http://127.0.0.1:9/i.png" TargetMode="External"/><Relationship Id="c" Type="x/image" Target="../../../../etc/passwd"/></Relationships>' }]),
    one('bomb', { codes: ['ZIP_REFUSED'] }, () => [...body(paragraph(secret)), { name: 'word/media/a.png', data: Buffer.alloc(30_000_000), isPacked: true }]),
    one('no-document', refusedDocument, () => [{ name: '[Content_Types].xml', data: '' }, { name: 'x/document.xml', data: '' }]),
    one('broken-picture', { rows: [1], notRead: ['IMAGE_REFUSED'] }, () => wordEntries({ paragraphs: [secret], picture: Buffer.from('89504e470d0a1a0a0000', 'hex') })),
    one('pixel-bomb', { rows: [1], notRead: ['IMAGE_REFUSED'] }, () => wordEntries({ paragraphs: [secret], picture: pngOf({ width: 1, height: 1, pixels: Buffer.alloc(1) }, { width: 100_000, height: 100_000 }) })),
  ]
}

const image = (width: number, height: number, more: Partial<{ data: Buffer }> = {}): Buffer => {
  const packed = more.data ?? deflateSync(Buffer.alloc(1000))
  return Buffer.concat([Buffer.from(`<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length ${packed.length}>>stream\n`), packed, Buffer.from('\nendstream')])
}

const pdfPage = (objects: readonly (Buffer | string)[], resources = ''): Buffer => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1/Kids[3 0 R]>>', `<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<${resources}>>>>`, ...objects])
const stream = (content: Buffer | string, filter = ''): Buffer => Buffer.concat([Buffer.from(`<</Length ${Buffer.from(content).length}${filter}>>stream\n`), Buffer.from(content), Buffer.from('\nendstream')])

/** PDF files whose structure lies, loops or explodes. */
function pdf(): HostileFile[] {
  const pageOrRefusal: Expected = { rows: [], notRead: ['PAGE_WITHOUT_TEXT'] }
  const brokenPage: Expected = { rows: [], notRead: ['DOCUMENT_CORRUPT'] }
  const refusedOrSlow: Expected = { codes: ['DOCUMENT_CORRUPT', 'READER_TOO_SLOW', 'READER_OUT_OF_MEMORY'] }
  const one = (name: string, expect: Expected, bytes: () => Buffer | string, isHeavy = false): HostileFile => file('pdf', `${name}.pdf`, expect, bytes, isHeavy)
  return [
    one('nothing', refusedDocument, () => `%PDF-1.7\n${secret}`),
    one('broken-xref', { ...pageOrRefusal }, () => Buffer.from(pdfPage([stream('BT ET')]).toString('latin1').replace(/startxref\n\d+/, 'startxref\n99999999'), 'latin1')),
    one('xref-loop', refusedDocument, () => `%PDF-1.5\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF\n`),
    one('page-tree-loop', brokenPage, () => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>'])),
    one('billion-pages', pageOrRefusal, () => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1000000000/Kids[]>>'])),
    one('length-lies', pageOrRefusal, () => pdfPage(['<</Length 999999999>>stream\nBT ET\nendstream'])),
    one('flate-bomb', refusedOrSlow, () => pdfPage([stream(deflateSync(Buffer.alloc(200_000_000)), '/Filter/FlateDecode')]), true),
    one('filter-chain', pageOrRefusal, () => pdfPage([stream(deflateSync(deflateSync(deflateSync(Buffer.alloc(50_000_000)))), '/Filter[/FlateDecode/FlateDecode/FlateDecode]')])),
    one('deep-arrays', brokenPage, () => pdfPage([`${'['.repeat(100_000)}${']'.repeat(100_000)}`])),
    one('form-loop', pageOrRefusal, () => pdfPage([stream('/F Do'), '<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 5>>stream\n/F Do\nendstream'], '/XObject<</F 5 0 R>>')),
    one('pixel-bomb', pageOrRefusal, () => pdfPage([stream('q 9 0 0 9 0 0 cm /I Do Q'), image(100_000, 100_000)], '/XObject<</I 5 0 R>>')),
    one('picture-cut-off', pageOrRefusal, () => pdfPage([stream('q 9 0 0 9 0 0 cm /I Do Q'), image(400, 400)], '/XObject<</I 5 0 R>>')),
    one('outline-loop', { ...pageOrRefusal, rows: [1] }, () => pdfOf(['<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>', '<</Type/Pages/Count 1/Kids[3 0 R]>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>', stream('BT ET'), '<</Type/Outlines/First 6 0 R/Last 6 0 R>>', '<</Title(a)/Parent 5 0 R/First 6 0 R/Next 6 0 R>>'])),
    one('map-from-elsewhere', { rows: [], notRead: ['PAGE_FONT'] }, () => pdfPage([stream('BT /F 9 Tf 1 1 Td <41414141> Tj ET'), '<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/..#2f..#2f..#2f..#2fetc#2fpasswd/DescendantFonts[6 0 R]>>', '<</Type/Font/Subtype/CIDFontType0/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>'], '/Font<</F 5 0 R>>')),
    one('pattern-of-itself', pageOrRefusal, () => pdfPage([stream('/Pattern cs /P scn 0 0 99 99 re f'), '<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<</Pattern<</P 5 0 R>>>>/Length 35>>stream\n/Pattern cs /P scn 0 0 9 9 re f     \nendstream'], '/Pattern<</P 5 0 R>>')),
    one('lines-everywhere', { rows: [1, -1], codes: ['CELL_TOO_LONG'] }, () => pdfPage([stream(deflateSync(Buffer.from(`BT /F 1 Tf ${Array.from({ length: 30_000 }, (_, i) => `1 0 0 1 ${i * 7} ${i % 90} Tm (L${i}) Tj`).join(' ')} ET`)), '/Filter/FlateDecode'), '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'], '/Font<</F 5 0 R>>'), true),
    one('script', { ...pageOrRefusal, rows: [1] }, () => pdfOf(['<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>', '<</Type/Pages/Count 1/Kids[3 0 R]>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>>>'])),
    one('encrypted', { codes: ['ENCRYPTED_FILE', 'DOCUMENT_CORRUPT'] }, () => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 0/Kids[]>>', `<</Filter/Standard/V 2/R 3/Length 128/P -4/O(${'a'.repeat(32)})/U(${'b'.repeat(32)})>>`]).toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R/Encrypt 3 0 R/ID[(${'c'.repeat(16)})(${'c'.repeat(16)})]`)),
    file('pdf', 'many-pages.pdf', { rows: [], notRead: ['PAGE_WITHOUT_TEXT'] }, () => scannedPdf(Array.from({ length: 300 }, () => ({ width: 4, height: 4, pixels: Buffer.alloc(16, 255) })))),
  ]
}

/** Pictures that unpack to more than they say, or are none. */
function pictures(): HostileFile[] {
  const refused: Expected = { codes: ['IMAGE_REFUSED'] }
  const blank = { width: 40, height: 40, pixels: Buffer.alloc(1600, 255) }
  const jpeg = (height: number, width: number): Buffer => Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b08', 'hex'), Buffer.from([height >> 8, height & 255, width >> 8, width & 255]), Buffer.from('01011100', 'hex'), Buffer.alloc(200)])
  return [
    file('image', 'says-huge.png', refused, () => pngOf(blank, { width: 65_535, height: 65_535 })),
    file('image', 'says-billions.png', refused, () => pngOf(blank, { width: 0x7fffffff, height: 0x7fffffff })),
    file('image', 'says-more.png', { codes: ['IMAGE_REFUSED'], rows: [], notRead: ['PICTURE_WITHOUT_TEXT'] }, () => pngOf(blank, { width: 4000, height: 4000 })),
    file('image', 'zero.png', { rows: [], notRead: ['PICTURE_WITHOUT_TEXT'] }, () => pngOf(blank, { width: 0, height: 0 })),
    file('image', 'cut-off.png', { codes: ['IMAGE_REFUSED'], rows: [], notRead: ['PICTURE_WITHOUT_TEXT'] }, () => pngOf(blank).subarray(0, 60)),
    file('image', 'only-signature.png', refused, () => Buffer.from('89504e470d0a1a0a', 'hex')),
    file('image', 'large-blank.png', { rows: [], notRead: ['PICTURE_WITHOUT_TEXT'] }, () => pngOf({ width: 6000, height: 6000, pixels: Buffer.alloc(36_000_000, 255) }), true),
    file('image', 'no-frame.jpg', refused, () => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(5000)])),
    file('image', 'says-huge.jpg', refused, () => jpeg(65_000, 65_000)),
    file('image', 'broken-scan.jpg', refused, () => jpeg(100, 100)),
    file('image', 'segments.jpg', refused, () => Buffer.concat([Buffer.from('ffd8', 'hex'), ...Array.from({ length: 50_000 }, () => Buffer.from('ffe00002', 'hex'))])),
  ]
}

/** The extra field of a ZIP entry that gives its name in Unicode (APPNOTE 4.6.9). */
function unicodeName(name: string, of: string): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt16LE(0x7075, 0)
  head.writeUInt16LE(5 + Buffer.byteLength(name), 2)
  head.writeUInt8(1, 4)
  head.writeUInt32LE(crc32(Buffer.from(of)), 5)
  return Buffer.concat([head, Buffer.from(name)])
}

/** Mails and archives that nest, lie or lead outside. */
function containers(): HostileFile[] {
  const slips = ['../escape.csv', '/etc/escape', 'a/../../escape', '..\\escape', 'C:\\escape']
  const mimeDepth = (depth: number): string => Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join('') + secret
  const nested = (depth: number): Buffer => Array.from({ length: depth }).reduce<Buffer>((inner) => rawZip([{ name: 'in.zip', data: inner }]), rawZip([{ name: 'x.csv', data: csv }]))
  return [
    ...slips.map((name, i) => file('tar', `slip-${i}.tar`, refusedArchive, () => tarOf([{ name, data: csv }]))),
    file('tar', 'links.tar', { rows: [2], notRead: ['SYMBOLIC_LINK', 'NOT_A_FILE'] }, () => tarOf([{ name: 'a', type: '2', link: '/etc/passwd' }, { name: 'b', type: '1', link: '../x' }, { name: 'c', type: '3' }, { name: 'd', type: '6' }, { name: 'z.csv', data: csv }])),
    file('tar', 'size-lies.tar', refusedArchive, () => tarOf([{ name: 'x.csv', data: csv, saysBytes: 0o7777777777 }])),
    file('tar', 'broken-sum.tar', refusedArchive, () => {
      const bytes = tarOf([{ name: 'x.csv', data: csv }, { name: 'y.csv', data: csv }])
      bytes[1024] = 0x7f
      return bytes
    }),
    file('tar', 'many.tar', refusedArchive, () => tarOf(Array.from({ length: 10_002 }, (_, i) => ({ name: `f${i}` })))),
    file('tar', 'long-name.tar', refusedArchive, () => tarOf([{ name: '././@LongLink', type: 'L', data: 'x'.repeat(100_000) }, { name: 'x.csv', data: csv }])),
    file('tar', 'zeros-after-the-end.tar', { rows: [2] }, () => Buffer.concat([tarOf([{ name: 'x.csv', data: csv }]), Buffer.alloc(20_000_000)])),
    file('tar', 'hidden-after-the-end.tar', { rows: [2], notRead: ['TRAILING_BYTES'] }, () => Buffer.concat([tarOf([{ name: 'x.csv', data: csv }]), Buffer.from(secret.repeat(100))])),
    file('tar', 'doubled.tar', refusedArchive, () => tarOf([{ name: 'x.csv', data: csv }, { name: 'x.csv', data: csv }])),
    file('tar', 'prototype.tar', { rows: [2, 2] }, () => tarOf([{ name: '__proto__', data: csv }, { name: 'constructor', data: csv }])),
    file('gzip', 'bomb.csv.gz', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => gzipSync(Buffer.alloc(300_000_000))),
    file('gzip', 'cut-off.csv.gz', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => gzipSync(Buffer.from(csv.repeat(100))).subarray(0, 60)),
    file('gzip', 'not-gzip.gz', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => Buffer.from('1f8b0800ffffffffffff', 'hex')),
    file('gzip', 'tar-bomb.tgz', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => gzipSync(tarOf([{ name: 'x.csv', data: Buffer.alloc(100_000_000) }]))),
    file('nested-zip', 'six-deep.zip', { rows: [], notRead: ['INSIDE'] }, () => nested(6)),
    file('nested-zip', 'three-deep.zip', { rows: [2] }, () => nested(2)),
    file('nested-zip', 'wide-and-deep.zip', { rows: [], notRead: ['INSIDE'] }, () => {
      const wide = (inner: Buffer): Buffer => rawZip(Array.from({ length: 8 }, (_, i) => ({ name: `${i}.zip`, data: inner })))
      return wide(wide(wide(wide(rawZip([{ name: 'x.csv', data: csv }])))))
    }),
    file('nested-zip', 'inner-bomb.zip', { rows: [2], notRead: ['ZIP_REFUSED'] }, () => rawZip([{ name: 'a.zip', data: rawZip([{ name: 'z.bin', data: Buffer.alloc(20_000_000), isPacked: true }]) }, { name: 'b.csv', data: csv }])),
    file('nested-zip', 'inner-crc.zip', { rows: [], notRead: ['ARCHIVE_REFUSED'] }, () => rawZip([{ name: 'a.csv', data: csv, says: { crc: 7 } }])),
    file('nested-zip', 'inner-database.zip', { rows: [], notRead: ['SOURCE_UNSUPPORTED'] }, () => rawZip([{ name: 'a.db', data: Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080)]) }])),
    file('nested-zip', 'unicode-name-slip.zip', { codes: ['ZIP_REFUSED'] }, () => rawZip([{ name: 'a.csv', data: csv, says: { extra: unicodeName('../../escape.csv', 'a.csv') } }])),
    file('nested-zip', 'gbk-names.zip', { rows: [2] }, () => Buffer.from(rawZip([{ name: 'abcd.csv', data: csv }]).toString('latin1').replaceAll('abcd', '\u00d5\u00c5\u00c8\u00fd'), 'latin1')),
    file('mime', 'deep.eml', refusedDocument, () => `From: a@b.example\r\n${mimeDepth(5000)}`),
    file('mime', 'no-headers.eml', refusedDocument, () => secret.repeat(10)),
    file('mime', 'huge-header.eml', { codes: ['DOCUMENT_CORRUPT'] }, () => `From: a@b.example\r\nX: ${'a'.repeat(5_000_000)}\r\n\r\nx`),
    file('mime', 'many-addresses.eml', { codes: ['DOCUMENT_CORRUPT'], rows: [50_001] }, () => `From: a@b.example\r\nTo: ${Array.from({ length: 50_000 }, (_, i) => `n${i}@b.example`).join(', ')}\r\n\r\nx`),
    file('mime', 'many-parts.eml', { rows: [1], codes: ['READER_TOO_SLOW'] }, () => `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(20_000)}--b--`),
    file('mime', 'attached-bomb.eml', { rows: [2, 2, 1], notRead: ['ZIP_REFUSED'] }, () => emlOf({ from: 'a <a@b.example>', to: 'c <c@b.example>', subject: 's', text: 't', attached: [{ name: '../../x.zip', type: 'application/zip', data: rawZip([{ name: 'z.bin', data: Buffer.alloc(20_000_000), isPacked: true }]) }] })),
    file('mime', 'mails-in-mails.eml', { codes: [], rows: [1, 2], notRead: ['INSIDE'] }, () => Array.from({ length: 8 }).reduce<string>((inner) => emlOf({ from: 'a <a@b.example>', to: 'c <c@b.example>', subject: 's', text: 't', attached: [{ name: 'in.eml', type: 'message/rfc822', data: inner }] }), 'From: x@b.example\r\n\r\nend')),
    file('mime', 'tag-soup.eml', { codes: ['READER_TOO_SLOW'], rows: [1] }, () => `From: a@b.example\r\nContent-Type: text/html\r\n\r\n${'<'.repeat(2_000_000)}`),
    file('mime', 'words-that-never-end.eml', { codes: ['DOCUMENT_CORRUPT'], rows: [1] }, () => `From: a@b.example\r\nSubject: ${'=?utf-8?q?'.repeat(20_000)}${' '.repeat(200_000)}\r\n\r\nx`),
    file('mime', 'pictures-in-text.eml', { codes: [], rows: [1], notRead: ['IMAGE_REFUSED'] }, () => `From: a@b.example\r\nContent-Type: text/html\r\n\r\n${'<img src="data:image/png;base64,iVBORw0KGgo=">'.repeat(200)}`),
    file('mime', 'unknown-charset.eml', { codes: ['DOCUMENT_CORRUPT'], rows: [1] }, () => 'From: a@b.example\r\nContent-Type: text/plain; charset=x-nonsense\r\n\r\nx'),
  ]
}

/** Old workbooks whose bytes were changed at random: whatever comes of it must be a refusal or a reading. */
function oldBooks(seed: number, count: number): HostileFile[] {
  const good = xlsOf({ S: [['姓名', '备注'], ['张三', secret], ['李四', '无']] })
  const anyEnd: Expected = { codes: ['DOCUMENT_CORRUPT', 'SOURCE_UNSUPPORTED', 'ENCRYPTED_FILE', 'READER_TOO_SLOW', 'READER_OUT_OF_MEMORY', 'TOO_MANY_FIELDS'], rows: [-1, 0, 1, 2, 3] }
  const draw = draws(seed)
  const broken = Array.from({ length: count }, (_, i) => {
    const bytes = Buffer.from(good)
    for (let n = 0; n < 1 + i % 12; n++) bytes[8 + Math.floor(draw() * (bytes.length - 8))] = Math.floor(draw() * 256)
    return file('xls', `flipped-${i}.xls`, anyEnd, () => bytes)
  })
  return [
    file('xls', 'encrypted.xlsx', { codes: ['SOURCE_UNSUPPORTED', 'DOCUMENT_CORRUPT', 'ENCRYPTED_FILE'] }, () => Buffer.concat([good.subarray(0, 512), Buffer.from('EncryptedPackage', 'utf16le')])),
    file('xls', 'only-header.xls', refusedDocument, () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)])),
    file('xls', 'cut-off.xls', { ...anyEnd }, () => good.subarray(0, 1500)),
    file('xls', 'not-ole.xls', { codes: ['DOCUMENT_CORRUPT'] }, () => `<html>${secret}</html>`),
    ...broken,
  ]
}

/** Hostile files of the document kinds (SECURITY.md P23); `count` changed old workbooks beside those made by hand. */
export function documentFiles(seed: number, count: number): HostileFile[] {
  return [...json(), ...word(), ...pdf(), ...pictures(), ...containers(), ...oldBooks(seed, count), file('docx', 'usual.docx', { rows: [1] }, () => docxOf({ paragraphs: [secret] }))]
}
