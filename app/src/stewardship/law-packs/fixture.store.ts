// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody with write access to the database puts a copy of an earlier adoption behind all others, without any event. */
export async function adoptInSilence(ctx: Context, matterId: string, adoption: string): Promise<void> {
  await ctx.db.execute(
    `insert into law_adoption (tenant, matter_id, id, number, version, pack, signed_by_party, sealed, loosened, adopted_by, approval, at)
     select tenant, matter_id, id || 'x', number + 10, version, pack, signed_by_party, sealed, loosened, adopted_by, approval, at from law_adoption where tenant = $1 and matter_id = $2 and id = $3`, [ctx.tenant, matterId, adoption])
}

/** For tests: books an adoption whose pack nobody signed, row and event alike. */
export async function adoptUnsigned(ctx: Context, matterId: string, given: { id: string; version: string; pack: string; signedBy: string; sealed: Buffer; by: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.execute(
      `insert into law_adoption (tenant, matter_id, id, number, version, pack, signed_by_party, sealed, loosened, adopted_by, approval, at) values ($1, $2, $3, 99, $4, $5, $6, $7, 0, $8, null, $9)`,
      [ctx.tenant, matterId, given.id, given.version, given.pack, given.signedBy, given.sealed, given.by, ctx.now()])
    const body = { adoption: given.id, from: given.version, to: given.version, pack: given.pack, signedBy: given.signedBy, articles: 0, loosened: 0, vanished: 0, review: [], by: given.by, approval: null }
    await ctx.ledger.append(tx, matterId, { type: 'LawAdopted', body }, `law/${given.id}`)
  })
}
