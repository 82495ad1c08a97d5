// SPDX-License-Identifier: Apache-2.0
// L 安全与事件: drills, incidents and their clocks, tamper-evidence, cryptography. All but L07 stand all the year; incidents that are on record stop the pack, and before the close somebody has to have looked at them and at the need of cryptography.
import { addDays, addYears } from '../../kit/time.ts'
import type { FactValue } from '../facts.ts'
import { incidentGrade } from '../incident-grade.rules.ts'
import type { MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { byFact, computed, dueOf, factOf, found, notApplicable, type AskedAt, type GateFinding, type GateRule } from './gate.ts'

type Incident = FactValue<'incident-known'>

/** A register of incidents that nobody has looked into for so long says nothing any more (product default). */
const reviewDays = 30

const incidentsOf = (state: MatterState): Incident[] => (state.facts['incident-known'] ?? []).map((fact) => fact.value)
const sumOf = (incidents: readonly Incident[], of: (incident: Incident) => number): number => incidents.reduce((sum, incident) => sum + of(incident), 0)

/** The rule asks about the incidents it concerns; "no incident" has to be said by somebody, lately, and has to agree with what is on record. */
function aboutIncidents(state: MatterState, { rule, step }: { rule: string; step: AskedAt }, concerns: (incident: Incident) => boolean, ask: (incidents: readonly Incident[]) => readonly (Obstacle | false)[]): GateFinding {
  const known = incidentsOf(state)
  const reviewed = factOf(state, 'incidents-reviewed')
  const fresh = reviewed !== undefined && reviewed.value.reviewedOn <= state.today && addDays(reviewed.value.reviewedOn, reviewDays) >= state.today ? reviewed.value : undefined
  const concerned = known.filter(concerns)
  const unsaid = fresh !== undefined && fresh.incidents > known.length
  // A review is no older than thirty days: asking for one before each package would only make people sign it blindly. Before the close it is needed.
  const needsReview = step !== 'pack'
  if (concerned.length === 0 && (fresh !== undefined || !needsReview) && !unsaid) return notApplicable('没有这类事件', 'No such incident')
  return found(
    [
      fresh === undefined && needsReview && obstacle('INCIDENTS_NOT_REVIEWED', { rule }),
      unsaid && obstacle('INCIDENTS_NOT_RECORDED', { rule, counts: { said: fresh.incidents, known: known.length } }),
      ...ask(concerned),
    ],
    [byFact(state, 'incidents-reviewed'), concerned.length === 0 ? undefined : computed(`在案事件 ${concerned.length} 起`, `${concerned.length} incidents on record`)],
  )
}

/** An obstacle over the incidents that lack something, each named by when it became known; none when no incident does. */
function lacking(incidents: readonly Incident[], lacks: (incident: Incident) => boolean, raise: (lackingIt: readonly Incident[]) => Obstacle): Obstacle | false {
  const open = incidents.filter(lacks)
  return open.length > 0 && { ...raise(open), things: open.map(({ knownAt }) => knownAt).toSorted() }
}

/** The report line of an operator: 1 hour, 2 hours, 4 hours (T02–T04). */
const reportLine = { 'critical-infrastructure': 'T02', 'central-organ': 'T03', other: 'T04' } as const satisfies Record<Incident['operator'], string>

/** 2026-11-20 09:30 in China, as an hour clock is read. */
function clockText(state: MatterState, incident: Incident): string {
  const { due } = dueOf(state, reportLine[incident.operator], incident.knownAt)
  return new Date(Date.parse(due) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** 网络安全等级保护: from this level on commercial cryptography is asked for (GB/T 39786; own knowledge, not confirmed). */
const gradedToUse = 3

/** Rules L01–L08. */
export const gatesL = {
  L01: (state) => {
    const drill = factOf(state, 'incident-drill-done')?.value
    const isFresh = drill !== undefined && [drill.drilledOn, drill.trainedOn].every((on) => on <= state.today && addYears(on, 1) >= state.today)
    return found([!isFresh && obstacle('DRILL_MISSING')], [byFact(state, 'incident-drill-done')])
  },
  L02: (state, step) =>
    aboutIncidents(state, { rule: 'L02', step }, ({ kind }) => kind !== 'outage', (incidents) => [
      lacking(incidents, ({ remediedAt }) => remediedAt === undefined, (open) => obstacle('INCIDENT_NOT_REMEDIED', { counts: { incidents: open.length } })),
      lacking(incidents, ({ authorityToldAt }) => authorityToldAt === undefined, (open) => obstacle('INCIDENT_AUTHORITY_NOT_TOLD', { counts: { incidents: open.length } })),
      lacking(incidents, ({ harmAvoided, personsToldOn, persons }) => persons > 0 && !harmAvoided && (personsToldOn === undefined || personsToldOn > state.today), (open) =>
        obstacle('INCIDENT_PERSONS_NOT_TOLD', { counts: { incidents: open.length, persons: sumOf(open, ({ persons }) => persons) } })),
    ]),
  L03: (state, step) =>
    aboutIncidents(state, { rule: 'L03', step }, (incident) => incidentGrade(incident) !== 'ordinary', (incidents) => [
      lacking(incidents, ({ reportedAt }) => reportedAt === undefined, (open) => obstacle('INCIDENT_NOT_REPORTED', { counts: { incidents: open.length }, facts: { due: open.map((each) => clockText(state, each)).toSorted().at(0) ?? '' } })),
    ]),
  L04: (state, step) =>
    aboutIncidents(state, { rule: 'L04', step }, (incident) => incident.reportedAt !== undefined && incident.handledOn !== undefined, (incidents) => [
      lacking(incidents, ({ handledOn, summaryFiledOn }) => handledOn !== undefined && summaryFiledOn === undefined && state.today > dueOf(state, 'T05', handledOn).dueDay, (open) =>
        obstacle('INCIDENT_SUMMARY_OVERDUE', { counts: { incidents: open.length } })),
    ]),
  L05: (state, step) =>
    aboutIncidents(state, { rule: 'L05', step }, ({ under18 }) => under18 > 0, (incidents) => [
      lacking(incidents, ({ guardiansToldOn }) => guardiansToldOn === undefined || guardiansToldOn > state.today, (open) =>
        obstacle('INCIDENT_GUARDIANS_NOT_TOLD', { counts: { incidents: open.length, persons: sumOf(open, ({ under18 }) => under18) } })),
    ]),
  L06: (state, step) =>
    aboutIncidents(state, { rule: 'L06', step }, ({ crimeSuspected }) => crimeSuspected, (incidents) => [
      lacking(incidents, ({ policeToldOn }) => policeToldOn === undefined || policeToldOn > state.today, (open) => obstacle('CRIME_NOT_REPORTED', { counts: { incidents: open.length } })),
    ]),
  /** The newest checkpoint carries the witnesses that the policy asks for. */
  L07: (state) => {
    const { needed, confirmed } = state.witnesses
    return found([needed < 1 && obstacle('NO_WITNESS_POLICY'), confirmed < needed && obstacle('QUORUM_MISSING', { counts: { confirmed, needed } })], [computed(`见证 ${confirmed}/${needed}`, `${confirmed} of ${needed} witnesses`)])
  },
  L08: (state) => {
    const checked = factOf(state, 'crypto-need-checked')
    const isCritical = factOf(state, 'circumstances-declared')?.value.ciio === true
    if (checked === undefined && !isCritical) return found([obstacle('CRYPTO_NEED_NOT_CHECKED')])
    // The grade decides which network must use it (商密条例 41); from the third level on the standards do (K): "not needed" beside such a grade is no answer.
    if (!isCritical && checked !== undefined && !checked.value.required && checked.value.mlpsLevel >= gradedToUse) return found([obstacle('CRYPTO_NEED_CONTRADICTED', { facts: { level: checked.value.mlpsLevel } })])
    if (!isCritical && checked?.value.required !== true) return notApplicable(`不属于必须使用商用密码的系统(${checked?.value.checkedOn ?? ''} 核对,等级保护第 ${checked?.value.mlpsLevel ?? 0} 级)`, `No system that must use commercial cryptography (checked ${checked?.value.checkedOn ?? ''}, graded level ${checked?.value.mlpsLevel ?? 0})`)
    // 关键信息基础设施每年评估一次; elsewhere the register names no period, so a year is the cautious one.
    const assessed = (state.facts['crypto-assessment-passed'] ?? []).some(({ value }) => value.assessedOn <= state.today && addYears(value.assessedOn, 1) >= state.today)
    return found([!assessed && obstacle('CRYPTO_NOT_ASSESSED')], [byFact(state, 'crypto-assessment-passed')])
  },
} as const satisfies Record<string, GateRule>
