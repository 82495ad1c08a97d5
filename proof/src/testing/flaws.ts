// SPDX-License-Identifier: Apache-2.0
import { toHex } from '../bytes.ts'
import { PREDICATE, signStatement, unverifiedStatement } from '../dsse.ts'
import { approvalStatement, erasureCertificateStatement, packageOuterStatement, statementDigest } from '../statements.ts'
import { isJsonObject } from '../jcs.ts'
import type { JsonObject } from '../jcs.ts'
import type { CheckName } from '../verify/words.ts'
import { addDestroyApproval, addEvent, addReconciliation, AT, DESTROY, eventAt, sampleCertificate, sampleOuter } from './sample-draft.ts'
import { approverOne, approverTwo, buyer, buyerWitness, requester, sampleBytes, sampleSigner, sampleWitness, seller } from './sample-keys.ts'
import { booksRootOf, MATTER } from './sample-matter.ts'
import type { Draft } from './sample-matter.ts'

/** A lie that its teller signed and logged with the right keys: only the named check finds it, and `also` those that rest on the same paper. */
export type Flaw = { name: string; check: CheckName; also?: readonly CheckName[]; bend: (draft: Draft) => void }

/** One flaw a vector of `proof/vectors/invalid/` (STYLE maxim 14). */
export const bundleFlaws: readonly Flaw[] = [
  { name: 'sealed-by-a-stranger', check: 'seal', bend: (draft) => (draft.sealedBy = sampleSigner('stranger.example')) },
  { name: 'one-witness-too-few', check: 'checkpoint', bend: (draft) => (draft.witnesses = [buyerWitness]) },
  { name: 'second-witness-unknown-to-the-policy', check: 'checkpoint', bend: (draft) => (draft.witnesses = [buyerWitness, sampleWitness('witness.seller.example')]) },
  { name: 'event-left-out', check: 'events', bend: (draft) => draft.leftOut.push(5) },
  { name: 'second-close-hidden-among-the-padding', check: 'events', bend: (draft) => hideLast(draft, 'MatterClosed', { ...eventAt(draft, 'MatterClosed').body, discovered: 0 }) },
  { name: 'tail-of-the-events-cut', check: 'events', bend: (draft) => draft.leftOut.push(draft.events.length) },
  { name: 'padding-not-opened', check: 'events', bend: (draft) => draft.closedPadding.push(draft.logSize - 1) },
  { name: 'destroyed-before-the-cooling-off-was-over', check: 'approvals', bend: (draft) => (eventAt(draft, 'DestructionIntended').ts = '2026-11-22T07:59:59.999Z') },
  { name: 'cooling-off-shorter-than-the-settings', check: 'approvals', bend: (draft) => setCoolingOff(draft, 1) },
  { name: 'approval-without-its-cooling-off', check: 'approvals', bend: (draft) => setCoolingOff(draft, null) },
  { name: 'cooling-off-shortened-without-approval', check: 'approvals', bend: (draft) => setCoolingOff(draft, 24, '48') },
  { name: 'destroyed-under-a-withdrawn-approval', check: 'approvals', bend: (draft) => insertBefore(draft, 'DestructionIntended', { type: 'ApprovalWithdrawn', ts: AT, body: { request: DESTROY, by: requester.vkey.name } }) },
  { name: 'copy-ended-on-a-word-that-is-missing', check: 'copies', bend: (draft) => endPackageCopy(draft, null) },
  { name: 'copy-ended-on-a-word-about-another-copy', check: 'copies', bend: (draft) => endPackageCopy(draft, 'cpy_other') },
  { name: 'time-goes-back', check: 'events', bend: (draft) => (eventAt(draft, 'Reconciled').ts = '2026-11-20T08:00:00.000Z') },
  { name: 'log-of-another-matter', check: 'events', bend: (draft) => setBody(draft, 'MatterOpened', 'origin', 'log.example/other') },
  { name: 'party-file-exchanged', check: 'parties', bend: (draft) => draft.parties.reverse().splice(0, 1) },
  { name: 'inventory-counts-one-value-too-many', check: 'inventory', bend: (draft) => bendCount(draft) },
  { name: 'inventory-drops-a-record', check: 'inventory', bend: (draft) => draft.inventory.pop() },
  { name: 'books-of-other-records', check: 'books', bend: (draft) => swapBooks(draft) },
  { name: 'value-without-disposition', check: 'books', bend: (draft) => setVector(draft, 0, [0, 1, 0]) },
  { name: 'disposition-without-value', check: 'books', bend: (draft) => setVector(draft, 0, [1, 1, 1]) },
  { name: 'kept-shown-as-destroyed', check: 'balance', bend: (draft) => setVector(draft, 4, [5, 0, 0]) },
  { name: 'value-still-pending-at-the-close', check: 'balance', bend: (draft) => setVector(draft, 4, [6, 0, 0]) },
  { name: 'transferred-without-reconciliation', check: 'postings', bend: (draft) => (eventAt(draft, 'Reconciled').type = 'DispositionsPosted') },
  { name: 'more-posted-than-discovered', check: 'postings', bend: (draft) => addEvent(draft, 'DispositionsPosted', { plan: 'pln_2', postings: [{ ...firstPosting(draft), from: 'pending', to: 'kept', n: 99 }] }) },
  { name: 'closed-with-another-sum', check: 'close', bend: (draft) => setBody(draft, 'MatterClosed', 'discovered', 14) },
  { name: 'closed-over-other-books', check: 'close', bend: (draft) => setBody(draft, 'MatterClosed', 'booksRoot', toHex(sampleBytes('other'))) },
  { name: 'records-by-disposition-do-not-add-up', check: 'close', bend: (draft) => setBody(draft, 'MatterClosed', 'recordsBy', { transferred: 3, kept: 1, sealed: 0, anonymised: 0, destroyed: 2, mixed: 1 }) },
  { name: 'copy-open-at-the-close', check: 'copies', bend: (draft) => draft.events.splice(draft.events.indexOf(eventAt(draft, 'CopyEnded', 1)), 1) },
  { name: 'copy-ended-twice', check: 'copies', bend: (draft) => addEvent(draft, 'CopyEnded', { copy: 'cpy_vault', how: 'kept', proof: null, until: null }) },
  { name: 'reconciliation-signed-by-the-sender-alone', check: 'packages', bend: (draft) => reconcileAgain(draft, [seller]) },
  { name: 'reconciliation-signed-by-the-recipient-alone', check: 'packages', bend: (draft) => reconcileAgain(draft, [buyer]) },
  { name: 'acceptance-of-another-package', check: 'packages', bend: (draft) => issueOther(draft) },
  { name: 'statement-that-no-event-names', check: 'statements', bend: (draft) => addStrayCertificate(draft) },
  { name: 'statement-by-a-key-outside-the-policy', check: 'statements', bend: (draft) => reconcileAgain(draft, [seller, sampleSigner('stranger.example')]) },
  { name: 'rewrite-that-no-event-names', check: 'rewrites', bend: (draft) => draft.rewrites.push({ index: 0n, recordId: firstRecord(draft), version: 3, recordRoot: sampleBytes('rewrite') }) },
  { name: 'tombstone-taken-away', check: 'tombstones', bend: (draft) => draft.tombstones.pop() },
  { name: 'tombstone-of-an-unknown-record', check: 'tombstones', bend: (draft) => draft.tombstones.push({ recordId: sampleBytes('nobody').subarray(0, 16), version: 1, slot: 99n }) },
  { name: 'one-approver-signed-twice', check: 'approvals', bend: (draft) => approveAgain(draft, () => addDestroyApproval(draft, { signers: [requester, approverOne], by: [approverOne.vkey.name, approverOne.vkey.name] })) },
  { name: 'requester-approved-own-request', check: 'approvals', bend: (draft) => approveAgain(draft, () => addDestroyApproval(draft, { signers: [approverOne, requester], by: [approverOne.vkey.name, requester.vkey.name] })) },
  { name: 'approval-names-one-who-did-not-sign', check: 'approvals', bend: (draft) => (eventAt(draft, 'ApprovalGranted', 1).body['by'] = [approverOne.vkey.name, 'per_3']) },
  { name: 'approval-of-other-parameters', check: 'approvals', bend: (draft) => approveAgain(draft, () => addOtherApproval(draft)) },
  { name: 'certificate-final-before-the-turn', check: 'certificates', bend: (draft) => draft.events.splice(draft.events.indexOf(eventAt(draft, 'EpochTurned')), 1) },
  { name: 'certificate-pending-at-the-close', check: 'certificates', bend: (draft) => draft.events.splice(draft.events.indexOf(eventAt(draft, 'CertificateIssued', 1)), 1, ...dropFinalStatement(draft)) },
  { name: 'certificate-shown-as-final', check: 'certificates', bend: (draft) => setBody(draft, 'CertificateIssued', 'status', 'final') },
]

function hideLast(draft: Draft, type: string, body: JsonObject): void {
  addEvent(draft, type, body)
  draft.leftOut.push(draft.events.length)
}

function insertBefore(draft: Draft, type: string, event: Draft['events'][number]): void {
  draft.events.splice(draft.events.indexOf(eventAt(draft, type)), 0, event)
}

/** The approval to destroy states a cooling-off (another one than the settings, unless it is 24 hours); the settings were changed to 24 hours before. */
function setCoolingOff(draft: Draft, coolingOffHours: number | null, from = '12'): void {
  const granted = draft.events.find(({ body }) => body['request'] === DESTROY)
  if (granted !== undefined) granted.body['coolingOffHours'] = coolingOffHours
  draft.events.splice(1, 0, { type: 'SettingsChanged', ts: AT, body: { key: 'cooling_off_hours', from, to: '24', by: 'per_1', before: toHex(sampleBytes('before')), settings: toHex(sampleBytes('after')) } })
}

/** The package's copy ends on the word of a person, who signed about this or another copy, or did not sign. */
export function endPackageCopy(draft: Draft, about: string | null): void {
  const envelope = copyWord(about ?? 'cpy_package', 'attested')
  if (about !== null) draft.statements.push({ kind: 'copy', envelope })
  Object.assign(eventAt(draft, 'CopyEnded').body, { how: 'attested', proof: statementDigest(envelope) })
}

/** What a person signs about the end of a copy. */
function copyWord(copy: string, how: string): ReturnType<typeof signStatement> {
  const predicate = { fact: copy, matter: MATTER, name: 'copy-end', recordedAt: AT, value: { how, reason: 'returned' }, by: approverOne.vkey.name }
  return signStatement({ subject: [{ name: copy, digest: { sha256: toHex(sampleBytes(copy)) } }], predicateType: PREDICATE.fact, predicate }, [approverOne])
}

export function setBody(draft: Draft, type: string, member: string, value: Draft['events'][number]['body'][string]): void {
  eventAt(draft, type).body[member] = value
}

function setVector(draft: Draft, at: number, vector: number[]): void {
  const entry = draft.books[at]
  if (entry !== undefined) draft.books[at] = { ...entry, vector: Uint8Array.from(vector) }
  setBody(draft, 'MatterClosed', 'booksRoot', booksRootOf(draft.books))
}

/** The books keep their sums: only the records behind two leaves change places. */
function swapBooks(draft: Draft): void {
  const [first, second] = draft.books
  if (first !== undefined && second !== undefined) draft.books.splice(0, 2, { ...first, recordId: second.recordId }, { ...second, recordId: first.recordId })
  setBody(draft, 'MatterClosed', 'booksRoot', booksRootOf(draft.books))
}

function bendCount(draft: Draft): void {
  const { body } = eventAt(draft, 'InventoryCommitted')
  const fields = Array.isArray(body['fields']) ? body['fields'] : []
  const [first, ...rest] = fields
  body['fields'] = [{ ...(isJsonObject(first) ? first : {}), values: 6 }, ...rest]
}

function firstPosting(draft: Draft): JsonObject {
  const postings = eventAt(draft, 'InventoryCommitted').body['postings']
  const first = Array.isArray(postings) ? postings[0] : undefined
  return isJsonObject(first) ? first : {}
}

function firstRecord(draft: Draft): Uint8Array {
  return draft.inventory[0]?.recordId ?? new Uint8Array(16)
}

function reconcileAgain(draft: Draft, signers: Parameters<typeof addReconciliation>[1]['signers']): void {
  const at = draft.events.indexOf(eventAt(draft, 'Reconciled'))
  draft.statements = draft.statements.filter(({ kind }) => kind !== 'reconciliation')
  const { acceptance } = eventAt(draft, 'AcceptanceReceived').body
  addReconciliation(draft, { acceptance: typeof acceptance === 'string' ? acceptance : '', signers })
  const again = draft.events.pop()
  if (again !== undefined) draft.events.splice(at, 1, again)
}

/** The package that was issued is another than the one that was accepted. */
function issueOther(draft: Draft): void {
  const envelope = signStatement(packageOuterStatement({ ...sampleOuter, manifest: { ...sampleOuter.manifest, bytes: 2 } }), [seller])
  draft.statements = [...draft.statements.filter(({ kind }) => kind !== 'outer'), { kind: 'outer', envelope }]
  setBody(draft, 'PackageIssued', 'outer', statementDigest(envelope))
}

/** Takes the approval of the destruction out of the draft, where the lie puts in another. */
export function approveAgain(draft: Draft, approve: () => void): void {
  const granted = draft.events.find(({ type, body }) => type === 'ApprovalGranted' && body['request'] === DESTROY)
  const at = granted === undefined ? -1 : draft.events.indexOf(granted)
  draft.statements = draft.statements.filter(({ envelope }) => unverifiedStatement(envelope).subject[0]?.name !== DESTROY)
  approve()
  const again = draft.events.pop()
  if (again !== undefined) draft.events.splice(at, 1, again)
}

function addOtherApproval(draft: Draft): void {
  addDestroyApproval(draft, { signers: [approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] })
  const other = approvalStatement({ request: 'apr_destroy', matter: MATTER, act: 'destroy', parameters: { order: 'other' }, requestedBy: requester.vkey.name, requestedAt: AT })
  draft.statements = [...draft.statements.filter(({ envelope }) => unverifiedStatement(envelope).subject[0]?.name !== DESTROY), { kind: 'approval', envelope: signStatement(other, [approverOne, approverTwo]) }]
}

function addStrayCertificate(draft: Draft): void {
  draft.statements.push({ kind: 'certificate', envelope: signStatement(erasureCertificateStatement(sampleCertificate('final', { tombstones: 0, tombstoneRoot: toHex(sampleBytes('x')) })), [seller]) })
}

/** Removes the statement with its event, so that nothing but the pending state is wrong. */
function dropFinalStatement(draft: Draft): [] {
  const digest = eventAt(draft, 'CertificateIssued', 1).body['statement']
  draft.statements = draft.statements.filter(({ envelope }) => statementDigest(envelope) !== digest)
  return []
}

