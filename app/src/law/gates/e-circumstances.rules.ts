// SPDX-License-Identifier: Apache-2.0
// E12–E18: duties that hang on what people declare about the deal, on promises made earlier, and on the kind of deal itself.
import { addDays, daysBetween, type Day } from '../../kit/time.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { unlawfulViewers } from './c.rules.ts'
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
  // Beijing names no number of days; Shanghai thirty; elsewhere the register holds thirty for cautious (national Art 21, K).
  const isLate = settled.localRule !== 'none' && (!settled.individually || (settled.localRule !== 'beijing' && !isEarlyEnough(settled.toldOn, state.today)))
  return [
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
  E14: (state) => whenDeclared(state, { circumstance: 'prepaid', rule: 'E14', without: { zh: '没有预付款客户', en: 'No prepaid customers' }, with: () => found(prepaidObstacles(state), [byFact(state, 'prepaid-settled')]) }),
  E15: promiseFinding,
  E16: (state) => {
    const told = factOf(state, 'changes-told')
    return found(
      [(told === undefined || told.value.toldOn > state.today) && obstacle('CHANGES_NOT_TOLD'), ...unlawfulViewers(state).map((seen) => ({ ...seen, rule: 'E16' }))],
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
