// SPDX-License-Identifier: Apache-2.0
import type { Grade } from '../../law/nouns.ts'
import type { Instant } from '../../kit/time.ts'
import { lockMatter as lockMatterRow } from '../../matter/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { InventoryDataSet, InventoryField } from './inventory.ts'

/** Whose rows: every statement names tenant and matter; row-level security is the second line. */
export interface Scope {
  tenant: string
  matterId: string
}

/** A source as the inventory knows it. */
export interface StoredSource {
  id: string
  kind: string
  bytes: number
  sha256: Buffer
  scannedAt: Instant
  notRead: { code: string }[]
  /** All its data sets are in the books. */
  isBooked: boolean
}

/** An edge (record, key) about to be stored. */
export interface NewKey {
  recordId: Buffer
  type: string
  blind: Buffer
  proven: boolean
}

/** Lets one process at a time change inventory, persons or answers of a matter, until the transaction ends. */
export async function lockMatter(tx: Tx, { tenant, matterId }: Scope): Promise<void> {
  await lockMatterRow(tx, tenant, matterId)
}

/** The sources of a matter in the order in which they were registered. */
export async function loadSources(db: Queryable, { tenant, matterId }: Scope): Promise<StoredSource[]> {
  const rows = await db.query<{ id: string; kind: string; bytes: number; sha256: Buffer; scanned_at: Instant; not_read: { code: string }[]; is_booked: boolean }>(
    `select s.id, s.kind, s.bytes, s.sha256, s.scanned_at, s.not_read,
            exists (select 1 from step_done d where d.tenant = s.tenant and d.matter_id = s.matter_id and d.effect = 'ingest/' || s.id || '/booked') as is_booked
       from source s
       join step_done r on r.tenant = s.tenant and r.matter_id = s.matter_id and r.effect = 'ingest/' || s.id || '/registered'
      where s.tenant = $1 and s.matter_id = $2 order by (r.result->>'ordinal')::int`,
    [tenant, matterId],
  )
  return rows.map((row) => ({ id: row.id, kind: row.kind, bytes: row.bytes, sha256: row.sha256, scannedAt: row.scanned_at, notRead: row.not_read, isBooked: row.is_booked }))
}

/** Inserts a source. */
export async function insertSource(tx: Tx, { tenant, matterId }: Scope, source: Omit<StoredSource, 'isBooked'>): Promise<void> {
  await tx.execute(
    'insert into source (tenant, matter_id, id, kind, bytes, sha256, scanned_at, not_read) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)',
    [tenant, matterId, source.id, source.kind, source.bytes, source.sha256, source.scannedAt, JSON.stringify(source.notRead)],
  )
}

/** Inserts a data set with its fields. */
export async function insertDataSet(tx: Tx, { tenant, matterId }: Scope, dataSet: Pick<InventoryDataSet, 'id' | 'sourceId' | 'position' | 'rows' | 'hidden' | 'kind' | 'fields'>): Promise<void> {
  await tx.execute(
    'insert into data_set (tenant, matter_id, id, source_id, position, rows, hidden, kind) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [tenant, matterId, dataSet.id, dataSet.sourceId, dataSet.position, dataSet.rows, dataSet.hidden, dataSet.kind],
  )
  const { fields } = dataSet
  await tx.execute(
    `insert into field (tenant, matter_id, data_set_id, id, position, type, grade, grade_rule, confidence)
     select $1, $2, $3, * from unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::real[])`,
    [tenant, matterId, dataSet.id, fields.map((f) => f.id), fields.map((f) => f.position), fields.map((f) => f.type), fields.map((f) => f.grade), fields.map((f) => f.gradeRule), fields.map((f) => f.confidence)],
  )
}

interface DataSetRow {
  id: string
  source_id: string
  position: number
  rows: number
  hidden: boolean
  kind: string
  treatment: unknown
  first: number
  is_booked: boolean
}

interface FieldRow {
  data_set_id: string
  id: string
  position: number
  type: string
  grade: Grade
  grade_rule: string
  confidence: number
  needed_for: string[]
  decided_type: string | null
  decided_grade: Grade | null
  decided_by: string | null
}

/** All data sets of a matter with their fields, in inventory order. */
export async function loadDataSets(db: Queryable, { tenant, matterId }: Scope): Promise<InventoryDataSet[]> {
  const sets = await db.query<DataSetRow>(
    `select d.id, d.source_id, d.position, d.rows, d.hidden, d.kind, d.treatment,
            (r.result->'first'->>d.id)::bigint as first,
            exists (select 1 from step_done b where b.tenant = d.tenant and b.matter_id = d.matter_id and b.effect = 'ingest/' || d.source_id || '/booked') as is_booked
       from data_set d
       join step_done r on r.tenant = d.tenant and r.matter_id = d.matter_id and r.effect = 'ingest/' || d.source_id || '/registered'
      where d.tenant = $1 and d.matter_id = $2 order by (r.result->>'ordinal')::int, d.position`,
    [tenant, matterId],
  )
  const fields = await db.query<FieldRow>(
    'select data_set_id, id, position, type, grade, grade_rule, confidence, needed_for, decided_type, decided_grade, decided_by from field where tenant = $1 and matter_id = $2 order by data_set_id, position',
    [tenant, matterId],
  )
  const bySet = Map.groupBy(fields, (field) => field.data_set_id)
  return sets.map((set) => ({
    id: set.id, sourceId: set.source_id, position: set.position, rows: set.rows, hidden: set.hidden, kind: set.kind,
    firstIndex: set.first, isBooked: set.is_booked, treatment: set.treatment, fields: (bySet.get(set.id) ?? []).map(fieldOfRow),
  }))
}

function fieldOfRow(row: FieldRow): InventoryField {
  const field = { id: row.id, position: row.position, type: row.type, grade: row.grade, gradeRule: row.grade_rule, confidence: row.confidence, neededFor: row.needed_for }
  return row.decided_by === null ? field : { ...field, decided: { type: row.decided_type ?? row.type, grade: row.decided_grade ?? row.grade, by: row.decided_by } }
}

/** Records reserved by the data sets that were registered so far: the next free inventory index. */
export async function nextInventoryIndex(tx: Tx, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await tx.query<{ next: number }>('select coalesce(sum(rows), 0)::bigint as next from data_set where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.next ?? 0
}

/** Writes the row that says a step took effect; refuses (unique violation) when it was done before. */
export async function insertStep(tx: Tx, { tenant, matterId }: Scope, step: { effect: string; result: unknown; at: Instant }): Promise<void> {
  await tx.execute('insert into step_done (tenant, matter_id, effect, result, at) values ($1, $2, $3, $4::jsonb, $5)', [tenant, matterId, step.effect, JSON.stringify(step.result), step.at])
}

/** Effects that begin so. */
export async function doneEffects(db: Queryable, { tenant, matterId }: Scope, prefix: string): Promise<Set<string>> {
  const rows = await db.query<{ effect: string }>('select effect from step_done where tenant = $1 and matter_id = $2 and starts_with(effect, $3)', [tenant, matterId, prefix])
  return new Set(rows.map((row) => row.effect))
}

/** A data set as it was booked. */
export interface BookedDataSet {
  id: string
  records: number
  values: number
  root: string
}

/** What was booked for a source, in the order of its data sets; empty while it is not booked. */
export async function bookedDataSets(db: Queryable, { tenant, matterId }: Scope, sourceId: string): Promise<BookedDataSet[]> {
  const rows = await db.query<{ result: { dataSets: BookedDataSet[] } }>(
    `select result from step_done where tenant = $1 and matter_id = $2 and effect = 'ingest/' || $3 || '/booked'`, [tenant, matterId, sourceId])
  return rows[0]?.result.dataSets ?? []
}

/** New records as binary array parameters, one item a record (`store/wire`). */
export interface RecordColumns {
  id: Buffer
  ordinal: Buffer
  index: Buffer
  slot: Buffer
  presence: Buffer
  dispositions: Buffer
  root: Buffer
  ageGroup: Buffer
}

/** Inserts the records of one batch. */
export async function insertRecordColumns(tx: Tx, { tenant, matterId }: Scope, dataSetId: string, records: RecordColumns): Promise<void> {
  await tx.execute(
    `insert into record (tenant, matter_id, data_set_id, id, ordinal, inventory_index, slot, presence, dispositions, root, inventory_root, age_group)
     select $1::uuid, $2::text, $3::text, r.id, r.ordinal, r.inventory_index, r.slot, r.presence, r.dispositions, r.root, r.root, r.age_group
       from unnest($4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bytea[], $10::bytea[], $11::text[])
         as r(id, ordinal, inventory_index, slot, presence, dispositions, root, age_group)`,
    [tenant, matterId, dataSetId, records.id, records.ordinal, records.index, records.slot, records.presence, records.dispositions, records.root, records.ageGroup],
  )
}

/** Inserts edges, each once, as binary array parameters. */
export async function insertKeyColumns(tx: Tx, { tenant, matterId }: Scope, keys: { recordId: Buffer; type: Buffer; blind: Buffer; proven: Buffer }): Promise<void> {
  await tx.execute(
    `insert into record_key (tenant, matter_id, record_id, key_type, blind, proven)
     select $1::uuid, $2::text, * from unnest($3::bytea[], $4::text[], $5::bytea[], $6::bool[])`,
    [tenant, matterId, keys.recordId, keys.type, keys.blind, keys.proven],
  )
}

/** Remembers keys that are nobody's as soon as they are seen; after blinding nobody can tell. */
export async function insertPlaceholders(tx: Tx, { tenant, matterId }: Scope, keys: readonly Pick<NewKey, 'type' | 'blind'>[]): Promise<void> {
  if (keys.length === 0) return
  await tx.execute(
    `insert into demoted_key (tenant, matter_id, key_type, blind, degree, why)
     select distinct $1::uuid, $2, k.key_type, k.blind, 0, 'placeholder' from unnest($3::text[], $4::bytea[]) as k(key_type, blind)
     on conflict (tenant, matter_id, key_type, blind) do nothing`,
    [tenant, matterId, keys.map((k) => k.type), keys.map((k) => k.blind)],
  )
}

/** A record as its inventory leaf and opening postings are made of it. */
export interface InventoryRow {
  id: Buffer
  inventory_index: number
  presence: Buffer
  inventory_root: Buffer
  dispositions: Buffer
}

/** The records of a data set in inventory order, read back from the database. */
export function streamInventory(tx: Tx, { tenant, matterId }: Scope, dataSetId: string): AsyncGenerator<InventoryRow[], void, undefined> {
  return tx.stream<InventoryRow>(
    'select id, inventory_index, presence, inventory_root, dispositions from record where tenant = $1 and matter_id = $2 and data_set_id = $3 order by inventory_index',
    [tenant, matterId, dataSetId],
    5000,
  )
}

/** The next records of a source by their slot in the key store, so many at once. */
export async function recordsOfSource(db: Queryable, { tenant, matterId }: Scope, sourceId: string, page: { after: number; count: number }): Promise<{ id: Buffer; slot: number }[]> {
  return db.query<{ id: Buffer; slot: number }>(
    `select r.id, r.slot from record r join data_set d on d.tenant = r.tenant and d.matter_id = r.matter_id and d.id = r.data_set_id
      where r.tenant = $1 and r.matter_id = $2 and d.source_id = $3 and r.slot > $4 order by r.slot limit $5`,
    [tenant, matterId, sourceId, page.after, page.count],
  )
}

/** Takes back records that an unfinished ingest left; nothing of them is in the books. Their ciphertext is the vault's to delete. */
export async function deleteRecords(tx: Tx, { tenant, matterId }: Scope, recordIds: readonly Uint8Array[]): Promise<void> {
  await tx.execute('delete from record_key where tenant = $1 and matter_id = $2 and record_id = any($3::bytea[])', [tenant, matterId, recordIds])
  await tx.execute('delete from record where tenant = $1 and matter_id = $2 and id = any($3::bytea[])', [tenant, matterId, recordIds])
}

/** Takes back the registration of a source whose records are gone. */
export async function deleteSource(tx: Tx, { tenant, matterId }: Scope, sourceId: string): Promise<void> {
  const sets = await tx.query<{ id: string }>('select id from data_set where tenant = $1 and matter_id = $2 and source_id = $3', [tenant, matterId, sourceId])
  const setIds = sets.map((set) => set.id)
  const fields = await tx.query<{ id: string }>('select id from field where tenant = $1 and matter_id = $2 and data_set_id = any($3::text[])', [tenant, matterId, setIds])
  await tx.execute('delete from label where tenant = $1 and matter_id = $2 and owner = any($3::text[])', [tenant, matterId, [sourceId, ...setIds, ...fields.map((field) => field.id)]])
  await tx.execute('delete from field where tenant = $1 and matter_id = $2 and data_set_id = any($3::text[])', [tenant, matterId, setIds])
  await tx.execute('delete from data_set where tenant = $1 and matter_id = $2 and source_id = $3', [tenant, matterId, sourceId])
  await tx.execute('delete from source where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, sourceId])
  await tx.execute(`delete from step_done where tenant = $1 and matter_id = $2 and starts_with(effect, $3)`, [tenant, matterId, `ingest/${sourceId}/`])
}

/** Tells the planner how large the tables now are; without it, joins over fresh rows run as nested loops for minutes. Call it after a bulk write was committed. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await db.query('select refresh_statistics()')
}
