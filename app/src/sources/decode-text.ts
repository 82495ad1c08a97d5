// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { assert } from '../kit/assert.ts'
import { sourceFailures } from './sources-failures.ts'
import type { TextEncoding } from './source-events.ts'

const CHUNK = 1024 * 1024

/** What one pass over the bytes of a text file tells. */
export interface TextSurvey {
  sha256: string
  bytes: number
  encoding: TextEncoding
  /** Length of the byte order mark. */
  bomBytes: number
  /** Whether every byte belongs to a character of the encoding: always, unless the encoding was told. */
  isStrict: boolean
}

/** Reads the whole file once: its digest, and its encoding by byte order mark, strict UTF-8, strict GB18030, in this order (UX.md §7). Refuses when none fits. */
export function surveyText(fd: number, where: string, told: TextEncoding | null, alive: () => void): TextSurvey {
  const survey = new TextSurveyor(fd, where, told)
  while (survey.step()) alive()
  return survey.result(alive)
}

/** The survey piece by piece, for those who do other work in between. */
export class TextSurveyor {
  bytes = 0
  private readonly hash = createHash('sha256')
  private readonly utf8 = new Utf8Check()
  private readonly buffer = Buffer.allocUnsafe(CHUNK)
  private readonly fd: number
  private readonly where: string
  private readonly told: TextEncoding | null
  private head = Buffer.alloc(0)

  constructor(fd: number, where: string, told: TextEncoding | null) {
    this.fd = fd
    this.where = where
    this.told = told
  }

  /** Reads on; false at the end. */
  step(): boolean {
    const n = readSync(this.fd, this.buffer, 0, CHUNK, this.bytes)
    if (n === 0) return false
    const piece = this.buffer.subarray(0, n)
    if (this.bytes === 0) this.head = Buffer.from(piece.subarray(0, 4096))
    this.hash.update(piece)
    this.utf8.push(piece)
    this.bytes += n
    return true
  }

  /** What the whole file told; call it once, after the last step. `isGb18030`: somebody read all of it as strict GB18030 meanwhile, so that it need not be read again. */
  result(alive: () => void, isGb18030 = false): TextSurvey {
    const mark = byteOrderMark(this.head)
    if (this.told === null && this.head.length >= 4 && this.head.readUInt32BE(0) === UTF_32_MARK) throw sourceFailures.ENCODING_UNKNOWN({ where: this.where, at: 0 })
    const isUtf8All = this.utf8.end()
    const encoding = this.told ?? mark?.encoding ?? zeroBytePattern(this.head) ?? (isUtf8All ? 'utf-8' : isGb18030 ? 'gb18030' : gb18030Or(this.fd, this.where, alive))
    const isHalf = encoding.startsWith('utf-16') && this.bytes % 2 === 1
    if (isHalf) throw sourceFailures.ENCODING_UNKNOWN({ where: this.where, at: this.bytes - 1 })
    const isStrict = encoding === 'utf-8' ? isUtf8All : isGb18030 || (this.told === null && mark === null)
    return { sha256: this.hash.digest('hex'), bytes: this.bytes, encoding, bomBytes: mark !== null && mark.encoding === encoding ? mark.bytes : 0, isStrict }
  }
}

/** The encoding that the beginning of a file speaks for; the survey of the whole file decides. */
export function guessEncoding(head: Buffer, told: TextEncoding | null): Pick<TextSurvey, 'encoding' | 'bomBytes'> {
  const mark = byteOrderMark(head)
  const check = new Utf8Check()
  check.push(head)
  const encoding = told ?? mark?.encoding ?? zeroBytePattern(head.subarray(0, 4096)) ?? (check.isSoFar ? 'utf-8' : 'gb18030')
  return { encoding, bomBytes: mark !== null && mark.encoding === encoding ? mark.bytes : 0 }
}

/** The file's bytes in pieces; each piece is valid until the next is asked for. */
export function* chunksOf(fd: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let at = 0; ; ) {
    const n = readSync(fd, buffer, 0, CHUNK, at)
    if (n === 0) return
    yield buffer.subarray(0, n)
    at += n
  }
}

// Its first half is the mark of UTF-16, which would read every second character as NUL.
const UTF_32_MARK = 0xfffe0000

function byteOrderMark(head: Buffer): { encoding: TextEncoding; bytes: number } | null {
  if (head.length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bytes: 3 }
  if (head.length >= 2 && head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 }
  if (head.length >= 2 && head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bytes: 2 }
  if (head.length >= 4 && head.readUInt32BE(0) === 0x84319533) return { encoding: 'gb18030', bytes: 4 }
  return null
}

// UTF-16 without a mark: separators and line ends leave a zero byte at every second place, always the same one.
function zeroBytePattern(head: Buffer): TextEncoding | null {
  let even = 0
  let odd = 0
  for (let i = 0; i < head.length; i++) {
    if (head[i] !== 0) continue
    if (i % 2 === 0) even++
    else odd++
  }
  if (head.length < 8 || even + odd < head.length / 20) return null
  if (even === 0) return 'utf-16le'
  return odd === 0 ? 'utf-16be' : null
}

const none = Buffer.alloc(0)

/** How many bytes at the end belong to a character of UTF-8 whose other bytes may follow. */
export function cutOff(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}

/** Strict UTF-8 over pieces: each piece is cut at its last character start. */
class Utf8Check {
  private ok = true
  private carry: Buffer = none

  push(chunk: Buffer): void {
    if (!this.ok) return
    const from = this.carry.length === 0 ? 0 : this.complete(chunk)
    if (!this.ok || from === chunk.length) return
    const end = chunk.length - cutOff(chunk.subarray(from))
    this.ok = isUtf8(chunk.subarray(from, end))
    this.carry = Buffer.from(chunk.subarray(end))
  }

  // The character that was cut off, with the bytes that it lacked; how many those are.
  private complete(chunk: Buffer): number {
    const lead = this.carry[0] ?? 0
    const lacking = Math.min(chunk.length, (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2) - this.carry.length)
    const character = Buffer.concat([this.carry, chunk.subarray(0, lacking)])
    this.carry = cutOff(character) > 0 ? character : none
    if (this.carry === none) this.ok = isUtf8(character)
    return lacking
  }

  get isSoFar(): boolean {
    return this.ok
  }

  end(): boolean {
    return this.ok && isUtf8(this.carry)
  }
}

function gb18030Or(fd: number, where: string, alive: () => void): TextEncoding {
  const decoder = new TextDecoder('gb18030', { fatal: true })
  let at = 0
  try {
    for (const chunk of chunksOf(fd)) {
      decoder.decode(chunk, { stream: true })
      at += chunk.length
      alive()
    }
    decoder.decode()
    return 'gb18030'
  } catch (error) {
    throw sourceFailures.ENCODING_UNKNOWN({ where, at }, { cause: error })
  }
}

/** Decodes the bytes of one cell; gives a copy of the bytes instead where encoding the text again would not give them back (CONTRACTS §1). */
export type CellDecoder = (bytes: Buffer) => string | Uint8Array

/** The strict per-cell decoder for an encoding. */
export function cellDecoder(encoding: TextEncoding): CellDecoder {
  if (encoding === 'gb18030') return decodeGb18030Cell()
  if (encoding === 'utf-16le') return (bytes) => orBytes(bytes, bytes.length % 2 === 0 ? bytes.toString('utf16le') : null)
  if (encoding === 'utf-16be') return (bytes) => orBytes(bytes, bytes.length % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le') : null)
  if (encoding === 'latin1') return (bytes) => orBytes(bytes, bytes.toString('latin1'))
  return (bytes) => orBytes(bytes, isUtf8(bytes) ? bytes.toString('utf8') : null)
}

function orBytes(bytes: Buffer, text: string | null): string | Uint8Array {
  return text === null || text.includes('\0') || !text.isWellFormed() ? new Uint8Array(bytes) : text
}

function decodeGb18030Cell(): CellDecoder {
  const decoder = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true })
  const ambiguous = ambiguousGb18030()
  return (bytes) => {
    let ascii = true
    for (let i = 0; i < bytes.length && ascii; i++) ascii = (bytes[i] ?? 0) < 0x80
    if (ascii) return orBytes(bytes, bytes.toString('latin1'))
    if (ambiguous.in(bytes)) return new Uint8Array(bytes)
    try {
      return orBytes(bytes, decoder.decode(bytes))
    } catch {
      return new Uint8Array(bytes)
    }
  }
}

interface AmbiguousSequences {
  in(bytes: Buffer): boolean
}

let sequencesOnce: Gb18030Sequences | null = null

/** The GB18030 sequences that share their character with another sequence: text alone cannot tell which bytes stood there. Made from this platform's own decoder. */
function ambiguousGb18030(): AmbiguousSequences {
  const { flagged } = gb18030Sequences()
  return { in: (cell) => walkGb18030(cell, flagged) }
}

/** The characters of GB18030 by its sequences, as this platform's decoder has them; 0 for what is no character, or shares it with another sequence. Beyond 50,400 four bytes map in a straight line to planes 1 to 16. */
export interface Gb18030Sequences {
  /** By both bytes. */
  two: Uint16Array
  /** By the number that the four bytes spell. */
  four: Uint16Array
  flagged: ReadonlySet<number>
}

/** Made once in a thread: one sequence a line, decoded in one go, since tens of thousands of calls would take a second. */
export function gb18030Sequences(): Gb18030Sequences {
  sequencesOnce ??= findSequences()
  return sequencesOnce
}

function findSequences(): Gb18030Sequences {
  const keys: number[] = []
  const bytes: number[] = []
  const note = (key: number, ...sequence: number[]): void => {
    keys.push(key)
    bytes.push(...sequence, 0x0a)
  }
  note(0x80, 0x80)
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) note(lead * 256 + trail, lead, trail)
  }
  for (let b1 = 0x81; b1 <= 0x84; b1++) { // beyond 0x84 four bytes map in a straight line to planes 1 to 16
    for (let rest = 0; rest < 12_600; rest++) {
      const b2 = 0x30 + Math.floor(rest / 1260)
      const b3 = 0x81 + (Math.floor(rest / 10) % 126)
      const b4 = 0x30 + (rest % 10)
      note(((b1 * 256 + b2) * 256 + b3) * 256 + b4, b1, b2, b3, b4)
    }
  }
  const texts = new TextDecoder('gb18030', { ignoreBOM: true }).decode(Uint8Array.from(bytes)).split('\n')
  assert(texts.length === keys.length + 1, 'every sequence was decoded on its own line')
  const flagged = ambiguousOf(keys, texts)
  const [two, four] = [new Uint16Array(65_536), new Uint16Array(50_400)]
  keys.forEach((key, i) => {
    const text = texts[i] ?? ''
    if (text.length !== 1 || text === '\uFFFD' || flagged.has(key)) return
    if (key <= 0xffff) two[key] = text.charCodeAt(0)
    else four[fourNumber(key >>> 24, (key >>> 16) & 0xff, (key >>> 8) & 0xff, key & 0xff)] = text.charCodeAt(0)
  })
  return { two, four, flagged }
}

/** The number that four bytes of GB18030 spell, from 0x81308130 on. */
export function fourNumber(b1: number, b2: number, b3: number, b4: number): number {
  return (((b1 - 0x81) * 10 + (b2 - 0x30)) * 126 + (b3 - 0x81)) * 10 + (b4 - 0x30)
}

function ambiguousOf(keys: readonly number[], texts: readonly string[]): Set<number> {
  const keysByText = new Map<string, number[]>()
  keys.forEach((key, i) => {
    const text = texts[i] ?? ''
    if (text.includes('\uFFFD')) return // refused by the strict decoder anyway
    const known = keysByText.get(text)
    if (known === undefined) keysByText.set(text, [key])
    else known.push(key)
  })
  const flagged = new Set<number>()
  for (const same of keysByText.values()) if (same.length > 1) for (const key of same.slice(key0(same))) flagged.add(key)
  return flagged
}

// The two-byte form is what every encoder writes; only the other forms lose their bytes in a round trip.
function key0(keys: number[]): number {
  return keys.some((key) => key > 0xff && key <= 0xffff) && keys[0] !== 0x80 ? 1 : 0
}

function walkGb18030(bytes: Buffer, flagged: ReadonlySet<number>): boolean {
  if (flagged.size === 0) return false
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0
    if (lead < 0x80) {
      i++
      continue
    }
    const second = bytes[i + 1] ?? 0
    const isFour = second >= 0x30 && second <= 0x39
    const key = lead === 0x80 ? 0x80 : isFour ? bytes.length >= i + 4 ? bytes.readUInt32BE(i) : 0 : lead * 256 + second
    if (flagged.has(key)) return true
    i += lead === 0x80 ? 1 : isFour ? 4 : 2
  }
  return false
}
