// SPDX-License-Identifier: Apache-2.0
import { byteClasses, ByteColumn, CellHash, columnCheck, hashMargin, precisionLostBit, RowHashes, type CellBlock, type ColumnCounts } from '../../detection/index.ts'
import type { SourceRow } from '../../sources/index.ts'
import { DuplicateRows } from './scan-duplicates.ts'

const ROWS_AT_ONCE = 500
/** Longer values (4 Mi UTF-16 units or bytes) do not fit the spans of a block. */
const LONG = 4 * 1024 * 1024

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Counts the rows that a reader gives (workbooks, databases) as bytes: the cells of some rows are written into one buffer, so that the same forms and the same memory of values serve as for text files. */
export class RowsCounter {
  readonly duplicates = new DuplicateRows()
  private readonly options = columnCheck()
  private readonly hash = new CellHash()
  private readonly columns: ByteColumn[] = []
  private readonly namedWidth: number
  private readonly hashes = new RowHashes(ROWS_AT_ONCE)
  private bytes = Buffer.alloc(1 << 16)
  private view = viewOf(this.bytes)

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
      this.columns.forEach((column, i) => {
        column.take(block, i)
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
        if (typeof value === 'string') this.hash.mixText(value, this.hashes, index)
        else this.hash.mixBytes(value, this.hashes, index)
      })
    })
  }

  private blockOf(rows: readonly SourceRow[]): CellBlock {
    const width = this.columns.length
    const starts = new Int32Array(rows.length * width).fill(-2)
    const metas = new Int32Array(rows.length * width)
    let at = 0
    this.hashes.begin(rows.length)
    rows.forEach((row, index) => {
      const begin = at
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
        const meta = typeof value === 'string' ? this.writeText(value, at) | (cell.extras?.flag === 'precision-lost' ? precisionLostBit : 0) : this.writeBytes(value, at)
        metas[to] = meta
        at += meta >>> 8
      })
      this.hashRow({ starts, metas }, { index, begin, end: at })
    })
    return { bytes: this.bytes, view: this.view, rows: rows.length, width, namedWidth: this.namedWidth, starts, metas, places: Float64Array.from(rows, (row) => row.place) }
  }

  // The bytes of a row's cells stand together; the lengths say where one ends.
  private hashRow({ starts, metas }: { starts: Int32Array; metas: Int32Array }, row: { index: number; begin: number; end: number }): void {
    const width = this.columns.length
    for (let at = row.index * width; at < (row.index + 1) * width; at++) this.hashes.mix(row.index, (starts[at] ?? -1) < 0 ? 0 : ((metas[at] ?? 0) >>> 8) + 1)
    this.hashes.mixBytes(row.index, this.view, row.begin, row.end - row.begin)
  }

  private makeRoom(used: number, more: number): void {
    if (used + more + hashMargin <= this.bytes.length) return
    const wider = Buffer.alloc(Math.max(this.bytes.length * 2, used + more + hashMargin))
    this.bytes.copy(wider, 0, 0, used)
    this.bytes = wider
    this.view = viewOf(wider)
  }

  private writeBytes(value: Uint8Array, at: number): number {
    this.bytes.set(value, at)
    return value.length << 8
  }

  /** Writes a text in UTF-8; answers its length times 256 and the classes of its bytes. Most cells are short: a call of the platform would cost more than the characters. */
  private writeText(value: string, start: number): number {
    if (value.length > 64) return this.writeLongText(value, start)
    const { bytes } = this
    let at = start
    let bits = 0
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit >= 0x80) {
        if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return this.writeLongText(value, start)
        const lead = 0xe0 | (unit >> 12)
        bits |= byteClasses[lead] ?? 0
        bytes[at++] = lead
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[at++] = 0x80 | (unit & 0x3f)
      } else {
        bits |= byteClasses[unit] ?? 0
        bytes[at++] = unit
      }
    }
    return ((at - start) << 8) | bits
  }

  private writeLongText(value: string, start: number): number {
    const length = this.bytes.write(value, start, 'utf8')
    let bits = 0
    for (let at = start; at < start + length; at++) bits |= byteClasses[this.bytes[at] ?? 0] ?? 0
    return (length << 8) | bits
  }
}
