// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { readSource, readSourceHere, type ReadOptions, type SourceField, type SourceRow } from '../sources/index.ts'
import { anonymiseFailures } from './anonymise-failures.ts'

/** What a table is told as: its columns first, then its rows as texts (an empty cell is empty text), then its end. */
export type TablePart =
  | { kind: 'head'; fields: SourceField[]; delimiter: string; sha256: string; headerRow: number | null }
  | { kind: 'rows'; rows: readonly { cells: readonly string[]; place: number }[] }
  | { kind: 'end'; rows: number; blankRows: number; shortRows: number; notRead: string[] }

/** How a table is read: delimited text in this thread, since it holds no other files and the scan went through it before in a limited worker; all else in such a worker, which costs three times as much. */
export interface TableSource {
  path: string
  /** What messages call it. */
  where: string
  isDelimited: boolean
  options: ReadOptions
}

/** After so many milliseconds others get a turn: a person who presses Ctrl-C is heard. */
const turnMs = 100

/** Reads the one table of a source as text. Refuses a source with several tables or text above its header, rows longer than the header, and bytes that do not decode. */
export async function* readTable({ path, where, isDelimited, options }: TableSource): AsyncGenerator<TablePart> {
  let turn = performance.now()
  let source = { delimiter: ',', sha256: '' }
  let width = 0
  let tables = 0
  const notRead: string[] = []
  const end = { rows: 0, blankRows: 0, shortRows: 0 }
  for await (const event of isDelimited ? readSourceHere(path, options) : readSource(path, options)) {
    if (performance.now() - turn > turnMs) {
      await setImmediate()
      turn = performance.now()
    }
    if (event.kind === 'source') source = { delimiter: event.source.delimiter ?? ',', sha256: event.source.sha256 }
    if (event.kind === 'notRead') notRead.push(event.where)
    if (event.kind === 'dataSet') {
      if (++tables > 1 || event.dataSet.text !== undefined) throw anonymiseFailures.ANONYMISE_NOT_ONE_TABLE({ where, tables: Math.max(2, tables) })
      width = event.dataSet.fields.length
      yield { kind: 'head', fields: event.dataSet.fields, ...source, headerRow: event.dataSet.headerRow }
    }
    if (event.kind === 'rows') yield { kind: 'rows', rows: event.rows.map((row) => ({ cells: textsOf(row, width, where), place: row.place })) }
    if (event.kind === 'dataSetEnd') Object.assign(end, { rows: event.counts.rows, blankRows: event.counts.blankRows, shortRows: event.counts.shortRows })
  }
  if (tables === 0) throw anonymiseFailures.ANONYMISE_NOT_ONE_TABLE({ where, tables })
  yield { kind: 'end', ...end, notRead }
}

function textsOf({ cells, place }: SourceRow, width: number, where: string): string[] {
  if (cells.length > width) throw anonymiseFailures.ANONYMISE_UNEVEN_ROW({ where, row: place })
  const texts: string[] = []
  for (let index = 0; index < width; index++) {
    const value = cells[index]?.value ?? ''
    if (value instanceof Uint8Array) throw anonymiseFailures.ANONYMISE_UNDECODED({ where, row: place })
    texts.push(value)
  }
  return texts
}
