// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { bookedDataSets, insertStep, lockMatter, type BookedDataSet, type Scope } from './ingest.store.ts'
import type { InventoryDataSet } from './inventory.ts'

/** Commits the inventory of a source: one `InventoryCommitted` event a data set with its root and opening postings, and the copies that now exist, all or nothing (CONTRACTS §§3, 4); once, whoever comes first. */
export async function bookSource(ctx: Context, matter: Matter, given: { sourceId: string; dataSets: readonly InventoryDataSet[] }): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  await ctx.db.transaction(async (tx) => {
    // Another run of the same command may have filled the same batches, and be here too, or be done.
    await lockMatter(tx, scope)
    if ((await bookedDataSets(tx, scope, given.sourceId)).length > 0) return
    const booked: BookedDataSet[] = []
    for (const dataSet of given.dataSets) booked.push(await bookDataSet(ctx, tx, { matter, scope, dataSet }))
    await insertStep(tx, scope, { effect: `ingest/${given.sourceId}/booked`, result: { dataSets: booked }, at: ctx.now() })
  })
}

interface Booking {
  matter: Matter
  scope: Scope
  dataSet: InventoryDataSet
}

async function bookDataSet(ctx: Context, tx: Tx, given: Booking): Promise<BookedDataSet> {
  const { matter, scope, dataSet } = given
  // The ledger adds up what really stands in the database, not what we believe to have written (STYLE maxim 11).
  const inventory = { ...(await ctx.ledger.inventoryOf(tx, scope.matterId, dataSet.id)), first: dataSet.firstIndex }
  if (inventory.records !== dataSet.rows) throw discoverFailures.INGEST_SHAPE({ where: dataSet.id, why: `${inventory.records} ≠ ${dataSet.rows}` })
  await ctx.ledger.append(tx, matter.id, { type: 'InventoryCommitted', body: inventory }, `inventory/${dataSet.id}`)
  const values = inventory.fields.reduce((sum, field) => sum + field.values, 0)
  if (values > 0) await openCopies(ctx, tx, { ...given, values })
  return { id: dataSet.id, records: inventory.records, values, root: inventory.root }
}

/** Two copies exist from now on: the original where it was found, and ours in the vault. */
async function openCopies(ctx: Context, tx: Tx, given: Booking & { values: number }): Promise<void> {
  const { matter, dataSet, values } = given
  const holder = ownParty(matter).id
  for (const kind of ['original', 'vault'] as const) {
    await ctx.ledger.openCopy(tx, matter.id, { kind, holder, dataSetId: dataSet.id, sourceId: dataSet.sourceId, values }, `copy/${kind}/${dataSet.id}`)
  }
}
