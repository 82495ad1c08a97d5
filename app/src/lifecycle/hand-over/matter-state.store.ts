// SPDX-License-Identifier: Apache-2.0
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Values and persons of each data set, as counted now. */
export async function countDataSets(db: Queryable, { tenant, matterId }: Scope): Promise<{ id: string; records: number; values: number }[]> {
  return db.query<{ id: string; records: number; values: number }>(
    `select d.id, d.rows as records, coalesce((select sum(p.amount) from posting p where p.tenant = d.tenant and p.matter_id = d.matter_id and p.data_set_id = d.id and p.from_account = 'discovered'), 0)::bigint as values
       from data_set d where d.tenant = $1 and d.matter_id = $2`,
    [tenant, matterId],
  )
}

/** Packages by where they stand. */
export async function countPackages(db: Queryable, { tenant, matterId }: Scope): Promise<{ issued: number; accepted: number; differing: number; reconciled: number }> {
  const [row] = await db.query<{ issued: number; accepted: number; differing: number; reconciled: number }>(
    `select count(*) filter (where status <> 'building' and status <> 'refused')::bigint as issued,
            count(*) filter (where acceptance is not null and status <> 'refused')::bigint as accepted,
            count(*) filter (where acceptance->>'status' = 'differences' and status <> 'refused')::bigint as differing,
            count(*) filter (where status = 'reconciled')::bigint as reconciled
       from package where tenant = $1 and matter_id = $2`,
    [tenant, matterId],
  )
  return row ?? { issued: 0, accepted: 0, differing: 0, reconciled: 0 }
}

/** Destruction orders by the state of their certificate. */
export async function countCertificates(db: Queryable, { tenant, matterId }: Scope): Promise<{ pending: number; final: number }> {
  const [row] = await db.query<{ pending: number; final: number }>(
    `select count(*) filter (where certificate is not null and final_certificate is null)::bigint as pending, count(*) filter (where final_certificate is not null)::bigint as final
       from destruction_order where tenant = $1 and matter_id = $2`,
    [tenant, matterId],
  )
  return row ?? { pending: 0, final: 0 }
}

/** How many records were erased; today's facts give no verdict for them any more. */
export async function countErased(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from record where tenant = $1 and matter_id = $2 and erased_at is not null', [tenant, matterId])
  return row?.n ?? 0
}

/** Holds that stand: each was placed at one time for one order or dispute (J07). */
export async function countHoldOrders(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(distinct placed_seq)::bigint as n from hold where tenant = $1 and matter_id = $2 and released_seq is null', [tenant, matterId])
  return row?.n ?? 0
}

/** The day of the last person count and whether records came in afterwards. */
export async function lastCount(db: Queryable, { tenant, matterId }: Scope): Promise<{ at: string; stale: boolean } | null> {
  const [row] = await db.query<{ at: string; stale: boolean }>(
    `select e.at, exists (select 1 from event l where l.tenant = e.tenant and l.matter_id = e.matter_id and l.type = 'InventoryCommitted' and l.seq > e.seq) as stale
       from event e where e.tenant = $1 and e.matter_id = $2 and e.type = 'SubjectsResolved' order by e.seq desc limit 1`,
    [tenant, matterId],
  )
  return row ?? null
}

/** When the last reconciliation was booked: from then on the transferor's own copies are residual. */
export async function lastReconciliation(db: Queryable, { tenant, matterId }: Scope): Promise<string | null> {
  const [row] = await db.query<{ at: string }>(`select at from event where tenant = $1 and matter_id = $2 and type = 'Reconciled' order by seq desc limit 1`, [tenant, matterId])
  return row?.at ?? null
}
