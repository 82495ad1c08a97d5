// SPDX-License-Identifier: Apache-2.0
// Which happenings of a matter start which line of the register §11, and what ends it. Only what the books or a signed fact know: a duty without a known start is a rule's business, not the calendar's.
import { addDays, dayInChina, dayOf, instantOf, type Day, type Instant } from '../kit/time.ts'
import type { DutyHolder, DutyKind } from './duties.ts'
import { auditPeriod, firstFiledYear, minorsFiledOn, minorsOf, minorsYearsDue, noMinorsIn } from './duties-of-year.rules.ts'
import type { FactName, FactValue } from './facts.ts'
import { factOf } from './gates/gate.ts'
import type { MatterState, SignedFact } from './matter-state.ts'

/** One start of a line: from when it runs, what tells it apart, and on which day it was done, if it was. */
export interface DutyStart {
  at: Instant
  key: string
  doneOn?: Day | null
  count?: number
  /** A day that somebody set or agreed instead of a counted length. */
  dueDay?: Day
}

/** One line of the calendar. */
export interface DutyLine {
  /** Line of the register: T07, P01 … */
  line: string
  which?: number | ((state: MatterState) => { persons: number })
  rule: string
  kind: DutyKind
  who: DutyHolder
  /** The command whose signed fact or event ends it; a word by hand ends such a duty only where its rule is no stop (see `isSettledByHand`). */
  endsBy?: string
  starts(state: MatterState): readonly DutyStart[]
}

/** The beginning of a day in China. */
export function startOfDay(day: string): Instant {
  return instantOf(`${day}T00:00:00+08:00`)
}

const from = (day: Day | null | undefined, doneOn?: Day | null): DutyStart[] => (day === null || day === undefined ? [] : [{ at: startOfDay(day), key: day, ...(doneOn === undefined ? {} : { doneOn }) }])
const onDay = (at: Instant | null | undefined): Day | null => (at === null || at === undefined ? null : dayInChina(at))

function valueOf<N extends FactName>(state: MatterState, name: N): FactValue<N> | undefined {
  const fact: SignedFact<N> | undefined = factOf(state, name)
  return fact?.value
}

/** A day of a signed fact, or null. */
function dayOfFact<N extends FactName>(state: MatterState, name: N, day: (value: FactValue<N>) => Day | null | undefined): Day | null {
  const value = valueOf(state, name)
  return value === undefined ? null : (day(value) ?? null)
}

const factAdd = (name: FactName): string => `handover fact add ${name}`
const millionPersons = 1_000_000
const requests = (state: MatterState): DutyStart[] => state.requests.open.map((open) => ({ at: startOfDay(open.receivedOn), key: `${open.choice}-${open.receivedOn}`, count: open.persons }))

/** Rights, organisation and the yearly rounds. */
const standing: readonly DutyLine[] = [
  { line: 'T07', rule: 'I01', kind: 'duty', who: 'handler', endsBy: 'handover choice decide', starts: requests },
  {
    line: 'T09', rule: 'M01', kind: 'duty', who: 'handler', endsBy: factAdd('protection-officer-filed'),
    starts: (state) => (state.counts !== null && state.counts.persons >= millionPersons ? from(state.counts.countedOn, dayOfFact(state, 'protection-officer-filed', ({ filedOn }) => filedOn)) : []),
  },
  {
    line: 'T10', rule: 'M06', kind: 'duty', who: 'handler', endsBy: factAdd('minors-audit-filed'),
    starts: minorsReports,
  },
  { line: 'T11', which: (state) => ({ persons: state.counts?.persons ?? 0 }), rule: 'M05', kind: 'duty', who: 'handler', endsBy: 'handover audit print --conclude', starts: (state) => from(auditPeriod(state)?.from) },
  { line: 'T34', rule: 'L01', kind: 'duty', who: 'handler', endsBy: factAdd('incident-drill-done'), starts: (state) => from(dayOfFact(state, 'incident-drill-done', ({ drilledOn }) => drilledOn)) },
  { line: 'T34', rule: 'M03', kind: 'duty', who: 'handler', endsBy: factAdd('training-done'), starts: (state) => from(dayOfFact(state, 'training-done', ({ transferorOn }) => transferorOn)) },
  { line: 'P05', rule: 'M12', kind: 'duty', who: 'counsel', endsBy: 'handover law review', starts: (state) => state.dutyEvents.lawReviews.map(({ subject, since }) => ({ at: since, key: `${subject}-${dayInChina(since)}` })) },
  { line: 'P06', rule: 'M12', kind: 'duty', who: 'counsel', endsBy: factAdd('law-changes-checked'), starts: (state) => from(dayOfFact(state, 'law-changes-checked', ({ checkedOn }) => checkedOn)) },
  {
    line: 'letter', rule: 'M07', kind: 'duty', who: 'handler', endsBy: 'handover authority reply',
    starts: ({ authorities }) => (authorities.earliestDue === null ? [] : [{ at: startOfDay(authorities.earliestDue), key: authorities.earliestDue, dueDay: authorities.earliestDue, count: authorities.open }]),
  },
  // Only a document ends it: neither a later finding nor a word about the day of the fix.
  { line: 'finding', rule: 'M05', kind: 'duty', who: 'handler', starts: ({ dutyEvents }) => dutyEvents.findings.map(({ audit, finding, point, at, due }) => ({ at, key: `${point}-${audit}-${finding}`, dueDay: due })) },
]

/** The reports about minors of every year that is due or running, until each is filed or somebody signed that there was nothing to report (register T10): an overdue one stays on the calendar. */
function minorsReports(state: MatterState): DutyStart[] {
  if (state.counts === null) return []
  const minors = minorsOf(state, state.counts)
  if (minors.held + minors.seen === 0) return []
  const running = [Number(state.today.slice(0, 4)) - 1, Number(state.today.slice(0, 4))]
  const years = [...new Set([...minorsYearsDue(state.today), ...running])].filter((year) => year >= firstFiledYear && !noMinorsIn(state, year, minors))
  return years.flatMap((year) => from(dayOf(`${year}-01-01`), minorsFiledOn(state, year)))
}

/** The hand-over itself. */
const handOver: readonly DutyLine[] = [
  {
    // Told on day 0, moving is allowed on the day after the wait: the days are the matter's own setting (register §2).
    line: 'P01', rule: 'E01', kind: 'wait', who: 'transferor',
    starts: ({ dutyEvents, positions }) => dutyEvents.notices.filter(({ kind }) => kind === 'art22').map(({ kind, lastAt }) => ({ at: lastAt, key: `${kind}-${dayInChina(lastAt)}`, dueDay: addDays(dayInChina(lastAt), positions.notice_wait_days) })),
  },
  { line: 'P04', rule: 'H05', kind: 'duty', who: 'transferee', endsBy: 'handover reconcile', starts: (state) => state.dutyEvents.packages.map(({ id, issuedAt, acceptedAt }) => ({ at: issuedAt, key: id, doneOn: acceptedAt === null ? null : dayInChina(acceptedAt) })) },
  {
    line: 'P02', rule: 'H06', kind: 'duty', who: 'transferor', endsBy: 'handover copies end',
    starts: ({ copies, dutyEvents }) => (dutyEvents.reconciledAt === null || copies.residualDue === null ? [] : [{ at: dutyEvents.reconciledAt, key: dayInChina(dutyEvents.reconciledAt), dueDay: copies.residualDue, count: copies.residualOpen }]),
  },
  { line: 'P03', rule: 'C06', kind: 'duty', who: 'transferee', endsBy: 'handover abandon', starts: ({ dutyEvents: { abandonDeclaredAt: at, abandonedAt } }) => (at === null ? [] : [{ at, key: dayInChina(at), doneOn: abandonedAt === null ? null : dayInChina(abandonedAt) }]) },
  { line: 'T18', rule: 'D03', kind: 'keep', who: 'transferor', starts: (state) => from(dayOfFact(state, 'pia-approved', ({ approvedOn }) => approvedOn)) },
  { line: 'T18', rule: 'F03', kind: 'keep', who: 'transferor', starts: ({ dutyEvents }) => dutyEvents.packages.map(({ id, issuedAt }) => ({ at: issuedAt, key: id })) },
  {
    line: 'seal', rule: 'I09', kind: 'keep', who: 'custodian',
    starts: ({ custody, today }) => (custody.until === null ? [] : [{ at: startOfDay(today), key: custody.until, dueDay: custody.until, count: custody.sets }]),
  },
  { line: 'override', rule: 'A01', kind: 'ends', who: 'counsel', starts: ({ overrides }) => overrides.map(({ id, on, until }) => ({ at: startOfDay(on), key: id, dueDay: until })) },
]

/** Liquidation, merger, split, stopping. */
const company: readonly DutyLine[] = [
  { line: 'T23', rule: 'K01', kind: 'duty', who: 'company', endsBy: factAdd('liquidation-group-formed'), starts: (state) => dissolutionCause(state).map((start) => ({ ...start, doneOn: groupFormed(state) })) },
  { line: 'T22', rule: 'K02', kind: 'duty', who: 'company', endsBy: factAdd('liquidation-published'), starts: (state) => dissolutionCause(state).map((start) => ({ ...start, doneOn: dayOfFact(state, 'liquidation-published', ({ causePublishedOn }) => causePublishedOn) })) },
  { line: 'T22', rule: 'K02', kind: 'duty', who: 'liquidation-group', endsBy: factAdd('liquidation-published'), starts: (state) => from(groupFormed(state), dayOfFact(state, 'liquidation-published', ({ groupPublishedOn }) => groupPublishedOn)).map((start) => ({ ...start, key: `group-${start.key}` })) },
  { line: 'T24', which: 0, rule: 'K03', kind: 'duty', who: 'liquidation-group', endsBy: factAdd('liquidation-creditors-told'), starts: (state) => from(groupFormed(state), creditorsTold(state)) },
  { line: 'T24', which: 1, rule: 'K03', kind: 'duty', who: 'liquidation-group', endsBy: factAdd('liquidation-creditors-told'), starts: (state) => from(groupFormed(state), creditorsAnnounced(state)) },
  { line: 'T25', which: 0, rule: 'K03', kind: 'wait', who: 'creditors', starts: (state) => from(creditorsTold(state)) },
  { line: 'T25', which: 1, rule: 'K03', kind: 'wait', who: 'creditors', starts: (state) => from(creditorsAnnounced(state)) },
  { line: 'T20', which: 0, rule: 'K05', kind: 'duty', who: 'company', endsBy: factAdd('restructuring-creditors-told'), starts: (state) => resolved(state).map((start) => ({ ...start, doneOn: dayOfFact(state, 'restructuring-creditors-told', ({ knownToldOn }) => knownToldOn) })) },
  { line: 'T20', which: 1, rule: 'K05', kind: 'duty', who: 'company', endsBy: factAdd('restructuring-creditors-told'), starts: (state) => resolved(state).map((start) => ({ ...start, doneOn: dayOfFact(state, 'restructuring-creditors-told', ({ announcedOn }) => announcedOn) })) },
  { line: 'T21', which: 0, rule: 'K05', kind: 'wait', who: 'creditors', starts: (state) => from(dayOfFact(state, 'restructuring-creditors-told', ({ knownToldOn }) => knownToldOn)) },
  { line: 'T21', which: 1, rule: 'K05', kind: 'wait', who: 'creditors', starts: (state) => from(dayOfFact(state, 'restructuring-creditors-told', ({ announcedOn }) => announcedOn)) },
  {
    line: 'T31', rule: 'E13', kind: 'duty', who: 'transferor', endsBy: factAdd('home-page-notice'),
    starts: (state) => (valueOf(state, 'circumstances-declared')?.eCommerceStops === true ? from(state.dutyEvents.cutoffDay, dayOfFact(state, 'home-page-notice', (value) => value.from)) : []),
  },
  { line: 'T39', rule: 'E14', kind: 'duty', who: 'transferor', endsBy: factAdd('prepaid-settled'), starts: (state) => (valueOf(state, 'circumstances-declared')?.prepaid === true ? from(state.dutyEvents.cutoffDay, dayOfFact(state, 'prepaid-settled', ({ toldOn }) => toldOn)) : []) },
  { line: 'T32', rule: 'A06', kind: 'duty', who: 'transferor', starts: (state) => (stopsIn(state, 'telecom') ? from(state.dutyEvents.cutoffDay) : []) },
  { line: 'T33', rule: 'A06', kind: 'duty', who: 'transferor', starts: (state) => (stopsIn(state, 'express') ? from(state.dutyEvents.cutoffDay) : []) },
]

const groupFormed = (state: MatterState): Day | null => dayOfFact(state, 'liquidation-group-formed', ({ formedOn }) => formedOn)
const creditorsTold = (state: MatterState): Day | null => dayOfFact(state, 'liquidation-creditors-told', ({ knownToldOn }) => knownToldOn)
const creditorsAnnounced = (state: MatterState): Day | null => dayOfFact(state, 'liquidation-creditors-told', ({ announcedOn }) => announcedOn)

/** The day of the cause of dissolution: as the formed group says it, else the decision on file. */
function dissolutionCause(state: MatterState): DutyStart[] {
  if (state.type !== 'dissolution') return []
  const decision = valueOf(state, 'deal-documents')
  return from(dayOfFact(state, 'liquidation-group-formed', ({ causeOn }) => causeOn) ?? (decision?.kind === 'dissolution-decision' ? decision.signedOn : null))
}

/** The day of the resolution to merge or split: as the fact says it, else the document on file. */
function resolved(state: MatterState): DutyStart[] {
  if (!state.type.startsWith('merger-') && !state.type.startsWith('split-')) return []
  const document = valueOf(state, 'deal-documents')
  return from(dayOfFact(state, 'restructuring-creditors-told', ({ resolvedOn }) => resolvedOn) ?? (document?.kind === 'resolution' ? document.signedOn : null))
}

function stopsIn(state: MatterState, sector: 'telecom' | 'express'): boolean {
  const ends = ['dissolution', 'bankruptcy', 'stop-product'].includes(state.type)
  return ends && valueOf(state, 'sector-checked')?.sectors.includes(sector) === true
}

/** Going abroad. */
const abroad: readonly DutyLine[] = [
  { line: 'T14', rule: 'G04', kind: 'duty', who: 'transferor', endsBy: factAdd('export-route-done'), starts: (state) => (routeOf(state)?.route === 'standard-contract' ? from(routeOf(state)?.effectiveOn, routeOf(state)?.filedOn ?? null) : []) },
  { line: 'route', rule: 'G05', kind: 'ends', who: 'transferor', starts: (state) => validUntil(state, 'security-assessment') },
  { line: 'route', rule: 'G06', kind: 'ends', who: 'transferor', starts: (state) => validUntil(state, 'certification') },
]

function routeOf(state: MatterState): FactValue<'export-route-done'> | undefined {
  return valueOf(state, 'export-route-done')
}

function validUntil(state: MatterState, route: FactValue<'export-route-done'>['route']): DutyStart[] {
  const done = routeOf(state)
  const until = done?.route === route ? (done.validUntil ?? null) : null
  return until === null ? [] : [{ at: startOfDay(state.today), key: until, dueDay: until }]
}

const largePersons = 1_000_000 // 事件分级指南: 较大 from one million persons or five million yuan, the number itself included
const largeLossYuan = 5_000_000

/** Security incidents: hours run from the moment it was known. */
const incidents: readonly DutyLine[] = [
  { line: 'T01', rule: 'L02', kind: 'duty', who: 'handler', endsBy: factAdd('incident-known'), starts: (state) => eachIncident(state, () => true, ({ authorityToldAt }) => authorityToldAt) },
  { line: 'T02', rule: 'L03', kind: 'duty', who: 'handler', endsBy: factAdd('incident-known'), starts: (state) => eachIncident(state, (value) => isLarge(value) && value.operator === 'critical-infrastructure', ({ reportedAt }) => reportedAt) },
  { line: 'T03', rule: 'L03', kind: 'duty', who: 'handler', endsBy: factAdd('incident-known'), starts: (state) => eachIncident(state, (value) => isLarge(value) && value.operator === 'central-organ', ({ reportedAt }) => reportedAt) },
  { line: 'T04', rule: 'L03', kind: 'duty', who: 'handler', endsBy: factAdd('incident-known'), starts: (state) => eachIncident(state, (value) => isLarge(value) && value.operator === 'other', ({ reportedAt }) => reportedAt) },
  {
    line: 'T05', rule: 'L04', kind: 'duty', who: 'handler', endsBy: factAdd('incident-known'),
    starts: (state) => (state.facts['incident-known'] ?? []).flatMap(({ value }) => (isLarge(value) ? from(value.handledOn, value.summaryFiledOn ?? null).map((start) => ({ ...start, key: value.incident })) : [])),
  },
]

function isLarge({ persons, lossYuan, openClause }: FactValue<'incident-known'>): boolean {
  return persons >= largePersons || lossYuan >= largeLossYuan || openClause !== 'none'
}

function eachIncident(state: MatterState, applies: (value: FactValue<'incident-known'>) => boolean, done: (value: FactValue<'incident-known'>) => Instant | undefined): DutyStart[] {
  return (state.facts['incident-known'] ?? []).filter(({ value }) => applies(value)).map(({ value }) => ({ at: value.knownAt, key: value.incident, doneOn: onDay(done(value)) }))
}

/** 义务表. Every line of the calendar. */
export const dutyLines: readonly DutyLine[] = [...standing, ...handOver, ...company, ...abroad, ...incidents]
