// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { readErasureCertificate, readFact } from '../statements.ts'
import { isJsonObject } from '../jcs.ts'
import { PREDICATE } from '../dsse.ts'
import { GIVING_ROLES } from './bundle-statements.ts'
import type { PartyById, StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import type { OpenedStatement } from './trust.ts'
import { issuedCertificates, refuseUnprovenEnd } from './verify-destruction.ts'

/** Every copy was opened once and ended at most once; what the giving side calls destroyed has its certificate; none is open at the close, and none is touched after it. */
export function checkCopies(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): { zh: string; en: string } {
  const certificates = issuedCertificates(bundle, statements)
  const open = new Set<string>()
  const known = new Map<string, { kind: string; holder: string }>()
  let isClosed = false
  for (const event of bundle.events) {
    for (const { body } of eventsOf([event], 'CopyOpened')) {
      if (known.has(body.copy)) throw new ProofError('COPIES', `${body.copy} was opened twice`)
      known.set(body.copy, body)
      open.add(body.copy)
    }
    for (const { body, seq } of eventsOf([event], 'CopyEnded')) {
      if (!open.delete(body.copy)) throw new ProofError('COPIES', `${body.copy} ended without being open`)
      const { kind, holder } = known.get(body.copy) ?? { kind: '', holder: '' }
      const isGivers = GIVING_ROLES.some((role) => role === parties.get(holder)?.role)
      if (body.how === 'destroyed' && isGivers && (kind === 'vault' || kind === 'original')) refuseUnprovenEnd({ ...body, seq }, certificates)
    }
    for (const { body, seq } of eventsOf([event], 'CopyRecounted')) if (!open.has(body.copy)) throw new ProofError('COPIES', `event ${seq}: ${body.copy} is not open`)
    if (isClosed && ['CopyOpened', 'CopyEnded', 'CopyRecounted'].includes(event.type)) throw new ProofError('COPIES', `event ${event.seq} changes the copies book after the close`)
    if (event.type !== 'MatterClosed' && event.type !== 'MatterAbandoned') continue
    isClosed = true
    if (open.size > 0) throw new ProofError('COPIES', `${open.size} copies are open at the close`)
  }
  return { zh: `登记 ${known.size} 份,未了结 ${open.size} 份`, en: `${known.size} copies, ${open.size} open` }
}

/** Ends that somebody must have signed for (CONTRACTS §4); the others may name a statement too. */
const SIGNED_ENDS = ['handed-over', 'destroyed', 'attested']

/**
 * What was signed about the end of each copy is in the bundle: a certificate, an acceptance or reconciliation, or a statement about this copy
 * in this matter that says the same as its event.
 */
export function refuseUnstatedEnds(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): void {
  const holderOf = new Map(eventsOf(bundle.events, 'CopyOpened').map(({ body }) => [body.copy, body.holder]))
  const known = new Set(['acceptance', 'certificate', 'reconciliation'].flatMap((kind) => [...statements].flatMap(([each, opened]) => (each === kind ? opened.map(({ digest }) => digest) : []))))
  for (const { body, seq } of eventsOf(bundle.events, 'CopyEnded')) {
    if (body.proof === null) {
      if (SIGNED_ENDS.includes(body.how)) throw new ProofError('COPIES', `event ${seq}: ${body.copy} ended as ${body.how} without anything signed`)
      continue
    }
    if (known.has(body.proof)) continue
    const opened = statements.get('copy')?.find(({ digest }) => digest === body.proof)
    if (opened === undefined) throw new ProofError('COPIES', `event ${seq}: what was signed about ${body.copy} is missing`)
    if (opened.statement.predicateType === PREDICATE.erasureCertificate) {
      refuseOtherCertificate(opened, { copy: body.copy, matter: bundle.index.matter, holder: parties.get(holderOf.get(body.copy) ?? '')?.vkey.text })
      continue
    }
    const { fact, matter, name } = readFact(opened.statement)
    const { value } = opened.statement.predicate
    if (fact !== body.copy || matter !== bundle.index.matter || name !== 'copy-end' || !isJsonObject(value) || value['how'] !== body.how) throw new ProofError('COPIES', `event ${seq}: what was signed about ${body.copy} says something else`)
  }
}

/** A copy in other hands ends on its holder's own certificate, final and about this copy. */
function refuseOtherCertificate({ statement, signedBy }: OpenedStatement, about: { copy: string; matter: string; holder: string | undefined }): void {
  const { status, target, matter } = readErasureCertificate(statement)
  const isOfHolder = about.holder !== undefined && signedBy.some(({ text }) => text === about.holder)
  if (!isOfHolder || status !== 'final' || matter !== about.matter || !target.copies.includes(about.copy)) throw new ProofError('COPIES', `${about.copy}: it ended on a certificate that is not its holder's, not final or about another copy`)
}
