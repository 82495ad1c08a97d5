// SPDX-License-Identifier: Apache-2.0
// For tests: what a data backup holds and what a restore puts back, and holds placed without a door.
import type { Database } from '../../store/database.ts'

/** Tables that a data backup of the main database holds, in an order in which they can be put back. */
const tables = ['matter', 'record', 'record_cipher', 'record_key', 'data_set', 'field', 'erasure', 'label', 'record_subject']

/** Tables of the key store: what a thief of an old key backup holds. */
export const keyTables = ['key_epoch', 'key_dir', 'key_page', 'key_slot', 'matter_key'] as const

/** Every row of the tenant, as COPY would give it. */
export async function copyRows(db: Database, tenant: string, from: readonly string[] = tables): Promise<Map<string, string>> {
  const copy = new Map<string, string>()
  for (const table of from) {
    const [row] = await db.query<{ rows: string }>(`select coalesce(jsonb_agg(t), '[]')::text as rows from ${table} t where tenant = $1`, [tenant])
    copy.set(table, row?.rows ?? '[]')
  }
  return copy
}

/** Puts copied rows into an empty database. */
export async function putRows(db: Database, copy: ReadonlyMap<string, string>): Promise<void> {
  for (const [table, rows] of copy) await db.execute(`insert into ${table} overriding system value select * from jsonb_populate_recordset(null::public.${table}, $1::jsonb)`, [rows])
}

/** How much ciphertext and how many edges of the matter there are. */
export async function countLeft(db: Database, tenant: string): Promise<{ cipher: number; keys: number; erased: number }> {
  const [row] = await db.query<{ cipher: number; keys: number; erased: number }>(
    `select (select count(*) from record_cipher where tenant = $1)::bigint as cipher, (select count(*) from record_key where tenant = $1)::bigint as keys,
            (select count(*) from record where tenant = $1 and erased_at is not null)::bigint as erased`, [tenant])
  return row ?? { cipher: -1, keys: -1, erased: -1 }
}

/** A hold on the first record. */
export async function holdFirstRecord(db: Database, tenant: string, matterId: string): Promise<void> {
  await db.execute(`insert into hold (tenant, matter_id, record_id, reason, placed_seq) select tenant, matter_id, id, 'court', 1 from record where tenant = $1 and matter_id = $2 order by inventory_index limit 1`, [tenant, matterId])
}

/** Ends all holds. */
export async function releaseHolds(db: Database, tenant: string): Promise<void> {
  await db.execute('update hold set released_seq = 1 where tenant = $1', [tenant])
}

/** Changes the version of one record, so that a set of records is another one. */
export async function addToVersion(db: Database, tenant: string, n: number): Promise<void> {
  await db.execute('update record set version = version + $2 where tenant = $1 and inventory_index = 0', [tenant, n])
}

/** Every table whose rows belong to a tenant: a whole data backup. */
export async function tablesOfTenants(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>(`select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name) where c.table_schema = 'public' and c.column_name = 'tenant' and t.table_type = 'BASE TABLE' order by 1`)
  return rows.map((row) => row.name)
}
