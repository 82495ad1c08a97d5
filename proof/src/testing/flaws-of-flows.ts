// SPDX-License-Identifier: Apache-2.0
import { encodeInventoryEntry } from '../book-leaves.ts'
import { toHex } from '../bytes.ts'
import { signStatement, unverifiedStatement } from '../dsse.ts'
import { isJsonObject } from '../jcs.ts'
import { leafHash, rootOfLeaves } from '../merkle.ts'
import { packageOuterStatement, statementDigest } from '../statements.ts'
import { approveAgain, setBody } from './flaws.ts'
import type { Flaw } from './flaws.ts'
import { draftOfTwoPackages } from './sample-two-packages.ts'
import { addAcceptance, addApproval, addClose, DESTROY, addDestroyApproval, addEvent, addReconciliation, eventAt, issueCertificate, sampleCertificate, sampleDraft, sampleOuter } from './sample-draft.ts'
import { approverOne, approverTwo, buyer, requester, sampleBytes, seller } from './sample-keys.ts'
import type { Draft } from './sample-matter.ts'

/**
 * What a dishonest transferor, with its own keys, its log and its approvers, could make of a matter whose single papers all hold: each
 * is refused by exactly the check that compares papers, events and books with one another.
 */
export const flowFlaws: readonly Flaw[] = [
  { name: 'recipient-is-the-sender-under-another-name', check: 'parties', bend: (draft) => become(draft, sampleDraft({ recipient: seller })) },
  { name: 'matter-opened-twice', check: 'events', bend: (draft) => addEvent(draft, 'MatterOpened', eventAt(draft, 'MatterOpened').body) },
  { name: 'record-inventoried-twice', check: 'inventory', bend: (draft) => inventoryTwice(draft) },
  { name: 'transferred-without-having-been-sent', check: 'postings', bend: (draft) => transferFromPending(draft) },
  { name: 'anonymised-by-a-mere-posting', check: 'postings', bend: (draft) => anonymise(draft) },
  { name: 'more-transferred-than-was-accepted', check: 'packages', bend: (draft) => acceptLess(draft) },
  { name: 'another-record-transferred-than-was-accepted', check: 'packages', bend: (draft) => swapFates(draft, 0, 3) },
  { name: 'list-of-accepted-records-is-missing', check: 'packages', bend: (draft) => (draft.accepted = []) },
  { name: 'list-of-accepted-records-exchanged', check: 'packages', bend: (draft) => (draft.accepted = draft.accepted.map(({ acceptance, records }) => ({ acceptance, records: records.subarray(50) }))) },
  { name: 'list-of-records-that-nobody-agreed-upon', check: 'packages', bend: (draft) => draft.accepted.push({ acceptance: 'f'.repeat(64), records: new Uint8Array(0) }) },
  { name: 'record-accepted-in-the-other-of-two-packages', check: 'packages', bend: (draft) => become(draft, draftOfTwoPackages((record, ds) => (record.ds === ds) === record.index > 0)) },
  { name: 'encrypted-to-another-key-than-the-recipient-has', check: 'packages', bend: (draft) => reissue(draft, { recipientKey: toHex(sampleBytes('another key')) }) },
  { name: 'acceptance-from-another-matter', check: 'packages', bend: (draft) => acceptAgain(draft, { values: 6, matter: 'mat_00000000000000000000000000000002' }) },
  { name: 'destroyed-without-a-tombstone', check: 'tombstones', bend: (draft) => become(draft, sampleDraft({ hasTombstone: (index) => index !== 3 })) },
  { name: 'destroyed-without-a-certificate', check: 'certificates', bend: (draft) => dropCertificates(draft) },
  { name: 'certificate-final-only-after-the-close', check: 'certificates', also: ['copies'], bend: (draft) => finaliseLate(draft) },
  { name: 'certificate-about-more-records-than-were-destroyed', check: 'certificates', bend: (draft) => boast(draft) },
  { name: 'certificate-of-an-order-that-never-ran', check: 'certificates', bend: (draft) => addBefore(draft, 'MatterClosed', () => issueCertificate(draft, { ...finalOf(draft), order: 'ord_2' })) },
  { name: 'certificate-claims-a-real-clock', check: 'certificates', bend: (draft) => addBefore(draft, 'MatterClosed', () => issueCertificate(draft, { ...finalOf(draft), clock: 'real' })) },
  { name: 'closed-without-approval', check: 'approvals', bend: (draft) => dropApproval(draft, 'apr_close') },
  { name: 'handed-over-without-approval', check: 'approvals', bend: (draft) => dropApproval(draft, 'apr_hand_over') },
  { name: 'destruction-approved-for-other-records', check: 'approvals', bend: (draft) => approveAgain(draft, () => addDestroyApproval(draft, { ...byTwo, recordSet: toHex(sampleBytes('other set')) })) },
  { name: 'receipts-waived-in-silence', check: 'certificates', bend: (draft) => approveAgain(draft, () => addApproval(draft, { ...byTwo, request: DESTROY, act: 'destroy', parameters: { order: 'ord_1', recordSet: toHex(sampleBytes('set')), withoutReceipts: 'nobody-to-reach' } })) },
  { name: 'approval-from-another-matter', check: 'approvals', also: ['certificates'], bend: (draft) => approveAgain(draft, () => addDestroyApproval(draft, { ...byTwo, matter: 'mat_00000000000000000000000000000002' })) },
  { name: 'approved-by-the-company-itself', check: 'statements', bend: (draft) => approveAgain(draft, () => addDestroyApproval(draft, { signers: [requester, approverOne, seller], by: [approverOne.vkey.name, seller.vkey.name] })) },
  { name: 'fact-without-its-statement', check: 'statements', bend: (draft) => addBefore(draft, 'MatterClosed', () => addEvent(draft, 'FactRecorded', { fact: 'fct_1', name: 'pia-approved', digest: toHex(sampleBytes('fact')), by: 'per_1', replaces: null })) },
  { name: 'copy-ended-only-after-the-close', check: 'copies', bend: (draft) => draft.events.push(...draft.events.splice(draft.events.indexOf(eventAt(draft, 'CopyEnded', 1)), 1)) },
  { name: 'vault-destroyed-without-proof', check: 'copies', bend: (draft) => (eventAt(draft, 'CopyEnded', 2).body['proof'] = null) },
]

const byTwo = { signers: [requester, approverOne, approverTwo], by: [approverOne.vkey.name, approverTwo.vkey.name] }

function become(draft: Draft, other: Draft): void {
  Object.assign(draft, other)
}

/** Runs what appends events, and moves them to before the event of a type. */
function addBefore(draft: Draft, type: string, add: () => void): void {
  const before = draft.events.length
  add()
  const added = draft.events.splice(before)
  draft.events.splice(draft.events.indexOf(eventAt(draft, type)), 0, ...added)
}

function closeAgain(draft: Draft): void {
  dropApproval(draft, 'apr_close')
  draft.events = draft.events.filter(({ type }) => type !== 'MatterClosed')
  addClose(draft)
}

function dropApproval(draft: Draft, request: string): void {
  draft.events = draft.events.filter(({ body }) => body['request'] !== request)
  draft.statements = draft.statements.filter(({ envelope }) => unverifiedStatement(envelope).subject[0]?.name !== request)
}

/** The two orders are booked as one and the same record; every root is that of the list as it stands. */
function inventoryTwice(draft: Draft): void {
  const [first, second] = draft.inventory.slice(5)
  const book = draft.books[6]
  if (first === undefined || second === undefined || book === undefined) return
  draft.inventory[6] = { ...second, recordId: first.recordId }
  draft.books[6] = { ...book, recordId: first.recordId }
  draft.tombstones = draft.tombstones.filter(({ recordId }) => toHex(recordId) !== toHex(second.recordId))
  eventAt(draft, 'InventoryCommitted', 1).body['root'] = toHex(rootOfLeaves(draft.inventory.slice(5).map((entry) => leafHash(encodeInventoryEntry(entry)))))
  closeAgain(draft)
}

function transferFromPending(draft: Draft): void {
  eventAt(draft, 'PackageIssued').body['postings'] = []
  setFrom(draft, 'Reconciled', 'pending')
}

function setFrom(draft: Draft, type: string, from: string): void {
  const { body } = eventAt(draft, type)
  body['postings'] = (Array.isArray(body['postings']) ? body['postings'] : []).map((posting) => (isJsonObject(posting) ? { ...posting, from } : posting))
}

/** What the plan keeps is called anonymised; the books and the close agree with it. */
function anonymise(draft: Draft): void {
  const { body } = eventAt(draft, 'DispositionsPosted')
  body['postings'] = (Array.isArray(body['postings']) ? body['postings'] : []).map((posting) => (isJsonObject(posting) && posting['to'] === 'kept' ? { ...posting, to: 'anonymised' } : posting))
  draft.books = draft.books.map((entry) => ({ ...entry, vector: entry.vector.map((code) => (code === 2 ? 4 : code)) }))
  closeAgain(draft)
}

/** Event and acceptance speak of one value; the postings move them all. */
function acceptLess(draft: Draft): void {
  setBody(draft, 'PackageIssued', 'values', 1)
  acceptAgain(draft, { values: 1 })
}

function acceptAgain(draft: Draft, says: Parameters<typeof addAcceptance>[1]): void {
  const issued = draft.events.indexOf(eventAt(draft, 'AcceptanceReceived'))
  draft.statements = draft.statements.filter(({ kind }) => kind !== 'acceptance' && kind !== 'reconciliation')
  draft.events = draft.events.filter(({ type }) => type !== 'AcceptanceReceived' && type !== 'Reconciled')
  const before = draft.events.length
  addReconciliation(draft, { acceptance: addAcceptance(draft, says), signers: [seller, buyer] })
  draft.events.splice(issued, 0, ...draft.events.splice(before))
  eventAt(draft, 'CopyEnded').body['proof'] = eventAt(draft, 'AcceptanceReceived').body['acceptance'] ?? null
}

/** Two records with values in the same places change what became of them: every sum stays. */
function swapFates(draft: Draft, one: number, other: number): void {
  const [first, second] = [draft.books[one], draft.books[other]]
  if (first === undefined || second === undefined) return
  draft.books[one] = { ...first, vector: second.vector }
  draft.books[other] = { ...second, vector: first.vector }
  closeAgain(draft)
}

function reissue(draft: Draft, says: Partial<typeof sampleOuter>): void {
  const envelope = signStatement(packageOuterStatement({ ...sampleOuter, ...says }), [seller])
  const outer = statementDigest(envelope)
  draft.statements = [...draft.statements.filter(({ kind }) => kind !== 'outer'), { kind: 'outer', envelope }]
  setBody(draft, 'PackageIssued', 'outer', outer)
  const { values } = eventAt(draft, 'PackageIssued').body
  acceptAgain(draft, { outer, values: typeof values === 'number' ? values : 0 })
  const at = draft.events.indexOf(eventAt(draft, 'Reconciled'))
  draft.statements = draft.statements.filter(({ kind }) => kind !== 'reconciliation')
  draft.events.splice(at, 1)
  const { acceptance } = eventAt(draft, 'AcceptanceReceived').body
  addReconciliation(draft, { acceptance: typeof acceptance === 'string' ? acceptance : '', signers: [seller, buyer], outer })
  draft.events.splice(at, 0, ...draft.events.splice(-1))
}

function dropCertificates(draft: Draft): void {
  draft.events = draft.events.filter(({ type }) => type !== 'CertificateIssued')
  draft.statements = draft.statements.filter(({ kind }) => kind !== 'certificate')
  // Copies that end as kept ask for no certificate.
  for (const { type, body } of draft.events) if (type === 'CopyEnded' && body['how'] === 'destroyed') Object.assign(body, { how: 'kept', proof: null })
}

function finaliseLate(draft: Draft): void {
  draft.events.push(...draft.events.splice(draft.events.indexOf(eventAt(draft, 'CertificateIssued', 1)), 1))
}

/** The final certificate, issued again about a hundred times as many records. */
function boast(draft: Draft): void {
  const final = finalOf(draft)
  addBefore(draft, 'MatterClosed', () => issueCertificate(draft, { ...final, target: { ...final.target, records: final.target.records * 100 } }))
}

function finalOf(draft: Draft): ReturnType<typeof sampleCertificate> {
  const { tombstones, tombstoneRoot } = eventAt(draft, 'RecordsDestroyed').body
  return sampleCertificate('final', { tombstones: typeof tombstones === 'number' ? tombstones : 0, tombstoneRoot: typeof tombstoneRoot === 'string' ? tombstoneRoot : '' })
}
