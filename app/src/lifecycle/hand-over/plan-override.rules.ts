// SPDX-License-Identifier: Apache-2.0
import type { Disposition, Verdict } from '../../law/index.ts'
import type { FieldUnit } from './decision-facts-of.rules.ts'

/** 改判. A decision by named people that fields of a data set end otherwise than the table says; it never lets a value move. */
export interface PlanOverride {
  id: string
  dataSetId: string
  /** Positions of the fields; empty means all of the data set. */
  positions: readonly number[]
  outcome: Exclude<Disposition, 'transferred' | 'anonymised'>
}

/** The verdict with the latest override that covers the whole unit. A frozen value stays frozen, and an override can withhold a value but never send one: that would need the law's conditions, which nobody can sign away. */
export function overrideFor(overrides: readonly PlanOverride[], of: { dataSetId: string; unit: FieldUnit; verdict: Verdict }): { verdict: Verdict; override: string | null } {
  const { verdict, unit } = of
  const found = overrides.findLast((one) => one.dataSetId === of.dataSetId && (one.positions.length === 0 || unit.positions.every((position) => one.positions.includes(position))))
  if (found === undefined || verdict.rule === 'X01' || found.outcome === verdict.outcome) return { verdict, override: null }
  // Destroying what a law orders to keep is no matter of opinion (PIPL 47(2), 刑法 162之一).
  if (found.outcome === 'destroyed' && verdict.outcome === 'sealed') return { verdict, override: null }
  return { verdict: { ...verdict, outcome: found.outcome, until: null, sealedFor: found.outcome === 'sealed' ? 'release' : null, holder: found.outcome === 'destroyed' ? null : 'transferor', residual: null, conditions: [] }, override: found.id }
}
