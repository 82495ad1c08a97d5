// SPDX-License-Identifier: Apache-2.0
import { byteClasses, ByteColumn, RowHashes, type CheckOptions, type ColumnCounts } from '../../detection/counting/index.ts'
import { CsvPartReader, type CsvParts, type PartEnd, type RowBlock } from '../../sources/byte-rows/index.ts'

const QUOTE = 0x22
const CR = 0x0d
const LF = 0x0a

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
  private plain: DataView = new DataView(new ArrayBuffer(4096))
  private readonly delimiter: number

  /** `sketchLimits`: see `PartsWork`; another thread lowers them meanwhile. */
  constructor(parts: CsvParts, { options, sketchLimits }: { options: CheckOptions; sketchLimits: Uint32Array }) {
    this.reader = new CsvPartReader(parts, byteClasses)
    this.options = options
    this.sketchLimits = sketchLimits
    this.namedWidth = parts.namedWidth
    this.delimiter = parts.delimiter
    this.widen(parts.namedWidth)
  }

  /** Counts a part; `start` is null when it has to be guessed. `alive` is called often. */
  count(part: number, start: number | null, alive: () => void): PartCounts {
    const rows: Int32Array[] = []
    this.sketchLimits.forEach((limit, column) => this.columns[column]?.limitSketch(limit))
    const end = this.reader.read(part, start, (block, widest) => {
      this.widen(widest)
      for (let column = 0; column < Math.max(this.namedWidth, widest); column++) this.columns[column]?.take(block, column)
      rows.push(this.hashRows(block))
      alive()
    })
    const width = Math.max(this.namedWidth, end.width)
    return { end, columns: this.columns.map((column) => column.end()).slice(0, width), rows: joined(rows) }
  }

  /** Two hashes a row over its bytes: equal for rows whose cells are equal, however they are quoted. */
  private hashRows(block: RowBlock): Int32Array {
    const { hashes, both } = { hashes: this.hashes, both: new Int32Array(block.rows * 2) }
    hashes.begin(block.rows)
    for (let row = 0; row < block.rows; row++) {
      const begin = block.begins[row] ?? 0
      if (begin >= 0) hashes.mixBytes(row, block.view, begin, (block.ends[row] ?? 0) - begin)
      else this.hashQuoted(block, row)
      both[row * 2] = hashes.low[row] ?? 0
      both[row * 2 + 1] = hashes.high[row] ?? 0
    }
    return both
  }

  // As if only those cells were quoted that have to be: a row that is written without quotes has the same bytes.
  private hashQuoted(block: RowBlock, row: number): void {
    let to = 0
    for (let at = row * block.widthCells; at < (row + 1) * block.widthCells; at++) {
      const start = block.starts[at] ?? -1
      if (start < 0) break
      const end = start + ((block.metas[at] ?? 0) >>> 8)
      if (to + (end - start) * 2 + 8 > this.plain.byteLength) this.plain = widened(this.plain, to + (end - start) * 2 + 8)
      if (at > row * block.widthCells) this.plain.setUint8(to++, this.delimiter)
      to = this.writeCell(block.view, to, { start, end })
    }
    this.hashes.mixBytes(row, this.plain, 0, to)
  }

  private writeCell(view: DataView, to: number, { start, end }: Span): number {
    const { plain, delimiter } = this
    let mustQuote = end > start && view.getUint8(start) === QUOTE
    for (let at = start; at < end; at++) {
      const byte = view.getUint8(at)
      plain.setUint8(to + at - start, byte)
      mustQuote ||= byte === delimiter || byte === LF || byte === CR
    }
    return mustQuote ? writeQuoted(plain, to, view, { start, end }) : to + end - start
  }

  // Wide tables remember fewer values a column.
  private widen(width: number): void {
    while (this.columns.length < width) this.columns.push(new ByteColumn(this.options, Math.max(4, Math.min(512, 2 ** Math.floor(Math.log2(8192 / width))))))
  }
}

interface Span {
  start: number
  end: number
}

function writeQuoted(into: DataView, from: number, view: DataView, { start, end }: Span): number {
  let to = from
  into.setUint8(to++, QUOTE)
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at)
    into.setUint8(to++, byte)
    if (byte === QUOTE) into.setUint8(to++, QUOTE)
  }
  into.setUint8(to++, QUOTE)
  return to
}

function widened(view: DataView, bytes: number): DataView {
  const wider = new DataView(new ArrayBuffer(bytes * 2))
  for (let at = 0; at < view.byteLength; at++) wider.setUint8(at, view.getUint8(at))
  return wider
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
