// SPDX-License-Identifier: Apache-2.0
import { borrowKernel, ByteColumn, columnCheck, kernelColumnsMax, returnKernel, RowHashes, todayNumber, type CellBlock, type ColumnCounts, type CountingKernel } from '../../detection/counting/index.ts'
import { DuplicateRows } from './scan-duplicates.ts'

const ROWS_AT_ONCE = 1024
/** Together the columns of a table remember so many values. */
const REMEMBERED = 8192

/** Counts the rows of a foreign table, which come as blocks of bytes; no string is made of a cell (PERFORMANCE.md §3.1). */
export class BlocksCounter {
  readonly duplicates = new DuplicateRows()
  private readonly columns: ByteColumn[]
  private readonly hashes = new RowHashes(ROWS_AT_ONCE)
  private readonly kernel: CountingKernel | null

  constructor(width: number) {
    const options = columnCheck()
    const memory = Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(REMEMBERED / Math.max(1, width)))))
    this.kernel = width > kernelColumnsMax ? null : borrowKernel(width, todayNumber(options))
    this.columns = Array.from({ length: width }, (_, i) => new ByteColumn(options, memory, this.kernel?.column(i, true) ?? null))
  }

  /** Takes the rows of a block. */
  add(given: CellBlock): void {
    const { kernel } = this
    const copied = kernel?.copy(given) ?? null
    const block = copied ?? given
    const hashes = copied === null || kernel === null ? this.hashes : kernel.rowHashes
    hashes.begin(block.rows)
    this.columns.forEach((column, i) => {
      column.take(block, i)
      if (copied === null && this.duplicates.count !== null) hashes.mixColumn(block, i)
      column.inspect()
    })
    for (let row = 0; row < block.rows; row++) this.duplicates.add(hashes.low[row] ?? 0, hashes.high[row] ?? 0)
  }

  /** What was counted; call it once. */
  end(): ColumnCounts[] {
    const counts = this.columns.map((column) => column.end())
    if (this.kernel !== null) returnKernel(this.kernel)
    return counts
  }
}
