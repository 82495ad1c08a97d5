// SPDX-License-Identifier: Apache-2.0
import { parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Stores what was signed about the end of a copy. */
export async function insertCopyStatement(tx: Tx, { tenant, matterId }: Scope, statement: { copy: string; digest: Buffer; envelope: string; by: string; at: Instant }): Promise<void> {
  await tx.execute('insert into copy_statement (tenant, matter_id, copy_id, digest, envelope, signed_by, at) values ($1, $2, $3, $4, $5::jsonb, $6, $7)', [
    tenant, matterId, statement.copy, statement.digest, statement.envelope, statement.by, statement.at,
  ])
}

/** Signed statements about the ends of copies, for the bundle. */
export async function copyStatements(db: Queryable, { tenant, matterId }: Scope): Promise<{ copy: string; signedBy: string; envelope: DsseEnvelope }[]> {
  const rows = await db.query<{ copy: string; signedBy: string; envelope: string }>(
    'select copy_id as copy, signed_by as "signedBy", envelope::text as envelope from copy_statement where tenant = $1 and matter_id = $2 order by at, copy_id', [tenant, matterId])
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}
