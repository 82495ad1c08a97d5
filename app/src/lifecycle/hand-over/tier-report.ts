// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { auditCycleYears, sizeTier, tierDuties, type SizeTier, type TierCounts, type TierDuty } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { countHeldRecords, refuseUnlessResolved, reportSubjects } from '../discover/index.ts'
import { countFaces } from './count-faces.ts'
import { evaluateRecords } from './evaluate-records.ts'
import { newExportTally } from './export-state.ts'

/** One side's size and what it switches on. */
export interface SideOfTiers {
  counts: TierCounts
  tier: SizeTier
  tierLaw: string
  tierConf: string
  auditEveryYears: number
  duties: readonly TierDuty[]
}

/** 档次报告. The sizes before and after: the transferor now, what wants to move, and the transferee when its own number is given. */
export interface TierReport {
  countedOn: string
  stale: boolean
  /** Records behind the persons, to show that they are not what is counted. */
  records: number
  transferor: SideOfTiers
  /** Persons whom the transfer set takes, transfers that still wait included. */
  moving: { persons: number; sensitive: number }
  /** The transferee with its own persons added; an upper bound, for nobody knows who is on both lists. Null when its number was not given. */
  transferee: SideOfTiers | null
}

/** 档次报告. Counts natural persons now (never rows) and says what their number switches on (rules A02, A03; register §3.12: both sides are counted again). Refuses while persons are not resolved. */
export async function reportTiers(ctx: Context, matter: Matter, receiverHolds: number | null): Promise<TierReport> {
  await refuseUnlessResolved(ctx, matter.id)
  const evaluation = await evaluateRecords(ctx, matter)
  const moving = newExportTally()
  for await (const batch of evaluation.records()) for (const judged of batch) moving.add(judged)
  const subjects = await reportSubjects(ctx, matter.id)
  const { persons, sensitive, under14, under18, unknownAge } = subjects
  const face = await countFaces(ctx, matter, evaluation.dataSets)
  const records = await countHeldRecords(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const planned = moving.planned()
  return {
    countedOn: subjects.countedOn, stale: subjects.stale, records, moving: planned,
    transferor: sideOf({ persons, sensitive, under14, under18, unknownAge, face }),
    transferee: receiverHolds === null ? null : sideOf({ persons: receiverHolds + planned.persons, sensitive: planned.sensitive, under14: 0, under18: 0, unknownAge: 0, face: 0 }),
  }
}

function sideOf(counts: TierCounts): SideOfTiers {
  const { tier, law, conf } = sizeTier(counts.persons)
  return { counts, tier, tierLaw: law, tierConf: conf, auditEveryYears: auditCycleYears(counts.persons), duties: tierDuties(counts) }
}
