// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { Day } from '../../kit/time.ts'
import type { AgeGroup } from '../../law/nouns.ts'
import { sizeTier, type SizeTier } from '../../law/index.ts'
import { countSensitiveSubjects, countSubjectsByAge } from './held-persons.store.ts'
import { countDemotedKeys, loadResolution, recordsAfter } from './subjects.store.ts'

/** 人数统计. How many natural persons the transferor holds now in whichever copy, by what counts for the thresholds (rules A02, A03, B04). */
export interface SubjectReport {
  countedOn: Day
  /** Records came after the last resolution, so the count is too old. */
  stale: boolean
  persons: number
  sensitive: number
  under14: number
  /** All under 18, those under 14 included (rule A02 counts both). */
  under18: number
  unknownAge: number
  byAge: Record<AgeGroup, number>
  tier: SizeTier
  tierLaw: string
  /** Keys that join nobody or not everybody, by kind and reason; the keys themselves are not known here. */
  demoted: { type: string; why: string; keys: number; records: number }[]
}

/** Counts the persons of a matter as they now stand; those whom no copy holds any more are out, the thresholds include the number itself (CAC 问答 2026-04). */
export async function reportSubjects(ctx: Context, matterId: string): Promise<SubjectReport> {
  const scope = { tenant: ctx.tenant, matterId }
  const byAge = { under14: 0, under18: 0, adult: 0, unknown: 0 }
  for (const row of await countSubjectsByAge(ctx.db, scope)) byAge[row.age_group] = row.n
  const persons = byAge.under14 + byAge.under18 + byAge.adult + byAge.unknown
  const { tier, law } = sizeTier(persons)
  const last = await loadResolution(ctx.db, scope)
  const stale = last === null || (await recordsAfter(ctx.db, scope, last.lastIndex)) > 0
  const ages = { under14: byAge.under14, under18: byAge.under14 + byAge.under18, unknownAge: byAge.unknown }
  return { countedOn: ctx.today(), stale, persons, ...ages, sensitive: await countSensitiveSubjects(ctx.db, scope), byAge, tier, tierLaw: law, demoted: await countDemotedKeys(ctx.db, scope) }
}
