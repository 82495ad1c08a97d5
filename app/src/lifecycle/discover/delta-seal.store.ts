// SPDX-License-Identifier: Apache-2.0
// SQL of the sealed parts of a comparison, until it is booked.
import type { Instant } from '../../kit/time.ts'
import type { Database, Queryable } from '../../store/index.ts'
import type { CiphertextRow } from '../../vault/index.ts'
import { deltaFailures } from './delta-failures.ts'
import { holdDeltaScan } from './delta.store.ts'
import type { NewKey, Scope } from './ingest.store.ts'

/** A record that is to be sealed from its row. */
export interface WaitingChange {
  recordId: Buffer
  oldVersion: number
  /** Present dispositions; null for a new record. */
  vector: Buffer | null
}

/** Changed and new records of a data set that are not sealed yet, by row of the source. */
export async function waitingChanges(db: Queryable, { tenant, matterId }: Scope, scanId: string, dataSetId: string): Promise<Map<number, WaitingChange>> {
  const found = new Map<number, WaitingChange>()
  const rows = db.stream<{ source_row: number; record_id: Buffer; old_version: number; vector: Buffer | null }>(
    `select c.source_row, c.record_id, c.old_version, r.dispositions as vector from delta_change c
       left join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind in ('changed', 'new') and c.sealed_at is null and c.source_row is not null`,
    [tenant, matterId, scanId, dataSetId], 5000)
  for await (const batch of rows) for (const row of batch) found.set(row.source_row, { recordId: row.record_id, oldVersion: row.old_version, vector: row.vector })
  return found
}

/** Changed records that no row of the source is the later version of and that are not sealed yet: superseded ones. */
export async function waitingEmptied(db: Queryable, { tenant, matterId }: Scope, scanId: string, dataSetId: string): Promise<WaitingChange[]> {
  return db.query<WaitingChange & Record<string, unknown>>(
    `select c.record_id as "recordId", c.old_version as "oldVersion", r.dispositions as vector from delta_change c join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind = 'changed' and c.sealed_at is null and c.source_row is null order by r.inventory_index`,
    [tenant, matterId, scanId, dataSetId])
}

/** A record as it was sealed. */
export interface SealedChange {
  recordId: Buffer
  slot: bigint
  root: Uint8Array
  presence: Uint8Array
  ageGroup: string
}

/** Stores sealed records of a batch, all or none; refuses when another command gave the comparison up or booked it, since nobody would erase or open these. */
export async function storeSealed(db: Database, { tenant, matterId }: Scope, scanId: string, sealed: { changes: readonly SealedChange[]; ciphertext: readonly CiphertextRow[]; keys: readonly NewKey[]; at: Instant }): Promise<void> {
  const { changes, ciphertext, keys } = sealed
  await db.transaction(async (tx) => {
    if ((await holdDeltaScan(tx, { tenant, matterId }, scanId, 'shared')) !== 'compared') throw deltaFailures.DELTA_OVERTAKEN()
    await tx.execute(
      `update delta_change c set new_slot = s.slot, new_root = s.root, presence = s.presence, age_group = s.age_group, sealed_at = $4
         from unnest($5::bytea[], $6::bigint[], $7::bytea[], $8::bytea[], $9::text[]) as s(id, slot, root, presence, age_group)
        where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.record_id = s.id`,
      [tenant, matterId, scanId, sealed.at, changes.map((c) => c.recordId), changes.map((c) => c.slot), changes.map((c) => c.root), changes.map((c) => c.presence), changes.map((c) => c.ageGroup)],
    )
    const ids = changes.map((c) => c.recordId)
    for (const table of ['delta_cipher', 'delta_key'] as const) await tx.execute(`delete from ${table} where tenant = $1 and matter_id = $2 and scan_id = $3 and record_id = any($4::bytea[])`, [tenant, matterId, scanId, ids])
    await tx.execute(
      `insert into delta_cipher (tenant, matter_id, scan_id, record_id, compartment, version, sealed) select $1, $2, $3, * from unnest($4::bytea[], $5::text[], $6::int[], $7::bytea[])`,
      [tenant, matterId, scanId, ciphertext.map((c) => c.recordId), ciphertext.map((c) => c.compartment), ciphertext.map((c) => c.version), ciphertext.map((c) => c.sealed)],
    )
    if (keys.length === 0) return
    await tx.execute(
      `insert into delta_key (tenant, matter_id, scan_id, record_id, key_type, blind, proven) select $1, $2, $3, * from unnest($4::bytea[], $5::text[], $6::bytea[], $7::bool[])`,
      [tenant, matterId, scanId, keys.map((k) => k.recordId), keys.map((k) => k.type), keys.map((k) => k.blind), keys.map((k) => k.proven)],
    )
  })
}
