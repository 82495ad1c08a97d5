// SPDX-License-Identifier: Apache-2.0
// Reads large answers in PostgreSQL's binary COPY form: no hexadecimal, no text to parse, no object a row.

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const leadBytes = signature.length + 8
const blockBytes = 1 << 16

/** Rows as they came over the wire; valid until the next ones are asked for. */
export class CopiedRows {
  readonly rows: number
  readonly #data: Buffer
  readonly #starts: Int32Array
  readonly #columns: number

  constructor(data: Buffer, starts: Int32Array, shape: { rows: number; columns: number }) {
    this.#data = data
    this.#starts = starts
    this.rows = shape.rows
    this.#columns = shape.columns
  }

  isNull(row: number, column: number): boolean {
    return this.#start(row, column) < 0
  }

  /** A view, not a copy; empty for NULL. */
  bytes(row: number, column: number): Buffer {
    const start = this.#start(row, column)
    return start < 0 ? this.#data.subarray(0, 0) : this.#data.subarray(start, start + this.#data.readInt32BE(start - 4))
  }

  /** An int2, int4 or int8; refuses what is not exact. */
  int(row: number, column: number): number {
    const start = this.#start(row, column)
    const size = start < 0 ? 0 : this.#data.readInt32BE(start - 4)
    if (size === 4) return this.#data.readInt32BE(start)
    if (size === 2) return this.#data.readInt16BE(start)
    const value = size === 8 ? Number(this.#data.readBigInt64BE(start)) : Number.NaN
    if (!Number.isSafeInteger(value)) throw new RangeError('a column is no integer that can be counted with')
    return value
  }

  bool(row: number, column: number): boolean {
    return this.#data[this.#start(row, column)] === 1
  }

  #start(row: number, column: number): number {
    return this.#starts[row * this.#columns + column] ?? -1
  }
}

/** The rows in the bytes of a binary COPY, block by block. */
export async function* copiedRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CopiedRows, void, undefined> {
  let rest = Buffer.alloc(0)
  let isBegun = false
  for await (const part of bytes) {
    rest = Buffer.concat([rest, part])
    if (!isBegun) {
      if (rest.length < leadBytes) continue
      rest = rest.subarray(leadBytes)
      isBegun = true
    }
    if (rest.length < blockBytes) continue
    const block = blockOf(rest)
    if (block.rows.rows > 0) yield block.rows
    rest = rest.subarray(block.end)
  }
  const last = blockOf(rest)
  if (last.rows.rows > 0) yield last.rows
}

/** The whole rows at the beginning of some bytes: u16 columns, then for each i32 length (−1: NULL) and bytes; u16 65535 ends all. */
function blockOf(data: Buffer): { rows: CopiedRows; end: number } {
  const columns = data.length < 2 ? 0 : data.readInt16BE(0)
  if (columns <= 0) return { rows: new CopiedRows(data, new Int32Array(0), { rows: 0, columns: 0 }), end: data.length }
  let starts = new Int32Array(4096)
  let rows = 0
  let end = 0
  for (;;) {
    if ((rows + 1) * columns > starts.length) starts = enlarged(starts)
    const next = rowEnd(data, end, { columns, starts, first: rows * columns })
    if (next < 0) break
    end = next
    rows += 1
  }
  return { rows: new CopiedRows(data, starts, { rows, columns }), end }
}

function enlarged(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

/** Notes where each cell of a row is; −1 when the row is not whole. */
function rowEnd(data: Buffer, begin: number, into: { columns: number; starts: Int32Array; first: number }): number {
  if (begin + 2 > data.length || data.readInt16BE(begin) !== into.columns) return -1
  let at = begin + 2
  for (let column = 0; column < into.columns; column += 1) {
    if (at + 4 > data.length) return -1
    const length = data.readInt32BE(at)
    at += 4
    into.starts[into.first + column] = length < 0 ? -1 : at
    at += Math.max(0, length)
  }
  return at > data.length ? -1 : at
}
