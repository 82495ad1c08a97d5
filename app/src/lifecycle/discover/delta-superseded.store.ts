// SPDX-License-Identifier: Apache-2.0
// SQL of records whose newer version a restored database does not have: their key is gone, their place in the books is not.
import type { Queryable } from '../../store/index.ts'
import type { Scope } from './ingest.store.ts'

/** A superseded record that a comparison has not met yet. */
export interface SupersededRow {
  id: Buffer
  ordinal: number
  row: number
  version: number
  vector: Buffer
  /** Blind index of its key of the wanted kind, as it was; null when it has none. */
  blind: Buffer | null
}

/** Superseded records of a data set that are not in the comparison, each with its key of this kind. */
export async function waitingSuperseded(db: Queryable, { tenant, matterId }: Scope, scanId: string, wanted: { dataSetId: string; keyType: string | null }): Promise<SupersededRow[]> {
  return db.query<SupersededRow & Record<string, unknown>>(
    `select r.id, r.ordinal, coalesce(r.source_row, r.ordinal) as row, r.version, r.dispositions as vector,
            (select min(k.blind) from record_key k where k.tenant = r.tenant and k.matter_id = r.matter_id and k.record_id = r.id and k.key_type = $5) as blind
       from record r where r.tenant = $1 and r.matter_id = $2 and r.data_set_id = $4 and r.slot is null and r.erased_at is null
        and not exists (select 1 from delta_base b where b.tenant = $1 and b.matter_id = $2 and b.scan_id = $3 and b.record_id = r.id) order by r.inventory_index`,
    [tenant, matterId, scanId, wanted.dataSetId, wanted.keyType])
}

/** Whether a source has superseded records: the same file again has something to say then. */
export async function hasSuperseded(db: Queryable, { tenant, matterId }: Scope, sourceId: string): Promise<boolean> {
  const [row] = await db.query<{ found: boolean }>(
    `select exists (select 1 from record r join data_set d on d.tenant = r.tenant and d.matter_id = r.matter_id and d.id = r.data_set_id
       where r.tenant = $1 and r.matter_id = $2 and d.source_id = $3 and r.slot is null and r.erased_at is null) as found`, [tenant, matterId, sourceId])
  return row?.found === true
}

/** What deltas left undone: keys of former values that a killed booking did not erase, and records that wait for the delta that fills them. */
export async function unfinishedDeltas(db: Queryable, { tenant, matterId }: Scope): Promise<{ formerKeys: number; superseded: number }> {
  const [row] = await db.query<{ former: number; superseded: number }>(
    `select (select count(*) from erasure e join delta_scan s on s.tenant = e.tenant and s.matter_id = e.matter_id and s.id = e.order_id where e.tenant = $1 and e.matter_id = $2 and e.erased_keys_at is null)::bigint as former,
            (select count(*) from record where tenant = $1 and matter_id = $2 and slot is null and erased_at is null)::bigint as superseded`, [tenant, matterId])
  return { formerKeys: row?.former ?? 0, superseded: row?.superseded ?? 0 }
}
