// SPDX-License-Identifier: Apache-2.0
// The stop and main rows of the decision table as code; their order, types of matter and citations stand in law/decisions.json.
import type { DecisionFacts, VerdictFlag } from './decision-facts.ts'
import type { LegalPositions } from './legal-positions.ts'
import type { ChoiceKind, MatterType, NoticeKind } from './nouns.ts'
import { runningRetention } from './retention.rules.ts'

/** What a row wants to happen, before gates and the retention check. */
export type Wish =
  | { act: 'freeze' | 'to-designated-body' | 'stay'; flags?: readonly VerdictFlag[] }
  /** End it: sealed while a retention duty runs, else destroyed, or anonymised where the row allows it. */
  | { act: 'remove'; mayAnonymise: boolean; flags?: readonly VerdictFlag[] }
  /** Do not move it: kept where the transferor goes on serving, else as `remove`. */
  | { act: 'withhold'; flags?: readonly VerdictFlag[] }
  | { act: 'transfer'; notices: readonly NoticeKind[]; consents: readonly ChoiceKind[]; flags?: readonly VerdictFlag[] }

/** One row: when it matches, what it wants, and whether it may only be tried when basis, age, purpose and class are known (row X28). */
export interface TableRow {
  needsKnown: boolean
  when(facts: DecisionFacts, positions: LegalPositions): boolean
  wish(facts: DecisionFacts, positions: LegalPositions): Wish
}

/** The age group that counts: the recorded one, else the presumption a named person signed (CONTRACTS §17). */
export function countedAge(facts: DecisionFacts): DecisionFacts['ageGroup'] {
  return facts.ageGroup === 'unknown' ? (facts.agePresumption ?? 'unknown') : facts.ageGroup
}

/** Whether somebody receives the business: everywhere but in a stop and in a dissolution or bankruptcy without successor. */
export function hasRecipient(facts: DecisionFacts): boolean {
  if (facts.matterType === 'stop-product') return false
  return endsCompany(facts.matterType) ? facts.successor : true
}

/** Dissolution or bankruptcy (DISSOLVE, BANKRUPT of the register). */
export function endsCompany(type: MatterType): boolean {
  return type === 'dissolution' || type === 'bankruptcy'
}

const isUnder14 = (facts: DecisionFacts) => countedAge(facts) === 'under14'
const isContractual = (facts: DecisionFacts) => facts.basis === 'contract' || facts.basis === 'human-resources'

/** Whether the group counts as sensitive: by grade, as biometric, or because all information of a child under 14 is (PIPL 28). */
export function isSensitive(facts: DecisionFacts): boolean {
  return facts.grade === 'sensitive' || facts.biometric !== 'none' || isUnder14(facts)
}

/** Whether the transfer of this matter is under Article 22 (notice of the successor) rather than Article 23 (provision to another handler). */
export function isArticle22(facts: Pick<DecisionFacts, 'matterType'>, positions: LegalPositions): boolean {
  if (facts.matterType === 'data-only') return false
  return facts.matterType === 'asset-transfer' ? positions.asset_deal === 'art22' : true
}

/** A transfer with the notices its facts ask for (PIPL 22 or 23, 30, 31, 39), the given consents, and the consent to going abroad. */
function transfer(facts: DecisionFacts, positions: LegalPositions, given: readonly ChoiceKind[], flags: readonly VerdictFlag[] = []): Wish {
  const notices: NoticeKind[] = [isArticle22(facts, positions) ? 'art22' : 'art23']
  if (isSensitive(facts)) notices.push('art30')
  if (isUnder14(facts)) notices.push('art31')
  if (facts.overseas) notices.push('art39')
  const consents = needsExportConsent(facts, given) ? [...given, 'agree-export' as const] : given
  const newUse: VerdictFlag[] = facts.receiverChangesPurpose ? [consents.includes('agree-transfer') ? 'consent-must-name-new-use' : 'new-use-blocked'] : []
  return { act: 'transfer', notices, consents, flags: [...flags, ...newUse] }
}

/** 出境单独同意 (PIPL 39; CAC 问答 2026-07; rule G02): asked where consent is the basis, and not on the bases of Article 13(1)(2)–(7), where the notice stays. Where the hand-over itself rests on separate consent whatever the old basis (X08, X14), going abroad does too: the register is silent there, this is the cautious reading (J). */
function needsExportConsent(facts: DecisionFacts, given: readonly ChoiceKind[]): boolean {
  return facts.overseas && (facts.basis === 'consent' || given.includes('agree-transfer'))
}

/** Separate consent to the transfer and, as a second choice on the same page, to sensitive information (PIPL 23, 29); the guardian's for a child. */
function separateConsents(facts: DecisionFacts): ChoiceKind[] {
  return ['agree-transfer', ...(isSensitive(facts) ? ['agree-sensitive' as const] : []), ...(isUnder14(facts) ? ['agree-guardian' as const] : [])]
}

/** Consents on a succession: none by default, for sensitive information under the stricter position (rule X20). */
function successionConsents(facts: DecisionFacts, positions: LegalPositions): ChoiceKind[] {
  return isSensitive(facts) && positions.merger_sensitive === 'separate_consent' ? ['agree-sensitive'] : []
}

const isDeletion = (facts: DecisionFacts) => facts.holdsPersons && (facts.deletionRequested || (facts.withdrawn && (facts.basis === 'consent' || facts.basis === 'unknown')))
const mustStillBeKept = (facts: DecisionFacts) => facts.retention !== null && runningRetention(facts.retention, facts.today).length > 0
const purposeIsOver = (facts: DecisionFacts) => facts.holdsPersons && ['met', 'expired', 'over-collected'].includes(facts.purposeState)
const isCutFromTransfer = (facts: DecisionFacts) => facts.handlerChanges && hasRecipient(facts) && !facts.neededForTransfer
const guardianMustConsent = (facts: DecisionFacts, positions: LegalPositions) =>
  isUnder14(facts) && (facts.basis === 'consent' || positions.merger_child === 'guardian_consent')

/** Row code by id; every stop and main row of law/decisions.json has one (a test compares them). */
export const decisionTable: Readonly<Record<string, TableRow>> = {
  X01: { needsKnown: false, when: (facts) => facts.hold, wish: () => ({ act: 'freeze', flags: ['frozen'] }) },
  X02: {
    needsKnown: false,
    when: (facts) => facts.holdsPersons && (facts.lawfulSource === 'unlawful' || facts.basis === 'none'),
    wish: () => ({ act: 'remove', mayAnonymise: false, flags: ['escalate'] }),
  },
  X03: { needsKnown: false, when: (facts) => facts.designatedBody, wish: () => ({ act: 'to-designated-body', flags: ['to-designated-body'] }) },
  X04: { needsKnown: false, when: (facts) => isDeletion(facts) && !mustStillBeKept(facts), wish: () => ({ act: 'remove', mayAnonymise: false }) },
  X05: { needsKnown: false, when: (facts) => isDeletion(facts) && mustStillBeKept(facts), wish: () => ({ act: 'remove', mayAnonymise: false }) },
  X06: {
    needsKnown: false,
    when: (facts) => purposeIsOver(facts) || isCutFromTransfer(facts),
    wish: (facts) => (purposeIsOver(facts) ? { act: 'remove', mayAnonymise: true } : { act: 'withhold' }),
  },
  X07: {
    needsKnown: false,
    when: (facts) => (facts.matterType === 'stop-product' ? facts.stays : !facts.handlerChanges),
    wish: (facts) => ({ act: 'stay', flags: facts.objected ? ['reply-with-reasons'] : [] }),
  },
  X08: {
    needsKnown: true,
    when: (facts) => facts.holdsPersons,
    wish: (facts, positions) => (facts.removal === 'anonymise' ? { act: 'remove', mayAnonymise: true, flags: ['escalate'] } : transfer(facts, positions, separateConsents(facts), ['escalate'])),
  },
  X09: { needsKnown: true, when: (facts) => facts.holdsPersons && isUnder14(facts), wish: () => ({ act: 'remove', mayAnonymise: false, flags: ['tell-guardian'] }) },
  X10: { needsKnown: true, when: () => true, wish: () => ({ act: 'remove', mayAnonymise: true }) },
  X31: { needsKnown: true, when: (facts) => !facts.holdsPersons, wish: () => ({ act: 'transfer', notices: [], consents: [] }) },
  X11: {
    needsKnown: true,
    when: (facts, positions) => guardianMustConsent(facts, positions) && facts.biometric !== 'face',
    wish: (facts, positions) => (facts.objected ? { act: 'withhold', flags: ['reply-with-reasons'] } : transfer(facts, positions, ['agree-guardian'], ['tell-guardian'])),
  },
  X12: { needsKnown: true, when: (facts) => facts.objected, wish: () => ({ act: 'withhold', flags: ['reply-with-reasons'] }) },
  X13: {
    needsKnown: true,
    when: (facts, positions) => facts.objected && positions.objection_in_merger !== 'no_veto',
    wish: (facts, positions) =>
      positions.objection_in_merger === 'minimum_for_contract_only' && facts.neededForContract && (isContractual(facts) || facts.basis === 'legal-duty')
        ? transfer(facts, positions, successionConsents(facts, positions), ['reply-with-reasons'])
        : { act: 'withhold', flags: ['reply-with-reasons'] },
  },
  X30: { needsKnown: true, when: (facts) => facts.biometric === 'face', wish: wishForFaces },
  X14: { needsKnown: true, when: (facts) => facts.biometric !== 'none', wish: (facts, positions) => transfer(facts, positions, separateConsents(facts)) },
  X15: {
    needsKnown: true,
    when: (facts) => facts.basis === 'consent',
    wish: (facts, positions) => transfer(facts, positions, isArticle22(facts, positions) ? successionConsents(facts, positions) : separateConsents(facts)),
  },
  X16: { needsKnown: true, when: (facts) => isContractual(facts) && facts.contractAssent, wish: (facts, positions) => transfer(facts, positions, []) },
  X17: { needsKnown: true, when: (facts) => isContractual(facts) || facts.basis === 'legal-duty', wish: () => ({ act: 'withhold' }) },
  X18: {
    needsKnown: true,
    when: (facts) => ['public', 'other-law', 'emergency', 'news'].includes(facts.basis),
    wish: (facts, positions) => (facts.majorEffect ? { act: 'withhold' } : transfer(facts, positions, [])),
  },
  X19: {
    needsKnown: true,
    when: (facts) => facts.receiverChangesPurpose,
    wish: (facts, positions) => (facts.onlyForNewPurpose ? { act: 'withhold' } : transfer(facts, positions, successionConsents(facts, positions))),
  },
  X20: { needsKnown: true, when: isSensitive, wish: (facts, positions) => transfer(facts, positions, successionConsents(facts, positions)) },
  X21: { needsKnown: true, when: () => true, wish: (facts, positions) => transfer(facts, positions, []) },
}

/** X30: enrol anew by default; over a network only with separate consent; a device handed over with its store by notice, where consent is not the basis. */
function wishForFaces(facts: DecisionFacts, positions: LegalPositions): Wish {
  if (facts.faceRoute === 'enrol-anew') return { act: 'withhold', flags: ['enrol-anew'] }
  const needsConsent = facts.faceRoute === 'separate-consent' || (facts.basis === 'consent' && !isArticle22(facts, positions))
  if (needsConsent) return transfer(facts, positions, separateConsents(facts))
  return transfer(facts, positions, guardianMustConsent(facts, positions) ? ['agree-guardian'] : successionConsents(facts, positions))
}
