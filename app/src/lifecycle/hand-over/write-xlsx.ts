// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { writeStream } from './write-stream.ts'

const sizeMax = 0xffff_ffff
/** Rows are gathered to pieces of about this many characters, so that each is compressed at once. */
const pieceLength = 64 * 1024

/** A sheet of more than 4 GiB of XML, which the plain ZIP format cannot hold. */
export class SheetTooLarge extends Error {}

/** 工作簿. Writes one sheet of texts as an XLSX with flat memory, whatever the number of rows: every cell is inline text, never a number, date or formula (SECURITY P24). Throws SheetTooLarge beyond 4 GiB of XML. */
export async function writeXlsx(file: string, sheet: string, rows: AsyncIterable<readonly string[]>): Promise<void> {
  await writeStream(file, zip([...partsOf(sheet), { name: 'xl/worksheets/sheet1.xml', content: sheetXml(rows) }]))
}

interface Part {
  name: string
  content: AsyncIterable<Buffer> | Iterable<Buffer>
}

interface Packed {
  name: Buffer
  at: number
  crc: number
  packed: number
  size: number
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function partsOf(sheet: string): Part[] {
  const texts: [string, string][] = [
    ['[Content_Types].xml', `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`],
    ['_rels/.rels', `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ['xl/workbook.xml', `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${xmlText(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
  ]
  return texts.map(([name, text]) => ({ name, content: [Buffer.from(xml + text)] }))
}

async function* sheetXml(rows: AsyncIterable<readonly string[]>): AsyncGenerator<Buffer, void, undefined> {
  let piece = `${xml}<worksheet xmlns="${main}"><sheetData>`
  const letters: string[] = []
  let number = 0
  for await (const cells of rows) {
    number += 1
    while (letters.length < cells.length) letters.push(columnLetters(letters.length))
    piece += `<row r="${number}">`
    for (let at = 0; at < cells.length; at++) {
      const text = cells[at] ?? ''
      if (text !== '') piece += `<c r="${letters[at] ?? ''}${number}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`
    }
    piece += '</row>'
    if (piece.length < pieceLength) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(`${piece}</sheetData></worksheet>`)
}

/** A, B, … Z, AA, … of a column counted from 0. */
function columnLetters(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest === 0 ? '' : columnLetters(rest - 1)) + String.fromCharCode(65 + (column % 26))
}

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const special = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4})/
const specials = new RegExp(special, 'g')
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text in XML; what XML cannot carry stands as _xHHHH_, and an underscore that could begin such an escape is escaped itself, whatever follows: the end of one may come from its neighbour (ECMA-376 ST_Xstring). */
function xmlText(text: string): string {
  if (!special.test(text)) return text
  return text.replace(specials, (found) => entities[found] ?? (found === '_' ? '_x005F_' : `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`))
}

/** A ZIP of deflated entries whose sizes stand behind them (APPNOTE 4.3.9), without a date of its own. */
async function* zip(parts: readonly Part[]): AsyncGenerator<Buffer, void, undefined> {
  const done: Packed[] = []
  let at = 0
  for (const { name, content } of parts) {
    const packed: Packed = { name: Buffer.from(name), at, crc: 0, packed: 0, size: 0 }
    const head = Buffer.concat([entryHead(Buffer.from([0x50, 0x4b, 3, 4]), null), lengths(packed.name, 0), packed.name])
    yield head
    const deflate = Readable.from(counted(content, packed), { objectMode: false }).pipe(createDeflateRaw({ level: 1 }))
    for await (const bytes of deflate) {
      const part = Buffer.isBuffer(bytes) ? bytes : Buffer.from(String(bytes))
      packed.packed += part.length
      yield part
    }
    if (packed.size > sizeMax || at + packed.packed > sizeMax) throw new SheetTooLarge()
    yield Buffer.concat([Buffer.from([0x50, 0x4b, 7, 8]), sums(packed)])
    at += head.length + packed.packed + 16
    done.push(packed)
  }
  const directory = Buffer.concat(done.map((entry) => {
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(entry.at, 10)
    return Buffer.concat([entryHead(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), entry), lengths(entry.name, 0), tail.subarray(0, 14), entry.name])
  }))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(done.length, 8)
  end.writeUInt16LE(done.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  yield Buffer.concat([directory, end])
}

async function* counted(content: Part['content'], packed: Packed): AsyncGenerator<Buffer, void, undefined> {
  for await (const bytes of content) {
    packed.crc = crc32(bytes, packed.crc)
    packed.size += bytes.length
    if (packed.size > sizeMax) throw new SheetTooLarge()
    yield bytes
  }
}

/** Signature, version 2.0, sizes behind the data and UTF-8 names, deflate, 1980-01-01; then sums, which are zero before the data. */
function entryHead(signature: Buffer, entry: Packed | null): Buffer {
  const fixed = Buffer.from([20, 0, 8, 8, 8, 0, 0, 0, 0x21, 0])
  return Buffer.concat([signature, fixed, entry === null ? Buffer.alloc(12) : sums(entry)])
}

function sums({ crc, packed, size }: Packed): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32LE(crc, 0)
  bytes.writeUInt32LE(packed, 4)
  bytes.writeUInt32LE(size, 8)
  return bytes
}

function lengths(name: Buffer, extra: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(name.length, 0)
  bytes.writeUInt16LE(extra, 2)
  return bytes
}
