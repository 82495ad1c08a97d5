// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { ConsentState } from '../../law/index.ts'
import type { ChoiceKind } from '../../law/nouns.ts'

/** 选择的状态. `open` waits for a decision, `decided` was found valid, `refused` was answered with a reason (个人信息保护法 第五十条). */
export const choiceStatuses = ['valid', 'open', 'decided', 'refused'] as const
/** One status. */
export type ChoiceStatus = (typeof choiceStatuses)[number]

/** Choices that take effect when they are made; the others are requests that somebody must answer (个人信息保护法 第十五条、第四十四条 against 第四十五条至第四十七条). */
const effectiveAtOnce: ReadonlySet<ChoiceKind> = new Set<ChoiceKind>(['agree-transfer', 'agree-sensitive', 'agree-guardian', 'agree-export', 'object', 'withdraw'])

/** The status in which a choice enters the books. */
export function firstStatus(kind: ChoiceKind): ChoiceStatus {
  return effectiveAtOnce.has(kind) ? 'valid' : 'open'
}

/** Choices that bind to the records of the proven key; all others cover every record of the person (CONTRACTS §14). */
export const agreements = ['agree-transfer', 'agree-sensitive', 'agree-guardian', 'agree-export'] as const satisfies readonly ChoiceKind[]

/** Whether a choice is an agreement. */
export function isAgreement(kind: ChoiceKind): boolean {
  return agreements.some((one) => one === kind)
}

/** The latest choice of a kind and status that applies to a record. */
export interface LatestChoice {
  kind: ChoiceKind
  status: ChoiceStatus
  madeAt: Instant
}

/** What the choices of a person mean for a record, in the words of `DecisionFacts`. */
export interface ChoiceFacts {
  transferConsent: ConsentState
  sensitiveConsent: ConsentState
  guardianConsent: ConsentState
  exportConsent: ConsentState
  objected: boolean
  deletionRequested: boolean
  withdrawn: boolean
  openRequest: boolean
}

/** Reads choices in the order in which they were made: the later word counts, a refusal wins a tie, silence is `none` (个人信息保护法 第十四条、第十五条). */
export function choiceFacts(choices: readonly LatestChoice[]): ChoiceFacts {
  const latest = (kind: ChoiceKind, ...statuses: ChoiceStatus[]): Instant | null =>
    choices.filter((one) => one.kind === kind && statuses.includes(one.status)).reduce<Instant | null>((last, one) => (last === null || one.madeAt > last ? one.madeAt : last), null)
  const objection = latest('object', 'valid')
  const withdrawal = latest('withdraw', 'valid')
  const transfer = latest('agree-transfer', 'valid')
  const against = later(objection, withdrawal)
  return {
    transferConsent: consentState(transfer, against),
    sensitiveConsent: consentState(latest('agree-sensitive', 'valid'), against),
    guardianConsent: consentState(latest('agree-guardian', 'valid'), against),
    exportConsent: consentState(latest('agree-export', 'valid'), against),
    objected: stands(objection, transfer),
    deletionRequested: latest('delete', 'decided') !== null,
    withdrawn: stands(withdrawal, transfer),
    openRequest: choices.some((one) => one.status === 'open'),
  }
}

/** 退订名单. Whether the person's opt-out must travel with the data (rule B11): objected, withdrew, or asked for deletion. */
export function isOnSuppressionList(choices: readonly LatestChoice[]): boolean {
  const facts = choiceFacts(choices)
  return facts.objected || facts.withdrawn || choices.some((one) => one.kind === 'delete' && one.status !== 'refused')
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || (b !== null && b > a) ? b : a
}

function stands(word: Instant | null, answer: Instant | null): boolean {
  return word !== null && (answer === null || word >= answer)
}

function consentState(given: Instant | null, against: Instant | null): ConsentState {
  if (stands(against, given)) return 'refused'
  return given === null ? 'none' : 'given'
}
