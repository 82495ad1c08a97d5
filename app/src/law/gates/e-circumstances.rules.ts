// SPDX-License-Identifier: Apache-2.0
// E12–E18: duties that hang on what people declare about the deal, on promises made earlier, and on the kind of deal itself.
import { addDays, daysBetween, type Day } from '../../kit/time.ts'
import { endsCompany } from '../decision-table.rules.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { unlawfulViewers } from './looks.rules.ts'
import { byFact, computed, factOf, found, transfers, notApplicable, whenDeclared, whenTransferring, withPlan, type GateRule } from './gate.ts'
import { promiseFinding } from './promises.rules.ts'

/** Days that must lie free between a notice and the closing it announces (电商法 16; 上海单用途卡规定 17). */
const noticeAhead = 30

/** Told on day 0, closing may follow on day 31. */
function isEarlyEnough(told: Day, today: Day): boolean {
  return daysBetween(told, today) > noticeAhead
}

function prepaidObstacles(state: MatterState): (Obstacle | false)[] {
  const settled = factOf(state, 'prepaid-settled')?.value
  if (settled === undefined) return [obstacle('PREPAID_NOT_SETTLED', { facts: { customers: '?' } })]
  // Shanghai asks thirty days, Beijing names no number; without a local rule the national duty to tell beforehand remains (消保条例 22), its thirty days those of Article 21 (K: text not read, so held to for caution).
  const isLate = (settled.localRule !== 'none' && !settled.individually) || (settled.localRule !== 'beijing' && !isEarlyEnough(settled.toldOn, state.today))
  return [
    settled.customers === 0 && obstacle('PREPAID_UNCOUNTED'),
    (settled.unsettled > 0 || !settled.stoppedTaking || settled.toldOn > state.today) && obstacle('PREPAID_NOT_SETTLED', { facts: { customers: settled.unsettled } }),
    isLate && obstacle('PREPAID_TOLD_TOO_LATE', { facts: { toldOn: settled.toldOn } }),
  ]
}

/** Rules E12–E18. */
export const gatesOfCircumstances = {
  E12: (state) =>
    whenTransferring(state, () =>
      whenDeclared(state, {
        circumstance: 'marketing', rule: 'E12', without: { zh: '接收方不用于营销', en: 'The recipient does not market' },
        with: () => {
          const kept = factOf(state, 'marketing-consent-kept')?.value
          return found([(kept === undefined || !kept.perChannel || !kept.optOutAtOnce) && obstacle('MARKETING_CONSENT_MISSING')], [byFact(state, 'marketing-consent-kept')])
        },
      }),
    ),
  E13: (state) =>
    whenDeclared(state, {
      circumstance: 'eCommerceStops', rule: 'E13', without: { zh: '不是自行终止的电子商务经营者', en: 'No e-commerce operator stops of its own will' },
      with: () => {
        const shown = factOf(state, 'home-page-notice')?.value
        if (shown === undefined) return found([obstacle('HOME_PAGE_NOTICE_MISSING')])
        const earliest = addDays(shown.from, noticeAhead + 1)
        return found([(!shown.continuous || state.today < earliest) && obstacle('HOME_PAGE_NOTICE_TOO_SHORT', { facts: { from: shown.from } })], [byFact(state, 'home-page-notice'), computed(`最早可以终止的日期 ${earliest}`, `earliest day to stop: ${earliest}`)])
      },
    }),
  // Two cases in one rule: an operator that closes announces it with a contact (消保条例 21: known from memory, K, so held to for caution), and prepaid customers are told and settled whether it closes or not (22).
  E14: (state) => {
    const declared = factOf(state, 'circumstances-declared')
    const closes = endsCompany(state.type) || state.type === 'stop-product'
    if (declared?.value.prepaid === false && !closes) return notApplicable(`没有停业,也没有预付款客户(${declared.value.declaredOn} 申报)`, `Nothing closes and there are no prepaid customers (declared ${declared.value.declaredOn})`)
    const announced = factOf(state, 'closing-announced')
    const isAnnounced = announced !== undefined && isEarlyEnough(announced.value.announcedOn, state.today)
    return found(
      [declared === undefined && obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: 'E14' }), !isAnnounced && obstacle('CLOSING_NOT_ANNOUNCED'), ...(declared?.value.prepaid === true ? prepaidObstacles(state) : [])],
      [byFact(state, 'closing-announced'), declared?.value.prepaid === true ? byFact(state, 'prepaid-settled') : undefined],
    )
  },
  E15: promiseFinding,
  E16: (state) => {
    const told = factOf(state, 'changes-told')
    return found(
      [(told === undefined || told.value.toldOn > state.today) && obstacle('CHANGES_NOT_TOLD'), state.positions.share_deal_notice === 'courtesy_notice_to_all' && told?.value.toAll !== true && obstacle('COURTESY_NOTICE_MISSING'), ...unlawfulViewers(state).map((seen) => ({ ...seen, rule: 'E16' }))],
      [byFact(state, 'changes-told'), computed('处理者不变,不发第二十二条告知', 'The handler stays: no notice of Article 22')],
    )
  },
  E17: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'E17', (plan) => {
        const records = plan.transfer.contractWithoutAssent
        return found([records > 0 && obstacle('CONTRACT_ASSENT_MISSING', { rule: 'E17', counts: { records } })], [computed('以合同为基础移交的,客户都同意合同转移或单独同意', "Whatever moves on a contract basis has the customer's assent or separate consent")])
      }),
    ),
  E18: (state) => {
    if (!transfers(state)) return notApplicable('本事项不向其他处理者移交', 'This matter moves nothing to another handler')
    return whenDeclared(state, {
      circumstance: 'joinsOwnData', rule: 'E18', without: { zh: '接收方不与自有数据合并', en: 'The recipient does not join it with its own data' },
      with: () => found([factOf(state, 'join-approved') === undefined && obstacle('JOIN_NOT_APPROVED')], [byFact(state, 'join-approved')]),
    })
  },
} as const satisfies Record<string, GateRule>
