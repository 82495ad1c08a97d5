// SPDX-License-Identifier: Apache-2.0
// What one gate rule answers, and the small questions that many of them ask.
import type { Words } from '../../kit/failure.ts'
import { dayOf, instantOf, type Day, type Instant } from '../../kit/time.ts'
import { workCalendar } from '../calendar.rules.ts'
import { countDeadline, type CountedDeadline, type CountOptions } from '../deadline.rules.ts'
import { endsCompany } from '../decision-table.rules.ts'
import type { FactName, FactValue } from '../facts.ts'
import { factTable } from '../facts.ts'
import { isArticle22 } from '../decision-table.rules.ts'
import type { ConsentTally, MatterState, NoticeTally, SignedFact } from '../matter-state.ts'
import type { GuardedStep, NoticeKind } from '../nouns.ts'
import { obstacle, type Obstacle, type ObstacleCode } from '../obstacles.ts'

/** What satisfied a rule: a sentence, and the fact record behind it when there is one. */
export interface Evidence extends Words {
  fact: string | null
}

/** What a rule found: it does not apply here (and why), or its obstacles and its evidence; satisfied when it applies and has no obstacle. */
export type GateFinding = { applies: false; why: Words } | { applies: true; obstacles: readonly Obstacle[]; evidence: readonly Evidence[] }

/** When a rule is asked: before a step, or as a duty that stands all the year. */
export type AskedAt = GuardedStep | 'standing'

/** A gate rule: pure, over the whole state; the step tells whether it is asked before packing or at the close. */
export type GateRule = (state: MatterState, step: AskedAt) => GateFinding

/** The rule does not apply to this matter, because … */
export function notApplicable(zh: string, en: string): GateFinding {
  return { applies: false, why: { zh, en } }
}

/** The rule applies; obstacles that are false or undefined are left out. */
export function found(obstacles: readonly (Obstacle | false | undefined)[], evidence: readonly (Evidence | undefined)[] = []): GateFinding {
  return { applies: true, obstacles: obstacles.filter((each) => each !== false && each !== undefined), evidence: evidence.filter((each) => each !== undefined) }
}

/** Evidence that the system itself computed. */
export function computed(zh: string, en: string): Evidence {
  return { zh, en, fact: null }
}

/** Noon in China of a day, from which days are counted (民法典 201). */
export function noonOf(day: Day): Instant {
  return instantOf(`${day}T12:00:00+08:00`)
}

/** The last day of a deadline of the law in use that runs from a day, or from a moment where hours count. */
export function dueOf(state: MatterState, line: string, from: Day | Instant, which?: CountOptions['which']): CountedDeadline {
  const start = from.includes('T') ? instantOf(from) : noonOf(dayOf(from))
  return countDeadline(line, start, { lines: state.law.deadlines, calendar: workCalendar(state.law.calendarYears), ...(which === undefined ? {} : { which }) })
}

/** The newest valid fact of a name, or undefined. */
export function factOf<N extends FactName>(state: MatterState, name: N): SignedFact<N> | undefined {
  return state.facts[name]?.at(-1)
}

/** Evidence by a signed fact, or undefined. */
export function byFact(state: MatterState, name: FactName): Evidence | undefined {
  const fact = factOf(state, name)
  return fact === undefined ? undefined : { zh: `${factTable[name].zh}(${fact.recordedOn} 签署)`, en: `${factTable[name].en} (signed ${fact.recordedOn})`, fact: fact.id }
}

/** Whether the matter moves records to another handler at all. */
export function transfers(state: MatterState): boolean {
  if (state.type === 'share-transfer' || state.type === 'reorganisation' || state.type === 'stop-product') return false
  return !endsCompany(state.type) || state.successor
}

/** Whether the matter ends without anybody taking over (J09–J11). */
export function endsWithoutSuccessor(state: MatterState): boolean {
  return state.type === 'stop-product' || (endsCompany(state.type) && !state.successor)
}

/** Whether transfers of this matter fall under Article 22. */
export function underArticle22(state: MatterState): boolean {
  return isArticle22({ matterType: state.type }, state.positions)
}

/** Finding for a rule that needs a plan: without one, or with a stale one, it says so and nothing else. */
export function withPlan(state: MatterState, rule: string, ask: (plan: NonNullable<MatterState['plan']>) => GateFinding): GateFinding {
  if (state.plan === null) return found([obstacle('PLAN_MISSING', { rule })])
  if (state.plan.stale) return found([obstacle('PLAN_STALE', { rule })])
  return ask(state.plan)
}

/**
 * The state as rules about a transfer see it: while nothing is ready to move, they ask about what is to move once its conditions are met. Otherwise a matter in which nobody was told
 * and nobody has signed would have nothing to transfer, and nothing to object to.
 */
export function askingOfWished(state: MatterState): MatterState {
  const { plan } = state
  return plan === null || plan.transfer.records > 0 || plan.wished.records === 0 ? state : { ...state, plan: { ...plan, transfer: plan.wished } }
}

/** The usual rule for transfers: not applicable where nothing moves. */
export function whenTransferring(state: MatterState, ask: () => GateFinding): GateFinding {
  return transfers(state) ? ask() : notApplicable('本事项不向其他处理者移交', 'This matter moves nothing to another handler')
}

/** Finding for a rule that stands on a declared circumstance (fact `circumstances-declared`): unknown is an obstacle, no means that it does not apply, yes asks on. */
export function whenDeclared(state: MatterState, ask: { circumstance: Circumstance; rule: string; without: Words; with: () => GateFinding }): GateFinding {
  const declared = factOf(state, 'circumstances-declared')
  if (declared === undefined) return found([obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: ask.rule })])
  return declared.value[ask.circumstance] ? ask.with() : notApplicable(`${ask.without.zh}(${declared.value.declaredOn} 申报)`, `${ask.without.en} (declared ${declared.value.declaredOn})`)
}

/** One of the circumstances that people declare. */
export type Circumstance = Exclude<keyof FactValue<'circumstances-declared'>, 'declaredOn'>

/** Obstacles from one consent's tally: silence and refusal both keep a record out (PIPL 14). */
export function consentObstacles({ due, given, refused }: ConsentTally, codes: { missing: ObstacleCode; refused?: ObstacleCode }, rule: string): Obstacle[] {
  const unanswered = due - given - refused // counted from what is due, so that nothing falls between the columns
  return [
    ...(unanswered > 0 ? [obstacle(codes.missing, { rule, counts: { records: unanswered } })] : []),
    ...(refused > 0 ? [obstacle(codes.refused ?? 'CONSENT_REFUSED', { rule, counts: { records: refused } })] : []),
  ]
}

/** Obstacles from one notice's tally over the set to be transferred: never sent, bounced, announced only, or still waiting. */
export function noticeObstacles(state: MatterState, kind: NoticeKind, rule: string): Obstacle[] {
  const tally: NoticeTally = state.plan?.transfer.notices[kind] ?? { due: 0, delivered: 0, announced: 0, bounced: 0, none: 0, waiting: 0 }
  const facts = { notice: kind }
  return [
    ...(tally.none > 0 ? [obstacle('NOTICE_MISSING', { rule, counts: { records: tally.none }, facts })] : []),
    ...(tally.bounced > 0 ? [obstacle('NOTICE_BOUNCED', { rule, counts: { records: tally.bounced }, facts })] : []),
    ...(tally.announced > 0 && state.positions.announcement_ok === 'no' ? [obstacle('ANNOUNCEMENT_NOT_ACCEPTED', { rule, counts: { records: tally.announced }, facts })] : []),
    ...(tally.announced > 0 && factOf(state, 'announcement-published') === undefined ? [obstacle('ANNOUNCEMENT_NOT_RECORDED', { rule, counts: { records: tally.announced }, facts })] : []),
    ...(tally.waiting > 0 ? [obstacle('NOTICE_WAIT_RUNNING', { rule, counts: { records: tally.waiting }, facts })] : []),
    // The tally is the loader's; a record that is due but in no column would otherwise pass unseen.
    ...(tally.due > tally.delivered + tally.announced + tally.bounced + tally.none ? [obstacle('NOTICE_MISSING', { rule, counts: { records: tally.due - tally.delivered - tally.announced - tally.bounced - tally.none }, facts })] : []),
  ]
}
