// SPDX-License-Identifier: Apache-2.0
import { dispositionCode, dispositionOfCode, FINAL_DISPOSITIONS } from '../book-leaves.ts'
import { toHex } from '../bytes.ts'
import { signStatement } from '../dsse.ts'
import { emptyRoot } from '../merkle.ts'
import { erasureCertificateStatement, statementDigest } from '../statements.ts'
import { addApproval, addEvent, eventAt, PACKAGE, sampleCertificate, sampleDraft } from './sample-draft.ts'
import { approverOne, buyer, requester, sampleBytes } from './sample-keys.ts'
import type { NoteSigner } from '../note.ts'
import { booksRootOf } from './sample-matter.ts'
import type { Draft } from './sample-matter.ts'
import { sampleMoves } from './sample-records.ts'

const kept = dispositionCode('kept')

/** The sample matter given up after its one package was reconciled: declared by two, the recipient's copy destroyed on its own certificate, everything back with the transferor, the books ended (CONTRACTS §18). */
export function draftAbandoned(giver: NoteSigner = buyer): Draft {
  const draft = sampleDraft()
  const end = draft.events.findIndex(({ body }) => body['request'] === 'apr_destroy')
  draft.events.splice(end)
  draft.statements = draft.statements.filter(({ envelope, kind }) => kind !== 'certificate' && !/apr_(?:destroy|close)/.test(Buffer.from(envelope.payload, 'base64').toString('utf8')))
  draft.rewrites = []
  draft.tombstones = []
  addApproval(draft, { request: 'apr_abandon', act: 'abandon', parameters: { reason: 'financing-failed', packages: [PACKAGE] }, signers: [requester, approverOne], by: [approverOne.vkey.name] })
  addEvent(draft, 'AbandonmentDeclared', { reason: 'financing-failed', request: 'apr_abandon', packages: [PACKAGE] })
  const values = Number(eventAt(draft, 'PackageIssued').body['values'])
  addEvent(draft, 'CopyOpened', { copy: 'cpy_transferee', kind: 'transferee', holder: 'pty_transferee', ds: null, values })
  const proof = addReturn(draft, giver)
  addEvent(draft, 'CopyEnded', { copy: 'cpy_transferee', how: 'destroyed', proof, until: null })
  addEvent(draft, 'TransferReversed', { package: PACKAGE, statement: proof, postings: sampleMoves('transferred', 'transferred', 'pending') })
  addEvent(draft, 'DispositionsPosted', { plan: 'abandonment', postings: [...sampleMoves('transferred', 'pending', 'kept'), ...sampleMoves('destroyed', 'pending', 'kept')] })
  for (const copy of ['cpy_original', 'cpy_vault']) addEvent(draft, 'CopyEnded', { copy, how: 'kept', proof: null, until: null })
  draft.books = draft.books.map((entry) => ({ ...entry, vector: entry.vector.map((code) => (code === dispositionCode('transferred') || code === dispositionCode('destroyed') ? kept : code)) }))
  addEnd(draft, 0)
  return draft
}

/** What the recipient signs when it has destroyed everything. */
function addReturn(draft: Draft, signer: NoteSigner): string {
  const base = sampleCertificate('final', { tombstones: 0, tombstoneRoot: toHex(emptyRoot()) })
  const envelope = signStatement(erasureCertificateStatement({ ...base, order: 'abandonment-1', executor: 'pty_transferee', approvers: [], approval: toHex(sampleBytes('notice')), target: { ...base.target, copies: ['cpy_transferee'] } }), [signer])
  draft.statements.push({ kind: 'copy', envelope })
  return statementDigest(envelope)
}

/** The end of the books of an abandoned matter over the draft's books. */
export function addEnd(draft: Draft, outOfReach: number): void {
  const all = draft.books.flatMap(({ vector }) => [...vector].map(dispositionOfCode))
  const dispositions = Object.fromEntries(FINAL_DISPOSITIONS.map((name) => [name, all.filter((fate) => fate === name).length]))
  const kinds = draft.books.map(({ vector }) => new Set([...vector].filter((code) => code !== 0)))
  const recordsBy = Object.fromEntries([...FINAL_DISPOSITIONS.map((name) => [name, kinds.filter((kind) => kind.size === 1 && kind.has(dispositionCode(name))).length] as const), ['mixed', kinds.filter((kind) => kind.size > 1).length] as const])
  addEvent(draft, 'MatterAbandoned', { reason: 'financing-failed', booksRoot: booksRootOf(draft.books), records: draft.books.length, discovered: all.filter((fate) => fate !== 'empty').length, dispositions, recordsBy, subjectsBy: recordsBy, outOfReach })
}
