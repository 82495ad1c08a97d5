// SPDX-License-Identifier: Apache-2.0
import { gradeMerged, gradeRecords, ruleSetOf, type MergedSets, type ResolvedRuleSet } from '../../detection/index.ts'
import type { ScannedDataSet, ScannedField, ScanReport } from './scan-report.ts'

/** What grading needs of a scanned data set. */
export type Gradable = Pick<ScannedDataSet, 'fields'> & Partial<Pick<ScannedDataSet, 'found' | 'births' | 'under14'>>

/** A person's decision on a field: what it is, how sensitive, and by which decision. */
export interface FieldDecision {
  type: ScannedField['type'] | null
  grade: ScannedField['grade'] | null
  /** `override/ID`. */
  rule: string
}

/** Finds the decision on a field, or null. */
export type DecisionFinder = (place: { source: string; dataSet: string; fields: readonly ColumnName[]; field: ColumnName }) => FieldDecision | null

/** A column by its title and what detection takes it for. */
export interface ColumnName {
  name: string
  index: number
  type: string
}

type GradedSet = Pick<ScannedDataSet, 'fields' | 'grade' | 'gradeRule' | 'gradeWhy'> & { level?: string }

/** Grades the fields of a data set together, in its order (DETECTION.md §2: the grade belongs to the record set, not to a column alone). */
export function gradeScanned(set: Gradable, ruleSet: string | ResolvedRuleSet = ruleSetOf(), decisions: readonly (FieldDecision | null)[] = []): GradedSet {
  const rules = typeof ruleSet === 'string' ? ruleSetOf(ruleSet) : ruleSet
  const typed = set.fields.map((field, at) => ({ ...field, type: decisions[at]?.type ?? field.type }))
  const graded = gradeRecords(typed.map(({ index, type, values, isImage }, at) => {
    const decided = decisions[at]
    return { index, type, values, ...(isImage === undefined ? {} : { isImage }), ...(decided?.grade === undefined || decided.grade === null ? {} : { decided: { grade: decided.grade, rule: decided.rule } }) }
  }), rules, { found: (set.found ?? []).map(({ type }) => type), births: set.births ?? 0, under14: set.under14 ?? 0 })
  const fields = typed.map((field, at) => {
    const { grade, rule, isCombination, level, levelRule } = graded.columns[at] ?? { grade: field.grade, rule: field.gradeRule, isCombination: field.combination, level: null, levelRule: null }
    const { level: _before, levelRule: _gave, ...rest } = field
    const decision = decisions[at] ?? null
    return { ...rest, grade, gradeRule: decision !== null && decision.grade === null ? `${decision.rule}+${rule}` : rule, combination: isCombination, ...(level === null || levelRule === null ? {} : { level, levelRule }) }
  })
  return { grade: graded.grade, gradeRule: graded.rule, gradeWhy: graded.why, ...(graded.level === null ? {} : { level: graded.level }), fields }
}

/** 重新定级. The report as another rule set, and the decisions of people, would grade it; nothing is read again. */
export function regradeReport(report: ScanReport, ruleSet: string | ResolvedRuleSet, decisionOf: DecisionFinder = () => null): ScanReport & { merged: MergedSets[] } {
  const rules = typeof ruleSet === 'string' ? ruleSetOf(ruleSet) : ruleSet
  const sources = report.sources.map((source) => ({
    ...source,
    dataSets: source.dataSets.map((set) => {
      const { level: _before, ...rest } = set
      return { ...rest, ...gradeScanned(set, rules, set.fields.map((field) => decisionOf({ source: source.source, dataSet: set.name, fields: set.fields, field }))) }
    }),
  }))
  const named = sources.flatMap(({ source, dataSets }) => dataSets.map((set) => ({ name: `${source}!${set.name}`, types: set.fields.filter(({ values }) => values > 0).map(({ type }) => type) })))
  return { ...report, ruleSet: rules.id, sources, merged: gradeMerged(named, rules) }
}
