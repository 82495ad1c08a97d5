// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../../context.ts'

/** For tests: somebody with write access to the database passes one answer off as the answer to another question. */
export async function forgeAnswer(ctx: Context, row: { matterId: string; number: number; item: string }): Promise<void> {
  await ctx.db.execute('insert into impact_answer (tenant, matter_id, number, item, said_sealed, statement, digest, signed_by, at) select tenant, matter_id, number + 1000, $4, said_sealed, statement, digest, signed_by, at from impact_answer where tenant = $1 and matter_id = $2 and number = $3', [ctx.tenant, row.matterId, row.number, row.item])
}
