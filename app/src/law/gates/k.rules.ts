// SPDX-License-Identifier: Apache-2.0
// K 清算程序: the company's own procedure, as far as customers are concerned; and nobody deregisters while somebody's information has no keeper.
import type { Day } from '../../kit/time.ts'
import type { FactName } from '../facts.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { byFact, computed, dueOf, factOf, found, notApplicable, type Evidence, type GateRule } from './gate.ts'
import { rightsContact } from './i.rules.ts'

/** Says of an act that it came after its statutory day; it cannot be undone, so it is no obstacle, but it stays on the sheet. */
function inTime(state: MatterState, line: string, which: number, { from, on }: { from: Day; on: Day }): Evidence {
  const due = dueOf(state, line, from, which).dueDay
  return on <= due ? computed(`${on} 办理,期限 ${due}`, `done on ${on}, due on ${due}`) : computed(`${on} 办理,已晚于期限 ${due}:后果请律师判断`, `done on ${on}, after the deadline of ${due}: let counsel judge the consequence`)
}

/** Whether the newest fact of this name is there, all of its days being past. */
function signed<N extends FactName>(state: MatterState, name: N, daysOf: (value: NonNullable<ReturnType<typeof factOf<N>>>['value']) => readonly (Day | undefined)[]) {
  const fact = factOf(state, name)
  return fact !== undefined && daysOf(fact.value).every((day) => day === undefined || day <= state.today) ? fact : undefined
}

/** Rules K01–K08. */
export const gatesK = {
  K01: (state) => {
    const formed = signed(state, 'liquidation-group-formed', (value) => [value.causeOn, value.formedOn])
    if (formed === undefined) return found([obstacle('LIQUIDATION_GROUP_MISSING')])
    return found([], [byFact(state, 'liquidation-group-formed'), inTime(state, 'T23', 0, { from: formed.value.causeOn, on: formed.value.formedOn })])
  },
  K02: (state) => {
    const published = signed(state, 'liquidation-published', (value) => [value.causePublishedOn, value.groupPublishedOn])
    if (published === undefined) return found([obstacle('LIQUIDATION_NOT_PUBLISHED')])
    const formed = factOf(state, 'liquidation-group-formed')?.value
    const clocks = formed === undefined ? [] : [inTime(state, 'T22', 0, { from: formed.causeOn, on: published.value.causePublishedOn }), inTime(state, 'T22', 0, { from: formed.formedOn, on: published.value.groupPublishedOn })]
    return found([], [byFact(state, 'liquidation-published'), ...clocks])
  },
  K03: (state, step) => {
    const declaresPrepaid = factOf(state, 'circumstances-declared')?.value.prepaid === true
    const refunds = factOf(state, 'prepaid-settled')?.value.customers ?? 0
    const told = signed(state, 'liquidation-creditors-told', (value) => [value.knownToldOn, value.announcedOn])
    if (told === undefined) return found([obstacle('CREDITORS_NOT_TOLD')])
    const { announcedOn, knownToldOn, prepaidCustomers, prepaidTold } = told.value
    const formed = factOf(state, 'liquidation-group-formed')?.value.formedOn
    const until = [dueOf(state, 'T25', knownToldOn, 0).dueDay, dueOf(state, 'T25', announcedOn, 1).dueDay].toSorted().at(-1) ?? state.today
    return found(
      [declaresPrepaid && prepaidCustomers < Math.max(1, refunds) && obstacle('PREPAID_CREDITORS_UNCOUNTED', { facts: { listed: prepaidCustomers, customers: refunds } }), prepaidCustomers > prepaidTold && obstacle('PREPAID_CREDITORS_NOT_TOLD', { counts: { persons: prepaidCustomers - prepaidTold } }), step === 'close' && state.today <= until && obstacle('CLAIM_PERIOD_RUNNING', { facts: { until } })],
      [byFact(state, 'liquidation-creditors-told'), ...(formed === undefined ? [] : [inTime(state, 'T24', 0, { from: formed, on: knownToldOn }), inTime(state, 'T24', 1, { from: formed, on: announcedOn })])],
    )
  },
  K04: (state) => {
    const limited = signed(state, 'use-limited-to-liquidation', (value) => [value.decidedOn, value.marketingStoppedOn])
    return found([limited === undefined && obstacle('USE_NOT_LIMITED')], [byFact(state, 'use-limited-to-liquidation')])
  },
  K05: (state) => {
    const told = signed(state, 'restructuring-creditors-told', (value) => [value.resolvedOn, value.knownToldOn, value.announcedOn])
    if (told === undefined) return found([obstacle('RESTRUCTURING_CREDITORS_NOT_TOLD')])
    const { resolvedOn, knownToldOn, announcedOn } = told.value
    return found([], [byFact(state, 'restructuring-creditors-told'), inTime(state, 'T20', 0, { from: resolvedOn, on: knownToldOn }), inTime(state, 'T20', 1, { from: resolvedOn, on: announcedOn })])
  },
  K06: (state) => {
    if (!state.successor) return notApplicable('没有随营业出售客户信息', 'No customer information is sold with a business')
    const plan = signed(state, 'sale-plan-approved', (value) => [value.approvedOn, value.reportedOn])
    if (plan === undefined) return found([obstacle('SALE_PLAN_MISSING')])
    const { bareList, wholeBusiness, reportedOn } = plan.value
    return found([bareList && obstacle('BARE_LIST_AUCTION'), wholeBusiness && reportedOn === undefined && obstacle('WHOLE_SALE_NOT_REPORTED')], [byFact(state, 'sale-plan-approved')])
  },
  K07: (state) => {
    const { pending, inTransit } = state.books
    const sealed = state.plan?.sealedWithCustodian ?? 0
    const faces = state.counts?.face ?? 0
    const contact = rightsContact(state, 'K07')
    const faceSettled = signed(state, 'face-filing-cancelled', (value) => [value.on])
    return found(
      [
        pending > 0 && obstacle('VALUES_PENDING', { rule: 'K07', counts: { values: pending } }),
        inTransit > 0 && obstacle('VALUES_IN_TRANSIT', { rule: 'K07', counts: { values: inTransit } }),
        // While the vault still holds what was handed over, the plan counts it too; once erased there only the custodian's line is left.
        sealed > state.custody.values && obstacle('SEALED_NOT_WITH_CUSTODIAN', { counts: { values: sealed - state.custody.values } }),
        (faces > 0 || state.dataSets.some(({ holdsFaces }) => holdsFaces)) && faceSettled === undefined && obstacle('FACE_FILING_OPEN', { counts: { persons: faces } }),
        ...(contact.applies ? contact.obstacles : []),
      ],
      [computed('主账没有待定和在途', 'Nothing is pending or in transit'), state.custody.sets > 0 ? computed(`保管人持有 ${state.custody.sets} 套封存`, `custodians hold ${state.custody.sets} sealed sets`) : undefined, byFact(state, 'rights-contact-published')],
    )
  },
  K08: (state) => {
    const told = signed(state, 'tax-office-told', (value) => [value.toldOn])
    return found([told === undefined && obstacle('TAX_OFFICE_NOT_TOLD')], [byFact(state, 'tax-office-told')])
  },
} as const satisfies Record<string, GateRule>
