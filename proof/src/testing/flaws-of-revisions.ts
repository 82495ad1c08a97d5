// SPDX-License-Identifier: Apache-2.0
import type { Flaw } from './flaws.ts'
import type { Draft } from './sample-matter.ts'
import { draftRevised, type Revising } from './sample-revised.ts'

/** What a transferor could make of a delta scan: keys of former values erased although nobody, or nobody for that many, agreed. */
export const revisionFlaws: readonly Flaw[] = [
  { name: 'revised-without-approval', check: 'approvals', bend: (draft) => become(draft, { approved: null }) },
  { name: 'more-records-revised-than-were-approved', check: 'approvals', bend: (draft) => become(draft, { approved: 1, booked: [[3, 4]] }) },
  { name: 'fewer-records-revised-than-were-approved', check: 'approvals', bend: (draft) => become(draft, { approved: 1000 }) },
  { name: 'records-gone-without-approval', check: 'approvals', bend: (draft) => become(draft, { approved: null, booked: [], gone: 1 }) },
  { name: 'more-records-gone-than-were-approved', check: 'approvals', bend: (draft) => become(draft, { gone: 2 }) },
  { name: 'one-data-set-revised-twice-by-one-scan', check: 'approvals', bend: (draft) => become(draft, { approved: 2, booked: [[4], [3]] }) },
]

function become(draft: Draft, revising: Partial<Revising>): void {
  Object.assign(draft, draftRevised(revising))
}
