// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays, dayOf, instantOf } from '../../kit/time.ts'
import { isCommandName } from '../../cli/commands.ts'
import { factTable, isFactName, type FactName, type FactValue } from '../facts.ts'
import { rules } from '../law-data.ts'
import { cautiousPositions } from '../legal-positions.ts'
import type { FactsByName, MatterState, PersonCounts } from '../matter-state.ts'
import { guardedSteps, matterTypes, type GuardedStep, type MatterType } from '../nouns.ts'
import { explainObstacle, type ObstacleCode } from '../obstacles.ts'
import { standingFacts } from '../standing-facts.ts'
import { standingObstacles } from '../standing-obstacles.ts'
import { askRule, gateFor, gateRules, type GateResult } from './gate-for.rules.ts'
import { allFacts, signed, stateOf, today, without } from './gates.cases.ts'
import { settledIncident, standingOf } from './standing.cases.ts'
import { standingFor } from './standing.rules.ts'

const sale: MatterType = 'asset-transfer'
const end: MatterType = 'dissolution'
const counts = (bend: Partial<PersonCounts>): PersonCounts => ({ countedOn: today, stale: false, persons: 110, sensitive: 12, under14: 3, under18: 5, unknownAge: 6, face: 0, ...bend })
const facts = (type: MatterType, ...names: FactName[]): MatterState => stateOf(type, { facts: names.reduce((left, name) => ({ ...left, [name]: undefined }), allFacts) })
const said = <N extends FactName>(type: MatterType, name: N, value: FactValue<N>, change: Partial<MatterState> = {}): MatterState => stateOf(type, { facts: { ...allFacts, [name]: [signed(name, value)] }, ...change })
const requests = (bend: Partial<MatterState['requests']>, change: Partial<MatterState> = {}): MatterState => stateOf(sale, { requests: { ...standingOf(sale).requests, ...bend }, ...change })
const incident = (bend: Partial<FactValue<'incident-known'>>): MatterState => said(sale, 'incident-known', { ...settledIncident, ...bend })
const register = (bend: Partial<FactValue<'request-register-reviewed'>>): MatterState =>
  said(sale, 'request-register-reviewed', { reviewedOn: today, accountClosures: { received: 0, overdue: 0, extraConditions: false }, portability: { received: 0, overdue: 0 }, relatives: { received: 0, overdue: 0 }, ...bend })
const creditors = { knownToldOn: addDays(today, -50), announcedOn: addDays(today, -46), where: 'newspaper', prepaidCustomers: 20, prepaidTold: 20, ledger: 'ab'.repeat(32) } as const
const salePlan = { approvedOn: today, by: 'court', wholeBusiness: false, bareList: false } as const
const important = (value: FactValue<'important-data-duties-met'>): MatterState => said(sale, 'important-data-duties-met', value, { facts: { ...allFacts, 'important-data-duties-met': [signed('important-data-duties-met', value)], 'important-data-checked': [signed('important-data-checked', { answer: 'identified-not-notified', checkedOn: today })] } })
const withFacts = (change: FactsByName): Pick<MatterState, 'facts'> => ({ facts: { ...allFacts, ...change } })
/** The company's last audit stands in a signed answer alone. */
const audits = (value: FactValue<'audit-cycle-checked'>): MatterState => stateOf(sale, withFacts({ 'compliance-audit-done': undefined, 'audit-cycle-checked': [signed('audit-cycle-checked', value)] }))
/** Nothing was filed about minors, and somebody signed why. */
const noMinors = (bend: Partial<FactValue<'minors-not-processed'>> & Pick<FactValue<'minors-not-processed'>, 'because'>): MatterState =>
  stateOf(sale, { ...withFacts({ 'minors-audit-filed': undefined, 'minors-not-processed': [signed('minors-not-processed', { fromYear: 2024, untilYear: 2026, checkedOn: today, ...bend })] }) })
/** The minors that were counted are erased. */
const erased = (state: MatterState, minorsSeen: number): MatterState => ({ ...state, counts: counts({ under14: 0, under18: 0 }), dutyEvents: { ...state.dutyEvents, minorsSeen } })
const contact = { holder: `pty_${'4'.repeat(32)}`, where: 'own-website', publishedOn: today, until: null } as const
const withSuccessor = { successor: true } as const

type Asked = GuardedStep | 'standing'
/** Each rule with states in which it must find exactly this obstacle. */
const unmet: [rule: string, at: Asked, code: ObstacleCode, state: MatterState, counts?: Record<string, number>][] = [
  ['I01', 'standing', 'REQUEST_OVERDUE', requests({ open: [{ choice: 'copy', receivedOn: dayOf('2026-10-19'), persons: 3 }, { choice: 'ask', receivedOn: dayOf('2026-11-20'), persons: 1 }] }), { persons: 3 }],
  ['I02', 'standing', 'ACCOUNT_CLOSURE_OVERDUE', requests({ open: [{ choice: 'delete', receivedOn: dayOf('2026-10-29'), persons: 2 }] }), { persons: 2 }],
  ['I02', 'standing', 'ACCOUNT_CLOSURE_OVERDUE', { ...facts(sale, 'request-register-reviewed'), requests: { ...standingOf(sale).requests, open: [{ choice: 'delete', receivedOn: dayOf('2026-10-29'), persons: 2 }] } }, { persons: 2 }],
  ['I02', 'standing', 'ACCOUNT_CLOSURE_OVERDUE', register({ accountClosures: { received: 4, overdue: 1, extraConditions: false } }), { persons: 1 }],
  ['I02', 'standing', 'ACCOUNT_CLOSURE_CONDITIONS', register({ accountClosures: { received: 4, overdue: 0, extraConditions: true } })],
  ['I02', 'standing', 'REQUEST_REGISTER_NOT_REVIEWED', facts(sale, 'request-register-reviewed')],
  ['I02', 'standing', 'REQUEST_REGISTER_NOT_REVIEWED', register({ reviewedOn: addDays(today, -31) })],
  ['I03', 'standing', 'REFUSALS_NOT_EXPLAINED', requests({ refused: 5 }), { persons: 3, minors: 1 }],
  ['I03', 'standing', 'REFUSALS_NOT_EXPLAINED', facts(sale, 'refusals-answered'), { persons: 2, minors: 1 }],
  ['I04', 'standing', 'PORTABILITY_OVERDUE', register({ portability: { received: 2, overdue: 2 } }), { persons: 2 }],
  ['I05', 'standing', 'CORRECTION_NOT_PASSED_ON', requests({ correctedAfterLeaving: 6 }), { records: 2 }],
  ['I06', 'standing', 'RELATIVES_OVERDUE', register({ relatives: { received: 1, overdue: 1 } }), { persons: 1 }],
  ['I07', 'standing', 'COMPLAINT_CHANNEL_MISSING', facts(sale, 'complaint-channel-published')],
  ['I09', 'close', 'RIGHTS_CONTACT_MISSING', facts(end, 'rights-contact-published')],
  ['I09', 'close', 'RIGHTS_CONTACT_ENDS_EARLY', said(end, 'rights-contact-published', { holder: `pty_${'4'.repeat(32)}`, where: 'own-website', publishedOn: today, until: dayOf('2056-12-30') })],
  ['I09', 'close', 'RIGHTS_CONTACT_ENDS_EARLY', said(end, 'rights-contact-published', { holder: `pty_${'4'.repeat(32)}`, where: 'own-website', publishedOn: today, until: dayOf('2099-12-30') }, { custody: { sets: 1, values: 30, until: null, endless: true } })],
  ['K01', 'close', 'LIQUIDATION_GROUP_MISSING', facts(end, 'liquidation-group-formed')],
  ['K02', 'close', 'LIQUIDATION_NOT_PUBLISHED', said(end, 'liquidation-published', { causePublishedOn: today, groupPublishedOn: addDays(today, 1) })],
  ['K03', 'close', 'CREDITORS_NOT_TOLD', facts(end, 'liquidation-creditors-told')],
  ['K03', 'close', 'PREPAID_CREDITORS_NOT_TOLD', said(end, 'liquidation-creditors-told', { ...creditors, prepaidTold: 13 }), { persons: 7 }],
  ['K03', 'close', 'CLAIM_PERIOD_RUNNING', said(end, 'liquidation-creditors-told', { ...creditors, announcedOn: addDays(today, -45) })],
  ['K04', 'close', 'USE_NOT_LIMITED', facts('bankruptcy', 'use-limited-to-liquidation')],
  ['K05', 'pack', 'RESTRUCTURING_CREDITORS_NOT_TOLD', facts('merger-absorb', 'restructuring-creditors-told')],
  ['K06', 'pack', 'SALE_PLAN_MISSING', { ...facts('bankruptcy', 'sale-plan-approved'), ...withSuccessor }],
  ['K06', 'pack', 'BARE_LIST_AUCTION', said('bankruptcy', 'sale-plan-approved', { ...salePlan, bareList: true }, withSuccessor)],
  ['K06', 'close', 'WHOLE_SALE_NOT_REPORTED', said('bankruptcy', 'sale-plan-approved', { ...salePlan, wholeBusiness: true }, withSuccessor)],
  ['K07', 'close', 'VALUES_PENDING', stateOf(end, { books: { pending: 4, inTransit: 0, balanced: true } }), { values: 4 }],
  ['K07', 'close', 'VALUES_IN_TRANSIT', stateOf(end, { books: { pending: 0, inTransit: 4, balanced: true } }), { values: 4 }],
  ['K07', 'close', 'SEALED_NOT_WITH_CUSTODIAN', stateOf(end, { custody: { sets: 0, values: 0, until: null, endless: false } }), { values: 30 }],
  ['K07', 'close', 'FACE_FILING_OPEN', { ...facts(end, 'face-filing-cancelled'), counts: counts({ face: 9 }) }, { persons: 9 }],
  ['K07', 'close', 'RIGHTS_CONTACT_MISSING', facts(end, 'rights-contact-published')],
  ['I09', 'close', 'RIGHTS_CONTACT_ENDED', said(end, 'rights-contact-published', { ...contact, until: addDays(today, -1) }, { custody: { sets: 0, values: 0, until: null, endless: false } })],
  ['I09', 'close', 'RIGHTS_CONTACT_OTHER_HOLDER', said(end, 'rights-contact-published', { ...contact, holder: 'b' })],
  ['I09', 'close', 'RIGHTS_CONTACT_OTHER_HOLDER', stateOf(end, { positions: { ...cautiousPositions, post_deregistration_holder: 'recipient' } })],
  ['I09', 'close', 'RIGHTS_CONTACT_OTHER_HOLDER', facts(end, 'custody-deed-signed')],
  ['K03', 'close', 'PREPAID_CREDITORS_UNCOUNTED', said(end, 'liquidation-creditors-told', { ...creditors, prepaidCustomers: 0, prepaidTold: 0 })],
  ['K03', 'close', 'PREPAID_CREDITORS_UNCOUNTED', said(end, 'liquidation-creditors-told', { ...creditors, prepaidCustomers: 19, prepaidTold: 19 })],
  ['K07', 'close', 'SEALED_NOT_WITH_CUSTODIAN', stateOf(end, { custody: { sets: 1, values: 12, until: dayOf('2056-12-31'), endless: false } }), { values: 18 }],
  ['K07', 'close', 'FACE_FILING_OPEN', { ...facts(end, 'face-filing-cancelled'), dataSets: stateOf(end).dataSets.map((dataSet) => ({ ...dataSet, holdsFaces: true })) }, { persons: 0 }],
  ['K07', 'close', 'RIGHTS_CONTACT_ENDED', said(end, 'rights-contact-published', { ...contact, until: addDays(today, -1) })],
  ['L02', 'pack', 'INCIDENT_NOT_REMEDIED', incident({ remediedAt: undefined }), { incidents: 1 }],
  ['L03', 'pack', 'INCIDENT_NOT_REPORTED', incident({ reportedAt: undefined })],
  ['L06', 'close', 'INCIDENTS_NOT_REVIEWED', facts(sale, 'incidents-reviewed')],
  ['I01', 'close', 'REQUEST_OVERDUE', requests({ open: [{ choice: 'copy', receivedOn: dayOf('2026-10-19'), persons: 3 }] }), { persons: 3 }],
  ['M07', 'close', 'AUDIT_ORDER_OVERDUE', stateOf(sale, { authorities: { open: 1, overdue: 1, earliestDue: today, auditOrders: { open: 1, overdue: 1, answered: 0 } } })],
  ['K08', 'destroy', 'TAX_OFFICE_NOT_TOLD', facts(end, 'tax-office-told')],
  ['L01', 'standing', 'DRILL_MISSING', said(sale, 'incident-drill-done', { drilledOn: dayOf('2025-11-20'), trainedOn: today })],
  ['L02', 'standing', 'INCIDENTS_NOT_REVIEWED', said(sale, 'incidents-reviewed', { reviewedOn: addDays(today, -31), incidents: 1 })],
  ['L02', 'standing', 'INCIDENTS_NOT_RECORDED', said(sale, 'incidents-reviewed', { reviewedOn: today, incidents: 2 }), { said: 2, known: 1 }],
  ['L02', 'standing', 'INCIDENT_NOT_REMEDIED', incident({ remediedAt: undefined }), { incidents: 1 }],
  ['L02', 'standing', 'INCIDENT_AUTHORITY_NOT_TOLD', incident({ authorityToldAt: undefined, harmAvoided: true })],
  ['L02', 'standing', 'INCIDENT_PERSONS_NOT_TOLD', incident({ personsToldOn: undefined, persons: 40 }), { incidents: 1, persons: 40 }],
  ['L03', 'standing', 'INCIDENT_NOT_REPORTED', incident({ reportedAt: undefined })],
  ['L03', 'standing', 'INCIDENT_NOT_REPORTED', incident({ reportedAt: undefined, persons: 3, openClause: 'larger' })],
  ['L04', 'standing', 'INCIDENT_SUMMARY_OVERDUE', incident({ summaryFiledOn: undefined, handledOn: dayOf('2026-10-21') })],
  ['L05', 'standing', 'INCIDENT_GUARDIANS_NOT_TOLD', incident({ guardiansToldOn: undefined }), { incidents: 1, persons: 12 }],
  ['L06', 'standing', 'CRIME_NOT_REPORTED', incident({ policeToldOn: undefined })],
  ['L08', 'standing', 'CRYPTO_NEED_NOT_CHECKED', facts(sale, 'crypto-need-checked', 'circumstances-declared')],
  ['L08', 'close', 'CRYPTO_NEED_NOT_CHECKED', facts(sale, 'crypto-need-checked', 'circumstances-declared')],
  ['L08', 'close', 'CRYPTO_NEED_CONTRADICTED', { ...stateOf(sale), facts: { ...without('circumstances-declared'), 'crypto-need-checked': [signed('crypto-need-checked', { checkedOn: today, mlpsLevel: 3, required: false })] } }],
  ['L08', 'standing', 'CRYPTO_NOT_ASSESSED', said(sale, 'crypto-assessment-passed', { assessedOn: dayOf('2025-11-20') })],
  ['M01', 'standing', 'PERSONS_NOT_COUNTED', stateOf(sale, { counts: null })],
  ['M01', 'standing', 'OFFICER_NOT_FILED', { ...facts(sale, 'protection-officer-filed'), counts: counts({ persons: 1_000_000 }) }, { persons: 1_000_000 }],
  ['M02', 'standing', 'ORGANISATION_SIZE_UNKNOWN', facts(sale, 'organisation-size')],
  ['M02', 'standing', 'FULL_TIME_OFFICER_MISSING', facts(sale, 'full-time-officer-appointed')],
  ['M02', 'standing', 'FULL_TIME_OFFICER_MISSING', { ...facts(sale, 'full-time-officer-appointed', 'organisation-size'), counts: counts({ sensitive: 100_000 }) }],
  ['M03', 'standing', 'TRAINING_MISSING', said(sale, 'training-done', { transferorOn: dayOf('2025-11-20'), tested: 3, passed: 3, transfereeOn: today })],
  ['M03', 'standing', 'TRAINING_NOT_PASSED', said(sale, 'training-done', { transferorOn: today, tested: 3, passed: 1, transfereeOn: today }), { persons: 2 }],
  ['M03', 'standing', 'RECIPIENT_NOT_TRAINED', said(sale, 'training-done', { transferorOn: today, tested: 3, passed: 3 })],
  ['M04', 'standing', 'SANCTION_RULES_MISSING', facts(sale, 'sanction-rules-adopted')],
  ['M05', 'standing', 'COMPLIANCE_AUDIT_MISSING', facts(sale, 'compliance-audit-done')],
  ['M05', 'close', 'COMPLIANCE_AUDIT_MISSING', { ...facts(sale, 'compliance-audit-done'), ...audits({ answer: 'first-not-due', checkedOn: today, processingSince: addDays(today, 1) }) }],
  ['M05', 'close', 'FIRST_AUDIT_OVERDUE', { ...audits({ answer: 'first-not-due', checkedOn: today, processingSince: dayOf('2018-03-01') }), today: dayOf('2030-05-07') }],
  ['M05', 'close', 'COMPLIANCE_AUDIT_OVERDUE', audits({ answer: 'audited', checkedOn: today, reportedOn: dayOf('2021-11-19'), by: 'self', report: 'ab'.repeat(32) })],
  ['M05', 'standing', 'COMPLIANCE_AUDIT_OVERDUE', said(sale, 'compliance-audit-done', { reportedOn: dayOf('2023-11-19'), report: 'ab'.repeat(32), points: 26, by: 'self' }, { counts: counts({ persons: 1_000_000 }) })],
  ['M06', 'standing', 'MINORS_AUDIT_MISSING', facts(sale, 'minors-audit-filed'), { persons: 5 }],
  ['M06', 'standing', 'MINORS_AUDIT_MISSING', facts(sale, 'minors-audit-filed', 'age-presumption'), { persons: 11 }],
  ['M06', 'close', 'MINORS_YEAR_UNKNOWN', { ...facts(sale, 'minors-audit-filed'), counts: counts({ under14: 0, under18: 0 }) }],
  ['M06', 'close', 'MINORS_AUDIT_MISSING', erased(facts(sale, 'minors-audit-filed'), 4), { persons: 4 }],
  // Who holds minors today cannot sign that there were none, but since when they are held; who held some until lately has to say that they were counted by mistake.
  ['M06', 'close', 'MINORS_AUDIT_MISSING', noMinors({ because: 'nobody-under-18' }), { persons: 5 }],
  ['M06', 'close', 'MINORS_AUDIT_MISSING', noMinors({ because: 'processing-began-later', began: dayOf('2025-12-31') }), { persons: 5 }],
  ['M06', 'close', 'MINORS_AUDIT_MISSING', erased(noMinors({ because: 'nobody-under-18', miscounted: 3 }), 4), { persons: 4 }],
  ['M06', 'close', 'MINORS_AUDIT_MISSING', { ...noMinors({ because: 'processing-began-later', began: dayOf('2026-01-01') }), today: dayOf('2027-02-01') }, { persons: 5 }],
  ['M06', 'close', 'MINORS_YEAR_UNKNOWN', { ...noMinors({ because: 'nobody-under-18', checkedOn: dayOf('2025-12-31') }), counts: counts({ under14: 0, under18: 0 }) }],
  ['M07', 'standing', 'AUDIT_ORDER_OVERDUE', stateOf(sale, { authorities: { open: 1, overdue: 1, earliestDue: today, auditOrders: { open: 1, overdue: 1, answered: 0 } } }), { letters: 1 }],
  ['M08', 'standing', 'AUDITOR_ENGAGEMENT_UNKNOWN', facts(sale, 'audit-institution-engaged')],
  ['M08', 'standing', 'AUDITOR_ENGAGEMENT_UNKNOWN', { ...facts(sale, 'audit-institution-engaged', 'compliance-audit-done'), ...withFacts({ 'audit-institution-engaged': undefined, 'compliance-audit-done': undefined, 'audit-cycle-checked': [signed('audit-cycle-checked', { answer: 'audited', checkedOn: today, reportedOn: addDays(today, -30), by: 'institution', report: 'ab'.repeat(32) })] }) }],
  ['M08', 'standing', 'AUDITOR_TOO_OFTEN', said(sale, 'audit-institution-engaged', { timesInRow: 4, subcontracted: false, deletedOn: today }), { times: 4 }],
  ['M08', 'standing', 'AUDIT_SUBCONTRACTED', said(sale, 'audit-institution-engaged', { timesInRow: 1, subcontracted: true, deletedOn: today })],
  ['M08', 'standing', 'AUDITOR_KEEPS_COPIES', said(sale, 'audit-institution-engaged', { timesInRow: 1, subcontracted: false, deletedOn: null })],
  ['M09', 'standing', 'IMPORTANT_DATA_NOT_CHECKED', facts(sale, 'important-data-checked')],
  ['M09', 'standing', 'MASS_DUTIES_UNMET', { ...facts(sale, 'important-data-duties-met'), counts: counts({ persons: 10_000_000 }) }],
  ['M09', 'standing', 'IMPORTANT_DATA_DUTIES_UNMET', important({ officer: true, unit: true })],
  ['M09', 'standing', 'IMPORTANT_DATA_REPORT_OVERDUE', important({ officer: true, unit: true, assessedOn: dayOf('2026-10-09') })],
  ['M10', 'standing', 'PLATFORM_SCALE_UNKNOWN', { ...facts(sale, 'platform-scale-checked'), counts: counts({ persons: 10_000_000 }) }],
  ['M10', 'standing', 'RESPONSIBILITY_REPORT_MISSING', said(sale, 'responsibility-report-published', { year: 2024, publishedOn: today, report: 'ab'.repeat(32), disclosures: 8 })],
  ['M11', 'standing', 'POLICIES_INCOMPLETE', said(sale, 'policy-register-reviewed', { reviewedOn: today, items: 9 }), { missing: 2 }],
  ['M12', 'standing', 'LAW_NOT_CHECKED', said(sale, 'law-changes-checked', { checkedOn: today, rules: 'ab'.repeat(32) })],
  ['M12', 'standing', 'LAW_NOT_CHECKED', stateOf(sale, { today: addDays(today, 22) })],
]

/** States in which a rule has nothing to say. */
const silent: [rule: string, at: Asked, state: MatterState][] = [
  ['I01', 'standing', requests({ open: [] })],
  ['I02', 'standing', register({})],
  ['I03', 'standing', requests({ refused: 0, refusedMinors: 0 })],
  ['I04', 'standing', register({})],
  ['I05', 'standing', requests({ correctedAfterLeaving: 0 })],
  ['I06', 'standing', register({})],
  ['I09', 'close', stateOf(sale)],
  ['K01', 'close', stateOf('bankruptcy')],
  ['K02', 'close', stateOf(sale)],
  ['K03', 'close', stateOf('merger-new')],
  ['K04', 'close', stateOf('stop-product')],
  ['K05', 'pack', stateOf(sale)],
  ['K06', 'pack', stateOf('bankruptcy')],
  ['K07', 'close', stateOf(sale)],
  ['K08', 'destroy', stateOf('split-new')],
  ['L02', 'standing', incident({ kind: 'outage' })],
  ['L03', 'standing', incident({ persons: 999_999 })],
  ['L04', 'standing', incident({ handledOn: undefined })],
  ['L05', 'standing', incident({ under18: 0 })],
  ['L06', 'standing', incident({ crimeSuspected: false })],
  ['L08', 'standing', stateOf(sale, { facts: { ...without('circumstances-declared'), 'crypto-need-checked': [signed('crypto-need-checked', { checkedOn: today, mlpsLevel: 2, required: false })] } })],
  ['M01', 'standing', stateOf(sale, { counts: counts({ persons: 999_999 }) })],
  ['M02', 'standing', said(sale, 'organisation-size', { on: today, staff: 200, mainBusinessIsPersonalInformation: true, millionExpectedWithinYear: false })],
  ['M06', 'close', { ...noMinors({ because: 'nobody-under-18' }), counts: counts({ under14: 0, under18: 0 }) }],
  ['M06', 'close', stateOf(sale, { today: dayOf('2026-01-31'), facts: { ...allFacts, 'minors-audit-filed': undefined } })],
  ['M07', 'standing', stateOf(sale, { authorities: { open: 0, overdue: 0, earliestDue: null, auditOrders: { open: 0, overdue: 0, answered: 0 } } })],
  ['M08', 'standing', { ...stateOf(sale), facts: { ...without('audit-institution-engaged'), 'compliance-audit-done': [signed('compliance-audit-done', { reportedOn: today, report: 'ab'.repeat(32), points: 26, by: 'self' })] } }],
  ['M09', 'standing', stateOf(sale)],
  ['M10', 'standing', facts(sale, 'platform-scale-checked')],
]

/** Rules that concern every handler at all times. */
const always = ['I07', 'I08', 'L01', 'L07', 'M03', 'M04', 'M05', 'M11', 'M12']

const resultOf = (id: string, at: Asked, state: MatterState): GateResult => {
  const rule = rules.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`no rule ${id}`)
  return askRule(rule, at, state)
}
const ours = [...gateRules.keys()].filter((id) => /^[IKLM]/.test(id))

describe('rules of letters I, K, L and M', () => {
  it('take the recipient for the contact where the legal position says so, the custodian otherwise', () => {
    const recipient = said(end, 'rights-contact-published', { ...contact, holder: 'b' }, { positions: { ...cautiousPositions, post_deregistration_holder: 'recipient' } })
    expect([resultOf('I09', 'close', recipient).status, resultOf('I09', 'close', stateOf(end)).status]).toEqual(['satisfied', 'satisfied'])
    const custodian = { ...facts(end, 'custody-deed-signed'), parties: [...stateOf(end).parties, { id: contact.holder, role: 'custodian' as const, overseas: false, wordsConfirmed: true }] }
    expect(resultOf('I09', 'close', custodian).status).toBe('satisfied')
  })

  it('pack without a fresh review of incidents, but close with one only; an incident that is on record stops both', () => {
    const unreviewed = facts(sale, 'incidents-reviewed', 'incident-known')
    expect([resultOf('L02', 'pack', unreviewed).status, resultOf('L02', 'close', unreviewed).stops]).toEqual(['not-applicable', true])
    expect(resultOf('L02', 'pack', incident({ remediedAt: undefined })).stops).toBe(true)
  })

  it('are all built, every standing duty too', () => {
    expect(rules.filter(({ id }) => /^[H-M]/.test(id) && !gateRules.has(id)).map(({ id }) => id)).toEqual([])
    expect(ours).toHaveLength(9 + 8 + 8 + 12)
  })

  it.each(unmet)('%s at %s finds %s', (rule, at, code, state, expected) => {
    const result = resultOf(rule, at, state)
    expect(result.status).toBe('unmet')
    expect(result.obstacles.map((each) => each.code), JSON.stringify(result)).toContain(code)
    expect(result.obstacles.every((each) => each.rule === rule), JSON.stringify(result.obstacles)).toBe(true)
    if (expected !== undefined) expect(result.obstacles.find((each) => each.code === code)?.counts).toEqual(expected)
  })

  it.each(silent)('%s at %s has nothing to say', (rule, at, state) => {
    expect(resultOf(rule, at, state).status).toBe('not-applicable')
  })

  it('each fails in one case, is silent in another, and holds in the ordinary matter', () => {
    const failing = new Set([...unmet.map(([rule]) => rule), 'I08', 'L07']) // these two have theirs in gates.test.ts
    const quiet = new Set([...silent.map(([rule]) => rule), ...always])
    expect(ours.filter((rule) => !failing.has(rule) || !quiet.has(rule))).toEqual([])
    const holds = ours.filter((id) => matterTypes.some((type) => [...guardedSteps, 'standing' as const].some((at) => {
      const large = { counts: counts({ persons: 10_000_000 }), successor: true }
      return [stateOf(type), stateOf(type, large)].some((state) => resultOf(id, at, state).status === 'satisfied')
    })))
    expect(ours.filter((id) => !holds.includes(id))).toEqual([])
  })

  it('answer in time on the last day and late on the next (35273 8.7: thirty days; 8.5: fifteen working days)', () => {
    const asked = (line: 'I01' | 'I02', receivedOn: string, on: string) => resultOf(line, 'standing', requests({ open: [{ choice: 'delete', receivedOn: dayOf(receivedOn), persons: 1 }] }, { today: dayOf(on), facts: register({ reviewedOn: dayOf(on) }).facts })).status
    expect([asked('I01', '2026-10-20', '2026-11-19'), asked('I01', '2026-10-20', '2026-11-20')]).toEqual(['satisfied', 'unmet'])
    // Received on Friday 2026-09-18: Mid-Autumn (25–27 September), the National Day week (1–7 October) and the make-up days lie between.
    expect([asked('I02', '2026-10-30', '2026-11-20'), asked('I02', '2026-10-30', '2026-11-21')]).toEqual(['satisfied', 'unmet'])
  })

  it('count the threshold itself in: a million needs an officer and the shorter audit period', () => {
    expect(resultOf('M01', 'standing', stateOf(sale, { counts: counts({ persons: 999_999 }) })).status).toBe('not-applicable')
    expect(resultOf('M01', 'standing', stateOf(sale, { counts: counts({ persons: 1_000_000 }) })).status).toBe('satisfied')
    // Officer and unit, and no yearly assessment: that one is asked of important data alone (数据条例 30, 33).
    expect(resultOf('M09', 'standing', said(sale, 'important-data-duties-met', { officer: true, unit: true }, { counts: counts({ persons: 10_000_000 }) })).status).toBe('satisfied')
    const audited = (persons: number, on: string) => resultOf('M05', 'standing', said(sale, 'compliance-audit-done', { reportedOn: dayOf(on), report: 'ab'.repeat(32), points: 26, by: 'self' }, { counts: counts({ persons }) })).status
    expect([audited(999_999, '2022-11-21'), audited(1_000_000, '2022-11-21'), audited(1_000_000, '2023-12-01'), audited(10_000_000, '2023-12-01')]).toEqual(['satisfied', 'unmet', 'satisfied', 'unmet'])
  })

  it('take an answer about the audit that a small company can give, and count from it', () => {
    const asked = (value: FactValue<'audit-cycle-checked'>, bend: Partial<MatterState> = {}) => resultOf('M05', 'close', { ...audits(value), ...bend })
    // Never audited: five years from the day the Measures came into force (2025-05-01), or from the first processing if that was later; no holidays of 2030 are published, so that the cautious day is the counted one.
    const first = (processingSince: string, day: string, persons = 110) => asked({ answer: 'first-not-due', checkedOn: today, processingSince: dayOf(processingSince) }, { today: dayOf(day), counts: counts({ persons }) }).status
    expect([first('2018-03-01', '2030-05-01'), first('2018-03-01', '2030-05-02'), first('2026-06-01', '2031-05-31')]).toEqual(['satisfied', 'unmet', 'satisfied'])
    expect([first('2018-03-01', '2026-11-21', 10_000_000), first('2018-03-01', '2027-05-02', 10_000_000)]).toEqual(['satisfied', 'unmet'])
    const elsewhere = asked({ answer: 'audited', checkedOn: today, reportedOn: dayOf('2025-06-30'), by: 'self', report: 'ab'.repeat(32) })
    expect([elsewhere.status, elsewhere.satisfiedBy.map(({ en }) => en).join()]).toEqual(['satisfied', expect.stringContaining('the next is due by 2030-06-30')])
    expect(asked({ answer: 'first-not-due', checkedOn: today, processingSince: dayOf('2018-03-01') }).satisfiedBy.map(({ zh }) => zh).join()).toContain('〔J〕')
  })

  it('count every year of the filing about minors by itself, through the new year', () => {
    const filed = (...years: number[]): FactsByName => ({ 'minors-audit-filed': years.map((year) => signed('minors-audit-filed', { year, filedOn: dayOf(`${year + 1}-01-20`) })), 'minors-not-processed': undefined })
    const on = (day: string, ...years: number[]) => resultOf('M06', 'close', stateOf(sale, { today: dayOf(day), ...withFacts(filed(...years)) }))
    expect([on('2027-01-31', 2025).status, on('2027-02-01', 2025).status, on('2027-02-01', 2025, 2026).status, on('2027-02-01', 2026).status]).toEqual(['satisfied', 'unmet', 'satisfied', 'unmet'])
    expect(on('2027-02-01').obstacles.map(({ facts: said }) => said)).toEqual([{ year: '2025, 2026' }])
    expect(on('2027-02-01').stops).toBe(true)
    // Somebody who began with minors in 2026 answers for 2025 by that, and files about 2026.
    const began = { ...filed(2026), 'minors-not-processed': [signed('minors-not-processed', { fromYear: 2025, untilYear: 2025, checkedOn: today, because: 'processing-began-later', began: dayOf('2026-01-01') })] }
    expect(resultOf('M06', 'close', stateOf(sale, { today: dayOf('2027-02-01'), ...withFacts(began) })).status).toBe('satisfied')
  })

  it('print the hour clock of an unreported incident: four hours for most, one for critical infrastructure', () => {
    const due = (operator: FactValue<'incident-known'>['operator']) =>
      resultOf('L03', 'standing', incident({ reportedAt: undefined, operator, knownAt: instantOf('2026-10-01T22:30:00+08:00') })).obstacles[0]?.facts?.['due']
    expect([due('other'), due('critical-infrastructure'), due('central-organ')]).toEqual(['2026-10-02 02:30', '2026-10-01 23:30', '2026-10-02 00:30'])
  })

  it('keep their codes to themselves: no other table of obstacles or facts takes one over', () => {
    for (const [code, words] of Object.entries(standingObstacles)) expect(explainObstacle(code), code).toBe(words)
    for (const [name, kind] of Object.entries(standingFacts)) expect(Object.entries(factTable).find(([each]) => each === name)?.[1], name).toBe(kind)
  })

  it('offer a way out that exists: a command of the table, a fact that can be signed', () => {
    for (const [code, { remedy }] of Object.entries(standingObstacles)) {
      for (const [, words = ''] of `${remedy.zh} ${remedy.en}`.matchAll(/handover ((?:[a-z-]+)(?: [a-z-]+)?(?: [a-z-]+)?)/g)) {
        const [first = '', second = '', third = ''] = words.split(' ')
        if (`${first} ${second}` === 'fact add') expect(isFactName(third), `${code}: ${third}`).toBe(true)
        else expect(isCommandName(`${first} ${second}`) || isCommandName(first), `${code}: ${words}`).toBe(true)
      }
    }
  })

  it('that weigh HIGH or BLOCK are asked all the year and stop the close besides (register §9)', () => {
    const state = stateOf(sale)
    const [standing, closing] = [standingFor(state).results, gateFor('close', state).results].map((results) => new Set(results.map(({ rule }) => rule)))
    const both = ['I01', 'I02', 'I03', 'L02', 'L03', 'L05', 'L06', 'L08', 'M01', 'M05', 'M06', 'M07', 'M09']
    expect(both.filter((id) => standing?.has(id) !== true || closing?.has(id) !== true)).toEqual([])
    expect(rules.filter(({ id, sev, guards }) => /^[ILM]/.test(id) && (sev === 'HIGH' || sev === 'BLOCK') && !guards.includes('close')).map(({ id }) => id)).toEqual([])
    for (const id of ['L08', 'M05', 'M06']) expect(resultOf(id, 'close', facts(sale, 'crypto-need-checked', 'circumstances-declared', 'compliance-audit-done', 'minors-audit-filed')).stops, id).toBe(true)
  })

  it('stop no step, but fail the report when a BLOCK duty is unmet', () => {
    const fine = standingFor(stateOf(sale))
    expect(fine.results.filter(({ status }) => status === 'unmet').map(({ rule, obstacles }) => [rule, obstacles])).toEqual([])
    expect(fine.open).toBe(true)
    const bad = standingFor(incident({ remediedAt: undefined }))
    expect([bad.open, bad.obstacles.map(({ code }) => code)]).toEqual([false, ['INCIDENT_NOT_REMEDIED']])
    const late = standingFor(facts(sale, 'sanction-rules-adopted'))
    expect([late.open, late.warnings.map(({ code }) => code)]).toEqual([true, ['SANCTION_RULES_MISSING']])
  })

  it('say when an act came after its day without holding the close up for ever', () => {
    const result = resultOf('K01', 'close', said(end, 'liquidation-group-formed', { causeOn: dayOf('2026-06-01'), formedOn: dayOf('2026-09-01'), members: 3, by: 'court' }))
    expect(result.status).toBe('satisfied')
    expect(result.satisfiedBy.map(({ zh }) => zh).join()).toContain('已晚于期限')
  })
})
