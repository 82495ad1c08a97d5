// SPDX-License-Identifier: Apache-2.0
import { fieldNames, findTableStart } from './find-header.rules.ts'
import type { ReadPlace } from './read-csv.ts'
import type { SheetRow } from './read-sheet.ts'
import { noRows } from './source-events.ts'
import type { Cell, ReadEvent, RowCounts, SourceField, SourceKind, SourceRow } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

const SAMPLE_ROWS = 60
const BATCH = 500
/** What a sample or a batch may hold: characters and cells. One shared string can stand in every cell. */
const BATCH_CHARS = 4 * 1024 * 1024
const CELL_WEIGHT = 40

/** Which table is read: a sheet, a table of a document. */
export interface TableRead {
  at: ReadPlace
  name: string
  kind: SourceKind
  hidden: boolean
  /** Counts that are known when the last row was read. */
  extras: Pick<RowCounts, 'mergedRanges' | 'hiddenRows' | 'hiddenColumns'>
  setting: ReadSetting
}

const textOf = (cell: Cell): string | null => (typeof cell.value === 'string' ? cell.value : cell.value === null ? null : '\u0001')
const isEmpty = (cell: Cell): boolean => cell.value === null || cell.value.length === 0

/** The rows of a table, as readers give them: one by one, or some at a time, which costs less. */
export type TableRows = AsyncGenerator<SheetRow | readonly SheetRow[]>

const rowsIn = (given: SheetRow | readonly SheetRow[]): readonly SheetRow[] => ('row' in given ? [given] : given)

/** The rows of a table as data sets: title rows above the header apart, the header found as everywhere. Returns the next free number. */
export async function* tableDataSets(read: TableRead, rows: TableRows, first: number): AsyncGenerator<ReadEvent, number> {
  const sample: SheetRow[] = []
  const more: SheetRow[] = []
  for (let weight = 0; sample.length < SAMPLE_ROWS && weight < BATCH_CHARS * 4; ) {
    const given = await rows.next()
    if (given.done === true) break
    for (const row of rowsIn(given.value)) {
      if (sample.length >= SAMPLE_ROWS || weight >= BATCH_CHARS * 4) more.push(row)
      else sample.push(row)
      weight += weightOf(row)
    }
  }
  const start = findTableStart(sample.map((row) => row.cells.map(textOf)), read.setting.header === 'detect')
  let next = first
  if (start.titleRows.length > 0) yield* titleDataSet(read, next++, start.titleRows.flatMap((row) => sample[row] ?? []))
  const header = start.header === null ? null : (sample[start.header] ?? null)
  yield* tableDataSet(read, next++, { header, sample: sample.slice(start.firstRow), more, rest: rows })
  return next
}

/** Title rows hold values too: they become a data set of free text beside the table. */
function* titleDataSet(read: TableRead, index: number, titles: SheetRow[]): Generator<ReadEvent> {
  const { at, name, kind, hidden } = read
  yield {
    kind: 'dataSet',
    dataSet: { index, source: at.source, name: `${name}#above`, kind, hidden, fields: [{ name: '标题', index: 0 }], headerRow: null, blankHeaders: 0, duplicateHeaders: 0 },
  }
  const rows: SourceRow[] = []
  for (const title of titles) for (const cell of title.cells) if (!isEmpty(cell)) rows.push({ ordinal: rows.length, place: title.row, cells: [cell] })
  yield { kind: 'rows', dataSet: index, rows }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...noRows(), rows: rows.length } }
}

function weightOf(row: SheetRow): number {
  return row.cells.reduce((sum, cell) => sum + CELL_WEIGHT + (cell.value === null ? 0 : cell.value.length), 0)
}

interface SheetTable {
  header: SheetRow | null
  /** The rows that its width is known from. */
  sample: SheetRow[]
  more: SheetRow[]
  rest: TableRows
}

async function* tableDataSet(read: TableRead, index: number, table: SheetTable): AsyncGenerator<ReadEvent> {
  const { at, name, kind, hidden, setting } = read
  const width = table.sample.reduce((widest, row) => Math.max(widest, row.cells.length), 0)
  const named = fieldNames(table.header === null ? null : table.header.cells.map(textOf), width)
  const fields = named.names.map((name, i): SourceField => ({ name, index: i }))
  yield {
    kind: 'dataSet',
    dataSet: { index, source: at.source, name, kind, hidden, fields, headerRow: table.header?.row ?? null, blankHeaders: named.blank, duplicateHeaders: named.duplicate },
  }
  const counts = noRows()
  let known = fields.length
  let batch: SourceRow[] = []
  let weight = 0
  for await (const rows of chain([...table.sample, ...table.more], table.rest)) {
    for (const row of rows) {
      if (row.cells.every(isEmpty)) {
        counts.blankRows++
        continue
      }
      if (row.cells.length > known) {
        yield { kind: 'moreFields', dataSet: index, fields: Array.from({ length: row.cells.length - known }, (_, i) => ({ name: `列${known + i + 1}`, index: known + i })) }
        known = row.cells.length
      }
      batch.push(dataRow(row, fields.length, counts))
      weight += weightOf(row)
      if (counts.rows > setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where: at.place, limit: setting.limits.rowsMax })
      if (batch.length === BATCH || weight > BATCH_CHARS) {
        setting.alive()
        yield { kind: 'rows', dataSet: index, rows: batch }
        batch = []
        weight = 0
      }
    }
  }
  if (batch.length > 0) yield { kind: 'rows', dataSet: index, rows: batch }
  yield { kind: 'dataSetEnd', dataSet: index, counts: { ...counts, ...hiddenCounts(read.extras), mergedRanges: read.extras.mergedRanges } }
}

const hiddenCounts = ({ hiddenRows = 0, hiddenColumns = 0 }: TableRead['extras']): Partial<RowCounts> => ({ ...(hiddenRows > 0 ? { hiddenRows } : {}), ...(hiddenColumns > 0 ? { hiddenColumns } : {}) })

function dataRow(row: SheetRow, fields: number, counts: RowCounts): SourceRow {
  if (row.cells.length > fields) counts.longRows++
  for (const cell of row.cells) if (cell.extras?.flag !== undefined) counts.oddCells++
  while (row.cells.length < fields) row.cells.push({ value: null }) // trailing cells that a sheet leaves out are empty, not ragged
  return { ordinal: counts.rows++, place: row.row, cells: row.cells }
}

async function* chain(first: readonly SheetRow[], rest: TableRows): AsyncGenerator<readonly SheetRow[]> {
  yield first
  for await (const given of rest) yield rowsIn(given)
}
