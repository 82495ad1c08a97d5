// SPDX-License-Identifier: Apache-2.0
import { databaseFailures } from './database-failures.ts'
import type { ForeignTable } from './foreign-table.ts'
import { blockMargin, cellBytesMax, cutLength, placeOfRow, TableBlock } from './table-block.ts'

const TAB = 0x09
const LINE = 0x0a
const BACKSLASH = 0x5c
/** What the splitter itself has to see. */
const special = 128
const WINDOW = 512 * 1024 + blockMargin
/** One row; the server could send up to a gigabyte. */
const rowBytesMax = 64 * 1024 * 1024
const escaped: Readonly<Record<number, number>> = { 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09, 0x76: 0x0b }

/** Splits what PostgreSQL's `COPY … TO STDOUT` sends (text format: TAB, LF, `\N`, backslash escapes) into blocks of cells, on bytes. What a row is the server says; nothing is guessed. */
export class CopySplitter {
  private readonly table: ForeignTable
  private readonly where: string
  private readonly kinds: Uint8Array
  private readonly classes: Readonly<Uint8Array>
  private readonly keyColumn: number
  private readonly block: TableBlock
  private window = Buffer.allocUnsafeSlow(WINDOW)
  private filled = 0
  private rows = 0
  /** Where the next row begins. */
  private rowAt = 0

  /** `classes`: what each byte says about its cell. */
  constructor(table: ForeignTable, where: string, classes: Readonly<Uint8Array>) {
    this.table = table
    this.where = where
    this.classes = classes
    this.kinds = Uint8Array.from(classes, (kind, byte) => (byte === TAB || byte === LINE || byte === BACKSLASH ? special : kind & 127))
    this.keyColumn = table.isNumberKey ? (table.key[0] ?? -1) : -1
    this.block = new TableBlock(table.fields.length, this.window)
  }

  /** Takes bytes; gives blocks when enough rows are together. */
  *push(chunk: Buffer): Generator<TableBlock> {
    if (this.filled + chunk.length + blockMargin > this.window.length) {
      yield* this.split()
      this.makeRoom(chunk.length)
    }
    chunk.copy(this.window, this.filled)
    this.filled += chunk.length
  }

  /** The rows that are left; refuses half a row. */
  *end(): Generator<TableBlock> {
    yield* this.split()
    if (this.filled > 0) throw databaseFailures.CONNECTOR_TROUBLE({ where: this.where, why: 'COPY' })
  }

  private *split(): Generator<TableBlock> {
    const limit = this.window.lastIndexOf(LINE, Math.max(0, this.filled - 1)) + 1
    if (this.filled === 0 || limit <= 0 || limit > this.filled) return
    this.block.over(this.window)
    for (this.rowAt = 0; this.rowAt < limit; ) {
      this.takeRow()
      if (this.block.rows < this.block.capacity) continue
      yield this.block
      this.block.clear()
    }
    if (this.block.rows > 0) yield this.block
    this.window.copyWithin(0, limit, this.filled)
    this.filled -= limit
  }

  private makeRoom(more: number): void {
    if (this.filled + more + blockMargin <= this.window.length) return
    if (this.filled + more > rowBytesMax) throw databaseFailures.DATABASE_CELL_TOO_LONG({ where: this.where, limit: rowBytesMax })
    const wider = Buffer.allocUnsafeSlow(Math.max(this.window.length * 2, this.filled + more + blockMargin))
    this.window.copy(wider, 0, 0, this.filled)
    this.window = wider
  }

  /** One row; that it is there to its end is known. */
  private takeRow(): void {
    const { window, kinds, block } = this
    const { width, rows } = block
    const first = rows * width
    let at = this.rowAt
    let start = at
    let bits = 0
    let column = 0
    for (;;) {
      const byte = window[at] ?? LINE
      const kind = kinds[byte] ?? 0
      if (kind !== special) {
        bits |= kind
        at++
        continue
      }
      if (byte === BACKSLASH) {
        at = this.takeEscaped(column, start, at)
      } else if (column < width) this.setCell(column, start, at - start, bits)
      column++
      if (window[at] === LINE) break
      start = ++at
      bits = 0
    }
    // A table without columns sends empty lines.
    if (column !== width && !(width === 0 && column === 1)) throw databaseFailures.CONNECTOR_TROUBLE({ where: this.where, why: 'COPY columns' })
    block.places[rows] = this.keyColumn < 0 ? this.rows + 1 : placeOfRow(block, first + this.keyColumn, this.rows)
    block.rows = rows + 1
    this.rows++
    this.rowAt = at + 1
  }

  private setCell(column: number, start: number, length: number, bits: number): void {
    const cell = this.block.rows * this.block.width + column
    const fits = length <= cellBytesMax ? length : cutLength(this.window, start, length)
    if (fits !== length) this.block.cut++
    this.block.starts[cell] = start
    this.block.metas[cell] = (fits << 8) | (this.table.fields[column]?.form === 'bytes' ? 0 : bits)
  }

  /** A cell with a backslash: null, or escapes, which are undone in place, as the text only gets shorter. Gives where the cell ends. */
  private takeEscaped(column: number, start: number, from: number): number {
    const { window } = this
    const cell = this.block.rows * this.block.width + column
    let end = from
    while (window[end] !== TAB && window[end] !== LINE) end++
    if (column >= this.block.width) return end
    if (end - start === 2 && window[start + 1] === 0x4e) {
      this.block.starts[cell] = -1
      this.block.metas[cell] = 0
      return end
    }
    let to = from
    for (let at = from; at < end; at++) {
      const byte = window[at] ?? 0
      const next = byte === BACKSLASH ? (window[++at] ?? 0) : byte
      window[to++] = byte === BACKSLASH ? (escaped[next] ?? next) : next
    }
    if (this.table.fields[column]?.form === 'bytes') this.setCell(column, start, this.unhex(start, to), 0)
    else this.setCell(column, start, to - start, this.bitsOf(start, to))
    return end
  }

  /** `\x6162` in place; gives the length. */
  private unhex(start: number, end: number): number {
    if (this.window[start] !== BACKSLASH || this.window[start + 1] !== 0x78) return end - start
    let to = start
    for (let at = start + 2; at + 1 < end; at += 2) this.window[to++] = (digitOf(this.window[at] ?? 0) << 4) | digitOf(this.window[at + 1] ?? 0)
    return to - start
  }

  private bitsOf(start: number, end: number): number {
    let bits = 0
    for (let at = start; at < end; at++) bits |= this.classes[this.window[at] ?? 0] ?? 0
    return bits & 127
  }
}

const digitOf = (char: number): number => (char <= 0x39 ? char - 0x30 : (char | 0x20) - 0x57)
