// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import type { Cell, SourceRow } from '../source-events.ts'
import { databaseFailures } from './database-failures.ts'
import type { CellForm, ForeignTable } from './foreign-table.ts'

/** Longer cells do not fit the spans of a block; of those the beginning is counted, and the books refuse them. */
export const cellBytesMax = 4 * 1024 * 1024
/** Bytes behind the last cell that counting may look at. */
export const blockMargin = 8
const ROWS_MAX = 1024
const CELLS_MAX = 65_536

/** Cells of some rows of a foreign table as spans of bytes, row after row, for counting them without making strings (PERFORMANCE.md §3.1); -1 is null. */
export class TableBlock {
  bytes: Buffer
  view: DataView
  rows = 0
  /** Bytes in use. */
  used = 0
  /** Cells that were cut to `cellBytesMax`. */
  cut = 0
  readonly width: number
  readonly namedWidth: number
  readonly capacity: number
  readonly starts: Int32Array
  readonly metas: Int32Array
  readonly places: Float64Array

  constructor(width: number, bytes = Buffer.allocUnsafeSlow(1 << 16)) {
    this.width = width
    this.namedWidth = width
    this.capacity = Math.max(1, Math.min(ROWS_MAX, Math.floor(CELLS_MAX / Math.max(1, width))))
    this.starts = new Int32Array(this.capacity * width)
    this.metas = new Int32Array(this.capacity * width)
    this.places = new Float64Array(this.capacity)
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Points the block at other bytes and empties it. */
  over(bytes: Buffer): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.clear()
  }

  /** Empties the block. */
  clear(): void {
    this.rows = 0
    this.used = 0
    this.cut = 0
  }

  /** Makes room for more bytes; what is there stays. */
  makeRoom(more: number): void {
    if (this.used + more + blockMargin <= this.bytes.length) return
    const wider = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + more + blockMargin))
    this.bytes.copy(wider, 0, 0, this.used)
    this.bytes = wider
    this.view = new DataView(wider.buffer, wider.byteOffset, wider.byteLength)
  }
}

/** A length that fits a span and ends between characters. */
export function cutLength(bytes: Uint8Array, start: number, length: number): number {
  let end = start + cellBytesMax
  while (end > start && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return length <= cellBytesMax ? length : end - start
}

/** The place of a row: its key where that is a whole number, else its ordinal from 1. */
export function placeOfRow(block: TableBlock, at: number, ordinal: number): number {
  const start = block.starts[at] ?? -1
  const length = (block.metas[at] ?? 0) >>> 8
  if (start < 0 || length === 0 || length > 15) return ordinal + 1
  let value = 0
  for (let i = start; i < start + length; i++) {
    const digit = (block.bytes[i] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return ordinal + 1
    value = value * 10 + digit
  }
  return value
}

/** The rows of a block with their values, for the books. Refuses a value that was cut. */
export function rowsOfBlock(block: TableBlock, table: ForeignTable, first: { ordinal: number; where: string }): SourceRow[] {
  if (block.cut > 0) throw databaseFailures.DATABASE_CELL_TOO_LONG({ where: first.where, limit: cellBytesMax })
  return Array.from({ length: block.rows }, (_, row): SourceRow => ({
    ordinal: first.ordinal + row, place: block.places[row] ?? first.ordinal + row + 1,
    cells: table.fields.map(({ form }, column) => cellOf(block, row * block.width + column, form)),
  }))
}

function cellOf(block: TableBlock, at: number, form: CellForm): Cell {
  const start = block.starts[at] ?? -1
  if (start < 0) return { value: null }
  const bytes = block.bytes.subarray(start, start + ((block.metas[at] ?? 0) >>> 8))
  if (form === 'bytes') return { value: new Uint8Array(bytes), extras: { cellType: 'blob' } }
  const isText = isUtf8(bytes) && !bytes.includes(0)
  return isText ? { value: bytes.toString('utf8') } : { value: new Uint8Array(bytes), extras: { cellType: 'text', flag: 'not-text' } }
}
