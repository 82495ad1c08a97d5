// SPDX-License-Identifier: Apache-2.0
// SQL of the main database: ciphertext, the records the door may open, the door's book.
import { keptPlan, type Queryable, type SqlValue, type Tx } from '../store/index.ts'
import type { KeyScope } from './key-page.ts'
import type { CiphertextColumns, CiphertextRow, ReadFilter } from './vault.ts'

/** A record with its ciphertext as the door finds it. */
export interface CipherRecordRow {
  id: Buffer
  data_set_id: string
  ordinal: number
  inventory_index: number
  version: number
  slot: number | null
  presence: Buffer
  dispositions: Buffer
  root: Buffer
  inventory_root: Buffer
  age_group: string
  facets: Readonly<Record<string, unknown>>
  erased: boolean
  general: Buffer | null
  sensitive: Buffer | null
  text: Buffer | null
}

/** Writes ciphertext; a rewritten record's newer version takes the place of the older one, never the other way round. */
export async function putCiphertext(tx: Tx, scope: KeyScope, rows: readonly CiphertextRow[]): Promise<number> {
  return tx.execute(
    `insert into record_cipher (tenant, matter_id, record_id, compartment, version, sealed)
     select $1::uuid, $2::text, * from unnest($3::bytea[], $4::text[], $5::int[], $6::bytea[])
     on conflict (tenant, matter_id, record_id, compartment) do update set version = excluded.version, sealed = excluded.sealed where record_cipher.version <= excluded.version`,
    [scope.tenant, scope.matterId, rows.map((row) => row.recordId), rows.map((row) => row.compartment), rows.map((row) => row.version), rows.map((row) => row.sealed)],
  )
}

/** Writes ciphertext of records that are new in this transaction. */
export async function insertNewCiphertext(tx: Tx, scope: KeyScope, columns: CiphertextColumns): Promise<void> {
  await tx.execute(
    `insert into record_cipher (tenant, matter_id, record_id, compartment, version, sealed)
     select $1::uuid, $2::text, c.record_id, c.compartment, 1, c.sealed from unnest($3::bytea[], $4::text[], $5::bytea[]) as c(record_id, compartment, sealed)`,
    [scope.tenant, scope.matterId, columns.recordId, columns.compartment, columns.sealed],
  )
}

const deleteOfRecords = keptPlan('delete from record_cipher where tenant = $1 and matter_id = $2 and record_id = any($3)')

/** Takes away the ciphertext of records; returns how many rows went. */
export async function deleteCiphertextRows(tx: Tx, scope: KeyScope, recordIds: readonly Uint8Array[]): Promise<number> {
  return tx.execute(deleteOfRecords, [scope.tenant, scope.matterId, recordIds])
}

const recordColumns = `r.id, r.data_set_id, r.ordinal, r.inventory_index, r.version, r.slot, r.presence, r.dispositions, r.root, r.inventory_root, r.age_group, r.facets,
  (r.erased_at is not null or r.slot is null or exists (
    select 1 from erasure e where e.tenant = r.tenant and e.matter_id = r.matter_id and e.record_id = r.id and e.version = r.version)) as erased`
const cipherOf = (compartment: string, names: string) =>
  `(select c.sealed from record_cipher c where c.tenant = r.tenant and c.matter_id = r.matter_id and c.record_id = r.id and c.compartment = '${compartment}'
     and c.version = r.version and '${compartment}' = any(${names}::text[])) as ${compartment}`
const ciphers = ['general', 'sensitive', 'text'].map((compartment) => cipherOf(compartment, '$3')).join(', ')

/** Named records, whatever their state. */
export async function recordsById(db: Queryable, scope: KeyScope, compartments: readonly string[], recordIds: readonly Uint8Array[]): Promise<CipherRecordRow[]> {
  // The fence makes it one look-up by primary key for each id, also on a table that has just been filled and has no statistics.
  return db.query<CipherRecordRow>(
    `select ${recordColumns}, ${ciphers} from unnest($4::bytea[]) as wanted (id)
     cross join lateral (select * from record where tenant = $1 and matter_id = $2 and record.id = wanted.id offset 0) r`,
    [scope.tenant, scope.matterId, compartments, recordIds],
  )
}

/** Where a reading in order goes on, and what it takes. */
export interface RecordRange {
  dataSetId: string | null
  after: { dataSetId: string; ordinal: number }
  where: ReadFilter
  limit: number
}

/** The next records in order of data set and ordinal; erased ones are not in it. */
export async function recordsInOrder(db: Queryable, scope: KeyScope, compartments: readonly string[], range: RecordRange): Promise<CipherRecordRow[]> {
  const { facets, ageGroups, hasDisposition } = range.where
  const params: SqlValue[] = [
    scope.tenant, scope.matterId, compartments, range.dataSetId, range.after.dataSetId, range.after.ordinal,
    facets === undefined ? null : JSON.stringify(facets), ageGroups ?? null, hasDisposition === undefined ? null : Buffer.of(hasDisposition), range.limit,
  ]
  return db.query<CipherRecordRow>(
    `select * from (select ${recordColumns}, ${ciphers} from record r
     where r.tenant = $1 and r.matter_id = $2 and ($4::text is null or r.data_set_id = $4) and (r.data_set_id, r.ordinal) > ($5, $6)
       and ($7::jsonb is null or not exists (select 1 from jsonb_each($7::jsonb) wanted where not coalesce(wanted.value ? (r.facets ->> wanted.key), false)))
       and ($8::text[] is null or r.age_group = any($8)) and ($9::bytea is null or position($9 in r.dispositions) > 0)) found
     where not erased order by data_set_id, ordinal limit $10`,
    params,
  )
}

/** The fields of data sets in order of position, with their ids. */
export async function fieldRows(db: Queryable, scope: KeyScope, dataSetIds: readonly string[]): Promise<{ data_set_id: string; id: string; position: number }[]> {
  return db.query('select data_set_id, id, position from field where tenant = $1 and matter_id = $2 and data_set_id = any($3) order by data_set_id, position', [
    scope.tenant, scope.matterId, dataSetIds,
  ])
}

/** One line of the door's book. */
export interface ReadAuditLine {
  person: string
  purpose: string
  approval: string | null
  compartments: readonly string[]
  fieldIndexes: readonly number[] | null
  dataSetId: string | null
  firstOrdinal: number
  lastOrdinal: number
  recordIds: readonly Uint8Array[]
  at: string
}

/** Writes who is about to read what. */
export async function insertReadAudit(db: Queryable, scope: KeyScope, line: ReadAuditLine): Promise<void> {
  await db.execute(
    `insert into read_audit (tenant, matter_id, person, purpose, approval, compartments, field_indexes, data_set_id, records, first_ordinal, last_ordinal, record_ids, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      scope.tenant, scope.matterId, line.person, line.purpose, line.approval, line.compartments, line.fieldIndexes, line.dataSetId, line.recordIds.length,
      line.firstOrdinal, line.lastOrdinal, Buffer.concat(line.recordIds), line.at,
    ],
  )
}

/** How many records this person opened for this purpose without approval within the last day; counts and lines of one person come one after the other. */
export async function lockAndCountReads(tx: Tx, scope: KeyScope, person: string, purpose: string): Promise<number> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`handover-reads/${scope.tenant}/${person}`])
  const rows = await tx.query<{ records: number }>(
    `select coalesce(sum(records), 0)::bigint as records from read_audit
     where tenant = $1 and matter_id = $2 and person = $3 and purpose = $4 and approval is null and written_at > now() - interval '1 day'`,
    [scope.tenant, scope.matterId, person, purpose],
  )
  return rows[0]?.records ?? 0
}

/** The greatest slot that a record or tombstone of the matter names; null when there is none. */
export async function greatestSlot(db: Queryable, scope: KeyScope): Promise<number | null> {
  const rows = await db.query<{ slot: number | null }>(
    `select greatest((select max(slot) from record where tenant = $1 and matter_id = $2), (select max(slot) from erasure where tenant = $1 and matter_id = $2)) as slot`,
    [scope.tenant, scope.matterId],
  )
  return rows[0]?.slot ?? null
}

/** Slots whose keys the main database knows to be erased, by order. */
export async function erasedSlotsByOrder(db: Queryable, scope: KeyScope): Promise<{ order_id: string; slots: number[] }[]> {
  return db.query('select order_id, array_agg(slot order by slot) as slots from erasure where tenant = $1 and matter_id = $2 and erased_keys_at is not null group by order_id', [
    scope.tenant, scope.matterId,
  ])
}

/** Encrypted words of one kind, or of one owner when given. */
export async function labelRows(db: Queryable, scope: KeyScope, kind: string, owner: string | null): Promise<{ owner: string; sealed: Buffer }[]> {
  return db.query('select owner, sealed from label where tenant = $1 and matter_id = $2 and kind = $3 and ($4::text is null or owner = $4)', [scope.tenant, scope.matterId, kind, owner])
}

/** Writes encrypted words over what was there. */
export async function putLabels(tx: Tx, scope: KeyScope, rows: readonly { owner: string; kind: string; sealed: Buffer }[]): Promise<void> {
  await tx.execute(
    `insert into label (tenant, matter_id, owner, kind, sealed) select $1::uuid, $2::text, * from unnest($3::text[], $4::text[], $5::bytea[])
     on conflict (tenant, matter_id, owner, kind) do update set sealed = excluded.sealed`,
    [scope.tenant, scope.matterId, rows.map((row) => row.owner), rows.map((row) => row.kind), rows.map((row) => row.sealed)],
  )
}
