// SPDX-License-Identifier: Apache-2.0
import { maskValue, plainText, typeLabel, type CheckCode, type InformationType } from '../../detection/index.ts'
import { addYears, type Day } from '../../kit/time.ts'
import { readSource, type Cell, type ReadEvent, type ReadOptions, type SourceDataSet, type SourceRow } from '../../sources/index.ts'
import { PeopleComparison, personColumnsOf, type PersonColumns } from './compare-people.ts'
import { DuplicateRows } from './duplicate-rows.ts'
import { examineCell, isCheckable } from './examine-cell.ts'
import { examineRow, rowColumnsOf, type RowColumns } from './examine-row.ts'
import { checkReasons, qualityRules, qualityRulesVersion, type QualityRuleCode } from './quality-rules.ts'
import { countRule, isTable, type DataSetQuality, type FieldQuality, type NotChecked, type QualityFinding, type QualityReport } from './quality-report.ts'

/** What is already known of a table: the types of its columns, and in a matter its id and those of its records. */
export interface KnownTable {
  source: string
  name: string
  types: readonly InformationType[]
  id?: string
  recordId?(ordinal: number): string
}

/** What is checked, against which day. */
export interface QualityOrder {
  paths: readonly string[]
  options?: ReadOptions
  /** The tables as they were scanned, in the order of the files. */
  tables: readonly KnownTable[]
  /** What the scan could not read: the types of its columns are unknown, and why. */
  notTyped?: readonly { where: string; zh: string; en: string }[]
  today: Day
  staleYears: number
  /** Told each finding, row by row; the reader waits for it. */
  found?(findings: readonly QualityFinding[]): void | Promise<void>
  /** Told how many rows were read. */
  progress?(rows: number): void
}

/** 质量检查. Reads every row once and counts by rule what is not true, not accurate, not complete (个人信息保护法 第八条). Memory does not grow with the rows beyond the bounds of what is remembered. Refuses what the readers refuse. */
export async function checkQuality(order: QualityOrder): Promise<QualityReport> {
  const run = new QualityRun(order)
  for (const path of order.paths) {
    for await (const event of readSource(path, order.options ?? {})) {
      const findings = run.take(event)
      if (findings.length > 0) await order.found?.(findings)
    }
  }
  return run.report()
}

/** What more is known of a finding: why a value does not fit, the other cell that may be wrong, and where its counterpart stands. */
interface About {
  code?: CheckCode | undefined
  also?: number | undefined
  first?: { dataSet: number; place: number }
}

const dateRules: ReadonlySet<QualityRuleCode> = new Set<QualityRuleCode>(['IMPOSSIBLE_DATE', 'EVENT_BEFORE_BIRTH', 'STALE', 'UPDATED_IN_FUTURE'])

interface OpenTable {
  known: KnownTable | undefined
  types: InformationType[]
  quality: DataSetQuality
  columns: RowColumns
  people: PersonColumns
  duplicates: DuplicateRows
  number: number
}

class QualityRun {
  readonly #order: QualityOrder
  readonly #report: QualityReport
  readonly #people: PeopleComparison
  readonly #left: KnownTable[]
  readonly #names: string[] = []
  #table: OpenTable | null = null
  #rows = 0
  #at: { today: string; staleBefore: string }

  constructor(order: QualityOrder) {
    this.#order = order
    this.#left = [...order.tables]
    this.#people = new PeopleComparison(order.tables.length > 1)
    this.#report = { rules: qualityRulesVersion, today: order.today, staleYears: order.staleYears, sources: [], notChecked: (order.notTyped ?? []).map(({ where, zh, en }) => ({ where, code: 'NOT_SCANNED', zh: `清查没有完成,列的类型不明:${zh}`, en: `the scan was not completed, so types are unknown: ${en}` })) }
    this.#at = { today: order.today, staleBefore: addYears(order.today, -order.staleYears) }
  }

  /** Takes what the reader tells; gives what was found in it. */
  take(event: ReadEvent): QualityFinding[] {
    if (event.kind === 'source') {
      const { place, kind, bytes, sha256, encoding } = event.source
      this.#report.sources.push({ source: place, kind, bytes, sha256, encoding: encoding ?? null, dataSets: [] })
    } else if (event.kind === 'notRead') this.#leaveOut({ where: event.where, code: 'NOT_READ', zh: `没有读到:${event.why.zh}`, en: `not read: ${event.why.en}` })
    else if (event.kind === 'dataSet') this.#open(event.dataSet)
    else if (event.kind === 'moreFields') this.#widen(event.fields.map((field) => field.name))
    else if (event.kind === 'rows') return this.#addRows(event.rows)
    else if (event.kind === 'dataSetEnd') this.#close()
    return []
  }

  /** The whole result. */
  report(): QualityReport {
    if (this.#people.turnedAway > 0) this.#leaveOut({ where: '*', code: 'PEOPLE_MEMORY', zh: `内存上限之外的 ${this.#people.turnedAway} 项没有参加同一人比对`, en: `${this.#people.turnedAway} facts beyond the memory bound were not compared between persons` })
    return this.#report
  }

  #leaveOut(one: NotChecked): void {
    this.#report.notChecked.push(one)
  }

  /** The file, and its sheet or table where that has a name of its own. */
  #whereOf(name: string): string {
    const source = this.#report.sources.at(-1)?.source ?? ''
    return source === name || source.endsWith(`/${name}`) ? source : `${source}!${name}`
  }

  #open(dataSet: SourceDataSet): void {
    const source = this.#report.sources.at(-1)
    if (source === undefined) return
    if (!isTable(dataSet)) {
      this.#leaveOut({ where: this.#whereOf(dataSet.name), code: 'FREE_TEXT', zh: '自由文本(文档、图片),没有逐格检查的规则', en: 'free text (document, picture): no rules for cells apply' })
      this.#table = null
      return
    }
    const at = this.#left.findIndex((table) => table.source === source.source && table.name === dataSet.name)
    const known = at < 0 ? undefined : this.#left.splice(at, 1)[0]
    const types = dataSet.fields.map((_, i) => known?.types[i] ?? 'none')
    const fields = dataSet.fields.map(({ name, index }, i): FieldQuality => ({ name, index, type: types[i] ?? 'none', values: 0, empty: 0, checked: 0, findings: {} }))
    const quality: DataSetQuality = { name: dataSet.name, ...(known?.id === undefined ? {} : { id: known.id }), ...(known === undefined ? { isUntyped: true } : {}), rows: 0, rowsWithFindings: 0, findings: {}, fields }
    source.dataSets.push(quality)
    this.#table = { known, types, quality, columns: rowColumnsOf(fields), people: personColumnsOf(types), duplicates: new DuplicateRows(), number: this.#names.length }
    this.#names.push(dataSet.name)
  }

  #widen(names: readonly string[]): void {
    const table = this.#table
    if (table === null) return
    for (const name of names) {
      const type = table.known?.types[table.types.length] ?? 'none'
      table.quality.fields.push({ name, index: table.quality.fields.length, type, values: 0, empty: 0, checked: 0, findings: {} })
      table.types.push(type)
    }
  }

  #addRows(rows: readonly SourceRow[]): QualityFinding[] {
    const table = this.#table
    this.#rows += rows.length
    this.#order.progress?.(this.#rows)
    return table === null ? [] : rows.flatMap((row) => this.#addRow(table, row))
  }

  #addRow(table: OpenTable, row: SourceRow): QualityFinding[] {
    const found: QualityFinding[] = []
    const { quality } = table
    quality.rows++
    const tell = (rule: QualityRuleCode, field: number | null, more: About = {}): void => {
      countRule(quality.findings, rule)
      if (field !== null && quality.fields[field] !== undefined) countRule(quality.fields[field].findings, rule)
      // Counted once; listed at both cells of which either may be the wrong one.
      found.push(this.#findingOf(table, row, { rule, field, ...more }), ...(more.also === undefined ? [] : [this.#findingOf(table, row, { rule, ...more, field: more.also })]))
    }
    const isBad = row.cells.map(() => false)
    const texts = row.cells.map((cell, i) => this.#cellText(table, { cell, field: i }, (rule, code) => {
      isBad[i] = true
      tell(rule, i, { code })
    }))
    // A cell that is wrong by itself is not held against others: one reason a cell.
    for (const { rule, field, also } of examineRow(texts.map((text, i) => (isBad[i] === true ? null : text)), table.columns, this.#at)) tell(rule, field, { also })
    for (const { rule, field, also, first } of this.#people.add({ texts, source: this.#report.sources.length, dataSet: table.number, place: row.place }, table.people)) tell(rule, field, { also, first })
    const twin = table.duplicates.firstTwin(row)
    if (twin !== null) tell('DUPLICATE_ROW', null, { first: { dataSet: table.number, place: twin } })
    if (found.length > 0) quality.rowsWithFindings++
    return found
  }

  /** Counts a cell; gives its plain text, null when it is empty or no text. */
  #cellText(table: OpenTable, { cell, field }: { cell: Cell; field: number }, tell: (rule: QualityRuleCode, code?: CheckCode) => void): string | null {
    const counts = table.quality.fields[field]
    const type = table.types[field] ?? 'none'
    const text = typeof cell.value === 'string' ? plainText(cell.value) : null
    if (cell.value === null || text === '') {
      if (counts !== undefined) {
        counts.empty++
        countRule(counts.findings, 'EMPTY')
        countRule(table.quality.findings, 'EMPTY')
      }
      return null
    }
    if (counts !== undefined) {
      counts.values++
      if (isCheckable(type)) counts.checked++
    }
    const wrong = examineCell(cell, text ?? '', type, this.#at.today)
    if (wrong !== null) tell(wrong.rule, wrong.code)
    return text
  }

  #findingOf(table: OpenTable, row: SourceRow, what: About & { rule: QualityRuleCode; field: number | null }): QualityFinding {
    const field = what.field === null ? undefined : table.quality.fields[what.field]
    const value = what.field === null ? null : row.cells[what.field]?.value
    const { name } = qualityRules[what.rule]
    const why = what.code === undefined ? null : checkReasons[what.code]
    const label = field === undefined || field.type === 'none' || why === null ? null : typeLabel(field.type)
    const first = what.first === undefined ? null : { set: what.first.dataSet === table.number ? '' : (this.#names[what.first.dataSet] ?? ''), place: what.first.place }
    return {
      rule: what.rule, source: this.#report.sources.length - 1, dataSet: (this.#report.sources.at(-1)?.dataSets.length ?? 1) - 1, sourceName: this.#report.sources.at(-1)?.source ?? '', dataSetName: table.quality.name,
      ordinal: row.ordinal, place: row.place, field: what.field, fieldName: field?.name ?? '', recordId: table.known?.recordId?.(row.ordinal) ?? '',
      masked: typeof value === 'string' ? shownValue(what.rule, field?.type ?? 'none', value) : '',
      reason: {
        zh: `${name.zh}${label === null || why === null ? '' : `:${label.zh}${why.zh}`}${first === null ? '' : `(参见${first.set === '' ? '' : `数据集「${first.set}」`}第 ${first.place} 行)`}`,
        en: `${name.en}${label === null || why === null ? '' : `: ${label.en}, ${why.en}`}${first === null ? '' : ` (see ${first.set === '' ? '' : `data set "${first.set}", `}row ${first.place})`}`,
      },
    }
  }

  #close(): void {
    const table = this.#table
    this.#table = null
    if (table === null) return
    const where = this.#whereOf(table.quality.name)
    if (table.known === undefined) this.#leaveOut({ where, code: 'NOT_TYPED', zh: '清查没有给出列的类型,只作一般检查', en: 'the scan gave no types for its columns: only general rules were applied' })
    const unchecked = table.quality.fields.filter((field) => field.type !== 'none' && field.values > 0 && !isCheckable(field.type))
    if (unchecked.length > 0) this.#leaveOut({ where, code: 'NO_PUBLIC_CHECK', zh: `${unchecked.length} 列没有公开的校验规则(${[...new Set(unchecked.map((field) => typeLabel(field.type).zh))].join('、')}),没有核对真伪`, en: `${unchecked.length} ${unchecked.length === 1 ? 'column has' : 'columns have'} no public check (${[...new Set(unchecked.map((field) => typeLabel(field.type).en))].join(', ')}): whether they are true was not examined` })
    const count = (type: InformationType): number => table.types.filter((one) => one === type).length
    if (count('resident-id') > 0 && (count('resident-id') > 1 || count('birth-date') > 1 || count('gender') > 1)) this.#leaveOut({ where, code: 'AMBIGUOUS_COLUMNS', zh: '证件号、出生日期或性别不止一列,没有互相核对', en: 'more than one column of ID numbers, birth dates or genders: they were not held against each other' })
    if (table.duplicates.turnedAway > 0) this.#leaveOut({ where, code: 'DUPLICATES_MEMORY', zh: `内存上限之外的 ${table.duplicates.turnedAway} 行没有查重`, en: `${table.duplicates.turnedAway} rows beyond the memory bound were not looked up for duplicates` })
  }
}

/** The value as a list may show it; a placeholder says nothing of a person and is shown as it is, dates show their year. */
export function shownValue(rule: QualityRuleCode, type: InformationType, value: string): string {
  const plain = plainText(value)
  if (rule === 'PLACEHOLDER') return plain
  return maskValue(dateRules.has(rule) ? 'birth-date' : type, plain)
}
