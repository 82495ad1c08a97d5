// SPDX-License-Identifier: Apache-2.0
import { decodeInventoryEntry, decodeTombstone, unframeEntries } from '../book-leaves.ts'
import { BUNDLE_FILES } from '../bundle-file.ts'
import { ProofError, toHex } from '../bytes.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { readAcceptance, readPackageOuter, readReconciliation } from '../statements.ts'
import { GIVING_ROLES, openParties, openStatements, statementOf } from './bundle-statements.ts'
import type { PartyById, StatementsByKind } from './bundle-statements.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf } from './matter-events.ts'
import { fileOf } from './opened-bundle.ts'
import type { OpenedBundle } from './opened-bundle.ts'
import { isSameKey, partyKeys } from './trust.ts'
import type { OpenedStatement } from './trust.ts'
import { checkApprovals, checkCertificates } from './verify-destruction.ts'
import type { CheckList } from './verdict.ts'

/** Checks who signed what about whom: parties, copies, packages, tombstones, certificates, approvals, facts (CONTRACTS §§4, 8–11). */
export async function verifyFlows(bundle: OpenedBundle, checks: CheckList): Promise<void> {
  const parties = await checks.need('parties', (say) => {
    const found = openParties(bundle)
    say({ zh: `${found.size} 方`, en: `${found.size} parties` })
    return found
  })
  const statements = await checks.need('statements', (say) => {
    const found = openStatements(bundle)
    refuseUnnamed(bundle, found)
    const count = [...found.values()].reduce((sum, list) => sum + list.length, 0)
    say({ zh: `${count} 份`, en: `${count} files` })
    return found
  })
  await checks.also('copies', (say) => say(checkCopies(bundle)))
  await checks.also('packages', (say) => {
    const count = checkPackages(bundle, statements, parties)
    say({ zh: `${count} 个移交包`, en: `${count} packages` })
  })
  await checks.also('tombstones', (say) => {
    const count = checkTombstones(bundle)
    say({ zh: `${count} 条`, en: `${count} records` })
  })
  await checks.also('approvals', (say) => say(checkApprovals(bundle, statements)))
  await checks.also('certificates', (say) => say(checkCertificates(bundle, statements)))
}

/** A signed file that no event speaks of is outside the log: it could have been swapped in. */
function refuseUnnamed(bundle: OpenedBundle, statements: StatementsByKind): void {
  const { events } = bundle
  const named = new Set<string>([
    ...eventsOf(events, 'PackageIssued').map(({ body }) => body.outer),
    ...eventsOf(events, 'AcceptanceReceived').map(({ body }) => body.acceptance),
    ...eventsOf(events, 'Reconciled').map(({ body }) => body.statement),
    ...eventsOf(events, 'CertificateIssued').map(({ body }) => body.statement),
    ...eventsOf(events, 'FactRecorded').map(({ body }) => body.digest),
  ])
  for (const [kind, opened] of statements) {
    if (kind === 'approval') continue
    const stranger = opened.find(({ digest }) => !named.has(digest))
    if (stranger !== undefined) throw new ProofError('UNNAMED', `${kind} ${stranger.digest.slice(0, 16)}…`)
  }
}

/** Every copy was opened once and ended at most once; none is open when the matter is closed. */
function checkCopies(bundle: OpenedBundle): { zh: string; en: string } {
  const open = new Set<string>()
  const known = new Set<string>()
  for (const event of bundle.events) {
    for (const { body } of eventsOf([event], 'CopyOpened')) {
      if (known.has(body.copy)) throw new ProofError('COPIES', `${body.copy} was opened twice`)
      known.add(body.copy)
      open.add(body.copy)
    }
    for (const { body } of eventsOf([event], 'CopyEnded')) {
      if (!open.delete(body.copy)) throw new ProofError('COPIES', `${body.copy} ended without being open`)
    }
  }
  const isClosed = eventsOf(bundle.events, 'MatterClosed').length > 0
  if (isClosed && open.size > 0) throw new ProofError('COPIES', `${open.size} copies are open at the close`)
  return { zh: `登记 ${known.size} 份,未了结 ${open.size} 份`, en: `${known.size} copies, ${open.size} open` }
}

/** Issued → accepted → reconciled: the same package, outer file, content root and accepted root, each signed by whom it must be. */
function checkPackages(bundle: OpenedBundle, statements: StatementsByKind, parties: PartyById): number {
  const issued = eventsOf(bundle.events, 'PackageIssued')
  for (const { body } of issued) {
    const outer = statements.get('outer')?.find(({ digest }) => digest === body.outer)
    if (outer !== undefined && readPackageOuter(outer.statement).package !== body.package) throw new ProofError('STATEMENT', `outer file of ${body.package}`)
  }
  for (const { body, seq } of eventsOf(bundle.events, 'AcceptanceReceived')) {
    const about = issued.find((each) => each.body.package === body.package && each.seq < seq)
    if (about === undefined) throw new ProofError('ACCEPTANCE', `${body.package} was accepted but not issued`)
    checkAcceptance(body, about.body, statementOf(statements, 'acceptance', body.acceptance), parties)
  }
  for (const { body, seq } of eventsOf(bundle.events, 'Reconciled')) {
    const about = issued.find((each) => each.body.package === body.package && each.seq < seq)
    const accepted = eventsOf(bundle.events, 'AcceptanceReceived').findLast((each) => each.body.package === body.package && each.seq < seq)
    if (about === undefined || accepted === undefined) throw new ProofError('RECONCILIATION', `${body.package} was reconciled without issue or acceptance`)
    const acceptance = statementOf(statements, 'acceptance', accepted.body.acceptance)
    checkReconciliation({ bundle, reconciled: body, issued: about.body, acceptance, parties }, statementOf(statements, 'reconciliation', body.statement))
  }
  return issued.length
}

function checkAcceptance(event: BodyOf<'AcceptanceReceived'>, issued: BodyOf<'PackageIssued'>, opened: OpenedStatement, parties: PartyById): void {
  const acceptance = readAcceptance(opened.statement)
  const isSame = acceptance.package === event.package && acceptance.outer === issued.outer && acceptance.status === event.status
  if (!isSame) throw new ProofError('ACCEPTANCE', `${event.package}: the signed acceptance says something else`)
  refuseOtherSigner(opened, parties, issued.to)
}

type Reconciling = { bundle: OpenedBundle; reconciled: BodyOf<'Reconciled'>; issued: BodyOf<'PackageIssued'>; acceptance: OpenedStatement; parties: PartyById }

function checkReconciliation({ bundle, reconciled, issued, acceptance, parties }: Reconciling, opened: OpenedStatement): void {
  const statement = readReconciliation(opened.statement)
  const accepted = readAcceptance(acceptance.statement)
  const place = reconciled.package
  const isSame =
    statement.package === place && statement.outer === issued.outer && statement.acceptance === acceptance.digest && statement.contentRoot === accepted.contentRoot && statement.acceptedRoot === accepted.acceptedRoot
  if (!isSame) throw new ProofError('RECONCILIATION', `${place}: it speaks of another package, acceptance or root`)
  if (statement.sentRoot !== statement.acceptedRoot || statement.sentRoot !== reconciled.root) throw new ProofError('RECONCILIATION', `${place}: sent and accepted differ`)
  const { matched, missing, extra, changed, duplicate } = statement
  if (missing + extra + changed + duplicate !== 0 || matched !== issued.records || matched !== reconciled.matched) throw new ProofError('RECONCILIATION', `${place}: not everything matched`)
  const giver = opened.signedBy.find((signer) => partyKeys(bundle.policy, GIVING_ROLES).some((vkey) => isSameKey(vkey, signer)))
  if (giver === undefined) throw new ProofError('RECONCILIATION', `${place}: the sender has not signed`)
  refuseOtherSigner(opened, parties, issued.to)
}

function refuseOtherSigner(opened: OpenedStatement, parties: PartyById, party: string): void {
  const signer = parties.get(party)
  if (signer === undefined || !opened.signedBy.some((vkey) => isSameKey(vkey, signer.vkey))) throw new ProofError('UNKNOWN_SIGNER', `${party} has not signed`)
}

/** The list of erased records, as long as each event says and with its root; every one is in the inventory, none twice. */
function checkTombstones(bundle: OpenedBundle): number {
  const raw = [...unframeEntries(fileOf(bundle.files, BUNDLE_FILES.tombstones))]
  const leaves = raw.map(leafHash)
  const known = new Set(Array.from(unframeEntries(fileOf(bundle.files, BUNDLE_FILES.inventory)), (entry) => toHex(decodeInventoryEntry(entry).recordId)))
  const seen = new Set<string>()
  for (const { recordId, version } of raw.map(decodeTombstone)) {
    const key = `${toHex(recordId)} ${version}`
    if (!known.has(toHex(recordId)) || seen.has(key)) throw new ProofError('TOMBSTONES', 'a tombstone is of no record or occurs twice')
    seen.add(key)
  }
  const steps = [...eventsOf(bundle.events, 'DestructionIntended'), ...eventsOf(bundle.events, 'RecordsDestroyed')].sort((a, b) => a.seq - b.seq)
  let length = 0
  for (const { body, seq } of steps) {
    if (body.tombstones < length || body.tombstones > leaves.length) throw new ProofError('TOMBSTONES', `event ${seq}: the list became shorter`)
    if (toHex(rootOfLeaves(leaves.slice(0, body.tombstones))) !== body.tombstoneRoot) throw new ProofError('TOMBSTONES', `event ${seq}: another root`)
    length = body.tombstones
  }
  if (length !== leaves.length) throw new ProofError('TOMBSTONES', 'there are tombstones that no event speaks of')
  return leaves.length
}
