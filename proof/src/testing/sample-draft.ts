// SPDX-License-Identifier: Apache-2.0
import { dispositionCode, dispositionOfCode, encodeInventoryEntry, encodeRewriteEntry, encodeTombstone, FINAL_DISPOSITIONS } from '../book-leaves.ts'
import type { DispositionName } from '../book-leaves.ts'
import { sha256, toHex, utf8 } from '../bytes.ts'
import { encodeAcceptedRecords, recordSetRoot } from '../acceptance-file.ts'
import { signStatement } from '../dsse.ts'
import type { JsonObject } from '../jcs.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import type { NoteSigner } from '../note.ts'
import { acceptanceStatement, approvalDigest, approvalStatement, erasureCertificateStatement, packageOuterStatement, partyFileStatement, reconciliationStatement, statementDigest } from '../statements.ts'
import type { Acceptance, Approval, ErasureCertificate, PackageOuter, PartyFile } from '../statements.ts'
import { isValue } from '../values.ts'
import { approverOne, approverTwo, buyer, requester, sampleBytes, seller } from './sample-keys.ts'
import { AT, booksRootOf, emptyDraft, MATTER, NEXT_DAY, ORIGIN } from './sample-matter.ts'
import type { Draft } from './sample-matter.ts'
import { booksOf, dsText, inventoryOf, sampleDataSets, sampleMoves, sampleRecords } from './sample-records.ts'

export { AT } from './sample-matter.ts'

const hex = (name: string): string => toHex(sampleBytes(name))
export const PACKAGE = 'pkg_00000000000000000000000000000001'
const outerFile = { name: 'manifest.age', bytes: 1, sha256: hex('manifest.age') }
/** Outer part of the sample package, as the seller signs it. */
export const sampleOuter: PackageOuter = { package: PACKAGE, matter: MATTER, origin: ORIGIN, recipientKey: toHex(sha256(utf8('age1transferee'))), segments: [], manifest: outerFile }
export const OUTER = statementDigest(signStatement(packageOuterStatement(sampleOuter), [seller]))
const ORDER = 'ord_1'
export const DESTROY = 'apr_destroy'
const PLAN = { plan: 'pln_1', digest: hex('plan') }
const sent = sampleRecords.filter(({ fates }) => fates.includes('transferred'))
/** The list that the recipient signs in the sample. */
export const sampleAccepted = encodeAcceptedRecords(sent.map(({ id, root }) => ({ recordId: id, root, seen: 1 })))
const sentRoot = toHex(recordSetRoot(sent.map(({ id, root }) => ({ recordId: id, root }))))

/** Who makes the buyer's papers, which records get a tombstone (all of them in an honest matter), and what a delta scan finds after the inventory. */
export type Casting = { recipient: NoteSigner; hasTombstone: (index: number) => boolean; revise: (draft: Draft) => void }

/** The whole sample matter: inventory → package → acceptance → reconciliation → destruction → close, everything in order and signed. */
export function sampleDraft(casting: Partial<Casting> = {}): Draft {
  const { recipient, hasTombstone, revise }: Casting = { recipient: buyer, hasTombstone: () => true, revise: () => undefined, ...casting }
  const draft = emptyDraft()
  addParties(draft, recipient)
  addInventory(draft)
  revise(draft)
  addHandOver(draft, recipient)
  addDestruction(draft, hasTombstone)
  draft.books = sampleRecords.map(booksOf)
  addClose(draft)
  return draft
}

/** Appends an event at the sample's time. */
export function addEvent(draft: Draft, type: string, body: JsonObject): void {
  draft.events.push({ type, ts: AT, body })
}

/** The event of a type at a place; for bending. */
export function eventAt(draft: Draft, type: string, place = 0): { type: string; ts: string; body: JsonObject } {
  const found = draft.events.filter((event) => event.type === type)[place]
  if (found === undefined) throw new Error(`the sample has no ${type} ${place}`)
  return found
}

function addParties(draft: Draft, recipient: NoteSigner): void {
  const named = ([['transferor', seller], ['transferee', recipient]] as const).map(([role, signer]) => {
    const file: PartyFile = { party: `pty_${role}`, role, name: `测试${role}有限公司`, creditCode: '91000000000000000X', contact: 'desk', vkey: signer.vkey.text, ageRecipient: `age1${role}` }
    const envelope = signStatement(partyFileStatement(file), [signer])
    draft.parties.push({ role, envelope })
    return { role, party: file.party, digest: statementDigest(envelope) }
  })
  addEvent(draft, 'MatterOpened', { type: 'asset-transfer', origin: ORIGIN, parties: named, settings: hex('settings'), demo: true })
}

function addInventory(draft: Draft): void {
  draft.inventory = sampleRecords.map(inventoryOf)
  for (const ds of sampleDataSets) {
    const records = sampleRecords.filter((record) => record.ds === ds)
    const entries = records.map((record) => leafHash(encodeInventoryEntry(inventoryOf(record))))
    const fields = ds.fields.map((field, at) => ({ f: `fld_${toHex(field)}`, values: records.filter((record) => isValue(record.values[at] ?? null)).length }))
    const postings = sampleMoves(null, 'discovered', 'pending').filter((posting) => posting.ds === dsText(ds))
    addEvent(draft, 'InventoryCommitted', { ds: dsText(ds), first: records[0]?.index ?? 0, records: records.length, root: toHex(rootOfLeaves(entries)), fields, postings })
  }
  for (const kind of ['original', 'vault']) addEvent(draft, 'CopyOpened', { copy: `cpy_${kind}`, kind, holder: 'pty_transferor', ds: null, values: 15 })
}

function addHandOver(draft: Draft, recipient: NoteSigner): void {
  addApproval(draft, { request: 'apr_hand_over', act: 'hand-over', parameters: { ...PLAN, to: ['pty_transferee'] }, signers: [requester, approverOne], by: [approverOne.vkey.name] })
  addEvent(draft, 'PlanApproved', { ...PLAN, lines: [] })
  draft.statements.push({ kind: 'outer', envelope: signStatement(packageOuterStatement(sampleOuter), [seller]) })
  const values = sent.reduce((sum, { fates }) => sum + fates.filter((fate) => fate === 'transferred').length, 0)
  addEvent(draft, 'PackageIssued', {
    package: PACKAGE, sequence: 1, to: 'pty_transferee', purpose: 'transfer', outer: OUTER, manifest: hex('manifest'), records: sent.length, values, postings: sampleMoves('transferred', 'pending', 'in-transit'),
  })
  addEvent(draft, 'CopyOpened', { copy: 'cpy_package', kind: 'package', holder: 'pty_transferor', ds: null, values })
  const accepted = addAcceptance(draft, { values }, recipient)
  addReconciliation(draft, { acceptance: accepted, signers: recipient === seller ? [seller] : [seller, recipient] })
  addEvent(draft, 'CopyEnded', { copy: 'cpy_package', how: 'handed-over', proof: accepted, until: null })
  addEvent(draft, 'DispositionsPosted', { plan: 'pln_1', postings: [...sampleMoves('kept', 'pending', 'kept'), ...sampleMoves('sealed', 'pending', 'sealed')] })
}

/** The acceptance and its event; returns the digest of its statement. */
export function addAcceptance(draft: Draft, says: Partial<Acceptance>, signer: NoteSigner = buyer): string {
  const acceptance: Acceptance = {
    package: PACKAGE, matter: MATTER, recipient: 'pty_transferee', outer: OUTER, contentRoot: hex('content'), acceptedRoot: sentRoot, records: sent.length, values: 0, refused: [], destination: 'sqlite',
    status: 'complete', recordsDigest: toHex(sha256(sampleAccepted)), differencesDigest: toHex(sha256(utf8(''))), at: AT, ...says,
  }
  const envelope = signStatement(acceptanceStatement(acceptance), [signer])
  draft.accepted = [{ acceptance: statementDigest(envelope), records: sampleAccepted }]
  draft.statements.push({ kind: 'acceptance', envelope })
  addEvent(draft, 'AcceptanceReceived', { package: PACKAGE, acceptance: statementDigest(envelope), status: 'complete' })
  return statementDigest(envelope)
}

/** The reconciliation and its event; tests sign it otherwise. */
export function addReconciliation(draft: Draft, by: { acceptance: string; signers: readonly NoteSigner[]; outer?: string }): void {
  const counts = { matched: sent.length, missing: 0, extra: 0, changed: 0, duplicate: 0 }
  const envelope = signStatement(
    reconciliationStatement({ package: PACKAGE, matter: MATTER, outer: by.outer ?? OUTER, acceptance: by.acceptance, contentRoot: hex('content'), sentRoot, acceptedRoot: sentRoot, ...counts, at: AT }),
    by.signers,
  )
  draft.statements.push({ kind: 'reconciliation', envelope })
  addEvent(draft, 'Reconciled', { package: PACKAGE, statement: statementDigest(envelope), root: sentRoot, matched: sent.length, postings: sampleMoves('transferred', 'in-transit', 'transferred') })
}

function addDestruction(draft: Draft, hasTombstone: (index: number) => boolean): void {
  const newest = (index: number): number => draft.revisions.find((revision) => Number(revision.index) === index)?.version ?? 1
  draft.tombstones.push(...sampleRecords.filter(({ index }) => hasTombstone(index)).map((record) => ({ recordId: record.id, version: newest(record.index), slot: BigInt(record.index) })))
  const tombstoneRoot = toHex(rootOfLeaves(draft.tombstones.map((each) => leafHash(encodeTombstone(each)))))
  const tombstones = draft.tombstones.length
  const records = sampleRecords.length
  addDestroyApproval(draft, { signers: [requester, approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] })
  addEvent(draft, 'DestructionIntended', { order: ORDER, recordSet: hex('set'), records, tombstones, tombstoneRoot })
  eventAt(draft, 'DestructionIntended').ts = NEXT_DAY
  draft.rewrites = sampleRecords.filter(({ fates }) => fates.includes('sealed')).map(({ id, index }) => ({ index: BigInt(index), recordId: id, version: 2, recordRoot: sampleBytes(`rewritten ${index}`) }))
  addEvent(draft, 'RecordsRewritten', { order: ORDER, records: draft.rewrites.length, root: toHex(rootOfLeaves(draft.rewrites.map((each) => leafHash(encodeRewriteEntry(each))))) })
  addEvent(draft, 'RecordsDestroyed', { order: ORDER, records, tombstones, tombstoneRoot, postings: sampleMoves('destroyed', 'pending', 'destroyed') })
  addCertificate(draft, 'pending', { tombstones, tombstoneRoot })
  addEvent(draft, 'EpochTurned', { epoch: 2, dropped: 1, slots: [] })
  const proof = addCertificate(draft, 'final', { tombstones, tombstoneRoot })
  for (const copy of ['cpy_original', 'cpy_vault']) addEvent(draft, 'CopyEnded', { copy, how: 'destroyed', proof, until: null })
}

/** Who signs an approval, and whom its event names. */
export type Approving = { signers: readonly NoteSigner[]; by: string[] }

/** An approval and its event. */
export function addApproval(draft: Draft, { signers, by, ...asked }: Approving & Pick<Approval, 'request' | 'act' | 'parameters'> & { matter?: string }): void {
  const approval: Approval = { matter: MATTER, ...asked, requestedBy: requester.vkey.name, requestedAt: AT }
  draft.statements.push({ kind: 'approval', envelope: signStatement(approvalStatement(approval), signers) })
  addEvent(draft, 'ApprovalGranted', { request: approval.request, act: approval.act, digest: approvalDigest(approval), by, identitiesVerified: false, coolingOffHours: approval.act === 'destroy' ? 24 : null })
}

/** The approval of the destruction and its event. */
export function addDestroyApproval(draft: Draft, approving: Approving & { matter?: string; recordSet?: string }): void {
  const { recordSet = hex('set'), ...rest } = approving
  addApproval(draft, { ...rest, request: DESTROY, act: 'destroy', parameters: { order: ORDER, recordSet } })
}

/** A certificate of the sample destruction. */
export function sampleCertificate(status: 'pending' | 'final', target: { tombstones: number; tombstoneRoot: string }): ErasureCertificate {
  return {
    order: ORDER, matter: MATTER, status, method: 'clear', tool: { name: 'handover', version: '0.1.0' },
    target: { system: 'vault', copies: ['cpy_original', 'cpy_vault'], records: 7, values: 3, recordSet: hex('set'), ...target },
    keys: { destroyed: 7, epoch: 1, chain: 'record secret < page key < epoch key < slots', storedAt: ['file slot a', 'file slot b'] },
    backups: [{ backup: 'bak_1', expires: '2026-12-21T00:00:00.000Z' }], outOfReach: [], verification: { by: 'handover', how: 'read back', sample: 7, result: 'unreadable' },
    requester: requester.vkey.name, executor: 'pty_transferor', approvers: [approverOne.vkey.name, approverTwo.vkey.name], approval: DESTROY, identitiesVerified: false, clock: 'declared',
    requestedAt: AT, destroyedAt: AT, issuedAt: AT,
  }
}

function addCertificate(draft: Draft, status: 'pending' | 'final', target: { tombstones: number; tombstoneRoot: string }): string {
  return issueCertificate(draft, sampleCertificate(status, target))
}

/** A certificate that the seller signs, and its event; returns its digest. */
export function issueCertificate(draft: Draft, certificate: ErasureCertificate): string {
  const envelope = signStatement(erasureCertificateStatement(certificate), [seller])
  draft.statements.push({ kind: 'certificate', envelope })
  addEvent(draft, 'CertificateIssued', { order: certificate.order, status: certificate.status, statement: statementDigest(envelope) })
  return statementDigest(envelope)
}

/** The close over the draft's books, with its approval. */
export function addClose(draft: Draft): void {
  const all = draft.books.flatMap(({ vector }) => [...vector].map(dispositionOfCode))
  const dispositions = Object.fromEntries(FINAL_DISPOSITIONS.map((name) => [name, all.filter((fate) => fate === name).length]))
  const kinds = draft.books.map(({ vector }) => new Set([...vector].filter((code) => code !== 0)))
  const only = (name: DispositionName): number => kinds.filter((kind) => kind.size === 1 && kind.has(dispositionCode(name))).length
  const recordsBy = { transferred: only('transferred'), kept: only('kept'), sealed: only('sealed'), anonymised: only('anonymised'), destroyed: only('destroyed'), mixed: kinds.filter((kind) => kind.size > 1).length }
  const discovered = all.filter((fate) => fate !== 'empty').length
  const booksRoot = booksRootOf(draft.books)
  addApproval(draft, { request: 'apr_close', act: 'close', parameters: { booksRoot, records: draft.books.length, discovered, dispositions }, signers: [requester, approverOne], by: [approverOne.vkey.name] })
  addEvent(draft, 'MatterClosed', { booksRoot, records: draft.books.length, discovered, dispositions, recordsBy, subjectsBy: recordsBy })
}

