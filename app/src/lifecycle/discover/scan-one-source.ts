// SPDX-License-Identifier: Apache-2.0
import { ColumnScan, columnVerdict, gradeType, type CellHint, type FieldGrade } from '../../detection/index.ts'
import { readSourceHere, type Cell, type ReadOptions, type RowCounts, type SourceDataSet, type SourceField, type SourceFile, type SourceRow } from '../../sources/index.ts'
import type { ScannedDataSet, ScannedField, ScannedSource, ScanReport } from './scan-report.ts'

/** What a scan tells while it runs. */
export type ScanEvent = { kind: 'rows'; rows: number } | { kind: 'source'; source: ScannedSource } | { kind: 'notRead'; entry: ScanReport['notRead'][number] }

const ROWS_REMEMBERED = 1_000_000

/** Reads and classifies one path in this thread; `scanSources` runs it in a limited worker. Sources come out when they were read whole. */
export async function* scanOneSource(path: string, options: ReadOptions & { ruleSet?: string }, alive: (msNeeded?: number) => void): AsyncGenerator<ScanEvent> {
  let current: SourceScan | null = null
  for await (const event of readSourceHere(path, options, alive)) {
    if (event.kind === 'source') {
      if (current !== null) yield { kind: 'source', source: current.report() }
      current = new SourceScan(event.source, options.ruleSet)
    } else if (event.kind === 'notRead') {
      if (current !== null && event.where === current.file.place) current = null // the file failed: nothing of it counts
      yield { kind: 'notRead', entry: { where: event.where, why: event.why.zh, whyEn: event.why.en, code: event.why.code } }
    } else if (event.kind === 'dataSet') current?.begin(event.dataSet)
    else if (event.kind === 'moreFields') current?.widen(event.fields)
    else if (event.kind === 'dataSetEnd') current?.end(event.counts)
    else {
      current?.add(event.rows)
      yield { kind: 'rows', rows: event.rows.length }
    }
  }
  if (current !== null) yield { kind: 'source', source: current.report() }
}

/** The counts of one file while it is read. */
class SourceScan {
  readonly file: SourceFile
  private readonly ruleSet: string | undefined
  private readonly done: ScannedDataSet[] = []
  private dataSet: SourceDataSet | null = null
  private columns: ColumnScan[] = []
  private seenRows = new Set<number>()
  private duplicateRows: number | null = 0

  constructor(file: SourceFile, ruleSet: string | undefined) {
    this.file = file
    this.ruleSet = ruleSet
  }

  begin(dataSet: SourceDataSet): void {
    this.dataSet = { ...dataSet, fields: [...dataSet.fields] }
    this.columns = dataSet.fields.map(() => new ColumnScan())
    this.seenRows = new Set()
    this.duplicateRows = 0
  }

  widen(fields: SourceField[]): void {
    this.dataSet?.fields.push(...fields)
    for (const _ of fields) this.columns.push(new ColumnScan())
  }

  add(rows: readonly SourceRow[]): void {
    for (const row of rows) {
      row.cells.forEach((cell, i) => this.columns[i]?.add(cell.value, row.place, hintOf(cell)))
      this.noteDuplicate(row)
    }
  }

  private noteDuplicate(row: SourceRow): void {
    if (this.duplicateRows === null) return
    if (this.seenRows.size >= ROWS_REMEMBERED) {
      this.duplicateRows = null
      this.seenRows.clear()
      return
    }
    const before = this.seenRows.size
    this.seenRows.add(rowHash(row))
    if (this.seenRows.size === before) this.duplicateRows++
  }

  end(counts: RowCounts): void {
    const { dataSet } = this
    if (dataSet === null) return
    const headers = dataSet.kind !== 'sqlite' && dataSet.headerRow === null ? [] : dataSet.fields.map((field) => field.name)
    const context = { dataSet: `${dataSet.name} ${this.file.place}`, headers, ...(this.ruleSet === undefined ? {} : { ruleSet: this.ruleSet }) }
    const fields = this.columns.map((column, i): ScannedField => {
      const field = dataSet.fields[i] ?? { name: '', index: i }
      const { why, ...verdict } = columnVerdict(column.counts, { ...context, header: headers.length === 0 ? null : field.name })
      return { name: field.name, index: field.index, ...verdict, why: why.zh, whyEn: why.en }
    })
    const { name, hidden, headerRow, blankHeaders, duplicateHeaders } = dataSet
    this.done.push({ name, hidden, headerRow, blankHeaders, duplicateHeaders, ...counts, duplicateRows: this.duplicateRows, ...gradeOfRecords(fields, this.ruleSet), fields })
    this.dataSet = null
  }

  report(): ScannedSource {
    const { place, kind, bytes, sha256, encoding, delimiter } = this.file
    return { source: place, kind, bytes, sha256, encoding: encoding ?? null, delimiter: delimiter ?? null, dataSets: this.done }
  }
}

function hintOf(cell: Cell): CellHint {
  const flag = cell.extras?.flag
  return flag === 'precision-lost' || flag === 'number-as-id' ? flag : null
}

/** 53 bits over all cells of a row; two different rows among a million share them with a chance below one in ten thousand. Never leaves memory. */
function rowHash(row: SourceRow): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  const take = (unit: number): void => {
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13)
  }
  for (const { value } of row.cells) {
    take(value === null ? 0x10000 : typeof value === 'string' ? 0x10001 : 0x10002)
    if (typeof value === 'string') for (let i = 0; i < value.length; i++) take(value.charCodeAt(i))
    else if (value !== null) for (const byte of value) take(byte)
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}

/** The grade of whole records: the highest of their fields, and sensitive where types do together what none does alone (DETECTION.md §2, column C). */
function gradeOfRecords(fields: readonly ScannedField[], ruleSet: string | undefined): { grade: FieldGrade; gradeWhy: string } {
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
