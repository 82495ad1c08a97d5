// SPDX-License-Identifier: Apache-2.0
// A 受理与事实: what kind of deal it is, how many persons, which special regimes.
import type { MatterType } from '../nouns.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { obstacle } from '../obstacles.ts'
import type { FactValue } from '../facts.ts'
import { byFact, computed, factOf, found, type GateRule } from './gate.ts'

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

/** Rules A01–A04 and A06. */
export const gatesA = {
  A01: (state) => {
    const documents = state.facts['deal-documents'] ?? []
    const fitting: readonly DealDocument[] = fittingDocuments[state.type]
    const fits = documents.some((fact) => fitting.includes(fact.value.kind) && fact.value.signedOn <= state.today)
    const isShare = state.type === 'share-transfer'
    return found(
      [
        documents.length === 0 && obstacle('NO_DEAL_DOCUMENTS'),
        documents.length > 0 && !fits && obstacle('DOCUMENT_DOES_NOT_FIT', { facts: { type: state.type } }),
        isShare && documents.every((fact) => fact.value.shamSigns === undefined) && obstacle('SHAM_SIGNS_NOT_REVIEWED'),
      ],
      [byFact(state, 'deal-documents')],
    )
  },
  A02: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED')])
    const { persons, countedOn, stale } = state.counts
    return found([stale && obstacle('COUNT_STALE', { facts: { on: countedOn } })], [computed(`${countedOn} 去重统计自然人 ${persons}`, `${persons} natural persons counted on ${countedOn}`)])
  },
  A03: (state) => {
    if (state.counts === null) return found([obstacle('PERSONS_NOT_COUNTED', { rule: 'A03' })])
    const { tier } = sizeTier(state.counts.persons)
    return found([], [computed(`规模档 ${tierWords[tier]}(含本数)`, `size tier ${tier} (thresholds include the number)`)])
  },
  A04: (state) => found([factOf(state, 'important-data-checked') === undefined && obstacle('IMPORTANT_DATA_NOT_CHECKED')], [byFact(state, 'important-data-checked')]),
  A06: (state) => found([factOf(state, 'sector-checked') === undefined && obstacle('SECTOR_NOT_CHECKED')], [byFact(state, 'sector-checked')]),
} as const satisfies Record<string, GateRule>

const tierWords = { small: '小型(不满10万人)', normal: '一般', dpo: '100万人以上', mass: '1000万人以上' } as const
