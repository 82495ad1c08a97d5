// SPDX-License-Identifier: Apache-2.0
import { borrowKernel, byteClasses, ByteColumn, CellHash, columnCheck, hashMargin, kernelColumnsMax, precisionLostBit, returnKernel, RowHashes, todayNumber, type CellBlock, type ColumnCounts, type CountingKernel } from '../../detection/counting/index.ts'
import type { SourceRow } from '../../sources/byte-rows/index.ts'
import { DuplicateRows } from './scan-duplicates.ts'

const ROWS_AT_ONCE = 500
/** After so many rows a kernel pays for its memory and tables. */
const KERNEL_PAYS_ROWS = 64
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
  private hashes = new RowHashes(ROWS_AT_ONCE)
  private kernel: CountingKernel | null = null
  private kernelWidth = 0
  private rows = 0
  private bytes: Buffer = Buffer.alloc(1 << 16)
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
    for (let from = 0, some = 0; from < rows.length; from += some) {
      some = this.rows === 0 ? KERNEL_PAYS_ROWS : ROWS_AT_ONCE
      this.addSome(rows.slice(from, from + some))
    }
  }

  private addSome(rows: readonly SourceRow[]): void {
    if (this.kernel === null && this.rows >= KERNEL_PAYS_ROWS && this.columns.length <= kernelColumnsMax) this.startKernel()
    this.rows += rows.length
    const { kernel } = this
    this.hashes.begin(rows.length)
    const block = this.blockOf(rows)
    const isOurs = kernel !== null && block.starts === kernel.starts
    this.columns.forEach((column, i) => {
      column.take(block, i)
      if (!isOurs || i >= this.kernelWidth) this.hashes.mixColumn(block, i)
      column.inspect()
    })
    this.addLong(rows)
    for (let row = 0; row < block.rows; row++) this.duplicates.add(this.hashes.low[row] ?? 0, this.hashes.high[row] ?? 0)
  }

  private startKernel(): void {
    const kernel = borrowKernel(this.columns.length, todayNumber(this.options))
    this.kernel = kernel
    this.kernelWidth = this.columns.length
    this.hashes = kernel.rowHashes
    this.columns.forEach((column, i) => column.countWith(kernel.column(i, i < this.namedWidth)))
  }

  /** What was counted; call it once. */
  end(): ColumnCounts[] {
    const counts = this.columns.map((column) => column.end())
    if (this.kernel !== null) returnKernel(this.kernel)
    return counts
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
    const { starts, metas, places } = this.spansFor(rows, width)
    let at = 0
    rows.forEach((row, index) => {
      places[index] = row.place
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
    })
    return { bytes: this.bytes, view: this.view, rows: rows.length, width, namedWidth: this.namedWidth, starts, metas, places }
  }

  /** Where the spans of rows stand, and their bytes: in the kernel's memory if they fit there. */
  private spansFor(rows: readonly SourceRow[], width: number): Pick<CellBlock, 'starts' | 'metas' | 'places'> {
    const { kernel } = this
    const cells = rows.length * width
    const places = new Float64Array(rows.length) // keys of a database may be larger than a word
    if (kernel !== null && kernel.holds(cells, bytesAtMost(rows))) {
      if (this.bytes !== kernel.window) this.useBytes(kernel.window)
      kernel.starts.fill(-2, 0, cells)
      return { starts: kernel.starts, metas: kernel.metas, places }
    }
    if (kernel !== null && this.bytes === kernel.window) this.useBytes(Buffer.alloc(1 << 16))
    return { starts: new Int32Array(cells).fill(-2), metas: new Int32Array(cells), places }
  }

  private useBytes(bytes: Buffer): void {
    this.bytes = bytes
    this.view = viewOf(bytes)
  }

  private makeRoom(used: number, more: number): void {
    if (used + more + hashMargin <= this.bytes.length) return
    const wider = Buffer.alloc(Math.max(this.bytes.length * 2, used + more + hashMargin))
    this.bytes.copy(wider, 0, 0, used)
    this.useBytes(wider)
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

function bytesAtMost(rows: readonly SourceRow[]): number {
  let bytes = 0
  for (const { cells } of rows) for (const { value } of cells) if (value !== null) bytes += value.length * 3
  return bytes
}
