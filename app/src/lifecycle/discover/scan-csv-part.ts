// SPDX-License-Identifier: Apache-2.0
import { byteClasses, ByteColumn, RowHashes, type CheckOptions, type ColumnCounts } from '../../detection/index.ts'
import { CsvPartReader, type CsvParts, type PartEnd } from '../../sources/index.ts'

/** What one part of a CSV file counts to; places are rows of the part. */
export interface PartCounts {
  end: PartEnd
  columns: ColumnCounts[]
  /** Two hashes a row, for finding rows that repeat. */
  rows: Int32Array<ArrayBuffer>
}

/** Counts parts of one CSV file, one after the other in this thread; which thread counts a part changes nothing in its result. */
export class CsvPartCounter {
  private readonly reader: CsvPartReader
  private readonly options: CheckOptions
  private readonly namedWidth: number
  private readonly columns: ByteColumn[] = []
  private readonly hashes = new RowHashes(1024)

  constructor(parts: CsvParts, options: CheckOptions) {
    this.reader = new CsvPartReader(parts, byteClasses)
    this.options = options
    this.namedWidth = parts.namedWidth
    this.widen(parts.namedWidth)
  }

  /** Counts a part; `start` is null when it has to be guessed. `alive` is called often. */
  count(part: number, start: number | null, alive: () => void): PartCounts {
    const rows: Int32Array[] = []
    const end = this.reader.read(part, start, (block, widest) => {
      this.widen(widest)
      this.hashes.begin(block.rows)
      for (let column = 0; column < Math.max(this.namedWidth, widest); column++) this.columns[column]?.take(block, column, this.hashes)
      rows.push(interleaved(this.hashes, block.rows))
      alive()
    })
    const width = Math.max(this.namedWidth, end.width)
    return { end, columns: this.columns.map((column) => column.end()).slice(0, width), rows: joined(rows) }
  }

  // Wide tables remember fewer values a column.
  private widen(width: number): void {
    while (this.columns.length < width) this.columns.push(new ByteColumn(this.options, Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(8192 / width))))))
  }
}

function interleaved(hashes: RowHashes, rows: number): Int32Array {
  const both = new Int32Array(rows * 2)
  for (let row = 0; row < rows; row++) {
    both[row * 2] = hashes.low[row] ?? 0
    both[row * 2 + 1] = hashes.high[row] ?? 0
  }
  return both
}

function joined(pieces: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  const all = new Int32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
