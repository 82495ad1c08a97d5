// SPDX-License-Identifier: Apache-2.0
// I 个人权利: requests are answered in time and with reasons, corrections follow the information, and somebody stays reachable. I01–I07 stand all the year.
import { addDays, type Day } from '../../kit/time.ts'
import type { FactValue } from '../facts.ts'
import type { MatterState, SignedFact } from '../matter-state.ts'
import type { ChoiceKind } from '../nouns.ts'
import { obstacle } from '../obstacles.ts'
import type { OpenRequests } from '../standing-state.ts'
import { byFact, computed, dueOf, factOf, found, notApplicable, whenTransferring, withPlan, type GateFinding, type GateRule } from './gate.ts'

/** A register that nobody has looked into for so long says nothing any more; as long as one request may take (T07). */
const reviewDays = 30

const personsOf = (requests: readonly OpenRequests[]): number => requests.reduce((sum, { persons }) => sum + persons, 0)

/** Open requests of these kinds against the clock of one line of the register. */
function clock(state: MatterState, line: 'T07' | 'T08', kinds: readonly ChoiceKind[] | null): { open: number; late: number; earliest: Day | null } {
  const open = state.requests.open.filter(({ choice }) => kinds === null || kinds.includes(choice)).map((each) => ({ ...each, due: dueOf(state, line, each.receivedOn).dueDay }))
  const late = open.filter(({ due }) => state.today > due)
  return { open: personsOf(open), late: personsOf(late), earliest: open.map(({ due }) => due).toSorted().at(0) ?? null }
}

function freshRegister(state: MatterState): SignedFact<'request-register-reviewed'> | undefined {
  const reviewed = factOf(state, 'request-register-reviewed')
  return reviewed !== undefined && reviewed.value.reviewedOn <= state.today && addDays(reviewed.value.reviewedOn, reviewDays) >= state.today ? reviewed : undefined
}

type Register = FactValue<'request-register-reviewed'>

/** The rule asks the register of requests that came outside this system; an old or missing one is an obstacle, never "no requests". */
function withRegister(state: MatterState, rule: string, ask: (register: Register) => GateFinding): GateFinding {
  const register = freshRegister(state)
  return register === undefined ? found([obstacle('REQUEST_REGISTER_NOT_REVIEWED', { rule })]) : ask(register.value)
}

/** Rules I01–I09. */
export const gatesI = {
  I01: (state) => {
    const { open, late, earliest } = clock(state, 'T07', null)
    if (open === 0) return notApplicable('没有未答复的个人请求', 'No request waits for an answer')
    const due = earliest ?? state.today
    return found([late > 0 && obstacle('REQUEST_OVERDUE', { counts: { persons: late }, facts: { due } })], [computed(`在办 ${open} 人,最早应于 ${due} 前答复`, `${open} persons wait, the earliest until ${due}`)])
  },
  // A deletion request of somebody with an account may well be meant to close it: the shorter clock counts (cautious).
  I02: (state) => {
    const { open, late, earliest } = clock(state, 'T08', ['delete'])
    const closures = freshRegister(state)?.value.accountClosures
    if (closures?.received === 0 && open === 0) return notApplicable('没有注销账户或删除的请求', 'No request to close an account or delete')
    const persons = late + (closures?.overdue ?? 0)
    return found(
      [
        closures === undefined && obstacle('REQUEST_REGISTER_NOT_REVIEWED'),
        persons > 0 && obstacle('ACCOUNT_CLOSURE_OVERDUE', { counts: { persons } }),
        closures?.extraConditions === true && obstacle('ACCOUNT_CLOSURE_CONDITIONS'),
      ],
      [byFact(state, 'request-register-reviewed'), earliest === null ? undefined : computed(`在办 ${open} 人,最早应于 ${earliest} 前办结`, `${open} open, the earliest due on ${earliest}`)],
    )
  },
  I03: (state) => {
    const { refused, refusedMinors: minors } = state.requests
    if (refused === 0) return notApplicable('没有被拒绝的请求', 'No request was refused')
    const answered = (state.facts['refusals-answered'] ?? []).filter((fact) => fact.value.on <= state.today)
    const persons = refused - Math.max(0, ...answered.map((fact) => fact.value.persons))
    return found([persons > 0 && obstacle('REFUSALS_NOT_EXPLAINED', { counts: { persons, minors } })], [byFact(state, 'refusals-answered')])
  },
  I04: (state) =>
    withRegister(state, 'I04', ({ portability }) =>
      portability.received === 0
        ? notApplicable('没有要求转移的请求', 'Nobody asked to have information moved')
        : found([portability.overdue > 0 && obstacle('PORTABILITY_OVERDUE', { counts: { persons: portability.overdue } })], [byFact(state, 'request-register-reviewed')]),
    ),
  I05: (state) => {
    const corrected = state.requests.correctedAfterLeaving
    if (corrected === 0) return notApplicable('移交之后没有更正', 'Nothing was corrected after it had left')
    const passedOn = (state.facts['corrections-passed-on'] ?? []).filter((fact) => fact.value.on <= state.today).map((fact) => fact.value.records)
    const records = corrected - Math.max(0, ...passedOn)
    return found([records > 0 && obstacle('CORRECTION_NOT_PASSED_ON', { counts: { records } })], [byFact(state, 'corrections-passed-on')])
  },
  I06: (state) =>
    withRegister(state, 'I06', ({ relatives }) =>
      relatives.received === 0
        ? notApplicable('没有近亲属的请求', 'No relative has asked')
        : found([relatives.overdue > 0 && obstacle('RELATIVES_OVERDUE', { counts: { persons: relatives.overdue } })], [byFact(state, 'request-register-reviewed')]),
    ),
  I07: (state) => {
    const published = (state.facts['complaint-channel-published'] ?? []).some((fact) => fact.value.publishedOn <= state.today)
    return found([!published && obstacle('COMPLAINT_CHANNEL_MISSING')], [byFact(state, 'complaint-channel-published')])
  },
  I08: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'I08', (plan) => {
        const { openRequests, held, objected } = plan.transfer
        return found(
          [openRequests > 0 && obstacle('REQUEST_OPEN', { counts: { records: openRequests } }), held > 0 && obstacle('HELD', { rule: 'I08', counts: { records: held } })],
          [computed(`拟移交集里未决请求 ${openRequests}、冻结 ${held}、反对 ${objected}(仅最低限度)`, `${openRequests} open requests, ${held} holds, ${objected} objections (minimum only) in the set`)],
        )
      }),
    ),
  I09: (state) => rightsContact(state, 'I09'),
} as const satisfies Record<string, GateRule>

/** Who answers after deregistration by the matter's legal position: the custodian (of the deed, where there is one) or the transferee. */
function isRightHolder(state: MatterState, holder: string): boolean {
  if (state.positions.post_deregistration_holder === 'recipient') return state.parties.some(({ id, role }) => id === holder && role === 'transferee')
  const deed = factOf(state, 'custody-deed-signed')
  return deed === undefined ? state.parties.some(({ id, role }) => id === holder && role === 'custodian') : deed.value.holder === holder
}

/** I09 and K07: somebody answers requests after the company is gone, the one whom the legal position names, and at least as long as the last seal runs. */
export function rightsContact(state: MatterState, rule: 'I09' | 'K07'): GateFinding {
  const contact = (state.facts['rights-contact-published'] ?? []).filter((fact) => fact.value.publishedOn <= state.today).at(-1)
  if (contact === undefined) return found([obstacle('RIGHTS_CONTACT_MISSING', { rule })])
  const { until, holder } = contact.value
  const { endless, until: needed } = state.custody
  const isOver = until !== null && until < state.today
  const tooShort = until !== null && (endless || (needed !== null && until < needed))
  return found(
    [
      isOver && obstacle('RIGHTS_CONTACT_ENDED', { rule, facts: { until } }),
      tooShort && obstacle('RIGHTS_CONTACT_ENDS_EARLY', { rule, facts: { until, needed: endless ? '永久 / for ever' : (needed ?? '') } }),
      !isRightHolder(state, holder) && obstacle('RIGHTS_CONTACT_OTHER_HOLDER', { rule, facts: { holder: state.positions.post_deregistration_holder } }),
    ],
    [byFact(state, 'rights-contact-published')],
  )
}
