// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { dayOf, instantOf, type Day } from '../../kit/time.ts'
import type { NoticeResult } from '../../law/index.ts'
import { ageGroups, choices, notices, type AgeGroup, type ChoiceKind, type NoticeKind } from '../../law/nouns.ts'
import type { Scope } from '../discover/index.ts'
import { choiceFacts, choiceStatuses, isOnSuppressionList, type ChoiceFacts, type LatestChoice } from './choices.rules.ts'
import type { Facets } from './facets.rules.ts'
import { countChoices, countHolds, countNotices, streamRecordFacts, type FactsFilter, type RecordFactsRow } from './record-facts.store.ts'

/** 情形. What was said and done about a record and its person; one object for all records with the same, so that what follows from it is computed once. */
export interface Circumstances extends ChoiceFacts {
  ageGroup: AgeGroup
  facets: Facets
  notices: Readonly<Partial<Record<NoticeKind, NoticeResult>>>
  /** The opt-out must travel with the data or keep it back (rule B11). */
  onSuppressionList: boolean
  hold: boolean
  /** End of the hold, null while it is open-ended or there is none. */
  holdUntil: Day | null
}

/** 记录事实. What the books know of one record and its person for deciding (CONTRACTS §17); no value of the person is among it. */
export interface RecordFacts extends Circumstances {
  recordId: Buffer
  dataSetId: string
  inventoryIndex: number
  ordinal: number
  version: number
  /** Null where no natural person is in the record. */
  subjectId: string | null
  presence: Buffer
  dispositions: Buffer
  /** The same facts as one object, shared. */
  circumstances: Circumstances
}

/** All records that are not erased, in inventory order, each with its facts; streams, so memory does not grow with the matter. */
export async function* recordFactsFor(ctx: Context, matterId: string, filter: FactsFilter = {}): AsyncGenerator<RecordFacts[], void, undefined> {
  const scope: Scope = { tenant: ctx.tenant, matterId }
  const circumstancesOf = sharedCircumstances()
  for await (const rows of streamRecordFacts(ctx.db, scope, filter)) {
    yield rows.map((row) => {
      const circumstances = circumstancesOf(row)
      return {
        recordId: row.id, dataSetId: row.data_set_id, inventoryIndex: row.inventory_index, ordinal: row.ordinal, version: row.version,
        subjectId: row.subject_id, presence: row.presence, dispositions: row.dispositions, ...circumstances, circumstances,
      }
    })
  }
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

/** Rows that say the same in the same words are read once; those that differ only in moments that do not matter share their object too. */
const textsMax = 20_000

function sharedCircumstances(): (row: RecordFactsRow) => Circumstances {
  const byText = new Map<string, Circumstances>()
  const byMeaning = new Map<string, Circumstances>()
  return (row) => {
    const text = `${row.age_group}|${row.facets}|${row.own_choices ?? ''}|${row.person_choices ?? ''}|${row.notices ?? ''}|${row.holds ?? ''}`
    const known = byText.get(text)
    if (known !== undefined) return known
    const read = readCircumstances(row)
    const meaning = JSON.stringify(read)
    const shared = byMeaning.get(meaning) ?? read
    byMeaning.set(meaning, shared)
    if (byText.size >= textsMax) byText.clear()
    byText.set(text, shared)
    return shared
  }
}

const saidSchema = z.array(z.object({ k: z.string(), s: z.string(), m: z.string() }))
const holdsSchema = z.array(z.object({ u: z.string().nullable() }))
const facetsSchema = z.record(z.string(), z.string())

function readCircumstances(row: RecordFactsRow): Circumstances {
  const said = [row.own_choices, row.person_choices].flatMap((text) => (text === null ? [] : saidSchema.parse(JSON.parse(text)))).flatMap(latestChoice)
  const holds = row.holds === null ? [] : holdsSchema.parse(JSON.parse(row.holds))
  return {
    ageGroup: ageGroups.find((group) => group === row.age_group) ?? 'unknown', facets: facetsSchema.parse(JSON.parse(row.facets)), notices: noticesOf(row.notices ?? ''), ...choiceFacts(said),
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
function noticesOf(text: string): Partial<Record<NoticeKind, NoticeResult>> {
  const results = text.split(',').map((one) => one.split(':'))
  return Object.fromEntries(notices.flatMap((notice) => {
    const mine = results.filter(([told]) => told === notice)
    const state = bestFirst.find((result) => mine.some(([, found]) => found === result))
    const day = mine.find(([, found]) => found === state)?.[2]
    return state === undefined || day === undefined ? [] : [[notice, { state, on: dayOf(day) }] as const]
  }))
}

/** The last day of several holds; null as soon as one of them has no end. */
function lastDay(days: readonly (string | null)[]): Day | null {
  if (days.length === 0 || days.includes(null)) return null
  return dayOf(days.flatMap((day) => day ?? []).sort().at(-1) ?? '')
}
