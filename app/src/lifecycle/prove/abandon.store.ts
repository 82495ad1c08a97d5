// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Records with a value that is still pending, by id. */
export function streamPendingRecords(db: Queryable, { tenant, matterId }: Scope): AsyncGenerator<{ id: Buffer; dispositions: Buffer }[], void, undefined> {
  return db.stream<{ id: Buffer; dispositions: Buffer } & Record<string, unknown>>(
    `select id, dispositions from record where tenant = $1 and matter_id = $2 and position('\\x06'::bytea in dispositions) > 0 order by id`, [tenant, matterId], 4000)
}

/** What a package handed over and that still stands so here, by record: values that come back into the books. */
export function streamReturned(db: Queryable, { tenant, matterId }: Scope, packageId: string): AsyncGenerator<{ id: Buffer; fields: Buffer; dispositions: Buffer }[], void, undefined> {
  return db.stream<{ id: Buffer; fields: Buffer; dispositions: Buffer } & Record<string, unknown>>(
    `select r.id, p.fields, r.dispositions from package_record p join record r on r.tenant = p.tenant and r.matter_id = p.matter_id and r.id = p.record_id and r.erased_at is null
      where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3 order by r.id`, [tenant, matterId, packageId], 4000)
}

/** What this home certified about a notice, or null. */
export async function findCertified(db: Queryable, { tenant, matterId }: Scope, notice: string): Promise<string | null> {
  const [row] = await db.query<{ certificate: string }>(`select result->>'certificate' as certificate from step_done where tenant = $1 and matter_id = $2 and effect = $3`, [tenant, matterId, `abandon/${notice}/certified`])
  return row?.certificate ?? null
}

/** Keeps what this home certified, so that it says the same again. */
export async function keepCertified(tx: Tx, { tenant, matterId }: Scope, kept: { notice: string; certificate: string; at: string }): Promise<void> {
  await tx.execute('insert into step_done (tenant, matter_id, effect, result, at) values ($1, $2, $3, $4::jsonb, $5) on conflict do nothing', [
    tenant, matterId, `abandon/${kept.notice}/certified`, JSON.stringify({ certificate: kept.certificate }), kept.at,
  ])
}
