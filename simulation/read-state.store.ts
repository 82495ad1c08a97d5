// SPDX-License-Identifier: Apache-2.0
// What the databases hold, read by a superuser with statements of its own: nothing of the product takes part.
import type { Client, QueryResultRow } from 'pg'

/** An event row. */
export type EventState = { seq: number; type: string; body: string; salt: Buffer; commitment: Buffer; at: string; leaf: number | null; effect: string }
/** Postings of one event. */
export type PostingState = { seq: number; ds: string; f: string; from: string; to: string; n: number }
/** A record's bookkeeping. */
export type RecordState = { id: string; ds: string; ordinal: number; index: number; version: number; slot: number | null; presence: Buffer; vector: Buffer; erased: boolean; ciphers: number }
/** A request with the signatures under it. */
export type RequestState = { id: string; act: string; digest: string; requestedBy: string; cooling: string | null; status: string; usedSeq: number | null; signatures: { person: string; vkey: string; ended: string | null; statement: unknown }[] }
/** A tombstone. */
export type ErasureState = { number: number; record: string; version: number; slot: number; order: string; intentSeq: number; keysErased: boolean; deleted: boolean }

/** Everything the invariants speak of, for the one matter of a run. */
export interface SimulatedState {
  events: EventState[]
  postings: PostingState[]
  fields: { ds: string; f: string; position: number }[]
  records: RecordState[]
  requests: RequestState[]
  erasures: ErasureState[]
  orders: { id: string; status: string; request: string; intentSeq: number | null; doneSeq: number | null }[]
  plans: { id: string; approvedSeq: number | null; superseded: boolean }[]
  packages: { id: string; status: string; fields: number; statements: { kind: string; envelope: string }[] }[]
  copies: { id: string; kind: string; values: number; opened: number; how: string | null; ended: number | null }[]
  holds: string[]
  head: { size: number; root: string } | null
  checkpoints: { size: number; body: string; cosigned: string | null; published: boolean }[]
  padding: { leaf: number; entry: Buffer }[]
  parties: { id: string; role: string; vkey: string }[]
  matterStatus: string
  keyErasures: { slot: number; order: string }[]
  nextSlot: number
  epochs: { epoch: number; state: string }[]
}

const queries = {
  events: `select seq::int, type, body, salt, commitment, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, leaf_index::int as leaf, effect from event where tenant = $2 and matter_id = $1 order by seq`,
  postings: `select seq::int, data_set_id as ds, field_id as f, from_account as "from", to_account as "to", amount::int as n from posting where tenant = $2 and matter_id = $1 order by seq`,
  fields: `select data_set_id as ds, id as f, position from field where tenant = $2 and matter_id = $1 order by 1, 3`,
  records: `select encode(r.id, 'hex') as id, r.data_set_id as ds, r.ordinal::int, r.inventory_index::int as index, r.version, r.slot::int, r.presence, r.dispositions as vector, r.erased_at is not null as erased,
      (select count(*)::int from record_cipher c where c.tenant = r.tenant and c.matter_id = r.matter_id and c.record_id = r.id) as ciphers
    from record r where r.tenant = $2 and r.matter_id = $1 order by r.inventory_index`,
  requests: `select q.id, q.act, encode(q.digest, 'hex') as digest, q.requested_by as "requestedBy", to_char(q.cooling_off_until, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as cooling, q.status, q.used_seq::int as "usedSeq",
      coalesce((select jsonb_agg(jsonb_build_object('person', a.person_id, 'vkey', p.vkey, 'ended', p.ended_at, 'statement', a.statement) order by a.person_id) from approval a join person p on p.tenant = a.tenant and p.id = a.person_id
        where a.tenant = q.tenant and a.matter_id = q.matter_id and a.request_id = q.id), '[]') as signatures
    from approval_request q where q.tenant = $2 and q.matter_id = $1 order by q.requested_at, q.id`,
  erasures: `select number::int, encode(record_id, 'hex') as record, version, slot::int, order_id as "order", intent_seq::int as "intentSeq", erased_keys_at is not null as "keysErased", deleted_at is not null as deleted from erasure where tenant = $2 and matter_id = $1 order by number`,
  orders: `select id, status, approval_request_id as request, intent_seq::int as "intentSeq", done_seq::int as "doneSeq" from destruction_order where tenant = $2 and matter_id = $1 order by id`,
  plans: `select id, approved_seq::int as "approvedSeq", superseded from plan where tenant = $2 and matter_id = $1 order by computed_at, id`,
  copies: `select id, kind, values_held::int as values, opened_seq::int as opened, ended_how as how, ended_seq::int as ended from copy where tenant = $2 and matter_id = $1 order by opened_seq, id`,
  checkpoints: `select size::int, body, cosigned, published_at is not null as published from checkpoint where tenant = $2 and matter_id = $1 order by size`,
  padding: `select leaf_index::int as leaf, entry from log_padding where tenant = $2 and matter_id = $1 order by 1`,
  parties: `select id, role, convert_from(decode(party_file ->> 'payload', 'base64'), 'UTF8')::jsonb -> 'predicate' ->> 'vkey' as vkey from party where tenant = $2 and matter_id = $1 order by id`,
} as const

/** Reads the state of the matter whose books are kept in these databases. */
export async function readState(books: Client, keys: Client): Promise<SimulatedState> {
  const { rows: matters } = await books.query<{ id: string; tenant: string; status: string }>(`select id, tenant, status from matter m where exists (select from event e where e.tenant = m.tenant and e.matter_id = m.id)`)
  const scope = [matters[0]?.id ?? '', matters[0]?.tenant ?? '']
  const all = async <Row extends QueryResultRow>(text: string): Promise<Row[]> => (await books.query<Row>(text, scope)).rows
  const head = await all<{ size: number; root: string }>(`select size::int, encode(root, 'hex') as root from log_head where tenant = $2 and matter_id = $1`)
  const slot = await keys.query<{ next: number }>(`select next_slot::int as next from key_slot where tenant = $2 and matter_id = $1`, scope)
  return {
    events: await all(queries.events), postings: await all(queries.postings), fields: await all(queries.fields), records: await all(queries.records), requests: await all(queries.requests),
    erasures: await all(queries.erasures), orders: await all(queries.orders), plans: await all(queries.plans), copies: await all(queries.copies), checkpoints: await all(queries.checkpoints),
    padding: await all(queries.padding), parties: await all(queries.parties), packages: await readPackages(books, scope),
    holds: (await all<{ hold: string }>(`select distinct body::jsonb ->> 'hold' as hold from event where tenant = $2 and matter_id = $1 and type = 'HoldPlaced'`)).map((row) => row.hold),
    head: head[0] ?? null, matterStatus: matters[0]?.status ?? 'none',
    keyErasures: (await keys.query<{ slot: number; order: string }>(`select slot::int, order_id as "order" from key_erasure where tenant = $2 and matter_id = $1 order by slot`, scope)).rows,
    nextSlot: slot.rows[0]?.next ?? 0,
    epochs: (await keys.query<{ epoch: number; state: string }>(`select epoch, state from key_epoch where tenant = $2 and matter_id = $1 order by epoch`, scope)).rows,
  }
}

async function readPackages(books: Client, scope: readonly string[]): Promise<SimulatedState['packages']> {
  const { rows } = await books.query<{ id: string; status: string; fields: number }>(
    `select p.id, p.status, coalesce((select sum(bit_count(r.fields))::int from package_record r where r.tenant = p.tenant and r.matter_id = p.matter_id and r.package_id = p.id), 0) as fields
     from package p where p.tenant = $2 and p.matter_id = $1 order by p.sequence`, [...scope])
  const statements = await books.query<{ package_id: string; kind: string; envelope: string }>(`select package_id, kind, envelope::text as envelope from package_statement where tenant = $2 and matter_id = $1 order by recorded_at, digest`, [...scope])
  return rows.map((row) => ({ ...row, statements: statements.rows.filter((one) => one.package_id === row.id).map(({ kind, envelope }) => ({ kind, envelope })) }))
}

/** All rows of both databases as text in which these words occur, in letters or as bytes; where, not what. */
export async function placesOf(client: Client, words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
  const needles = words.flatMap((word) => [word, Buffer.from(word, 'utf8').toString('hex')])
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ found: boolean }>(`select exists (select from "${name}" t where exists (select from unnest($1::text[]) n where position(n in to_jsonb(t)::text) > 0)) as found`, [needles])
    if (rows[0]?.found === true) found.push(name)
  }
  return found
}
