// SPDX-License-Identifier: Apache-2.0
// What becomes of values that do not move, and of the giver's copy of those that do (CONTRACTS §17, law register §10.2–10.3).
import type { Day } from '../kit/time.ts'
import { endsCompany } from './decision-table.rules.ts'
import type { DecisionFacts, Holder, Residual, Verdict, VerdictFlag } from './decision-facts.ts'
import { obstacle, type Obstacle } from './obstacles.ts'
import { longestRetention, runningRetention } from './retention.rules.ts'

/** How a value ends: the part of a verdict that retention and survival decide. */
export interface Ending {
  outcome: Verdict['outcome']
  until: Day | null
  sealedFor: Verdict['sealedFor']
  holder: Holder | null
  alsoRules: readonly string[]
  conditions: readonly Obstacle[]
  flags: readonly VerdictFlag[]
}

const nothing = { until: null, sealedFor: null, holder: null, alsoRules: [], conditions: [], flags: [] } as const

/** An ending that waits: pending, with what it waits for. */
export function waiting(conditions: readonly Obstacle[], alsoRules: readonly string[] = []): Ending {
  return { ...nothing, outcome: 'pending', conditions, alsoRules }
}

/** Kept by the handler it has now. */
export function kept(holder: Holder, alsoRules: readonly string[] = [], flags: readonly VerdictFlag[] = []): Ending {
  return { ...nothing, outcome: 'kept', holder, alsoRules, flags }
}

/** Frozen (row X01): sealed until the hold is released; the frozen set moves frozen with a successor. */
export function frozen(facts: DecisionFacts): Ending {
  const holder = sealHolder(facts)
  return { ...nothing, outcome: 'sealed', until: facts.holdUntil, sealedFor: 'release', holder, conditions: [obstacle('HELD')], flags: holder === 'transferee' ? ['moves-sealed'] : [] }
}

/** Not moved: kept live by a transferor that goes on serving the customer with a live purpose of its own (S04), else as `removed`. */
export function withheld(facts: DecisionFacts, mayAnonymise: boolean): Ending {
  const goesOn = facts.transferorSurvives && facts.transferorGoesOnServing && facts.purposeState === 'live'
  return goesOn ? kept('transferor', ['S04'], ['basis-to-re-register']) : removed(facts, mayAnonymise)
}

/** Ended: sealed while a retention duty runs (PIPL 47(2)), else destroyed or anonymised (PIPL 47(1)); waits while a request is open or nobody said which records class it is. */
export function removed(facts: DecisionFacts, mayAnonymise: boolean): Ending {
  if (facts.retention === null) return waiting([obstacle('RETENTION_UNASSIGNED', { rule: 'X28' })], ['X28'])
  const running = runningRetention(facts.retention, facts.today)
  if (running.length > 0) {
    const end = longestRetention(running)
    const holder = sealHolder(facts)
    const flags: VerdictFlag[] = [...(holder === 'transferee' ? ['moves-sealed' as const] : []), ...(running.some((duty) => !duty.certain) ? ['retention-uncertain' as const] : [])]
    return { ...nothing, outcome: 'sealed', until: dayOrNull(end), sealedFor: end === 'permanent' ? 'permanent' : 'retention', holder, alsoRules: ['J01', ...running.map((duty) => duty.id)], flags }
  }
  if (facts.openRequest) return waiting([obstacle('REQUEST_OPEN', { rule: 'X25' })], ['X25', 'J07'])
  return { ...nothing, outcome: mayAnonymise && facts.removal === 'anonymise' ? 'anonymised' : 'destroyed' }
}

/** Who holds a sealed set: the surviving transferor, else the successor by merger or split, else the custodian (会计档案管理办法 18–21; S05). */
export function sealHolder(facts: DecisionFacts): Holder {
  if (facts.transferorSurvives) return 'transferor'
  return endsCompany(facts.matterType) || facts.matterType === 'asset-transfer' || facts.matterType === 'data-only' || facts.matterType === 'stop-product' ? 'custodian' : 'transferee'
}

/** 出让方残留副本. What becomes of the giver's copy of a transferred value (S01–S05). */
export function residualOf(facts: DecisionFacts): Residual {
  const holder = sealHolder(facts)
  if (holder === 'transferee') return { rule: 'S01', act: 'none', until: null, holder }
  if (facts.transferorSurvives && facts.transferorGoesOnServing) return { rule: 'S04', act: 'keep', until: null, holder }
  // An unassigned records class is not proof that no law orders to keep it: the copy stays sealed until somebody says so.
  const running = facts.retention === null ? null : runningRetention(facts.retention, facts.today)
  const survives = holder === 'transferor'
  if (running !== null && running.length === 0) return { rule: survives ? 'S03' : 'S05', act: 'destroy', until: null, holder: null }
  return { rule: survives ? 'S02' : 'S05', act: 'seal', until: running === null ? null : dayOrNull(longestRetention(running)), holder }
}

function dayOrNull(end: ReturnType<typeof longestRetention>): Day | null {
  return end === 'permanent' || end === 'unknown' ? null : end
}
