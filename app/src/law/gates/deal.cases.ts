// SPDX-License-Identifier: Apache-2.0
// Facts with which every rule of letters A–G that hangs on the deal is satisfied; spread into the cases of the gates and bent by deal.test.ts.
import { addDays, addYears, dayOf } from '../../kit/time.ts'
import type { FactName, FactValue } from '../facts.ts'
import type { FactsByName, MatterState, SignedFact } from '../matter-state.ts'

const today = dayOf('2026-11-21')
const earlier = addDays(today, -10)
const digest = 'ab'.repeat(32)

function fact<N extends FactName>(name: N, value: FactValue<N>): SignedFact<N> {
  return { id: `fct_${'6'.repeat(32)}`, name, value, signerRole: 'transferor', recordedOn: earlier, hasEvidence: true }
}

/** Everything that can be declared is declared: each rule that asks has its yes. */
export const everythingDeclared: FactValue<'circumstances-declared'> = {
  declaredOn: earlier, ciio: true, broker: true, foreignControl: true, foreignListing: true, derivedData: true, outsidersSaw: true, marketing: true, eCommerceStops: true, prepaid: true, joinsOwnData: true, jointProcessing: true, foreignRequest: true, stateArchives: true,
}

/** Nothing special about the deal. */
export const nothingDeclared: FactValue<'circumstances-declared'> = {
  declaredOn: earlier, ciio: false, broker: false, foreignControl: false, foreignListing: false, derivedData: false, outsidersSaw: false, marketing: false, eCommerceStops: false, prepaid: false, joinsOwnData: false, jointProcessing: false, foreignRequest: false, stateArchives: false,
}

/** A buyer's three people who saw masked lists in the data room, under a contract and an assessment. */
export const maskedLook: FactValue<'viewer-access'> = { party: 'b', people: 3, shows: 'masked', where: 'data-room', from: addDays(today, -60), until: addDays(today, -30), place: 'abroad', ground: 'other-basis-assessed', sensitiveOrMinors: false, agreement: { document: digest, signedOn: addDays(today, -61) }, toldOn: addDays(today, -61) }

/** An approved assessment with its three contents. */
export const wholeAssessment: FactValue<'pia-approved'> = { report: digest, approvedOn: earlier, covers: ['purpose-and-method', 'rights-and-risk', 'measures'], form: 'full', residualRisk: 'high', managementSigned: true, keptUntil: addYears(earlier, 3) }

/** A room whose controls were all tried. */
export const soundRoom: FactValue<'room-controls-tested'> = { testedOn: earlier, roleBound: true, exportsNeedApproval: true, rolesSeparated: true, watermark: true, minorsEachTime: true, abroadBlocked: true }

/** All facts of the deal. */
export const dealCaseFacts = {
  'circumstances-declared': [fact('circumstances-declared', everythingDeclared)],
  'ciio-reported': [fact('ciio-reported', { reportedOn: earlier, instructionsFollowed: true })],
  'broker-reviewed': [fact('broker-reviewed', { statement: digest, identitiesChecked: true, recordsKept: true, reviewedOn: earlier })],
  'security-review-opinion': [fact('security-review-opinion', { opinion: digest, answer: 'not-needed', on: earlier })],
  'opt-outs-brought-in': [fact('opt-outs-brought-in', { on: earlier, systems: 3, entries: 9 })],
  'lineage-recorded': [fact('lineage-recorded', { recordedOn: earlier, fields: 4 })],
  'public-scope-checked': [fact('public-scope-checked', { checkedOn: earlier, refusalsHonoured: true, noUnrelatedMessages: true })],
  'quality-findings-disclosed': [fact('quality-findings-disclosed', { rows: 4, list: digest, on: earlier })],
  'viewer-access': [fact('viewer-access', maskedLook)],
  'nda-signed': [fact('nda-signed', { party: 'b', document: digest, signedOn: addDays(today, -61), people: 3, survivesFailedDeal: true })],
  'room-release-approved': [fact('room-release-approved', { list: digest, approvedOn: earlier, content: 'de-identified', ground: 'none' })],
  'de-identification-evaluated': [fact('de-identification-evaluated', { report: digest, on: earlier, release: 'controlled', smallestClass: 5, riskPerMille: 49, banSigned: true })],
  'room-controls-tested': [fact('room-controls-tested', soundRoom)],
  'room-scan-clean': [fact('room-scan-clean', { report: digest, scannedOn: earlier, sensitiveHits: 0, biometricHits: 0, under14Hits: 0 })],
  'pia-approved': [fact('pia-approved', wholeAssessment)],
  'important-data-assessment': [fact('important-data-assessment', { report: digest, assessedOn: earlier, sixPoints: true, contractCanBind: true })],
  'notice-text-approved': [fact('notice-text-approved', { texts: digest, kinds: ['art22', 'art23', 'art30', 'art31', 'art39', 'close30'], approvedOn: earlier, plain: true, prominent: true, listed: true })],
  'separate-consent-text-approved': [fact('separate-consent-text-approved', { text: digest, approvedOn: earlier, free: { onePurposeEach: true, noPreTick: true, notMerged: true } })],
  'child-rules-ready': [fact('child-rules-ready', { rules: digest, inForceOn: earlier, namedPerson: true })],
  'withdrawal-tested': [fact('withdrawal-tested', { testedOn: earlier, asEasyAsGiving: true, serviceNotRefused: true })],
  'marketing-consent-kept': [fact('marketing-consent-kept', { checkedOn: earlier, perChannel: true, optOutAtOnce: true })],
  'home-page-notice': [fact('home-page-notice', { from: addDays(today, -31), continuous: true, snapshots: digest })],
  'prepaid-settled': [fact('prepaid-settled', { toldOn: addDays(today, -31), individually: true, localRule: 'shanghai', refundList: digest, customers: 20, unsettled: 0, stoppedTaking: true })],
  'closing-announced': [fact('closing-announced', { announcedOn: addDays(today, -31), where: 'shop-front', contact: true })],
  'changes-told': [fact('changes-told', { changes: ['contact'], toldOn: earlier })],
  'join-approved': [fact('join-approved', { assessment: digest, approvedOn: earlier, purposeTested: true, regraded: true })],
  'recipient-reviewed': [fact('recipient-reviewed', { form: digest, reviewedOn: earlier, security: 'adequate', integrity: 'adequate', violations: 'none-found' })],
  'recipient-violation': [fact('recipient-violation', { foundOn: earlier, stopDemandedOn: earlier, accessRevokedOn: earlier, deletionDemandedOn: earlier })],
  'joint-agreement-signed': [fact('joint-agreement-signed', { agreement: digest, signedOn: earlier, dutiesDivided: true })],
  'foreign-request-approved': [fact('foreign-request-approved', { authority: 'justice', number: '司国协〔2026〕7号', approvedOn: earlier })],
  'archives-export-cleared': [fact('archives-export-cleared', { answer: 'none-of-state-importance', on: earlier })],
  'abroad-access': [fact('abroad-access', { viewers: 3, processors: 0, persons: 5, sensitive: 0 })],
  'export-answers': [fact('export-answers', { ciio: false, exemption: 'none', year: 2026, elsewherePersons: 0, elsewhereSensitive: 0 })],
} as const satisfies FactsByName

/** One version with a promise in the way that who is responsible has decided on. */
export const decidedPromises: MatterState['promises'] = {
  versions: [{ id: 'pvn_1', from: addDays(today, -900), until: null, promises: [{ kind: 'no-third-party', clause: 7, exceptions: [], days: null }], persons: 90, lost: [], reviewed: true, read: true }], personsWithoutVersion: 20, unknownDecided: true,
}
