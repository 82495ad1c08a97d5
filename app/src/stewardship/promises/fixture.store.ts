// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody with write access to the database strikes the promises of a notice out. */
export async function strikePromises(ctx: Context, noticeId: string): Promise<void> {
  await ctx.db.execute(`update privacy_notice set promises = '[]'::jsonb where tenant = $1 and id = $2`, [ctx.tenant, noticeId])
}
