// SPDX-License-Identifier: Apache-2.0
import { deflateSync, gzipSync } from 'node:zlib'
import { utils, write } from '@e965/xlsx'
import { rawZip, type RawEntry } from '../hostile/raw-zip.ts'
import type { Picture } from './draw-text.ts'

const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** What a Word document shall hold; `raw` is put into the body as it stands. */
export interface WordContent {
  paragraphs?: readonly string[]
  tables?: readonly (readonly (readonly string[])[])[]
  header?: string
  comments?: readonly string[]
  author?: string
  raw?: string
  picture?: Buffer
  more?: readonly RawEntry[]
}

const namespaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
const relationType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const paragraph = (text: string): string => `<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr><w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`
const table = (rows: readonly (readonly string[])[]): string => `<w:tbl>${rows.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`

/** The entries of a DOCX (ECMA-376), written by hand. */
export function wordEntries(content: WordContent): RawEntry[] {
  const parts: RawEntry[] = [{ name: '[Content_Types].xml', data: '<Types/>' }, { name: '_rels/.rels', data: `<Relationships><Relationship Id="r1" Type="${relationType}/officeDocument" Target="word/document.xml"/></Relationships>` }]
  const relations: string[] = []
  const part = (name: string, type: string, data: Buffer | string): void => {
    parts.push({ name: `word/${name}`, data })
    relations.push(`<Relationship Id="p${relations.length}" Type="${relationType}/${type}" Target="${name}"/>`)
  }
  const body = `${(content.paragraphs ?? []).map(paragraph).join('')}${(content.tables ?? []).map(table).join('')}${content.raw ?? ''}`
  parts.push({ name: 'word/document.xml', data: `<?xml version="1.0" encoding="UTF-8"?><w:document ${namespaces}><w:body>${body}</w:body></w:document>`, isPacked: true })
  if (content.header !== undefined) part('header1.xml', 'header', `<w:hdr ${namespaces}>${paragraph(content.header)}</w:hdr>`)
  if (content.comments !== undefined) part('comments.xml', 'comments', `<w:comments ${namespaces}>${content.comments.map((text, i) => `<w:comment w:id="${i}">${paragraph(text)}</w:comment>`).join('')}</w:comments>`)
  if (content.picture !== undefined) part('media/image1.png', 'image', content.picture)
  if (content.author !== undefined) parts.push({ name: 'docProps/core.xml', data: `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>${escaped(content.author)}</dc:creator></cp:coreProperties>` })
  parts.push({ name: 'word/_rels/document.xml.rels', data: `<Relationships>${relations.join('')}</Relationships>` }, ...(content.more ?? []))
  return parts
}

/** A DOCX file. */
export const docxOf = (content: WordContent): Buffer => rawZip(wordEntries(content))

/** An old workbook (BIFF8); the second sheet is hidden. */
export function xlsOf(sheets: Readonly<Record<string, readonly (readonly (string | number | Date)[])[]>>, hidden: readonly string[] = []): Buffer {
  const names = Object.keys(sheets)
  const book = { SheetNames: names, Sheets: Object.fromEntries(names.map((name) => [name, utils.aoa_to_sheet((sheets[name] ?? []).map((row) => [...row]))])), Workbook: { Sheets: names.map((name) => ({ name, Hidden: hidden.includes(name) ? 1 as const : 0 as const })) } }
  return Buffer.from(new Uint8Array(write(book, { bookType: 'biff8', type: 'array' })))
}

/** A PDF whose pages are pictures only, as a scanner makes it (ISO 32000-1, written by hand). */
export function scannedPdf(pages: readonly Picture[]): Buffer {
  const objects: Buffer[] = [Buffer.from('<</Type/Catalog/Pages 2 0 R>>'), Buffer.from(`<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, i) => `${3 + i * 3} 0 R`).join(' ')}]>>`)]
  for (const [i, { width, height, pixels }] of pages.entries()) {
    const content = Buffer.from(`q ${width} 0 0 ${height} 0 0 cm /I Do Q`)
    const packed = deflateSync(pixels)
    objects.push(
      Buffer.from(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Resources<</XObject<</I ${5 + i * 3} 0 R>>>>/Contents ${4 + i * 3} 0 R>>`),
      Buffer.concat([Buffer.from(`<</Length ${content.length}>>stream\n`), content, Buffer.from('\nendstream')]),
      Buffer.concat([Buffer.from(`<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length ${packed.length}>>stream\n`), packed, Buffer.from('\nendstream')]),
    )
  }
  return pdfOf(objects)
}

/** A PDF of these objects, numbered from 1, with its cross reference table; the first is the catalogue. */
export function pdfOf(objects: readonly (Buffer | string)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n%\u00e2\u00e3\n', 'latin1')]
  const offsets: number[] = []
  let at = parts[0]?.length ?? 0
  for (const [i, object] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')])
    offsets.push(at)
    parts.push(part)
    at += part.length
  }
  const table_ = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.concat([...parts, Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table_}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`)])
}

/** One entry of a TAR. */
export interface TarEntry {
  name: string
  data?: Buffer | string
  type?: string
  link?: string
  /** Where the header shall lie. */
  saysBytes?: number
}

/** A TAR (ustar), written by hand. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap(({ name, data = '', type = '0', link = '', saysBytes }) => {
    const body = Buffer.from(data)
    const header = Buffer.alloc(512)
    header.write(name, 0, 100, 'utf8')
    header.write('0000644\0', 100)
    header.write(`${(saysBytes ?? body.length).toString(8).padStart(11, '0')}\0`, 124)
    header.write('00000000000\0', 136)
    header.write('        ', 148)
    header.write(type, 156)
    header.write(link, 157, 100, 'utf8')
    header.write('ustar\u000000', 257)
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/** The same, packed. */
export const tarGzOf = (entries: readonly TarEntry[]): Buffer => gzipSync(tarOf(entries))

/** A mail with attachments (RFC 5322, MIME). */
export function emlOf(mail: { from: string; to: string; subject: string; text: string; html?: string; attached?: readonly { name: string; type: string; data: Buffer | string }[] }): string {
  const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
  const mailbox = (text: string): string => text.replace(/^(.*?) </, (_, name: string) => `${word(name)} <`)
  const written = (type: string, text: string): string => `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString('base64')}`
  const parts = [
    mail.html === undefined ? written('text/plain', mail.text) : `Content-Type: multipart/alternative; boundary="b2"\r\n\r\n--b2\r\n${written('text/plain', mail.text)}\r\n--b2\r\n${written('text/html', mail.html)}\r\n--b2--`,
    ...(mail.attached ?? []).map(({ name, type, data }) => `Content-Type: ${type}; name="${word(name)}"\r\nContent-Disposition: attachment; filename="${word(name)}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(data).toString('base64')}`),
  ]
  return `From: ${mailbox(mail.from)}\r\nTo: ${mailbox(mail.to)}\r\nSubject: ${word(mail.subject)}\r\nDate: Mon, 02 Nov 2026 09:00:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\n${parts.map((part) => `--b1\r\n${part}\r\n`).join('')}--b1--\r\n`
}

let gb18030Once: Map<string, number> | null = null

/** Text in GB18030 (two-byte characters and ASCII only). */
export function gb18030Of(text: string): Buffer {
  gb18030Once ??= gb18030Table()
  const bytes: number[] = []
  for (const char of text) {
    const code = gb18030Once.get(char) ?? char.charCodeAt(0)
    if (code > 0xff) bytes.push(code >> 8)
    bytes.push(code & 0xff)
  }
  return Buffer.from(bytes)
}

function gb18030Table(): Map<string, number> {
  const decoder = new TextDecoder('gb18030')
  const found = new Map<string, number>()
  for (let lead = 0x81; lead <= 0xfe; lead++) for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) found.set(decoder.decode(Uint8Array.of(lead, trail)), lead * 256 + trail)
  return found
}
