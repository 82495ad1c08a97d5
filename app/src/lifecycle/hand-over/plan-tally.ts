// SPDX-License-Identifier: Apache-2.0
// Counts of the sets that gates ask about, recounted from today's facts; a tally is fed record by record and holds counters only.
import { isPresent } from '@handover/proof'
import { runningRetention, waitsAfterNotice, type ConsentTally, type DestructionSummary, type LegalPositions, type NoticeKind, type NoticeTally, type ObstacleCode, type PlanState, type TransferSummary } from '../../law/index.ts'
import type { JudgedRecord, JudgedUnit } from './evaluate-records.ts'

/** What a plan's tally ends in: everything of `PlanState` that is counted. */
export type PlanTally = Omit<PlanState, 'id' | 'approved' | 'stale'> & { suppressed: number; openRequests: number; held: number }

type NoticeTallies = Partial<Record<NoticeKind, NoticeTally>>
type Counted<T> = { -readonly [K in keyof T]: T[K] }
type TransferCounts = Counted<TransferSummary> & { notices: NoticeTallies }

/** Begins a tally; `add` every judged record once, then `finish`. */
export function newPlanTally(positions: LegalPositions): { add(judged: JudgedRecord): void; finish(): PlanTally } {
  const transfer = noTransfer()
  const destruction = noDestruction()
  const persons = new Set<string>()
  const suppressed = new Set<string>()
  const waitingFor: Partial<Record<ObstacleCode, number>> = {}
  const sums = { pendingValues: 0, keptValues: 0, sealedValues: 0, sealedWithCustodian: 0, openRequests: 0, held: 0 }
  return {
    add(judged) {
      const { record } = judged
      if (record.openRequest) sums.openRequests += 1
      if (record.hold) sums.held += 1
      if (record.onSuppressionList && record.subjectId !== null) suppressed.add(record.subjectId)
      const filled = judged.units.flatMap((unit) => {
        const values = valuesOf(judged, unit)
        return values === 0 ? [] : [{ unit, values }]
      })
      countValues(sums, filled)
      countWaiting(waitingFor, filled)
      countTransfer(transfer, judged, filled, positions)
      countDestruction(destruction, judged, filled)
      if (record.subjectId !== null && filled.some(({ unit }) => unit.verdict.outcome === 'transferred')) persons.add(record.subjectId)
    },
    finish: () => ({ ...sums, waitingFor, transfer: { ...transfer, persons: persons.size }, destruction, suppressed: suppressed.size }),
  }
}

interface Filled {
  unit: JudgedUnit
  values: number
}

function valuesOf({ record }: JudgedRecord, { unit }: JudgedUnit): number {
  return unit.positions.filter((position) => isPresent(record.presence, position)).length
}

function countValues(sums: { pendingValues: number; keptValues: number; sealedValues: number; sealedWithCustodian: number }, filled: readonly Filled[]): void {
  for (const { unit, values } of filled) {
    const { outcome, holder } = unit.verdict
    if (outcome === 'pending') sums.pendingValues += values
    if (outcome === 'kept') sums.keptValues += values
    if (outcome === 'sealed') sums.sealedValues += values
    if (outcome === 'sealed' && holder === 'custodian') sums.sealedWithCustodian += values
  }
}

function countWaiting(waitingFor: Partial<Record<ObstacleCode, number>>, filled: readonly Filled[]): void {
  const codes = new Set(filled.flatMap(({ unit }) => (unit.verdict.outcome === 'pending' ? unit.verdict.conditions.map((one) => one.code) : [])))
  for (const code of codes) waitingFor[code] = (waitingFor[code] ?? 0) + 1
}

function countTransfer(transfer: TransferCounts, { record }: JudgedRecord, filled: readonly Filled[], positions: LegalPositions): void {
  const moving = filled.filter(({ unit }) => unit.verdict.outcome === 'transferred')
  if (moving.length === 0) return
  const some = (test: (unit: JudgedUnit) => boolean): number => (moving.some(({ unit }) => test(unit)) ? 1 : 0)
  transfer.records += 1
  transfer.values += moving.reduce((sum, { values }) => sum + values, 0)
  transfer.sensitiveRecords += some(({ facts }) => facts.grade === 'sensitive')
  transfer.under14 += some(({ facts }) => (facts.ageGroup === 'unknown' ? facts.agePresumption : facts.ageGroup) === 'under14')
  transfer.consentBasedRecords += some(({ facts }) => facts.basis === 'consent')
  transfer.openRequests += record.openRequest ? 1 : 0
  transfer.held += record.hold ? 1 : 0
  transfer.objected += record.objected ? 1 : 0
  transfer.suppressed += some(({ facts }) => facts.suppressed)
  transfer.unconfirmedSourceRecords += some(({ facts }) => facts.lawfulSource === 'unconfirmed')
  transfer.unlawfulSourceRecords += some(({ facts }) => facts.lawfulSource === 'unlawful')
  transfer.faceWithoutConsent += some(({ facts }) => facts.biometric === 'face' && facts.faceRoute !== 'with-device' && facts.sensitiveConsent !== 'given')
  transfer.unneededValues += moving.reduce((sum, { unit, values }) => sum + (unit.facts.holdsPersons && (!unit.facts.neededForTransfer || unit.facts.purposeState !== 'live') ? values : 0), 0)
  for (const kind of new Set(moving.flatMap(({ unit }) => unit.verdict.needs.notices))) countNotice(transfer.notices, kind, moving, positions)
  const consents = new Set(moving.flatMap(({ unit }) => unit.verdict.needs.consents))
  if (consents.has('agree-transfer')) transfer.consents.transfer = countConsent(transfer.consents.transfer, record.transferConsent)
  if (consents.has('agree-sensitive')) transfer.consents.sensitive = countConsent(transfer.consents.sensitive, record.sensitiveConsent)
  if (consents.has('agree-guardian')) transfer.consents.guardian = countConsent(transfer.consents.guardian, record.guardianConsent)
}

function countNotice(tallies: NoticeTallies, kind: NoticeKind, moving: readonly Filled[], positions: LegalPositions): void {
  const facts = moving.at(0)?.unit.facts
  if (facts === undefined) return
  const state = facts.notices[kind]?.state ?? 'none'
  const waits = moving.some(({ unit }) => unit.verdict.needs.notices.includes(kind) && waitsAfterNotice(unit.facts, positions, kind, unit.verdict.needs.consents))
  const tally = tallies[kind] ?? { due: 0, delivered: 0, announced: 0, bounced: 0, none: 0, waiting: 0 }
  tallies[kind] = { ...tally, due: tally.due + 1, [state]: tally[state] + 1, waiting: tally.waiting + (waits ? 1 : 0) }
}

function countConsent(tally: ConsentTally, state: 'given' | 'refused' | 'none'): ConsentTally {
  return { ...tally, due: tally.due + 1, [state]: tally[state] + 1 }
}

function countDestruction(sum: Counted<DestructionSummary>, { record }: JudgedRecord, filled: readonly Filled[]): void {
  const ending = filled.filter(({ unit }) => unit.verdict.outcome === 'destroyed' || unit.verdict.outcome === 'anonymised')
  if (ending.length === 0) return
  sum.records += 1
  sum.held += record.hold ? 1 : 0
  sum.openRequests += record.openRequest ? 1 : 0
  sum.under14 += ending.some(({ unit }) => (unit.facts.ageGroup === 'unknown' ? unit.facts.agePresumption : unit.facts.ageGroup) === 'under14') ? 1 : 0
  for (const { unit, values } of ending) {
    sum.values += values
    if (unit.verdict.outcome === 'anonymised') sum.anonymisedValues += values
    if (unit.facts.retention === null) sum.retentionUnassigned += values
    const running = runningRetention(unit.facts.retention ?? [], unit.facts.today)
    for (const kind of new Set(running.map((duty) => kindOfDuty(duty.id)))) sum.retentionRunning[kind] += values
    if (running.length === 0 && (unit.facts.retention ?? []).some((duty) => kindOfDuty(duty.id) === 'accounting')) sum.accountingExpired += values
  }
}

const accountingEntries = ['RT01', 'RT02', 'RT03', 'RT04', 'RT05']
const taxEntries = ['RT06', 'RT07']
const platformEntries = ['RT08', 'RT09']

/** The gate that asks for a retention entry: J02 accounting, J03 tax, J04 platforms, J05 anti-money-laundering. */
function kindOfDuty(entry: string): keyof DestructionSummary['retentionRunning'] {
  if (accountingEntries.includes(entry)) return 'accounting'
  if (taxEntries.includes(entry)) return 'tax'
  if (platformEntries.includes(entry)) return 'platform'
  return entry === 'RT10' ? 'antiMoneyLaundering' : 'other'
}

function noTransfer(): TransferCounts {
  const none = (): ConsentTally => ({ due: 0, given: 0, refused: 0, none: 0 })
  return {
    records: 0, values: 0, persons: 0, sensitiveRecords: 0, under14: 0, consentBasedRecords: 0, notices: {}, consents: { transfer: none(), sensitive: none(), guardian: none() },
    openRequests: 0, held: 0, objected: 0, suppressed: 0, unneededValues: 0, unconfirmedSourceRecords: 0, unlawfulSourceRecords: 0, faceWithoutConsent: 0,
  }
}

function noDestruction(): Counted<DestructionSummary> {
  return { records: 0, values: 0, anonymisedValues: 0, under14: 0, held: 0, openRequests: 0, retentionRunning: { accounting: 0, tax: 0, platform: 0, antiMoneyLaundering: 0, other: 0 }, retentionUnassigned: 0, accountingExpired: 0 }
}
