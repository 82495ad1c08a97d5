// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays, dayOf, type Day } from '../../kit/time.ts'
import type { FactName, FactValue } from '../facts.ts'
import { ruleOf, rules } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import { guardedSteps, matterTypes, type GuardedStep, type MatterType } from '../nouns.ts'
import type { ObstacleCode } from '../obstacles.ts'
import { decidedPromises, everythingDeclared, maskedLook, nothingDeclared, soundRoom, wholeAssessment } from './deal.cases.ts'
import { askRule, type GateResult } from './gate-for.rules.ts'
import { allFacts, goingAbroad, signed, stateOf, today, withDataSet, withPlanOf, without } from './gates.cases.ts'
import { standsAgainst } from './promises.rules.ts'

const sale: MatterType = 'asset-transfer'
const digest = 'ab'.repeat(32)
const facts = (type: MatterType, name: FactName): MatterState => stateOf(type, { facts: without(name) })
const said = <N extends FactName>(type: MatterType, name: N, value: FactValue<N>, change: Partial<MatterState> = {}): MatterState => stateOf(type, { facts: { ...allFacts, [name]: [signed(name, value)] }, ...change })
const declared = (type: MatterType, bend: Partial<typeof nothingDeclared>): MatterState => said(type, 'circumstances-declared', { ...nothingDeclared, ...bend })
const saw = (type: MatterType, bend: Partial<FactValue<'viewer-access'>>, change: Partial<MatterState> = {}): MatterState => said(type, 'viewer-access', { ...maskedLook, ...bend }, change)
const nobodySaw = (type: MatterType): MatterState => stateOf(type, { exportRoute: null, facts: { ...without('viewer-access'), 'abroad-access': undefined, 'room-release-approved': undefined, 'circumstances-declared': [signed('circumstances-declared', nothingDeclared)] } })
const noRoom = (state: MatterState): MatterState => ({ ...state, facts: { ...state.facts, 'room-release-approved': undefined, 'abroad-access': undefined } })
const assessed = (bend: Partial<FactValue<'pia-approved'>>, type: MatterType = sale): MatterState => said(type, 'pia-approved', { ...wholeAssessment, ...bend })
const room = (bend: Partial<FactValue<'room-controls-tested'>>): MatterState => said(sale, 'room-controls-tested', { ...soundRoom, ...bend })
const scanned = (sensitiveHits: number, under14Hits: number): MatterState => said(sale, 'room-scan-clean', { report: digest, scannedOn: today, sensitiveHits, biometricHits: 0, under14Hits })
const evaluated = (bend: Partial<FactValue<'de-identification-evaluated'>>): MatterState => said(sale, 'de-identification-evaluated', { report: digest, on: today, release: 'controlled', smallestClass: 5, riskPerMille: 49, banSigned: true, ...bend })
const settled = (bend: Partial<FactValue<'prepaid-settled'>>): MatterState => said('stop-product', 'prepaid-settled', { toldOn: addDays(today, -31), individually: true, localRule: 'shanghai', refundList: digest, customers: 20, unsettled: 0, stoppedTaking: true, ...bend })
const processors = (bend: Partial<MatterState['copies']['processors']>, type: MatterType = sale): MatterState => stateOf(type, { copies: { ...stateOf(sale).copies, processors: { open: 0, ended: 1, withoutProof: 0, kept: 0, ...bend } } })
const route = (value: FactValue<'export-route-done'>): MatterState => said(sale, 'export-route-done', value)
const consentsAsked = (due: number): MatterState => withPlanOf(sale, { transfer: { consents: { ...stateOf(sale).plan?.transfer.consents ?? fail(), transfer: { due, given: due, refused: 0, none: 0 } } } })
const notTold = (kind: 'art23'): MatterState => withPlanOf(sale, { transfer: { notices: { ...stateOf(sale).plan?.transfer.notices, [kind]: { due: 100, delivered: 0, announced: 0, bounced: 0, none: 100, waiting: 0 } } } })
const exportConsent = (tally: { due: number; given: number; refused: number; none: number }): MatterState => withPlanOf(sale, { transfer: { consents: { ...stateOf(sale).plan?.transfer.consents ?? fail(), export: tally } } })
const masked = { document: digest, signedOn: addDays(today, -61) } as const
const unproven = (name: 'viewer-access' | 'room-release-approved', state: MatterState): MatterState => ({ ...state, facts: { ...state.facts, [name]: (state.facts[name] ?? []).map((each) => ({ ...each, hasEvidence: false })) } })
const remedied = (state: MatterState, accessEndedOn: Day): MatterState => ({ ...state, facts: { ...state.facts, 'provision-remedied': [signed('provision-remedied', { party: 'b', accessEndedOn, copiesDestroyed: true, incidentAssessed: true, opinion: digest })] } })
const returned = (state: MatterState, on: Day): MatterState => ({ ...state, facts: { ...state.facts, 'diligence-returned': [signed('diligence-returned', { party: 'b', way: 'destroyed', on, certificate: digest, accessClosed: true })] } })
const nda = (bend: Partial<FactValue<'nda-signed'>>): MatterState => said(sale, 'nda-signed', { party: 'b', document: digest, signedOn: masked.signedOn, people: 3, survivesFailedDeal: true, ...bend })
const released = (content: 'anonymised' | 'aggregated' | 'clear-text', ground: 'none' | 'separate-consent' = 'none'): MatterState => said(sale, 'room-release-approved', { list: digest, approvedOn: today, content, ground })
const tooMany = (): NonNullable<MatterState['exportRoute']> => {
  const going = goingAbroad()
  return { ...going, result: { ...going.result, allowed: ['security-assessment'] } }
}
const sector = (value: FactValue<'sector-checked'>, hasEvidence = true): MatterState => stateOf(sale, { facts: { ...allFacts, 'sector-checked': [{ ...signed('sector-checked', value), hasEvidence }] } })
const paying = { sector: 'payment', recipient: 'transferee-may-receive', approval: 'obtained', retentionMapped: true } as const
const undertaking = (bend: Partial<FactValue<'successor-undertaking-signed'>>): MatterState => said('merger-new', 'successor-undertaking-signed', { undertaking: digest, signedOn: today, samePurpose: true, ...bend })
const bareList = (state: MatterState): MatterState => ({ ...state, facts: { ...state.facts, 'sale-plan-approved': [signed('sale-plan-approved', { approvedOn: today, by: 'court', wholeBusiness: false, bareList: true })] } })
const opinion = (covers: string, conclusion: 'objects' | 'supports'): MatterState['opinions'] => [{ id: 'opn_1', digest, covers: { articles: [], rules: [covers], rows: [], positions: [] }, conclusion, givenOn: today, until: null }]
const withoutRules = (name: 'notice-text-approved'): MatterState => said(sale, name, { texts: digest, kinds: ['art22'], approvedOn: today, plain: true, prominent: true, listed: true })
const promises = (kind: 'no-third-party' | 'separate-consent', reviewed = false): MatterState['promises'] => ({ versions: [{ id: 'pvn_1', from: addDays(today, -900), until: null, promises: [{ kind, clause: 7, exceptions: [], days: null }], persons: 90, lost: [], reviewed, read: true }], personsWithoutVersion: 0, unknownDecided: false })
const weak = { form: digest, reviewedOn: today, security: 'adequate', integrity: 'adequate', violations: 'not-checked' } as const
const important = (name: FactName | null, contractCanBind = true): MatterState =>
  stateOf(sale, { facts: { ...(name === null ? allFacts : without(name)), 'important-data-checked': [signed('important-data-checked', { answer: 'identified-not-notified', checkedOn: today })], ...(name === null ? { 'important-data-assessment': [signed('important-data-assessment', { report: digest, assessedOn: today, sixPoints: true, contractCanBind })] } : {}) } })

/** Each rule with states in which it must find exactly this obstacle. */
const unmet: [rule: string, step: GuardedStep, code: ObstacleCode, state: MatterState, counts?: Record<string, number>][] = [
  ['A05', 'pack', 'CIRCUMSTANCES_NOT_DECLARED', facts('merger-new', 'circumstances-declared')],
  ['A05', 'pack', 'CIIO_NOT_REPORTED', facts('merger-new', 'ciio-reported')],
  ['A05', 'destroy', 'CIIO_INSTRUCTIONS_OPEN', said('dissolution', 'ciio-reported', { reportedOn: today, instructionsFollowed: false })],
  ['A06', 'close', 'SECTORS_CONTRADICT', sector({ sectors: ['none', 'payment'], overlay: [paying] })],
  ['A06', 'plan', 'SECTOR_OVERLAY_MISSING', sector({ sectors: ['payment', 'telecom'], overlay: [paying] }), { sectors: 1 }],
  ['A06', 'plan', 'SECTOR_LICENCE_MISSING', sector({ sectors: ['payment'], overlay: [paying] }, false)],
  ['A06', 'plan', 'SECTOR_APPROVAL_OPEN', sector({ sectors: ['payment'], overlay: [{ ...paying, approval: 'open' }] }), { sectors: 1 }],
  ['A06', 'plan', 'SECTOR_RETENTION_UNASSIGNED', { ...sector({ sectors: ['anti-money-laundering'], overlay: [{ ...paying, sector: 'anti-money-laundering' }] }), dataSets: withDataSet(sale, { antiMoneyLaundering: false }).dataSets }],
  ['A08', 'close', 'IMPORTANT_DATA_NOT_CHECKED', { ...declared(sale, {}), parties: [], facts: { ...without('important-data-checked'), 'circumstances-declared': [signed('circumstances-declared', nothingDeclared)] } }],
  ['A07', 'close', 'BROKER_REVIEW_MISSING', facts(sale, 'broker-reviewed')],
  ['A08', 'close', 'SECURITY_REVIEW_OPINION_MISSING', facts('share-transfer', 'security-review-opinion')],
  ['A08', 'pack', 'SECURITY_REVIEW_OPINION_MISSING', { ...declared(sale, {}), facts: { ...without('security-review-opinion'), 'circumstances-declared': [signed('circumstances-declared', nothingDeclared)] } }], // the transferee is abroad, whatever was declared
  ['A08', 'pack', 'SECURITY_REVIEW_PENDING', said(sale, 'security-review-opinion', { opinion: digest, answer: 'pending', on: today })],
  ['B09', 'pack', 'QUALITY_NOT_CERTIFIED', stateOf(sale, { quality: { certificates: 0, rowsWithFindings: 0 } })],
  ['B10', 'plan', 'LINEAGE_NOT_RECORDED', facts(sale, 'lineage-recorded')],
  ['B11', 'pack', 'OPT_OUTS_NOT_BROUGHT_IN', facts(sale, 'opt-outs-brought-in')], // a list that nobody filled is no empty list
  ['B12', 'pack', 'PUBLIC_SCOPE_NOT_CHECKED', facts(sale, 'public-scope-checked'), { dataSets: 1 }],
  ['C01', 'close', 'PROVISION_WITHOUT_BASIS', saw('share-transfer', { shows: 'clear-text', where: 'live-system', ground: 'none' }), { parties: 1 }],
  ['C01', 'pack', 'PROVISION_WITHOUT_BASIS', saw(sale, { shows: 'clear-text', ground: 'none' }), { parties: 1 }],
  ['C01', 'close', 'PROVISION_WITHOUT_BASIS', saw('share-transfer', { shows: 'masked', ground: 'none' }), { parties: 1 }], // a mask hides nobody
  ['C01', 'pack', 'GROUND_WITHOUT_EVIDENCE', unproven('viewer-access', saw(sale, { shows: 'clear-text', ground: 'separate-consent' })), { parties: 1 }],
  ['F01', 'pack', 'VIEWER_CONTRACT_MISSING', saw(sale, { ground: 'entrusted', agreement: undefined }), { parties: 1 }],
  ['F01', 'close', 'VIEWER_CONTRACT_MISSING', saw('share-transfer', { ground: 'none', agreement: undefined }), { parties: 1 }], // provision without ground is provision (数据条例 12(1)); C01 asks for more
  ['F01', 'close', 'VIEWER_CONTRACT_MISSING', saw('share-transfer', { ground: 'entrusted', agreement: { document: digest, signedOn: addDays(today, -59) } }), { parties: 1 }], // signed the day after they began
  ['C01', 'close', 'PROVISION_WITHOUT_BASIS', remedied(saw('share-transfer', { ground: 'none' }), addDays(today, -31)), { parties: 1 }], // they looked on for a day after what was remedied
  ['C01', 'close', 'PROVISION_WITHOUT_BASIS', remedied(saw('share-transfer', { ground: 'none', from: today, until: today }), addDays(today, -1)), { parties: 1 }], // a new look after the remedy of an old one
  ['C01', 'room-open', 'ROOM_GROUND_UNPROVEN', unproven('room-release-approved', released('clear-text', 'separate-consent'))],
  ['C01', 'close', 'VIEWERS_NOT_RECORDED', facts('share-transfer', 'viewer-access')],
  ['C01', 'close', 'CIRCUMSTANCES_NOT_DECLARED', stateOf('share-transfer', { facts: { ...without('viewer-access'), 'circumstances-declared': undefined } })],
  ['C01', 'room-open', 'ROOM_RELEASE_MISSING', facts(sale, 'room-release-approved')],
  ['C01', 'room-open', 'ROOM_HOLDS_CLEAR_TEXT', said(sale, 'room-release-approved', { list: digest, approvedOn: today, content: 'clear-text', ground: 'none' })],
  ['C02', 'room-open', 'NDA_MISSING', facts(sale, 'nda-signed'), { parties: 1 }],
  ['C02', 'close', 'NDA_MISSING', facts('share-transfer', 'nda-signed'), { parties: 1 }],
  ['C02', 'close', 'NDA_AFTER_LOOK', nda({ signedOn: addDays(today, -59) }), { parties: 1 }],
  ['C02', 'close', 'NDA_PEOPLE_MISSING', nda({ people: 1 }), { people: 2 }],
  ['C03', 'room-open', 'DE_IDENTIFICATION_NOT_EVALUATED', { ...released('anonymised'), facts: { ...released('anonymised').facts, 'de-identification-evaluated': undefined } }],
  ['C03', 'room-open', 'RE_IDENTIFICATION_RISK', { ...released('aggregated'), facts: { ...released('aggregated').facts, ...evaluated({ smallestClass: 4 }).facts, 'room-release-approved': released('aggregated').facts['room-release-approved'] } }],
  ['C03', 'room-open', 'DE_IDENTIFICATION_NOT_EVALUATED', facts(sale, 'de-identification-evaluated')],
  ['C03', 'room-open', 'RE_IDENTIFICATION_RISK', evaluated({ smallestClass: 4 })],
  ['C03', 'room-open', 'RE_IDENTIFICATION_RISK', evaluated({ riskPerMille: 50 })],
  ['C03', 'room-open', 'RE_IDENTIFICATION_RISK', evaluated({ release: 'public', smallestClass: 19 })],
  ['C03', 'room-open', 'RE_IDENTIFICATION_BAN_MISSING', evaluated({ banSigned: false })],
  ['C04', 'close', 'VIEWED_FROM_ABROAD', facts('share-transfer', 'export-route-done'), { parties: 1, viewers: 3 }],
  ['C04', 'close', 'VIEWED_FROM_ABROAD', { ...facts('share-transfer', 'export-route-done'), facts: { ...without('export-route-done'), 'viewer-access': undefined } }, { parties: 0, viewers: 3 }], // counted abroad, although no look of a party is on record
  ['C04', 'close', 'EXPORT_ROUTE_TOO_WEAK', stateOf('share-transfer', { exportRoute: tooMany() })], // exempt by word, while the numbers need an assessment
  ['C04', 'close', 'ABROAD_ACCESS_NOT_COUNTED', facts('share-transfer', 'abroad-access')],
  ['C04', 'close', 'VIEWED_FROM_ABROAD', said('share-transfer', 'export-route-done', { route: 'standard-contract' }), { parties: 1, viewers: 3 }], // no number, so nothing shows that it was filed
  ['C04', 'room-open', 'ABROAD_NOT_BLOCKED', { ...room({ abroadBlocked: false }), parties: [], facts: { ...allFacts, 'viewer-access': undefined, 'abroad-access': undefined, 'room-controls-tested': [signed('room-controls-tested', { ...soundRoom, abroadBlocked: false })] } }],
  ['C05', 'room-open', 'ROOM_CONTROLS_UNTESTED', facts(sale, 'room-controls-tested')],
  ['C05', 'room-open', 'ROOM_CONTROLS_WEAK', room({ watermark: false, rolesSeparated: false }), { controls: 2 }],
  ['C06', 'close', 'DILIGENCE_NOT_RETURNED', saw(sale, { where: 'copies' }), { parties: 1 }],
  ['C06', 'close', 'DILIGENCE_NOT_RETURNED', saw(sale, { until: null }), { parties: 1 }],
  ['C06', 'close', 'DILIGENCE_NOT_RETURNED', saw(sale, { until: addDays(today, 1) }), { parties: 1 }], // they can still look tomorrow
  ['C06', 'close', 'DILIGENCE_NOT_RETURNED', returned(saw(sale, { where: 'copies' }), addDays(today, -31)), { parties: 1 }], // what came back before the last look was not all
  ['C06', 'close', 'DILIGENCE_COPIES_OPEN', stateOf(sale, { copies: { ...stateOf(sale).copies, diligenceOpen: 2 } }), { copies: 2 }],
  ['C07', 'room-open', 'ROOM_NOT_SCANNED', facts(sale, 'room-scan-clean')],
  ['C07', 'room-open', 'SENSITIVE_IN_ROOM', scanned(3, 1), { hits: 4 }],
  ['C07', 'close', 'SENSITIVE_SHOWN', saw('share-transfer', { shows: 'clear-text', ground: 'separate-consent', sensitiveOrMinors: true }), { parties: 1 }],
  ['C07', 'close', 'SENSITIVE_SHOWN', saw('share-transfer', { sensitiveOrMinors: true }), { parties: 1 }], // masked
  ['D01', 'close', 'PIA_MISSING', facts('share-transfer', 'pia-approved')], // whoever buys the shares and looks is provided to
  ['D01', 'close', 'LOOKED_BEFORE_ASSESSMENT', stateOf('share-transfer', { assessedOn: [addDays(today, -59)] }), { parties: 1 }],
  ['D01', 'pack', 'LOOKED_BEFORE_ASSESSMENT', stateOf(sale, { assessedOn: [] }), { parties: 1 }], // a fact that somebody typed says nothing of its day
  ['D04', 'close', 'PIA_RISK_NOT_OWNED', assessed({ residualRisk: 'high', managementSigned: false }, 'share-transfer')],
  ['D02', 'pack', 'PIA_CONTENT_INCOMPLETE', assessed({ covers: ['purpose-and-method', 'measures'] })],
  ['D02', 'close', 'PIA_CONTENT_INCOMPLETE', assessed({ covers: undefined })],
  ['D03', 'close', 'PIA_NOT_KEPT', assessed({ keptUntil: addDays(wholeAssessment.approvedOn, 3 * 365) })],
  ['D03', 'close', 'PIA_NOT_KEPT', stateOf('dissolution', { successor: true, facts: without('custody-deed-signed') })],
  ['D04', 'close', 'PIA_RISK_NOT_STATED', assessed({ residualRisk: undefined })],
  ['D04', 'close', 'PIA_RISK_NOT_OWNED', assessed({ residualRisk: 'severe', managementSigned: false })],
  ['D05', 'pack', 'IMPORTANT_DATA_NOT_CHECKED', facts(sale, 'important-data-checked')],
  ['D05', 'pack', 'IMPORTANT_DATA_NOT_ASSESSED', important('important-data-assessment')],
  ['D05', 'pack', 'RECIPIENT_CANNOT_BE_BOUND', important(null, false)],
  ['D07', 'pack', 'SIMPLIFIED_FORM_USED', assessed({ form: 'simplified' })],
  ['E03', 'pack', 'NOTICE_TEXT_MISSING', withoutRules('notice-text-approved'), { kinds: 4 }],
  ['E05', 'pack', 'NEW_USE_WITHOUT_CONSENT', { ...withPlanOf('merger-new', { transfer: { newUseBlocked: 6 } }), receiverChangesPurpose: true }, { records: 6 }],
  ['E06', 'pack', 'CONSENT_TEXT_BUNDLED', said(sale, 'separate-consent-text-approved', { text: digest, approvedOn: today })],
  ['E07', 'close', 'ASKED_AGAIN_TOO_SOON', stateOf(sale, { askedAgain: 2 }), { records: 2 }],
  ['E09', 'pack', 'CHILD_RULES_MISSING', said(sale, 'child-rules-ready', { rules: digest, inForceOn: addDays(today, 1), namedPerson: true }), { persons: 3 }],
  ['E10', 'pack', 'WITHDRAWAL_UNTESTED', said(sale, 'withdrawal-tested', { testedOn: today, asEasyAsGiving: false, serviceNotRefused: true })],
  ['E11', 'pack', 'ANNOUNCED_WITHOUT_REASON', facts(sale, 'announcement-published'), { records: 5 }],
  ['E12', 'pack', 'MARKETING_CONSENT_MISSING', said(sale, 'marketing-consent-kept', { checkedOn: today, perChannel: true, optOutAtOnce: false })],
  ['E13', 'destroy', 'HOME_PAGE_NOTICE_MISSING', facts('stop-product', 'home-page-notice')],
  ['E13', 'destroy', 'HOME_PAGE_NOTICE_TOO_SHORT', said('stop-product', 'home-page-notice', { from: addDays(today, -30), continuous: true, snapshots: digest })],
  ['E14', 'close', 'PREPAID_NOT_SETTLED', facts('dissolution', 'prepaid-settled')],
  ['E14', 'close', 'PREPAID_NOT_SETTLED', settled({ unsettled: 1 })],
  ['E14', 'destroy', 'PREPAID_TOLD_TOO_LATE', settled({ toldOn: addDays(today, -30) })],
  ['E14', 'destroy', 'PREPAID_TOLD_TOO_LATE', settled({ localRule: 'beijing', individually: false })],
  ['E14', 'destroy', 'PREPAID_TOLD_TOO_LATE', settled({ localRule: 'none', toldOn: addDays(today, -30) })], // no local rule is no licence to tell nobody in time
  ['E14', 'close', 'CLOSING_NOT_ANNOUNCED', { ...declared('bankruptcy', {}), facts: { ...declared('bankruptcy', {}).facts, 'closing-announced': undefined } }], // who closes announces it, prepaid or not
  ['E14', 'close', 'CLOSING_NOT_ANNOUNCED', said('dissolution', 'closing-announced', { announcedOn: addDays(today, -30), where: 'newspaper', contact: true })],
  ['E14', 'close', 'CLOSING_NOT_ANNOUNCED', facts(sale, 'closing-announced')],
  ['E02', 'close', 'LOOK_NOT_TOLD', saw('share-transfer', { toldOn: undefined }), { parties: 1 }],
  ['E02', 'pack', 'LOOK_NOT_TOLD', saw(sale, { toldOn: addDays(today, -59) }), { parties: 1 }],
  ['E02', 'pack', 'LOOK_NOT_TOLD', saw('merger-new', { toldOn: undefined }), { parties: 1 }], // Article 22 tells of the successor, not of who looks before
  ['E03', 'close', 'NOTICE_TEXT_MISSING', { ...withoutRules('notice-text-approved'), type: 'stop-product' }, { kinds: 2 }],
  ['E10', 'close', 'WITHDRAWAL_UNTESTED', facts('share-transfer', 'withdrawal-tested')],
  ['E11', 'pack', 'NOTICE_MISSING', notTold('art23'), { records: 100 }], // nobody told is not "everybody told individually"
  ['E11', 'close', 'STOP_NOTICE_MISSING', facts('stop-product', 'stop-notice-given')],
  ['E11', 'close', 'ANNOUNCED_WITHOUT_REASON', { ...facts('stop-product', 'announcement-published'), facts: { ...without('announcement-published'), 'stop-notice-given': [signed('stop-notice-given', { stoppedCollectingOn: today, toldOn: today, way: 'announcement' })] } }],
  ['D01', 'close', 'PIA_MISSING', facts('dissolution', 'pia-approved')], // a custodian takes sealed sets
  ['F03', 'close', 'PROVISION_NOT_RECORDED', saw('share-transfer', { ground: 'none' }), { parties: 1 }],
  ['F03', 'close', 'PROVISION_NOT_RECORDED', unproven('viewer-access', saw('share-transfer', {})), { parties: 1 }],
  ['F05', 'close', 'RECIPIENT_NOT_REVIEWED', facts('share-transfer', 'recipient-reviewed')],
  ['G02', 'close', 'LOOK_NOT_TOLD', saw('share-transfer', { ground: 'entrusted', toldOn: undefined }), { parties: 1 }], // entrusting needs no notice at home, going abroad does
  ['G02', 'close', 'VIEWERS_NOT_RECORDED', { ...facts('share-transfer', 'viewer-access'), exportRoute: { ...goingAbroad(), viewers: 3 } }],
  ['C05', 'close', 'ROOM_CONTROLS_UNTESTED', noRoom({ ...saw('share-transfer', { where: 'live-system' }), facts: { ...saw('share-transfer', { where: 'live-system' }).facts, 'room-controls-tested': undefined } })],
  ['E14', 'close', 'PREPAID_UNCOUNTED', settled({ customers: 0 })],
  ['E15', 'plan', 'PROMISES_NOT_CHECKED', stateOf(sale, { promises: null })],
  ['E15', 'plan', 'PRIVACY_VERSION_NOT_READ', stateOf(sale, { promises: { versions: [{ id: 'pvn_1', from: addDays(today, -900), until: null, promises: [], persons: 90, lost: [], reviewed: false, read: false }], personsWithoutVersion: 0, unknownDecided: false } }), { versions: 1 }], // the silence of a finder is no answer
  ['E15', 'plan', 'PROMISE_IN_THE_WAY', stateOf(sale, { promises: promises('no-third-party') }), { promises: 1, persons: 90 }],
  ['E15', 'close', 'PROMISE_IN_THE_WAY', { ...consentsAsked(0), promises: promises('separate-consent') }, { promises: 1, persons: 90 }], // a sale on a contract basis asks nobody
  ['E16', 'close', 'CHANGES_NOT_TOLD', facts('share-transfer', 'changes-told')],
  ['E16', 'close', 'PROVISION_WITHOUT_BASIS', saw('share-transfer', { shows: 'clear-text', ground: 'none' }), { parties: 1 }],
  ['B09', 'pack', 'QUALITY_FINDINGS_OPEN', facts(sale, 'quality-findings-disclosed'), { rows: 4 }],
  ['B09', 'pack', 'QUALITY_FINDINGS_OPEN', said(sale, 'quality-findings-disclosed', { rows: 3, list: digest, on: today }), { rows: 1 }],
  ['B09', 'pack', 'QUALITY_FINDINGS_OPEN', said(sale, 'quality-findings-disclosed', { rows: 4, list: digest, on: addDays(today, 1) }), { rows: 4 }],
  ['E16', 'close', 'COURTESY_NOTICE_MISSING', stateOf('share-transfer', { positions: { ...stateOf('share-transfer').positions, share_deal_notice: 'courtesy_notice_to_all' } })],
  ['E17', 'pack', 'CONTRACT_ASSENT_MISSING', withPlanOf(sale, { transfer: { contractWithoutAssent: 12 } }), { records: 12 }],
  ['E18', 'close', 'JOIN_NOT_APPROVED', facts(sale, 'join-approved')],
  ['F02', 'pack', 'UNDERTAKING_INCOMPLETE', undertaking({ accepts: undefined })],
  ['F07', 'pack', 'DATA_ONLY_SALE', bareList(stateOf('bankruptcy', { successor: true, plan: consentsAsked(0).plan })), { records: 100 }],
  ['F07', 'pack', 'DATA_ONLY_SALE', bareList(consentsAsked(40)), { records: 60 }],
  ['F07', 'pack', 'BULK_SALE_NOT_SUPPORTED', said('data-only', 'bulk-sale-counsel-opinion', {})],
  ['F07', 'pack', 'BULK_SALE_NOT_SUPPORTED', said('data-only', 'bulk-sale-counsel-opinion', { conclusion: 'objects' })],
  ['F07', 'pack', 'BULK_SALE_NOT_SUPPORTED', stateOf('data-only', { opinions: opinion('F07', 'objects') })],
  ['F03', 'close', 'PROVISION_RECORD_NOT_KEPT', facts('dissolution', 'custody-deed-signed')],
  ['F03', 'close', 'PROVISION_RECORD_NOT_KEPT', { ...facts('merger-absorb', 'custody-deed-signed'), facts: { ...without('custody-deed-signed'), 'successor-undertaking-signed': undefined } }],
  ['F03', 'close', 'PROVISION_RECORD_NOT_KEPT', said('bankruptcy', 'custody-deed-signed', { holder: 'c', deed: digest, signedOn: today, until: dayOf('2029-11-20') })],
  ['F04', 'close', 'PROCESSOR_COPY_OPEN', processors({ open: 2 }), { copies: 2 }],
  ['F04', 'close', 'PROCESSOR_WITHOUT_PROOF', processors({ withoutProof: 1 }), { copies: 1 }],
  ['F04', 'close', 'INVENTORY_NOT_SIGNED', { ...processors({ ended: 0 }), facts: without('inventory-signed-off') }],
  ['F04', 'close', 'PROCESSOR_WITHOUT_PROOF', processors({ withoutProof: 1, kept: 1 }), { copies: 1 }], // the handler changes: a copy may not simply stay at the old one's processor
  ['F04', 'close', 'PROCESSOR_WITHOUT_PROOF', processors({ ended: 2, withoutProof: 2, kept: 1 }, 'share-transfer'), { copies: 1 }],
  ['F05', 'pack', 'RECIPIENT_NOT_REVIEWED', facts(sale, 'recipient-reviewed')],
  ['F05', 'pack', 'RECIPIENT_WEAK', said(sale, 'recipient-reviewed', weak)],
  ['F06', 'close', 'VIOLATION_NOT_STOPPED', said(sale, 'recipient-violation', { foundOn: today, stopDemandedOn: today, accessRevokedOn: null, deletionDemandedOn: today })],
  ['F08', 'pack', 'JOINT_AGREEMENT_MISSING', facts(sale, 'joint-agreement-signed')],
  ['G02', 'pack', 'EXPORT_CONSENT_MISSING', exportConsent({ due: 40, given: 30, refused: 0, none: 10 }), { records: 10 }],
  ['G02', 'pack', 'EXPORT_CONSENT_MISSING', exportConsent({ due: 40, given: 30, refused: 0, none: 0 }), { records: 10 }], // due, and in no column
  ['G02', 'pack', 'EXPORT_CONSENT_REFUSED', exportConsent({ due: 40, given: 38, refused: 2, none: 0 }), { records: 2 }],
  ['G02', 'pack', 'SEPARATE_CONSENT_TEXT_MISSING', facts('merger-new', 'separate-consent-text-approved')],
  ['E06', 'pack', 'CONSENT_TEXT_BUNDLED', facts('merger-new', 'separate-consent-text-approved')],
  ['G03', 'pack', 'EXPORT_COUNTS_OF_OTHER_YEAR', said(sale, 'export-answers', { ciio: false, exemption: 'none', year: 2025, elsewherePersons: 0, elsewhereSensitive: 0 })],
  ['G04', 'close', 'CONTRACT_NOT_FILED', route({ route: 'standard-contract', number: '沪网信备〔2026〕第1号', document: digest })],
  ['G05', 'close', 'EXPORT_EXTENSION_DUE', route({ route: 'security-assessment', number: '国网评〔2023〕9号', validUntil: addDays(today, 60) })],
  ['G06', 'close', 'CERTIFICATE_RENEWAL_DUE', route({ route: 'certification', number: 'C-2023-77', validUntil: addDays(today, 150) })],
  ['G07', 'pack', 'FOREIGN_REQUEST_NOT_APPROVED', facts(sale, 'foreign-request-approved')],
  ['G08', 'close', 'ARCHIVES_NOT_CLEARED', facts(sale, 'archives-export-cleared')],
]

/** Rules of the sale that hold only after a bend. */
const alsoHolds: [rule: string, step: GuardedStep, state: MatterState][] = [
  ['A06', 'plan', sector({ sectors: ['payment'], overlay: [paying] })],
  ['E14', 'close', settled({ localRule: 'none', individually: false })],
  ['E15', 'close', { ...consentsAsked(100), promises: promises('separate-consent') }],
  ['D03', 'close', facts('merger-new', 'custody-deed-signed')], // the company that takes everything over keeps the records (民法典 67)
  ['F03', 'close', facts('merger-absorb', 'custody-deed-signed')],
  ['E14', 'close', declared('stop-product', {})],
  ['F04', 'close', processors({ open: 2, ended: 1, withoutProof: 1, kept: 1 }, 'share-transfer')],
  ['F07', 'pack', stateOf('data-only', { opinions: opinion('F07', 'supports') })],
  ['C01', 'close', saw('share-transfer', { shows: 'counts-only', ground: 'none', agreement: undefined })],
  ['C01', 'close', remedied(saw('share-transfer', { ground: 'none' }), addDays(today, -30))],
  ['C02', 'close', remedied(nda({ signedOn: addDays(today, -59) }), addDays(today, -30))],
  ['C03', 'room-open', released('anonymised')],
  ['C06', 'close', returned(saw(sale, { where: 'copies' }), addDays(today, -30))],
  ['C06', 'close', saw(sale, { where: 'live-system', ground: 'entrusted', until: null })],
  ['D01', 'close', stateOf('share-transfer')],
  ['D05', 'pack', important(null)],
  ['D07', 'pack', assessed({})],
  ['E05', 'pack', { ...withPlanOf('merger-new', { transfer: { newUseBlocked: 6 } }), receiverChangesPurpose: true, facts: { ...allFacts, 'successor-undertaking-signed': [signed('successor-undertaking-signed', { undertaking: digest, signedOn: today, samePurpose: false, newUseWaits: true })] } }],
  ['G04', 'close', route({ route: 'standard-contract', number: '沪网信备〔2026〕第1号', document: digest, effectiveOn: addDays(today, -9), filedOn: today })],
  ['G05', 'close', route({ route: 'security-assessment', number: '国网评〔2025〕9号', validUntil: addDays(today, 400) })],
  ['G06', 'close', route({ route: 'certification', number: 'C-2025-77', validUntil: addDays(today, 400) })],
]

/** A state in which the rule has nothing to ask. */
const away: [rule: string, step: GuardedStep, state: MatterState][] = [
  ['A05', 'pack', declared('merger-new', {})], ['A07', 'pack', declared(sale, {})], ['A08', 'pack', { ...declared(sale, {}), parties: [] }], ['B09', 'pack', stateOf('dissolution')], ['B10', 'plan', declared(sale, {})], ['B11', 'pack', stateOf('share-transfer')], ['B12', 'pack', withDataSet(sale, { publicBased: false })],
  ['C01', 'close', nobodySaw(sale)], ['C02', 'close', nobodySaw(sale)], ['C03', 'room-open', released('clear-text')],
  ['C04', 'close', noRoom(saw('share-transfer', { place: 'mainland', where: 'copies' }))], ['D01', 'close', { ...nobodySaw('share-transfer'), plan: null }], ['E02', 'close', saw('share-transfer', { ground: 'entrusted', toldOn: undefined })], ['F01', 'close', nobodySaw('share-transfer')], ['C06', 'close', nobodySaw(sale)], ['C07', 'close', nobodySaw(sale)],
  ['D02', 'pack', facts(sale, 'pia-approved')], ['D03', 'close', facts(sale, 'pia-approved')], ['D04', 'close', facts(sale, 'pia-approved')], ['D05', 'pack', stateOf(sale)],
  ['D07', 'pack', stateOf(sale, { counts: { countedOn: today, stale: false, persons: 100_000, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 } })],
  ['E03', 'pack', withPlanOf(sale, { transfer: { notices: {} } })], ['E05', 'pack', stateOf(sale)], ['E06', 'pack', withPlanOf(sale, { transfer: { consents: { transfer: nobody(), sensitive: nobody(), guardian: nobody(), export: nobody() } } })],
  ['E07', 'pack', withPlanOf(sale, { transfer: { consents: { transfer: nobody(), sensitive: nobody(), guardian: nobody(), export: nobody() } } })], ['E09', 'pack', withPlanOf(sale, { transfer: { under14: 0 } })], ['E10', 'pack', withDataSet(sale, { consentBased: false })],
  ['E11', 'pack', withPlanOf(sale, { transfer: { notices: {} } })], ['E12', 'pack', declared(sale, {})], ['E13', 'destroy', declared('stop-product', {})], ['E14', 'destroy', declared(sale, {})], ['E16', 'close', stateOf(sale)],
  ['E17', 'pack', stateOf('merger-new')], ['E18', 'close', declared(sale, {})], ['F03', 'close', { ...nobodySaw(sale), packages: { issued: 0, withoutAcceptance: 0, withDifferences: 0, withoutReconciliation: 0 } }], ['F04', 'close', processors({ ended: 0 })],
  ['F05', 'pack', nobodySaw('dissolution')], ['F06', 'close', facts(sale, 'recipient-violation')], ['F02', 'pack', stateOf(sale)], ['F07', 'pack', stateOf('bankruptcy', { successor: true })], ['F08', 'pack', declared(sale, {})], ['G02', 'pack', stateOf(sale, { exportRoute: null })], ['G03', 'pack', stateOf(sale, { exportRoute: null })], ['G04', 'close', stateOf(sale)], ['G05', 'close', stateOf(sale)], ['G06', 'close', stateOf(sale)],
  ['G07', 'pack', declared(sale, {})], ['G08', 'pack', declared(sale, {})],
]

function fail(): never {
  throw new Error('the cases have a plan')
}

function nobody(): { due: number; given: number; refused: number; none: number } {
  return { due: 0, given: 0, refused: 0, none: 0 }
}

function ask(id: string, step: GuardedStep, state: MatterState): GateResult {
  const rule = ruleOf(id)
  if (rule === undefined) throw new Error(`no rule ${id}`)
  return askRule(rule, step, state)
}

const mine = [...new Set(unmet.map(([rule]) => rule))]

describe('rules of the deal (letters A–G)', () => {
  it.each(unmet)('%s before %s finds %s', (id, step, code, state, counts) => {
    expect(ruleOf(id)?.guards, `${id} stands before ${step}`).toContain(step)
    const result = ask(id, step, state)
    expect(result.status).toBe('unmet')
    expect(result.obstacles.find((each) => each.code === code && (counts === undefined || JSON.stringify(each.counts) === JSON.stringify(counts))), JSON.stringify(result.obstacles)).toBeDefined()
  })

  it.each(alsoHolds)('%s holds before %s once it is settled', (id, step, state) => {
    expect(ask(id, step, state)).toMatchObject({ status: 'satisfied', obstacles: [] })
  })

  it.each(away)('%s has nothing to ask before %s', (id, step, state) => {
    expect(ask(id, step, state).status).toBe('not-applicable')
  })

  it('have, each of them, a case in which they hold, one in which they fail and one in which they do not apply', () => {
    const held = new Set([...alsoHolds.map(([id]) => id), ...matterTypes.flatMap((type) => guardedSteps.flatMap((step) => rules.filter(({ id, guards }) => guards.includes(step) && ask(id, step, stateOf(type)).status === 'satisfied').map(({ id }) => id)))])
    expect(mine.filter((id) => !held.has(id))).toEqual([])
    // Every transferor belongs to a sector or to none, a room that is opened always has controls, and everybody has promised something or nothing: A06, C05 and E15 ask always.
    expect(mine.filter((id) => !away.some(([each]) => each === id))).toEqual(['A06', 'C05', 'E15'])
    expect(rules.filter(({ id }) => /^[A-G]/.test(id)).filter(({ guards }) => guards.length === 0).map(({ id }) => id)).toEqual([])
  })

  it('take no word for another: what was declared before today counts, an unsigned circumstance stops what BLOCK rules guard', () => {
    expect(ask('C01', 'pack', stateOf(sale, { facts: {} })).stops).toBe(true)
    expect(ask('A05', 'pack', stateOf('merger-new', { facts: {} })).stops).toBe(true)
    expect(everythingDeclared.ciio && !nothingDeclared.ciio).toBe(true)
  })

  it('catch a buyer who looks at the customer system after a mere share purchase, until it is remedied', () => {
    const look = saw('share-transfer', { shows: 'clear-text', where: 'live-system', ground: 'none', place: 'mainland', until: null })
    expect([ask('C01', 'close', look).stops, ask('E16', 'close', look).status, ask('C06', 'close', look).stops]).toEqual([true, 'unmet', true])
    const remedied = { ...look, facts: { ...look.facts, 'provision-remedied': [signed('provision-remedied', { party: 'b', accessEndedOn: today, copiesDestroyed: true, incidentAssessed: true, opinion: digest })] } }
    expect(ask('C01', 'close', remedied).status).toBe('satisfied')
    expect(ask('E01', 'pack', look).status).toBe('not-applicable') // and still no notice of Article 22: the handler stays
    expect(ask('C01', 'close', saw('share-transfer', { shows: 'clear-text', ground: 'entrusted', sensitiveOrMinors: false })).status).toBe('satisfied')
  })

  it('weigh a promise by what it leaves open and by the kind of deal', () => {
    const promise = (kind: 'no-third-party' | 'separate-consent' | 'no-export' | 'purpose-only', exceptions: ('restructuring' | 'consent')[] = []) => ({ kind, clause: 1, exceptions, days: null })
    expect([standsAgainst(promise('no-third-party'), stateOf('merger-new')), standsAgainst(promise('no-third-party', ['restructuring']), stateOf('merger-new')), standsAgainst(promise('no-third-party', ['restructuring']), stateOf(sale)), standsAgainst(promise('no-third-party', ['consent']), stateOf(sale))]).toEqual([true, false, true, false])
    expect([standsAgainst(promise('separate-consent'), stateOf('merger-new')), standsAgainst(promise('separate-consent'), stateOf(sale)), standsAgainst(promise('no-export'), stateOf(sale)), standsAgainst(promise('no-export'), stateOf(sale, { exportRoute: null })), standsAgainst(promise('purpose-only'), stateOf(sale, { receiverChangesPurpose: true }))]).toEqual([true, false, true, false, true])
    expect(standsAgainst(promise('no-third-party'), stateOf('share-transfer'))).toBe(false)
    expect([decidedPromises?.versions.length, goingAbroad().recipients]).toEqual([1, 1])
  })
})
