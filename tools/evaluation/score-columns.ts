// SPDX-License-Identifier: Apache-2.0
import { ColumnScan, columnVerdict, isInformationType, isPersonalType, noCounts } from '../../app/src/detection/index.ts'
import type { ColumnContext, ColumnCounts, ColumnVerdict, InformationType } from '../../app/src/detection/index.ts'
import type { LabelledColumn, LabelledTable } from './labelled-tables.ts'

/** How much of a column is shown: its name with the comment of a database, its name alone, or nothing but values. */
export type Showing = 'commented' | 'named' | 'header-less'

/** One verdict beside what is right. */
export interface ScoredColumn {
  table: string
  column: string
  labels: readonly string[]
  verdict: ColumnVerdict
  /** Whether its values tell the type without a name; asked of header-less columns only. */
  isTellable: boolean
}

// Kinds of values that tell their type without a name: a form with a check, or words that are used for nothing else.
const tellable = new Set(
  'id18 mobile mobilemasked mobilehash phones landline email name namemasked nameen address addr_part addrmasked addren bankcard uscc plate vin ip ipmix mac imei imsi iccid gender genderen maritalen birth birthdt ethnicity religion marital education job joben region province city district country countryen org school orgen passport military pair pointhex bcrypt phpass pem jwt akid note phoneforeign phoneus iban'
    .split(' '),
)
const hardWithoutName = new Set('nameen addren orgen joben phoneforeign phoneus note pointhex iban country countryen phpass'.split(' '))

// What values show when no name says more: the number on a driving licence is the citizen's, an account that is an e-mail address is one.
const alsoByValues: Readonly<Record<string, readonly string[]>> = { id18: ['resident-id'], emailormobile: ['email', 'mobile'], bankacct: ['free-text-personal'], mainland: ['mainland-travel-permit'] }

/** A column with what the detector is given of it. */
export interface ShownColumn {
  column: LabelledColumn
  counts: ColumnCounts
  context: ColumnContext
}

/** What the detector is given of each column of a table. */
export function contextsOf(table: LabelledTable, showing: Showing): ShownColumn[] {
  const isNamed = showing !== 'header-less'
  const headers = isNamed ? table.columns.map((column) => column.name) : []
  const comments = showing === 'commented' ? table.columns.map((column) => column.comment) : []
  const columns = table.columns.map((column) => countsOf(column.values))
  const dataSet = isNamed ? `${table.name}${showing === 'commented' ? ` ${table.comment}` : ''}` : 'Sheet1'
  return table.columns.map((column, i) => ({
    column, counts: columns[i] ?? noCounts(),
    context: { header: isNamed ? column.name : null, headers, dataSet, comments, columns, comment: comments[i] ?? '' },
  }))
}

/** What is right of a column that is shown so. */
export function labelsShown(column: LabelledColumn, showing: Showing): readonly string[] {
  return showing === 'header-less' ? [...column.labels, ...(alsoByValues[column.maker] ?? [])] : column.labels
}

/** Verdicts on all columns of the tables. */
export function scoreTables(tables: readonly LabelledTable[], showing: Showing): ScoredColumn[] {
  return tables.flatMap((table) =>
    contextsOf(table, showing).map(({ column, counts, context }): ScoredColumn => ({
      table: table.name, column: column.name, labels: labelsShown(column, showing), verdict: columnVerdict(counts, context), isTellable: tellable.has(column.maker) && !hardWithoutName.has(column.maker),
    })),
  )
}

const countsByValues = new WeakMap<readonly string[], ColumnCounts>()

function countsOf(values: readonly string[]): ColumnCounts {
  const known = countsByValues.get(values)
  if (known !== undefined) return known
  const scan = new ColumnScan()
  values.forEach((value, i) => scan.add(value, i + 2))
  countsByValues.set(values, scan.counts)
  return scan.counts
}

/** Hits and misses of one type, or of all. */
export interface Score {
  right: number
  said: number
  asked: number
}

/** Precision, recall and their harmonic mean; 1 where nothing was said or asked. */
export function ratios(score: Score): { precision: number; recall: number; f1: number } {
  const precision = score.said === 0 ? 1 : score.right / score.said
  const recall = score.asked === 0 ? 1 : score.right / score.asked
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}

/** What a set of verdicts is worth: by type and together, personal or not, and what is wrong. */
export interface ColumnsScore {
  columns: number
  all: Score
  byType: Map<string, Score>
  /** Personal columns found as personal of any type. */
  personal: Score
  /** Columns of numbers and words that are nobody's: how many were flagged as personal. */
  nobodys: { columns: number; flagged: number }
  wrong: ScoredColumn[]
}

/** Adds verdicts up. A column without a name is asked for only where its values can tell; one whose labels allow `none` is never asked for. */
export function addUp(scored: readonly ScoredColumn[], showing: Showing): ColumnsScore {
  const sum: ColumnsScore = { columns: scored.length, all: noScore(), byType: new Map(), personal: noScore(), nobodys: { columns: 0, flagged: 0 }, wrong: [] }
  for (const one of scored) {
    const said = one.verdict.type
    const isRight = one.labels.includes(said)
    const isAsked = !one.labels.includes('none') && (showing !== 'header-less' || one.isTellable)
    const asked = isRight ? said : (one.labels[0] ?? 'none')
    for (const score of [sum.all, scoreOf(sum.byType, said)]) {
      if (said !== 'none') score.said++
      if (isRight && said !== 'none' && isAsked) score.right++
      if (isRight && said !== 'none' && !isAsked) score.said-- // right but not asked for: neither helps nor hurts
    }
    if (isAsked) for (const score of [sum.all, scoreOf(sum.byType, asked)]) score.asked++
    addPersonal(sum, one, isAsked)
    if (!isRight && (said !== 'none' || isAsked)) sum.wrong.push(one)
  }
  return sum
}

function addPersonal(sum: ColumnsScore, one: ScoredColumn, isAsked: boolean): void {
  const isPersonal = one.labels.every((label) => isPersonalLabel(label))
  if (isPersonal && isAsked) {
    sum.personal.asked++
    if (isPersonalType(one.verdict.type)) sum.personal.right++
  }
  if (one.labels.length !== 1 || one.labels[0] !== 'none') return
  sum.nobodys.columns++
  if (one.verdict.type !== 'none') sum.nobodys.flagged++
}

const personalLabels: Record<string, boolean> = {}
function isPersonalLabel(label: string): boolean {
  return (personalLabels[label] ??= label !== 'none' && isPersonalType(typeOf(label)))
}

function typeOf(label: string): InformationType {
  const known = isInformationType(label) ? label : undefined
  if (known === undefined) throw new RangeError(`no information type ${label}`)
  return known
}

const noScore = (): Score => ({ right: 0, said: 0, asked: 0 })

function scoreOf(scores: Map<string, Score>, key: string): Score {
  const known = scores.get(key)
  if (known !== undefined) return known
  const fresh = noScore()
  scores.set(key, fresh)
  return fresh
}
