// SPDX-License-Identifier: Apache-2.0
import { keptPlan, type Queryable, type Tx } from '../store/index.ts'
import type { EventType, Posting } from './events.ts'

/** A row of the event table as the ledger reads it. */
export type EventRow = {
  seq: number
  type: EventType
  /** The committed JSON (RFC 8785). */
  json: string
  salt: Buffer
  commitment: Buffer
  at: string
  leafIndex: number | null
  effect: string
}

/** An event to be written. */
export type NewEventRow = Omit<EventRow, 'leafIndex'>

/** Which matter of which tenant a statement is about. */
export interface MatterScope {
  tenant: string
  matterId: string
}

const eventColumns = `seq, type, body as json, salt, commitment, at, leaf_index as "leafIndex", effect`
const ofMatter = 'where tenant = $1 and matter_id = $2'
/** What every act in the books runs. */
const statements = {
  lock: keptPlan(`select pg_advisory_xact_lock(hashtextextended('handover.events/' || $1 || '/' || $2, 0))`),
  byEffect: keptPlan(`select ${eventColumns} from event ${ofMatter} and effect = $3`),
  last: keptPlan(`select ${eventColumns} from event ${ofMatter} order by seq desc limit 1`),
  lastOfType: keptPlan(`select ${eventColumns} from event ${ofMatter} and type = $3 order by seq desc limit 1`),
  insert: keptPlan('insert into event (tenant, matter_id, seq, type, body, salt, commitment, at, effect) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)'),
} as const

/** Holds off other writers of this matter's events until the transaction ends, so that the sequence has no gap and no fork. */
export async function lockEvents(tx: Tx, scope: MatterScope): Promise<void> {
  await tx.query(statements.lock, [scope.tenant, scope.matterId])
}

/** The event that an act with this key wrote, or undefined. */
export async function eventByEffect(db: Queryable, scope: MatterScope, effect: string): Promise<EventRow | undefined> {
  const rows = await db.query<EventRow>(statements.byEffect, [scope.tenant, scope.matterId, effect])
  return rows[0]
}

/** The event with this number, or undefined. */
export async function eventBySeq(db: Queryable, scope: MatterScope, seq: number): Promise<EventRow | undefined> {
  const rows = await db.query<EventRow>(`select ${eventColumns} from event where tenant = $1 and matter_id = $2 and seq = $3`, [scope.tenant, scope.matterId, seq])
  return rows[0]
}

/** The newest event (of one type, when given), or undefined. */
export async function lastEvent(db: Queryable, scope: MatterScope, type: EventType | null = null): Promise<EventRow | undefined> {
  const rows = type === null ? await db.query<EventRow>(statements.last, [scope.tenant, scope.matterId]) : await db.query<EventRow>(statements.lastOfType, [scope.tenant, scope.matterId, type])
  return rows[0]
}

/** All events in order, in batches. */
export function streamEvents(db: Queryable, scope: MatterScope): AsyncGenerator<EventRow[], void, undefined> {
  return db.stream<EventRow>(`select ${eventColumns} from event where tenant = $1 and matter_id = $2 order by seq`, [scope.tenant, scope.matterId])
}

/** All events of one type in order. */
export async function eventsOfType(db: Queryable, scope: MatterScope, type: EventType): Promise<EventRow[]> {
  return db.query<EventRow>(`select ${eventColumns} from event where tenant = $1 and matter_id = $2 and type = $3 order by seq`, [scope.tenant, scope.matterId, type])
}

/** Writes an event; the primary key refuses a number that is taken, the effect key an act that was done. */
export async function insertEvent(tx: Tx, scope: MatterScope, event: NewEventRow): Promise<void> {
  await tx.execute(
    statements.insert,
    [scope.tenant, scope.matterId, event.seq, event.type, event.json, event.salt, event.commitment, event.at, event.effect],
  )
}

/** Writes the postings of an event, as many as there are in one statement. */
export async function insertPostings(tx: Tx, scope: MatterScope, seq: number, postings: readonly Posting[]): Promise<void> {
  await tx.execute(
    `insert into posting (tenant, matter_id, seq, data_set_id, field_id, from_account, to_account, amount)
     select $1, $2, $3, p.ds, p.f, p.from_account, p.to_account, p.n
     from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]) as p(ds, f, from_account, to_account, n)`,
    [
      scope.tenant, scope.matterId, seq,
      postings.map((posting) => posting.ds), postings.map((posting) => posting.f), postings.map((posting) => posting.from), postings.map((posting) => posting.to),
      postings.map((posting) => posting.n),
    ],
  )
}
