// SPDX-License-Identifier: Apache-2.0
// The gate and post rows X22–X27: on top of a wish to transfer they may only delay or withhold, never the other way round.
import { addDays, daysBetween, type Day } from '../kit/time.ts'
import { endsCompany, isArticle22, type Wish } from './decision-table.rules.ts'
import type { ConsentState, DecisionFacts } from './decision-facts.ts'
import type { LegalPositions } from './legal-positions.ts'
import type { ChoiceKind, NoticeKind } from './nouns.ts'
import { obstacle, type Obstacle, type ObstacleCode } from './obstacles.ts'

/** What the gates make of a transfer: go, wait for something, or do not move it. */
export type GateVerdict = { go: 'on' } | { go: 'wait'; conditions: readonly Obstacle[]; alsoRules: readonly string[] } | { go: 'withhold'; alsoRules: readonly string[] }

/** Tries every gate on one transfer; all reasons to wait are returned, not the first. `row` is the main row that wants it. */
export function passGates(facts: DecisionFacts, positions: LegalPositions, wish: Extract<Wish, { act: 'transfer' }>, row: string): GateVerdict {
  const withholding = reasonsToWithhold(facts, positions, wish, row)
  if (withholding.length > 0) return { go: 'withhold', alsoRules: withholding }
  const conditions = [...matterConditions(facts, positions), ...consentConditions(facts, wish), ...noticeConditions(facts, positions, wish)]
  return conditions.length === 0 ? { go: 'on' } : { go: 'wait', conditions, alsoRules: [...new Set(conditions.map((found) => found.rule))] }
}

/** The last day of the waiting time after a notice (P01); moving is allowed from the next day, a period of days ends at its last midnight (民法典 201–203). */
export function noticeWaitEnds(on: Day, positions: LegalPositions): Day {
  return addDays(on, positions.notice_wait_days)
}

/** Whether the waiting time after a notice is over on this day. */
export function isNoticeWaitOver(on: Day, today: Day, positions: LegalPositions): boolean {
  return positions.notice_wait_days === 0 ? today >= on : daysBetween(on, today) > positions.notice_wait_days
}

/** Whether the move of a record still waits for the time after this notice: told, the days still run, and not every consent asked for was given. Loaders of `NoticeTally.waiting` ask this, so that gate and verdict agree. */
export function waitsAfterNotice(facts: DecisionFacts, positions: LegalPositions, kind: NoticeKind, consents: readonly ChoiceKind[]): boolean {
  const { state, on } = facts.notices[kind] ?? { state: 'none', on: null }
  if (state !== 'delivered' && state !== 'announced') return false
  return !hasGivenAll(facts, consents) && (on === null || !isNoticeWaitOver(on, facts.today, positions))
}

function hasGivenAll(facts: DecisionFacts, consents: readonly ChoiceKind[]): boolean {
  return consents.length > 0 && consents.every((kind) => consentOf(facts, kind) === 'given')
}

function reasonsToWithhold(facts: DecisionFacts, positions: LegalPositions, wish: Extract<Wish, { act: 'transfer' }>, row: string): string[] {
  const answers = wish.consents.map((kind) => consentOf(facts, kind))
  const unreachable = wish.notices.some((kind) => isUnreachable(facts, positions, kind))
  return [
    ...(facts.suppressed && row !== 'X13' ? ['B11'] : []), // X13 has judged the objection already
    ...(answers.includes('refused') ? ['X27'] : []),
    ...(facts.cutoffPassed && answers.includes('none') ? ['X27'] : []),
    ...(facts.cutoffPassed && facts.overseas && !facts.exportRouteDone ? ['X22'] : []),
    ...(facts.cutoffPassed && unreachable && positions.announcement_ok === 'no' ? ['X26'] : []),
  ].filter((rule, at, all) => all.indexOf(rule) === at)
}

/** X22–X25: conditions of the matter and of the record. */
function matterConditions(facts: DecisionFacts, positions: LegalPositions): Obstacle[] {
  const succession = isArticle22(facts, positions)
  const conditions: [boolean, ObstacleCode, string][] = [
    [facts.openRequest, 'REQUEST_OPEN', 'X25'],
    [facts.overseas && !facts.exportRouteDone, 'EXPORT_ROUTE_MISSING', 'X22'],
    [facts.importantDataOrMass && !facts.disposalPlanReported && reportsDisposalPlan(facts), 'DISPOSAL_PLAN_NOT_REPORTED', 'X23'],
    [!facts.piaApproved && facts.holdsPersons, 'PIA_MISSING', 'X24'],
    [!facts.agreementSigned && facts.holdsPersons, 'AGREEMENT_MISSING', 'X24'],
    [!facts.undertakingSigned && succession && facts.holdsPersons, 'UNDERTAKING_MISSING', 'X24'],
    [!facts.suppressionReady && facts.holdsPersons, 'SUPPRESSION_LIST_MISSING', 'X24'],
    [!facts.childAssessmentDone && isChild(facts), 'CHILD_ASSESSMENT_MISSING', 'D06'],
  ]
  return conditions.filter(([unmet]) => unmet).map(([, code, rule]) => obstacle(code, { rule }))
}

/** 数据条例 32 speaks of merger, split, dissolution and bankruptcy. */
function reportsDisposalPlan(facts: DecisionFacts): boolean {
  return endsCompany(facts.matterType) || facts.matterType.startsWith('merger-') || facts.matterType.startsWith('split-')
}

function isChild(facts: DecisionFacts): boolean {
  return facts.holdsPersons && (facts.ageGroup === 'unknown' ? facts.agePresumption : facts.ageGroup) === 'under14'
}

const consentObstacle: Partial<Record<ChoiceKind, ObstacleCode>> = {
  'agree-transfer': 'CONSENT_MISSING', 'agree-sensitive': 'SENSITIVE_CONSENT_MISSING', 'agree-guardian': 'GUARDIAN_CONSENT_MISSING', 'agree-export': 'EXPORT_CONSENT_MISSING',
}

function consentConditions(facts: DecisionFacts, wish: Extract<Wish, { act: 'transfer' }>): Obstacle[] {
  return wish.consents.filter((kind) => consentOf(facts, kind) !== 'given').map((kind) => obstacle(consentObstacle[kind] ?? 'CONSENT_MISSING'))
}

/** What was answered to one of the four consents; any other choice is no consent. */
export function consentOf(facts: DecisionFacts, kind: ChoiceKind): ConsentState {
  if (kind === 'agree-transfer') return facts.transferConsent
  if (kind === 'agree-sensitive') return facts.sensitiveConsent
  if (kind === 'agree-export') return facts.exportConsent
  return kind === 'agree-guardian' ? facts.guardianConsent : 'none'
}

/** X26 and the waiting time P01; who has given every consent asked for need not be waited for. */
function noticeConditions(facts: DecisionFacts, positions: LegalPositions, wish: Extract<Wish, { act: 'transfer' }>): Obstacle[] {
  const hasAnswered = hasGivenAll(facts, wish.consents)
  return wish.notices.flatMap((kind) => noticeCondition(facts, positions, kind, hasAnswered))
}

function noticeCondition(facts: DecisionFacts, positions: LegalPositions, kind: NoticeKind, hasAnswered: boolean): Obstacle[] {
  const { state, on } = facts.notices[kind] ?? { state: 'none', on: null }
  const rule = kind === 'art22' || kind === 'art23' ? (kind === 'art22' ? 'E01' : 'E02') : noticeRule[kind]
  if (state === 'bounced') return [obstacle('NOTICE_BOUNCED', { facts: { notice: kind } })]
  if (state === 'announced' && positions.announcement_ok === 'no') return [obstacle('ANNOUNCEMENT_NOT_ACCEPTED', { facts: { notice: kind } })]
  if (state === 'none' || on === null || on > facts.today) return [obstacle('NOTICE_MISSING', { rule, facts: { notice: kind } })]
  if (hasAnswered || isNoticeWaitOver(on, facts.today, positions)) return []
  return [obstacle('NOTICE_WAIT_RUNNING', { facts: { notice: kind, until: noticeWaitEnds(on, positions) } })]
}

const noticeRule = { art30: 'E04', art31: 'E08', art39: 'G02', close30: 'E14' } as const

function isUnreachable(facts: DecisionFacts, positions: LegalPositions, kind: NoticeKind): boolean {
  const state = facts.notices[kind]?.state ?? 'none'
  return state === 'bounced' || (state === 'announced' && positions.announcement_ok === 'no')
}
