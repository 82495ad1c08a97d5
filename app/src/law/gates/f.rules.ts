// SPDX-License-Identifier: Apache-2.0
// F 协议与相对方: what the recipient has signed, what it is worth, what became of processors.
import type { MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import type { OpinionConclusion } from '../standing-state.ts'
import { isKeptThreeYears } from './d.rules.ts'
import { byFact, computed, factOf, found, notApplicable, underArticle22, transfers, whenDeclared, whenTransferring, withPlan, type GateRule } from './gate.ts'
import { ofParties, openLooks, partiesOf, withoutContract } from './looks.rules.ts'

const supporting: readonly (OpinionConclusion | undefined)[] = ['supports', 'supports-with-conditions']

/** Whether an opinion that still counts objects to what this rule guards. */
function isObjectedTo(state: MatterState, rule: string): boolean {
  return state.opinions.some(({ conclusion, covers, until }) => conclusion === 'objects' && covers.rules.includes(rule) && (until === null || until >= state.today))
}

/** Rules F01–F08. */
export const gatesF = {
  F01: (state) => {
    // A look on no ground is provision too (数据条例 12(1); register §0, 1): a contract would not make it lawful, C01 asks for more, but until it is remedied nothing binds who has seen the customers.
    const looks = openLooks(state).length > 0
    // What a custodian takes sealed has its contract in the custody deed, which J08 asks for.
    if (!transfers(state) && !looks) return notApplicable('本事项不向其他处理者移交,也没有外方查看', 'This matter moves nothing to another handler, and no outsider looks')
    const giver = ['transferor', 'liquidator']
    const signed = (state.facts['transfer-agreement-signed'] ?? []).some(
      ({ value }) => value.signedOn <= state.today && value.signedBy.includes('transferee') && value.signedBy.some((role) => giver.includes(role)),
    )
    return found(
      [transfers(state) && !signed && obstacle('AGREEMENT_MISSING'), ...ofParties('VIEWER_CONTRACT_MISSING', withoutContract(state))],
      [byFact(state, 'transfer-agreement-signed'), looks ? byFact(state, 'viewer-access') : undefined],
    )
  },
  F02: (state) => {
    if (!underArticle22(state)) return notApplicable('不是承继型转移', 'Not a succession')
    return whenTransferring(state, () => {
      const undertaking = factOf(state, 'successor-undertaking-signed')
      const isSigned = undertaking !== undefined && undertaking.value.signedOn <= state.today
      return found(
        [!isSigned && obstacle('UNDERTAKING_MISSING'), isSigned && undertaking.value.accepts === undefined && obstacle('UNDERTAKING_INCOMPLETE'), isSigned && !undertaking.value.samePurpose && !state.receiverChangesPurpose && obstacle('UNDERTAKING_CHANGES_PURPOSE')],
        [byFact(state, 'successor-undertaking-signed')],
      )
    })
  },
  F03: (state) => {
    const looks = partiesOf(openLooks(state))
    if (state.packages.issued === 0 && looks === 0) return notApplicable('还没有提供任何信息', 'Nothing was provided yet')
    return found(
      [!isKeptThreeYears(state) && obstacle('PROVISION_RECORD_NOT_KEPT'), ...ofParties('PROVISION_NOT_RECORDED', openLooks(state).filter(({ value, hasEvidence }) => value.ground === 'none' || !hasEvidence))],
      [computed(`账本记有 ${state.packages.issued} 个移交包、${looks} 个外方查看的日期、数量、目的、接收方和种类`, `The ledger has date, scale, purpose, recipient and categories of ${state.packages.issued} packages and of the looks of ${looks} outsiders`), state.transferorSurvives ? undefined : byFact(state, 'custody-deed-signed')],
    )
  },
  F04: (state) => {
    const { open, ended, withoutProof, kept } = state.copies.processors
    // The same handler goes on with the same processors: their contracts neither end nor change because of the deal (register §0, 1), so a copy may stay; H03 asks why each is kept.
    const handlerStays = state.type === 'share-transfer' || state.type === 'reorganisation'
    const listed = factOf(state, 'inventory-signed-off')?.value.processorsListed === true
    if (open + ended === 0) return listed ? notApplicable('清单确认没有受托方持有副本', 'The signed inventory lists no copy at a processor') : found([obstacle('INVENTORY_NOT_SIGNED', { rule: 'F04' })])
    return found(
      [
        open > 0 && !handlerStays && obstacle('PROCESSOR_COPY_OPEN', { counts: { copies: open } }),
        withoutProof > (handlerStays ? kept : 0) && obstacle('PROCESSOR_WITHOUT_PROOF', { counts: { copies: withoutProof - (handlerStays ? kept : 0) } }),
      ],
      [handlerStays ? computed(`处理者不变:受托方继续 ${open + kept} 份,返还或删除 ${ended - kept} 份`, `The handler stays: ${open + kept} copies go on at processors, ${ended - kept} returned or deleted`) : computed(`受托方副本 ${ended} 份已返还或删除并有证明`, `${ended} copies at processors returned or deleted, with proof`)],
    )
  },
  F05: (state) => {
    if (!transfers(state) && openLooks(state).length === 0) return notApplicable('本事项不向其他处理者移交,也没有外方查看', 'This matter moves nothing to another handler, and no outsider looks')
    const reviewed = (state.facts['recipient-reviewed'] ?? []).findLast(({ value }) => value.reviewedOn <= state.today)?.value
    const isWeak = reviewed !== undefined && (reviewed.security === 'weak' || reviewed.integrity === 'weak' || reviewed.violations === 'not-checked')
    return found([reviewed === undefined && obstacle('RECIPIENT_NOT_REVIEWED'), isWeak && obstacle('RECIPIENT_WEAK')], [byFact(state, 'recipient-reviewed')])
  },
  F06: (state) => {
    const violation = factOf(state, 'recipient-violation')?.value
    if (violation === undefined) return notApplicable('没有登记接收方违法', 'No violation by the recipient is recorded')
    const steps = [violation.stopDemandedOn, violation.accessRevokedOn, violation.deletionDemandedOn]
    return found([steps.some((on) => on === null || on > state.today) && obstacle('VIOLATION_NOT_STOPPED')], [byFact(state, 'recipient-violation')])
  },
  F07: (state) => {
    if (state.type !== 'data-only' && factOf(state, 'sale-plan-approved')?.value.bareList !== true) return notApplicable('信息随业务转移,不是单独出售', 'The information moves with its business')
    return withPlan(state, 'F07', (plan) => {
      const { due, given } = plan.transfer.consents.transfer
      const without = Math.max(plan.transfer.records - given, due - given)
      const opinion = factOf(state, 'bulk-sale-counsel-opinion')
      return found(
        [
          without > 0 && obstacle('DATA_ONLY_SALE', { counts: { records: without } }),
          opinion === undefined && obstacle('BULK_SALE_OPINION_MISSING'),
          opinion !== undefined && (!supporting.includes(opinion.value.conclusion) || isObjectedTo(state, 'F07')) && obstacle('BULK_SALE_NOT_SUPPORTED'),
        ],
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
