// SPDX-License-Identifier: Apache-2.0
import { removed, sealHolder, type DecisionFacts, type Disposition, type Verdict } from '../../law/index.ts'
import type { FieldUnit } from './decision-facts-of.rules.ts'

/** 改判. A decision by named people that fields of a data set end otherwise than the table says; it never lets a value move. */
export interface PlanOverride {
  id: string
  dataSetId: string
  /** Positions of the fields; empty means all of the data set. */
  positions: readonly number[]
  outcome: Exclude<Disposition, 'transferred' | 'anonymised'>
}

/** Rows that end a value because a person or the law says so (PIPL 10, 15, 47): no override keeps it. */
const mustEnd: readonly string[] = ['X02', 'X04', 'X05']

/** The verdict with the latest override that covers the unit. A frozen value stays frozen; an override can withhold a value but never send one, and what it would destroy is sealed while a law orders to keep it and waits while that is not known: nobody can sign the law's conditions away. */
export function overrideFor(overrides: readonly PlanOverride[], of: { dataSetId: string; unit: FieldUnit; facts: DecisionFacts; verdict: Verdict }): { verdict: Verdict; override: string | null } {
  const { verdict, unit, facts } = of
  const found = overrides.findLast((one) => one.dataSetId === of.dataSetId && (one.positions.length === 0 || unit.positions.every((position) => one.positions.includes(position))))
  if (found === undefined || verdict.rule === 'X01' || found.outcome === verdict.outcome) return { verdict, override: null }
  if (found.outcome !== 'destroyed' && mustEnd.includes(verdict.rule)) return { verdict, override: null }
  const ending = found.outcome === 'destroyed' ? removed(facts, false) : null
  if (ending !== null && ending.outcome === verdict.outcome) return { verdict, override: null }
  const decided = ending ?? { outcome: found.outcome, until: null, sealedFor: found.outcome === 'sealed' ? ('release' as const) : null, holder: found.outcome === 'sealed' ? sealHolder(facts) : ('transferor' as const), conditions: [], alsoRules: verdict.alsoRules }
  return {
    verdict: { ...verdict, outcome: decided.outcome, until: decided.until, sealedFor: decided.sealedFor, holder: decided.holder, conditions: decided.conditions, alsoRules: decided.alsoRules, residual: null, needs: { notices: [], consents: [] } },
    override: found.id,
  }
}
