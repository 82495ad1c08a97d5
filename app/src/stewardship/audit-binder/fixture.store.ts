// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'

/** For tests: somebody adds a sample of events that the seed did not draw. */
export async function bendSample(ctx: Context, matterId: string): Promise<void> {
  await ctx.db.execute('insert into audit_sample (tenant, matter_id, audit_id, number, point, seed, upto, wanted, seqs, drawn_by, at) select tenant, matter_id, audit_id, number + 1, point, seed, upto, wanted, array[1]::bigint[], drawn_by, at from audit_sample where tenant = $1 and matter_id = $2', [ctx.tenant, matterId])
}

/** For tests: somebody adds a copy of a finding that says the opposite. */
export async function bendFinding(ctx: Context, matterId: string): Promise<void> {
  await ctx.db.execute("insert into audit_finding (tenant, matter_id, audit_id, number, point, result, severity, due, fixed_on, said_sealed, statement, digest, signed_by, at) select tenant, matter_id, audit_id, number + 1, point, 'conforms', 'none', null, null, said_sealed, statement, digest, signed_by, at from audit_finding where tenant = $1 and matter_id = $2", [ctx.tenant, matterId])
}
