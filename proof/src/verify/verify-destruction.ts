// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { readErasureCertificate } from '../statements.ts'
import type { CertifiedOverride, ErasureCertificate } from '../statements.ts'
import { statementOf } from './bundle-statements.ts'
import type { PartyById, StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { grantedApprovals } from './verify-approvals.ts'
import type { Granted } from './verify-approvals.ts'
import type { Tombstones } from './verify-tombstones.ts'
import type { Words } from './words.ts'

/** A certificate with its event. */
export type IssuedCertificate = { seq: number; digest: string; certificate: ErasureCertificate }

/** The certificates that events name, as they were signed; refuses one that says something else than its event. */
export function issuedCertificates(bundle: OpenedBundle, statements: StatementsByKind): IssuedCertificate[] {
  return eventsOf(bundle.events, 'CertificateIssued').map(({ body, seq }) => {
    const certificate = readErasureCertificate(statementOf(statements, 'certificate', body.statement).statement)
    const isSame = certificate.order === body.order && certificate.status === body.status && certificate.matter === bundle.index.matter
    if (!isSame) throw new ProofError('CERTIFICATE', `event ${seq}: the signed certificate says something else`)
    return { seq, digest: body.statement, certificate }
  })
}

/** The lengths of the list of tombstones that certificates speak of. */
export function certifiedLengths(statements: StatementsByKind): number[] {
  return (statements.get('certificate') ?? []).map(({ statement }) => readErasureCertificate(statement).target.tombstones)
}

/** Each certificate is about the destruction that the events show, final only after the turn; at the close no destruction is without a final one (CONTRACTS §5). */
export function checkCertificates(bundle: OpenedBundle, { statements, parties, tombstones: list }: { statements: StatementsByKind; parties: PartyById; tombstones: Tombstones }): Words {
  const issued = issuedCertificates(bundle, statements)
  const granted = grantedApprovals(bundle, statements)
  for (const { seq, digest, certificate } of issued) {
    refuseOtherIssuer(bundle, certificate, { signedBy: statementOf(statements, 'certificate', digest).signedBy, parties })
    checkApprovers(granted, certificate)
    checkDestruction(bundle, certificate, seq)
    checkOverrides(bundle, certificate, seq)
    const { tombstones, tombstoneRoot } = certificate.target
    if (list.rootAt.get(tombstones) !== tombstoneRoot) throw new ProofError('CERTIFICATE', `${certificate.order}: another list of tombstones`)
  }
  refuseUnfinished(bundle, issued)
  const lastByOrder = new Map(issued.map(({ certificate }) => [certificate.order, certificate.status]))
  const pending = [...lastByOrder.values()].filter((status) => status === 'pending').length
  return { zh: `${lastByOrder.size} 份命令,待定 ${pending} 份`, en: `${lastByOrder.size} orders, ${pending} pending` }
}

/** Signed by the party that it names as executor, and of the clock under which the matter stands. */
function refuseOtherIssuer(bundle: OpenedBundle, { order, executor, clock }: ErasureCertificate, by: { signedBy: readonly { text: string }[]; parties: PartyById }): void {
  const party = by.parties.get(executor)
  if (party === undefined || !by.signedBy.some(({ text }) => text === party.vkey.text)) throw new ProofError('CERTIFICATE', `${order}: its executor has not signed it`)
  const isDemo = eventsOf(bundle.events, 'MatterOpened').some(({ body }) => body.demo)
  if ((clock === 'declared') !== isDemo) throw new ProofError('CERTIFICATE', `${order}: it speaks of another clock than the matter`)
}

/** The people named on the certificate are those whose approvals were signed, two at least and none the requester. */
function checkApprovers(granted: readonly Granted[], certificate: ErasureCertificate): void {
  const { order, approvers, requester } = certificate
  const approval = granted.find(({ body }) => body.request === certificate.approval)
  if (approval === undefined || approval.body.act !== 'destroy' || approval.parameters['order'] !== order) throw new ProofError('CERTIFICATE', `${order}: no approval to destroy`)
  const isHonest = new Set(approvers).size >= 2 && approvers.every((person) => approval.approvers.has(person)) && !approvers.includes(requester)
  if (!isHonest) throw new ProofError('CERTIFICATE', `${order}: two approvers who signed are needed, neither the requester`)
  // Left out, a waiver of receipts would be hidden from the people whom it concerns.
  if ((approval.parameters['withoutReceipts'] ?? null) !== (certificate.withoutReceipts ?? null)) throw new ProofError('CERTIFICATE', `${order}: what was approved about receipts is not what it says`)
  if (certificate.identitiesVerified && !approval.body.identitiesVerified) throw new ProofError('CERTIFICATE', `${order}: it claims verified identities, the approval does not`)
}

/** The order was announced with this set of records; a vault's keys were erased as often as it says, an order over files erases none. */
function checkDestruction(bundle: OpenedBundle, certificate: ErasureCertificate, seq: number): void {
  const { order, target } = certificate
  const intended = eventsOf(bundle.events, 'DestructionIntended').find(({ body }) => body.order === order)
  if (intended === undefined || intended.seq > seq) throw new ProofError('CERTIFICATE', `${order}: certified without having been announced`)
  if (intended.body.recordSet !== target.recordSet || intended.body.records !== target.records) throw new ProofError('CERTIFICATE', `${order}: about other records than were announced`)
  const destroyed = eventsOf(bundle.events, 'RecordsDestroyed').filter(({ body }) => body.order === order)
  const last = destroyed.at(-1)
  if (last === undefined) {
    if (certificate.keys.destroyed > 0) throw new ProofError('CERTIFICATE', `${order}: it speaks of keys that no event erased`)
    return
  }
  if (last.seq > seq) throw new ProofError('CERTIFICATE', `${order}: certified before it was destroyed`)
  if (last.body.tombstoneRoot !== target.tombstoneRoot || last.body.tombstones !== target.tombstones) throw new ProofError('CERTIFICATE', `${order}: another list of tombstones`)
  if (destroyed.reduce((sum, { body }) => sum + body.records, 0) !== target.records) throw new ProofError('CERTIFICATE', `${order}: another number of records than was destroyed`)
  const turned = eventsOf(bundle.events, 'EpochTurned').some((turn) => turn.seq > last.seq && turn.seq < seq)
  if (certificate.status === 'final' && !turned) throw new ProofError('CERTIFICATE', `${order}: final before the keys turned`)
}

/** Gate rules that people had overridden before the destruction was announced are on the certificate, and nothing is on it that was not booked before it: left out, an override would be hidden from whoever relies on the destruction. */
function checkOverrides(bundle: OpenedBundle, { order, gateOverrides = [] }: ErasureCertificate, seq: number): void {
  const announced = eventsOf(bundle.events, 'DestructionIntended').find(({ body }) => body.order === order)
  const booked = eventsOf(bundle.events, 'GateOverridden').filter((event) => event.seq < seq)
  const isNamed = (body: BodyOf<'GateOverridden'>): boolean => gateOverrides.some((named) => isSameOverride(named, body))
  const hidden = booked.filter((event) => event.seq < (announced?.seq ?? seq) && !isNamed(event.body))
  const invented = gateOverrides.filter((named) => !booked.some(({ body }) => isSameOverride(named, body)))
  if (hidden.length + invented.length > 0) throw new ProofError('CERTIFICATE', `${order}: it does not name the gate rules that were overridden (${hidden.length} left out, ${invented.length} not booked)`)
}

function isSameOverride(named: CertifiedOverride, body: BodyOf<'GateOverridden'>): boolean {
  const isSame = (['override', 'rule', 'article', 'opinion', 'until', 'approval'] as const).every((key) => named[key] === body[key])
  return isSame && named.codes.join() === body.codes.join()
}

function refuseUnfinished(bundle: OpenedBundle, issued: readonly IssuedCertificate[]): void {
  const [closed] = eventsOf(bundle.events, 'MatterClosed')
  if (closed === undefined) return
  const isFinal = (order: string): boolean => issued.some(({ seq, certificate }) => seq < closed.seq && certificate.order === order && certificate.status === 'final')
  const open = new Set(eventsOf(bundle.events, 'DestructionIntended').map(({ body }) => body.order).filter((order) => !isFinal(order)))
  if (open.size > 0) throw new ProofError('CERTIFICATE', `${open.size} destructions have no final certificate at the close`)
}

/** Copies of its own that a giving party calls destroyed: each is on the final certificate that it names as proof (CONTRACTS §4). */
export function refuseUnprovenEnd(end: { copy: string; proof: string | null; seq: number }, issued: readonly IssuedCertificate[]): void {
  const proof = issued.find(({ seq, digest, certificate }) => seq < end.seq && digest === end.proof && certificate.status === 'final')
  if (proof === undefined || !proof.certificate.target.copies.includes(end.copy)) throw new ProofError('COPIES', `${end.copy} is called destroyed, and no final certificate names it`)
}
