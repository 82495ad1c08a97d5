// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { ActRule } from './two-person-acts.ts'

/** One signature under a request as the rules see it. */
export interface ApprovalMark {
  person: string
  /** Where the key was made. */
  custody: 'own-device' | 'this-home'
  /** The signature came in a file from elsewhere. */
  fromOtherHome: boolean
}

/** How many approvers a request still lacks; the requester never counts, and a person counts once (CONTRACTS §18). */
export function missingApprovers(rule: ActRule, requestedBy: string, marks: readonly ApprovalMark[]): number {
  return Math.max(0, rule.approvers - new Set(marks.map((mark) => mark.person).filter((person) => person !== requestedBy)).size)
}

/**
 * Whether the people behind a request were told apart by more than their names: requester and approvers each at a place of their own. Everybody who signed in this home,
 * or whose key was made in it, stands at one and the same place; then documents print 两人身份未核验 (CONTRACTS §11).
 */
export function areIdentitiesVerified(rule: ActRule, requester: ApprovalMark, marks: readonly ApprovalMark[]): boolean {
  const approvers = new Map(marks.filter((mark) => mark.person !== requester.person).map((mark) => [mark.person, placeOf(mark)]))
  const places = new Set([placeOf(requester), ...approvers.values()])
  return approvers.size >= rule.approvers && places.size === approvers.size + 1
}

/** Whether the cooling-off is over; without one there is nothing to wait for. */
export function isCool(coolingOffUntil: Instant | null, now: Instant): boolean {
  return coolingOffUntil === null || now >= coolingOffUntil
}

function placeOf(mark: ApprovalMark): string {
  return mark.custody === 'own-device' && mark.fromOtherHome ? mark.person : 'this-home'
}
