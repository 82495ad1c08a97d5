// SPDX-License-Identifier: Apache-2.0
import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a ZIP as it shall be written, with what its directory says of it where that is a lie. */
export interface RawEntry {
  name: string
  data: Buffer | string
  /** Deflated instead of stored. */
  isPacked?: boolean
  says?: { crc?: number; bytes?: number; packedBytes?: number; headerAt?: number; method?: number; flags?: number; localName?: string; extra?: Buffer }
}

/** What the end of the directory says, where that is a lie. */
export interface RawEnd {
  count?: number
  at?: number
  bytes?: number
  comment?: Buffer
  /** Bytes between directory and end, such as a record of ZIP64. */
  before?: Buffer
  /** Bytes before the first entry. */
  prefix?: Buffer
}

const u16 = (n: number): Buffer => Buffer.from([n & 255, (n >> 8) & 255])
const u32 = (n: number): Buffer => Buffer.from([n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255])

/** Writes a ZIP by hand (APPNOTE 4.3), so that it can be wrong wherever it shall be, and right without help from the code under test. */
export function rawZip(entries: readonly RawEntry[], end: RawEnd = {}): Buffer {
  const parts: Buffer[] = [end.prefix ?? Buffer.alloc(0)]
  const directory: Buffer[] = []
  let at = parts[0]?.length ?? 0
  for (const { name, data, isPacked = false, says = {} } of entries) {
    const bytes = Buffer.from(data)
    const packed = isPacked ? deflateRawSync(bytes) : bytes
    const crc = says.crc ?? crc32(bytes)
    const sizes = Buffer.concat([u32(says.packedBytes ?? packed.length), u32(says.bytes ?? bytes.length)])
    const head = Buffer.concat([u16(20), u16(says.flags ?? 0x800), u16(says.method ?? (isPacked ? 8 : 0)), u16(0), u16(0x21), u32(crc), sizes])
    const localName = Buffer.from(says.localName ?? name)
    const local = Buffer.concat([u32(0x04034b50), head, u16(localName.length), u16(0), localName, packed])
    const extra = says.extra ?? Buffer.alloc(0)
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), head, u16(Buffer.byteLength(name)), u16(extra.length), u16(0), u16(0), u16(0), u32(0), u32(says.headerAt ?? at), Buffer.from(name), extra]))
    parts.push(local)
    at += local.length
  }
  const listed = Buffer.concat(directory)
  const comment = end.comment ?? Buffer.alloc(0)
  const before = end.before ?? Buffer.alloc(0)
  const count = u16(end.count ?? entries.length)
  return Buffer.concat([...parts, listed, before, u32(0x06054b50), u32(0), count, count, u32(end.bytes ?? listed.length), u32(end.at ?? at), u16(comment.length), comment])
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

/** What a raw workbook is made of; each part may be replaced by a hostile one. */
export interface RawBook {
  /** Inside `sheetData`, one a sheet. */
  rows?: readonly string[]
  /** The whole XML of the first sheet. */
  sheetXml?: string | Buffer
  sheetNames?: readonly string[]
  shared?: string
  styles?: string
  workbookXml?: string
  workbookRels?: string
  more?: readonly RawEntry[]
  /** Sheets are stored, so that no limit on compression is met first. */
  isStored?: boolean
}

/** The sheet around some rows. */
export const sheetXml = (rows: string, around = ''): string => `<?xml version="1.0" encoding="UTF-8"?><worksheet ${main}>${around}<sheetData>${rows}</sheetData></worksheet>`

/** Text as it stands in XML. */
export const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The entries of a workbook. */
export function bookEntries(book: RawBook): RawEntry[] {
  const rows = book.rows ?? ['']
  const names = book.sheetNames ?? rows.map((_, i) => `表${i + 1}`)
  const sheets = rows.map((content, i): RawEntry => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: i === 0 && book.sheetXml !== undefined ? book.sheetXml : sheetXml(content), isPacked: book.isStored !== true }))
  const relations = rows.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')
  const others = `${book.shared === undefined ? '' : `<Relationship Id="s" Type="${office}/sharedStrings" Target="sharedStrings.xml"/>`}${book.styles === undefined ? '' : `<Relationship Id="t" Type="${office}/styles" Target="styles.xml"/>`}`
  return [
    { name: '[Content_Types].xml', data: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>' },
    { name: '_rels/.rels', data: `<Relationships ${packageRelations}><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>` },
    { name: 'xl/workbook.xml', data: book.workbookXml ?? `<workbook ${main}><sheets>${names.map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', data: book.workbookRels ?? `<Relationships ${packageRelations}>${relations}${others}</Relationships>` },
    ...(book.shared === undefined ? [] : [{ name: 'xl/sharedStrings.xml', data: `<sst ${main}>${book.shared}</sst>`, isPacked: book.isStored !== true }]),
    ...(book.styles === undefined ? [] : [{ name: 'xl/styles.xml', data: `<styleSheet ${main}>${book.styles}</styleSheet>` }]),
    ...sheets,
    ...(book.more ?? []),
  ]
}

/** A workbook as bytes. */
export const rawBook = (book: RawBook, end: RawEnd = {}): Buffer => rawZip(bookEntries(book), end)

/** A cell of inline text. */
export const inlineCell = (reference: string, text: string): string => `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`

/** A row of inline texts from column A on. */
export const inlineRow = (row: number, texts: readonly string[]): string => `<row r="${row}">${texts.map((text, i) => inlineCell(`${String.fromCharCode(65 + i)}${row}`, text)).join('')}</row>`
