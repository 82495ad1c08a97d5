// SPDX-License-Identifier: Apache-2.0
// 评估基础. What an approval was made over, and what of it no longer holds (个人信息保护法 第五十五条: assessed beforehand; 第五十六条: its three contents).
import { canonicalJson, sha256, toHex, type JsonObject } from '@handover/proof'
import { z } from 'zod'
import type { ConsentTally, ImpactChange, MatterState, NoticeTally, TransferSummary } from '../../../law/index.ts'
import type { AssessedRisk } from './assess-risks.rules.ts'
import { impactLevels } from './levels.rules.ts'

const texts = z.array(z.string())

/** 评估基础. The plan by its content that matters to an assessment: which data sets move by which rows to whom, under which registered purposes and bases; the risks with the level left; how many answers there were. */
export const impactBasisSchema = z.strictObject({
  plan: z.string(),
  /** `data set/row of the decision table` of everything that moves or waits to. */
  moves: texts,
  /** Digest of the treatment (purposes, bases, origin, recipient) of each data set that moves. */
  treatments: z.record(z.string(), z.string()),
  /** Recipients with whether they are abroad, and whether they change the purpose. */
  recipients: texts,
  /** Level left of each risk. */
  risks: z.record(z.string(), z.enum(impactLevels)),
  answers: z.int(),
})
export type ImpactBasis = z.infer<typeof impactBasisSchema>

/** What the assessment is made over, beside the matter's state: the plan's lines and the registered treatments, which other steps keep. */
export interface PlannedMoves {
  plan: string
  moves: readonly string[]
  treatments: Readonly<Record<string, string>>
}

/** The basis as things stand. */
export function basisOf(planned: PlannedMoves, state: MatterState, { risks, answers }: { risks: readonly AssessedRisk[]; answers: number }): ImpactBasis {
  const takers = state.parties.filter(({ role }) => role === 'transferee').map(({ id, overseas }) => `${id}${overseas ? '/overseas' : ''}${state.receiverChangesPurpose ? '/changes-purpose' : ''}`)
  return {
    plan: planned.plan, moves: [...new Set(planned.moves)].toSorted(), treatments: { ...planned.treatments }, recipients: takers.toSorted(),
    risks: Object.fromEntries(risks.map(({ kind, after }) => [kind.id, after.level])), answers,
  }
}

/** Digest of a basis in canonical JSON, as the event ImpactApproved names it. */
export function basisDigest(basis: ImpactBasis): string {
  const json: JsonObject = { ...basis }
  return toHex(sha256(Buffer.from(canonicalJson(json))))
}

/**
 * 失效原因. What changed since the approval so that it speaks of something else: data sets or rows that move and were not in it, other registered purposes or recipients, a risk that grew or came up untreated, answers given later.
 * People who leave the set, notices and consents that come in, and the ending of waits change nothing.
 */
export function changesSince(approved: ImpactBasis, now: ImpactBasis, untreated: ReadonlySet<string>): ImpactChange[] {
  const moved = new Set(approved.moves)
  const rank = (level: string | undefined): number => impactLevels.findIndex((one) => one === level)
  const found: [boolean, ImpactChange][] = [
    [now.moves.some((move) => !moved.has(move)), 'plan'],
    [Object.entries(now.treatments).some(([dataSet, digest]) => approved.treatments[dataSet] !== digest), 'treatment'],
    [now.recipients.some((one) => !approved.recipients.includes(one)), 'recipients'],
    [Object.entries(now.risks).some(([risk, level]) => (approved.risks[risk] === undefined ? untreated.has(risk) : rank(level) > rank(approved.risks[risk]))), 'risks'],
    [now.answers > approved.answers, 'answers'],
  ]
  return found.filter(([changed]) => changed).map(([, what]) => what)
}

/** The state as an assessment looks at it: what waits to be moved counts as moving, or an assessment made beforehand would be one of nothing. */
export function asAssessed(state: MatterState): MatterState {
  return state.plan === null ? state : { ...state, plan: { ...state.plan, transfer: together(state.plan.transfer, state.plan.wished), pendingValues: Math.max(0, state.plan.pendingValues - state.plan.wished.values) } }
}

/** Persons in both sets count twice: an assessment may not see too few. */
function together(moving: TransferSummary, wished: TransferSummary): TransferSummary {
  const add = (key: NumberKey): number => moving[key] + wished[key]
  const notices = Object.fromEntries([...new Set([...keysOf(moving.notices), ...keysOf(wished.notices)])].map((kind) => [kind, addTallies(moving.notices[kind], wished.notices[kind])]))
  return {
    records: add('records'), values: add('values'), persons: add('persons'), sensitiveRecords: add('sensitiveRecords'), under14: add('under14'), consentBasedRecords: add('consentBasedRecords'), notices,
    consents: {
      transfer: addConsents(moving.consents.transfer, wished.consents.transfer), sensitive: addConsents(moving.consents.sensitive, wished.consents.sensitive),
      guardian: addConsents(moving.consents.guardian, wished.consents.guardian), export: addConsents(moving.consents.export, wished.consents.export),
    },
    openRequests: add('openRequests'), held: add('held'), objected: add('objected'), suppressed: add('suppressed'), unneededValues: add('unneededValues'), unconfirmedSourceRecords: add('unconfirmedSourceRecords'),
    unlawfulSourceRecords: add('unlawfulSourceRecords'), faceWithoutConsent: add('faceWithoutConsent'), contractWithoutAssent: add('contractWithoutAssent'), newUseBlocked: add('newUseBlocked'), childrenConsentedFor: add('childrenConsentedFor'),
  }
}

type NumberKey = { [K in keyof TransferSummary]: TransferSummary[K] extends number ? K : never }[keyof TransferSummary]
type NoticeTallies = TransferSummary['notices']

function keysOf(tallies: NoticeTallies): (keyof NoticeTallies)[] {
  const known: readonly (keyof NoticeTallies)[] = ['art22', 'art23', 'art30', 'art31', 'art39', 'close30']
  return known.filter((kind) => tallies[kind] !== undefined)
}

const noTally: NoticeTally = { due: 0, delivered: 0, announced: 0, bounced: 0, none: 0, waiting: 0 }

function addTallies(one: NoticeTally = noTally, other: NoticeTally = noTally): NoticeTally {
  return { due: one.due + other.due, delivered: one.delivered + other.delivered, announced: one.announced + other.announced, bounced: one.bounced + other.bounced, none: one.none + other.none, waiting: one.waiting + other.waiting }
}

function addConsents(one: ConsentTally, other: ConsentTally): ConsentTally {
  return { due: one.due + other.due, given: one.given + other.given, refused: one.refused + other.refused, none: one.none + other.none }
}
