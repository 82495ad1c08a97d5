// SPDX-License-Identifier: Apache-2.0
import type { CellForm, ForeignTable } from './foreign-table.ts'
import { charsetOf } from './mysql-statements.ts'
import { bitsText, doubleText, floatText } from './mysql-values.rules.ts'
import { cellBytesMax, cutLength, placeOfRow, TableBlock } from './table-block.ts'

/** A row as the driver gives it: the bytes that the server sent, or null. */
export type MysqlRow = (Buffer | null)[]

/** Bytes after which a block is handed on before it is full of rows. */
const BLOCK_BYTES = 4 * 1024 * 1024

interface Column {
  form: CellForm
  declaredType: string | undefined
  /** The text in Unicode stands in one cell of the answer, bytes that are no text in the next. */
  isTwice: boolean
}

/** Fills blocks with the rows that a driver gives one by one. */
export class MysqlBlocks {
  private readonly columns: readonly Column[]
  private readonly classes: Readonly<Uint8Array>
  private readonly keyColumn: number
  private readonly spare: TableBlock[] = []
  private block: TableBlock
  private rows = 0

  /** `classes`: what each byte says about its cell. */
  constructor(table: ForeignTable, classes: Readonly<Uint8Array>) {
    this.columns = table.fields.map((field) => ({ form: field.form, declaredType: field.declaredType, isTwice: charsetOf(field) !== null }))
    this.classes = classes
    this.keyColumn = table.isNumberKey ? (table.key[0] ?? -1) : -1
    this.block = new TableBlock(table.fields.length)
  }

  /** Whether the block has to be taken before the next row. */
  isFull(): boolean {
    return this.block.rows === this.block.capacity || this.block.used > BLOCK_BYTES
  }

  /** The block with the rows so far; null when there are none. */
  take(): TableBlock | null {
    const { block } = this
    if (block.rows === 0) return null
    this.block = this.spare.pop() ?? new TableBlock(this.columns.length)
    return block
  }

  /** Takes a block back to fill it again. */
  giveBack(block: TableBlock): void {
    block.clear()
    if (this.spare.length < 2) this.spare.push(block)
  }

  /** Adds a row. */
  add(row: MysqlRow): void {
    const { block, columns } = this
    const first = block.rows * block.width
    let from = 0
    for (let column = 0; column < columns.length; column++) {
      const of = columns[column]
      if (of === undefined) break
      const cell = row[from++] ?? null
      const bytes = of.isTwice ? (row[from++] ?? null) : null
      if (bytes !== null) this.put(first + column, bytes, true)
      else if (cell === null) {
        block.starts[first + column] = -1
        block.metas[first + column] = 0
      } else if (of.form === 'text') this.put(first + column, cell, false)
      else if (of.form === 'bytes') this.put(first + column, cell, true)
      else this.put(first + column, Buffer.from(textOf(cell, of)), false)
    }
    block.places[block.rows] = this.keyColumn < 0 ? this.rows + 1 : placeOfRow(block, first + this.keyColumn, this.rows)
    block.rows++
    this.rows++
  }

  private put(at: number, value: Buffer, isBytes: boolean): void {
    const { block, classes } = this
    const length = value.length <= cellBytesMax ? value.length : cutLength(value, 0, value.length)
    if (length !== value.length) block.cut++
    block.makeRoom(length)
    const { bytes, used } = block
    let bits = 0
    if (isBytes || length > 64) value.copy(bytes, used, 0, length)
    if (!isBytes && length > 64) for (let i = used; i < used + length; i++) bits |= classes[bytes[i] ?? 0] ?? 0
    if (!isBytes && length <= 64) {
      for (let i = 0; i < length; i++) {
        const byte = value[i] ?? 0
        bytes[used + i] = byte
        bits |= classes[byte] ?? 0
      }
    }
    block.starts[at] = used
    block.metas[at] = (length << 8) | (bits & 127)
    block.used = used + length
  }
}

function textOf(cell: Buffer, column: Column): string {
  if (column.form === 'bits') return bitsText(cell, column.declaredType)
  return column.form === 'float' ? floatText(cell.toString('latin1')) : doubleText(cell.toString('latin1'))
}
