// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import { keptPlan, type Queryable, type Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { destructionScopeSchema, orderFactsSchema, orderStatuses, type DestructionOrder, type OrderFacts, type OrderStatus } from './destruction-order.ts'

interface OrderRow {
  id: string
  scope: unknown
  record_set: Buffer
  approval_request_id: string
  status: string
  facts: unknown
  intent_seq: number | null
  done_seq: number | null
  certificate: string | null
  final_certificate: string | null
}

const orderColumns = 'id, scope, record_set, approval_request_id, status, facts, intent_seq, done_seq, certificate::text as certificate, final_certificate::text as final_certificate'

/** All destruction orders of a matter, oldest first. */
export async function loadOrders(db: Queryable, { tenant, matterId }: Scope): Promise<DestructionOrder[]> {
  const rows = await db.query<OrderRow & Record<string, unknown>>(
    `select ${orderColumns} from destruction_order where tenant = $1 and matter_id = $2 order by facts->>'requestedAt', id`, [tenant, matterId])
  return rows.map(orderOfRow)
}

/** One order, or null. */
export async function findOrder(db: Queryable, { tenant, matterId }: Scope, id: string): Promise<DestructionOrder | null> {
  const [row] = await db.query<OrderRow & Record<string, unknown>>(`select ${orderColumns} from destruction_order where tenant = $1 and matter_id = $2 and id = $3`, [tenant, matterId, id])
  return row === undefined ? null : orderOfRow(row)
}

function orderOfRow(row: OrderRow): DestructionOrder {
  const status = orderStatuses.find((one) => one === row.status)
  if (status === undefined) throw new Error('assertion failed: an order has a known status')
  return {
    id: row.id, scope: destructionScopeSchema.parse(row.scope), recordSet: row.record_set, approvalRequest: row.approval_request_id, status, facts: orderFactsSchema.parse(row.facts),
    intentSeq: row.intent_seq, doneSeq: row.done_seq, certificate: envelopeOrNull(row.certificate), finalCertificate: envelopeOrNull(row.final_certificate),
  }
}

function envelopeOrNull(text: string | null): DsseEnvelope | null {
  return text === null ? null : parseEnvelope(text)
}

/** Writes an order. */
export async function insertOrder(tx: Tx, { tenant, matterId }: Scope, order: Pick<DestructionOrder, 'id' | 'scope' | 'recordSet' | 'approvalRequest' | 'facts'>): Promise<void> {
  await tx.execute(
    `insert into destruction_order (tenant, matter_id, id, scope, record_set, approval_request_id, status, facts) values ($1, $2, $3, $4::jsonb, $5, $6, 'requested', $7::jsonb)`,
    [tenant, matterId, order.id, JSON.stringify(order.scope), order.recordSet, order.approvalRequest, JSON.stringify(order.facts)],
  )
}

/** What changes of an order as it goes on. */
export interface OrderChange {
  status?: OrderStatus
  facts?: OrderFacts
  approvalRequest?: string
  intentSeq?: number
  doneSeq?: number
  certificate?: DsseEnvelope
  finalCertificate?: DsseEnvelope
}

/** Moves an order on; what is left out stays. */
export async function updateOrder(db: Queryable, { tenant, matterId }: Scope, id: string, change: OrderChange): Promise<void> {
  await db.execute(
    `update destruction_order set status = coalesce($4, status), facts = coalesce($5::jsonb, facts), approval_request_id = coalesce($6, approval_request_id), intent_seq = coalesce($7, intent_seq),
       done_seq = coalesce($8, done_seq), certificate = coalesce($9::jsonb, certificate), final_certificate = coalesce($10::jsonb, final_certificate)
      where tenant = $1 and matter_id = $2 and id = $3`,
    [
      tenant, matterId, id, change.status ?? null, change.facts === undefined ? null : JSON.stringify(change.facts), change.approvalRequest ?? null, change.intentSeq ?? null, change.doneSeq ?? null,
      change.certificate === undefined ? null : envelopeText(change.certificate), change.finalCertificate === undefined ? null : envelopeText(change.finalCertificate),
    ],
  )
}

/** A record as an order looks at it. */
export interface CandidateRow {
  id: Buffer
  ds: string
  ordinal: number
  index: number
  version: number
  slot: number | null
  presence: Buffer
  dispositions: Buffer
  held: Buffer | null
  in_original: Buffer | null
  outcome: Buffer | null
  residual: Buffer | null
  reason_set: number | null
  sealed_until: string | null
  on_hold: boolean
  /** The record belongs to a person whose receipt is not sealed, although it could be; or a delta revised it without a receipt and nobody said why. */
  lacks_receipt: boolean
  /** Why a delta revised the record before a receipt for its inventoried version was sealed; null when it did not. */
  waived: string | null
}

/** All records that are not erased, in inventory order (of some data sets, when given; of a single one in the order in which its rows stand in the source since the last delta scan), with what the plan says and whether they or their person are under a hold. */
export function streamCandidates(db: Queryable, { tenant, matterId }: Scope, query: { planId: string; dataSetIds: readonly string[] | null; withErased: boolean }): AsyncGenerator<CandidateRow[], void, undefined> {
  return db.stream<CandidateRow & Record<string, unknown>>(
    `with held_person as (
       select distinct s.subject_id from hold h join record_subject s on s.tenant = h.tenant and s.matter_id = h.matter_id and s.record_id = h.record_id
        where h.tenant = $1 and h.matter_id = $2 and h.released_seq is null),
     revised as (
       select l.record_id, min(s.without_receipts->>'reason') as reason from revision_leaf l join delta_scan s on s.tenant = l.tenant and s.matter_id = l.matter_id and s.id = l.scan_id
        where l.tenant = $1 and l.matter_id = $2 group by l.record_id)
     select r.id, r.data_set_id as ds, r.ordinal, r.inventory_index as index, r.version, r.slot, r.presence, r.dispositions, r.held, r.in_original, v.outcome, v.residual, v.reason_set, v.sealed_until,
            (exists (select 1 from hold h where h.tenant = $1 and h.matter_id = $2 and h.record_id = r.id and h.released_seq is null)
              or coalesce(rs.subject_id in (select subject_id from held_person), false)) as on_hold,
            (rs.record_id is not null and p.record_id is null and (r.version = 1 or (n.record_id is not null and n.reason is null))) as lacks_receipt,
            case when rs.record_id is not null and p.record_id is null then n.reason end as waived
       from record r
       left join plan_verdict v on v.tenant = r.tenant and v.matter_id = r.matter_id and v.plan_id = $3 and v.record_id = r.id
       left join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
       left join receipted_record p on p.tenant = r.tenant and p.matter_id = r.matter_id and p.record_id = r.id
       left join revised n on n.record_id = r.id
      where r.tenant = $1 and r.matter_id = $2 and ($4::text[] is null or r.data_set_id = any($4)) and ($5 or r.erased_at is null)
      order by case when cardinality($4::text[]) = 1 then coalesce(r.source_row, r.ordinal) end, r.inventory_index`,
    [tenant, matterId, query.planId, query.dataSetIds, query.withErased],
    2000,
  )
}

/** A record of a vault order. */
export interface OrderRecordRow {
  recordId: Buffer
  index: number
  version: number
  slot: number
  keep: Buffer
  ended: Buffer
}

/** Writes down what an order destroys, in place of what was written before it began. */
export async function replaceOrderRecords(tx: Tx, { tenant, matterId }: Scope, orderId: string, rows: AsyncIterable<OrderRecordRow>): Promise<number> {
  await tx.execute('delete from rewrite_cipher where tenant = $1 and matter_id = $2 and order_id = $3', [tenant, matterId, orderId])
  await tx.execute('delete from destruction_record where tenant = $1 and matter_id = $2 and order_id = $3', [tenant, matterId, orderId])
  return tx.insertRows('destruction_record', ['tenant', 'matter_id', 'order_id', 'record_id', 'inventory_index', 'version', 'slot', 'keep', 'ended'], asRows(rows, [tenant, matterId, orderId]))
}

async function* asRows(rows: AsyncIterable<OrderRecordRow>, head: readonly string[]): AsyncGenerator<(string | number | Buffer)[]> {
  for await (const row of rows) yield [...head, row.recordId, row.index, row.version, row.slot, row.keep, row.ended]
}

/** A record that stays in part, with the fields of its data set. */
export interface RewriteRow {
  record_id: Buffer
  version: number
  keep: Buffer
  data_set_id: string
}

/** Records of an order that are to be sealed anew and were not yet. */
export async function waitingRewrites(db: Queryable, { tenant, matterId }: Scope, orderId: string, limit: number): Promise<RewriteRow[]> {
  return db.query<RewriteRow & Record<string, unknown>>(
    `select d.record_id, d.version, d.keep, r.data_set_id from destruction_record d
       join record r on r.tenant = d.tenant and r.matter_id = d.matter_id and r.id = d.record_id
      where d.tenant = $1 and d.matter_id = $2 and d.order_id = $3 and d.new_slot is null and d.done_at is null
        and d.keep <> decode(repeat('00', length(d.keep)), 'hex')
      order by d.inventory_index limit $4`,
    [tenant, matterId, orderId, limit],
  )
}

/** A record sealed anew, ready to change over. */
export interface StagedRewrite {
  recordId: Buffer
  slot: bigint
  root: Uint8Array
  parts: readonly { compartment: string; sealed: Buffer }[]
}

/** Stores what was sealed anew beside the present ciphertext. */
export async function stageRewrites(tx: Tx, { tenant, matterId }: Scope, orderId: string, staged: readonly StagedRewrite[]): Promise<void> {
  await tx.execute(
    `update destruction_record d set new_slot = s.slot, new_root = s.root from unnest($4::bytea[], $5::bigint[], $6::bytea[]) as s(id, slot, root)
      where d.tenant = $1 and d.matter_id = $2 and d.order_id = $3 and d.record_id = s.id`,
    [tenant, matterId, orderId, staged.map((one) => one.recordId), staged.map((one) => one.slot), staged.map((one) => one.root)],
  )
  await tx.insertRows(
    'rewrite_cipher', ['tenant', 'matter_id', 'order_id', 'record_id', 'compartment', 'sealed'],
    staged.flatMap((one) => one.parts.map((part) => [tenant, matterId, orderId, one.recordId, part.compartment, part.sealed])),
  )
}

const insertionOfTombstones = keptPlan(
  `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq)
   select $1, $2, coalesce((select max(number) + 1 from erasure where tenant = $1 and matter_id = $2), 0) + row_number() over (order by inventory_index) - 1, record_id, version, slot, $3, 0
     from destruction_record where tenant = $1 and matter_id = $2 and order_id = $3`)
const noteOfIntent = keptPlan('update erasure set intent_seq = $4 where tenant = $1 and matter_id = $2 and order_id = $3 and erased_keys_at is null')

/** Writes the tombstones of an order behind those that are there (CONTRACTS §10), in inventory order. */
export async function insertTombstones(tx: Tx, { tenant, matterId }: Scope, orderId: string): Promise<void> {
  await tx.execute(insertionOfTombstones, [tenant, matterId, orderId])
}

/** Notes with the tombstones of an order the event that announced them. */
export async function noteIntent(tx: Tx, { tenant, matterId }: Scope, orderId: string, seq: number): Promise<void> {
  await tx.execute(noteOfIntent, [tenant, matterId, orderId, seq])
}

/** How many tombstones there are. */
export async function countTombstones(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select coalesce(max(number) + 1, 0)::bigint as n from erasure where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.n ?? 0
}

const headOfTombstones = keptPlan('select size, peaks from tombstone_head where tenant = $1 and matter_id = $2')

/** The tree over the tombstones as it was put away, or null. */
export async function findTombstoneHead(db: Queryable, { tenant, matterId }: Scope): Promise<{ size: number; peaks: Buffer } | null> {
  const [row] = await db.query<{ size: number; peaks: Buffer }>(headOfTombstones, [tenant, matterId])
  return row ?? null
}

const puttingOfHead = keptPlan(
  `insert into tombstone_head (tenant, matter_id, size, peaks) values ($1, $2, $3, $4)
   on conflict (tenant, matter_id) do update set size = excluded.size, peaks = excluded.peaks where tombstone_head.size <= excluded.size`)

/** Puts the tree away. */
export async function putTombstoneHead(tx: Tx, { tenant, matterId }: Scope, head: { size: number; peaks: Uint8Array }): Promise<void> {
  await tx.execute(puttingOfHead, [tenant, matterId, head.size, head.peaks])
}

/** A tombstone as it is stored. */
export interface TombstoneRow {
  number: number
  record_id: Buffer
  version: number
  slot: number
}

/** Tombstones in order, from a number on. */
export function streamTombstones(db: Queryable, { tenant, matterId }: Scope, from = 0): AsyncGenerator<TombstoneRow[], void, undefined> {
  return db.stream<TombstoneRow & Record<string, unknown>>(
    'select number, record_id, version, slot from erasure where tenant = $1 and matter_id = $2 and number >= $3 order by number', [tenant, matterId, from], 5000)
}

/** How many tombstones `tombstonesFrom` gives at most. */
export const tombstonesAtOnce = 5000
const someTombstones = keptPlan(`select number, record_id, version, slot from erasure where tenant = $1 and matter_id = $2 and number >= $3 order by number limit ${tombstonesAtOnce}`)
const newTombstones = keptPlan(
  `select number, record_id, version, slot from erasure
    where tenant = $1 and matter_id = $2 and number >= coalesce((select size from tombstone_head where tenant = $1 and matter_id = $2), 0) order by number limit ${tombstonesAtOnce}`)

/** The next tombstones from a number on; from the first that the tree which was put away does not hold, where no number is given. */
export async function tombstonesFrom(db: Queryable, { tenant, matterId }: Scope, from: number | null = null): Promise<TombstoneRow[]> {
  if (from === null) return db.query<TombstoneRow & Record<string, unknown>>(newTombstones, [tenant, matterId])
  return db.query<TombstoneRow & Record<string, unknown>>(someTombstones, [tenant, matterId, from])
}

/** Rewritten records as they happened, for the bundle: by event, then in inventory order. */
export function streamRewrites(db: Queryable, { tenant, matterId }: Scope): AsyncGenerator<{ index: number; record_id: Buffer; version: number; root: Buffer }[], void, undefined> {
  return db.stream<{ index: number; record_id: Buffer; version: number; root: Buffer } & Record<string, unknown>>(
    `select r.inventory_index as index, w.record_id, w.version, w.root from rewrite_leaf w
       join record r on r.tenant = w.tenant and r.matter_id = w.matter_id and r.id = w.record_id
      where w.tenant = $1 and w.matter_id = $2 order by w.seq, r.inventory_index`,
    [tenant, matterId], 5000)
}

/** Slots of an order whose keys are not noted as erased. */
export async function waitingSlots(db: Queryable, { tenant, matterId }: Scope, orderId: string, limit: number): Promise<number[]> {
  const rows = await db.query<{ slot: number }>(
    'select slot from erasure where tenant = $1 and matter_id = $2 and order_id = $3 and erased_keys_at is null order by slot limit $4', [tenant, matterId, orderId, limit])
  return rows.map((row) => row.slot)
}

/** How many keys of an order are not noted as erased. */
export async function countWaitingSlots(db: Queryable, { tenant, matterId }: Scope, orderId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from erasure where tenant = $1 and matter_id = $2 and order_id = $3 and erased_keys_at is null', [tenant, matterId, orderId])
  return row?.n ?? 0
}

/** Notes that the keys of these slots are gone. */
export async function noteKeysErased(db: Queryable, { tenant, matterId }: Scope, erased: { orderId: string; slots: readonly number[]; at: Instant }): Promise<void> {
  await db.execute('update erasure set erased_keys_at = $5 where tenant = $1 and matter_id = $2 and order_id = $3 and slot = any($4::bigint[]) and erased_keys_at is null', [tenant, matterId, erased.orderId, erased.slots, erased.at])
}

/** Matters of this home whose books are kept here (they have a log), and those of which tombstones are known. */
export async function mattersWithLog(db: Queryable, tenant: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from matter m where tenant = $1
        and (exists (select 1 from event e where e.tenant = m.tenant and e.matter_id = m.id and e.type = 'PolicyChanged') or exists (select 1 from erasure e where e.tenant = m.tenant and e.matter_id = m.id)) order by id`, [tenant])
  return rows.map((row) => row.id)
}

/** Matters with an order over originals that was begun and not finished. */
export async function mattersRewriting(db: Queryable, tenant: string): Promise<string[]> {
  const rows = await db.query<{ matter_id: string }>(`select distinct matter_id from destruction_order where tenant = $1 and status = 'running' and scope->>'kind' = 'originals'`, [tenant])
  return rows.map((row) => row.matter_id)
}
