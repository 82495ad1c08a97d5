// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import type { EventPosting, MatterEvent } from './matter-events.ts'

/** Account of the main book, with `discovered` as the source of all (CONTRACTS §4). */
export type Account = EventPosting['to'] | 'discovered' | 'empty'
/** Balances by "data set field", then by account. */
export type Balances = Map<string, Map<Account, number>>

const FINAL: readonly Account[] = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed']

/**
 * Books all postings again in order. Refuses one that takes more than is there, values that appear from nowhere, and `transferred`
 * without a reconciliation that both parties signed (CONTRACTS §4).
 */
export function replayPostings(events: readonly MatterEvent[]): Balances {
  const balances: Balances = new Map()
  for (const event of events) for (const posting of event.postings) post(balances, posting, event)
  return balances
}

function post(balances: Balances, posting: EventPosting, event: MatterEvent): void {
  const { ds, f, from, to, n } = posting
  refuseWrongEvent(posting, event)
  const key = `${ds} ${f}`
  const line = balances.get(key) ?? new Map<Account, number>()
  balances.set(key, line)
  if (from === 'discovered') {
    line.set('discovered', (line.get('discovered') ?? 0) + n)
  } else {
    const left = (line.get(from) ?? 0) - n
    if (left < 0) throw new ProofError('POSTING', `event ${event.seq}: ${key} has fewer than ${n} in ${from}`)
    line.set(from, left)
  }
  line.set(to, (line.get(to) ?? 0) + n)
}

function refuseWrongEvent({ from, to, n }: EventPosting, event: MatterEvent): void {
  if (n === 0 || from === to) throw new ProofError('POSTING', `event ${event.seq} posts nothing`)
  if ((from === 'discovered') !== (event.type === 'InventoryCommitted')) throw new ProofError('POSTING', `event ${event.seq} takes from discovered outside an inventory, or an inventory from elsewhere`)
  if (to === 'transferred' && event.type !== 'Reconciled') throw new ProofError('POSTING', `event ${event.seq} posts transferred without a reconciliation`)
  if (to === 'destroyed' && event.type !== 'RecordsDestroyed') throw new ProofError('POSTING', `event ${event.seq} posts destroyed without a destruction`)
  if (FINAL.includes(from) && from !== 'kept' && from !== 'sealed') throw new ProofError('POSTING', `event ${event.seq} takes back what was ${from}`)
}
