// SPDX-License-Identifier: Apache-2.0
import { isPersonalType } from '../information-types.ts'
import type { InformationType } from '../information-types.ts'
import type { FieldGrade } from './rule-set.ts'
import { ruleSetOf } from './rule-sets.ts'
import type { ResolvedRuleSet } from './rule-sets.ts'

/** A grade and the rule that gave it, as `set/rule`; `isCombination` marks types that some rule raises beside others. */
export interface Grading {
  grade: FieldGrade
  rule: string
  isCombination: boolean
}

const organisations: ReadonlySet<InformationType> = new Set(['organisation-name', 'uscc', 'business-registration-number', 'tax-id', 'invoice-number', 'secret'])

/** Grades a type that stands alone; what no rule names is general personal information (个人信息保护法 第四条), an organisation's, or none. Refuses an unknown rule set. */
export function gradeType(type: InformationType, ruleSet: string | ResolvedRuleSet = ruleSetOf()): Grading {
  const rules = typeof ruleSet === 'string' ? ruleSetOf(ruleSet) : ruleSet
  const found = rules.all.find(({ rule }) => rule.kind === 'type' && rule.grade !== undefined && rule.types.includes(type))
  const grade = found?.rule.kind === 'type' ? found.rule.grade : undefined
  const isCombination = grade !== 'sensitive' && rules.all.some(({ rule }) => rule.kind === 'together' && rule.grade === 'sensitive' && rule.groups.some((group) => group.includes(type) && type !== 'person-name'))
  if (found !== undefined && grade !== undefined) return { grade, rule: `${found.set}/${found.rule.id}`, isCombination }
  if (isPersonalType(type)) return { grade: 'general', rule: `${rules.id}/general`, isCombination }
  return organisations.has(type) ? { grade: 'organisation', rule: `${rules.id}/organisation`, isCombination: false } : { grade: 'none', rule: `${rules.id}/none`, isCombination: false }
}

/** Grades a picture of a document of this type, which may weigh more than its number (DETECTION.md §2: S as card image). */
export function gradeImage(type: InformationType, ruleSet: string | ResolvedRuleSet = ruleSetOf()): Grading {
  const rules = typeof ruleSet === 'string' ? ruleSetOf(ruleSet) : ruleSet
  const found = rules.all.find(({ rule }) => rule.kind === 'image' && rule.types.includes(type))
  return found?.rule.kind === 'image' ? { grade: found.rule.grade, rule: `${found.set}/${found.rule.id}`, isCombination: false } : gradeType(type, rules)
}
