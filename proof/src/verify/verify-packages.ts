// SPDX-License-Identifier: Apache-2.0
import { ProofError, sha256, toHex, utf8 } from '../bytes.ts'
import { readAcceptance, readPackageOuter, readReconciliation } from '../statements.ts'
import type { Acceptance } from '../statements.ts'
import { GIVING_ROLES, RECEIVING_ROLES, statementOf } from './bundle-statements.ts'
import type { Party, PartyById, StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf, EventPosting } from './matter-events.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { isSameKey, partyKeys } from './trust.ts'
import type { OpenedStatement } from './trust.ts'

type Issued = { body: BodyOf<'PackageIssued'>; seq: number; postings: EventPosting[]; recipient: Party }
/** A package that both sides agree on; `digest` names the acceptance's statement. */
export type Agreed = { issued: Issued; acceptance: Acceptance; digest: string }

/**
 * Issued → accepted → reconciled: the same package, outer file, content root, accepted root and number of values, each signed by whom it
 * must be, and the postings move what the papers say (CONTRACTS §§4, 7, 8). Returns how many were issued and what was agreed.
 */
export function checkPackages(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): { issued: number; agreed: Agreed[] } {
  const issued = issuedPackages(bundle, statements, parties)
  const ended = new Set<string>()
  const end = (id: string, seq: number): Issued => {
    const about = issued.find((each) => each.body.package === id && each.seq < seq)
    if (about === undefined || ended.has(id)) throw new ProofError('RECONCILIATION', `event ${seq}: ${id} was not issued, or has ended before`)
    ended.add(id)
    return about
  }
  for (const { body, seq } of eventsOf(bundle.events, 'AcceptanceReceived')) {
    const about = issued.find((each) => each.body.package === body.package && each.seq < seq)
    if (about === undefined) throw new ProofError('ACCEPTANCE', `${body.package} was accepted but not issued`)
    checkAcceptance(bundle, { event: body, about }, statementOf(statements, 'acceptance', body.acceptance))
  }
  for (const { body, seq, postings } of eventsOf(bundle.events, 'PackageWithdrawn')) refuseOtherMoves(end(body.package, seq), postings, seq)
  const agreed = eventsOf(bundle.events, 'Reconciled').map(({ body, seq, postings }) => {
    const about = end(body.package, seq)
    refuseOtherMoves(about, postings, seq)
    const account = about.body.purpose === 'transfer' ? 'transferred' : 'sealed'
    if (postings.some(({ to }) => to !== account)) throw new ProofError('RECONCILIATION', `event ${seq}: a package for ${about.body.purpose} ends as ${account}`)
    const accepted = eventsOf(bundle.events, 'AcceptanceReceived').findLast((each) => each.body.package === body.package && each.seq < seq)
    if (accepted === undefined) throw new ProofError('RECONCILIATION', `${body.package} was reconciled without acceptance`)
    const acceptance = statementOf(statements, 'acceptance', accepted.body.acceptance)
    checkReconciliation(bundle, { event: body, about, acceptance }, statementOf(statements, 'reconciliation', body.statement))
    return { issued: about, acceptance: readAcceptance(acceptance.statement), digest: acceptance.digest }
  })
  return { issued: issued.length, agreed }
}

/** Every issued package once, to a party that the policy names as recipient, encrypted to that party's key, moving as many values as it says. */
function issuedPackages(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): Issued[] {
  const known = new Set<string>()
  return eventsOf(bundle.events, 'PackageIssued').map(({ body, seq, postings }) => {
    const recipient = parties.get(body.to)
    if (recipient === undefined || !RECEIVING_ROLES.includes(recipient.role)) throw new ProofError('PARTY', `${body.package} goes to one whom the policy does not name as a recipient`)
    if (known.has(body.package)) throw new ProofError('STATEMENT', `${body.package} was issued twice`)
    known.add(body.package)
    const outer = readPackageOuter(statementOf(statements, 'outer', body.outer).statement)
    const isSame = outer.package === body.package && outer.matter === bundle.index.matter && outer.origin === bundle.index.origin
    if (!isSame) throw new ProofError('STATEMENT', `outer file of ${body.package}`)
    if (outer.recipientKey !== toHex(sha256(utf8(recipient.ageRecipient)))) throw new ProofError('PARTY', `${body.package} is encrypted to another key than its recipient's`)
    if (sumOf(postings) !== body.values) throw new ProofError('COUNTS', `${body.package}: ${sumOf(postings)} values posted, ${body.values} issued`)
    return { body, seq, postings, recipient }
  })
}

/** What a package took on its way comes off it field by field, all of it. */
function refuseOtherMoves(issued: Issued, postings: readonly EventPosting[], seq: number): void {
  const fields = (of: readonly EventPosting[]): string => of.map(({ ds, f, n }) => `${ds} ${f} ${n}`).sort().join('\n')
  if (fields(postings) !== fields(issued.postings)) throw new ProofError('COUNTS', `event ${seq}: it moves other values than ${issued.body.package} carries`)
}

function checkAcceptance(bundle: OpenedBundle, { event, about }: { event: BodyOf<'AcceptanceReceived'>; about: Issued }, opened: OpenedStatement): void {
  const acceptance = readAcceptance(opened.statement)
  const isSame = acceptance.package === event.package && acceptance.outer === about.body.outer && acceptance.status === event.status
  if (!isSame || acceptance.matter !== bundle.index.matter || acceptance.recipient !== about.body.to) throw new ProofError('ACCEPTANCE', `${event.package}: the signed acceptance says something else`)
  refuseOtherSigner(opened, about)
}

type Reconciling = { event: BodyOf<'Reconciled'>; about: Issued; acceptance: OpenedStatement }

function checkReconciliation(bundle: OpenedBundle, { event, about, acceptance }: Reconciling, opened: OpenedStatement): void {
  const statement = readReconciliation(opened.statement)
  const accepted = readAcceptance(acceptance.statement)
  const place = event.package
  const isSame = statement.package === place && statement.matter === bundle.index.matter && statement.outer === about.body.outer && statement.acceptance === acceptance.digest
  const isSameRoot = statement.contentRoot === accepted.contentRoot && statement.acceptedRoot === accepted.acceptedRoot
  if (!isSame || !isSameRoot) throw new ProofError('RECONCILIATION', `${place}: it speaks of another package, acceptance or root`)
  if (statement.sentRoot !== statement.acceptedRoot || statement.sentRoot !== event.root) throw new ProofError('RECONCILIATION', `${place}: sent and accepted differ`)
  const { matched, missing, extra, changed, duplicate } = statement
  if (missing + extra + changed + duplicate !== 0 || matched !== about.body.records || matched !== event.matched) throw new ProofError('RECONCILIATION', `${place}: not everything matched`)
  const isAllThere = accepted.status === 'complete' && accepted.records === about.body.records && accepted.values === about.body.values
  if (!isAllThere) throw new ProofError('RECONCILIATION', `${place}: ${accepted.values} values were accepted, ${about.body.values} issued`)
  const giver = opened.signedBy.find((signer) => partyKeys(bundle.policy, GIVING_ROLES).some((vkey) => isSameKey(vkey, signer)))
  if (giver === undefined) throw new ProofError('RECONCILIATION', `${place}: the sender has not signed`)
  refuseOtherSigner(opened, about)
}

function refuseOtherSigner(opened: OpenedStatement, { body, recipient }: Issued): void {
  if (!opened.signedBy.some((vkey) => isSameKey(vkey, recipient.vkey))) throw new ProofError('UNKNOWN_SIGNER', `${body.to} has not signed`)
}

function sumOf(postings: readonly EventPosting[]): number {
  return postings.reduce((sum, { n }) => sum + n, 0)
}
