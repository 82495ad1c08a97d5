// SPDX-License-Identifier: Apache-2.0
// A matter in which every rule is satisfied, to be bent by the tests of the gates.
import { addDays, dayOf } from '../../kit/time.ts'
import { exportRoute } from '../export-route.rules.ts'
import type { FactName, FactValue } from '../facts.ts'
import { transferorSurvives } from '../handler-changes.rules.ts'
import { nothingHappened } from '../duties.ts'
import { startOfDay } from '../duties-lines.rules.ts'
import { builtInLaw } from '../law-data.ts'
import { cautiousPositions } from '../legal-positions.ts'
import type { ConsentTally, DataSetState, FactsByName, MatterState, NoticeTally, PlanState, SignedFact } from '../matter-state.ts'
import type { MatterType } from '../nouns.ts'
import { dealCaseFacts, decidedPromises } from './deal.cases.ts'
import { standingCaseFacts, standingOf } from './standing.cases.ts'

/** The legal today of the tests. */
export const today = dayOf('2026-11-21')
const earlier = addDays(today, -10)
const digest = 'ab'.repeat(32)
/** The plan of the tests. */
export const planId = `pln_${'1'.repeat(32)}`
/** The data set of the tests. */
export const dataSetId = `ds_${'2'.repeat(32)}`

/** A signed fact of the tests. */
export function signed<N extends FactName>(name: N, value: FactValue<N>): SignedFact<N> {
  return { id: `fct_${'3'.repeat(32)}`, name, value, signerRole: 'transferor', recordedOn: earlier, hasEvidence: true }
}

/** All facts that a sale of a business needs. */
export const allFacts: FactsByName = {
  'deal-documents': [signed('deal-documents', { kind: 'contract', signedOn: earlier, shamSigns: 'none-found' }), signed('deal-documents', { kind: 'court-ruling', signedOn: earlier, nobodyTakesOver: true }), signed('deal-documents', { kind: 'resolution', signedOn: earlier })],
  'important-data-checked': [signed('important-data-checked', { answer: 'none-identified', checkedOn: earlier })],
  'sector-checked': [signed('sector-checked', { sectors: ['none'] })],
  'inventory-signed-off': [signed('inventory-signed-off', { allSystemsListed: true, paperListed: true, backupsListed: true, processorsListed: true, notReadSeen: 2 })],
  'grading-approved': [signed('grading-approved', { ruleSet: 'default-1' })],
  'sensitive-review': [signed('sensitive-review', { sampled: 50, corrected: 1 })],
  'age-presumption': [signed('age-presumption', { group: 'adult', reason: 'adult-only-service' })],
  'indirect-source-lawful': [signed('indirect-source-lawful', { dataSet: dataSetId, scopeKnown: true, supplier: 'contract-on-file' })],
  'basis-register': [signed('basis-register', { approvedOn: earlier })],
  'consent-evidence': [signed('consent-evidence', { dataSet: dataSetId, textVersions: 2, withdrawalsApplied: true })],
  'minimisation-approved': [signed('minimisation-approved', { plan: planId })],
  'child-assessment': [signed('child-assessment', { report: digest, assessedOn: earlier, by: 'self' })],
  'announcement-published': [signed('announcement-published', { publishedOn: addDays(today, -40), where: 'own-website', reason: 'no-working-contact' })],
  'guardian-consent-checked': [signed('guardian-consent-checked', { method: 'guardian-account', checked: 3 })],
  'transfer-agreement-signed': [signed('transfer-agreement-signed', { agreement: digest, signedOn: earlier, signedBy: ['transferor', 'transferee'], names: { purpose: true, method: true, scope: true, security: true } })],
  'successor-undertaking-signed': [signed('successor-undertaking-signed', { undertaking: digest, signedOn: earlier, samePurpose: true, accepts: { rights: true, retention: true, pendingRequests: true, optOuts: true } })],
  'export-route-done': [signed('export-route-done', { route: 'exempt', validUntil: addDays(today, 90) })],
  'disposal-plan-reported': [signed('disposal-plan-reported', { to: 'competent-department', level: 'provincial', reportedOn: earlier })],
  'restore-test-passed': [signed('restore-test-passed', { testedOn: earlier, backupEnds: addDays(today, 30) })],
  'access-revoked': [signed('access-revoked', { reviewedOn: earlier, accountsEnded: 4 })],
  'open-cases-handed-over': [signed('open-cases-handed-over', { cases: 1, list: digest })],
  'retention-map-approved': [signed('retention-map-approved', { approvedOn: earlier })],
  'hold-register-reviewed': [signed('hold-register-reviewed', { reviewedOn: earlier, openClaims: 0 })],
  'sector-hand-over': [signed('sector-hand-over', { sector: 'anti-money-laundering', way: 'designated-body', number: '银反洗〔2026〕1号', on: earlier }), signed('sector-hand-over', { sector: 'credit-reporting', way: 'destroyed-under-supervision', number: '银征〔2026〕2号', on: earlier })],
  'custody-deed-signed': [signed('custody-deed-signed', { holder: `pty_${'4'.repeat(32)}`, deed: digest, signedOn: earlier, until: null })],
  'books-handed-over': [signed('books-handed-over', { to: 'administrator', on: earlier, list: digest })],
  'stop-notice-given': [signed('stop-notice-given', { stoppedCollectingOn: earlier, toldOn: earlier, way: 'individually' })],
  'guardians-told': [signed('guardians-told', { toldOn: earlier, guardians: 3 })],
  'anonymisation-tested': [signed('anonymisation-tested', { report: digest, testedOn: earlier, keysDestroyed: true })],
  'accounting-appraisal': [signed('accounting-appraisal', { opinion: digest, list: digest, signedOn: earlier, unsettledPulledOut: true })],
  'archive-appraisal': [signed('archive-appraisal', { answer: 'no-archives-among-them', on: earlier })],
  'logs-archived': [signed('logs-archived', { from: addDays(today, -200), until: addDays(today, 200), holder: 'transferor' })],
  'bulk-sale-counsel-opinion': [signed('bulk-sale-counsel-opinion', { conclusion: 'supports' })],
  ...dealCaseFacts,
  ...standingCaseFacts,
}

/** All facts but one. */
export function without(name: FactName): FactsByName {
  return Object.fromEntries(Object.entries(allFacts).filter(([each]) => each !== name))
}

const delivered: NoticeTally = { due: 100, delivered: 95, announced: 5, bounced: 0, none: 0, waiting: 0 }
const given = (due: number): ConsentTally => ({ due, given: due, refused: 0, none: 0 })

const noConsents = { transfer: given(0), sensitive: given(0), guardian: given(0), export: given(0) }
/** Nothing waits to be moved. */
export const nothingWished: PlanState['wished'] = {
  records: 0, values: 0, persons: 0, sensitiveRecords: 0, under14: 0, consentBasedRecords: 0, notices: {}, consents: noConsents, openRequests: 0, held: 0, objected: 0, suppressed: 0, unneededValues: 0,
  unconfirmedSourceRecords: 0, unlawfulSourceRecords: 0, faceWithoutConsent: 0, contractWithoutAssent: 0, newUseBlocked: 0, childrenConsentedFor: 0,
}

const plan: PlanState = {
  id: planId, approved: true, stale: false, pendingValues: 0, waitingFor: {}, keptValues: 0, sealedValues: 30, sealedWithCustodian: 30,
  transfer: {
    records: 100, values: 900, persons: 90, sensitiveRecords: 10, under14: 3, consentBasedRecords: 40,
    notices: { art22: delivered, art23: delivered, art30: delivered, art31: delivered, art39: delivered },
    consents: { transfer: given(100), sensitive: given(10), guardian: given(3), export: given(40) },
    openRequests: 0, held: 0, objected: 0, suppressed: 0, unneededValues: 0, unconfirmedSourceRecords: 0, unlawfulSourceRecords: 0, faceWithoutConsent: 0, contractWithoutAssent: 0, newUseBlocked: 0, childrenConsentedFor: 3,
  },
  wished: nothingWished,
  destruction: { records: 20, values: 80, anonymisedValues: 5, under14: 1, held: 0, openRequests: 0, retentionRunning: { accounting: 0, tax: 0, platform: 0, antiMoneyLaundering: 0, other: 0 }, retentionUnassigned: 0, accountingExpired: 7 },
}

const dataSet: DataSetState = {
  id: dataSetId, records: 120, values: 1010, holdsPersons: true, collected: 'indirect', consentBased: true, publicBased: true, fields: 9, fieldsUnclassified: 0, fieldsWithoutBasis: 0,
  fieldsWithoutPurpose: 0, fieldsWithoutRecordsClass: 0, accounting: true, platform: true, antiMoneyLaundering: true, holdsFaces: false,
}

/** Going abroad below every threshold, with the exemption recorded. */
export function goingAbroad(): NonNullable<MatterState['exportRoute']> {
  const nobody = { persons: 0, sensitive: 0 }
  const counts = { year: 2026, planned: { persons: 90, sensitive: 0 }, undecided: nobody, otherMatters: nobody, seen: nobody, elsewhere: nobody }
  const result = exportRoute({ counts, ciio: false, exemption: 'none', importantData: 'none-identified' })
  return { recipients: 1, viewers: 0, counts, result, done: { route: 'exempt', number: null, hasDocument: true, validUntil: addDays(today, 90) } }
}

/** A matter of this type in which every rule that applies is satisfied. */
export function stateOf(type: MatterType, change: Partial<MatterState> = {}): MatterState {
  const ends = type === 'dissolution' || type === 'bankruptcy' || type === 'stop-product'
  // What ends without a successor is destroyed by now (J10); only anonymous values are left.
  const destroyed = { ...plan.destruction, records: 1, values: 5 }
  const endingPlan: PlanState = { ...plan, transfer: { ...plan.transfer, values: 0, records: 0 }, ...(type === 'stop-product' ? {} : { destruction: destroyed }) }
  return {
    law: builtInLaw, dutyEvents: nothingHappened(startOfDay(today)), matterId: 'mat_test', type, today, positions: cautiousPositions, successor: !ends, transferorSurvives: transferorSurvives(type), receiverChangesPurpose: false,
    parties: [{ id: 'a', role: 'transferor', overseas: false, wordsConfirmed: true }, { id: 'b', role: 'transferee', overseas: true, wordsConfirmed: true }],
    counts: { countedOn: earlier, stale: false, persons: 110, sensitive: 12, under14: 3, under18: 5, unknownAge: 6, face: 0 },
    dataSets: [dataSet], notRead: 2, facts: allFacts, plan: ends ? endingPlan : plan,
    packages: { issued: 1, withoutAcceptance: 0, withDifferences: 0, withoutReconciliation: 0 },
    copies: { open: 0, openByKind: {}, residualOpen: 0, residualDue: null, outOfReach: 0, diligenceOpen: 0, processors: { open: 0, ended: 1, withoutProof: 0, kept: 0 } }, books: { pending: 0, inTransit: 0, balanced: true },
    certificates: { pending: 0, final: 1 }, suppression: { ready: true, entries: 9 }, openHolds: 0, holdOrders: 0, openRequests: 0, witnesses: { needed: 2, confirmed: 2 }, overrides: [], quality: { certificates: 1, rowsWithFindings: 4 }, askedAgain: 0, impactChanges: [], assessedOn: [addDays(today, -70)], exportRoute: goingAbroad(), abroadAnswered: true,
    ...standingOf(type), promises: decidedPromises, ...change,
  }
}

/** The state with a bent plan. */
export function withPlanOf(type: MatterType, bend: { plan?: Partial<PlanState>; transfer?: Partial<PlanState['transfer']>; destruction?: Partial<PlanState['destruction']> }): MatterState {
  const state = stateOf(type)
  const base = state.plan ?? plan
  return { ...state, plan: { ...base, ...bend.plan, transfer: { ...base.transfer, ...bend.transfer }, destruction: { ...base.destruction, ...bend.destruction } } }
}

/** The state with bent data sets. */
export function withDataSet(type: MatterType, bend: Partial<DataSetState>): MatterState {
  return stateOf(type, { dataSets: [{ ...dataSet, ...bend }] })
}

/** One notice's tally of 100 records of which some stand elsewhere. */
export function tally(bend: Partial<NoticeTally>): NoticeTally {
  return { ...delivered, announced: 0, delivered: 100 - (bend.bounced ?? 0) - (bend.none ?? 0) - (bend.announced ?? 0), ...bend }
}
