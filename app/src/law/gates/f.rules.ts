// SPDX-License-Identifier: Apache-2.0
// F 协议与相对方: what the recipient has signed, what it is worth, what became of processors.
import { obstacle } from '../obstacles.ts'
import { isKeptThreeYears } from './d.rules.ts'
import { byFact, computed, factOf, found, notApplicable, underArticle22, whenDeclared, whenTransferring, withPlan, type GateRule } from './gate.ts'

/** Rules F01–F08. */
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
  F03: (state) =>
    whenTransferring(state, () => {
      if (state.packages.issued === 0) return notApplicable('还没有提供任何信息', 'Nothing was provided yet')
      return found(
        [!isKeptThreeYears(state) && obstacle('PROVISION_RECORD_NOT_KEPT')],
        [computed(`账本记有 ${state.packages.issued} 个移交包的日期、数量、目的、接收方和种类`, `The ledger has date, scale, purpose, recipient and categories of ${state.packages.issued} packages`), state.transferorSurvives ? undefined : byFact(state, 'custody-deed-signed')],
      )
    }),
  F04: (state) => {
    const { open, ended, withoutProof } = state.copies.processors
    const listed = factOf(state, 'inventory-signed-off')?.value.processorsListed === true
    if (open + ended === 0) return listed ? notApplicable('清单确认没有受托方持有副本', 'The signed inventory lists no copy at a processor') : found([obstacle('INVENTORY_NOT_SIGNED', { rule: 'F04' })])
    return found(
      [open > 0 && obstacle('PROCESSOR_COPY_OPEN', { counts: { copies: open } }), withoutProof > 0 && obstacle('PROCESSOR_WITHOUT_PROOF', { counts: { copies: withoutProof } })],
      [computed(`受托方副本 ${ended} 份已返还或删除并有证明`, `${ended} copies at processors returned or deleted, with proof`)],
    )
  },
  F05: (state) =>
    whenTransferring(state, () => {
      const reviewed = (state.facts['recipient-reviewed'] ?? []).findLast(({ value }) => value.reviewedOn <= state.today)?.value
      const isWeak = reviewed !== undefined && (reviewed.security === 'weak' || reviewed.integrity === 'weak' || reviewed.violations === 'not-checked')
      return found([reviewed === undefined && obstacle('RECIPIENT_NOT_REVIEWED'), isWeak && obstacle('RECIPIENT_WEAK')], [byFact(state, 'recipient-reviewed')])
    }),
  F06: (state) => {
    const violation = factOf(state, 'recipient-violation')?.value
    if (violation === undefined) return notApplicable('没有登记接收方违法', 'No violation by the recipient is recorded')
    const steps = [violation.stopDemandedOn, violation.accessRevokedOn, violation.deletionDemandedOn]
    return found([steps.some((on) => on === null || on > state.today) && obstacle('VIOLATION_NOT_STOPPED')], [byFact(state, 'recipient-violation')])
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
  F08: (state) =>
    whenDeclared(state, {
      circumstance: 'jointProcessing', rule: 'F08', without: { zh: '过渡期没有共同处理', en: 'No joint processing in the transition' },
      with: () => found([!(state.facts['joint-agreement-signed'] ?? []).some(({ value }) => value.signedOn <= state.today) && obstacle('JOINT_AGREEMENT_MISSING')], [byFact(state, 'joint-agreement-signed')]),
    }),
} as const satisfies Record<string, GateRule>
