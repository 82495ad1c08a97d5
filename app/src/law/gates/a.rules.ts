// SPDX-License-Identifier: Apache-2.0
// A 受理与事实: what kind of deal it is, how many persons, which special regimes.
import type { MatterType } from '../nouns.ts'
import { endsCompany } from '../decision-table.rules.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { obstacle } from '../obstacles.ts'
import type { FactValue } from '../facts.ts'
import { byFact, computed, factOf, found, notApplicable, whenDeclared, type GateRule } from './gate.ts'

type DealDocument = FactValue<'deal-documents'>['kind']

/** Which documents can stand behind which type of matter (公司法 218–242; 企业破产法). */
export const fittingDocuments = {
  'share-transfer': ['contract'],
  reorganisation: ['court-ruling'],
  'asset-transfer': ['contract', 'court-ruling'],
  'data-only': ['contract'],
  'merger-absorb': ['merger-agreement', 'resolution'],
  'merger-new': ['merger-agreement', 'resolution'],
  'split-survive': ['split-agreement', 'resolution'],
  'split-new': ['split-agreement', 'resolution'],
  dissolution: ['dissolution-decision', 'resolution', 'court-ruling'],
  bankruptcy: ['court-ruling'],
  'stop-product': ['resolution'],
} as const satisfies Record<MatterType, readonly DealDocument[]>

/** Rules A01–A08. */
export const gatesA = {
  A01: (state) => {
    const documents = state.facts['deal-documents'] ?? []
    const fitting: readonly DealDocument[] = fittingDocuments[state.type]
    const fits = documents.some((fact) => fitting.includes(fact.value.kind) && fact.value.signedOn <= state.today)
    const isShare = state.type === 'share-transfer'
    return found(
      [
        documents.length === 0 && obstacle('NO_DEAL_DOCUMENTS'),
        documents.length > 0 && !fits && obstacle('DOCUMENT_DOES_NOT_FIT', { facts: { fitting: fitting.join('、') } }),
        isShare && documents.every((fact) => fact.value.shamSigns === undefined) && obstacle('SHAM_SIGNS_NOT_REVIEWED'),
        // A default that nobody looked at would destroy what a buyer has paid for.
        endsCompany(state.type) && !state.successor && state.parties.some(({ role }) => role === 'transferee') && !documents.some(({ value }) => value.nobodyTakesOver) && obstacle('SUCCESSOR_NOT_STATED'),
      ],
      [byFact(state, 'deal-documents'), isShare ? computed('股权转让:处理者不变,外方查看仍是提供(见 C01)', 'share transfer: the handler stays; what outsiders see is provision all the same (see C01)') : undefined],
    )
  },
  A02: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED')])
    const { persons, countedOn, stale } = state.counts
    return found([stale && obstacle('COUNT_STALE', { facts: { on: countedOn } })], [computed(`${state.today} 持有自然人 ${persons} 名(主体 ${countedOn} 归并)`, `${persons} natural persons held on ${state.today} (who is one person: as resolved on ${countedOn})`)])
  },
  A03: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'A03' })])
    const { tier } = sizeTier(state.counts.persons)
    return found([], [computed(`规模档 ${tierWords[tier]}(含本数)`, `size tier ${tier} (thresholds include the number)`)])
  },
  A04: (state) => found([factOf(state, 'important-data-checked') === undefined && obstacle('IMPORTANT_DATA_NOT_CHECKED')], [byFact(state, 'important-data-checked')]),
  A05: (state) =>
    whenDeclared(state, {
      circumstance: 'ciio', rule: 'A05', without: { zh: '转让方不是关键信息基础设施运营者', en: 'The transferor operates no critical information infrastructure' },
      with: () => {
        const reported = factOf(state, 'ciio-reported')
        const isReported = reported !== undefined && reported.value.reportedOn <= state.today
        return found([!isReported && obstacle('CIIO_NOT_REPORTED'), isReported && !reported.value.instructionsFollowed && obstacle('CIIO_INSTRUCTIONS_OPEN')], [byFact(state, 'ciio-reported')])
      },
    }),
  // Naming a sector switches nothing on: who may receive, the approval and the periods have to be said for each, with the licence behind it.
  A06: (state) => {
    const checked = factOf(state, 'sector-checked')
    if (checked === undefined) return found([obstacle('SECTOR_NOT_CHECKED')])
    const { sectors, overlay = [] } = checked.value
    const regulated = sectors.filter((sector) => sector !== 'none')
    const bare = regulated.filter((sector) => !overlay.some((each) => each.sector === sector)).length
    const unapproved = overlay.filter(({ sector, approval }) => regulated.some((named) => named === sector) && approval === 'open').length
    const isUnmapped = regulated.includes('anti-money-laundering') && !state.dataSets.some(({ antiMoneyLaundering }) => antiMoneyLaundering)
    return found(
      [
        sectors.includes('none') && regulated.length > 0 && obstacle('SECTORS_CONTRADICT'),
        bare > 0 && obstacle('SECTOR_OVERLAY_MISSING', { counts: { sectors: bare } }),
        regulated.length > 0 && !checked.hasEvidence && obstacle('SECTOR_LICENCE_MISSING'),
        unapproved > 0 && obstacle('SECTOR_APPROVAL_OPEN', { counts: { sectors: unapproved } }),
        isUnmapped && obstacle('SECTOR_RETENTION_UNASSIGNED'),
      ],
      [byFact(state, 'sector-checked')],
    )
  },
  A07: (state) =>
    whenDeclared(state, {
      circumstance: 'broker', rule: 'A07', without: { zh: '没有中介撮合数据交易', en: 'No broker facilitates a deal in data' },
      with: () => found([!(state.facts['broker-reviewed'] ?? []).some((fact) => fact.value.reviewedOn <= state.today) && obstacle('BROKER_REVIEW_MISSING')], [byFact(state, 'broker-reviewed')]),
    }),
  A08: (state) => {
    const declared = factOf(state, 'circumstances-declared')
    if (declared === undefined) return found([obstacle('CIRCUMSTANCES_NOT_DECLARED', { rule: 'A08' })])
    const important = factOf(state, 'important-data-checked')?.value.answer
    const isConcerned = declared.value.foreignControl || declared.value.foreignListing || state.parties.some((party) => party.overseas && party.role !== 'transferor') || (important !== undefined && important !== 'none-identified')
    if (!isConcerned && important === undefined) return found([obstacle('IMPORTANT_DATA_NOT_CHECKED', { rule: 'A08' })]) // an open question is no "no"
    if (!isConcerned) return notApplicable('收购方不在境外,不涉重要数据和境外上市', 'No buyer abroad, no important data, no listing abroad')
    const opinion = factOf(state, 'security-review-opinion')
    return found([opinion === undefined && obstacle('SECURITY_REVIEW_OPINION_MISSING'), opinion?.value.answer === 'pending' && obstacle('SECURITY_REVIEW_PENDING')], [byFact(state, 'security-review-opinion')])
  },
} as const satisfies Record<string, GateRule>

const tierWords = { small: '小型(不满10万人)', normal: '一般', dpo: '100万人以上', mass: '1000万人以上' } as const
