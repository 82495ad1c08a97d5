// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: what somebody with write access to the database could do to pass a request off as approved, using the requester's own signature. */
export async function forgeApproval(ctx: Context, forged: { requestId: string; personId: string }): Promise<void> {
  await ctx.db.execute(
    `insert into approval (tenant, matter_id, request_id, person_id, statement, at, from_other_home)
     select tenant, matter_id, request_id, $3, statement, at, true from approval where tenant = $1 and request_id = $2`,
    [ctx.tenant, forged.requestId, forged.personId],
  )
  await ctx.db.execute(`update approval_request set status = 'approved' where tenant = $1 and id = $2`, [ctx.tenant, forged.requestId])
}

/** For tests: the person table as text. */
export async function personTableText(ctx: Context): Promise<string> {
  const rows = await ctx.db.query<{ text: string }>('select p::text as text from person p where tenant = $1', [ctx.tenant])
  return rows.map((row) => row.text).join('\n')
}
