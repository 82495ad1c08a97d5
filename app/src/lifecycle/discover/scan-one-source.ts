// SPDX-License-Identifier: Apache-2.0
import { birthsOf, CellHash, ColumnScan, columnVerdict, RowHashes, type CellHint, type ColumnCounts } from '../../detection/index.ts'
import { readSourceHere, readSourceWith, type Cell, type ReadEvent, type ReadOptions, type RowCounts, type SourceDataSet, type SourceField, type SourceFile, type SourceKind, type SourceRow } from '../../sources/index.ts'
import type { CountedFile } from './count-or-scan.ts'
import { countCsv, usualPlan, type CountedTable, type CountEvent, type PartsPlan } from './scan-csv-bytes.ts'
import { DuplicateRows } from './scan-duplicates.ts'
import { RowsCounter } from './scan-rows.ts'
import { gradeScanned } from './grade-report.ts'
import type { ScannedDataSet, ScannedField, ScannedSource, ScanReport } from './scan-report.ts'
import { TextFindings } from './scan-text.ts'

/** What a scan tells while it runs. */
export type ScanEvent = { kind: 'rows'; rows: number } | { kind: 'pages'; done: number; total: number } | { kind: 'source'; source: ScannedSource } | { kind: 'notRead'; entry: ScanReport['notRead'][number] }

/** How a scan reads and grades. */
export type ScanSetting = ReadOptions & { ruleSet?: string }

/** Reads and classifies one path; `scanSources` runs it in a limited worker. Sources come out when they were read whole. `planFor` says how CSV files are cut, which changes nothing in the result; null reads them cell by cell. */
export async function* scanOneSource(path: string, options: ScanSetting, alive: (msNeeded?: number) => void, planFor: ((bytes: number) => PartsPlan) | null = usualPlan): AsyncGenerator<ScanEvent> {
  const events = planFor === null ? readSourceHere(path, options, alive) : readSourceWith<CountEvent>(path, options, alive, (at, bytes, setting) => countCsv(at, bytes, setting, planFor(bytes)))
  yield* reportEvents(events, { ruleSet: options.ruleSet, isByCells: planFor === null, alive })
}

/** Classifies what a reader gives. */
export async function* reportEvents(events: AsyncIterable<ReadEvent | CountEvent>, how: { ruleSet: string | undefined; isByCells: boolean; alive: (msNeeded?: number) => void }): AsyncGenerator<ScanEvent> {
  const run = new FileScan((file) => new SourceScan(file, how))
  for await (const event of events) {
    const { current } = run
    if (event.kind === 'source') {
      for (const source of run.begin(event.source)) yield { kind: 'source', source }
    } else if (event.kind === 'discard') run.discard(event.firstSource)
    else if (event.kind === 'notRead') {
      yield { kind: 'notRead', entry: { where: event.where, why: event.why.zh, whyEn: event.why.en, code: event.why.code } }
    } else if (event.kind === 'pages') yield event
    else if (event.kind === 'dataSet') current?.begin(event.dataSet)
    else if (event.kind === 'rowsCounted') yield { kind: 'rows', rows: event.rows }
    else if (event.kind === 'counted') {
      current?.take(event)
    } else if (event.kind === 'moreFields') current?.widen(event.fields)
    else if (event.kind === 'dataSetEnd') current?.end(event.counts)
    else {
      current?.add(event.rows)
      yield { kind: 'rows', rows: event.rows.length }
    }
  }
  for (const source of run.end()) yield { kind: 'source', source }
}

/** The report of a file that a worker counted. */
export function reportCounted({ source, tables }: CountedFile, ruleSet: string | undefined): ScannedSource {
  const scan = new SourceScan(source, { ruleSet, isByCells: false, alive: () => undefined })
  for (const table of tables) scan.take(table)
  return scan.report()
}

/** A file and the files inside it: they count when the outermost was read to its end, and what failed does not count at all. */
class FileScan {
  current: SourceScan | null = null
  private ready: { index: number; report: ScannedSource }[] = []
  private readonly make: (file: SourceFile) => SourceScan

  constructor(make: (file: SourceFile) => SourceScan) {
    this.make = make
  }

  /** Begins a file; gives what is complete: everything before, unless this one stands inside. */
  begin(file: SourceFile): ScannedSource[] {
    this.keep()
    const complete = file.inside === undefined ? this.ready.splice(0) : []
    this.current = this.make(file)
    return complete.map(({ report }) => report)
  }

  /** A file failed: nothing of it counts, nor what stands inside it. */
  discard(firstSource: number): void {
    if (this.current !== null && this.current.file.index >= firstSource) this.current = null
    this.ready = this.ready.filter(({ index }) => index < firstSource)
  }

  end(): ScannedSource[] {
    this.keep()
    return this.ready.splice(0).map(({ report }) => report)
  }

  private keep(): void {
    if (this.current !== null) this.ready.push({ index: this.current.file.index, report: this.current.report() })
    this.current = null
  }
}

/** The counts of one file, or of one table of a database, while it is read. */
export class SourceScan {
  readonly file: SourceFile
  private readonly ruleSet: string | undefined
  private readonly isByCells: boolean
  private readonly alive: (msNeeded?: number) => void
  private text: TextFindings | null = null
  private readonly done: ScannedDataSet[] = []
  private dataSet: SourceDataSet | null = null
  private columns: ColumnScan[] = []
  private rows: RowsCounter | null = null
  private duplicates = new DuplicateRows()
  private readonly cellHash = new CellHash()
  private readonly rowHash = new RowHashes(1)

  /** `isByCells`: cell by cell through the recognisers, the reference, instead of as bytes. */
  constructor(file: SourceFile, how: { ruleSet: string | undefined; isByCells: boolean; alive: (msNeeded?: number) => void }) {
    this.file = file
    this.ruleSet = how.ruleSet
    this.isByCells = how.isByCells
    this.alive = how.alive
  }

  begin(dataSet: SourceDataSet): void {
    this.dataSet = { ...dataSet, fields: [...dataSet.fields] }
    this.columns = this.isByCells ? dataSet.fields.map(() => new ColumnScan()) : []
    this.rows = this.isByCells ? null : new RowsCounter(dataSet.fields.length)
    this.duplicates = new DuplicateRows()
    this.text = dataSet.text === undefined ? null : new TextFindings(this.alive)
  }

  /** Takes a table that was counted elsewhere. */
  take(table: CountedTable): void {
    this.dataSet = table.dataSet
    this.end(table.counts, table)
  }

  widen(fields: SourceField[]): void {
    this.dataSet?.fields.push(...fields)
    this.rows?.widen(this.dataSet?.fields.length ?? 0)
    if (this.isByCells) for (const _ of fields) this.columns.push(new ColumnScan())
  }

  add(rows: readonly SourceRow[]): void {
    this.text?.add(rows)
    if (this.rows !== null) {
      this.rows.add(rows)
      return
    }
    for (const row of rows) {
      row.cells.forEach((cell, i) => this.columns[i]?.add(cell.value, row.place, hintOf(cell)))
      this.noteDuplicate(row)
    }
  }

  private noteDuplicate(row: SourceRow): void {
    if (this.duplicates.count === null) return
    this.rowHash.begin(1)
    for (const { value } of row.cells) {
      if (value === null) this.rowHash.mix(0, -1)
      else if (typeof value === 'string') this.cellHash.mixText(value, this.rowHash, 0)
      else this.cellHash.mixBytes(value, this.rowHash, 0)
    }
    this.duplicates.add(this.rowHash.low[0] ?? 0, this.rowHash.high[0] ?? 0)
  }

  /** The table is read; `counted` when its columns were counted elsewhere. */
  end(counts: RowCounts, counted: { columns: ColumnCounts[]; duplicateRows: number | null } | null = null): void {
    const { dataSet } = this
    if (dataSet === null) return
    const headers = !databaseKinds.includes(dataSet.kind) && dataSet.headerRow === null ? [] : dataSet.fields.map((field) => field.name)
    const comments = dataSet.fields.some(({ comment }) => comment !== undefined) ? { comments: dataSet.fields.map(({ comment = '' }) => comment) } : {}
    const context = { dataSet: [dataSet.name, dataSet.comment ?? '', this.file.place].filter((word) => word !== '').join(' '), headers, ...comments, ...(this.ruleSet === undefined ? {} : { ruleSet: this.ruleSet }) }
    const columns = counted?.columns ?? this.rows?.end() ?? this.columns.map((column) => column.counts)
    const fields = columns.map((column, i): ScannedField => {
      const field = dataSet.fields[i] ?? { name: '', index: i }
      const { why, ...verdict } = columnVerdict(column, { ...context, columns, header: headers.length === 0 ? null : field.name, ...(field.comment === undefined ? {} : { comment: field.comment }) })
      return { name: field.name, index: field.index, ...toldBySchema(field), ...verdict, why: why.zh, whyEn: why.en }
    })
    const { name, hidden, headerRow, blankHeaders, duplicateHeaders, placeUnit, comment } = dataSet
    const text = this.text?.end(fields, { isPicture: dataSet.text === 'picture', ruleSet: this.ruleSet })
    const told = { ...(comment === undefined ? {} : { comment }), ...(placeUnit === undefined ? {} : { placeUnit }), ...(text === undefined ? {} : { found: text.found }), ...(dataSet.text === 'picture' ? { recognised: true } : {}) }
    const ages = columns.map((column, i) => birthsOf(fields[i]?.type ?? 'none', column)).reduce((most, one) => (one.births > most.births || one.under14 > most.under14 ? one : most), { births: 0, under14: 0 })
    const graded = gradeScanned({ fields: text?.fields ?? fields, found: text?.found ?? [], ...ages }, this.ruleSet)
    this.done.push({ name, hidden, headerRow, blankHeaders, duplicateHeaders, ...counts, duplicateRows: counted === null ? (this.rows?.duplicates ?? this.duplicates).count : counted.duplicateRows, ...told, ...(ages.births > 0 ? ages : {}), ...graded })
    this.dataSet = null
    this.text = null
  }

  report(): ScannedSource {
    const { place, kind, bytes, sha256, inside, encoding, delimiter } = this.file
    return { source: place, kind, bytes, sha256, ...(inside === undefined ? {} : { inside }), encoding: encoding ?? null, delimiter: delimiter ?? null, dataSets: this.done }
  }
}

/** Kinds whose columns always have names. */
const databaseKinds: readonly SourceKind[] = ['sqlite', 'mysql', 'postgresql', 'sqlserver']

/** What the catalogue of a database says of a column. */
function toldBySchema({ comment, declaredType }: SourceField): { declaredType?: string; comment?: string } {
  return { ...(declaredType === undefined ? {} : { declaredType }), ...(comment === undefined ? {} : { comment }) }
}

function hintOf(cell: Cell): CellHint {
  const flag = cell.extras?.flag
  return flag === 'precision-lost' || flag === 'number-as-id' ? flag : null
}
