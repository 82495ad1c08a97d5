// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { discoverFailures } from './discover-failures.ts'
import type { Queryable } from '../../store/index.ts'
import { deleteRecords, deleteSource, loadSources, lockMatter, recordsOfSource, type Scope } from './ingest.store.ts'
import { labelKinds } from './inventory.ts'

const recordsPerStatement = 2000

/** Undoes the one source whose ingest was interrupted: its keys are erased first, then rows and ciphertext go; nothing of it was in the books. Refuses when nothing is unfinished. */
export async function discardUnfinished(ctx: Context, matter: Matter): Promise<{ name: string; records: number }> {
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const unfinished = (await loadSources(ctx.db, scope)).find((source) => !source.isBooked)
  if (unfinished === undefined) throw discoverFailures.INGEST_NOTHING_UNFINISHED()
  const name = (await ctx.vault.openLabel(matter.id, unfinished.id, labelKinds.sourceName)) ?? unfinished.id
  // Keys first: a crash after this line leaves unreadable rows that the next call removes.
  let count = 0
  for await (const records of pagesOf(ctx.db, scope, unfinished.id)) {
    await ctx.vault.eraseSlots(matter.id, `discard/${unfinished.id}`, records.map((record) => record.slot))
    count += records.length
  }
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    for await (const records of pagesOf(tx, scope, unfinished.id)) {
      const ids = records.map((record) => record.id)
      await ctx.vault.deleteCiphertext(tx, matter.id, ids)
      await deleteRecords(tx, scope, ids)
    }
    await deleteSource(tx, scope, unfinished.id)
  })
  return { name, records: count }
}

/** The records of a source page by page: memory for one page, however many an interrupted ingest left. */
async function* pagesOf(db: Queryable, scope: Scope, sourceId: string): AsyncGenerator<{ id: Buffer; slot: number }[], void, undefined> {
  for (let after = -1; ; ) {
    const records = await recordsOfSource(db, scope, sourceId, { after, count: recordsPerStatement })
    const last = records.at(-1)
    if (last === undefined) return
    after = last.slot
    yield records
  }
}
