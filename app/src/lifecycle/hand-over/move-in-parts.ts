// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { DispositionChange, Posting } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'

/** Moves vectors a part at a time, so that memory does not grow with the records, and returns the postings of all parts, added up: one event takes them in the same transaction. No record may be in two parts. */
export async function moveInParts(ctx: Context, tx: Tx, matter: Matter, parts: AsyncIterable<readonly DispositionChange[]>): Promise<Posting[]> {
  const sums = new Map<string, Posting>()
  for await (const changes of parts) {
    if (changes.length === 0) continue
    for (const posting of await ctx.ledger.setDispositions(tx, matter.id, changes)) {
      const key = `${posting.ds} ${posting.f} ${posting.from} ${posting.to}`
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, { ...posting })
      else sum.n += posting.n
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, posting]) => posting)
}
