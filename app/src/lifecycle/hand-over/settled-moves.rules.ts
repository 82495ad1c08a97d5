// SPDX-License-Identifier: Apache-2.0
import { isPresent } from '@handover/proof'
import { accountCode, accountOfCode, type Account } from '../../law/index.ts'

/** A record as a plan settles it: planned ends, where its values stand, and which fields a custodian holds by reconciled packages (one bit a field, for each package). */
export interface Unsettled {
  outcome: Uint8Array
  dispositions: Uint8Array
  atCustodian: readonly Uint8Array[]
}

/** A field that leaves one account for another. */
export interface FieldMove {
  position: number
  from: Account
  to: Account
}

/** What an approved plan settles at once in a record: kept, and sealed in the transferor's own custody (`ownSealed`, by position); whatever still waits for an act goes back to pending. Values that have left stay where they are, also those that a custodian holds sealed (CONTRACTS §4). */
export function settledMoves(record: Unsettled, ownSealed: ReadonlySet<number>): FieldMove[] {
  const moves: FieldMove[] = []
  for (let position = 0; position < record.outcome.length; position += 1) {
    const present = accountOfCode(record.dispositions[position] ?? 0)
    if (present !== 'pending' && present !== 'kept' && present !== 'sealed') continue
    if (present === 'sealed' && record.atCustodian.some((fields) => isPresent(fields, position))) continue
    const planned = record.outcome[position]
    const to: Account = planned === accountCode.kept ? 'kept' : planned === accountCode.sealed && ownSealed.has(position) ? 'sealed' : 'pending'
    if (to !== present) moves.push({ position, from: present, to })
  }
  return moves
}
