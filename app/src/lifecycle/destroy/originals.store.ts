// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** What became of the rows; in a database also how many values left, and how many rows were found as they should be before we came. */
export interface WorkCounts {
  removed: number
  blanked: number
  untouched: number
  values?: number
  found?: number
}

/** One file of an order: in which state it was, in which it shall be. */
export interface OriginalWork {
  sourceId: string
  stateBefore: Buffer
  /** Null while it is not known, or when the whole file goes. */
  stateAfter: Buffer | null
  wholeFile: boolean
  counts: WorkCounts
  doneAt: string | null
}

const columns = 'source_id as "sourceId", state_before as "stateBefore", state_after as "stateAfter", whole_file as "wholeFile", counts, done_at as "doneAt"'

/** The work on a file for an order, or null when it was not begun. */
export async function findWork(db: Queryable, { tenant, matterId }: Scope, orderId: string, sourceId: string): Promise<OriginalWork | null> {
  const [row] = await db.query<OriginalWork & Record<string, unknown>>(
    `select ${columns} from original_work where tenant = $1 and matter_id = $2 and order_id = $3 and source_id = $4`, [tenant, matterId, orderId, sourceId])
  return row ?? null
}

/** The state in which the last finished order left a file, or null when none touched it since it was entered or a delta entered a later state of it. */
export async function lastState(db: Queryable, { tenant, matterId }: Scope, sourceId: string): Promise<Buffer | null> {
  const [row] = await db.query<{ state: Buffer | null }>(
    'select state_after as state from original_work where tenant = $1 and matter_id = $2 and source_id = $3 and done_at is not null and not superseded order by done_at desc limit 1', [tenant, matterId, sourceId])
  return row?.state ?? null
}

/** Writes down what a file is about to become, before it does. */
export async function putWork(db: Queryable, { tenant, matterId }: Scope, orderId: string, work: Omit<OriginalWork, 'doneAt'>): Promise<void> {
  await db.execute(
    `insert into original_work (tenant, matter_id, order_id, source_id, state_before, state_after, whole_file, counts) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
     on conflict (tenant, matter_id, order_id, source_id) do update set state_before = excluded.state_before, state_after = excluded.state_after, whole_file = excluded.whole_file, counts = excluded.counts
     where original_work.done_at is null`,
    [tenant, matterId, orderId, work.sourceId, work.stateBefore, work.stateAfter, work.wholeFile, JSON.stringify(work.counts)],
  )
}

/** Writes down which records a transaction in a database is about to change, before it commits there. */
export async function noteUnderway(db: Queryable, { tenant, matterId }: Scope, at: { orderId: string; sourceId: string }, recordIds: readonly Uint8Array[]): Promise<void> {
  await db.execute('update original_work set underway = $5 where tenant = $1 and matter_id = $2 and order_id = $3 and source_id = $4', [tenant, matterId, at.orderId, at.sourceId, Buffer.concat(recordIds)])
}

/** The records that were about to be changed in a database when a run was interrupted, in hexadecimal. */
export async function underwayOf(db: Queryable, { tenant, matterId }: Scope, at: { orderId: string; sourceId: string }): Promise<Set<string>> {
  const [row] = await db.query<{ underway: Buffer }>('select underway from original_work where tenant = $1 and matter_id = $2 and order_id = $3 and source_id = $4', [tenant, matterId, at.orderId, at.sourceId])
  const ids = row?.underway.toString('hex') ?? ''
  return new Set(ids.match(/.{32}/g) ?? [])
}

/** Adds to the counts of a work, with the note of what they count. */
export async function addCounts(tx: Tx, { tenant, matterId }: Scope, at: { orderId: string; sourceId: string }, counts: Required<WorkCounts>): Promise<void> {
  await tx.execute(
    `update original_work set underway = '', counts = jsonb_build_object('removed', (counts->>'removed')::bigint + $5, 'blanked', (counts->>'blanked')::bigint + $6, 'untouched', $7::bigint,
       'values', coalesce((counts->>'values')::bigint, 0) + $8, 'found', coalesce((counts->>'found')::bigint, 0) + $9)
      where tenant = $1 and matter_id = $2 and order_id = $3 and source_id = $4`,
    [tenant, matterId, at.orderId, at.sourceId, counts.removed, counts.blanked, counts.untouched, counts.values, counts.found])
}

/** Notes that a file reads back as it should. */
export async function finishWork(tx: Tx, { tenant, matterId }: Scope, orderId: string, done: { sourceId: string; stateAfter: Buffer | null; at: Instant }): Promise<void> {
  await tx.execute('update original_work set done_at = $6, state_after = $5 where tenant = $1 and matter_id = $2 and order_id = $3 and source_id = $4', [tenant, matterId, orderId, done.sourceId, done.stateAfter, done.at])
}

/** All work of an order. */
export async function worksOf(db: Queryable, { tenant, matterId }: Scope, orderId: string): Promise<OriginalWork[]> {
  return db.query<OriginalWork & Record<string, unknown>>(`select ${columns} from original_work where tenant = $1 and matter_id = $2 and order_id = $3 order by source_id`, [tenant, matterId, orderId])
}

/** Notes which fields of records still stand in their original. */
export async function noteInOriginal(tx: Tx, { tenant, matterId }: Scope, records: readonly { recordId: Uint8Array; fields: Uint8Array }[]): Promise<void> {
  await tx.execute(
    'update record r set in_original = n.fields from unnest($3::bytea[], $4::bytea[]) as n(id, fields) where r.tenant = $1 and r.matter_id = $2 and r.id = n.id',
    [tenant, matterId, records.map((record) => record.recordId), records.map((record) => record.fields)],
  )
}

/** Waits until no other process rewrites originals of this matter and keeps others away until the transaction ends; a killed process lets go at once. */
export async function lockFiles(tx: Tx, { tenant, matterId }: Scope): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`handover-originals/${tenant}/${matterId}`])
}

/** The same without waiting; false when another process is at it. */
export async function tryLockFiles(tx: Tx, { tenant, matterId }: Scope): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as held', [`handover-originals/${tenant}/${matterId}`])
  return row?.held === true
}
