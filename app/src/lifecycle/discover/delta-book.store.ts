// SPDX-License-Identifier: Apache-2.0
// SQL of the one transaction in which a comparison takes effect.
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from './ingest.store.ts'

/** A record about to change over to its new version, in inventory order. */
export interface RevisedRow {
  id: Buffer
  index: number
  oldVersion: number
  dispositions: Buffer
  presence: Buffer
  root: Buffer
  /** Fields of the former version that stood in the original; null = all. */
  inOriginal: Buffer | null
  /** A superseded record whose row the source has no more. */
  isGone: boolean
}

/** Sealed changes of a data set; a record that is not any more what was compared is left out, so that the counts tell. */
export function streamRevised(tx: Tx, { tenant, matterId }: Scope, scanId: string, dataSetId: string): AsyncGenerator<RevisedRow[], void, undefined> {
  return tx.stream<RevisedRow & Record<string, unknown>>(
    `select r.id, r.inventory_index as index, c.old_version as "oldVersion", r.dispositions, c.presence, c.new_root as root, r.in_original as "inOriginal", c.source_row is null as "isGone"
       from delta_change c join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id and r.version = c.old_version and r.erased_at is null
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind = 'changed' and c.sealed_at is not null order by r.inventory_index`,
    [tenant, matterId, scanId, dataSetId], 2000)
}

/** Numbers of the changes of a data set by kind, and how many of those that need it are sealed. */
export async function countChanges(db: Queryable, { tenant, matterId }: Scope, scanId: string, dataSetId: string): Promise<{ changed: number; added: number; gone: number; sealed: number }> {
  const [row] = await db.query<{ changed: number; added: number; gone: number; sealed: number }>(
    `select count(*) filter (where kind = 'changed')::bigint as changed, count(*) filter (where kind = 'new')::bigint as added, count(*) filter (where kind = 'gone')::bigint as gone, count(sealed_at)::bigint as sealed
       from delta_change where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4`, [tenant, matterId, scanId, dataSetId])
  return row ?? { changed: 0, added: 0, gone: 0, sealed: 0 }
}

/** Enters the new records of a data set behind all others, with their ciphertext and edges, and says how many the data set has now. */
export async function enterNewRecords(tx: Tx, { tenant, matterId }: Scope, scanId: string, set: { id: string; first: number }): Promise<void> {
  const params = [tenant, matterId, scanId, set.id]
  await tx.execute(
    `insert into record (tenant, matter_id, data_set_id, id, ordinal, source_row, inventory_index, slot, presence, dispositions, root, inventory_root, age_group)
     select $1, $2, $4, record_id, ordinal, source_row, $5 + row_number() over (order by ordinal) - 1, new_slot, presence,
            (select string_agg(case when get_bit(presence, at) = 1 then '\\x06'::bytea else '\\x00'::bytea end, ''::bytea order by at) from generate_series(0, (select count(*) from field f where f.tenant = $1 and f.matter_id = $2 and f.data_set_id = $4) - 1) as at),
            new_root, new_root, age_group
       from delta_change where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4 and kind = 'new'`,
    [...params, set.first],
  )
  await moveSealedParts(tx, params, 'new')
  await tx.execute(
    `update data_set d set rows = d.rows + (select count(*) from delta_change where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4 and kind = 'new')
      where d.tenant = $1 and d.matter_id = $2 and d.id = $4`, params)
}

async function moveSealedParts(tx: Tx, params: readonly (string | number)[], kind: 'new' | 'changed'): Promise<void> {
  const of = `join delta_change c on c.tenant = p.tenant and c.matter_id = p.matter_id and c.scan_id = p.scan_id and c.record_id = p.record_id
      where p.tenant = $1 and p.matter_id = $2 and p.scan_id = $3 and c.data_set_id = $4 and c.kind = '${kind}'`
  await tx.execute(`insert into record_cipher (tenant, matter_id, record_id, compartment, version, sealed) select p.tenant, p.matter_id, p.record_id, p.compartment, p.version, p.sealed from delta_cipher p ${of}`, params)
  await tx.execute(`insert into record_key (tenant, matter_id, record_id, key_type, blind, proven) select p.tenant, p.matter_id, p.record_id, p.key_type, p.blind, p.proven from delta_key p ${of}`, params)
}

/** Changes the records of a data set over to their new versions: ciphertext and edges of the former ones go, their key slots become tombstones. */
export async function changeOverRevised(tx: Tx, { tenant, matterId }: Scope, scanId: string, set: { id: string; seq: number }): Promise<void> {
  const params = [tenant, matterId, scanId, set.id]
  const revised = `(select record_id from delta_change where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4 and kind = 'changed')`
  await tx.execute(`delete from record_cipher where tenant = $1 and matter_id = $2 and record_id in ${revised}`, params)
  await tx.execute(`delete from record_key where tenant = $1 and matter_id = $2 and record_id in ${revised}`, params)
  await moveSealedParts(tx, params, 'changed')
  await tx.execute(
    `update record r set inventory_presence = coalesce(r.inventory_presence, r.presence), version = c.old_version + 1, slot = c.new_slot, root = c.new_root, presence = c.presence, age_group = c.age_group,
            source_row = coalesce(c.source_row, -1)
       from delta_change c where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind = 'changed' and r.tenant = $1 and r.matter_id = $2 and r.id = c.record_id`, params)
  await tx.execute(
    `insert into revision_leaf (tenant, matter_id, record_id, version, inventory_index, presence, root, scan_id, seq)
     select $1, $2, c.record_id, c.old_version + 1, r.inventory_index, c.presence, c.new_root, $3, $5 from delta_change c join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind = 'changed'`, [...params, set.seq])
}

/** Tombstones of the former versions of a data set, before their slots are replaced; the event that announces them follows. Superseded records have theirs already. Returns how many. */
export async function insertFormerTombstones(tx: Tx, { tenant, matterId }: Scope, scanId: string, dataSetId: string): Promise<number> {
  return tx.execute(
    `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq)
     select $1, $2, coalesce((select max(number) + 1 from erasure where tenant = $1 and matter_id = $2), 0) + row_number() over (order by r.inventory_index) - 1, r.id, r.version, r.slot, $3, 0
       from delta_change c join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.data_set_id = $4 and c.kind = 'changed' and r.slot is not null`, [tenant, matterId, scanId, dataSetId])
}

/** Remembers which tombstones of the list are of former versions. */
export async function noteFormerRange(tx: Tx, { tenant, matterId }: Scope, scanId: string, range: { first: number; last: number }): Promise<void> {
  await tx.execute('update delta_scan set former_tombstones = former_tombstones || $4::jsonb where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, scanId, JSON.stringify([[range.first, range.last]])])
}

/** All tombstones of former versions, as ranges of their numbers in the list. */
export async function formerRanges(db: Queryable, { tenant, matterId }: Scope): Promise<{ first: number; last: number }[]> {
  return db.query<{ first: number; last: number }>(
    `select (range->>0)::bigint as first, (range->>1)::bigint as last from delta_scan, jsonb_array_elements(former_tombstones) as range where tenant = $1 and matter_id = $2 order by 1`, [tenant, matterId])
}

/** Notes the event that announced the tombstones of a data set's former versions. */
export async function noteFormerAnnounced(tx: Tx, { tenant, matterId }: Scope, scanId: string, seq: number): Promise<void> {
  await tx.execute('update erasure set intent_seq = $4 where tenant = $1 and matter_id = $2 and order_id = $3 and intent_seq = 0', [tenant, matterId, scanId, seq])
}

/** All revisions as they happened. */
export function streamRevisions(db: Queryable, { tenant, matterId }: Scope): AsyncGenerator<{ recordId: Buffer; index: number; version: number; presence: Buffer; root: Buffer }[], void, undefined> {
  return db.stream(`select record_id as "recordId", inventory_index as index, version, presence, root from revision_leaf where tenant = $1 and matter_id = $2 order by seq, inventory_index`, [tenant, matterId], 5000)
}

/** All tombstones in order. */
export function streamAllTombstones(tx: Tx, { tenant, matterId }: Scope): AsyncGenerator<{ record_id: Buffer; version: number; slot: number }[], void, undefined> {
  return tx.stream('select record_id, version, slot from erasure where tenant = $1 and matter_id = $2 order by number', [tenant, matterId], 5000)
}

/** Former versions whose keys are still to be erased. */
export async function waitingFormerSlots(db: Queryable, { tenant, matterId }: Scope, scanId: string, limit: number): Promise<bigint[]> {
  const rows = await db.query<{ slot: number }>('select slot from erasure where tenant = $1 and matter_id = $2 and order_id = $3 and erased_keys_at is null order by slot limit $4', [tenant, matterId, scanId, limit])
  return rows.map((row) => BigInt(row.slot))
}

/** Notes that the keys of former versions are gone; their ciphertext went when the comparison was booked. */
export async function noteFormerErased(db: Queryable, { tenant, matterId }: Scope, slots: readonly bigint[], at: Instant): Promise<void> {
  await db.execute('update erasure set erased_keys_at = $4, deleted_at = $4 where tenant = $1 and matter_id = $2 and slot = any($3::bigint[]) and erased_keys_at is null', [tenant, matterId, slots, at])
}

/** Notes where rows stand now, and which rows are gone from the source (the vault keeps those records, the original does not). */
export async function notePlaces(tx: Tx, { tenant, matterId }: Scope, scanId: string): Promise<void> {
  const from = 'from delta_change c where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and r.tenant = $1 and r.matter_id = $2 and r.id = c.record_id'
  await tx.execute(`update record r set source_row = c.source_row, in_original = case when r.source_row = -1 then null else r.in_original end ${from} and c.kind = 'moved'`, [tenant, matterId, scanId])
  await tx.execute(`update record r set source_row = -1, in_original = decode(repeat('00', length(r.presence)), 'hex') ${from} and c.kind = 'gone'`, [tenant, matterId, scanId])
}

/** Values of a data set that its original holds now, and that the vault holds. */
export async function countHeldValues(tx: Tx, { tenant, matterId }: Scope, dataSetId: string): Promise<{ original: number; vault: number }> {
  const [row] = await tx.query<{ original: number; vault: number }>(
    `select coalesce(sum(bit_count(coalesce(in_original, presence))), 0)::bigint as original, coalesce(sum(case when erased_at is null then bit_count(coalesce(held, presence)) else 0 end), 0)::bigint as vault
       from record where tenant = $1 and matter_id = $2 and data_set_id = $3`, [tenant, matterId, dataSetId])
  return row ?? { original: 0, vault: 0 }
}

/** Writes how many values a copy holds by now. */
export async function recountCopy(tx: Tx, { tenant, matterId }: Scope, copy: { id: string; values: number }): Promise<void> {
  await tx.execute('update copy set values_held = $4 where tenant = $1 and matter_id = $2 and id = $3 and ended_how is null', [tenant, matterId, copy.id, copy.values])
}

/** The source is what was compared; plans and persons of before are out of date. */
export async function supersedeState(tx: Tx, { tenant, matterId }: Scope, source: { id: string; sha256: Uint8Array; bytes: number; at: Instant; notRead: readonly { code: string }[] }, personsMoved: boolean): Promise<void> {
  await tx.execute('update source set sha256 = $4, bytes = $5, scanned_at = $6, not_read = $7::jsonb where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, source.id, source.sha256, source.bytes, source.at, JSON.stringify(source.notRead)])
  // What an earlier order left is not the state of the file any more.
  await tx.execute('update original_work set superseded = true where tenant = $1 and matter_id = $2 and source_id = $3', [tenant, matterId, source.id])
  await tx.execute('update plan set superseded = true where tenant = $1 and matter_id = $2 and not superseded', [tenant, matterId])
  if (!personsMoved) return
  // Facets are made of values: those of new and changed records are not known yet, and a plan must not rest on the former ones.
  await tx.execute(
    `update step_done s set result = s.result || '{"stale": true}' from data_set d where d.tenant = $1 and d.matter_id = $2 and d.source_id = $3 and s.tenant = d.tenant and s.matter_id = d.matter_id and s.effect = 'treat/' || d.id`, [tenant, matterId, source.id])
  await tx.execute(`update step_done set result = jsonb_set(jsonb_set(result, '{lastIndex}', '-1'), '{digest}', '""') where tenant = $1 and matter_id = $2 and effect = 'subjects/current'`, [tenant, matterId])
}

/** The newest event whose act may have changed what was compared. */
export async function lastMovingSeq(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ seq: number }>(
    `select coalesce(max(seq), 0)::bigint as seq from event where tenant = $1 and matter_id = $2
        and type in ('InventoryCommitted', 'RecordsRevised', 'DestructionIntended', 'RecordsRewritten', 'RecordsDestroyed', 'EpochTurned', 'SourceRescanned')`, [tenant, matterId])
  return row?.seq ?? 0
}

const rowsPerStatement = 4000

/** A revised record's vector, and what of it vault and original hold (null = all that are present). */
export interface RevisedVector {
  id: Uint8Array
  vector: Uint8Array
  held: Uint8Array | null
  inOriginal: Uint8Array | null
}

/** Writes the disposition vectors of revised records; the postings of the same transaction say the same. */
export async function writeVectorsOf(tx: Tx, { tenant, matterId }: Scope, rows: readonly RevisedVector[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const part = rows.slice(at, at + rowsPerStatement)
    await tx.execute(
      `update record r set dispositions = v.vector, held = v.held, in_original = v.in_original from unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) as v(id, vector, held, in_original)
        where r.tenant = $1 and r.matter_id = $2 and r.id = v.id`,
      [tenant, matterId, part.map((row) => row.id), part.map((row) => row.vector), part.map((row) => row.held), part.map((row) => row.inOriginal)])
  }
}

/** Records of a comparison that change from their inventoried version and whose people have no sealed receipt (all of them while persons were never resolved): with the key goes the last chance of one. */
export async function countUnreceipted(db: Queryable, { tenant, matterId }: Scope, scanId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::bigint as n from delta_change c
       join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id and r.slot is not null
       left join record_subject rs on rs.tenant = c.tenant and rs.matter_id = c.matter_id and rs.record_id = c.record_id
       left join receipted_record p on p.tenant = c.tenant and p.matter_id = c.matter_id and p.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.kind = 'changed' and c.old_version = 1 and p.record_id is null
        and (rs.record_id is not null or not exists (select 1 from step_done where tenant = $1 and matter_id = $2 and effect = 'subjects/current'))`,
    [tenant, matterId, scanId])
  return row?.n ?? 0
}

/** Remembers what a comparison waived; its report is what was approved and stays as it is. */
export async function noteWaiver(tx: Tx, { tenant, matterId }: Scope, scanId: string, waiver: { reason: string; records: number }): Promise<void> {
  await tx.execute('update delta_scan set without_receipts = $4::jsonb where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, scanId, JSON.stringify(waiver)])
}

/** Booked comparisons that waived receipts, oldest first. */
export async function receiptWaiversOf(db: Queryable, { tenant, matterId }: Scope): Promise<{ scan: string; reason: string; records: number }[]> {
  return db.query<{ scan: string; reason: string; records: number }>(
    `select id as scan, without_receipts->>'reason' as reason, (without_receipts->>'records')::bigint as records from delta_scan
      where tenant = $1 and matter_id = $2 and without_receipts is not null and status in ('booked', 'done') order by started_at, id`, [tenant, matterId])
}
