// SPDX-License-Identifier: Apache-2.0

import type { CellBlock } from './byte-classes.ts'

const SCRATCH_BYTES = 4096
/** How far a hash may read behind its value; views must reach so far. */
export const hashMargin = 4

// What `spread` found last: two numbers without an object for each cell.
let spreadLow = 0
let spreadHigh = 0

function spread(view: DataView, start: number, length: number): void {
  const end = start + length
  let low = 0x811c9dc5 ^ length
  let high = 0x9e3779b9
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
    high = Math.imul(high ^ view.getInt32(at + 4, true), 0x85ebca77)
    low ^= high >>> 15
    high ^= low >>> 13
  }
  const rest = end - at
  if (rest >= 4) {
    low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
    high = Math.imul(high ^ view.getInt32(end - 4, true), 0x85ebca77) // overlaps: the length is part of the hash
  } else if (rest > 0) high = Math.imul(high ^ (view.getInt32(at, true) & ((1 << (rest * 8)) - 1)), 0x85ebca77)
  spreadLow = low
  spreadHigh = high
}

/** A 32-bit hash over the bytes of a value, for counting only: how many values differ, where a value is remembered. It never leaves memory. The view reaches `hashMargin` bytes beyond the value. */
export function hashBytes(view: DataView, start: number, length: number): number {
  spread(view, start, length)
  let hash = spreadLow ^ ((spreadHigh << 15) | (spreadHigh >>> 17))
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Hashes texts and bytes that stand in no buffer of ours, as `hashBytes` does. */
export class CellHash {
  private scratch = new DataView(new ArrayBuffer(SCRATCH_BYTES + hashMargin))

  /** The hash of a text by its UTF-8 bytes, so that text and bytes of one value agree. */
  ofText(text: string): number {
    const room = this.room(text.length * 3)
    return hashBytes(this.scratch, 0, room.write(text, 'utf8'))
  }

  /** Mixes a text into the hash of a row. */
  mixText(text: string, rows: RowHashes, row: number): void {
    const room = this.room(text.length * 3)
    rows.mixBytes(row, this.scratch, 0, room.write(text, 'utf8'))
  }

  /** Mixes a value of its own into the hash of a row, such as bytes that are no text. */
  mixBytes(bytes: Uint8Array, rows: RowHashes, row: number): void {
    this.room(bytes.length).set(bytes)
    rows.mixBytes(row, this.scratch, 0, bytes.length)
  }

  private room(bytes: number): Buffer {
    if (bytes + hashMargin > this.scratch.byteLength) this.scratch = new DataView(new ArrayBuffer(bytes + hashMargin))
    return Buffer.from(this.scratch.buffer)
  }
}

/** The hashes of rows, two numbers a row; two different rows among a million agree with a chance below one in ten thousand. */
export class RowHashes {
  readonly low: Int32Array
  readonly high: Int32Array

  /** Hashes for so many rows, in memory of their own or in some that was given. */
  constructor(rows: number, into: { low: Int32Array; high: Int32Array } = { low: new Int32Array(rows), high: new Int32Array(rows) }) {
    this.low = into.low
    this.high = into.high
  }

  /** Begins the first `rows` rows anew. */
  begin(rows: number): void {
    this.low.fill(0x811c9dc5 | 0, 0, rows)
    this.high.fill(0x9e3779b9 | 0, 0, rows)
  }

  /** Mixes a number into a row, such as the length of a cell or that it is missing. */
  mix(row: number, number: number): void {
    const high = Math.imul((this.high[row] ?? 0) ^ number, 0x85ebca77)
    const low = Math.imul((this.low[row] ?? 0) ^ number ^ (high >>> 15), 0x9e3779b1)
    this.low[row] = low
    this.high[row] = high ^ (low >>> 13)
  }

  /** Mixes the cells of a column into their rows as the counting kernel does (detection/kernel/), so that rows agree however they were counted: equal cells, however quoted, missing ones too. The view reaches `hashMargin` bytes beyond every cell. */
  mixColumn({ view, rows, width, starts, metas }: CellBlock, column: number): void {
    for (let row = 0, at = column; row < rows; row++, at += width) {
      const start = starts[at] ?? -2
      if (start >= 0) {
        spread(view, start, (metas[at] ?? 0) >>> 8)
        this.mixBoth(row, spreadLow, spreadHigh)
      }
      else if (start === -1) this.mixBoth(row, 0, 0)
    }
  }

  private mixBoth(row: number, low: number, high: number): void {
    const mixed = Math.imul((this.low[row] ?? 0) ^ low, 0x9e3779b1)
    const both = Math.imul((this.high[row] ?? 0) ^ high ^ (mixed >>> 15), 0x85ebca77)
    this.low[row] = mixed ^ (both >>> 13)
    this.high[row] = both
  }

  /** Mixes bytes into a row, their number too. The view reaches `hashMargin` bytes beyond them. */
  // oxlint-disable-next-line max-params -- called for every row
  mixBytes(row: number, view: DataView, start: number, length: number): void {
    let low = (this.low[row] ?? 0) ^ length
    let high = (this.high[row] ?? 0) + length
    const end = start + length
    let at = start
    for (const last = end - 8; at <= last; at += 8) {
      low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
      high = Math.imul(high ^ view.getInt32(at + 4, true), 0x85ebca77)
      low ^= high >>> 15
      high ^= low >>> 13
    }
    if (end - at >= 4) {
      low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
      high ^= low >>> 15
      at += 4
    }
    if (end > at) high = Math.imul(high ^ (view.getInt32(at, true) & ((1 << ((end - at) * 8)) - 1)), 0x27d4eb2f)
    low = Math.imul(low ^ (low >>> 15) ^ (high >>> 11), 0xc2b2ae35)
    high = Math.imul(high ^ (high >>> 15) ^ low, 0x165667b1)
    this.low[row] = low ^ (low >>> 16)
    this.high[row] = high ^ (high >>> 16)
  }
}
