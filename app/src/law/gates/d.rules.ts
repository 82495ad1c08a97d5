// SPDX-License-Identifier: Apache-2.0
// D 影响评估: assessed and approved before anything moves, with its three contents, kept, and no high risk without an owner.
import { addYears } from '../../kit/time.ts'
import type { MatterState, SignedFact } from '../matter-state.ts'
import type { MatterType } from '../nouns.ts'
import { obstacle } from '../obstacles.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { byFact, computed, factOf, found, notApplicable, transfers, whenTransferring, withPlan, type GateFinding, type GateRule } from './gate.ts'
import { looksBeforeAssessment, ofParties, openLooks } from './looks.rules.ts'

const contents = ['purpose-and-method', 'rights-and-risk', 'measures'] as const

/** Whether the law asks for an assessment: something is provided or entrusted (PIPL 55(3)), be it in the hand-over, to a custodian who takes sealed sets, to somebody who looks before it, or abroad; the kind of deal does not matter (register §0, 1). */
function whenAssessing(state: MatterState, ask: () => GateFinding): GateFinding {
  if (transfers(state) || toCustodian(state) || openLooks(state).length > 0 || state.exportRoute !== null) return ask()
  return notApplicable('本事项不向其他处理者或保管人移交,也没有外方看到可识别的信息', 'This matter moves nothing to another handler or a custodian, and no outsider sees anything identifiable')
}

/** Asks about the approved assessment; before there is one, D01 says so. */
function ofAssessment(state: MatterState, ask: (approved: SignedFact<'pia-approved'>) => GateFinding): GateFinding {
  return whenAssessing(state, () => {
    const approved = (state.facts['pia-approved'] ?? []).findLast((fact) => fact.value.approvedOn <= state.today)
    return approved === undefined ? notApplicable('影响评估尚未批准(见 D01)', 'No assessment is approved yet (see D01)') : ask(approved)
  })
}

/** Whether a custodian takes sealed sets: customers' information that goes to another handler, or is entrusted to one (D01). */
function toCustodian(state: MatterState): boolean {
  return (state.plan?.sealedWithCustodian ?? 0) > 0
}

/** Types in which one company takes over everything that another was, its duties to keep among it (民法典 67; 会计档案管理办法 22). */
const universal: readonly MatterType[] = ['merger-absorb', 'merger-new', 'split-new']

/** Whether somebody keeps for three years what must be kept so long: the transferor while it lives, a successor by law that has undertaken to, else a custodian by deed (D03, F03). */
export function isKeptThreeYears(state: MatterState): boolean {
  if (state.transferorSurvives) return true
  if (universal.includes(state.type) && factOf(state, 'successor-undertaking-signed')?.value.accepts !== undefined) return true
  const until = factOf(state, 'custody-deed-signed')?.value.until
  return until === null || (until !== undefined && until >= addYears(state.today, 3))
}

/** 剩余风险等级. */
const riskWords = { low: '低', medium: '中', high: '高', severe: '严重' } as const

/** Rules D01–D07. */
export const gatesD = {
  // Beforehand: once something has moved, what changed since is no question of this rule any more.
  D01: (state, step) =>
    whenAssessing(state, () => {
      const approved = (state.facts['pia-approved'] ?? []).some((fact) => fact.value.approvedOn <= state.today)
      return found([!approved && obstacle('PIA_MISSING'), approved && step !== 'close' && state.impactChanges.length > 0 && obstacle('PIA_STALE', { facts: { changed: state.impactChanges.join(', ') }, things: state.impactChanges.map((change) => (change === 'plan' ? `${change} ${state.plan?.id ?? ''}` : change)) }), ...ofParties('LOOKED_BEFORE_ASSESSMENT', looksBeforeAssessment(state))], [byFact(state, 'pia-approved')])
    }),
  D02: (state) => ofAssessment(state, ({ value }) => found([contents.some((content) => value.covers?.includes(content) !== true) && obstacle('PIA_CONTENT_INCOMPLETE')], [byFact(state, 'pia-approved')])),
  D03: (state) =>
    ofAssessment(state, ({ value }) => {
      const isLongEnough = value.keptUntil !== undefined && value.keptUntil >= addYears(value.approvedOn, 3)
      return found([(!isLongEnough || !isKeptThreeYears(state)) && obstacle('PIA_NOT_KEPT')], [computed(`报告保存至 ${value.keptUntil ?? ''}`, `the report is kept until ${value.keptUntil ?? ''}`), state.transferorSurvives ? undefined : byFact(state, 'custody-deed-signed')])
    }),
  D04: (state) =>
    ofAssessment(state, ({ value: { residualRisk: level, managementSigned } }) => {
      if (level === undefined) return found([obstacle('PIA_RISK_NOT_STATED')])
      const isHigh = level === 'high' || level === 'severe'
      return found([isHigh && managementSigned !== true && obstacle('PIA_RISK_NOT_OWNED', { facts: { level } })], [computed(`剩余风险 ${riskWords[level]}${isHigh ? ',管理层已签字' : ''}`, `residual risk ${level}${isHigh ? ', signed by the management' : ''}`)])
    }),
  D05: (state) =>
    whenAssessing(state, () => {
      const answer = factOf(state, 'important-data-checked')?.value.answer
      if (answer === undefined) return found([obstacle('IMPORTANT_DATA_NOT_CHECKED', { rule: 'D05' })])
      if (answer === 'none-identified') return notApplicable('不涉及重要数据', 'No important data')
      const assessed = (state.facts['important-data-assessment'] ?? []).findLast((fact) => fact.value.assessedOn <= state.today)
      return found([assessed === undefined && obstacle('IMPORTANT_DATA_NOT_ASSESSED'), assessed?.value.contractCanBind === false && obstacle('RECIPIENT_CANNOT_BE_BOUND')], [byFact(state, 'important-data-assessment')])
    }),
  D06: (state) =>
    whenTransferring(state, () =>
      withPlan(state, 'D06', (plan) => {
        if (plan.transfer.under14 === 0) return notApplicable('拟移交集里没有不满十四周岁的人', 'Nobody under 14 in the set to be transferred')
        const assessed = (state.facts['child-assessment'] ?? []).some((fact) => fact.value.assessedOn <= state.today)
        return found([!assessed && obstacle('CHILD_ASSESSMENT_MISSING', { counts: { persons: plan.transfer.under14 } })], [byFact(state, 'child-assessment')])
      }),
    ),
  // The simplified forms are a permission that is switched off until the official text of Order 25 is loaded: what can be wrong is that somebody used one.
  D07: (state) =>
    ofAssessment(state, ({ value }) => {
      if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'D07' })])
      if (sizeTier(state.counts.persons).tier !== 'small' && value.form !== 'simplified') return notApplicable('不是小型处理者', 'Not a small handler')
      return found([value.form === 'simplified' && obstacle('SIMPLIFIED_FORM_USED')], [computed('使用完整报告;简化表未启用(正文未核实)', 'The full report was used; the simplified forms are switched off (text not verified)')])
    }),
} as const satisfies Record<string, GateRule>
