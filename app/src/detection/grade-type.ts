// SPDX-License-Identifier: Apache-2.0
import { isPersonalType } from './information-types.ts'
import type { InformationType } from './information-types.ts'

/** 级别. How sensitive a field is (个人信息保护法 第二十八条); organisations' numbers and the rest are no personal information. */
export type FieldGrade = 'sensitive' | 'general' | 'organisation' | 'none'

/** A grading rule set: its id, since when it is in force, which types are sensitive alone, which only together. */
export interface GradingRuleSet {
  id: string
  effectiveFrom: string
  source: string
  sensitive: ReadonlySet<InformationType>
  /** 组合: sensitive when one record holds at least two of them, or one beside a name (DETECTION.md §2, column C). */
  combination: ReadonlySet<InformationType>
}

const art28: InformationType[] = ['religion', 'biometric', 'medical', 'bank-account', 'bank-card', 'payment-account', 'credit-information', 'income', 'military-id', 'social-insurance', 'password', 'geo-location']
const identityDocuments: InformationType[] = ['resident-id', 'foreign-permanent-resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'driver-licence', 'national-id-foreign']

/** The rule sets that we know, by date of force; cells come from commentary on the standards and stay data (DETECTION.md §2). */
export const gradingRuleSets: readonly GradingRuleSet[] = [
  {
    id: 'gbt35273-2020', effectiveFrom: '2020-10-01', source: 'GB/T 35273-2020 附录 B',
    sensitive: new Set([...art28, ...identityDocuments, 'transaction', 'ethnicity']),
    combination: new Set([]),
  },
  {
    id: 'gbt45574-2025', effectiveFrom: '2025-11-01', source: 'GB/T 45574-2025 附录 A (TC260-PG-20244A)',
    sensitive: new Set(art28),
    combination: new Set([...identityDocuments, 'transaction', 'ethnicity']),
  },
  {
    id: 'cautious-2025', effectiveFrom: '2025-11-01', source: '个人信息保护法 第二十八条;GB/T 45574-2025 与 GB/T 35273-2020 取严',
    sensitive: new Set([...art28, ...identityDocuments, 'ethnicity']),
    combination: new Set(['transaction', 'licence-plate', 'address']),
  },
]

/** The rule set that applies when nothing else is chosen: the stricter of the two standards for identity documents. */
export const defaultRuleSetId = 'cautious-2025'

/** A grade and the rule that gave it; `isCombination` marks types that become sensitive beside others. */
export interface Grading {
  grade: FieldGrade
  rule: string
  isCombination: boolean
}

/** Grades a type by a rule set; an unknown rule set id falls to no other: it is a programming error. */
export function gradeType(type: InformationType, ruleSetId: string = defaultRuleSetId): Grading {
  const rules = gradingRuleSets.find((set) => set.id === ruleSetId)
  if (rules === undefined) throw new RangeError(`no grading rule set ${ruleSetId}`)
  const rule = `${rules.id}/${type}`
  if (rules.sensitive.has(type)) return { grade: 'sensitive', rule, isCombination: false }
  if (isPersonalType(type)) return { grade: 'general', rule, isCombination: rules.combination.has(type) }
  const isOrganisations = ['organisation-name', 'uscc', 'business-registration-number', 'tax-id', 'invoice-number', 'secret'].includes(type)
  return { grade: isOrganisations ? 'organisation' : 'none', rule, isCombination: false }
}
