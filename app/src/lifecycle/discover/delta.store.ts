// SPDX-License-Identifier: Apache-2.0
// SQL of the comparison: what is in the books against what stands in the source now, by hashes under a key of the one scan.
import type { Day } from '../../kit/time.ts'
import type { DeltaKey } from '../../ledger/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from './ingest.store.ts'

/** 差异清查状态. `staging` hashes are being written, `compared` changes are known, `discarded` given up with its own keys still to erase, `booked` in the books with former keys still to erase, `done`. */
export type DeltaStatus = 'staging' | 'compared' | 'discarded' | 'booked' | 'done'

/** One comparison of a source with the books. */
export interface DeltaScanRow {
  id: string
  sourceId: string
  sha256: Buffer
  bytes: number
  foundBy: DeltaKey
  status: DeltaStatus
  report: unknown
}

const scanColumns = `id, source_id as "sourceId", sha256, bytes, found_by as "foundBy", status, report`

/** All comparisons of a source, oldest first. */
export async function deltaScansOf(db: Queryable, { tenant, matterId }: Scope, sourceId: string): Promise<DeltaScanRow[]> {
  return db.query<DeltaScanRow & Record<string, unknown>>(`select ${scanColumns} from delta_scan where tenant = $1 and matter_id = $2 and source_id = $3 order by started_at, id`, [tenant, matterId, sourceId])
}

/** All comparisons of a matter that erased former values or still have to, oldest first. */
export async function bookedScans(db: Queryable, { tenant, matterId }: Scope): Promise<{ id: string; status: DeltaStatus }[]> {
  return db.query<{ id: string; status: DeltaStatus }>(`select id, status from delta_scan where tenant = $1 and matter_id = $2 and status in ('booked', 'done') order by started_at, id`, [tenant, matterId])
}

/** Holds a comparison until the transaction ends, so that nobody discards or books it meanwhile, and says in which state it is; null when it is gone. Several may hold it to write into it; `alone` keeps them away too. */
export async function holdDeltaScan(tx: Tx, { tenant, matterId }: Scope, id: string, how: 'shared' | 'alone'): Promise<DeltaStatus | null> {
  const [row] = await tx.query<{ status: DeltaStatus }>(`select status from delta_scan where tenant = $1 and matter_id = $2 and id = $3 for ${how === 'alone' ? 'update' : 'share'}`, [tenant, matterId, id])
  return row?.status ?? null
}

/** One comparison, or null. */
export async function findDeltaScan(db: Queryable, { tenant, matterId }: Scope, id: string): Promise<DeltaScanRow | null> {
  const [row] = await db.query<DeltaScanRow & Record<string, unknown>>(`select ${scanColumns} from delta_scan where tenant = $1 and matter_id = $2 and id = $3`, [tenant, matterId, id])
  return row ?? null
}

/** Begins a comparison; keeps the one that is there. */
export async function insertDeltaScan(tx: Tx, { tenant, matterId }: Scope, scan: Pick<DeltaScanRow, 'id' | 'sourceId' | 'sha256' | 'bytes' | 'foundBy'> & { at: string }): Promise<void> {
  await tx.execute(
    `insert into delta_scan (tenant, matter_id, id, source_id, sha256, bytes, found_by, status, started_at) values ($1, $2, $3, $4, $5, $6, $7, 'staging', $8) on conflict do nothing`,
    [tenant, matterId, scan.id, scan.sourceId, scan.sha256, scan.bytes, scan.foundBy, scan.at],
  )
}

/** Moves a comparison on. */
export async function updateDeltaScan(db: Queryable, { tenant, matterId }: Scope, id: string, to: { status: DeltaStatus; report?: unknown }): Promise<void> {
  await db.execute('update delta_scan set status = $4, report = coalesce($5::jsonb, report) where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, id, to.status, to.report === undefined ? null : JSON.stringify(to.report)])
}

const stagingTables = ['delta_base', 'delta_row', 'delta_change', 'delta_cipher', 'delta_key'] as const

/** Takes the working rows of a comparison away; its report stays when it was booked. */
export async function clearStaging(tx: Tx, { tenant, matterId }: Scope, scanId: string): Promise<void> {
  for (const table of stagingTables) await tx.execute(`delete from ${table} where tenant = $1 and matter_id = $2 and scan_id = $3`, [tenant, matterId, scanId])
  await tx.execute(`delete from step_done where tenant = $1 and matter_id = $2 and starts_with(effect, $3)`, [tenant, matterId, `delta/${scanId}/rows/`])
}

/** Forgets a comparison that was discarded; one that somebody began anew meanwhile stays. */
export async function deleteDeltaScan(tx: Tx, scope: Scope, scanId: string): Promise<void> {
  const gone = await tx.execute(`delete from delta_scan where tenant = $1 and matter_id = $2 and id = $3 and status = 'discarded'`, [scope.tenant, scope.matterId, scanId])
  if (gone > 0) await clearStaging(tx, scope, scanId)
}

/** Key-store slots that a comparison was given for records that were not booked. */
export async function stagedSlots(db: Queryable, { tenant, matterId }: Scope, scanId: string): Promise<bigint[]> {
  const rows = await db.query<{ slot: number }>('select new_slot as slot from delta_change where tenant = $1 and matter_id = $2 and scan_id = $3 and new_slot is not null', [tenant, matterId, scanId])
  return rows.map((row) => BigInt(row.slot))
}

/** Where the records of some data sets stand: place in the source, version, dispositions. */
export async function recordPlacesById(db: Queryable, { tenant, matterId }: Scope, ids: readonly Uint8Array[]): Promise<Map<string, { row: number; version: number; vector: Buffer }>> {
  const rows = await db.query<{ id: Buffer; row: number; version: number; vector: Buffer }>(
    'select id, coalesce(source_row, ordinal) as row, version, dispositions as vector from record where tenant = $1 and matter_id = $2 and id = any($3::bytea[])', [tenant, matterId, ids])
  return new Map(rows.map(({ id, ...place }) => [id.toString('hex'), place]))
}

/** A record in the books, hashed. */
export interface HashedRecord {
  dataSetId: string
  recordId: Buffer
  ordinal: number
  rowBefore: number
  version: number
  vector: Buffer
  keyHash: Buffer
  cellHashes: Buffer
}

/** Writes hashed records; a record that was written before stays. */
export async function insertBase(tx: Tx, { tenant, matterId }: Scope, scanId: string, records: readonly HashedRecord[]): Promise<void> {
  await tx.execute(
    `insert into delta_base (tenant, matter_id, scan_id, data_set_id, record_id, ordinal, row_before, version, vector, key_hash, cell_hashes)
     select $1, $2, $3, * from unnest($4::text[], $5::bytea[], $6::bigint[], $7::bigint[], $8::int[], $9::bytea[], $10::bytea[], $11::bytea[]) on conflict do nothing`,
    [tenant, matterId, scanId, records.map((r) => r.dataSetId), records.map((r) => r.recordId), records.map((r) => r.ordinal), records.map((r) => r.rowBefore), records.map((r) => r.version),
      records.map((r) => r.vector), records.map((r) => r.keyHash), records.map((r) => r.cellHashes)],
  )
}

/** Writes hashed rows of the source. */
export async function insertRows(tx: Tx, { tenant, matterId }: Scope, scanId: string, rows: readonly { dataSetId: string; sourceRow: number; keyHash: Buffer; cellHashes: Buffer }[]): Promise<void> {
  await tx.execute(
    `insert into delta_row (tenant, matter_id, scan_id, data_set_id, source_row, key_hash, cell_hashes) select $1, $2, $3, * from unnest($4::text[], $5::bigint[], $6::bytea[], $7::bytea[]) on conflict do nothing`,
    [tenant, matterId, scanId, rows.map((r) => r.dataSetId), rows.map((r) => r.sourceRow), rows.map((r) => r.keyHash), rows.map((r) => r.cellHashes)],
  )
}

/** Rows of a side that share their key with an earlier row. */
export async function countRepeatedKeys(db: Queryable, { tenant, matterId }: Scope, scanId: string, dataSetId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select ((select count(*) - count(distinct key_hash) from delta_base where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4)
           + (select count(*) - count(distinct key_hash) from delta_row where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4))::bigint as n`,
    [tenant, matterId, scanId, dataSetId])
  return row?.n ?? 0
}

/** A record of the books beside its row in the source; one of the two is missing when it is new or gone. */
export interface Pair {
  record_id: Buffer | null
  ordinal: number | null
  row_before: number | null
  version: number | null
  vector: Buffer | null
  before: Buffer | null
  source_row: number | null
  after: Buffer | null
}

/** Both sides of a data set by key; where a key repeats, the first record meets the first row, and so on. */
export function streamPairs(db: Queryable, { tenant, matterId }: Scope, scanId: string, dataSetId: string): AsyncGenerator<Pair[], void, undefined> {
  return db.stream<Pair & Record<string, unknown>>(
    `with b as (select *, row_number() over (partition by key_hash order by row_before, ordinal) as n from delta_base where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4),
          r as (select *, row_number() over (partition by key_hash order by source_row) as n from delta_row where tenant = $1 and matter_id = $2 and scan_id = $3 and data_set_id = $4)
     select b.record_id, b.ordinal, b.row_before, b.version, b.vector, b.cell_hashes as before, r.source_row, r.cell_hashes as after
       from b full join r on r.key_hash = b.key_hash and r.n = b.n order by r.source_row nulls last, b.ordinal`,
    [tenant, matterId, scanId, dataSetId], 2000)
}

/** What became of a record, before it is sealed. */
export interface ChangeRow {
  dataSetId: string
  recordId: Buffer
  kind: 'moved' | 'changed' | 'new' | 'gone'
  sourceRow: number | null
  ordinal: number
  oldVersion: number
  fields: Buffer | null
}

/** Writes what became of records. */
export async function insertChanges(tx: Tx, { tenant, matterId }: Scope, scanId: string, rows: readonly ChangeRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(
    `insert into delta_change (tenant, matter_id, scan_id, data_set_id, record_id, kind, source_row, ordinal, old_version, fields)
     select $1, $2, $3, * from unnest($4::text[], $5::bytea[], $6::text[], $7::bigint[], $8::bigint[], $9::int[], $10::bytea[])`,
    [tenant, matterId, scanId, rows.map((r) => r.dataSetId), rows.map((r) => r.recordId), rows.map((r) => r.kind), rows.map((r) => r.sourceRow), rows.map((r) => r.ordinal), rows.map((r) => r.oldVersion), rows.map((r) => r.fields)],
  )
}

/** Takes the comparison's result away, so that it is written once. */
export async function clearChanges(tx: Tx, { tenant, matterId }: Scope, scanId: string): Promise<void> {
  for (const table of ['delta_change', 'delta_cipher', 'delta_key'] as const) await tx.execute(`delete from ${table} where tenant = $1 and matter_id = $2 and scan_id = $3`, [tenant, matterId, scanId])
}

/** The next free ordinal of a data set: a new record's id must be no earlier record's. */
export async function nextOrdinal(db: Queryable, { tenant, matterId }: Scope, dataSetId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select coalesce(max(ordinal) + 1, 0)::bigint as n from record where tenant = $1 and matter_id = $2 and data_set_id = $3', [tenant, matterId, dataSetId])
  return row?.n ?? 0
}

/** Whether one key of this type stands in every record of a data set that has any value, and in no two of them. */
export async function isUniqueKey(db: Queryable, { tenant, matterId }: Scope, dataSetId: string, keyType: string): Promise<boolean> {
  const [row] = await db.query<{ records: number; keys: number; edges: number }>(
    `select (select count(*) from record r where r.tenant = $1 and r.matter_id = $2 and r.data_set_id = $3 and r.erased_at is null and bit_count(r.presence) > 0)::bigint as records, count(distinct k.blind)::bigint as keys, count(*)::bigint as edges
       from record_key k join record r on r.tenant = k.tenant and r.matter_id = k.matter_id and r.id = k.record_id
      where k.tenant = $1 and k.matter_id = $2 and r.data_set_id = $3 and r.erased_at is null and k.key_type = $4`,
    [tenant, matterId, dataSetId, keyType])
  return row !== undefined && row.edges > 0 && row.edges === row.keys && row.keys === row.records
}

/** Records of a data set that were erased while their row may still stand in the original. */
export async function erasedInSource(db: Queryable, { tenant, matterId }: Scope, dataSetId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::bigint as n from record where tenant = $1 and matter_id = $2 and data_set_id = $3 and erased_at is not null and coalesce(source_row, 0) >= 0
        and (in_original is null or in_original <> decode(repeat('00', length(in_original)), 'hex'))`, [tenant, matterId, dataSetId])
  return row?.n ?? 0
}

/** 封库. From when on, by whose word, and what each source was. */
export interface FreezeRow {
  id: string
  by: string
  at: string
  digest: Buffer
  sha256BySource: Map<string, Buffer>
}

/** The newest freeze with its digests, by source. */
export async function newestFreeze(db: Queryable, { tenant, matterId }: Scope): Promise<FreezeRow | null> {
  const rows = await db.query<{ id: string; by: string; at: string; digest: Buffer; source_id: string; sha256: Buffer }>(
    `select f.id, f.signed_by as by, f.at, f.digest, s.source_id, s.sha256 from freeze_source s join source_freeze f on f.tenant = s.tenant and f.matter_id = s.matter_id and f.id = s.freeze_id
      where f.tenant = $1 and f.matter_id = $2 and f.seq = (select max(seq) from source_freeze where tenant = $1 and matter_id = $2)`, [tenant, matterId])
  const [first] = rows
  return first === undefined ? null : { id: first.id, by: first.by, at: first.at, digest: first.digest, sha256BySource: new Map(rows.map((row) => [row.source_id, row.sha256])) }
}

/** Writes a freeze. */
export async function insertFreeze(tx: Tx, { tenant, matterId }: Scope, freeze: { id: string; seq: number; at: string; by: string; digest: Buffer; statement: string; sources: readonly { id: string; sha256: string; bytes: number }[] }): Promise<void> {
  await tx.execute('insert into source_freeze (tenant, matter_id, id, seq, at, signed_by, digest, statement) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)', [tenant, matterId, freeze.id, freeze.seq, freeze.at, freeze.by, freeze.digest, freeze.statement])
  await tx.insertRows('freeze_source', ['tenant', 'matter_id', 'freeze_id', 'source_id', 'sha256', 'bytes'], freeze.sources.map((source) => [tenant, matterId, freeze.id, source.id, Buffer.from(source.sha256, 'hex'), source.bytes]))
}

/** What stands in the way of revising the books: packages under way, orders that run. */
export async function countUnderway(db: Queryable, { tenant, matterId }: Scope): Promise<{ packages: number; orders: number }> {
  const [row] = await db.query<{ packages: number; orders: number }>(
    `select (select count(*) from package where tenant = $1 and matter_id = $2 and status in ('issued', 'accepted'))::bigint as packages,
            (select count(*) from destruction_order where tenant = $1 and matter_id = $2 and status = 'running')::bigint as orders`, [tenant, matterId])
  return row ?? { packages: 0, orders: 0 }
}

/** How many records that changed stand under a hold: their former values may not be erased (rule J07). */
export async function countHeldChanges(db: Queryable, { tenant, matterId }: Scope, scan: { id: string; today: Day }): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(*)::bigint as n from delta_change c where c.tenant = $1 and c.matter_id = $2 and c.scan_id = $3 and c.kind = 'changed'
        and exists (select 1 from hold h where h.tenant = c.tenant and h.matter_id = c.matter_id and h.record_id = c.record_id and h.released_seq is null and (h.until_day is null or h.until_day >= $4::date))`,
    [tenant, matterId, scan.id, scan.today],
  )
  return row?.n ?? 0
}
