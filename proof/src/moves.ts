// SPDX-License-Identifier: Apache-2.0

/**
 * Which event may move values between which accounts of the main book; the ledger refuses to book any other, the verifier to accept it (CONTRACTS §4).
 * What ends values (`transferred`, `destroyed`, a custodian's seal) comes only out of the event that carries its proof; nothing leads to
 * `anonymised`, because no event proves it yet.
 */
export const MOVES: Readonly<Record<string, readonly string[]>> = {
  InventoryCommitted: ['discovered → pending'],
  DispositionsPosted: ['pending → kept', 'pending → sealed', 'kept → pending', 'kept → sealed', 'sealed → pending', 'sealed → kept'],
  PackageIssued: ['pending → in-transit'],
  PackageWithdrawn: ['in-transit → pending'],
  Reconciled: ['in-transit → transferred', 'in-transit → sealed'],
  RecordsDestroyed: ['pending → destroyed'],
  RecordsRevised: ['pending → discovered', 'kept → discovered', 'sealed → discovered', 'transferred → discovered', 'discovered → pending'],
  WithdrawalProven: ['transferred → pending', 'sealed → pending'],
  TransferReversed: ['transferred → pending', 'sealed → pending'],
}

/** Whether an event of this type may move values from one account to another. */
export function mayMove(eventType: string, from: string, to: string): boolean {
  return Object.hasOwn(MOVES, eventType) && MOVES[eventType]?.includes(`${from} → ${to}`) === true
}
