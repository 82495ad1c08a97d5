// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { readSource, sourceFailures, statOf, type Cell, type ReadEvent } from '../../sources/index.ts'
import { promisesFailures } from './promises-failures.ts'

/** The text of a privacy notice in pieces with their places, the file it came from, and what in it could not be read. */
export interface NoticeText {
  kind: string
  sha256: string
  bytes: number
  pieces: { place: number; text: string }[]
  notRead: string[]
}

/** A notice is a few pages; more than this is another document. */
const bytesMax = 20_000_000
/** Prose in a plain file is never a table, however many commas it has. */
const plainEndings = ['.txt', '.md', '.text']

/** Reads the text of a privacy notice: plain text in UTF-8 or GB18030, DOCX and PDF by the readers of discovery. Refuses a file without text; what could not be read (a picture, a page) is listed, for a promise might stand there. */
export async function readNoticeText(path: string): Promise<NoticeText> {
  const file = basename(path)
  const { size } = statOf(path, file)
  if (size > bytesMax) throw promisesFailures.PRIVACY_TOO_LARGE({ file, bytes: size, limit: bytesMax })
  const text = plainEndings.includes(extname(path).toLowerCase()) ? readPlain(path) : await readDocument(path)
  if (!text.pieces.some((piece) => piece.text.trim() !== '')) throw promisesFailures.PRIVACY_NO_TEXT({ file, why: text.kind })
  return text
}

function readPlain(path: string): NoticeText {
  const bytes = readFileSync(path)
  const decoded = decode(bytes, basename(path))
  return { kind: 'text', sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, pieces: unwrap(decoded.split(/\r\n|\n|\r/).map((text, at) => ({ place: at + 1, text }))), notRead: [] }
}

function decode(bytes: Uint8Array, where: string): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  throw sourceFailures.ENCODING_UNKNOWN({ where, at: 0 })
}

async function readDocument(path: string): Promise<NoticeText> {
  const text: NoticeText = { kind: '', sha256: '', bytes: 0, pieces: [], notRead: [] }
  const wanted = new Set<number>()
  for await (const event of readSource(path, { documents: 'parts' })) {
    if (event.kind === 'source' && text.kind === '') Object.assign(text, { kind: event.source.kind, sha256: event.source.sha256, bytes: event.source.bytes })
    if (event.kind === 'notRead') text.notRead.push(`${event.where}: ${event.why.zh} / ${event.why.en}`)
    if (event.kind === 'dataSet') takeDataSet(event, wanted, text)
    if (event.kind === 'rows' && wanted.has(event.dataSet)) text.pieces.push(...event.rows.flatMap((row) => row.cells.flatMap((cell) => pieceOf(row.place, cell))))
  }
  if (text.kind === 'pdf') text.pieces = unwrap(text.pieces.flatMap((piece) => piece.text.split(/\r\n|\n/).map((line) => ({ place: piece.place, text: line }))))
  return text
}

/** A line this short that ends without a stop is a title, not the beginning of a wrapped sentence. */
const titleMax = 15
const endsSentence = /[。；;！!？?：:.]["”』」]?\s*$/u
const beginsItem = /^\s*(?:\d{1,2}\s*[、.．)）]|[（(][\d一二三四五六七八九十]{1,3}[)）]|[①-⑳•·●▪]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[条章节])/u

/** Joins lines that only the width of the page broke, so that a promise and its exception stand in one clause. */
function unwrap(lines: readonly { place: number; text: string }[]): { place: number; text: string }[] {
  const joined: { place: number; text: string }[] = []
  for (const line of lines) {
    const last = joined.at(-1)
    const goesOn = last !== undefined && last.text.trim().length > titleMax && line.text.trim() !== '' && !endsSentence.test(last.text) && !beginsItem.test(line.text)
    if (goesOn) last.text = `${last.text.trimEnd()}${/[A-Za-z,]$/.test(last.text.trimEnd()) ? ' ' : ''}${line.text.trimStart()}`
    else joined.push({ ...line })
  }
  return joined
}

/** Paragraphs, pages and tables of the document itself; headers, comments and deleted passages (`#beside`) promise nothing to a customer. */
function takeDataSet({ dataSet }: Extract<ReadEvent, { kind: 'dataSet' }>, wanted: Set<number>, text: NoticeText): void {
  if (dataSet.name.endsWith('#beside')) return
  wanted.add(dataSet.index)
  // The first row of a table may be words as well.
  if (dataSet.text === undefined) text.pieces.push(...dataSet.fields.filter(({ name }) => name !== '').map(({ name }) => ({ place: dataSet.headerRow ?? 1, text: name })))
}

function pieceOf(place: number, { value }: Cell): { place: number; text: string }[] {
  return typeof value === 'string' ? [{ place, text: value }] : []
}
