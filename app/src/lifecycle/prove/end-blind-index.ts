// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { bookTurns } from '../destroy/index.ts'
import { insertStep } from '../discover/index.ts'
import { blindIndexEnded, deleteBlindIndex, isBlindIndexEnded } from './prove.store.ts'

/**
 * 销毁盲索引. After the close nobody is looked up by identifier any more (CONTRACTS §13): the index key goes out of the key store, the edges out of the database, and the epoch turns, so that no old
 * copy of the key store can ask old dumps either. Interrupted anywhere, the next close command goes on; false while a key slot did not confirm. Receipts by code do not need the index.
 */
export async function endBlindIndex(ctx: Context, matter: Matter): Promise<boolean> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  if (await isBlindIndexEnded(ctx.db, scope)) return true
  await ctx.vault.dropMatterKeys(matter.id, ['blind'])
  const { complete } = await ctx.vault.turn(matter.id)
  // A slot that is not attached now confirms at a later turn; until then this is asked again.
  if (!complete) return false
  await bookTurns(ctx, matter)
  await ctx.db.transaction(async (tx) => {
    await deleteBlindIndex(tx, scope)
    await insertStep(tx, scope, { effect: blindIndexEnded, result: {}, at: ctx.now() })
  })
  await ctx.ledger.publish(matter.id)
  return true
}
