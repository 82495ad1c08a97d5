// SPDX-License-Identifier: Apache-2.0
// For the benchmark of erasing: records filled by the server, and the three transactions of one erasure with the statements that destroy/ runs.
import type { Context } from '../app/src/context.ts'
import { refreshStatistics } from '../app/src/lifecycle/discover/ingest.store.ts'
import { endRecords, noteDone } from '../app/src/lifecycle/destroy/destroy-records.store.ts'
import { insertTombstones, noteIntent } from '../app/src/lifecycle/destroy/destroy.store.ts'
import { growTombstoneTree } from '../app/src/lifecycle/destroy/tombstone-file.ts'
import { openDatabases } from '../app/src/store/index.ts'

/** A record to be erased. */
export interface OneRecord {
  id: Buffer
  slot: number
  index: number
}

/** Rows of the usual sizes: 12 fields, three compartments of ciphertext. */
export async function fillRecords(ctx: Context, matterId: string, size: number): Promise<void> {
  const random = (bytes: number, salt: string): string => `decode(repeat(md5(i::text || '${salt}'), ${Math.ceil(bytes / 16)}), 'hex')`
  for (let from = 0; from < size; from += 50_000) {
    const params = [ctx.tenant, matterId, from, Math.min(size, from + 50_000) - 1]
    await ctx.db.execute(
      `insert into record (tenant, matter_id, id, data_set_id, ordinal, inventory_index, slot, presence, dispositions, root, inventory_root)
       select $1::uuid, $2::text, decode(md5(i::text), 'hex'), 'ds_00000000000000000000000000000001', i, i, i, '\\xff0f', decode(repeat('06', 12), 'hex'), ${random(32, 'r')}, ${random(32, 'r')} from generate_series($3::bigint, $4::bigint) i`, params)
    await ctx.db.execute(
      `insert into record_cipher (tenant, matter_id, record_id, compartment, version, sealed)
       select $1::uuid, $2::text, decode(md5(i::text), 'hex'), c, 1, ${random(96, 'c')} from generate_series($3::bigint, $4::bigint) i, unnest(array['general', 'sensitive']) c`, params)
  }
  // As an ingest does; without statistics the server looks through all records of the matter for one.
  await refreshStatistics(ctx.db)
}

/** One row of an ordinary table, committed. */
export async function insertRow(ctx: Context): Promise<void> {
  await ctx.db.transaction((tx) => tx.execute(`insert into read_audit (tenant, matter_id, person, purpose, compartments, records, first_ordinal, last_ordinal, record_ids, at) values ($1, 'mat_bench', 'per_bench', 'reveal', '{}', 0, 0, 0, '', now())`, [ctx.tenant]))
}

/** Nothing to make: the yardstick writes into the book of readings, which every home has. */
export async function makeCommitTable(ctx: Context): Promise<void> {
  await insertRow(ctx)
}

/** The first transaction: tombstone, intent, their tree. */
export const appendOneErasure = {
  async choose(ctx: Context, matterId: string, size: number): Promise<OneRecord> {
    const at = Math.floor(Math.random() * size)
    const [row] = await ctx.db.query<{ id: Buffer; slot: number; index: number }>(
      'select id, slot, inventory_index as index from record where tenant = $1 and matter_id = $2 and inventory_index >= $3 and erased_at is null order by inventory_index limit 1', [ctx.tenant, matterId, at])
    return row ?? appendOneErasure.choose(ctx, matterId, size)
  },
  /** What a run writes down before it begins. */
  async prepare(ctx: Context, matterId: string, { order, record }: { order: string; record: OneRecord }): Promise<void> {
    await ctx.db.execute(
      `insert into destruction_record (tenant, matter_id, order_id, record_id, inventory_index, version, slot, keep, ended) values ($1, $2, $3, $4, $5, 1, $6, '\\x0000', '\\xff0f')`,
      [ctx.tenant, matterId, order, record.id, record.index, record.slot])
  },
  async run(ctx: Context, matterId: string, order: string): Promise<void> {
    const scope = { tenant: ctx.tenant, matterId }
    await ctx.db.transaction(async (tx) => {
      const [, tombstones] = await Promise.all([insertTombstones(tx, scope, order), growTombstoneTree(tx, scope)])
      const { seq } = await ctx.ledger.append(tx, matterId, { type: 'DestructionIntended', body: { order, recordSet: '00'.repeat(32), records: 1, ...tombstones } }, `destroy/${order}/intended`)
      await noteIntent(tx, scope, order, seq)
    })
  },
}

/** The third transaction: ciphertext, index rows, the book's event. */
export async function deleteOneRecord(ctx: Context, matterId: string, { order, record }: { order: string; record: OneRecord }): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId }
  await ctx.db.transaction(async (tx) => {
    await Promise.all([ctx.vault.deleteCiphertext(tx, matterId, [record.id]), endRecords(tx, scope, [record.id], ctx.now())])
    await ctx.ledger.append(tx, matterId, { type: 'RecordsDestroyed', body: { order, records: 1, tombstones: 0, tombstoneRoot: '00'.repeat(32), postings: [] } }, `destroy/${order}/from/${record.index}`)
    await noteDone(tx, scope, order, { recordIds: [record.id], at: ctx.now() })
  })
}

/** Bytes of the key store's pages and directories as stored, without what updates left for vacuum. */
export async function keyBytes(folder: string, ctx: Context, matterId: string): Promise<number> {
  const databases = await openDatabases({ homeDir: `${folder}/home`, tenant: ctx.tenant })
  try {
    const [row] = await databases.keys.query<{ bytes: number }>(
      `select ((select coalesce(sum(pg_column_size(p.*)), 0) from key_page p where matter_id = $1) + (select coalesce(sum(pg_column_size(d.*)), 0) from key_dir d where matter_id = $1))::bigint as bytes`, [matterId])
    return row?.bytes ?? 0
  } finally {
    await databases.close()
  }
}
