// SPDX-License-Identifier: Apache-2.0
import type { Day } from '../../kit/time.ts'
import type { Scope } from '../discover/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'

/** A hold as it was placed. */
export interface StoredHold {
  id: string
  seq: number
  reason: string
  until: string | null
  records: number
  /** Digest over reason, end and records, to recognise the same hold again. */
  digest: string
  released: boolean
}

/** All holds of a matter in the order in which they were placed. */
export async function loadHolds(db: Queryable, { tenant, matterId }: Scope): Promise<StoredHold[]> {
  const rows = await db.query<{ result: Omit<StoredHold, 'released'>; released: boolean }>(
    `select d.result, not exists (select 1 from hold h where h.tenant = d.tenant and h.matter_id = d.matter_id and h.placed_seq = (d.result->>'seq')::bigint and h.released_seq is null) as released
       from step_done d where d.tenant = $1 and d.matter_id = $2 and starts_with(d.effect, 'hold/') order by (d.result->>'seq')::bigint`,
    [tenant, matterId],
  )
  return rows.map((row) => ({ ...row.result, released: row.released }))
}

/** Places a hold on records. */
export async function insertHold(tx: Tx, { tenant, matterId }: Scope, hold: { reason: string; until: Day | null; seq: number }, recordIds: readonly Uint8Array[]): Promise<void> {
  await tx.execute(
    'insert into hold (tenant, matter_id, record_id, reason, until_day, placed_seq) select $1, $2, id, $3, $4::date, $5 from unnest($6::bytea[]) as u(id)',
    [tenant, matterId, hold.reason, hold.until, hold.seq, recordIds],
  )
}

/** Releases a hold; returns how many records it stood on. */
export async function releaseHoldRows(tx: Tx, { tenant, matterId }: Scope, given: { placedSeq: number; releasedSeq: number }): Promise<number> {
  return tx.execute('update hold set released_seq = $4 where tenant = $1 and matter_id = $2 and placed_seq = $3 and released_seq is null', [tenant, matterId, given.placedSeq, given.releasedSeq])
}

/** How many records a hold stands on now. */
export async function countHeld(tx: Tx, { tenant, matterId }: Scope, placedSeq: number): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*)::bigint as n from hold where tenant = $1 and matter_id = $2 and placed_seq = $3 and released_seq is null', [tenant, matterId, placedSeq])
  return row?.n ?? 0
}

/** Records of a data set (with one value of a clear facet, when given) and of the persons they belong to; records without a person alone. */
export async function recordsOfDataSet(db: Queryable, { tenant, matterId }: Scope, given: { dataSetId: string; facet: { name: string; value: string } | null }): Promise<Buffer[]> {
  const rows = await db.query<{ id: Buffer }>(
    `with chosen as (
       select r.id, rs.subject_id from record r left join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
        where r.tenant = $1 and r.matter_id = $2 and r.data_set_id = $3 and r.erased_at is null and ($4::text is null or r.facets->>$4 = $5)
     )
     select id from chosen union
     select rs.record_id from record_subject rs join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and r.erased_at is null
      where rs.tenant = $1 and rs.matter_id = $2 and rs.subject_id in (select subject_id from chosen where subject_id is not null) order by 1`,
    [tenant, matterId, given.dataSetId, given.facet?.name ?? null, given.facet?.value ?? null],
  )
  return rows.map((row) => row.id)
}
