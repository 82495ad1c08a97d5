// SPDX-License-Identifier: Apache-2.0
import { CellHash, ColumnScan, columnVerdict, gradeType, missingCell, RowHashes, type CellHint, type ColumnCounts, type FieldGrade } from '../../detection/index.ts'
import { readSourceHere, readSourceWith, type Cell, type ReadOptions, type RowCounts, type SourceDataSet, type SourceField, type SourceFile, type SourceRow } from '../../sources/index.ts'
import { countCsv, usualPlan, type CountEvent, type PartsPlan } from './scan-csv-bytes.ts'
import { DuplicateRows } from './scan-duplicates.ts'
import { RowsCounter } from './scan-rows.ts'
import type { FoundSpans, ScannedDataSet, ScannedField, ScannedSource, ScanReport } from './scan-report.ts'
import { TextFindings } from './scan-text.ts'

/** What a scan tells while it runs. */
export type ScanEvent = { kind: 'rows'; rows: number } | { kind: 'pages'; done: number; total: number } | { kind: 'source'; source: ScannedSource } | { kind: 'notRead'; entry: ScanReport['notRead'][number] }

/** Reads and classifies one path; `scanSources` runs it in a limited worker. Sources come out when they were read whole. `planFor` says how CSV files are cut, which changes nothing in the result; null reads them cell by cell. */
export async function* scanOneSource(path: string, options: ReadOptions & { ruleSet?: string }, alive: (msNeeded?: number) => void, planFor: ((bytes: number) => PartsPlan) | null = usualPlan): AsyncGenerator<ScanEvent> {
  const run = new FileScan((file) => new SourceScan(file, { ruleSet: options.ruleSet, isByCells: planFor === null, alive }))
  const events = planFor === null ? readSourceHere(path, options, alive) : readSourceWith<CountEvent>(path, options, alive, (at, bytes, setting) => countCsv(at, bytes, setting, planFor(bytes)))
  for await (const event of events) {
    const { current } = run
    if (event.kind === 'source') {
      for (const source of run.begin(event.source)) yield { kind: 'source', source }
    } else if (event.kind === 'notRead') {
      run.discard(event.where)
      yield { kind: 'notRead', entry: { where: event.where, why: event.why.zh, whyEn: event.why.en, code: event.why.code } }
    } else if (event.kind === 'pages') yield event
    else if (event.kind === 'dataSet') current?.begin(event.dataSet)
    else if (event.kind === 'rowsCounted') yield { kind: 'rows', rows: event.rows }
    else if (event.kind === 'counted') {
      current?.begin(event.dataSet)
      current?.end(event.counts, event)
    } else if (event.kind === 'moreFields') current?.widen(event.fields)
    else if (event.kind === 'dataSetEnd') current?.end(event.counts)
    else {
      current?.add(event.rows)
      yield { kind: 'rows', rows: event.rows.length }
    }
  }
  for (const source of run.end()) yield { kind: 'source', source }
}

/** A file and the files inside it: they count when the outermost was read to its end, and what failed does not count at all. */
class FileScan {
  current: SourceScan | null = null
  private readonly ready: ScannedSource[] = []
  private readonly make: (file: SourceFile) => SourceScan

  constructor(make: (file: SourceFile) => SourceScan) {
    this.make = make
  }

  /** Begins a file; gives what is complete: everything before, unless this one stands inside. */
  begin(file: SourceFile): ScannedSource[] {
    this.keep()
    const complete = file.inside === undefined ? this.ready.splice(0) : []
    this.current = this.make(file)
    return complete
  }

  /** A file failed: nothing of it counts, nor what stands inside it. */
  discard(where: string): void {
    if (this.current !== null && isAt(this.current.file.place, where)) this.current = null
    const failed = this.ready.findIndex(({ source }) => source === where)
    if (failed >= 0) this.ready.splice(0, this.ready.length, ...this.ready.filter(({ source }) => !isAt(source, where)))
  }

  end(): ScannedSource[] {
    this.keep()
    return this.ready.splice(0)
  }

  private keep(): void {
    if (this.current !== null) this.ready.push(this.current.report())
    this.current = null
  }
}

const isAt = (place: string, where: string): boolean => place === where || place.startsWith(`${where}!`)

/** The counts of one file while it is read. */
class SourceScan {
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
      if (value === null) this.rowHash.mix(0, missingCell.low, missingCell.high)
      else {
        if (typeof value === 'string') this.cellHash.takeText(value)
        else this.cellHash.takeBytes(value)
        this.rowHash.mix(0, this.cellHash.low, this.cellHash.high)
      }
    }
    this.duplicates.add(this.rowHash.low[0] ?? 0, this.rowHash.high[0] ?? 0)
  }

  /** The table is read; `counted` when its columns were counted elsewhere. */
  end(counts: RowCounts, counted: { columns: ColumnCounts[]; duplicateRows: number | null } | null = null): void {
    const { dataSet } = this
    if (dataSet === null) return
    const headers = dataSet.kind !== 'sqlite' && dataSet.headerRow === null ? [] : dataSet.fields.map((field) => field.name)
    const context = { dataSet: `${dataSet.name} ${this.file.place}`, headers, ...(this.ruleSet === undefined ? {} : { ruleSet: this.ruleSet }) }
    const columns = counted?.columns ?? this.rows?.end() ?? this.columns.map((column) => column.counts)
    const fields = columns.map((column, i): ScannedField => {
      const field = dataSet.fields[i] ?? { name: '', index: i }
      const { why, ...verdict } = columnVerdict(column, { ...context, columns, header: headers.length === 0 ? null : field.name })
      return { name: field.name, index: field.index, ...verdict, why: why.zh, whyEn: why.en }
    })
    const { name, hidden, headerRow, blankHeaders, duplicateHeaders, placeUnit } = dataSet
    const text = this.text?.end(fields, { isPicture: dataSet.text === 'picture', ruleSet: this.ruleSet })
    const told = { ...(placeUnit === undefined ? {} : { placeUnit }), ...(text === undefined ? {} : { found: text.found }), ...(dataSet.text === 'picture' ? { recognised: true } : {}) }
    const graded = gradeOfRecords(text?.fields ?? fields, this.ruleSet, text?.found)
    this.done.push({ name, hidden, headerRow, blankHeaders, duplicateHeaders, ...counts, duplicateRows: counted === null ? (this.rows?.duplicates ?? this.duplicates).count : counted.duplicateRows, ...graded, ...told, fields: text?.fields ?? fields })
    this.dataSet = null
    this.text = null
  }

  report(): ScannedSource {
    const { place, kind, bytes, sha256, inside, encoding, delimiter } = this.file
    return { source: place, kind, bytes, sha256, ...(inside === undefined ? {} : { inside }), encoding: encoding ?? null, delimiter: delimiter ?? null, dataSets: this.done }
  }
}

function hintOf(cell: Cell): CellHint {
  const flag = cell.extras?.flag
  return flag === 'precision-lost' || flag === 'number-as-id' ? flag : null
}

/** The grade of whole records: the highest of their fields, and sensitive where types do together what none does alone (DETECTION.md §2, column C). */
function gradeOfRecords(fields: readonly ScannedField[], ruleSet: string | undefined, found: readonly FoundSpans[] = []): { grade: FieldGrade; gradeWhy: string } {
  const inText = found.filter(({ type }) => gradeType(type, ruleSet).grade === 'sensitive').map(({ type }) => type)
  if (inText.length > 0) return { grade: 'sensitive', gradeWhy: `文本中有敏感个人信息 / sensitive in the text: ${inText.join(' ')}` }
  const positions = (found: readonly ScannedField[]): string => found.map((field) => `#${field.index + 1}`).join(' ')
  const sensitive = fields.filter((field) => field.grade === 'sensitive')
  if (sensitive.length > 0) return { grade: 'sensitive', gradeWhy: `敏感字段 / sensitive fields: ${positions(sensitive)}` }
  const together = fields.filter((field) => field.values > 0 && gradeType(field.type, ruleSet).isCombination)
  const named = fields.some((field) => field.type === 'person-name' && field.values > 0)
  if (together.length >= 2 && named) return { grade: 'sensitive', gradeWhy: `组合后敏感 / sensitive together: ${positions(together)}` }
  for (const grade of ['general', 'organisation'] as const) {
    const found = fields.filter((field) => field.grade === grade)
    if (found.length > 0) return { grade, gradeWhy: `#${(found[0]?.index ?? 0) + 1} …` }
  }
  return { grade: 'none', gradeWhy: '' }
}
