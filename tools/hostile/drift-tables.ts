// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { rawBook } from './raw-zip.ts'

/** A canonical value as CONTRACTS §1 has it, known without any reader of ours. */
export type Known = null | string | Uint8Array

/** A file whose every cell is known. `encoding` is what a reader is told, for text. */
export interface DriftTable {
  path: string
  encoding?: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'latin1'
  rows: Known[][]
}

type Draw = () => number
const pick = <T>(draw: Draw, from: readonly [T, ...T[]]): T => from[Math.floor(draw() * from.length)] ?? from[0]

const pieces: readonly [string, ...string[]] = [
  '', ' ', '\t', '\r', '\n', '\r\n', '"', '""', ',', ';', '|', "'", '=', '+', '-', '@', '\\', '&amp;', '<v>', ']]>', '_x000D_', '_x', '0', '00', '007', '1e5', '1E+21', '-0', '0.10', '3/4', '2026-02-30', 'TRUE', 'null', 'NaN',
  '9007199254740993', '110199199001011217', 'a', 'é', 'e\u0301', '张', '三', '欧阳', '\u{20BB7}', '\u{2B820}', '😀', '👨‍👩‍👧', '\u0001', '\u0007', '\u001b[2J', '\u007f', '\u0085', '\u00a0', '\u200b', '\u200e', '\u202e', '\u2028', '\u3000', '\ufeff', '\ufffd', '\uffff', '\u0000', 'ﬁ', 'Ａ', '\u4e00\u9fff',
]
const lone: readonly [string, ...string[]] = ['\ud800', '\udfff', '\ud83d', '\ude00\ud83d']

/** Some hostile text; seldom with a lone surrogate, when those can be written. */
function hostileText(draw: Draw, mayBeLone: boolean): string {
  let text = ''
  for (let n = Math.floor(draw() * 5); n >= 0; n--) text += mayBeLone && draw() < 0.03 ? pick(draw, lone) : pick(draw, pieces)
  return text
}

// Characters of GB18030 with their bytes from the standard; planes 1 to 16 map in a straight line.
const gbBytes = new Map<string, string>([['张', 'd5c5'], ['三', 'c8fd'], ['é', 'a8a6'], ['\u0085', '81308135'], ['\u3000', 'a1a1'], ['一', 'd2bb'], ['\u007f', '7f'], ['丂', '8140'], ['狛', 'a07c']])

function encodeGb(text: string): Buffer {
  return Buffer.concat(Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x80) return Buffer.from([code])
    if (code < 0x10000) return Buffer.from(gbBytes.get(char) ?? '', 'hex')
    const number = code - 0x10000
    return Buffer.from([0x90 + Math.floor(number / 12_600), 0x30 + (Math.floor(number / 1260) % 10), 0x81 + (Math.floor(number / 10) % 126), 0x30 + (number % 10)])
  }))
}

function utf16(text: string, isLittle: boolean): Buffer {
  const bytes = Buffer.alloc(text.length * 2)
  for (let i = 0; i < text.length; i++) bytes[isLittle ? 'writeUInt16LE' : 'writeUInt16BE'](text.charCodeAt(i), i * 2)
  return bytes
}

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** A cell of text in an encoding: its bytes, and what must be read. */
function textCell(draw: Draw, encoding: NonNullable<DriftTable['encoding']>): { bytes: Buffer; known: Known } {
  const given = hostileText(draw, encoding.startsWith('utf-16'))
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const bytes = utf16(given, encoding === 'utf-16le')
    return { bytes, known: isPlain(given) ? given : bytes }
  }
  if (encoding === 'latin1') {
    const text = Array.from(given).filter((char) => (char.codePointAt(0) ?? 0) < 0x100).join('')
    return { bytes: Buffer.from(text, 'latin1'), known: isPlain(text) ? text : Buffer.from(text, 'latin1') }
  }
  const text = encoding === 'utf-8' ? given : Array.from(given).filter((char) => { const code = char.codePointAt(0) ?? 0; return code < 0x80 || code > 0xffff || gbBytes.has(char) }).join('')
  const bytes = encoding === 'utf-8' ? Buffer.from(text) : encodeGb(text)
  if (draw() > 0.05) return { bytes, known: isPlain(text) ? text : bytes }
  // Bytes that are no character of the encoding, or whose character others share: they travel as they are.
  const broken = Buffer.from(encoding === 'utf-8' ? pick(draw, ['ff', 'c0af', 'eda080', 'f4908080', 'e5bc', '80']) : pick(draw, ['ff', '80', 'fe39fe39', 'a2e380', '81308130ff']), 'hex')
  const both = Buffer.concat([Buffer.from('x'), broken, Buffer.from('x')])
  return { bytes: both, known: both }
}

/** A delimited file with every cell quoted; the first row is plain, so that nothing is taken for a title. */
export function driftCsv(draw: Draw, path: string, at: { encoding: NonNullable<DriftTable['encoding']>; rows: number; width: number }): DriftTable {
  const { encoding, width } = at
  const unit = encoding.startsWith('utf-16') ? 2 : 1
  const ascii = (text: string): Buffer => (unit === 2 ? utf16(text, encoding === 'utf-16le') : Buffer.from(text))
  const quote = ascii('"')
  const rows: Known[][] = [Array.from({ length: width }, (_, i) => `x${i}`)]
  const parts: Buffer[] = [Array.from({ length: width }, (_, i) => `"x${i}"`).join(',')].map((line) => ascii(`${line}\r\n`))
  for (let row = 1; row < at.rows; row++) {
    rows.push(Array.from({ length: width }, (_, i) => {
      const cell = i === 0 ? { bytes: ascii(`r${row}`), known: `r${row}` } : textCell(draw, encoding)
      parts.push(ascii(i === 0 ? '"' : ',"'), doubled(cell.bytes, quote), quote)
      return cell.known
    }))
    parts.push(ascii(pick(draw, ['\n', '\r\n'])))
  }
  writeFileSync(path, Buffer.concat(parts))
  return { path, encoding, rows }
}

function doubled(bytes: Buffer, quote: Buffer): Buffer {
  const out: Buffer[] = []
  for (let i = 0; i < bytes.length; i += quote.length) {
    const unit = bytes.subarray(i, i + quote.length)
    out.push(unit)
    if (unit.equals(quote)) out.push(quote)
  }
  return Buffer.concat(out)
}

// XML cannot hold most controls, and Excel escapes what looks like an escape.
function xml(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4})/g, '_x005F_').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (unit) => `_x${unit.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}_`) // eslint-disable-line no-control-regex
}

/** A workbook of shared and inline texts, numbers by their lexeme, booleans, errors and dates. */
export function driftXlsx(draw: Draw, path: string, at: { rows: number; width: number }): DriftTable {
  const shared: string[] = []
  const rows: Known[][] = []
  let sheet = ''
  for (let row = 1; row <= at.rows; row++) {
    const known: Known[] = []
    sheet += `<row r="${row}">`
    for (let i = 0; i < at.width; i++) {
      const cell = row === 1 || i === 0 ? { content: ` t="inlineStr"><is><t>r${row}-${i}</t></is>`, known: `r${row}-${i}` } : sheetCell(draw, shared)
      sheet += `<c r="${String.fromCharCode(65 + i)}${row}"${cell.content}</c>`
      known.push(cell.known)
    }
    rows.push(known)
    sheet += '</row>'
  }
  writeFileSync(path, rawBook({ rows: [sheet], shared: shared.join(''), styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>', isStored: true }))
  return { path, rows }
}

function sheetCell(draw: Draw, shared: string[]): { content: string; known: Known } {
  const kind = Math.floor(draw() * 8)
  if (kind === 0) {
    const lexeme = pick(draw, ['0', '-0', '1.10', '00', '1E+21', '4.9406564584124654E-324', '123456789012345678', '0.1', '-1.5e-7', '9.9999999999999995E+22'])
    return { content: `><v>${lexeme}</v>`, known: lexeme }
  }
  if (kind === 1) return draw() < 0.5 ? { content: ' t="b"><v>1</v>', known: 'TRUE' } : { content: ' t="b"><v>0</v>', known: 'FALSE' }
  if (kind === 2) return { content: ' t="e"><v>#N/A</v>', known: '#N/A' }
  if (kind === 3) {
    const day = Math.floor(draw() * 40_000) + 100
    return { content: ` s="1"><v>${day}</v>`, known: new Date(Date.UTC(1899, 11, 30) + day * 86_400_000).toISOString().slice(0, 10) }
  }
  const text = hostileText(draw, true)
  const known = isPlain(text) ? text : utf16(text, true)
  if (kind === 4) return { content: ` t="str"><f>A1</f><v>${xml(text)}</v>`, known }
  if (kind > 5) return { content: ` t="inlineStr"><is><r><t xml:space="preserve">${xml(text)}</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is>`, known }
  shared.push(`<si><t xml:space="preserve">${xml(text)}</t></si>`)
  return { content: ` t="s"><v>${shared.length - 1}</v>`, known }
}

/** A database of texts, broken texts, integers, reals, blobs and nulls. */
export function driftSqlite(draw: Draw, path: string, at: { rows: number; width: number; encoding: 'UTF-8' | 'UTF-16le' | 'UTF-16be'; hasRowId: boolean }): DriftTable {
  const database = new DatabaseSync(path)
  const columns = Array.from({ length: at.width }, (_, i) => `c${i}`)
  database.exec(`pragma encoding = '${at.encoding}'; create table t(${['id integer primary key', ...columns].join(', ')}) ${at.hasRowId ? '' : 'without rowid'}; begin`)
  const rows: Known[][] = []
  for (let row = 1; row <= at.rows; row++) {
    const cells = columns.map(() => storedCell(draw, at.encoding))
    database.prepare(`insert into t values (${row}, ${cells.map(({ sql }) => sql).join(', ')})`).run()
    rows.push([String(row), ...cells.map(({ known }) => known)])
  }
  database.exec('commit')
  database.close()
  return { path, rows }
}

function storedCell(draw: Draw, encoding: 'UTF-8' | 'UTF-16le' | 'UTF-16be'): { sql: string; known: Known } {
  const kind = Math.floor(draw() * 8)
  if (kind === 0) return { sql: 'null', known: null }
  if (kind === 1) {
    const number = pick(draw, ['0', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775808'])
    return { sql: number === '-9223372036854775808' ? '(-9223372036854775807 - 1)' : number, known: number }
  }
  if (kind === 2) {
    const [sql, known] = pick<[string, string]>(draw, [['0.1', '0.1'], ['1e21', '1e+21'], ['1e300 * 1e300', 'Infinity'], ['5e-324', '5e-324'], ['1.0', '1'], ['123456789.125', '123456789.125']])
    return { sql, known }
  }
  if (kind === 3) {
    const bytes = Buffer.from(Array.from({ length: Math.floor(draw() * 12) }, () => Math.floor(draw() * 256)))
    return { sql: `x'${bytes.toString('hex')}'`, known: bytes }
  }
  const text = hostileText(draw, encoding !== 'UTF-8')
  const isBroken = encoding === 'UTF-8' && kind === 4
  const stored = encoding === 'UTF-8' ? Buffer.concat([Buffer.from(text), Buffer.from(isBroken ? pick(draw, ['ff', 'eda080', 'c0af', 'e5bc']) : '', 'hex')]) : utf16(text, encoding === 'UTF-16le')
  return { sql: `cast(x'${stored.toString('hex')}' as text)`, known: isPlain(text) && !isBroken ? text : stored }
}
