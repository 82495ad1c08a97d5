// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../information-types.ts'
import { together } from './grade-records.rules.ts'
import type { ResolvedRuleSet } from './rule-sets.ts'

/** A record set as merging sees it: what it is called and which types have values in it. */
export interface MergeableSet {
  name: string
  types: readonly InformationType[]
}

/** 汇聚. Record sets that a shared key joins, and the rule that they meet only together. */
export interface MergedSets {
  sets: string[]
  by: InformationType
  rule: string
  types: InformationType[]
}

/** Keys by which rows of two tables come together without further help. */
const joining: readonly InformationType[] = ['resident-id', 'mobile', 'email', 'customer-id', 'passport']

/** What pairs of record sets come to when they are merged by a key both have: the rules that neither meets alone (TC260-PG-20244A, GB/T 45574-2025: 汇聚融合后的整体属性). */
export function gradeMerged(sets: readonly MergeableSet[], rules: ResolvedRuleSet): MergedSets[] {
  const metBy = sets.map((set) => new Set(together(set.types, rules).map(({ set: of, rule }) => `${of}/${rule.id}`)))
  const merged: MergedSets[] = []
  for (const [a, first] of sets.entries()) {
    for (const [b, second] of sets.entries()) {
      if (b <= a) continue
      const by = joining.find((type) => first.types.includes(type) && second.types.includes(type))
      if (by === undefined) continue
      const found = together([...first.types, ...second.types], rules).find(({ set, rule }) => !metBy[a]?.has(`${set}/${rule.id}`) && !metBy[b]?.has(`${set}/${rule.id}`))
      if (found === undefined) continue
      const needed = new Set(found.rule.groups.flat())
      merged.push({ sets: [first.name, second.name], by, rule: `${found.set}/${found.rule.id}`, types: [...new Set([...first.types, ...second.types])].filter((type) => needed.has(type)) })
    }
  }
  return merged
}
