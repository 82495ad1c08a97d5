// SPDX-License-Identifier: Apache-2.0
// SQL of the last part of an erasure: ciphertext, index rows and records of one batch (CONTRACTS §5).
import type { Instant } from '../../kit/time.ts'
import { keptPlan, type Queryable, type Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** What each batch runs, of one record or of thousands. */
const statements = {
  endRecords: keptPlan('update record set erased_at = $4, slot = null where tenant = $1 and matter_id = $2 and id = any($3::bytea[])'),
  deleteKeys: keptPlan('delete from record_key where tenant = $1 and matter_id = $2 and record_id = any($3::bytea[])'),
  noteDone: keptPlan('update destruction_record set done_at = $5 where tenant = $1 and matter_id = $2 and order_id = $3 and record_id = any($4::bytea[])'),
  noteDeleted: keptPlan('update erasure set deleted_at = $5 where tenant = $1 and matter_id = $2 and order_id = $3 and record_id = any($4::bytea[])'),
} as const

/** A record of an order that is still to be taken away. */
export interface WaitingRecord {
  record_id: Buffer
  index: number
  version: number
  keep: Buffer
  ended: Buffer
  new_slot: number | null
  new_root: Buffer | null
  ds: string
}

/** The next records of an order, in inventory order. */
export async function waitingRecords(db: Queryable, { tenant, matterId }: Scope, orderId: string, limit: number): Promise<WaitingRecord[]> {
  return db.query<WaitingRecord & Record<string, unknown>>(
    `select d.record_id, d.inventory_index as index, d.version, d.keep, d.ended, d.new_slot, d.new_root, r.data_set_id as ds
       from destruction_record d join record r on r.tenant = d.tenant and r.matter_id = d.matter_id and r.id = d.record_id
      where d.tenant = $1 and d.matter_id = $2 and d.order_id = $3 and d.done_at is null order by d.inventory_index limit $4`,
    [tenant, matterId, orderId, limit],
  )
}

/** How many records of an order were taken away, and how many there are. */
export async function countRecords(db: Queryable, { tenant, matterId }: Scope, orderId: string): Promise<{ done: number; all: number }> {
  const [row] = await db.query<{ done: number; all: number }>(
    `select count(done_at)::bigint as done, count(*)::bigint as "all" from destruction_record where tenant = $1 and matter_id = $2 and order_id = $3`, [tenant, matterId, orderId])
  return row ?? { done: 0, all: 0 }
}

/** Ends records whole: no key slot, no edges by which a person could be looked up (CONTRACTS §9). */
export async function endRecords(tx: Tx, { tenant, matterId }: Scope, recordIds: readonly Uint8Array[], at: Instant): Promise<void> {
  await Promise.all([tx.execute(statements.endRecords, [tenant, matterId, recordIds, at]), tx.execute(statements.deleteKeys, [tenant, matterId, recordIds])])
}

/** Changes records over to what was sealed anew: version, key slot, root, fields held; edges of fields that left go. */
export async function changeOver(tx: Tx, { tenant, matterId }: Scope, records: readonly WaitingRecord[], change: { orderId: string; seq: number; keyTypesStaying: readonly string[][] }): Promise<void> {
  const ids = records.map((record) => record.record_id)
  await tx.execute('delete from record_cipher where tenant = $1 and matter_id = $2 and record_id = any($3::bytea[])', [tenant, matterId, ids])
  await tx.execute(
    `insert into record_cipher (tenant, matter_id, record_id, compartment, version, sealed)
     select c.tenant, c.matter_id, c.record_id, c.compartment, d.version + 1, c.sealed from rewrite_cipher c
       join destruction_record d on d.tenant = c.tenant and d.matter_id = c.matter_id and d.order_id = c.order_id and d.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.order_id = $3 and c.record_id = any($4::bytea[])`,
    [tenant, matterId, change.orderId, ids],
  )
  await tx.execute('delete from rewrite_cipher where tenant = $1 and matter_id = $2 and order_id = $3 and record_id = any($4::bytea[])', [tenant, matterId, change.orderId, ids])
  await tx.execute(
    `update record r set version = d.version + 1, slot = d.new_slot, root = d.new_root, held = d.keep from destruction_record d
      where d.tenant = $1 and d.matter_id = $2 and d.order_id = $3 and d.record_id = any($4::bytea[]) and r.tenant = $1 and r.matter_id = $2 and r.id = d.record_id`,
    [tenant, matterId, change.orderId, ids],
  )
  await tx.execute(
    `insert into rewrite_leaf (tenant, matter_id, record_id, version, root, seq)
     select $1, $2, record_id, version + 1, new_root, $5 from destruction_record where tenant = $1 and matter_id = $2 and order_id = $3 and record_id = any($4::bytea[])`,
    [tenant, matterId, change.orderId, ids, change.seq],
  )
  await tx.execute(
    `delete from record_key k using unnest($3::bytea[], $4::text[]) as stay(id, types)
      where k.tenant = $1 and k.matter_id = $2 and k.record_id = stay.id and not (k.key_type = any(string_to_array(stay.types, ',')))`,
    [tenant, matterId, ids, change.keyTypesStaying.map((types) => types.join(','))],
  )
}

/** Notes that these records of an order are done. */
export async function noteDone(tx: Tx, { tenant, matterId }: Scope, orderId: string, done: { recordIds: readonly Uint8Array[]; at: Instant }): Promise<void> {
  const params = [tenant, matterId, orderId, done.recordIds, done.at]
  await Promise.all([tx.execute(statements.noteDone, params), tx.execute(statements.noteDeleted, params)])
}

/** A tombstone of the list; `isRevised` when it is of a version that a delta revised. */
export interface ReplayedTombstone {
  number: number
  recordId: Uint8Array
  version: number
  slot: bigint
  isRevised: boolean
}

/**
 * Replays tombstones over data that is older than they are: what they name cannot be opened any more and is taken away; returns how many records it met. A revised record lives on: it loses ciphertext and
 * key, not its place in the books nor the blinded keys by which its row is found again, and a delta scan fills it.
 */
export async function replayErasures(tx: Tx, scope: Scope, rows: readonly ReplayedTombstone[], at: Instant): Promise<number> {
  const { tenant, matterId } = scope
  await tx.execute(
    `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq, erased_keys_at, deleted_at)
     select $1, $2, t.number, t.id, t.version, t.slot, 'replayed', 0, $7, $7 from unnest($3::bigint[], $4::bytea[], $5::int[], $6::bigint[]) as t(number, id, version, slot)`,
    [tenant, matterId, rows.map((row) => row.number), rows.map((row) => row.recordId), rows.map((row) => row.version), rows.map((row) => row.slot), at],
  )
  await tx.execute(
    `delete from record_cipher c using unnest($3::bytea[], $4::int[]) as t(id, version) where c.tenant = $1 and c.matter_id = $2 and c.record_id = t.id and c.version <= t.version`,
    [tenant, matterId, rows.map((row) => row.recordId), rows.map((row) => row.version)],
  )
  const met = await supersedeRecords(tx, scope, rows.filter((row) => row.isRevised))
  return met + (await eraseReplayed(tx, scope, rows.filter((row) => !row.isRevised), at))
}

/** Records of which the newest known version is gone and a later one was in the database that is lost. */
async function supersedeRecords(tx: Tx, { tenant, matterId }: Scope, rows: readonly ReplayedTombstone[]): Promise<number> {
  if (rows.length === 0) return 0
  return tx.execute(
    `update record r set slot = null, version = t.version from (select id, max(version) as version from unnest($3::bytea[], $4::int[]) as t(id, version) group by id) as t
      where r.tenant = $1 and r.matter_id = $2 and r.id = t.id and r.version <= t.version and r.erased_at is null`,
    [tenant, matterId, rows.map((row) => row.recordId), rows.map((row) => row.version)])
}

async function eraseReplayed(tx: Tx, { tenant, matterId }: Scope, rows: readonly ReplayedTombstone[], at: Instant): Promise<number> {
  if (rows.length === 0) return 0
  const ids = rows.map((row) => row.recordId)
  await tx.execute(statements.deleteKeys, [tenant, matterId, ids])
  return tx.execute(
    `update record r set erased_at = $5, slot = null from unnest($3::bytea[], $4::int[]) as t(id, version) where r.tenant = $1 and r.matter_id = $2 and r.id = t.id and r.version <= t.version`,
    [tenant, matterId, ids, rows.map((row) => row.version), at],
  )
}
