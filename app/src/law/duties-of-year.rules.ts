// SPDX-License-Identifier: Apache-2.0
// Duties of the year that bind the company and not the matter: where the regular audit stands (rule M05), and of which years the filing about minors is answered (rule M06). Asked by the gates and by the calendar alike.
import { dayOf, type Day } from '../kit/time.ts'
import { factOf } from './gates/gate.ts'
import type { MatterState, PersonCounts } from './matter-state.ts'

/** 审计周期. From which day the audit period now running is counted, and on what: an audit of this program, one that somebody signed for with its report, or none yet. */
export interface AuditPeriod {
  from: Day
  ground: 'done' | 'stated' | 'first'
}

/** The Audit Measures, by whose day of force the first period begins at the earliest. */
const auditMeasures = 'LW08'

/**
 * The audit period that runs today, from the newest audit on record (个人信息保护法 第五十四条; 审计办法 4); null where nobody said when the last audit was, or why there was none.
 * Where there was none, it runs from the day on which the Measures came into force or the company began to process, whichever is later: before it no length was set (our reading, J; the register is silent).
 */
export function auditPeriod(state: MatterState): AuditPeriod | null {
  const done = (state.facts['compliance-audit-done'] ?? []).map(({ value }): AuditPeriod => ({ from: value.reportedOn, ground: 'done' }))
  const stated = factOf(state, 'audit-cycle-checked')?.value
  const audited: AuditPeriod[] = stated?.answer === 'audited' ? [{ from: stated.reportedOn, ground: 'stated' }] : []
  const newest = [...audited, ...done].filter(({ from }) => from <= state.today).toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)).at(-1)
  if (newest !== undefined || stated?.answer !== 'first-not-due' || stated.processingSince > state.today) return newest ?? null
  const inForce = state.law.instruments.find(({ id }) => id === auditMeasures)?.inForce ?? null
  return inForce === null ? null : { from: laterOf(inForce, stated.processingSince), ground: 'first' }
}

function laterOf(a: string, b: Day): Day {
  return a > b ? dayOf(a) : b
}

/** The announcement of 2025-12-29 asks for filing from the audit of 2025 on. */
export const firstFiledYear = 2025

/** The years whose filing about minors is due by now, each until 31 January of the next (register T10). */
export function minorsYearsDue(today: Day): number[] {
  const year = Number(today.slice(0, 4))
  const last = today.slice(5) > '01-31' ? year - 1 : year - 2
  return Array.from({ length: Math.max(0, last - firstFiledYear + 1) }, (_, at) => firstFiledYear + at)
}

/** Minors whose information the matter holds, or those of unknown age where nobody presumed them adult; and the most that the ledger ever counted, for whoever was erased since was processed all the same. */
export function minorsOf(state: MatterState, { under18, unknownAge }: Pick<PersonCounts, 'under18' | 'unknownAge'>): { held: number; seen: number } {
  const presumed = factOf(state, 'age-presumption')?.value.group
  return { held: under18 + (presumed === 'adult' ? 0 : unknownAge), seen: state.dutyEvents.minorsSeen }
}

/** The day on which the audit about minors of a year was filed, or null. */
export function minorsFiledOn(state: MatterState, year: number): Day | null {
  return (state.facts['minors-audit-filed'] ?? []).find(({ value }) => value.year === year && value.filedOn <= state.today)?.value.filedOn ?? null
}

/**
 * Whether somebody signed that nobody under 18 was processed in a year that was over by then. It does not count against what the books hold: who holds minors now has to say since when, and who held some before how many were counted by mistake.
 */
export function noMinorsIn(state: MatterState, year: number, { held, seen }: { held: number; seen: number }): boolean {
  const said = factOf(state, 'minors-not-processed')?.value
  if (said === undefined || year < said.fromYear || year > said.untilYear || said.checkedOn > state.today || said.checkedOn.slice(0, 4) <= String(year)) return false
  if (said.because === 'processing-began-later') return said.began !== undefined && said.began > `${year}-12-31`
  return held === 0 && (said.miscounted ?? 0) >= seen
}
