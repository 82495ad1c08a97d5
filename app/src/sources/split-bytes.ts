// SPDX-License-Identifier: Apache-2.0

/** How a piece of bytes was split: to its end or limit, to a record that is cut off, until the block was full, or until a record that does not fit (more cells than the block is wide, more than allowed, a quote that never ends). */
export type SplitState = 'end' | 'incomplete' | 'full' | 'wider' | 'too-many-fields' | 'unclosed-quote'

/** Memory of a kernel for a window of bytes and the spans of a block, and its own way to split records that are usual (`ByteSplitter.usualRecord`): it goes on from `next` until the block is full, or a record is not usual. */
export interface SplitRoom {
  readonly window: Buffer
  readonly starts: Int32Array
  readonly metas: Int32Array
  readonly places: Int32Array
  split(state: ByteSplitter, block: RowBlock, piece: { length: number; last: number; delimiter: number }): void
}

/** Cells of some rows as spans of UTF-8 bytes, row after row; made once and filled again and again. */
export class RowBlock {
  bytes: Buffer = Buffer.alloc(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  /** The same bytes two by two. */
  pairs: Uint16Array = new Uint16Array(0)
  rows = 0
  readonly width: number
  readonly namedWidth: number
  readonly starts: Int32Array
  readonly metas: Int32Array
  readonly places: Float64Array | Int32Array
  readonly capacity: number
  readonly widthCells: number
  /** Where bytes and spans stand when a kernel splits them. */
  readonly room: SplitRoom | null

  constructor(width: number, namedWidth: number, room: SplitRoom | null = null) {
    this.room = room
    this.width = width
    this.namedWidth = namedWidth
    this.widthCells = Math.max(1, width)
    this.capacity = Math.max(1, Math.min(1024, Math.floor(65_536 / this.widthCells)))
    this.starts = room?.starts ?? new Int32Array(this.capacity * this.widthCells)
    this.metas = room?.metas ?? new Int32Array(this.capacity * this.widthCells)
    this.places = room?.places ?? new Float64Array(this.capacity)
  }

  /** Points the block at bytes, which begin at an even place of their memory. */
  over(bytes: Buffer): void {
    if (bytes === this.bytes) return
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
  }
}

const QUOTE = 0x22
const CR = 0x0d
const LF = 0x0a
const STOP = 128
const ESCAPED = 128
const NOT_PLAIN = 64

/** What each byte, and each pair of bytes, says about its cell; made once for a file. */
export interface SplitTables {
  delimiter: number
  classes: Uint8Array
  /** The same with the bytes that end a cell marked. */
  stops: Uint8Array
  pairStops: Uint8Array
}

/** The tables for a separator; `classes` says what each byte tells about its cell, in the lower seven bits. */
export function splitTables(delimiter: number, classes: Readonly<Uint8Array>): SplitTables {
  const stops = Uint8Array.from(classes)
  for (const byte of [delimiter, CR, LF]) stops[byte] = STOP
  const pairStops = new Uint8Array(65_536)
  for (let pair = 0; pair < 65_536; pair++) pairStops[pair] = (stops[pair & 255] ?? 0) | (stops[pair >> 8] ?? 0)
  return { delimiter, classes: Uint8Array.from(classes), stops, pairStops }
}

/** Splits UTF-8 bytes into rows and cells and classes the bytes of each cell in the same pass (RFC 4180 and the leniencies of split-csv.ts, whose results it equals; PERFORMANCE.md §3.1). */
export class ByteSplitter {
  /** Records seen in this part of the file, blank ones too: the row of the next one, less one. */
  row = 0
  /** The most cells of a row that is not blank. */
  widest = 0
  readonly counts = { rows: 0, blankRows: 0, shortRows: 0, longRows: 0, oddCells: 0 }
  private readonly tables: SplitTables
  private readonly fieldsMax: number

  constructor(tables: SplitTables, fieldsMax: number) {
    this.tables = tables
    this.fieldsMax = fieldsMax
  }

  /** Where the record begins that the last call of `split` did not take. */
  next = 0

  /** Fills `block` with the records that begin at `from` or later and before `limit`. The byte at `length` must be writable. */
  split(block: RowBlock, from: number, piece: { length: number; limit: number; isLast: boolean }): SplitState {
    const { length, limit, isLast } = piece
    block.bytes[length] = LF // ends every search without a look at the length
    block.rows = 0
    this.next = from
    const last = Math.min(limit, length)
    let state = 0
    while (this.next < last && block.rows < block.capacity && state === 0) {
      if (block.room !== null) {
        block.room.split(this, block, { length, last, delimiter: this.tables.delimiter })
        if (this.next >= last || block.rows === block.capacity) break
      }
      const usual = block.room === null ? this.usualRecord(block, this.next, length) : 0
      const end = usual > 0 ? usual : this.record(block, this.next, length, isLast)
      if (end < 0) state = end
      else this.next = end
    }
    if (state === 0) return this.next < last ? 'full' : 'end'
    return state === -1 ? 'incomplete' : state === -2 ? 'unclosed-quote' : state === -3 ? 'wider' : 'too-many-fields'
  }

  // Most records: without text after a closing quote, of no more fields than the block is wide, ended before the bytes do. 0 for all others, of which nothing is kept.
  private usualRecord(block: RowBlock, from: number, length: number): number {
    const { bytes, pairs, starts, metas, widthCells } = block
    const { stops, pairStops, delimiter } = this.tables
    const base = block.rows * widthCells
    let fields = 0
    let filled = 0
    this.odd = 0
    this.escaped = 0
    let at = from
    for (;;) {
      if (fields === widthCells) return 0
      let start = at
      let end: number
      const first = bytes[at] ?? 0
      let bits = stops[first] ?? 0
      if (first === QUOTE) {
        at = this.quoted(bytes, at, length, true)
        if (at < 0 || (stops[bytes[at] ?? 0] ?? 0) !== STOP) return 0
        start++
        end = at - 1
        bits = this.bits
      } else if (bits === STOP) {
        end = at
        bits = 0
      } else { // as in `plain`, without the call
        let pair = (at + 1) >> 1
        for (let cls = pairStops[pairs[pair] ?? 0] ?? 0; (cls & STOP) === 0; cls = pairStops[pairs[++pair] ?? 0] ?? 0) bits |= cls
        at = pair << 1
        const cls = stops[bytes[at] ?? 0] ?? 0
        if (cls !== STOP) {
          bits |= cls
          at++
        }
        end = at
      }
      starts[base + fields] = start
      metas[base + fields] = ((end - start) << 8) | bits
      if (end > start) filled++
      fields++
      if (bytes[at] !== delimiter) break
      at++
    }
    if (at + 1 >= length) return 0
    this.row++
    if (filled === 0) this.counts.blankRows++
    else this.finish(block, base, fields)
    return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1
  }

  // Where the record ends; -1 cut off, -2 unclosed, -3 wider than the block, -4 wider than allowed.
  private record(block: RowBlock, from: number, length: number, isLast: boolean): number {
    const { bytes, starts, metas, widthCells } = block
    const { stops, delimiter } = this.tables
    const base = block.rows * widthCells
    let fields = 0
    let filled = 0
    this.odd = 0
    this.escaped = 0
    let at = from
    for (;;) {
      let start = at
      let end: number
      if (bytes[at] === QUOTE && at < length) {
        const closed = this.quoted(bytes, at, length, isLast)
        if (closed < 0) return closed
        start = at + 1
        end = closed - 1
        at = closed
        if ((stops[bytes[at] ?? 0] ?? 0) !== STOP) {
          start--
          at = this.asWritten(bytes, start, at)
          end = at
        }
      } else {
        at = this.plain(block, at)
        end = at
      }
      if (at >= length && !isLast) return -1
      if (bytes[at] === CR && at + 1 >= length && !isLast) return -1 // an LF may follow
      if (fields === widthCells) return fields >= this.fieldsMax ? -4 : -3
      starts[base + fields] = start
      metas[base + fields] = ((end - start) << 8) | this.bits
      if (end > start) filled++
      fields++
      if (at < length && bytes[at] === delimiter) at++
      else break
    }
    this.row++
    if (filled === 0) this.counts.blankRows++
    else this.finish(block, base, fields)
    return at >= length ? length : bytes[at] === CR && bytes[at + 1] === LF && at + 1 < length ? at + 2 : at + 1
  }

  private finish(block: RowBlock, base: number, fields: number): void {
    const { counts } = this
    if (this.escaped > 0) unescape(block, base, fields)
    counts.rows++
    if (fields > this.widest) this.widest = fields
    if (fields < block.namedWidth) counts.shortRows++
    if (fields > block.namedWidth) counts.longRows++
    counts.oddCells += this.odd
    if (fields < block.widthCells) {
      const named = Math.max(fields, block.namedWidth)
      block.starts.fill(-1, base + fields, base + named)
      block.starts.fill(-2, base + named, base + block.widthCells)
    }
    block.places[block.rows++] = this.row
  }

  /** The classes of the bytes of the field that was read last, and of its record: fields as written, fields with doubled quotes. */
  private bits = 0
  private odd = 0
  private escaped = 0

  // The end of a field without quotes: bytes two by two.
  private plain(block: RowBlock, from: number): number {
    const { bytes, pairs } = block
    const { stops, pairStops } = this.tables
    let at = from
    let bits = stops[bytes[at] ?? 0] ?? 0
    if ((bits & STOP) !== 0) {
      this.bits = 0
      return at
    }
    let pair = (at + 1) >> 1
    for (let cls = pairStops[pairs[pair] ?? 0] ?? 0; (cls & STOP) === 0; cls = pairStops[pairs[++pair] ?? 0] ?? 0) bits |= cls
    at = pair << 1
    const cls = stops[bytes[at] ?? 0] ?? 0
    if ((cls & STOP) === 0) {
      bits |= cls
      at++
    }
    this.bits = bits
    return at
  }

  // Text follows a closing quote: the field is taken as it stands, quotes included.
  private asWritten(bytes: Buffer, start: number, from: number): number {
    const { stops, classes } = this.tables
    let at = from
    let bits = (this.bits & 127) | (classes[QUOTE] ?? 0)
    if ((this.bits & ESCAPED) !== 0) this.escaped--
    for (let cls = stops[bytes[at] ?? 0] ?? 0; cls !== STOP; cls = stops[bytes[++at] ?? 0] ?? 0) bits |= cls
    this.bits = bits
    if ((bits & NOT_PLAIN) === 0 || !bytes.subarray(start, at).includes(0)) this.odd++ // bytes that are no text are odd already
    return at
  }

  // The place after the closing quote, and in `bits` the classes of what stands between the quotes, with ESCAPED when quotes are doubled in it; -1 cut off, -2 never closed.
  private quoted(bytes: Buffer, open: number, length: number, isLast: boolean): number {
    const { classes } = this.tables
    let bits = 0
    for (let at = open + 1; at < length; at++) {
      const byte = bytes[at] ?? 0
      if (byte !== QUOTE) {
        bits |= classes[byte] ?? 0
        continue
      }
      if (at + 1 === length && !isLast) return -1
      if (at + 1 < length && bytes[at + 1] === QUOTE) {
        bits |= ESCAPED | (classes[QUOTE] ?? 0)
        at++
        continue
      }
      this.bits = bits
      if ((bits & ESCAPED) !== 0) this.escaped++
      return at + 1
    }
    return isLast ? -2 : -1
  }
}

// Doubled quotes become one, in place: the bytes are a copy of ours and are not read again.
function unescape(block: RowBlock, base: number, fields: number): void {
  const { bytes, starts, metas } = block
  for (let cell = base; cell < base + fields; cell++) {
    const meta = metas[cell] ?? 0
    if ((meta & ESCAPED) === 0) continue
    const start = starts[cell] ?? 0
    let to = start
    for (let at = start; at < start + (meta >>> 8); at++) {
      bytes[to++] = bytes[at] ?? 0
      if (bytes[at] === QUOTE) at++
    }
    metas[cell] = ((to - start) << 8) | (meta & 127)
  }
}
