// SPDX-License-Identifier: Apache-2.0
import { encodeInventoryEntry, encodeRewriteEntry, encodeTombstone, FINAL_DISPOSITIONS } from '../book-leaves.ts'
import { sha256, toHex, utf8 } from '../bytes.ts'
import { recordSetRoot } from '../acceptance-file.ts'
import { signStatement } from '../dsse.ts'
import type { JsonObject } from '../jcs.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import type { NoteSigner } from '../note.ts'
import { acceptanceStatement, approvalDigest, approvalStatement, erasureCertificateStatement, partyFileStatement, reconciliationStatement, statementDigest } from '../statements.ts'
import type { ErasureCertificate, PartyFile } from '../statements.ts'
import { isValue } from '../values.ts'
import { approverOne, approverTwo, buyer, requester, sampleBytes, seller } from './sample-keys.ts'
import { booksRootOf, emptyDraft, MATTER, ORIGIN } from './sample-matter.ts'
import type { Draft } from './sample-matter.ts'
import { booksOf, dsText, inventoryOf, sampleDataSets, sampleMoves, sampleRecords } from './sample-records.ts'

const hex = (name: string): string => toHex(sampleBytes(name))
export const AT = '2026-11-21T08:00:00.000Z'
export const PACKAGE = 'pkg_00000000000000000000000000000001'
export const OUTER = hex('outer')
const ORDER = 'ord_1'
const DESTROY = 'apr_destroy'
const sent = sampleRecords.filter(({ fates }) => fates.includes('transferred'))
const sentRoot = toHex(recordSetRoot(sent.map(({ id, root }) => ({ recordId: id, root }))))

/** The whole sample matter: inventory → package → acceptance → reconciliation → destruction → close, everything in order and signed. */
export function sampleDraft(): Draft {
  const draft = emptyDraft()
  addParties(draft)
  addInventory(draft)
  addHandOver(draft)
  addDestruction(draft)
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

function addParties(draft: Draft): void {
  const named = ([['transferor', seller], ['transferee', buyer]] as const).map(([role, signer]) => {
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

function addHandOver(draft: Draft): void {
  const values = sent.reduce((sum, { fates }) => sum + fates.filter((fate) => fate === 'transferred').length, 0)
  addEvent(draft, 'PackageIssued', {
    package: PACKAGE, sequence: 1, to: 'pty_transferee', purpose: 'transfer', outer: OUTER, manifest: hex('manifest'), records: sent.length, values, postings: sampleMoves('transferred', 'pending', 'in-transit'),
  })
  addEvent(draft, 'CopyOpened', { copy: 'cpy_package', kind: 'package', holder: 'pty_transferor', ds: null, values })
  const acceptance = {
    package: PACKAGE, matter: MATTER, recipient: 'pty_transferee', outer: OUTER, contentRoot: hex('content'), acceptedRoot: sentRoot, records: sent.length, values, refused: [], destination: 'sqlite',
    status: 'complete' as const, recordsDigest: hex('records'), differencesDigest: toHex(sha256(utf8(''))), at: AT,
  }
  const accepted = signStatement(acceptanceStatement(acceptance), [buyer])
  draft.statements.push({ kind: 'acceptance', envelope: accepted })
  addEvent(draft, 'AcceptanceReceived', { package: PACKAGE, acceptance: statementDigest(accepted), status: 'complete' })
  addReconciliation(draft, { acceptance: statementDigest(accepted), signers: [seller, buyer] })
  addEvent(draft, 'CopyEnded', { copy: 'cpy_package', how: 'handed-over', proof: null, until: null })
  addEvent(draft, 'DispositionsPosted', { plan: 'pln_1', postings: [...sampleMoves('kept', 'pending', 'kept'), ...sampleMoves('sealed', 'pending', 'sealed')] })
}

/** The reconciliation and its event; tests sign it otherwise. */
export function addReconciliation(draft: Draft, by: { acceptance: string; signers: readonly NoteSigner[] }): void {
  const counts = { matched: sent.length, missing: 0, extra: 0, changed: 0, duplicate: 0 }
  const envelope = signStatement(
    reconciliationStatement({ package: PACKAGE, matter: MATTER, outer: OUTER, acceptance: by.acceptance, contentRoot: hex('content'), sentRoot, acceptedRoot: sentRoot, ...counts, at: AT }),
    by.signers,
  )
  draft.statements.push({ kind: 'reconciliation', envelope })
  addEvent(draft, 'Reconciled', { package: PACKAGE, statement: statementDigest(envelope), root: sentRoot, matched: sent.length, postings: sampleMoves('transferred', 'in-transit', 'transferred') })
}

function addDestruction(draft: Draft): void {
  draft.tombstones = sampleRecords.map((record) => ({ recordId: record.id, version: 1, slot: BigInt(record.index) }))
  const tombstoneRoot = toHex(rootOfLeaves(draft.tombstones.map((each) => leafHash(encodeTombstone(each)))))
  const tombstones = draft.tombstones.length
  addApproval(draft, { signers: [requester, approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] })
  addEvent(draft, 'DestructionIntended', { order: ORDER, recordSet: hex('set'), records: tombstones, tombstones, tombstoneRoot })
  draft.rewrites = sampleRecords.filter(({ fates }) => fates.includes('sealed')).map(({ id, index }) => ({ index: BigInt(index), recordId: id, version: 2, recordRoot: sampleBytes(`rewritten ${index}`) }))
  addEvent(draft, 'RecordsRewritten', { order: ORDER, records: draft.rewrites.length, root: toHex(rootOfLeaves(draft.rewrites.map((each) => leafHash(encodeRewriteEntry(each))))) })
  addEvent(draft, 'RecordsDestroyed', { order: ORDER, records: tombstones, tombstones, tombstoneRoot, postings: sampleMoves('destroyed', 'pending', 'destroyed') })
  addCertificate(draft, 'pending', { tombstones, tombstoneRoot })
  addEvent(draft, 'EpochTurned', { epoch: 2, dropped: 1, slots: [] })
  addCertificate(draft, 'final', { tombstones, tombstoneRoot })
  for (const copy of ['cpy_original', 'cpy_vault']) addEvent(draft, 'CopyEnded', { copy, how: 'destroyed', proof: null, until: null })
}

/** An approval of the destruction and its event. */
export function addApproval(draft: Draft, { signers, by }: { signers: readonly NoteSigner[]; by: string[] }): void {
  const approval = { request: DESTROY, matter: MATTER, act: 'destroy', parameters: { order: ORDER }, requestedBy: requester.vkey.name, requestedAt: AT }
  draft.statements.push({ kind: 'approval', envelope: signStatement(approvalStatement(approval), signers) })
  addEvent(draft, 'ApprovalGranted', { request: DESTROY, act: 'destroy', digest: approvalDigest(approval), by, identitiesVerified: false })
}

/** A certificate of the sample destruction. */
export function sampleCertificate(status: 'pending' | 'final', target: { tombstones: number; tombstoneRoot: string }): ErasureCertificate {
  return {
    order: ORDER, matter: MATTER, status, method: 'clear', tool: { name: 'handover', version: '0.1.0' },
    target: { system: 'vault', copies: ['cpy_vault'], records: 7, values: 3, recordSet: hex('set'), ...target },
    keys: { destroyed: 7, epoch: 1, chain: 'record secret < page key < epoch key < slots', storedAt: ['file slot a', 'file slot b'] },
    backups: [{ backup: 'bak_1', expires: '2026-12-21T00:00:00.000Z' }], outOfReach: [], verification: { by: 'handover', how: 'read back', sample: 7, result: 'unreadable' },
    requester: requester.vkey.name, executor: 'pty_transferor', approvers: [approverOne.vkey.name, approverTwo.vkey.name], approval: DESTROY, identitiesVerified: false, clock: 'declared',
    requestedAt: AT, destroyedAt: AT, issuedAt: AT,
  }
}

function addCertificate(draft: Draft, status: 'pending' | 'final', target: { tombstones: number; tombstoneRoot: string }): void {
  const envelope = signStatement(erasureCertificateStatement(sampleCertificate(status, target)), [seller])
  draft.statements.push({ kind: 'certificate', envelope })
  addEvent(draft, 'CertificateIssued', { order: ORDER, status, statement: statementDigest(envelope) })
}

function addClose(draft: Draft): void {
  draft.books = sampleRecords.map(booksOf)
  const all = sampleRecords.flatMap(({ fates }) => fates)
  const dispositions = Object.fromEntries(FINAL_DISPOSITIONS.map((name) => [name, all.filter((fate) => fate === name).length]))
  const recordsBy = { transferred: 2, kept: 1, sealed: 0, anonymised: 0, destroyed: 2, mixed: 2 }
  const discovered = all.filter((fate) => fate !== 'empty').length
  addEvent(draft, 'MatterClosed', { booksRoot: booksRootOf(draft.books), records: draft.books.length, discovered, dispositions, recordsBy, subjectsBy: recordsBy })
}

