// SPDX-License-Identifier: Apache-2.0
import cautious from './rule-sets/cautious-2025.json' with { type: 'json' }
import finance from './rule-sets/finance-2020.json' with { type: 'json' }
import gbt35273 from './rule-sets/gbt35273-2020.json' with { type: 'json' }
import gbt43697 from './rule-sets/gbt43697-2024.json' with { type: 'json' }
import gbt45574 from './rule-sets/gbt45574-2025.json' with { type: 'json' }
import pipl28 from './rule-sets/pipl-28.json' with { type: 'json' }
import { ruleSetSchema } from './rule-set.ts'
import type { GradingRule, GradingRuleSet } from './rule-set.ts'

/** The rule sets that come with the program, the default first; our own files, so a flaw in them is a bug and stops the program. */
export const gradingRuleSets: readonly GradingRuleSet[] = [pipl28, cautious, gbt45574, gbt35273, gbt43697, finance].map((file) => ruleSetSchema.parse(file))

/** 默认规则集. The rule set that applies when nothing else is chosen: the law itself, with what it does not list read cautiously and marked J. */
export const defaultRuleSetId = 'pipl-28'

/** A rule set with the rules of the one it is based on behind its own, so that the first that fits counts. */
export interface ResolvedRuleSet extends GradingRuleSet {
  /** Rules in the order of their weight, each with the set that says it. */
  all: readonly { set: string; rule: GradingRule }[]
}

const resolvedById = new Map<string, ResolvedRuleSet>()

/** The rule set with this id; refuses unknown ones: whoever takes an id from a person checks it before. */
export function ruleSetOf(id: string = defaultRuleSetId): ResolvedRuleSet {
  const known = resolvedById.get(id)
  if (known !== undefined) return known
  const found = gradingRuleSets.find((set) => set.id === id)
  if (found === undefined) throw new RangeError(`no grading rule set ${id}`)
  const resolved = resolveRuleSet(found)
  resolvedById.set(id, resolved)
  return resolved
}

/** Takes over the rules of the set on which a set is based. Refuses a set based on one that we do not have, and sets based on an own one of others: one step only, so that a reader sees at once what counts. */
export function resolveRuleSet(set: GradingRuleSet): ResolvedRuleSet {
  const own = set.rules.map((rule) => ({ set: set.id, rule }))
  if (set.basedOn === undefined) return { ...set, all: own }
  const base = gradingRuleSets.find((one) => one.id === set.basedOn && one.basedOn === undefined)
  if (base === undefined) throw new RangeError(`no grading rule set ${set.basedOn} to build on`)
  return { ...set, levels: { ...base.levels, ...set.levels }, all: [...own, ...base.rules.map((rule) => ({ set: base.id, rule }))] }
}

/** 可用于入账的规则集. Rule sets that may grade what enters the books: the law itself, and those built on it, so that nothing the law calls sensitive is booked as less. */
export const bookingRuleSetIds: readonly string[] = gradingRuleSets.filter(({ id, basedOn }) => id === defaultRuleSetId || basedOn === defaultRuleSetId).map(({ id }) => id)

/** Whether a rule set is in force on a day (YYYY-MM-DD). */
export function isInForce(set: Pick<GradingRuleSet, 'effectiveFrom' | 'effectiveTo'>, day: string): boolean {
  return set.effectiveFrom <= day && (set.effectiveTo === undefined || day <= set.effectiveTo)
}
