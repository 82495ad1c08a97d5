// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '../bytes.ts'
import { mayMove } from '../moves.ts'
import type { EventPosting, MatterEvent } from './matter-events.ts'

/** Account of the main book, with `discovered` as the source of all (CONTRACTS §4). */
export type Account = EventPosting['to'] | 'discovered' | 'empty'
/** Balances by "data set field", then by account. */
export type Balances = Map<string, Map<Account, number>>

/** Books all postings again in order. Refuses one that takes more than is there, and a move that is not its event's to make (CONTRACTS §4). */
export function replayPostings(events: readonly MatterEvent[]): Balances {
  const balances: Balances = new Map()
  for (const event of events) for (const posting of event.postings) post(balances, posting, event)
  return balances
}

function post(balances: Balances, posting: EventPosting, event: MatterEvent): void {
  const { ds, f, from, to, n } = posting
  if (n === 0) throw new ProofError('POSTING', `event ${event.seq} posts nothing`)
  if (!mayMove(event.type, from, to)) throw new ProofError('POSTING', `event ${event.seq}: ${event.type} may not post ${from} → ${to}`)
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
  // Values of a revised record's former version leave the books: they are not among the discovered ones any more.
  const entered = to === 'discovered' ? -n : n
  if ((line.get(to) ?? 0) + entered < 0) throw new ProofError('POSTING', `event ${event.seq}: more of ${key} leaves than was discovered`)
  line.set(to, (line.get(to) ?? 0) + entered)
}
