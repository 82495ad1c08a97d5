// SPDX-License-Identifier: Apache-2.0
import { dispositionCode } from '../book-leaves.ts'
import { toHex } from '../bytes.ts'
import { isJsonObject } from '../jcs.ts'
import { setBody } from './flaws.ts'
import type { Flaw } from './flaws.ts'
import { addEnd, draftAbandoned } from './sample-abandoned.ts'
import { addClose, addEvent, eventAt } from './sample-draft.ts'
import { sampleBytes, seller } from './sample-keys.ts'
import type { Draft } from './sample-matter.ts'
import { booksOf, sampleMoves, sampleRecords } from './sample-records.ts'

/** What a transferor could make of a failed deal: values that it says came back, an end that nobody approved, a copy that it passes over in silence. */
export const abandonmentFlaws: readonly Flaw[] = [
  { name: 'abandoned-without-approval', check: 'packages', bend: (draft) => become(draft, (given) => { given.events = given.events.filter(({ body }) => body['act'] !== 'abandon') }) },
  { name: 'abandoned-for-another-reason-than-was-approved', check: 'packages', bend: (draft) => become(draft, (given) => setBody(given, 'AbandonmentDeclared', 'reason', 'mutual')) },
  { name: 'abandoned-twice', check: 'packages', bend: (draft) => become(draft, (given) => before(given, 'MatterAbandoned', () => addEvent(given, 'AbandonmentDeclared', { ...eventAt(given, 'AbandonmentDeclared').body }))) },
  { name: 'plan-approved-after-the-matter-was-abandoned', check: 'packages', bend: (draft) => become(draft, (given) => before(given, 'MatterAbandoned', () => addEvent(given, 'PlanApproved', { ...eventAt(given, 'PlanApproved').body }))) },
  { name: 'values-came-back-although-nobody-gave-the-matter-up', check: 'packages', bend: (draft) => become(draft, (given) => { given.events = given.events.filter(({ type }) => type !== 'AbandonmentDeclared') }) },
  { name: 'values-came-back-on-another-paper', check: 'packages', bend: (draft) => become(draft, (given) => setBody(given, 'TransferReversed', 'statement', toHex(sampleBytes('another paper')))) },
  { name: 'values-came-back-from-a-package-that-never-left', check: 'packages', bend: (draft) => become(draft, (given) => setBody(given, 'TransferReversed', 'package', 'pkg_00000000000000000000000000000009')) },
  { name: 'abandoned-without-anything-coming-back', check: 'packages', bend: (draft) => become(draft, (given) => forgetReturn(given)) },
  { name: 'abandoned-in-silence-about-its-packages', check: 'packages', bend: (draft) => become(draft, (given) => setBody(given, 'AbandonmentDeclared', 'packages', [])) },
  { name: 'values-came-back-twice', check: 'packages', bend: (draft) => become(draft, (given) => before(given, 'MatterAbandoned', () => addEvent(given, 'TransferReversed', { ...eventAt(given, 'TransferReversed').body, postings: [] }))) },
  { name: 'returned-on-a-certificate-of-the-sender', check: 'copies', bend: (draft) => Object.assign(draft, draftAbandoned(seller)) },
  { name: 'abandoned-with-another-sum', check: 'abandoned', bend: (draft) => become(draft, (given) => setBody(given, 'MatterAbandoned', 'discovered', 14)) },
  { name: 'abandoned-over-other-books', check: 'abandoned', bend: (draft) => become(draft, (given) => setBody(given, 'MatterAbandoned', 'booksRoot', toHex(sampleBytes('other')))) },
  { name: 'copy-out-of-reach-passed-over', check: 'abandoned', bend: (draft) => become(draft, (given) => addUnreached(given)) },
  { name: 'abandoned-and-ended-again', check: 'abandoned', bend: (draft) => become(draft, (given) => addEnd(given, 0)) },
  { name: 'abandoned-and-closed', check: 'abandoned', also: ['packages'], bend: (draft) => become(draft, (given) => addClose(given)) },
  { name: 'posted-after-the-matter-was-abandoned', check: 'abandoned', bend: (draft) => become(draft, (given) => moveAfterTheEnd(given)) },
]

/** The sample becomes the abandoned one, bent. */
function become(draft: Draft, bend: (given: Draft) => void): void {
  const given = draftAbandoned()
  bend(given)
  Object.assign(draft, given)
}

function before(draft: Draft, type: string, add: () => void): void {
  const length = draft.events.length
  add()
  const added = draft.events.splice(length)
  draft.events.splice(draft.events.indexOf(eventAt(draft, type)), 0, ...added)
}

/** The recipient keeps everything, nobody asks for it, and the books call it transferred. */
function forgetReturn(draft: Draft): void {
  draft.events = draft.events.filter(({ type, body }) => type !== 'TransferReversed' && body['copy'] !== 'cpy_transferee')
  draft.statements = draft.statements.filter(({ kind }) => kind !== 'copy')
  const posted = draft.events.findLast(({ type }) => type === 'DispositionsPosted')
  if (posted !== undefined) posted.body['postings'] = sampleMoves('destroyed', 'pending', 'kept')
  draft.books = sampleRecords.map(booksOf).map((entry) => ({ ...entry, vector: entry.vector.map((code) => (code === dispositionCode('destroyed') ? dispositionCode('kept') : code)) }))
  draft.events = draft.events.filter(({ type }) => type !== 'MatterAbandoned')
  addEnd(draft, 0)
}

/** A copy in a data room that nobody reached, and an end that says there is none. */
function addUnreached(draft: Draft): void {
  before(draft, 'MatterAbandoned', () => {
    addEvent(draft, 'CopyOpened', { copy: 'cpy_room', kind: 'room', holder: 'pty_transferee', ds: null, values: 3 })
    addEvent(draft, 'CopyEnded', { copy: 'cpy_room', how: 'out-of-reach', proof: null, until: null })
  })
}

function moveAfterTheEnd(draft: Draft): void {
  const [posting] = sampleMoves('kept', 'kept', 'sealed')
  if (posting === undefined || !isJsonObject(posting)) return
  addEvent(draft, 'DispositionsPosted', { plan: 'abandonment', postings: [posting] })
  addEvent(draft, 'DispositionsPosted', { plan: 'abandonment', postings: [{ ...posting, from: 'sealed', to: 'kept' }] })
}
