// SPDX-License-Identifier: Apache-2.0
import type { Account } from '../law/nouns.ts'
import { sqlText, type CopiedRows, type Queryable, type Tx } from '../store/index.ts'
import type { MatterScope } from './events.store.ts'

/** Postings of one field between two accounts, added up. */
export type PostingSum = { ds: string; f: string; from: Account | 'discovered'; to: Account | 'discovered'; n: number }
/** A record as the books see it. */
export type BookRecord = { id: Buffer; ds: string; index: number; presence: Buffer; inventoryPresence: Buffer; vector: Buffer; inventoryRoot: Buffer; version: number; root: Buffer }
/** A field's place in its data set. */
export type FieldPlace = { ds: string; f: string; position: number }

const recordColumns = `r.id, r.data_set_id as ds, r.inventory_index as index, r.presence, coalesce(r.inventory_presence, r.presence) as "inventoryPresence", r.dispositions as vector, r.inventory_root as "inventoryRoot", r.version, r.root`

/** The postings of the whole matter, or of some fields only, added up per field and pair of accounts. */
export async function sumPostings(db: Queryable, scope: MatterScope, only: readonly { ds: string; f: string }[] | null): Promise<PostingSum[]> {
  return db.query<PostingSum>(
    `select data_set_id as ds, field_id as f, from_account as "from", to_account as "to", sum(amount)::bigint as n
     from posting
     where tenant = $1 and matter_id = $2
       and ($3::text[] is null or (data_set_id, field_id) in (select * from unnest($3::text[], $4::text[])))
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [scope.tenant, scope.matterId, only === null ? null : only.map((place) => place.ds), only === null ? null : only.map((place) => place.f)],
  )
}

/** The fields of the matter's data sets (of one, when given), in order. */
export async function fieldPlaces(db: Queryable, scope: MatterScope, dataSetId: string | null = null): Promise<FieldPlace[]> {
  return db.query<FieldPlace>(
    `select data_set_id as ds, id as f, position from field where tenant = $1 and matter_id = $2 and ($3::text is null or data_set_id = $3) order by data_set_id, position`,
    [scope.tenant, scope.matterId, dataSetId],
  )
}

/** All records in inventory order (of one data set, when given), in batches. */
export function streamRecords(db: Queryable, scope: MatterScope, dataSetId: string | null = null): AsyncGenerator<BookRecord[], void, undefined> {
  return db.stream<BookRecord>(
    `select ${recordColumns} from record r where r.tenant = $1 and r.matter_id = $2 and ($3::text is null or r.data_set_id = $3) order by r.inventory_index`,
    [scope.tenant, scope.matterId, dataSetId],
    5000,
  )
}

/** The vectors of all records that belong to a person, person by person; the database sorts, so that nobody has to hold a million people in memory. */
export function streamVectorsBySubject(db: Queryable, scope: MatterScope): AsyncGenerator<{ subject: string; vector: Buffer }[], void, undefined> {
  return db.stream<{ subject: string; vector: Buffer }>(
    `select s.subject_id as subject, r.dispositions as vector
     from record r join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
     where r.tenant = $1 and r.matter_id = $2 order by s.subject_id collate "C"`,
    [scope.tenant, scope.matterId],
    5000,
  )
}

/** Index, id, presence as discovered and inventory root of the records of a data set (of a range of its inventory, when given), in inventory order, in binary. */
export function copyInventory(tx: Tx, scope: MatterScope, dataSetId: string, range: { first: number; records: number } | null): AsyncGenerator<CopiedRows, void, undefined> {
  const within = range === null ? '' : `and inventory_index >= ${range.first} and inventory_index < ${range.first + range.records}`
  return tx.copyRows(
    `select inventory_index, id, coalesce(inventory_presence, presence), inventory_root from record
      where tenant = ${sqlText(scope.tenant)}::uuid and matter_id = ${sqlText(scope.matterId)} and data_set_id = ${sqlText(dataSetId)} ${within} order by inventory_index`,
  )
}

/** Some records, locked until the transaction ends; always in the order of their ids, so that two acts cannot block each other. */
export async function lockRecords(tx: Tx, scope: MatterScope, ids: readonly Uint8Array[]): Promise<BookRecord[]> {
  return tx.query<BookRecord>(
    `select ${recordColumns} from record r where r.tenant = $1 and r.matter_id = $2 and r.id = any($3::bytea[]) order by r.id for update`,
    [scope.tenant, scope.matterId, ids],
  )
}

/** Writes new disposition vectors; returns how many records were changed. */
export async function writeVectors(tx: Tx, scope: MatterScope, changed: readonly { id: Uint8Array; vector: Uint8Array }[]): Promise<number> {
  return tx.execute(
    `update record r set dispositions = v.vector
     from unnest($3::bytea[], $4::bytea[]) as v(id, vector)
     where r.tenant = $1 and r.matter_id = $2 and r.id = v.id`,
    [scope.tenant, scope.matterId, changed.map((record) => record.id), changed.map((record) => record.vector)],
  )
}
