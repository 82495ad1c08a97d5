// SPDX-License-Identifier: Apache-2.0

const SCRATCH_BYTES = 4096

/** Two 32-bit hashes over the bytes of a value, for counting only: how many values differ, which rows repeat. They never leave memory. */
export class CellHash {
  low = 0
  high = 0
  private scratch = viewOf(Buffer.allocUnsafe(SCRATCH_BYTES))

  /** Hashes `length` bytes from `start` on. */
  take(view: DataView, start: number, length: number): void {
    hashInto(view, start, length, one, 0)
    this.low = one.low[0] ?? 0
    this.high = one.high[0] ?? 0
  }

  /** Hashes a text by its UTF-8 bytes, so that text and bytes of one value agree. */
  takeText(text: string): void {
    if (text.length * 3 > this.scratch.byteLength) this.scratch = viewOf(Buffer.allocUnsafe(text.length * 3))
    const { view, buffer } = { view: this.scratch, buffer: Buffer.from(this.scratch.buffer, this.scratch.byteOffset, this.scratch.byteLength) }
    this.take(view, 0, buffer.write(text, 'utf8'))
  }

  /** Hashes a value of its own, such as bytes that are no text. */
  takeBytes(bytes: Uint8Array): void {
    this.take(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length)
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** The hashes of rows, two numbers a row, cells mixed in one after the other; two different rows among a million agree with a chance below one in ten thousand. */
export class RowHashes {
  readonly low: Int32Array
  readonly high: Int32Array

  constructor(rows: number) {
    this.low = new Int32Array(rows)
    this.high = new Int32Array(rows)
  }

  /** Begins the first `rows` rows anew. */
  begin(rows: number): void {
    this.low.fill(0x811c9dc5 | 0, 0, rows)
    this.high.fill(0x9e3779b9 | 0, 0, rows)
  }

  /** Puts the two numbers of a row. */
  set(row: number, low: number, high: number): void {
    this.low[row] = low
    this.high[row] = high
  }

  /** Mixes the next cells of many rows in. */
  mixAll(cells: RowHashes, rows: number): void {
    const { low, high } = this
    const [cellLow, cellHigh] = [cells.low, cells.high]
    for (let row = 0; row < rows; row++) {
      const before = high[row] ?? 0
      low[row] = Math.imul((low[row] ?? 0) ^ (cellLow[row] ?? 0), 0x9e3779b1)
      high[row] = Math.imul(((before << 7) | (before >>> 25)) ^ (cellHigh[row] ?? 0), 0x85ebca77)
    }
  }

  /** Mixes the next cell of a row in. */
  mix(row: number, low: number, high: number): void {
    const before = this.high[row] ?? 0
    this.low[row] = Math.imul((this.low[row] ?? 0) ^ low, 0x9e3779b1)
    this.high[row] = Math.imul(((before << 7) | (before >>> 25)) ^ high, 0x85ebca77)
  }
}

/** What stands for a missing cell in the hash of its row; an empty text is another thing. */
export const missingCell = { low: 0x5bd1e995, high: 0x1b873593 } as const

const one = new RowHashes(1)

/** Hashes `length` bytes from `start` on, eight at a time, and puts the two numbers at `row`. */
export function hashInto(view: DataView, start: number, length: number, into: RowHashes, row: number): void { // oxlint-disable-line max-params -- called for every cell: an object of arguments would cost as much as the hash
  let low = 0x811c9dc5 ^ length
  let high = (0x9e3779b9 + length) | 0
  let at = start
  for (const end = start + length - 7; at < end; at += 8) {
    low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
    high = Math.imul(high ^ view.getInt32(at + 4, true), 0x85ebca77)
    low ^= high >>> 15
    high ^= low >>> 13
  }
  const end = start + length
  if (at + 4 <= end) {
    low = Math.imul(low ^ view.getInt32(at, true), 0x9e3779b1)
    high ^= low >>> 15
    at += 4
  }
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | view.getUint8(at)
  low = Math.imul(low ^ rest, 0x85ebca6b)
  high = Math.imul(high ^ rest ^ (low >>> 15), 0x27d4eb2f)
  low = Math.imul(low ^ (low >>> 13) ^ (high >>> 11), 0xc2b2ae35)
  high = Math.imul(high ^ (high >>> 15) ^ low, 0x165667b1)
  into.low[row] = low ^ (low >>> 16)
  into.high[row] = high ^ (high >>> 16)
}
