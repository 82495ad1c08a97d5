// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { Scope } from '../discover/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'

/** A record that holds a looked-up key. */
export interface KeyHit {
  /** Place of the key in the question, from 0. */
  at: number
  recordId: Buffer
  subjectId: string | null
  /** Why the key does not stand for one person, or null. */
  demoted: string | null
}

/** The records that hold these keys as their own person's (proven) keys. */
export async function findByKeys(db: Queryable, { tenant, matterId }: Scope, keys: readonly { type: string; blind: Buffer }[]): Promise<KeyHit[]> {
  return db.query<{ at: number; recordId: Buffer; subjectId: string | null; demoted: string | null }>(
    `select (k.n - 1)::int as at, rk.record_id as "recordId", rs.subject_id as "subjectId", d.why as demoted
       from unnest($3::text[], $4::bytea[]) with ordinality as k(type, blind, n)
       join record_key rk on rk.tenant = $1 and rk.matter_id = $2 and rk.key_type = k.type and rk.blind = k.blind and rk.proven
       join record r on r.tenant = $1 and r.matter_id = $2 and r.id = rk.record_id and r.erased_at is null
       left join record_subject rs on rs.tenant = $1 and rs.matter_id = $2 and rs.record_id = rk.record_id
       left join demoted_key d on d.tenant = $1 and d.matter_id = $2 and d.key_type = k.type and d.blind = k.blind
      order by k.n, rk.record_id`,
    [tenant, matterId, keys.map((key) => key.type), keys.map((key) => key.blind)],
  )
}

/** All records of these subjects. */
export async function recordsOfSubjects(db: Queryable, { tenant, matterId }: Scope, subjectIds: readonly string[]): Promise<{ recordId: Buffer; subjectId: string }[]> {
  return db.query<{ recordId: Buffer; subjectId: string }>(
    `select rs.record_id as "recordId", rs.subject_id as "subjectId" from record_subject rs
       join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and r.erased_at is null
      where rs.tenant = $1 and rs.matter_id = $2 and rs.subject_id = any($3::text[]) order by 1`,
    [tenant, matterId, subjectIds],
  )
}

/** Pairs of records of one subject that share a resident ID or a customer number: the same account, however often it occurs. */
export async function strongLinks(db: Queryable, { tenant, matterId }: Scope, subjectIds: readonly string[]): Promise<{ recordId: Buffer; key: string }[]> {
  return db.query<{ recordId: Buffer; key: string }>(
    `select rk.record_id as "recordId", rk.key_type || encode(rk.blind, 'hex') as key from record_subject rs
       join record_key rk on rk.tenant = rs.tenant and rk.matter_id = rs.matter_id and rk.record_id = rs.record_id and rk.proven and rk.key_type in ('resident-id', 'customer-id')
      where rs.tenant = $1 and rs.matter_id = $2 and rs.subject_id = any($3::text[])
        and not exists (select 1 from demoted_key d where d.tenant = $1 and d.matter_id = $2 and d.key_type = rk.key_type and d.blind = rk.blind)`,
    [tenant, matterId, subjectIds],
  )
}

/** What an import of a file had as its result. */
export interface BatchRow {
  id: string
  rows: number
  matched: number
  unmatched: number
}

/** The import of this very file, or null. */
export async function findBatch(db: Queryable, { tenant, matterId }: Scope, given: { kind: string; digest: Buffer }): Promise<BatchRow | null> {
  const rows = await db.query<{ id: string; rows: number; matched: number; unmatched: number }>(
    'select id, rows, matched, unmatched from batch_import where tenant = $1 and matter_id = $2 and kind = $3 and sha256 = $4', [tenant, matterId, given.kind, given.digest])
  return rows[0] ?? null
}

/** Remembers an import. */
export async function insertBatch(tx: Tx, { tenant, matterId }: Scope, batch: BatchRow & { kind: string; digest: Buffer; at: Instant }): Promise<void> {
  await tx.execute(
    'insert into batch_import (tenant, matter_id, id, kind, sha256, rows, matched, unmatched, imported_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [tenant, matterId, batch.id, batch.kind, batch.digest, batch.rows, batch.matched, batch.unmatched, batch.at],
  )
}

/** One notice result of a record. */
export interface NoticeResultRow {
  recordId: Buffer
  channel: string
  result: string
  at: Instant
}

/** Inserts notice results; a record has one result a notice, channel and batch: the best, and of equal ones the first. */
export async function insertNoticeResults(tx: Tx, { tenant, matterId }: Scope, batch: { id: string; seq: number; notice: string }, rows: readonly NoticeResultRow[]): Promise<void> {
  await tx.execute(
    `insert into notice_result (tenant, matter_id, record_id, notice, channel, result, at, batch_id, seq)
     select $1, $2, n.record_id, $3, n.channel, n.result, n.at, $4, $5 from unnest($6::bytea[], $7::text[], $8::text[], $9::timestamptz[]) as n(record_id, channel, result, at)
     on conflict (tenant, matter_id, record_id, notice, channel, batch_id) do update set result = excluded.result, at = excluded.at
      where (array_position(array['delivered', 'announced', 'bounced'], excluded.result), excluded.at) < (array_position(array['delivered', 'announced', 'bounced'], notice_result.result), notice_result.at)`,
    [tenant, matterId, batch.notice, batch.id, batch.seq, rows.map((row) => row.recordId), rows.map((row) => row.channel), rows.map((row) => row.result), rows.map((row) => row.at)],
  )
}

/** Records of persons whom no notice of this kind has reached: neither delivered nor announced. */
export async function unreachedRecords(db: Queryable, { tenant, matterId }: Scope, notice: string): Promise<{ recordId: Buffer; subjectId: string }[]> {
  return db.query<{ recordId: Buffer; subjectId: string }>(
    `select rs.record_id as "recordId", rs.subject_id as "subjectId" from record_subject rs
       join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and r.erased_at is null
      where rs.tenant = $1 and rs.matter_id = $2
        and not exists (select 1 from notice_result n where n.tenant = $1 and n.matter_id = $2 and n.record_id = rs.record_id and n.notice = $3 and n.result in ('delivered', 'announced'))
      order by 1`,
    [tenant, matterId, notice],
  )
}

/** How many results of this notice there are. */
export async function countResults(db: Queryable, { tenant, matterId }: Scope, notice: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from notice_result where tenant = $1 and matter_id = $2 and notice = $3', [tenant, matterId, notice])
  return row?.n ?? 0
}

/** One choice as it applies to a record. */
export interface ChoiceRow {
  recordId: Buffer
  choice: string
  scope: 'proven-key' | 'person'
  madeAt: Instant
  channel: string
  status: string
}

/** Inserts choices; of one record and kind the latest word of a batch counts. */
export async function insertChoices(tx: Tx, { tenant, matterId }: Scope, batch: { id: string; seq: number }, rows: readonly ChoiceRow[]): Promise<void> {
  await tx.execute(
    `insert into choice (tenant, matter_id, record_id, choice, scope, made_at, channel, batch_id, seq, status)
     select $1, $2, c.record_id, c.choice, c.scope, c.made_at, c.channel, $3, $4, c.status
       from unnest($5::bytea[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[]) as c(record_id, choice, scope, made_at, channel, status)
     on conflict (tenant, matter_id, record_id, choice, batch_id) do update set made_at = excluded.made_at, channel = excluded.channel where excluded.made_at > choice.made_at`,
    [tenant, matterId, batch.id, batch.seq, rows.map((r) => r.recordId), rows.map((r) => r.choice), rows.map((r) => r.scope), rows.map((r) => r.madeAt), rows.map((r) => r.channel), rows.map((r) => r.status)],
  )
}

/** Requests by batch, kind, status and person. */
export interface RequestRow {
  batch: string
  choice: string
  status: string
  subject: string | null
  madeAt: Instant
  records: number
}

/** The choices that must be or were decided, the open ones first. */
export async function listRequests(db: Queryable, { tenant, matterId }: Scope, only: { status?: string } = {}): Promise<RequestRow[]> {
  return db.query<{ batch: string; choice: string; status: string; subject: string | null; madeAt: Instant; records: number }>(
    `select c.batch_id as batch, c.choice, c.status, rs.subject_id as subject, max(c.made_at) as "madeAt", count(*)::bigint as records
       from choice c left join record_subject rs on rs.tenant = c.tenant and rs.matter_id = c.matter_id and rs.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.status <> 'valid' and ($3::text is null or c.status = $3)
      group by 1, 2, 3, 4 order by c.status <> 'open', max(c.made_at), 1, 4`,
    [tenant, matterId, only.status ?? null],
  )
}

/** Which open requests are decided. */
export interface RequestScope {
  choice: string
  batch: string | null
  subject: string | null
}

/** Decides open requests; returns how many rows changed. */
export async function decideRequests(tx: Tx, { tenant, matterId }: Scope, which: RequestScope, status: 'decided' | 'refused'): Promise<number> {
  return tx.execute(
    `update choice c set status = $6 where c.tenant = $1 and c.matter_id = $2 and c.status = 'open' and c.choice = $3 and ($4::text is null or c.batch_id = $4)
        and ($5::text is null or exists (select 1 from record_subject rs where rs.tenant = c.tenant and rs.matter_id = c.matter_id and rs.record_id = c.record_id and rs.subject_id = $5))`,
    [tenant, matterId, which.choice, which.batch, which.subject, status],
  )
}

/** How often requests were decided so far, to number the next decision. */
export async function countDecisions(tx: Tx, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`select count(*)::bigint as n from step_done where tenant = $1 and matter_id = $2 and starts_with(effect, 'choice-decide/')`, [tenant, matterId])
  return row?.n ?? 0
}
