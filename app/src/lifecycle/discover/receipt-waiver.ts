// SPDX-License-Identifier: Apache-2.0
import type { Queryable } from '../../store/index.ts'
import { countUnreceipted, receiptWaiversOf } from './delta-book.store.ts'
import type { Scope } from './ingest.store.ts'

/** 无回执的理由. Why people can have no receipt of what ends for good (CONTRACTS §9): two people approve it with the act. */
export const noReceiptReasons = ['nobody-to-reach', 'no-persons', 'ordered-by-authority'] as const
/** 无回执的理由. See `noReceiptReasons`. */
export type NoReceiptReason = (typeof noReceiptReasons)[number]

/** 免予封存回执. Records whose commitments of the inventory end without a sealed receipt, and why; the reason is null when nobody has given one. */
export interface ReceiptWaiver {
  reason: NoReceiptReason | null
  records: number
}

/** What a delta that was booked waived. */
export interface BookedWaiver {
  scan: string
  reason: NoReceiptReason
  records: number
}

/** The word as a reason, or null when it is none. */
export function receiptReason(word: unknown): NoReceiptReason | null {
  return noReceiptReasons.find((one) => one === word) ?? null
}

/** The waiver that booking this comparison needs, or null when everybody concerned has a sealed receipt or can still get one. */
export async function neededWaiver(db: Queryable, scope: Scope, scanId: string, reason: NoReceiptReason | null): Promise<ReceiptWaiver | null> {
  const records = await countUnreceipted(db, scope, scanId)
  return records === 0 ? null : { reason, records }
}

/** What the booked deltas of a matter waived, oldest first: certificates and the sheet say it (CONTRACTS §9). */
export async function bookedWaivers(db: Queryable, scope: Scope): Promise<BookedWaiver[]> {
  return (await receiptWaiversOf(db, scope)).flatMap(({ scan, reason, records }) => {
    const known = receiptReason(reason)
    return known === null ? [] : [{ scan, reason: known, records }]
  })
}
