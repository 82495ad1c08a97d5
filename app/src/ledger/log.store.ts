// SPDX-License-Identifier: Apache-2.0
import type { Queryable, Tx } from '../store/index.ts'
import type { MatterScope } from './events.store.ts'

/** Head of a log as the database has it: entries that have a place, whether published or not. */
export type LogHead = { size: number; root: Buffer; token: number }
/** A checkpoint of one size: unique, since a log must never sign two roots for one size (FORMATS §2). */
export type CheckpointRow = { size: number; body: string; signed: string; cosigned: string | null; publishedAt: string | null }
/** One entry with its place. */
export type PlacedEntry = { index: number; commitment: Buffer; isPadding: boolean }

const checkpointColumns = `size, body, signed, cosigned, published_at as "publishedAt"`

/** The origin (name) of the matter's log, or undefined when there is no such matter. */
export async function originOf(db: Queryable, scope: MatterScope): Promise<string | undefined> {
  const rows = await db.query<{ origin: string }>(`select origin from matter where tenant = $1 and id = $2`, [scope.tenant, scope.matterId])
  return rows[0]?.origin
}

/** Waits until no other process publishes this log and holds it off until the transaction ends; a killed process lets go at once. */
export async function lockSequencer(tx: Tx, scope: MatterScope, waitMs: number): Promise<void> {
  await tx.query(`select set_config('lock_timeout', $1, true)`, [String(waitMs)])
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('handover.sequencer/' || $1 || '/' || $2, 0))`, [scope.tenant, scope.matterId])
}

/** Takes the next fencing token: whoever had an earlier one can write nothing more. */
export async function takeToken(db: Queryable, scope: MatterScope, emptyRoot: Uint8Array): Promise<LogHead> {
  const rows = await db.query<LogHead>(
    `insert into log_head as h (tenant, matter_id, size, root, token) values ($1, $2, 0, $3, 1)
     on conflict (tenant, matter_id) do update set token = h.token + 1 returning size, root, token`,
    [scope.tenant, scope.matterId, emptyRoot],
  )
  const [head] = rows
  if (head === undefined) throw new RangeError('the head of the log was not returned')
  return head
}

/** The head, locked until the transaction ends, if the token is still the newest; undefined when another took over. */
export async function lockHead(tx: Tx, scope: MatterScope, token: number): Promise<LogHead | undefined> {
  const rows = await tx.query<LogHead>(`select size, root, token from log_head where tenant = $1 and matter_id = $2 and token = $3 for update`, [scope.tenant, scope.matterId, token])
  return rows[0]
}

/** The head, or undefined when nothing was ever sequenced. */
export async function readHead(db: Queryable, scope: MatterScope): Promise<LogHead | undefined> {
  const rows = await db.query<LogHead>(`select size, root, token from log_head where tenant = $1 and matter_id = $2`, [scope.tenant, scope.matterId])
  return rows[0]
}

/** Sets the head from one state to the next (compare and set); returns whether it was in the expected state. */
export async function moveHead(tx: Tx, scope: MatterScope, from: LogHead, to: { size: number; root: Uint8Array }): Promise<boolean> {
  const changed = await tx.execute(
    `update log_head set size = $5, root = $6 where tenant = $1 and matter_id = $2 and token = $3 and size = $4`,
    [scope.tenant, scope.matterId, from.token, from.size, to.size, to.root],
  )
  return changed === 1
}

/** Events that have no place in the log yet, in order. */
export async function waitingEvents(tx: Tx, scope: MatterScope, atMost: number): Promise<{ seq: number; commitment: Buffer }[]> {
  return tx.query<{ seq: number; commitment: Buffer }>(
    `select seq, commitment from event where tenant = $1 and matter_id = $2 and leaf_index is null order by seq limit $3`,
    [scope.tenant, scope.matterId, atMost],
  )
}

/** Whether any event has no place in the log yet. */
export async function hasWaitingEvents(db: Queryable, scope: MatterScope): Promise<boolean> {
  return (await db.query(`select 1 as waiting from event where tenant = $1 and matter_id = $2 and leaf_index is null limit 1`, [scope.tenant, scope.matterId])).length > 0
}

/** Gives events their places; returns how many were still without one. */
export async function placeEvents(tx: Tx, scope: MatterScope, places: readonly { seq: number; index: number }[]): Promise<number> {
  return tx.execute(
    `update event e set leaf_index = p.index from unnest($3::bigint[], $4::bigint[]) as p(seq, index)
     where e.tenant = $1 and e.matter_id = $2 and e.seq = p.seq and e.leaf_index is null`,
    [scope.tenant, scope.matterId, places.map((place) => place.seq), places.map((place) => place.index)],
  )
}

/** Places events by their commitment, for entries that came back from the tiles; returns the indexes that found their event. */
export async function placeByCommitment(tx: Tx, scope: MatterScope, entries: readonly { index: number; commitment: Uint8Array }[]): Promise<number[]> {
  const rows = await tx.query<{ index: number }>(
    `update event e set leaf_index = p.index from unnest($3::bigint[], $4::bytea[]) as p(index, commitment)
     where e.tenant = $1 and e.matter_id = $2 and e.commitment = p.commitment and e.leaf_index is null returning p.index as index`,
    [scope.tenant, scope.matterId, entries.map((entry) => entry.index), entries.map((entry) => entry.commitment)],
  )
  return rows.map((row) => row.index)
}

/** Writes entries that commit to nothing we have. */
export async function insertPadding(tx: Tx, scope: MatterScope, entries: readonly { index: number; entry: Uint8Array }[]): Promise<void> {
  await tx.execute(
    `insert into log_padding (tenant, matter_id, leaf_index, entry) select $1, $2, p.index, p.entry from unnest($3::bigint[], $4::bytea[]) as p(index, entry)`,
    [scope.tenant, scope.matterId, entries.map((entry) => entry.index), entries.map((entry) => entry.entry)],
  )
}

/** All placed entries from an index on, in order, in batches. A padding entry is stored with its version byte, an event as its commitment. */
export function streamPlaced(db: Queryable, scope: MatterScope, first: number, size: number): AsyncGenerator<PlacedEntry[], void, undefined> {
  return db.stream<PlacedEntry>(
    `select index, commitment, "isPadding" from (
       select leaf_index as index, commitment, false as "isPadding" from event where tenant = $1 and matter_id = $2 and leaf_index >= $3 and leaf_index < $4
       union all
       select leaf_index, substring(entry from 2), true from log_padding where tenant = $1 and matter_id = $2 and leaf_index >= $3 and leaf_index < $4
     ) placed order by index`,
    [scope.tenant, scope.matterId, first, size],
    5000,
  )
}

/** The checkpoint of this size, or undefined. */
export async function checkpointOfSize(db: Queryable, scope: MatterScope, size: number): Promise<CheckpointRow | undefined> {
  const rows = await db.query<CheckpointRow>(`select ${checkpointColumns} from checkpoint where tenant = $1 and matter_id = $2 and size = $3`, [scope.tenant, scope.matterId, size])
  return rows[0]
}

/** The largest checkpoint that was signed, or the largest that was published; undefined when there is none. */
export async function lastCheckpoint(db: Queryable, scope: MatterScope, published: boolean): Promise<CheckpointRow | undefined> {
  const rows = await db.query<CheckpointRow>(
    `select ${checkpointColumns} from checkpoint where tenant = $1 and matter_id = $2 and ($3 = false or published_at is not null) order by size desc limit 1`,
    [scope.tenant, scope.matterId, published],
  )
  return rows[0]
}

/** All checkpoints in order of size. */
export async function allCheckpoints(db: Queryable, scope: MatterScope): Promise<CheckpointRow[]> {
  return db.query<CheckpointRow>(`select ${checkpointColumns} from checkpoint where tenant = $1 and matter_id = $2 order by size`, [scope.tenant, scope.matterId])
}

/** Claims a size for one signed root; the primary key refuses a second. */
export async function insertCheckpoint(tx: Tx, scope: MatterScope, row: { size: number; body: string; signed: string }): Promise<void> {
  await tx.execute(`insert into checkpoint (tenant, matter_id, size, body, signed) values ($1, $2, $3, $4, $5)`, [scope.tenant, scope.matterId, row.size, row.body, row.signed])
}

/** Stores the witnesses' lines with the checkpoint. */
export async function storeCosigned(tx: Tx, scope: MatterScope, size: number, cosigned: string): Promise<void> {
  await tx.execute(`update checkpoint set cosigned = $4 where tenant = $1 and matter_id = $2 and size = $3`, [scope.tenant, scope.matterId, size, cosigned])
}

/** Notes in real time that the checkpoint file is out. */
export async function notePublished(tx: Tx, scope: MatterScope, size: number): Promise<void> {
  await tx.execute(`update checkpoint set published_at = coalesce(published_at, clock_timestamp()) where tenant = $1 and matter_id = $2 and size = $3`, [scope.tenant, scope.matterId, size])
}
