// SPDX-License-Identifier: Apache-2.0
import { gradeMerged, gradeRecords, type FieldGrade, type InformationType, type MergedSets, type ResolvedRuleSet } from '../../detection/index.ts'
import { regradeReport, type DecisionFinder, type ScanReport } from '../discover/index.ts'

/** A field as graded. */
export interface GradedField {
  name: string
  index: number
  type: InformationType
  grade: FieldGrade
  rule: string
  level: string | null
  levelRule: string | null
}

/** A data set as graded. */
export interface GradedSet {
  source: string
  name: string
  rows: number
  grade: FieldGrade
  rule: string
  why: string
  level: string | null
  /** The scale rule that gave the level. */
  levelRule: string | null
  under14: number
  fields: GradedField[]
}

/** 定级结果. What a rule set says of a scan report or of a matter. */
export interface GradedView {
  ruleSet: string
  /** Natural persons, where they were resolved. */
  subjects: number | null
  sets: GradedSet[]
  /** Pairs of data sets that only together meet a combination rule. */
  merged: MergedSets[]
}

/** What a rule set, and what people decided, says of a scan report. */
export function viewOfReport(report: ScanReport, rules: ResolvedRuleSet, decisionOf?: DecisionFinder): { view: GradedView; report: ScanReport } {
  const graded = regradeReport(report, rules, decisionOf)
  const sets = graded.sources.flatMap(({ source, dataSets }) => dataSets.map((set): GradedSet => ({
    source, name: set.name, rows: set.rows, grade: set.grade, rule: set.gradeRule, why: set.gradeWhy, level: set.level ?? null, levelRule: null, under14: set.under14 ?? 0,
    fields: set.fields.map(({ name, index, type, grade, gradeRule, level, levelRule }) => ({ name, index, type, grade, rule: gradeRule, level: level ?? null, levelRule: levelRule ?? null })),
  })))
  return { view: { ruleSet: rules.id, subjects: null, sets, merged: graded.merged }, report: graded }
}

/** A booked data set, ready to be graded again. */
export interface BookedSet {
  source: string
  name: string
  rows: number
  births: number
  under14: number
  fields: readonly { name: string; position: number; type: InformationType; values: number; decided?: { grade: FieldGrade; rule: string } }[]
}

/** What a rule set says of the books, minors and scale by what is known of persons. */
export function viewOfBooks(booked: readonly BookedSet[], rules: ResolvedRuleSet, subjects: number | null): GradedView {
  const sets = booked.map((set): GradedSet => {
    const graded = gradeRecords(set.fields.map(({ position, type, values, decided }) => ({ index: position, type, values, ...(decided === undefined ? {} : { decided }) })), rules, { births: set.births, under14: set.under14, subjects })
    const fields = set.fields.map(({ name, position, type }, at): GradedField => {
      const { grade, rule, level, levelRule } = graded.columns[at] ?? { grade: 'none', rule: '', level: null, levelRule: null }
      return { name, index: position, type, grade, rule, level, levelRule }
    })
    return { source: set.source, name: set.name, rows: set.rows, grade: graded.grade, rule: graded.rule, why: graded.why, level: graded.level, levelRule: graded.levelRule, under14: set.under14, fields }
  })
  const merged = gradeMerged(booked.map((set) => ({ name: `${set.source}!${set.name}`, types: set.fields.filter(({ values }) => values > 0).map(({ type }) => type) })), rules)
  return { ruleSet: rules.id, subjects, sets, merged }
}
