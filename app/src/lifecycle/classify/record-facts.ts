// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { dayInChina, dayOf, instantOf, type Day } from '../../kit/time.ts'
import type { NoticeResult } from '../../law/index.ts'
import { ageGroups, choices, notices, type AgeGroup, type ChoiceKind, type NoticeKind } from '../../law/nouns.ts'
import type { Scope } from '../discover/index.ts'
import { choiceFacts, choiceStatuses, isOnSuppressionList, type ChoiceFacts, type LatestChoice } from './choices.rules.ts'
import type { Facets } from './facets.rules.ts'
import { countChoices, countHolds, countNotices, streamRecordFacts, type FactsFilter, type RecordFactsRow } from './record-facts.store.ts'

/** 记录事实. What the books know of one record and its person for deciding (CONTRACTS §17); no value of the person is among it. */
export interface RecordFacts extends ChoiceFacts {
  recordId: Buffer
  dataSetId: string
  inventoryIndex: number
  ordinal: number
  version: number
  /** Null where no natural person is in the record. */
  subjectId: string | null
  ageGroup: AgeGroup
  facets: Facets
  presence: Buffer
  dispositions: Buffer
  choices: readonly LatestChoice[]
  notices: Readonly<Partial<Record<NoticeKind, NoticeResult>>>
  /** The opt-out must travel with the data or keep it back (rule B11). */
  onSuppressionList: boolean
  hold: boolean
  /** End of the hold, null while it is open-ended or there is none. */
  holdUntil: Day | null
}

/** All records that are not erased, in inventory order, each with its facts; streams, so memory does not grow with the matter. */
export async function* recordFactsFor(ctx: Context, matterId: string, filter: FactsFilter = {}): AsyncGenerator<RecordFacts[], void, undefined> {
  const scope: Scope = { tenant: ctx.tenant, matterId }
  for await (const rows of streamRecordFacts(ctx.db, scope, filter)) yield rows.map(factsOfRow)
}

/** 汇总. How many persons were told and what they chose, and how many records are frozen: what gates and screens ask. */
export interface AnswerSummary {
  notices: { notice: string; result: string; subjects: number }[]
  choices: { choice: string; status: string; subjects: number; records: number }[]
  recordsOnHold: number
}

/** Counts notices, choices and holds of a matter as they now stand. */
export async function summariseAnswers(ctx: Context, matterId: string): Promise<AnswerSummary> {
  const scope = { tenant: ctx.tenant, matterId }
  return { notices: await countNotices(ctx.db, scope), choices: await countChoices(ctx.db, scope), recordsOnHold: await countHolds(ctx.db, scope) }
}

function factsOfRow(row: RecordFactsRow): RecordFacts {
  const said = (row.choices ?? []).flatMap(latestChoice)
  const holds = row.holds ?? []
  return {
    recordId: row.id, dataSetId: row.data_set_id, inventoryIndex: row.inventory_index, ordinal: row.ordinal, version: row.version,
    subjectId: row.subject_id, ageGroup: ageGroups.find((group) => group === row.age_group) ?? 'unknown', facets: row.facets,
    presence: row.presence, dispositions: row.dispositions, choices: said, notices: noticesOf(row), ...choiceFacts(said),
    onSuppressionList: isOnSuppressionList(said), hold: holds.length > 0, holdUntil: lastDay(holds.map((hold) => hold.u)),
  }
}

function latestChoice(said: { k: string; s: string; m: string }): LatestChoice[] {
  const kind: ChoiceKind | undefined = choices.find((one) => one === said.k)
  const status = choiceStatuses.find((one) => one === said.s)
  return kind === undefined || status === undefined ? [] : [{ kind, status, madeAt: instantOf(said.m) }]
}

const bestFirst = ['delivered', 'announced', 'bounced'] as const

/** The best result of each notice and its first day. */
function noticesOf(row: RecordFactsRow): Partial<Record<NoticeKind, NoticeResult>> {
  const results = row.notices ?? []
  return Object.fromEntries(notices.flatMap((notice) => {
    const mine = results.filter((one) => one.n === notice)
    const state = bestFirst.find((result) => mine.some((one) => one.r === result))
    const at = mine.filter((one) => one.r === state).map((one) => one.a).sort()[0]
    return state === undefined || at === undefined ? [] : [[notice, { state, on: dayInChina(instantOf(at)) }] as const]
  }))
}

/** The last day of several holds; null as soon as one of them has no end. */
function lastDay(days: readonly (string | null)[]): Day | null {
  if (days.length === 0 || days.includes(null)) return null
  return dayOf(days.flatMap((day) => day ?? []).sort().at(-1) ?? '')
}
