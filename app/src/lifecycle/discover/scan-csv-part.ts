// SPDX-License-Identifier: Apache-2.0
import { borrowKernel, byteClasses, ByteColumn, kernelColumnsMax, returnKernel, RowHashes, todayNumber, type CheckOptions, type ColumnCounts, type CountingKernel } from '../../detection/counting/index.ts'
import { CsvPartReader, type CsvParts, type PartEnd, type RowBlock } from '../../sources/byte-rows/index.ts'

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
  private readonly sketchLimits: Uint32Array
  private readonly namedWidth: number
  private readonly columns: ByteColumn[] = []
  private readonly hashes = new RowHashes(1024)
  private readonly kernel: CountingKernel | null
  private readonly kernelWidth: number

  /** `sketchLimits`: see `PartsWork`; another thread lowers them meanwhile. */
  constructor(parts: CsvParts, { options, sketchLimits }: { options: CheckOptions; sketchLimits: Uint32Array }) {
    this.kernel = parts.namedWidth > kernelColumnsMax ? null : borrowKernel(parts.namedWidth, todayNumber(options))
    this.kernelWidth = this.kernel === null ? 0 : parts.namedWidth
    this.reader = new CsvPartReader(parts, byteClasses, this.kernel)
    this.options = options
    this.sketchLimits = sketchLimits
    this.namedWidth = parts.namedWidth
    this.widen(parts.namedWidth)
  }

  /** Counts a part; `start` is null when it has to be guessed. `alive` is called often. */
  count(part: number, start: number | null, alive: () => void): PartCounts {
    const rows: Int32Array[] = []
    this.sketchLimits.forEach((limit, column) => this.columns[column]?.limitSketch(limit))
    const end = this.reader.read(part, start, (block, widest) => {
      this.widen(widest)
      rows.push(this.countBlock(block, widest))
      alive()
    })
    const width = Math.max(this.namedWidth, end.width)
    return { end, columns: this.columns.map((column) => column.end()).slice(0, width), rows: joined(rows) }
  }

  /** Nothing more is counted. */
  close(): void {
    if (this.kernel !== null) returnKernel(this.kernel)
  }

  /** Two hashes a row over its cells: equal for rows whose cells are equal, however they are quoted. */
  private countBlock(block: RowBlock, widest: number): Int32Array {
    const { kernel } = this
    const isOurs = kernel !== null && block.starts === kernel.starts
    const hashes = isOurs ? kernel.rowHashes : this.hashes
    hashes.begin(block.rows)
    for (let column = 0; column < Math.max(this.namedWidth, widest); column++) {
      this.columns[column]?.take(block, column)
      if (!isOurs || column >= this.kernelWidth) hashes.mixColumn(block, column)
    }
    const both = new Int32Array(block.rows * 2)
    for (let row = 0; row < block.rows; row++) {
      both[row * 2] = hashes.low[row] ?? 0
      both[row * 2 + 1] = hashes.high[row] ?? 0
    }
    return both
  }

  // Wide tables remember fewer values a column.
  private widen(width: number): void {
    while (this.columns.length < width) {
      const at = this.columns.length
      this.columns.push(new ByteColumn(this.options, Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(8192 / width)))), at < this.kernelWidth ? (this.kernel?.column(at, true) ?? null) : null))
    }
  }
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
