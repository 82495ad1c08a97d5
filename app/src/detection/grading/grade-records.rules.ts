// SPDX-License-Identifier: Apache-2.0
import { isPersonalType } from '../information-types.ts'
import type { InformationType } from '../information-types.ts'
import { gradeImage, gradeType } from './grade-type.ts'
import type { FieldGrade, GradingRule } from './rule-set.ts'
import type { ResolvedRuleSet } from './rule-sets.ts'

/** A field as grading sees it. `decided` is a person's decision, which no rule changes. */
export interface GradedColumn {
  index: number
  type: InformationType
  values: number
  isImage?: boolean
  decided?: { grade: FieldGrade; rule: string }
}

/** What else is known of a record set: types found in its texts, people whose birth is known and how many of them are below fourteen, and how many persons there are (null = not known). */
export interface RecordSetFacts {
  found?: readonly InformationType[]
  births?: number
  under14?: number
  subjects?: number | null
}

/** The grade of a field in its record set, the rule that gave it, and its level under sets that have levels. */
export interface ColumnGrading {
  index: number
  grade: FieldGrade
  rule: string
  /** The type is raised beside others by some rule of the set, whether it was here or not. */
  isCombination: boolean
  level: string | null
  /** The rule that gave the level. */
  levelRule: string | null
}

/** The grading of a record set: its fields, and the records as a whole. */
export interface RecordSetGrading {
  grade: FieldGrade
  rule: string
  why: string
  level: string | null
  levelRule: string | null
  columns: ColumnGrading[]
}

type Told<K extends GradingRule['kind']> = { set: string; rule: Extract<GradingRule, { kind: K }> }

/** 分级. Grades the fields of one record set together: each type alone, what types do together, minors, scale, and what a person decided (DETECTION.md §2; 个人信息保护法 第二十八条). */
export function gradeRecords(columns: readonly GradedColumn[], rules: ResolvedRuleSet, facts: RecordSetFacts = {}): RecordSetGrading {
  const alone = columns.map((column) => ({ column, ...aloneOf(column, rules) }))
  const met = together([...columns.filter(({ values }) => values > 0).map(({ type }) => type), ...(facts.found ?? [])], rules)
  const minors = minorsRule(rules, facts)
  const graded = alone.map((one) => (one.column.decided === undefined ? raised(one, met, minors, facts) : one))
  const set = gradeOfSet(graded, met, { rules, facts, minors })
  const scale = scaleOf(set.grade, rules, facts.subjects ?? null)
  const levels = graded.map((one) => levelOf(one.column.type, one.grade, rules))
  const highest = highestLevel([...levels.map((one) => one?.level ?? null), ...met.map(({ rule }) => rule.level ?? null)], rules)
  return {
    ...set, level: scale?.rule.level ?? highest, levelRule: scale === null ? null : nameOf(scale),
    columns: graded.map(({ column, grade, rule, isCombination }, at) => ({ index: column.index, grade, rule, isCombination, level: levels[at]?.level ?? null, levelRule: levels[at]?.rule ?? null })),
  }
}

interface Alone {
  column: GradedColumn
  grade: FieldGrade
  rule: string
  isCombination: boolean
}

function aloneOf(column: GradedColumn, rules: ResolvedRuleSet): { grade: FieldGrade; rule: string; isCombination: boolean } {
  const graded = column.isImage === true ? gradeImage(column.type, rules) : gradeType(column.type, rules)
  return column.decided === undefined ? graded : { ...graded, ...column.decided }
}

function raised(one: Alone, met: readonly Told<'together'>[], minors: Told<'minors'> | null, facts: RecordSetFacts): Alone {
  if (one.grade === 'sensitive' || one.column.values === 0) return one
  const by = met.find(({ rule }) => rule.raises.includes(one.column.type))
  if (by !== undefined) return { ...one, grade: by.rule.grade, rule: nameOf(by), isCombination: true }
  const isChildren = minors !== null && (facts.under14 ?? 0) >= Math.max(1, (facts.births ?? 0) * minors.rule.raiseFieldsFrom)
  return isChildren && isPersonalType(one.column.type) ? { ...one, grade: minors.rule.grade, rule: nameOf(minors) } : one
}

/** 组合规则. The rules whose groups all occur, each by a type of its own, among the types of one record set. */
export function together(present: readonly InformationType[], rules: ResolvedRuleSet): Told<'together'>[] {
  const types = [...new Set(present)]
  return rules.all.flatMap(({ set, rule }) => (rule.kind === 'together' && isMet(rule.groups, types) ? [{ set, rule }] : []))
}

/** Whether every group has a type that no other group needs; there are five groups at most. */
function isMet(groups: readonly (readonly InformationType[])[], types: readonly InformationType[]): boolean {
  const [first, ...others] = groups
  if (first === undefined) return true
  return types.some((type) => first.includes(type) && isMet(others, types.filter((one) => one !== type)))
}

function minorsRule(rules: ResolvedRuleSet, facts: RecordSetFacts): Told<'minors'> | null {
  if ((facts.under14 ?? 0) === 0) return null
  return rules.all.flatMap(({ set, rule }) => (rule.kind === 'minors' ? [{ set, rule }] : []))[0] ?? null
}

function gradeOfSet(graded: readonly Alone[], met: readonly Told<'together'>[], about: { rules: ResolvedRuleSet; facts: RecordSetFacts; minors: Told<'minors'> | null }): { grade: FieldGrade; rule: string; why: string } {
  const { facts, minors, rules } = about
  const inText = (facts.found ?? []).map((type) => ({ type, ...gradeType(type, rules) })).filter(({ grade }) => grade === 'sensitive')
  if (inText[0] !== undefined) return { grade: 'sensitive', rule: inText[0].rule, why: `文本中有敏感个人信息 / sensitive in the text: ${inText.map(({ type }) => type).join(' ')}` }
  const sensitive = graded.filter(({ grade, column }) => grade === 'sensitive' && column.values > 0)
  const strongest = sensitive[0] ?? graded.find(({ grade }) => grade === 'sensitive')
  if (strongest !== undefined) return { grade: 'sensitive', rule: strongest.rule, why: `敏感字段 / sensitive fields: ${graded.filter(({ grade }) => grade === 'sensitive').map(({ column }) => `#${column.index + 1}`).join(' ')}` }
  const combined = met.find(({ rule }) => rule.grade === 'sensitive')
  if (combined !== undefined) {
    const needed = new Set(combined.rule.groups.flat())
    const places = [...graded.filter(({ column }) => needed.has(column.type) && column.values > 0).map(({ column }) => `#${column.index + 1}`), ...new Set((facts.found ?? []).filter((type) => needed.has(type)))]
    return { grade: 'sensitive', rule: nameOf(combined), why: `组合后敏感 / sensitive together: ${places.join(' ')}` }
  }
  if (minors !== null) return { grade: minors.rule.grade, rule: nameOf(minors), why: `不满十四周岁 ${facts.under14 ?? 0} 条 / ${facts.under14 ?? 0} records of people under 14` }
  for (const grade of ['general', 'organisation'] as const) {
    const found = graded.find((one) => one.grade === grade)
    if (found !== undefined) return { grade, rule: found.rule, why: `#${found.column.index + 1} …` }
  }
  return { grade: 'none', rule: `${rules.id}/none`, why: '' }
}

/** 规模规则. The rule with the highest threshold that so many persons reach, the number itself included. */
export function scaleOf(grade: FieldGrade, rules: ResolvedRuleSet, subjects: number | null): Told<'scale'> | null {
  if (subjects === null || (grade !== 'sensitive' && grade !== 'general')) return null
  const reached = rules.all.flatMap(({ set, rule }) => (rule.kind === 'scale' && subjects >= rule.subjects && (rule.of === 'personal' || grade === 'sensitive') ? [{ set, rule }] : []))
  return reached.toSorted((a, b) => b.rule.subjects - a.rule.subjects)[0] ?? null
}

function levelOf(type: InformationType, grade: FieldGrade, rules: ResolvedRuleSet): { level: string; rule: string } | null {
  const found = rules.all.find(({ rule }) => rule.kind === 'type' && rule.level !== undefined && rule.types.includes(type)) ?? rules.all.find(({ rule }) => rule.kind === 'level' && rule.grades.includes(grade))
  return found?.rule.level === undefined ? null : { level: found.rule.level, rule: nameOf(found) }
}

/** Levels stand in the set from the lowest to the highest. */
function highestLevel(levels: readonly (string | null)[], rules: ResolvedRuleSet): string | null {
  const order = Object.keys(rules.levels)
  return levels.reduce((best, level) => (level !== null && (best === null || order.indexOf(level) > order.indexOf(best)) ? level : best), null)
}

function nameOf({ set, rule }: { set: string; rule: { id: string } }): string {
  return `${set}/${rule.id}`
}
