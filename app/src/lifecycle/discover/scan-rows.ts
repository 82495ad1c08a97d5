// SPDX-License-Identifier: Apache-2.0
import { byteClasses, ByteColumn, CellHash, columnCheck, precisionLostBit, RowHashes, type CellBlock, type ColumnCounts } from '../../detection/index.ts'
import type { SourceRow } from '../../sources/index.ts'
import { DuplicateRows } from './scan-duplicates.ts'

const ROWS_AT_ONCE = 500
/** Longer values (4 Mi UTF-16 units or bytes) do not fit the spans of a block. */
const LONG = 4 * 1024 * 1024

/** Counts the rows that a reader gives (workbooks, databases) as bytes: the cells of some rows are written into one buffer, so that the same forms and the same memory of values serve as for text files. */
export class RowsCounter {
  readonly duplicates = new DuplicateRows()
  private readonly options = columnCheck()
  private readonly hash = new CellHash()
  private readonly columns: ByteColumn[] = []
  private readonly namedWidth: number
  private readonly hashes = new RowHashes(ROWS_AT_ONCE)
  private bytes = Buffer.allocUnsafe(1 << 16)

  constructor(namedWidth: number) {
    this.namedWidth = namedWidth
    this.widen(namedWidth)
  }

  /** Makes room for so many columns. */
  widen(width: number): void {
    while (this.columns.length < width) this.columns.push(new ByteColumn(this.options, Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(8192 / width))))))
  }

  /** Takes rows in their order. */
  add(rows: readonly SourceRow[]): void {
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const block = this.blockOf(rows.slice(from, from + ROWS_AT_ONCE))
      this.hashes.begin(block.rows)
      this.columns.forEach((column, i) => {
        column.take(block, i, this.hashes)
        column.inspect()
      })
      this.addLong(rows.slice(from, from + ROWS_AT_ONCE))
      for (let row = 0; row < block.rows; row++) this.duplicates.add(this.hashes.low[row] ?? 0, this.hashes.high[row] ?? 0)
    }
  }

  /** What was counted; call it once. */
  end(): ColumnCounts[] {
    return this.columns.map((column) => column.end())
  }

  // What is too long for a block goes by itself; a row's hash takes it last.
  private addLong(rows: readonly SourceRow[]): void {
    rows.forEach((row, index) => {
      row.cells.forEach(({ value }, column) => {
        if (value === null || value.length <= LONG) return
        if (typeof value === 'string') this.columns[column]?.takeText(value, row.place)
        else this.columns[column]?.takeBytes()
        if (typeof value === 'string') this.hash.takeText(value)
        else this.hash.takeBytes(value)
        this.hashes.mix(index, this.hash.low, this.hash.high)
      })
    })
  }

  private blockOf(rows: readonly SourceRow[]): CellBlock {
    const width = this.columns.length
    const starts = new Int32Array(rows.length * width).fill(-2)
    const metas = new Int32Array(rows.length * width)
    let at = 0
    rows.forEach((row, index) => {
      row.cells.forEach((cell, column) => {
        const { value } = cell
        const to = index * width + column
        if (value === null) {
          starts[to] = -1
          return
        }
        if (value.length > LONG) return
        this.makeRoom(at, value.length * 3)
        starts[to] = at
        const length = typeof value === 'string' ? this.bytes.write(value, at, 'utf8') : this.writeBytes(value, at)
        const bits = typeof value === 'string' ? this.bitsOf(at, length) | (cell.extras?.flag === 'precision-lost' ? precisionLostBit : 0) : 0
        metas[to] = (length << 8) | bits
        at += length
      })
    })
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    return { bytes: this.bytes, view, rows: rows.length, width, namedWidth: this.namedWidth, starts, metas, places: Float64Array.from(rows, (row) => row.place) }
  }

  private makeRoom(used: number, more: number): void {
    if (used + more <= this.bytes.length) return
    const wider = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, used + more))
    this.bytes.copy(wider, 0, 0, used)
    this.bytes = wider
  }

  private writeBytes(value: Uint8Array, at: number): number {
    this.bytes.set(value, at)
    return value.length
  }

  private bitsOf(start: number, length: number): number {
    let bits = 0
    for (let at = start; at < start + length; at++) bits |= byteClasses[this.bytes[at] ?? 0] ?? 0
    return bits
  }
}
