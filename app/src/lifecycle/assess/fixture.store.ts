// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody with write access to the database passes a fact off as another. */
export async function renameFact(ctx: Context, fact: { id: string; name: string }): Promise<void> {
  await ctx.db.execute('update fact set name = $3 where tenant = $1 and id = $2', [ctx.tenant, fact.id, fact.name])
}
