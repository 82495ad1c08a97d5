// SPDX-License-Identifier: Apache-2.0
import { fourNumber, gb18030Sequences } from './decode-text.ts'

const MARGIN = 8
const EVERY = 16 * 1024

/** A window of GB18030 bytes as UTF-8, with the way back from places in the one to places in the other. Bytes are stepped over by their lead byte (PERFORMANCE.md §3.2); what is no character, or one that text would not give back, is not taken. */
export class Gb18030Window {
  bytes: Buffer
  length = 0
  /** Where `limit` of the source came to stand. */
  limit = 0
  private readonly sequences = gb18030Sequences()
  private source: Buffer = Buffer.alloc(0)
  /** Places in source and UTF-8 at intervals. */
  private marks: number[] = []
  private from = 0

  private readonly room: Buffer
  private more: Buffer = Buffer.alloc(0)

  /** `room`: where the UTF-8 goes when it fits there. */
  constructor(room: Buffer = Buffer.alloc(0)) {
    this.room = room
    this.bytes = room
  }

  /** Takes a window; a character that is cut off at its end waits for the next, unless the file ends there. False when it is not strict GB18030. */
  take(source: Buffer, limit: number, isLast: boolean): boolean {
    const wanted = Math.ceil(source.length * 1.5) + MARGIN
    if (this.room.length < wanted && this.more.length < wanted) this.more = Buffer.allocUnsafe(wanted + (wanted & 1))
    this.bytes = this.room.length < wanted ? this.more : this.room
    this.source = source
    this.marks = []
    this.from = 0
    this.length = 0
    this.limit = -1
    while (this.from < source.length) {
      if (this.limit < 0 && this.from >= limit) this.limit = this.length
      this.marks.push(this.from, this.length)
      const stop = Math.min(source.length, this.from + EVERY, this.limit < 0 && limit > this.from ? limit : source.length)
      const end = this.convert(this.from, stop, this.length)
      if (end < 0) return false
      if (end === 0) break
    }
    if (this.limit < 0) this.limit = limit >= source.length ? this.length + 1 : this.length
    return this.from === source.length || !isLast
  }

  // Converts characters that begin before `stop`; 1, 0 when one is cut off, -1 when there is none.
  private convert(from: number, stop: number, to: number): number {
    const { source, bytes } = this
    const { two, four } = this.sequences
    let at = from
    let out = to
    let state = 1
    while (at < stop) {
      const lead = source[at] ?? 0
      if (lead < 0x80) {
        bytes[out++] = lead
        at++
        continue
      }
      const second = source[at + 1] ?? 0
      const isFour = second >= 0x30 && second <= 0x39
      if (at + (isFour ? 4 : 2) > source.length) {
        state = 0
        break
      }
      const number = isFour ? fourNumber(lead, second, source[at + 2] ?? 0, source[at + 3] ?? 0) : 0
      const unit = isFour ? (isFourBytes(lead, source[at + 2] ?? 0, source[at + 3] ?? 0) ? (four[number] ?? 0) : 0) : (two[lead * 256 + second] ?? 0)
      if (unit === 0) {
        const point = isFour && isFourBytes(lead, source[at + 2] ?? 0, source[at + 3] ?? 0) ? 0x10000 + number - 189_000 : 0
        if (point < 0x10000 || point > 0x10ffff) return -1
        bytes[out++] = 0xf0 | (point >> 18)
        bytes[out++] = 0x80 | ((point >> 12) & 0x3f)
        bytes[out++] = 0x80 | ((point >> 6) & 0x3f)
        bytes[out++] = 0x80 | (point & 0x3f)
      } else if (unit < 0x800) {
        bytes[out++] = 0xc0 | (unit >> 6)
        bytes[out++] = 0x80 | (unit & 0x3f)
      } else {
        bytes[out++] = 0xe0 | (unit >> 12)
        bytes[out++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[out++] = 0x80 | (unit & 0x3f)
      }
      at += isFour ? 4 : 2
    }
    this.from = at
    this.length = out
    return state
  }

  /** The place in the source that stands at a place in the UTF-8 where a character begins. */
  sourceOf(place: number): number {
    let mark = 0
    while (mark + 2 < this.marks.length && (this.marks[mark + 3] ?? 0) <= place) mark += 2
    let at = this.marks[mark] ?? 0
    for (let out = this.marks[mark + 1] ?? 0; out < place; ) {
      const lead = this.source[at] ?? 0
      const second = this.source[at + 1] ?? 0
      const isFour = lead >= 0x80 && second >= 0x30 && second <= 0x39
      const unit = isFour ? (this.sequences.four[fourNumber(lead, second, this.source[at + 2] ?? 0, this.source[at + 3] ?? 0)] ?? 0) : (this.sequences.two[lead * 256 + second] ?? 0)
      out += lead < 0x80 ? 1 : unit === 0 ? 4 : unit < 0x800 ? 2 : 3
      at += lead < 0x80 ? 1 : isFour ? 4 : 2
    }
    return at
  }
}

const isFourBytes = (lead: number, third: number, fourth: number): boolean => lead >= 0x81 && lead <= 0xfe && third >= 0x81 && third <= 0xfe && fourth >= 0x30 && fourth <= 0x39
