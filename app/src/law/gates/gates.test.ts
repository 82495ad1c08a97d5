// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays } from '../../kit/time.ts'
import type { FactName, FactValue } from '../facts.ts'
import { rules } from '../law-data.ts'
import { cautiousPositions } from '../legal-positions.ts'
import type { CoveredCounts, GateOverride, MatterState } from '../matter-state.ts'
import { guardedSteps, matterTypes, type GuardedStep, type MatterType } from '../nouns.ts'
import { spellObstacle, type ObstacleCode } from '../obstacles.ts'
import { sizeTier } from '../size-tier.rules.ts'
import { askRule, gateFor, gateRules } from './gate-for.rules.ts'
import { lastChance, stopsStep } from './last-chance.rules.ts'
import { allFacts, dataSetId, goingAbroad, nothingWished, signed, stateOf, tally, today, withDataSet, without, withPlanOf } from './gates.cases.ts'

const sale: MatterType = 'asset-transfer'
const notices = (kind: 'art22' | 'art23' | 'art30' | 'art31' | 'art39', bend: Parameters<typeof tally>[0], type: MatterType = sale) =>
  withPlanOf(type, { transfer: { notices: { ...stateOf(type).plan?.transfer.notices, [kind]: tally(bend) } } })
const consents = (bend: Partial<NonNullable<MatterState['plan']>['transfer']['consents']>, type: MatterType = sale) => {
  const base = stateOf(type).plan?.transfer.consents
  if (base === undefined) throw new Error('no plan')
  return withPlanOf(type, { transfer: { consents: { ...base, ...bend } } })
}
const facts = (type: MatterType, name: Parameters<typeof without>[0]) => stateOf(type, { facts: without(name) })
const said = <N extends FactName>(type: MatterType, name: N, value: FactValue<N>): MatterState => stateOf(type, { facts: { ...allFacts, [name]: [signed(name, value)] } })
const noCopies: MatterState['copies'] = { ...stateOf(sale).copies, open: 0, openByKind: {} }
const parties = (transferee: { overseas: boolean; wordsConfirmed: boolean } | null) =>
  stateOf(sale, { parties: transferee === null ? [] : [{ id: 'b', role: 'transferee', ...transferee }] })

/** Each rule with states in which it must find exactly this obstacle (among others of its own). */
const unmet: [rule: string, step: GuardedStep, code: ObstacleCode, state: MatterState, counts?: Record<string, number>][] = [
  ['A01', 'plan', 'NO_DEAL_DOCUMENTS', facts(sale, 'deal-documents')],
  ['A01', 'plan', 'DOCUMENT_DOES_NOT_FIT', stateOf('merger-new', { facts: { ...allFacts, 'deal-documents': [signed('deal-documents', { kind: 'contract', signedOn: today })] } })],
  ['A01', 'plan', 'DOCUMENT_DOES_NOT_FIT', stateOf(sale, { facts: { ...allFacts, 'deal-documents': [signed('deal-documents', { kind: 'contract', signedOn: addDays(today, 1) })] } })],
  ['A01', 'plan', 'SUCCESSOR_NOT_STATED', said('dissolution', 'deal-documents', { kind: 'dissolution-decision', signedOn: today })],
  ['A01', 'destroy', 'SUCCESSOR_NOT_STATED', said('bankruptcy', 'deal-documents', { kind: 'court-ruling', signedOn: today })],
  ['A01', 'plan', 'SHAM_SIGNS_NOT_REVIEWED', stateOf('share-transfer', { facts: { ...allFacts, 'deal-documents': [signed('deal-documents', { kind: 'contract', signedOn: today })] } })],
  ['A02', 'plan', 'PERSONS_NOT_COUNTED', stateOf(sale, { counts: null })],
  ['A02', 'close', 'COUNT_STALE', stateOf(sale, { counts: { countedOn: today, stale: true, persons: 1, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 } })],
  ['A03', 'plan', 'PERSONS_NOT_COUNTED', stateOf(sale, { counts: null })],
  ['A04', 'plan', 'IMPORTANT_DATA_NOT_CHECKED', facts(sale, 'important-data-checked')],
  ['A06', 'plan', 'SECTOR_NOT_CHECKED', facts(sale, 'sector-checked')],
  ['B01', 'plan', 'NOTHING_DISCOVERED', stateOf(sale, { dataSets: [] })],
  ['B01', 'plan', 'INVENTORY_NOT_SIGNED', facts(sale, 'inventory-signed-off')],
  ['B01', 'plan', 'INVENTORY_NOT_SIGNED', stateOf(sale, { facts: { ...allFacts, 'inventory-signed-off': [signed('inventory-signed-off', { allSystemsListed: true, paperListed: false, backupsListed: true, processorsListed: true, notReadSeen: 9 })] } })],
  ['B01', 'plan', 'NOT_READ_OPEN', stateOf(sale, { notRead: 3 }), { places: 3, seen: 2 }],
  ['B02', 'plan', 'GRADING_NOT_APPROVED', facts(sale, 'grading-approved')],
  ['B03', 'plan', 'FIELD_UNCLASSIFIED', withDataSet(sale, { fieldsUnclassified: 2 }), { fields: 2 }],
  ['B03', 'plan', 'SENSITIVE_REVIEW_MISSING', facts(sale, 'sensitive-review')],
  ['B04', 'plan', 'AGE_UNKNOWN', facts(sale, 'age-presumption'), { persons: 6 }],
  ['B05', 'pack', 'SOURCE_UNCONFIRMED', facts(sale, 'indirect-source-lawful'), { dataSets: 1 }],
  ['B05', 'pack', 'SOURCE_UNCONFIRMED', stateOf(sale, { dataSets: [...stateOf(sale).dataSets, ...withDataSet(sale, { id: `ds_${'9'.repeat(32)}`, collected: 'unknown' }).dataSets] }), { dataSets: 1 }],
  ['B05', 'pack', 'UNLAWFUL_SOURCE', withPlanOf(sale, { transfer: { unlawfulSourceRecords: 4 } }), { records: 4 }],
  ['B06', 'plan', 'BASIS_UNKNOWN', withDataSet(sale, { fieldsWithoutBasis: 3 }), { fields: 3 }],
  ['B06', 'plan', 'PURPOSE_UNKNOWN', withDataSet(sale, { fieldsWithoutPurpose: 1 }), { fields: 1 }],
  ['B06', 'plan', 'BASIS_REGISTER_NOT_APPROVED', facts(sale, 'basis-register')],
  ['B07', 'pack', 'CONSENT_EVIDENCE_MISSING', facts(sale, 'consent-evidence'), { dataSets: 1 }],
  ['B08', 'pack', 'UNNEEDED_IN_TRANSFER', withPlanOf(sale, { transfer: { unneededValues: 8 } }), { values: 8 }],
  ['B08', 'pack', 'MINIMISATION_NOT_APPROVED', withPlanOf(sale, { plan: { id: `pln_${'8'.repeat(32)}` } })],
  ['B08', 'pack', 'PLAN_MISSING', stateOf(sale, { plan: null })],
  ['B08', 'pack', 'PLAN_STALE', withPlanOf(sale, { plan: { stale: true } })],
  ['B11', 'pack', 'SUPPRESSION_LIST_MISSING', stateOf(sale, { suppression: { ready: false, entries: 0 } })],
  ['B11', 'pack', 'SUPPRESSED_IN_TRANSFER', withPlanOf(sale, { transfer: { suppressed: 2 } }), { records: 2 }],
  ['D01', 'pack', 'PIA_MISSING', facts(sale, 'pia-approved')],
  ['D01', 'pack', 'PIA_MISSING', stateOf(sale, { facts: { ...allFacts, 'pia-approved': [signed('pia-approved', { report: 'ab'.repeat(32), approvedOn: addDays(today, 1) })] } })],
  ['D06', 'pack', 'CHILD_ASSESSMENT_MISSING', facts(sale, 'child-assessment'), { persons: 3 }],
  ['E01', 'pack', 'NOTICE_MISSING', notices('art22', { none: 2 }, 'merger-new'), { records: 2 }],
  ['E01', 'pack', 'NOTICE_MISSING', notices('art22', { delivered: 90 }, 'merger-new'), { records: 10 }],
  ['E01', 'pack', 'NOTICE_BOUNCED', notices('art22', { bounced: 4 }, 'split-survive'), { records: 4 }],
  ['E01', 'pack', 'NOTICE_WAIT_RUNNING', notices('art22', { waiting: 100 }, 'merger-absorb'), { records: 100 }],
  ['E01', 'pack', 'ANNOUNCEMENT_NOT_RECORDED', facts('merger-absorb', 'announcement-published'), { records: 5 }],
  ['E01', 'pack', 'ANNOUNCEMENT_NOT_ACCEPTED', stateOf('merger-absorb', { positions: { ...cautiousPositions, announcement_ok: 'no' } }), { records: 5 }],
  ['E01', 'pack', 'TRANSFEREE_UNKNOWN', stateOf('merger-absorb', { parties: [] })],
  ['E01', 'pack', 'NOTICE_MISSING', { ...notices('art22', { none: 1 }), positions: { ...cautiousPositions, asset_deal: 'art22' } }, { records: 1 }],
  ['E02', 'pack', 'NOTICE_MISSING', notices('art23', { none: 1 }), { records: 1 }],
  ['E02', 'pack', 'CONSENT_MISSING', consents({ transfer: { due: 40, given: 38, refused: 0, none: 2 } }), { records: 2 }],
  ['E02', 'pack', 'CONSENT_MISSING', consents({ transfer: { due: 40, given: 30, refused: 0, none: 0 } }), { records: 10 }],
  ['E02', 'pack', 'CONSENT_REFUSED', consents({ transfer: { due: 40, given: 39, refused: 1, none: 0 } }), { records: 1 }],
  ['E02', 'pack', 'SENSITIVE_CONSENT_MISSING', consents({ sensitive: { due: 4, given: 3, refused: 0, none: 1 } }), { records: 1 }],
  ['E02', 'pack', 'SEPARATE_CONSENT_TEXT_MISSING', facts(sale, 'separate-consent-text-approved')],
  ['E04', 'pack', 'NOTICE_MISSING', notices('art30', { none: 1 }), { records: 1 }],
  ['E08', 'pack', 'GUARDIAN_CONSENT_MISSING', consents({ guardian: { due: 3, given: 2, refused: 0, none: 1 } }), { records: 1 }],
  ['E08', 'pack', 'NOTICE_MISSING', notices('art31', { none: 1 }), { records: 1 }],
  ['E08', 'pack', 'GUARDIANSHIP_NOT_CHECKED', facts(sale, 'guardian-consent-checked')],
  ['F01', 'pack', 'AGREEMENT_MISSING', facts(sale, 'transfer-agreement-signed')],
  ['F01', 'pack', 'AGREEMENT_MISSING', stateOf(sale, { facts: { ...allFacts, 'transfer-agreement-signed': [signed('transfer-agreement-signed', { agreement: 'ab'.repeat(32), signedOn: today, signedBy: ['transferor', 'custodian'], names: { purpose: true, method: true, scope: true, security: true } })] } })],
  ['F02', 'pack', 'UNDERTAKING_MISSING', facts('merger-absorb', 'successor-undertaking-signed')],
  ['F02', 'pack', 'UNDERTAKING_CHANGES_PURPOSE', stateOf('merger-absorb', { facts: { ...allFacts, 'successor-undertaking-signed': [signed('successor-undertaking-signed', { undertaking: 'ab'.repeat(32), signedOn: today, samePurpose: false })] } })],
  ['F07', 'pack', 'DATA_ONLY_SALE', consents({ transfer: { due: 100, given: 99, refused: 0, none: 1 } }, 'data-only'), { records: 1 }],
  ['F07', 'pack', 'BULK_SALE_OPINION_MISSING', facts('data-only', 'bulk-sale-counsel-opinion')],
  ['G01', 'pack', 'EXPORT_ROUTE_MISSING', stateOf(sale, { exportRoute: { ...goingAbroad(), done: null } })],
  ['G01', 'pack', 'EXPORT_ROUTE_EXPIRED', stateOf(sale, { today: addDays(today, 91) })],
  ['G02', 'pack', 'NOTICE_MISSING', notices('art39', { none: 1 }), { records: 1 }],
  ['H01', 'pack', 'DISPOSAL_PLAN_NOT_REPORTED', stateOf('merger-new', { facts: without('disposal-plan-reported'), counts: { countedOn: today, stale: false, persons: 10_000_000, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 } })],
  ['H01', 'pack', 'DISPOSAL_PLAN_NOT_REPORTED', stateOf('bankruptcy', { facts: { ...without('disposal-plan-reported'), 'important-data-checked': [signed('important-data-checked', { answer: 'identified-not-notified', checkedOn: today })] } })],
  ['H01', 'pack', 'IMPORTANT_DATA_NOT_CHECKED', facts('merger-new', 'important-data-checked')],
  ['H02', 'pack', 'PARTY_NOT_CONFIRMED', parties({ overseas: false, wordsConfirmed: false }), { parties: 1 }],
  ['H02', 'pack', 'TRANSFEREE_UNKNOWN', parties(null)],
  ['H02', 'pack', 'FACE_IN_TRANSFER', withPlanOf(sale, { transfer: { faceWithoutConsent: 1 } }), { records: 1 }],
  ['H03', 'reconcile', 'BOOKS_UNBALANCED', stateOf(sale, { books: { pending: 0, inTransit: 5, balanced: false } })],
  ['H03', 'close', 'VALUES_PENDING', stateOf(sale, { books: { pending: 1, inTransit: 0, balanced: true } }), { values: 1 }],
  ['H03', 'close', 'VALUES_IN_TRANSIT', stateOf(sale, { books: { pending: 0, inTransit: 5, balanced: true } }), { values: 5 }],
  ['H03', 'close', 'RECONCILIATION_UNSIGNED', stateOf(sale, { packages: { issued: 2, withoutAcceptance: 0, withDifferences: 0, withoutReconciliation: 1 } }), { packages: 1 }],
  ['H03', 'close', 'COPIES_OPEN', stateOf(sale, { copies: { open: 2, openByKind: { backup: 2 }, residualOpen: 0, residualDue: null, outOfReach: 0, diligenceOpen: 0, processors: { open: 0, ended: 0, withoutProof: 0, kept: 0 } } }), { copies: 2 }],
  ['H04', 'pack', 'BACKUP_UNTESTED', facts(sale, 'restore-test-passed')],
  ['H05', 'reconcile', 'ACCEPTANCE_MISSING', stateOf(sale, { packages: { issued: 1, withoutAcceptance: 1, withDifferences: 0, withoutReconciliation: 1 } }), { packages: 1 }],
  ['H05', 'reconcile', 'ACCEPTANCE_WITH_DIFFERENCES', stateOf(sale, { packages: { issued: 1, withoutAcceptance: 0, withDifferences: 1, withoutReconciliation: 1 } }), { packages: 1 }],
  ['H06', 'close', 'RESIDUAL_COPY_OPEN', stateOf(sale, { copies: { open: 1, openByKind: { original: 1 }, residualOpen: 1, residualDue: today, outOfReach: 0, diligenceOpen: 0, processors: { open: 0, ended: 0, withoutProof: 0, kept: 0 } } }), { copies: 1 }],
  ['H07', 'close', 'ACCESS_NOT_REVOKED', facts(sale, 'access-revoked')],
  ['H08', 'close', 'OPEN_CASES_NOT_HANDED_OVER', stateOf(sale, { openRequests: 1, openHolds: 1, facts: without('open-cases-handed-over') }), { cases: 2 }],
  ['I08', 'pack', 'REQUEST_OPEN', withPlanOf(sale, { transfer: { openRequests: 1 } }), { records: 1 }],
  ['I08', 'pack', 'HELD', withPlanOf(sale, { transfer: { held: 1 } }), { records: 1 }],
  ['J01', 'destroy', 'RETENTION_RUNNING', withPlanOf(sale, { destruction: { retentionRunning: { accounting: 1, tax: 2, platform: 0, antiMoneyLaundering: 0, other: 4 } } }), { values: 7 }],
  ['J01', 'destroy', 'RETENTION_UNASSIGNED', withPlanOf(sale, { destruction: { retentionUnassigned: 6 } }), { values: 6 }],
  ['J02', 'destroy', 'RETENTION_RUNNING', withPlanOf(sale, { destruction: { retentionRunning: { accounting: 1, tax: 0, platform: 0, antiMoneyLaundering: 0, other: 0 } } }), { values: 1 }],
  ['J02', 'destroy', 'RETENTION_MAP_NOT_APPROVED', facts(sale, 'retention-map-approved')],
  ['J03', 'destroy', 'RETENTION_RUNNING', withPlanOf(sale, { destruction: { retentionRunning: { accounting: 0, tax: 3, platform: 0, antiMoneyLaundering: 0, other: 0 } } }), { values: 3 }],
  ['J04', 'destroy', 'RETENTION_RUNNING', withPlanOf(sale, { destruction: { retentionRunning: { accounting: 0, tax: 0, platform: 3, antiMoneyLaundering: 0, other: 0 } } }), { values: 3 }],
  ['J05', 'destroy', 'SECTOR_HAND_OVER_MISSING', facts('dissolution', 'sector-hand-over')],
  ['J05', 'destroy', 'SECTOR_NOT_CHECKED', stateOf('dissolution', { facts: without('sector-checked'), dataSets: [] })],
  ['J06', 'close', 'CREDIT_BUREAU_ORDER_MISSING', stateOf('bankruptcy', { facts: { ...without('sector-hand-over'), 'sector-checked': [signed('sector-checked', { sectors: ['credit-reporting'] })] } })],
  ['J07', 'destroy', 'HOLD_REGISTER_NOT_REVIEWED', facts(sale, 'hold-register-reviewed')],
  ['J07', 'destroy', 'HELD_IN_DESTRUCTION', withPlanOf(sale, { destruction: { held: 2 } }), { records: 2 }],
  ['J07', 'destroy', 'REQUEST_OPEN', withPlanOf(sale, { destruction: { openRequests: 2 } }), { records: 2 }],
  ['J07', 'destroy', 'CLAIMS_WITHOUT_HOLD', stateOf(sale, { facts: { ...allFacts, 'hold-register-reviewed': [signed('hold-register-reviewed', { reviewedOn: today, openClaims: 2 })] } }), { claims: 2, holds: 0 }],
  ['J08', 'close', 'BOOKS_NOT_HANDED_OVER', facts('bankruptcy', 'books-handed-over')],
  ['J08', 'close', 'CUSTODY_DEED_MISSING', facts('dissolution', 'custody-deed-signed'), { values: 30 }],
  ['J09', 'destroy', 'STOP_NOTICE_MISSING', facts('stop-product', 'stop-notice-given')],
  ['J10', 'close', 'LEFT_WITHOUT_SUCCESSOR', withPlanOf('bankruptcy', { plan: { keptValues: 3 } }), { values: 3 }],
  ['J11', 'destroy', 'GUARDIANS_NOT_TOLD', facts('stop-product', 'guardians-told'), { under14: 3 }],
  ['J12', 'close', 'CERTIFICATE_PENDING', stateOf(sale, { certificates: { pending: 1, final: 3 } }), { certificates: 1 }],
  ['J13', 'destroy', 'ANONYMISATION_UNPROVEN', facts(sale, 'anonymisation-tested'), { values: 5 }],
  ['J14', 'destroy', 'ACCOUNTING_APPRAISAL_MISSING', facts(sale, 'accounting-appraisal'), { values: 7 }],
  ['J15', 'destroy', 'ARCHIVE_APPRAISAL_MISSING', facts(sale, 'archive-appraisal')],
  ['J16', 'close', 'LOGS_NOT_ARCHIVED', facts(sale, 'logs-archived')],
  ['J16', 'close', 'LOGS_NOT_ARCHIVED', stateOf(sale, { today: addDays(today, 30) })], // what is kept until day 200 is less than six months from then
  // Findings of the reviews of issue 5, each of which failed once.
  ['E04', 'pack', 'SENSITIVE_CONSENT_MISSING', { ...consents({ sensitive: { due: 4, given: 3, refused: 0, none: 1 } }, 'merger-absorb'), positions: { ...cautiousPositions, merger_sensitive: 'separate_consent' } }, { records: 1 }],
  ['E04', 'pack', 'SEPARATE_CONSENT_TEXT_MISSING', { ...facts('merger-absorb', 'separate-consent-text-approved'), positions: { ...cautiousPositions, merger_sensitive: 'separate_consent' } }],
  ['E08', 'pack', 'GUARDIANSHIP_NOT_CHECKED', said(sale, 'guardian-consent-checked', { method: 'video', checked: 0 })],
  ['E08', 'pack', 'GUARDIANSHIP_NOT_CHECKED', said(sale, 'guardian-consent-checked', { method: 'video', checked: 2 })],
  ['H03', 'close', 'COPIES_NOT_KEPT', stateOf('share-transfer', { copies: { ...noCopies, open: 3, openByKind: { original: 1, processor: 1, room: 1 } } }), { copies: 2 }],
  ['H03', 'close', 'COPIES_OPEN', stateOf('share-transfer', { copies: { ...noCopies, open: 3, openByKind: { original: 1, processor: 1, room: 1 } } }), { copies: 1 }],
  ['H04', 'pack', 'BACKUP_UNTESTED', said(sale, 'restore-test-passed', { testedOn: addDays(today, 1), backupEnds: addDays(today, 9) })],
  ['J04', 'destroy', 'PLATFORM_RECORDS_UNASSIGNED', { ...said(sale, 'sector-checked', { sectors: ['e-commerce-platform'] }), dataSets: withDataSet(sale, { platform: false }).dataSets }],
  ['J04', 'destroy', 'SECTOR_NOT_CHECKED', { ...facts(sale, 'sector-checked'), dataSets: withDataSet(sale, { platform: false }).dataSets }],
  ['J05', 'close', 'SECTOR_HAND_OVER_ELSEWHERE', said('dissolution', 'sector-hand-over', { sector: 'anti-money-laundering', way: 'destroyed-under-supervision', number: '银反洗〔2026〕1号', on: today })],
  ['J06', 'pack', 'CREDIT_BUREAU_ORDER_MISSING', stateOf('dissolution', { facts: { ...without('sector-hand-over'), 'sector-checked': [signed('sector-checked', { sectors: ['credit-reporting'] })] } })],
  ['J07', 'destroy', 'CLAIMS_WITHOUT_HOLD', { ...said(sale, 'hold-register-reviewed', { reviewedOn: today, openClaims: 5 }), holdOrders: 1, openHolds: 40 }, { claims: 5, holds: 1 }],
  ['J07', 'destroy', 'HOLD_REGISTER_NOT_REVIEWED', said(sale, 'hold-register-reviewed', { reviewedOn: addDays(today, 1), openClaims: 0 })],
  ['J07', 'destroy', 'PREPAID_EVIDENCE_IN_DESTRUCTION', facts(sale, 'prepaid-settled')],
  ['J07', 'destroy', 'CIRCUMSTANCES_NOT_DECLARED', facts(sale, 'circumstances-declared')],
  ['J07', 'destroy', 'ORDERED_AUDIT_OPEN', stateOf(sale, { authorities: { open: 1, overdue: 0, earliestDue: today, auditOrders: { open: 1, overdue: 0, answered: 0 } } }), { letters: 1 }],
  ['J08', 'close', 'BOOKS_NOT_HANDED_OVER', said('dissolution', 'books-handed-over', { to: 'administrator', on: addDays(today, 1), list: 'ab'.repeat(32) })],
  ['J08', 'close', 'CUSTODY_DEED_MISSING', said('dissolution', 'custody-deed-signed', { holder: 'c', deed: 'ab'.repeat(32), signedOn: addDays(today, 1), until: null })],
  ['J08', 'close', 'CUSTODY_DEED_ENDS_EARLY', said('dissolution', 'custody-deed-signed', { holder: 'c', deed: 'ab'.repeat(32), signedOn: today, until: addDays(today, 400) })],
  ['J09', 'close', 'STOP_NOTICE_MISSING', facts('stop-product', 'stop-notice-given')],
  ['J10', 'close', 'LEFT_WITHOUT_SUCCESSOR', withPlanOf('bankruptcy', { destruction: { values: 12, anonymisedValues: 5 } }), { values: 7 }],
  ['J11', 'close', 'GUARDIANS_NOT_TOLD', said('stop-product', 'guardians-told', { toldOn: today, guardians: 0 })],
  ['J11', 'close', 'GUARDIANS_NOT_TOLD', said('stop-product', 'guardians-told', { toldOn: addDays(today, 1), guardians: 3 })],
  ['J13', 'destroy', 'ANONYMISATION_UNPROVEN', said(sale, 'anonymisation-tested', { report: 'ab'.repeat(32), testedOn: addDays(today, 1), keysDestroyed: true })],
  ['J16', 'close', 'LOGS_NOT_ARCHIVED', said(sale, 'logs-archived', { from: addDays(today, -100), until: addDays(today, 300), holder: 'transferor' })],
  ['L07', 'close', 'NO_WITNESS_POLICY', stateOf(sale, { witnesses: { needed: 0, confirmed: 0 } })],
  ['L07', 'pack', 'QUORUM_MISSING', stateOf(sale, { witnesses: { needed: 2, confirmed: 1 } }), { confirmed: 1, needed: 2 }],
]

/** Rules of letters A–G whose cases stand in deal.test.ts. */
const dealRules = ['A05', 'A07', 'A08', 'B09', 'B10', 'B12', 'C01', 'C02', 'C03', 'C04', 'C05', 'C06', 'C07', 'D02', 'D03', 'D04', 'D05', 'D07', 'E03', 'E05', 'E06', 'E07', 'E09', 'E10', 'E11', 'E12', 'E13', 'E14', 'E15', 'E16', 'E17', 'E18', 'F03', 'F04', 'F05', 'F06', 'F08', 'G03', 'G04', 'G05', 'G06', 'G07', 'G08']
const overridden = (rule: string, codes: readonly ObstacleCode[], until = addDays(today, 30), counts: CoveredCounts = Object.fromEntries(codes.map((code) => [code, {}]))): GateOverride => ({ id: `ovr_${'5'.repeat(32)}`, rule, codes, counts, approval: 'apr_1', on: today, until, opinion: 'ab'.repeat(32), article: '个人信息保护法 第五十五条' })
const resultOf = (rule: string, step: GuardedStep, state: MatterState) => gateFor(step, state).results.find((result) => result.rule === rule)

describe('gates', () => {
  it.each(unmet)('%s before %s finds %s', (rule, step, code, state, counts) => {
    const result = resultOf(rule, step, state)
    expect(result?.status).toBe('unmet')
    const raised = result?.obstacles.find((each) => each.code === code && (counts === undefined || JSON.stringify(each.counts) === JSON.stringify(counts)))
    expect(raised, JSON.stringify(result?.obstacles)).toBeDefined()
  })

  it('has a failing case for every rule that is built', () => {
    const tried = new Set(unmet.map(([rule]) => rule))
    expect([...gateRules.keys()].filter((rule) => !tried.has(rule) && !/^[IKLM]/.test(rule) && !dealRules.includes(rule))).toEqual([]) // those have theirs in standing.test.ts and deal.test.ts
  })

  it.each(matterTypes)('finds nothing to object to in a %s in which everything is in order', (type) => {
    for (const step of guardedSteps) {
      const report = gateFor(step, stateOf(type))
      expect(report.results.filter(({ status }) => status === 'unmet').map(({ rule, obstacles }) => [rule, obstacles])).toEqual([])
      expect(report.open).toBe(true)
    }
  })

  it('names evidence for every rule that it calls satisfied', () => {
    const satisfied = guardedSteps.flatMap((step) => matterTypes.flatMap((type) => gateFor(step, stateOf(type)).results.filter(({ status }) => status === 'satisfied')))
    expect(satisfied.filter(({ satisfiedBy }) => satisfiedBy.length === 0)).toEqual([])
  })

  it('does not ask for notices or agreements where nothing moves', () => {
    for (const type of ['share-transfer', 'stop-product'] as const) {
      const asked = gateFor('pack', stateOf(type)).results.filter(({ applies }) => applies).map(({ rule }) => rule)
      expect(asked.filter((rule) => ['E01', 'E08', 'F02', 'B11'].includes(rule))).toEqual([])
    }
  })

  it('asks Article 23 of a sale and Article 22 of a merger, or of a sale that counsel classed as succession', () => {
    const status = (rule: string, state: MatterState) => resultOf(rule, 'pack', state)?.status
    const nobodyLooked = (type: MatterType, change: Partial<MatterState> = {}) => stateOf(type, { facts: without('viewer-access'), ...change })
    const classed = nobodyLooked(sale, { positions: { ...cautiousPositions, asset_deal: 'art22' } })
    expect([status('E01', nobodyLooked(sale)), status('E02', nobodyLooked(sale)), status('E01', nobodyLooked('merger-new')), status('E02', nobodyLooked('merger-new'))]).toEqual(['not-applicable', 'satisfied', 'satisfied', 'not-applicable'])
    expect([status('E01', classed), status('E02', classed), status('F02', classed)]).toEqual(['satisfied', 'not-applicable', 'satisfied'])
  })

  it('stops on BLOCK, warns on HIGH before the close and stops on it at the close, only warns on MED', () => {
    const state = stateOf(sale, { facts: {}, counts: null })
    const stopped = (step: GuardedStep) => gateFor(step, state).results.filter(({ stops }) => stops).map(({ sev }) => sev)
    expect(new Set(stopped('plan'))).toEqual(new Set(['BLOCK']))
    expect(new Set(stopped('close'))).toEqual(new Set(['BLOCK', 'HIGH']))
    expect(gateFor('plan', state).warnings.map(({ code }) => code)).toContain('GRADING_NOT_APPROVED')
    expect(gateFor('close', state).open).toBe(false)
  })

  it('has code for every rule of the register, and never calls a rule without code satisfied', () => {
    expect(rules.filter(({ id }) => !gateRules.has(id)).map(({ id }) => id)).toEqual([])
    const [first] = rules
    if (first === undefined) throw new Error('no rules')
    const published = { ...first, id: 'A99', must: 'something a law pack brought' }
    expect(askRule(published, 'plan', stateOf(sale))).toMatchObject({ applies: true, status: 'unmet', stops: true, law: first.src, obstacles: [{ code: 'RULE_WITHOUT_CODE', rule: 'A99' }] })
    const checked = (rule: string, outcome: 'met' | 'does-not-apply', checkedOn = today) => stateOf(sale, { facts: { ...allFacts, 'rule-checked-by-hand': [signed('rule-checked-by-hand', { rule, checkedOn, outcome })] } })
    expect([checked('A99', 'met'), checked('A99', 'does-not-apply'), checked('A98', 'met'), checked('A99', 'met', addDays(today, 1))].map((state) => askRule(published, 'plan', state).status)).toEqual(['satisfied', 'not-applicable', 'unmet', 'unmet'])
  })

  it('lets an approved override pass, and keeps its obstacles visible', () => {
    const state = stateOf(sale, { facts: without('pia-approved'), overrides: [overridden('D01', ['PIA_MISSING'])] })
    const result = resultOf('D01', 'pack', state)
    expect(result).toMatchObject({ status: 'overridden', stops: false })
    expect(result?.obstacles.map(({ code }) => code)).toEqual(['PIA_MISSING'])
    expect(gateFor('pack', state).open).toBe(true)
    expect(gateFor('pack', { ...state, overrides: [overridden('F01', ['AGREEMENT_MISSING'])] }).open).toBe(false)
  })

  it('lets an override end on its last day, cover only what people saw, and add to another', () => {
    const missing = (until: Parameters<typeof overridden>[2], codes: readonly ObstacleCode[] = ['PIA_MISSING']) => resultOf('D01', 'pack', stateOf(sale, { facts: without('pia-approved'), overrides: [overridden('D01', codes, until)] }))
    expect([missing(today)?.status, missing(addDays(today, -1))?.status, missing(addDays(today, 9), ['AGREEMENT_MISSING'])?.status]).toEqual(['overridden', 'unmet', 'unmet'])
    const ended = missing(addDays(today, -1))
    expect([ended?.stops, ended?.note?.zh.includes('已过期'), ended?.note?.en.includes('has ended')]).toEqual([true, true, true])
    expect(missing(addDays(today, 9), ['AGREEMENT_MISSING'])?.note?.en).toContain('does not cover PIA_MISSING')
    expect(missing(today)?.note?.zh).toContain('律师意见')
    const [a, b] = [overridden('B06', ['BASIS_UNKNOWN'], today, { BASIS_UNKNOWN: { fields: 3 } }), overridden('B06', ['PURPOSE_UNKNOWN'], today, { PURPOSE_UNKNOWN: { fields: 1 } })]
    const unclear = withDataSet(sale, { fieldsWithoutBasis: 3, fieldsWithoutPurpose: 1 })
    expect([[a], [b], [a, b]].map((overrides) => resultOf('B06', 'plan', { ...unclear, overrides })?.status)).toEqual(['unmet', 'unmet', 'overridden'])
  })

  it.each(Object.entries<readonly string[]>(lastChance).flatMap(([step, ids]) => ids.map((id) => [id, step] as const)))('%s stops already before %s: afterwards nothing is left to ask about', (id, step) => {
    const rule = rules.find((each) => each.id === id)
    expect(rule?.sev).toBe('HIGH')
    expect(rule?.guards).toContain(step)
    const asked = guardedSteps.find((each) => each === step)
    if (rule === undefined || asked === undefined) throw new Error(`no such rule or step: ${id} ${step}`)
    expect([stopsStep(rule, asked), stopsStep({ ...rule, sev: 'MED' }, asked), stopsStep({ ...rule, id: 'A02' }, asked)]).toEqual([true, false, false])
  })

  it('stops what would vanish: notices and consents before the pack, the appraisal before the destruction', () => {
    const stops = (rule: string, step: GuardedStep, state: MatterState) => resultOf(rule, step, state)?.stops
    expect([stops('B07', 'pack', facts(sale, 'consent-evidence')), stops('E03', 'pack', facts(sale, 'notice-text-approved')), stops('E04', 'pack', notices('art30', { none: 1 }))]).toEqual([true, true, true])
    expect([stops('J14', 'destroy', facts(sale, 'accounting-appraisal')), stops('J15', 'destroy', facts(sale, 'archive-appraisal'))]).toEqual([true, true])
    const gone = withPlanOf(sale, { transfer: { records: 0, values: 0 }, destruction: { values: 0 } })
    expect([resultOf('E04', 'close', gone)?.status, resultOf('J14', 'close', gone)?.status]).toEqual(['not-applicable', 'not-applicable'])
  })

  it('asks about what is to move while nothing is ready to move', () => {
    const first = stateOf(sale).plan
    if (first === null) throw new Error('no plan')
    const fresh = stateOf(sale, { facts: without('viewer-access'), plan: { ...first, transfer: nothingWished, wished: { ...first.transfer, notices: { art23: tally({ none: 100, announced: 0 }) } } } })
    expect(resultOf('E02', 'pack', fresh)?.obstacles.map(({ code, counts }) => [code, counts?.['records']])).toEqual([['NOTICE_MISSING', 100]])
    expect(resultOf('E02', 'pack', { ...fresh, plan: { ...first, transfer: nothingWished } })?.status).toBe('not-applicable')
    expect(resultOf('E02', 'pack', { ...fresh, plan: { ...first, wished: fresh.plan?.wished ?? nothingWished } })?.status).toBe('satisfied') // what is ready may go; the rest waits for a later package
  })

  it('asks the rules of a data room before the pack and the close while there is or was a room, and nobody without one', () => {
    const state = stateOf(sale, { facts: { ...allFacts, 'room-controls-tested': undefined, 'de-identification-evaluated': undefined, 'room-scan-clean': undefined } })
    const unproven = ['DE_IDENTIFICATION_NOT_EVALUATED', 'ROOM_CONTROLS_UNTESTED', 'ROOM_NOT_SCANNED']
    const raised = (step: GuardedStep, of: MatterState) => ['C03', 'C05', 'C07'].map((rule) => resultOf(rule, step, of)?.obstacles.map(({ code }) => code).join())
    expect([raised('pack', state), raised('close', state)]).toEqual([unproven, unproven])
    expect(resultOf('C05', 'close', state)?.stops).toBe(true)
    const without = stateOf(sale, { facts: { ...state.facts, 'room-release-approved': undefined, 'viewer-access': undefined } })
    expect(resultOf('C05', 'close', without)?.status).toBe('not-applicable')
  })

  it('cites the law and the mark of the rule that raises an obstacle, never surer than the obstacle itself', () => {
    const cited = (rule: string, step: GuardedStep, state: MatterState, code: ObstacleCode) => resultOf(rule, step, state)?.obstacles.filter((each) => each.code === code).map(spellObstacle).map(({ law, conf }) => [law, conf])[0]
    const of = (id: string) => rules.find((each) => each.id === id)
    expect(cited('E02', 'pack', notices('art23', { none: 1 }), 'NOTICE_MISSING')).toEqual([of('E02')?.src, 'P'])
    expect(cited('E01', 'pack', notices('art22', { none: 1 }, 'merger-new'), 'NOTICE_MISSING')).toEqual([of('E01')?.src, 'P'])
    expect(cited('E08', 'pack', consents({ guardian: { due: 3, given: 2, refused: 1, none: 0 } }), 'CONSENT_REFUSED')?.[1]).toBe(of('E08')?.conf)
    expect(cited('J03', 'destroy', facts(sale, 'retention-map-approved'), 'RETENTION_MAP_NOT_APPROVED')).toEqual([of('J03')?.src, 'P/S'])
    expect(cited('E02', 'pack', notices('art23', { waiting: 3 }), 'NOTICE_WAIT_RUNNING')).toEqual(['产品默认等待期 P01(法律未定期限)', 'J'])
    expect(cited('B08', 'pack', stateOf(sale, { plan: null }), 'PLAN_MISSING')).toEqual(['产品规定', 'J'])
    expect(spellObstacle({ code: 'NOTICE_MISSING', rule: 'E04' }).law).toBe(of('E04')?.src) // raised by the decision table, outside of a gate
  })

  it('counts the threshold itself in (A03)', () => {
    expect([99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000].map((persons) => sizeTier(persons).tier)).toEqual(['small', 'normal', 'normal', 'dpo', 'dpo', 'mass'])
  })

  it('takes a fact about one data set for no other (B05)', () => {
    const other = `ds_${'7'.repeat(32)}`
    expect(resultOf('B05', 'pack', withDataSet(sale, { id: other }))?.status).toBe('unmet')
    expect(resultOf('B05', 'pack', withDataSet(sale, { id: dataSetId }))?.status).toBe('satisfied')
    expect(resultOf('B05', 'pack', withDataSet(sale, { id: other, collected: 'direct' }))?.status).toBe('not-applicable')
  })
})
