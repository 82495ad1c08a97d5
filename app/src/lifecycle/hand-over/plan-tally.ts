// SPDX-License-Identifier: Apache-2.0
// Counts of the sets that gates ask about, recounted from today's facts; a tally is fed record by record and holds counters only.
import { isPresent } from '@handover/proof'
import { runningRetention, waitsAfterNotice, type ConsentTally, type DestructionSummary, type LegalPositions, type NoticeKind, type NoticeTally, type ObstacleCode, type PlanState, type TransferSummary } from '../../law/index.ts'
import type { Circumstances } from '../classify/index.ts'
import type { JudgedKind, JudgedRecord, JudgedUnit } from './evaluate-records.ts'
import { SubjectSet } from './subject-set.ts'

/** What a plan's tally ends in: everything of `PlanState` that is counted. */
export type PlanTally = Omit<PlanState, 'id' | 'approved' | 'stale'> & { suppressed: number; openRequests: number; held: number }

type NoticeTallies = Partial<Record<NoticeKind, NoticeTally>>
type Counted<T> = { -readonly [K in keyof T]: T[K] }
type TransferCounts = Counted<TransferSummary> & { notices: NoticeTallies }

/** Begins a tally; `add` every judged record once, then `finish`. */
export function newPlanTally(positions: LegalPositions): { add(judged: JudgedRecord): void; finish(): PlanTally } {
  const kinds: { kind: JudgedKind; records: number; moves: boolean; isWished: boolean; isConsentedFor: boolean }[] = []
  const persons = new SubjectSet()
  const wished = new SubjectSet()
  const suppressed = new SubjectSet()
  const childrenConsentedFor = new SubjectSet()
  return {
    add({ kind, subjectId }) {
      const known = (kinds[kind.number] ??= { kind, records: 0, moves: filledUnits(kind).some(moves), isWished: filledUnits(kind).some(isWished), isConsentedFor: isConsentedFor(kind) })
      known.records += 1
      if (subjectId === null) return
      if (known.moves) persons.add(subjectId)
      if (known.isWished) wished.add(subjectId)
      if (known.isConsentedFor) childrenConsentedFor.add(subjectId)
      if (kind.circumstances.onSuppressionList) suppressed.add(subjectId)
    },
    finish() {
      const counts = newCounts()
      for (const { kind, records } of kinds) countKind(counts, kind, records, positions)
      return { ...counts.sums, waitingFor: counts.waitingFor, transfer: { ...counts.transfer, persons: persons.size, childrenConsentedFor: childrenConsentedFor.size }, wished: { ...counts.wished, persons: wished.size }, destruction: counts.destruction, suppressed: suppressed.size }
    },
  }
}

interface Counts {
  transfer: TransferCounts
  wished: TransferCounts
  destruction: Counted<DestructionSummary>
  waitingFor: Partial<Record<ObstacleCode, number>>
  sums: { pendingValues: number; keptValues: number; sealedValues: number; sealedWithCustodian: number; openRequests: number; held: number }
}

function newCounts(): Counts {
  return { transfer: noTransfer(), wished: noTransfer(), destruction: noDestruction(), waitingFor: {}, sums: { pendingValues: 0, keptValues: 0, sealedValues: 0, sealedWithCustodian: 0, openRequests: 0, held: 0 } }
}

/** Counts so many records of one kind. */
function countKind({ transfer, wished, destruction, waitingFor, sums }: Counts, kind: JudgedKind, n: number, positions: LegalPositions): void {
  const filled = filledUnits(kind)
  if (kind.circumstances.openRequest) sums.openRequests += n
  if (kind.circumstances.hold) sums.held += n
  countValues(sums, filled, n)
  countWaiting(waitingFor, filled, n)
  countTransfer(transfer, kind.circumstances, filled.filter(moves), { n, positions })
  countTransfer(wished, kind.circumstances, filled.filter(isWished), { n, positions })
  countDestruction(destruction, kind.circumstances, filled, n)
}

interface Filled {
  unit: JudgedUnit
  values: number
}

/** Units of which a record of this kind holds values. */
function filledUnits({ units, presence }: JudgedKind): Filled[] {
  return units.flatMap((unit) => {
    const values = unit.unit.positions.filter((position) => isPresent(presence, position)).length
    return values === 0 ? [] : [{ unit, values }]
  })
}

function countValues(sums: Counts['sums'], filled: readonly Filled[], n: number): void {
  for (const { unit, values: each } of filled) {
    const values = each * n
    const { outcome, holder } = unit.verdict
    if (outcome === 'pending') sums.pendingValues += values
    if (outcome === 'kept') sums.keptValues += values
    if (outcome === 'sealed') sums.sealedValues += values
    if (outcome === 'sealed' && holder === 'custodian') sums.sealedWithCustodian += values
  }
}

function countWaiting(waitingFor: Partial<Record<ObstacleCode, number>>, filled: readonly Filled[], n: number): void {
  const codes = new Set(filled.flatMap(({ unit }) => (unit.verdict.outcome === 'pending' ? unit.verdict.conditions.map((one) => one.code) : [])))
  for (const code of codes) waitingFor[code] = (waitingFor[code] ?? 0) + n
}

const moves = ({ unit }: Filled): boolean => unit.verdict.outcome === 'transferred'
/** A row wants it to move and says what it needs; unknown facts and open questions want nothing yet (X28, X29). */
const isWished = ({ unit: { verdict } }: Filled): boolean => verdict.outcome === 'pending' && verdict.needs.notices.length + verdict.needs.consents.length > 0

/** Moves with the consent of a guardian. */
const isConsentedFor = (kind: JudgedKind): boolean => kind.circumstances.guardianConsent === 'given' && filledUnits(kind).some((one) => moves(one) && one.unit.verdict.needs.consents.includes('agree-guardian'))

function countTransfer(transfer: TransferCounts, record: Circumstances, moving: readonly Filled[], { n, positions }: { n: number; positions: LegalPositions }): void {
  if (moving.length === 0) return
  const some = (test: (unit: JudgedUnit) => boolean): number => (moving.some(({ unit }) => test(unit)) ? n : 0)
  transfer.records += n
  transfer.values += n * moving.reduce((sum, { values }) => sum + values, 0)
  transfer.sensitiveRecords += some(({ facts }) => facts.grade === 'sensitive')
  transfer.under14 += some(({ facts }) => (facts.ageGroup === 'unknown' ? facts.agePresumption : facts.ageGroup) === 'under14')
  transfer.consentBasedRecords += some(({ facts }) => facts.basis === 'consent')
  transfer.openRequests += record.openRequest ? n : 0
  transfer.held += record.hold ? n : 0
  transfer.objected += record.objected ? n : 0
  transfer.suppressed += some(({ facts }) => facts.suppressed)
  transfer.unconfirmedSourceRecords += some(({ facts }) => facts.lawfulSource === 'unconfirmed')
  transfer.unlawfulSourceRecords += some(({ facts }) => facts.lawfulSource === 'unlawful')
  transfer.faceWithoutConsent += some(({ facts }) => facts.biometric === 'face' && facts.faceRoute !== 'with-device' && facts.sensitiveConsent !== 'given')
  transfer.contractWithoutAssent += some(({ facts }) => (facts.basis === 'contract' || facts.basis === 'human-resources') && facts.holdsPersons && !facts.contractAssent && facts.transferConsent !== 'given')
  transfer.newUseBlocked += some(({ verdict }) => verdict.flags.includes('new-use-blocked'))
  transfer.unneededValues += n * moving.reduce((sum, { unit, values }) => sum + (unit.facts.holdsPersons && (!unit.facts.neededForTransfer || unit.facts.purposeState !== 'live') ? values : 0), 0)
  for (const kind of new Set(moving.flatMap(({ unit }) => unit.verdict.needs.notices))) countNotice(transfer.notices, kind, moving, { n, positions })
  const consents = new Set(moving.flatMap(({ unit }) => unit.verdict.needs.consents))
  if (consents.has('agree-transfer')) transfer.consents.transfer = countConsent(transfer.consents.transfer, record.transferConsent, n)
  if (consents.has('agree-sensitive')) transfer.consents.sensitive = countConsent(transfer.consents.sensitive, record.sensitiveConsent, n)
  if (consents.has('agree-guardian')) transfer.consents.guardian = countConsent(transfer.consents.guardian, record.guardianConsent, n)
  if (consents.has('agree-export')) transfer.consents.export = countConsent(transfer.consents.export, record.exportConsent, n)
}

function countNotice(tallies: NoticeTallies, kind: NoticeKind, moving: readonly Filled[], { n, positions }: { n: number; positions: LegalPositions }): void {
  const facts = moving.at(0)?.unit.facts
  if (facts === undefined) return
  const state = facts.notices[kind]?.state ?? 'none'
  const waits = moving.some(({ unit }) => unit.verdict.needs.notices.includes(kind) && waitsAfterNotice(unit.facts, positions, kind, unit.verdict.needs.consents))
  const tally = tallies[kind] ?? { due: 0, delivered: 0, announced: 0, bounced: 0, none: 0, waiting: 0 }
  tallies[kind] = { ...tally, due: tally.due + n, [state]: tally[state] + n, waiting: tally.waiting + (waits ? n : 0) }
}

function countConsent(tally: ConsentTally, state: 'given' | 'refused' | 'none', n: number): ConsentTally {
  return { ...tally, due: tally.due + n, [state]: tally[state] + n }
}

function countDestruction(sum: Counted<DestructionSummary>, record: Circumstances, filled: readonly Filled[], n: number): void {
  const ending = filled.filter(({ unit }) => unit.verdict.outcome === 'destroyed' || unit.verdict.outcome === 'anonymised')
  if (ending.length === 0) return
  sum.records += n
  sum.held += record.hold ? n : 0
  sum.openRequests += record.openRequest ? n : 0
  sum.under14 += ending.some(({ unit }) => (unit.facts.ageGroup === 'unknown' ? unit.facts.agePresumption : unit.facts.ageGroup) === 'under14') ? n : 0
  for (const { unit, values: each } of ending) {
    const values = each * n
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
    records: 0, values: 0, persons: 0, sensitiveRecords: 0, under14: 0, consentBasedRecords: 0, notices: {}, consents: { transfer: none(), sensitive: none(), guardian: none(), export: none() },
    openRequests: 0, held: 0, objected: 0, suppressed: 0, unneededValues: 0, unconfirmedSourceRecords: 0, unlawfulSourceRecords: 0, faceWithoutConsent: 0, contractWithoutAssent: 0, newUseBlocked: 0, childrenConsentedFor: 0,
  }
}

function noDestruction(): Counted<DestructionSummary> {
  return { records: 0, values: 0, anonymisedValues: 0, under14: 0, held: 0, openRequests: 0, retentionRunning: { accounting: 0, tax: 0, platform: 0, antiMoneyLaundering: 0, other: 0 }, retentionUnassigned: 0, accountingExpired: 0 }
}
