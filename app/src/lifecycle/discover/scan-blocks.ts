// SPDX-License-Identifier: Apache-2.0
import { ByteColumn, columnCheck, RowHashes, type CellBlock, type ColumnCounts } from '../../detection/index.ts'
import { DuplicateRows } from './scan-duplicates.ts'

const ROWS_AT_ONCE = 1024
/** Together the columns of a table remember so many values. */
const REMEMBERED = 8192

/** Counts the rows of a foreign table, which come as blocks of bytes; no string is made of a cell (PERFORMANCE.md §3.1). */
export class BlocksCounter {
  readonly duplicates = new DuplicateRows()
  private readonly columns: ByteColumn[]
  private readonly hashes = new RowHashes(ROWS_AT_ONCE)

  constructor(width: number) {
    const memory = Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(REMEMBERED / Math.max(1, width)))))
    this.columns = Array.from({ length: width }, () => new ByteColumn(columnCheck(), memory))
  }

  /** Takes the rows of a block. */
  add(block: CellBlock): void {
    this.columns.forEach((column, i) => {
      column.take(block, i)
      column.inspect()
    })
    if (this.duplicates.count !== null) this.addDuplicates(block)
  }

  /** What was counted; call it once. */
  end(): ColumnCounts[] {
    return this.columns.map((column) => column.end())
  }

  private addDuplicates(block: CellBlock): void {
    const { hashes } = this
    hashes.begin(block.rows)
    for (let row = 0; row < block.rows; row++) {
      for (let at = row * block.width, end = at + block.width; at < end; at++) {
        const start = block.starts[at] ?? -1
        if (start < 0) hashes.mix(row, -1)
        else hashes.mixBytes(row, block.view, start, (block.metas[at] ?? 0) >>> 8)
      }
      this.duplicates.add(hashes.low[row] ?? 0, hashes.high[row] ?? 0)
    }
  }
}
