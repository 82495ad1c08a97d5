// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Where a record stands in inventory and books; what a receipt says besides its leaves. */
export interface RecordPlace {
  recordId: Buffer
  dataSetId: string
  index: number
  presence: Buffer
  vector: Buffer
  inventoryRoot: Buffer
  erased: boolean
}

/** The places of these records, in inventory order. */
export async function recordPlaces(db: Queryable, { tenant, matterId }: Scope, recordIds: readonly Uint8Array[]): Promise<RecordPlace[]> {
  return db.query<RecordPlace & Record<string, unknown>>(
    `select id as "recordId", data_set_id as "dataSetId", inventory_index as index, presence, dispositions as vector, inventory_root as "inventoryRoot", erased_at is not null as erased
       from record where tenant = $1 and matter_id = $2 and id = any($3::bytea[]) order by inventory_index`,
    [tenant, matterId, [...recordIds]],
  )
}

/**
 * The next subjects in the order of the index, each with those of its records whose inventoried commitments still exist: neither erased nor superseded nor sealed anew. The subjects are found first and alone, so that a batch
 * reads some hundred rows of a million.
 */
export async function subjectsAfter(db: Queryable, { tenant, matterId }: Scope, after: string, limit: number): Promise<{ subject: string; recordIds: Buffer[] }[]> {
  return db.query<{ subject: string; recordIds: Buffer[] } & Record<string, unknown>>(
    `with next as materialized (
       select subject_id from record_subject where tenant = $1 and matter_id = $2 and subject_id > $3 group by subject_id order by subject_id limit $4
     )
     select n.subject_id as subject, coalesce(array_agg(r.id order by r.id) filter (where r.id is not null), '{}') as "recordIds" from next n
       join record_subject rs on rs.tenant = $1 and rs.matter_id = $2 and rs.subject_id = n.subject_id
       left join record r on r.tenant = $1 and r.matter_id = $2 and r.id = rs.record_id and r.erased_at is null and r.slot is not null and r.version = 1
      group by n.subject_id order by n.subject_id`,
    [tenant, matterId, after, limit],
  )
}

/** Stores sealed receipts. */
export async function insertSealedReceipts(tx: Tx, { tenant, matterId }: Scope, rows: readonly { handle: Buffer; sealed: Buffer }[]): Promise<void> {
  await tx.insertRows('sealed_receipt', ['tenant', 'matter_id', 'handle', 'sealed'], rows.map((row) => [tenant, matterId, row.handle, row.sealed]))
}

/** The inventory index up to which records can be covered by a run of sealing that begins now; -1 without records. */
export async function greatestIndex(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ index: number }>('select coalesce(max(inventory_index), -1)::bigint as index from record where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.index ?? -1
}

/** Notes that every record with a subject, up to this inventory index, has a sealed receipt; never in the transaction of the receipts, which would link the two. */
export async function noteReceipted(db: Queryable, { tenant, matterId }: Scope, upTo: number): Promise<void> {
  await db.execute(
    `insert into receipted_record (tenant, matter_id, record_id)
     select r.tenant, r.matter_id, r.id from record r join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
      where r.tenant = $1 and r.matter_id = $2 and r.inventory_index <= $3 and r.erased_at is null and r.slot is not null and r.version = 1 order by r.inventory_index on conflict do nothing`,
    [tenant, matterId, upTo],
  )
}

/** The sealed receipt under this handle, or null. */
export async function findSealedReceipt(db: Queryable, { tenant, matterId }: Scope, handle: Buffer): Promise<Buffer | null> {
  const [row] = await db.query<{ sealed: Buffer }>('select sealed from sealed_receipt where tenant = $1 and matter_id = $2 and handle = $3', [tenant, matterId, handle])
  return row?.sealed ?? null
}

/** How many receipts are sealed. */
export async function countSealedReceipts(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from sealed_receipt where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.n ?? 0
}

/** Records by data set and disposition vector: how large the rarest group is (CONTRACTS §3). */
export async function smallestGroup(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select coalesce(min(n), 0)::bigint as n from (select count(*) as n from record where tenant = $1 and matter_id = $2 group by data_set_id, dispositions) as groups`, [tenant, matterId])
  return row?.n ?? 0
}

/** Takes away the edges by which people could be looked up; their key ends with the matter (CONTRACTS §13). */
export async function deleteBlindIndex(tx: Tx, { tenant, matterId }: Scope): Promise<void> {
  await tx.execute('delete from record_key where tenant = $1 and matter_id = $2', [tenant, matterId])
  await tx.execute('delete from demoted_key where tenant = $1 and matter_id = $2', [tenant, matterId])
}

/** Whether the blind index was taken away and its key ended. */
export async function isBlindIndexEnded(db: Queryable, { tenant, matterId }: Scope): Promise<boolean> {
  const rows = await db.query('select 1 from step_done where tenant = $1 and matter_id = $2 and effect = $3', [tenant, matterId, blindIndexEnded])
  return rows.length > 0
}

/** Effect of the end of the blind index. */
export const blindIndexEnded = 'close/blind-index'
