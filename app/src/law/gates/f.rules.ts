// SPDX-License-Identifier: Apache-2.0
// F 协议与相对方 and G 出境: what the recipient has signed, and whether the values may leave the mainland.
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { byFact, computed, factOf, found, noticeObstacles, notApplicable, underArticle22, whenTransferring, withPlan, type Evidence, type GateRule } from './gate.ts'

const goesAbroad = (state: MatterState) => state.parties.some((party) => party.overseas && party.role !== 'transferor')
const stayHome = () => notApplicable('没有境外接收方或查看者', 'No recipient or viewer abroad')

function abroadTold(state: MatterState): Evidence {
  const tally = state.plan?.transfer.notices.art39
  return computed(`境外接收方已告知 ${(tally?.delivered ?? 0) + (tally?.announced ?? 0)}/${tally?.due ?? 0}`, `${(tally?.delivered ?? 0) + (tally?.announced ?? 0)} of ${tally?.due ?? 0} told of the recipient abroad`)
}

/** Rules F01, F02 and F07. */
export const gatesF = {
  F01: (state) =>
    whenTransferring(state, () => {
      const giver = ['transferor', 'liquidator']
      const signed = (state.facts['transfer-agreement-signed'] ?? []).some(
        ({ value }) => value.signedOn <= state.today && value.signedBy.includes('transferee') && value.signedBy.some((role) => giver.includes(role)),
      )
      return found([!signed && obstacle('AGREEMENT_MISSING')], [byFact(state, 'transfer-agreement-signed')])
    }),
  F02: (state) => {
    if (!underArticle22(state)) return notApplicable('不是承继型转移', 'Not a succession')
    return whenTransferring(state, () => {
      const undertaking = factOf(state, 'successor-undertaking-signed')
      const isSigned = undertaking !== undefined && undertaking.value.signedOn <= state.today
      return found(
        [!isSigned && obstacle('UNDERTAKING_MISSING'), isSigned && !undertaking.value.samePurpose && !state.receiverChangesPurpose && obstacle('UNDERTAKING_CHANGES_PURPOSE')],
        [byFact(state, 'successor-undertaking-signed')],
      )
    })
  },
  F07: (state) => {
    if (state.type !== 'data-only') return notApplicable('信息随业务转移,不是单独出售', 'The information moves with its business')
    return withPlan(state, 'F07', (plan) => {
      const { due, given } = plan.transfer.consents.transfer
      const without = Math.max(plan.transfer.records - given, due - given)
      return found(
        [without > 0 && obstacle('DATA_ONLY_SALE', { counts: { records: without } }), factOf(state, 'bulk-sale-counsel-opinion') === undefined && obstacle('DATA_ONLY_SALE', { facts: { missing: 'bulk-sale-counsel-opinion' } })],
        [byFact(state, 'bulk-sale-counsel-opinion')],
      )
    })
  },
} as const satisfies Record<string, GateRule>

/** Rules G01 and G02. */
export const gatesG = {
  G01: (state) => {
    if (!goesAbroad(state)) return stayHome()
    const route = factOf(state, 'export-route-done')
    const until = route?.value.validUntil
    return found(
      [route === undefined && obstacle('EXPORT_ROUTE_MISSING'), until !== undefined && until < state.today && obstacle('EXPORT_ROUTE_EXPIRED', { facts: { until } })],
      [byFact(state, 'export-route-done')],
    )
  },
  G02: (state) => (goesAbroad(state) ? whenTransferring(state, () => withPlan(state, 'G02', () => found(noticeObstacles(state, 'art39', 'G02'), [abroadTold(state)]))) : stayHome()),
} as const satisfies Record<string, GateRule>
