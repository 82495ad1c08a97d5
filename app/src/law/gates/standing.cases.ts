// SPDX-License-Identifier: Apache-2.0
// Facts and state in which every rule of letters I, K, L and M is satisfied; spread into the cases of the gates and bent by standing.test.ts.
import { addDays, dayOf, instantOf } from '../../kit/time.ts'
import type { FactName, FactValue } from '../facts.ts'
import type { FactsByName, SignedFact } from '../matter-state.ts'
import type { MatterType } from '../nouns.ts'
import { rulesVersion } from '../rules-version.ts'
import { nothingStanding, type StandingState } from '../standing-state.ts'

const today = dayOf('2026-11-21')
const earlier = addDays(today, -10)
const digest = 'ab'.repeat(32)
const holder = `pty_${'4'.repeat(32)}`

function fact<N extends FactName>(name: N, value: FactValue<N>): SignedFact<N> {
  return { id: `fct_${'5'.repeat(32)}`, name, value, signerRole: 'transferor', recordedOn: earlier, hasEvidence: true }
}

/** An incident in which everything was done; larger grade, minors and a crime. */
export const settledIncident: FactValue<'incident-known'> = {
  incident: 'INC-2026-01', knownAt: instantOf('2026-09-01T09:00:00+08:00'), kind: 'leak', persons: 1_000_000, under18: 12, lossYuan: 0, openClause: 'none', operator: 'other', crimeSuspected: true, harmAvoided: false,
  remediedAt: instantOf('2026-09-01T10:00:00+08:00'), authorityToldAt: instantOf('2026-09-01T10:30:00+08:00'), reportedAt: instantOf('2026-09-01T12:00:00+08:00'),
  personsToldOn: dayOf('2026-09-02'), guardiansToldOn: dayOf('2026-09-02'), policeToldOn: dayOf('2026-09-01'), handledOn: dayOf('2026-09-20'), summaryFiledOn: dayOf('2026-10-01'),
}

/** All facts that the rules I, K, L and M ask for. */
export const standingCaseFacts = {
  'request-register-reviewed': [fact('request-register-reviewed', { reviewedOn: earlier, accountClosures: { received: 3, overdue: 0, extraConditions: false }, portability: { received: 1, overdue: 0 }, relatives: { received: 1, overdue: 0 } })],
  'refusals-answered': [fact('refusals-answered', { on: earlier, persons: 2, reasonGiven: true, complaintRouteTold: true, courtTold: true, minorsInWriting: true })],
  'corrections-passed-on': [fact('corrections-passed-on', { on: earlier, records: 4, confirmedByRecipient: true })],
  'complaint-channel-published': [fact('complaint-channel-published', { where: 'own-website', publishedOn: earlier, acceptsReports: true })],
  'rights-contact-published': [fact('rights-contact-published', { holder, where: 'own-website', publishedOn: earlier, until: null })],
  'liquidation-group-formed': [fact('liquidation-group-formed', { causeOn: addDays(today, -100), formedOn: addDays(today, -90), members: 3, by: 'shareholders' })],
  'liquidation-published': [fact('liquidation-published', { causePublishedOn: addDays(today, -95), groupPublishedOn: addDays(today, -85) })],
  'liquidation-creditors-told': [fact('liquidation-creditors-told', { knownToldOn: addDays(today, -85), announcedOn: addDays(today, -80), where: 'newspaper', prepaidCustomers: 20, prepaidTold: 20, ledger: digest })],
  'use-limited-to-liquidation': [fact('use-limited-to-liquidation', { decidedOn: earlier, marketingStoppedOn: earlier })],
  'restructuring-creditors-told': [fact('restructuring-creditors-told', { resolvedOn: addDays(today, -60), knownToldOn: addDays(today, -55), announcedOn: addDays(today, -40), where: 'newspaper' })],
  'sale-plan-approved': [fact('sale-plan-approved', { approvedOn: earlier, by: 'creditors-meeting', wholeBusiness: true, reportedOn: earlier, bareList: false })],
  'face-filing-cancelled': [fact('face-filing-cancelled', { answer: 'cancelled', on: earlier })],
  'tax-office-told': [fact('tax-office-told', { toldOn: earlier })],
  'incident-drill-done': [fact('incident-drill-done', { drilledOn: earlier, trainedOn: earlier })],
  'incidents-reviewed': [fact('incidents-reviewed', { reviewedOn: earlier, incidents: 1 })],
  'incident-known': [fact('incident-known', settledIncident)],
  'crypto-need-checked': [fact('crypto-need-checked', { checkedOn: earlier, mlpsLevel: 3, required: true })],
  'crypto-assessment-passed': [fact('crypto-assessment-passed', { assessedOn: earlier })],
  'protection-officer-filed': [fact('protection-officer-filed', { filedOn: earlier, contactPublic: true })],
  'organisation-size': [fact('organisation-size', { on: earlier, staff: 201, mainBusinessIsPersonalInformation: true, millionExpectedWithinYear: false })],
  'full-time-officer-appointed': [fact('full-time-officer-appointed', { appointedOn: earlier, unit: true })],
  'training-done': [fact('training-done', { transferorOn: earlier, tested: 8, passed: 8, transfereeOn: earlier })],
  'sanction-rules-adopted': [fact('sanction-rules-adopted', { adoptedOn: earlier, casesRecorded: 0 })],
  'compliance-audit-done': [fact('compliance-audit-done', { reportedOn: earlier, report: digest, points: 26, by: 'institution' })],
  'minors-audit-filed': [fact('minors-audit-filed', { year: 2025, filedOn: dayOf('2026-01-20') })],
  'audit-institution-engaged': [fact('audit-institution-engaged', { timesInRow: 3, subcontracted: false, deletedOn: earlier })],
  'important-data-duties-met': [fact('important-data-duties-met', { officer: true, unit: true, assessedOn: earlier })],
  'platform-scale-checked': [fact('platform-scale-checked', { checkedOn: earlier, registered: 50_000_000, monthlyActive: 1_000_000, complexAndImportant: true })],
  'responsibility-report-published': [fact('responsibility-report-published', { year: 2025, publishedOn: earlier, report: digest, disclosures: 8 })],
  'policy-register-reviewed': [fact('policy-register-reviewed', { reviewedOn: earlier, items: 11 })],
  'law-changes-checked': [fact('law-changes-checked', { checkedOn: earlier, rules: rulesVersion })],
} as const satisfies FactsByName

/** The standing state in which those facts answer everything: requests in time, a sealed set with a custodian, an answered audit order. */
export function standingOf(type: MatterType): StandingState {
  const ends = type === 'dissolution' || type === 'bankruptcy'
  return {
    ...nothingStanding,
    requests: { open: [{ choice: 'ask', receivedOn: earlier, persons: 2 }], refused: 2, refusedMinors: 1, copies: 1, correctedAfterLeaving: 4 },
    custody: { sets: ends ? 1 : 0, values: ends ? 30 : 0, until: ends ? dayOf('2056-12-31') : null, endless: false },
    authorities: { open: 1, overdue: 0, earliestDue: addDays(today, 5), auditOrders: { open: 0, overdue: 0, answered: 1 } },
  }
}
