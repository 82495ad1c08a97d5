// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../../detection/index.ts'
import type { Words } from '../../kit/failure.ts'
import type { Day } from '../../kit/time.ts'
import { qualityRuleCodes, type QualityRuleCode } from './quality-rules.ts'

/** How often each rule found something; rules without a finding are left out. */
export type RuleCounts = Partial<Record<QualityRuleCode, number>>

/** 字段质量. What was counted in one field. `checked` values had a form that anybody can check. */
export interface FieldQuality {
  name: string
  index: number
  type: InformationType
  values: number
  empty: number
  checked: number
  findings: RuleCounts
}

/** 数据集质量. `findings` also counts what belongs to rows rather than to a field. */
export interface DataSetQuality {
  name: string
  /** Its id in the books, in a matter. */
  id?: string
  /** No scan told the types of its columns. */
  isUntyped?: true
  rows: number
  /** Rows with at least one finding other than an empty cell. */
  rowsWithFindings: number
  findings: RuleCounts
  fields: FieldQuality[]
}

/** What was not checked, and how much of it: the certificate never claims more than was measured. */
export interface NotChecked extends Words {
  where: string
  code: string
}

/** One file that was checked. */
export interface SourceQuality {
  source: string
  kind: string
  bytes: number
  sha256: string
  encoding: string | null
  dataSets: DataSetQuality[]
}

/** 质量报告. All counts of a check, by source, data set and field. */
export interface QualityReport {
  rules: string
  today: Day
  staleYears: number
  sources: SourceQuality[]
  notChecked: NotChecked[]
}

/** 一处问题. Where a rule found something: file, data set, row of the file, field; the value only masked. */
export interface QualityFinding {
  rule: QualityRuleCode
  /** Numbers of source and data set in the report. */
  source: number
  dataSet: number
  sourceName: string
  dataSetName: string
  /** 0-based among the rows of the data set, and the row as people see it in the file. */
  ordinal: number
  place: number
  /** Null for what concerns the row as a whole. */
  field: number | null
  fieldName: string
  recordId: string
  masked: string
  reason: Words
}

const documentKinds: ReadonlySet<string> = new Set(['text', 'docx', 'pdf', 'image', 'eml', 'zip', 'tar', 'gzip'])

/** Whether a data set is a table; documents are free text, which the rules for cells do not fit. */
export function isTable(dataSet: { kind: string; text?: unknown }): boolean {
  return dataSet.text === undefined && !documentKinds.has(dataSet.kind)
}

/** Counts one more. */
export function countRule(counts: RuleCounts, rule: QualityRuleCode, by = 1): void {
  counts[rule] = (counts[rule] ?? 0) + by
}

const noFindings = (): RuleCounts => ({})

/** Counts of all data sets together. */
export function totalOf(report: QualityReport): { dataSets: number; rows: number; rowsWithFindings: number; values: number; checked: number; findings: RuleCounts } {
  const total = { dataSets: 0, rows: 0, rowsWithFindings: 0, values: 0, checked: 0, findings: noFindings() }
  for (const dataSet of report.sources.flatMap((source) => source.dataSets)) {
    total.dataSets++
    total.rows += dataSet.rows
    total.rowsWithFindings += dataSet.rowsWithFindings
    for (const field of dataSet.fields) {
      total.values += field.values
      total.checked += field.checked
    }
    for (const [rule, count] of countsOf(dataSet.findings)) countRule(total.findings, rule, count)
  }
  return total
}

/** The rules that found something, with how often, in the order of the rules. */
export function countsOf(counts: RuleCounts): [QualityRuleCode, number][] {
  return qualityRuleCodes.flatMap((code): [QualityRuleCode, number][] => (counts[code] === undefined ? [] : [[code, counts[code]]]))
}
