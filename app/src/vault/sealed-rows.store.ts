// SPDX-License-Identifier: Apache-2.0
import type { Queryable } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'

/** Records packed into one answer (`sealed-batch/sealed-row.ts`), and what the door's book says of them. */
export interface PackedRows {
  rows: Buffer | null
  found: number
  /** Records that are erased, tombstoned or without a key. */
  erased: Buffer[] | null
  first_set: string | null
  last_set: string | null
  first_ordinal: number | null
  last_ordinal: number | null
}

const sealed = (compartment: string): string =>
  `coalesce((select int4send(length(c.sealed)) || c.sealed from record_cipher c where c.tenant = r.tenant and c.matter_id = r.matter_id and c.record_id = r.id and c.compartment = '${compartment}' and c.version = r.version), int4send(-1))`

/** Named records (16 bytes an id) in the order of the ids, sealed; one answer instead of many columns, since a row of its own costs more here than its decryption. */
export async function packedRecords(db: Queryable, scope: KeyScope, recordIds: Uint8Array): Promise<PackedRows> {
  const [row] = await db.query<PackedRows & Record<string, unknown>>(
    `select string_agg(r.id || int4send(r.version) || int8send(coalesce(r.slot, -1)) || r.root || int4send(length(r.dispositions)) || r.dispositions
              || ${sealed('general')} || ${sealed('sensitive')} || ${sealed('text')}, ''::bytea order by wanted.n) as rows,
            count(*)::bigint as found,
            array_agg(r.id) filter (where r.erased_at is not null or r.slot is null or exists (
              select 1 from erasure e where e.tenant = r.tenant and e.matter_id = r.matter_id and e.record_id = r.id and e.version = r.version)) as erased,
            min(r.data_set_id) as first_set, max(r.data_set_id) as last_set, min(r.ordinal) as first_ordinal, max(r.ordinal) as last_ordinal
       from (select n, substring($3::bytea from n * 16 + 1 for 16) as id from generate_series(0, $4::int - 1) n offset 0) wanted
       cross join lateral (select * from record where tenant = $1 and matter_id = $2 and record.id = wanted.id offset 0) r`,
    [scope.tenant, scope.matterId, recordIds, recordIds.length / 16],
  )
  if (row === undefined) throw new Error('assertion failed: an aggregate has one row')
  return row
}
