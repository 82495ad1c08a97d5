// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody with write access to the database passes one document off as another. */
export async function forgeDocument(ctx: Context, id: string, as: string): Promise<void> {
  await ctx.db.execute(
    `insert into counsel_document (tenant, matter_id, id, kind, statement, digest, document_sealed, words_sealed, signed_by, at)
     select tenant, matter_id, $3, kind, statement, digest, document_sealed, words_sealed, signed_by, at from counsel_document where tenant = $1 and id = $2`,
    [ctx.tenant, id, as],
  )
}
