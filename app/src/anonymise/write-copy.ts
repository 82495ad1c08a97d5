// SPDX-License-Identifier: Apache-2.0
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { disarmed } from '../kit/formula-cell.rules.ts'
import { anonymiseFailures } from './anonymise-failures.ts'
import type { Classes } from './coded-table.ts'
import type { Column } from './column-roles.ts'
import { readTable, type TableSource } from './read-table.ts'

/** What the copy is made of: the source, its columns, the classes of its rows, and what it was when it was first read. */
export interface CopyOrder {
  source: TableSource
  columns: readonly Column[]
  classes: Classes
  counterFrom: ReadonlyMap<number, number>
  delimiter: string
  hasHeader: boolean
  sha256: string
  /** Rows stand by class and content, so that a row's place does not tell whose it is. */
  isReordered: boolean
  done(rows: number): void
}

/** Where each row of the written file ends, for putting rows in another order. */
interface Written {
  ends: Float64Array
  headerEnd: number
}

/** Reads the source a second time and writes its copy as UTF-8: quasi-identifiers as their class has them, dropped columns left out, all others as they stand. Refuses a source that changed since the first reading. */
export async function writeCopy(order: CopyOrder, file: string): Promise<void> {
  const draft = order.isReordered ? `${file}.order` : file
  const out = openSync(draft, 'wx+', 0o600)
  try {
    const written = await writeRows(order, out)
    if (order.isReordered) writeReordered(order, { out, written }, file)
    fsyncSync(out)
  } finally {
    closeSync(out)
  }
}

async function writeRows(order: CopyOrder, out: number): Promise<Written> {
  const { columns, classes } = order
  const cellsOf = rowWriter(order)
  const written: Written = { ends: new Float64Array(order.isReordered ? classes.table.rows : 0), headerEnd: 0 }
  let row = 0
  let at = 0
  const write = (text: string): void => {
    const bytes = Buffer.from(text, 'utf8')
    for (let done = 0; done < bytes.length;) done += writeSync(out, bytes, done)
    at += bytes.length
  }
  for await (const part of readTable(order.source)) {
    if (part.kind === 'head') {
      if (part.sha256 !== order.sha256) throw anonymiseFailures.ANONYMISE_SOURCE_CHANGED({ where: order.source.where })
      if (order.hasHeader) write(lineOf(columns.flatMap(({ role, name }) => (role === 'dropped' ? [] : [disarmed(name)])), order.delimiter))
      written.headerEnd = at
    }
    if (part.kind !== 'rows') continue
    if (row + part.rows.length > classes.table.rows) throw anonymiseFailures.ANONYMISE_SOURCE_CHANGED({ where: order.source.where })
    let block = ''
    let bytes = at
    for (const { cells } of part.rows) {
      const line = lineOf(cellsOf(cells, row), order.delimiter)
      block += line
      if (order.isReordered) written.ends[row] = bytes += Buffer.byteLength(line)
      row++
    }
    write(block)
    order.done(row)
  }
  if (row !== classes.table.rows) throw anonymiseFailures.ANONYMISE_SOURCE_CHANGED({ where: order.source.where })
  return written
}

/** The cells of a row as they are written. Texts of a class are made once a class, not once a row. */
function rowWriter({ columns, classes, counterFrom }: CopyOrder): (cells: readonly string[], row: number) => string[] {
  const { hierarchies } = classes.table
  const width = hierarchies.length
  const texts: (string | undefined)[] = []
  const labelOf = (row: number, column: number): string => {
    const at = (classes.classOf[row] ?? 0) * width + column
    return (texts[at] ??= textCell(hierarchies[column]?.labelOf(classes.low[at] ?? 0, classes.high[at] ?? 0) ?? ''))
  }
  const quasiAt = new Map(columns.filter(({ role }) => role === 'quasi').map(({ index }, column) => [index, column]))
  const left = columns.filter(({ role }) => role !== 'dropped')
  return (cells, row) => left.map(({ index, role }) => {
    if (role === 'quasi') return labelOf(row, quasiAt.get(index) ?? 0)
    if (role === 'counter') return String((counterFrom.get(index) ?? 0) + row)
    return textCell(cells[index] ?? '')
  })
}

/** A text that no spreadsheet takes for a formula; numbers stay numbers (SECURITY P24). */
function textCell(text: string): string {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? text : disarmed(text)
}

function lineOf(cells: readonly string[], delimiter: string): string {
  let line = ''
  for (const [at, cell] of cells.entries()) line += (at === 0 ? '' : delimiter) + (cell.includes('"') || cell.includes('\n') || cell.includes('\r') || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return `${line}\n`
}

/** Writes the draft's rows class by class and within each by their bytes: nothing of the source's order is left. */
function writeReordered({ classes }: CopyOrder, { out, written }: { out: number; written: Written }, file: string): void {
  const to = openSync(file, 'wx', 0o600)
  const read = (from: number, end: number): Buffer => {
    const bytes = Buffer.alloc(end - from)
    readSync(out, bytes, 0, bytes.length, from)
    return bytes
  }
  try {
    writeSync(to, read(0, written.headerEnd))
    const startOf = (row: number): number => (row === 0 ? written.headerEnd : written.ends[row - 1] ?? 0)
    const rowsByClass = Array.from({ length: classes.count }, (): number[] => [])
    classes.classOf.forEach((one, row) => rowsByClass[one]?.push(row))
    const blocks = rowsByClass.map((rows) => Buffer.concat(rows.map((row) => read(startOf(row), written.ends[row] ?? 0)).toSorted((a, b) => Buffer.compare(a, b))))
    for (const block of blocks.toSorted((a, b) => Buffer.compare(a, b))) for (let done = 0; done < block.length;) done += writeSync(to, block, done)
    fsyncSync(to)
  } finally {
    closeSync(to)
  }
}
