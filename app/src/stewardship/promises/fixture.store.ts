// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody with write access to the database puts a copy of a notice without its promises beside it; changing or removing the row itself is refused by the database. */
export async function addWithoutPromises(ctx: Context, noticeId: string): Promise<void> {
  await ctx.db.execute(
    `insert into privacy_notice (tenant, matter_id, id, version, from_day, until_day, kind, document, bytes, clauses, finder, promises, text_sealed, statement, digest, signed_by, at)
     select tenant, matter_id, 'pvn_' || repeat('0', 32), version, from_day, until_day, kind, document, bytes, clauses, finder, '[]'::jsonb, text_sealed, statement, digest, signed_by, at from privacy_notice where tenant = $1 and id = $2`,
    [ctx.tenant, noticeId])
}

/** For tests: the same for what the database refuses. */
export async function strikePromises(ctx: Context, noticeId: string, how: 'update' | 'delete' | 'revive'): Promise<void> {
  if (how === 'update') await ctx.db.execute(`update privacy_notice set promises = '[]'::jsonb where tenant = $1 and id = $2`, [ctx.tenant, noticeId])
  else if (how === 'revive') await ctx.db.execute('update privacy_notice set superseded_by = null where tenant = $1 and id = $2', [ctx.tenant, noticeId])
  else await ctx.db.execute('delete from privacy_notice where tenant = $1 and id = $2', [ctx.tenant, noticeId])
}
