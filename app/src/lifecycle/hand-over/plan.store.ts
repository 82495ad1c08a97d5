// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Instant } from '../../kit/time.ts'
import { WireArray, type Queryable, type Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import type { PlanOverride } from './plan-override.rules.ts'
import type { Unsettled } from './settled-moves.rules.ts'
import { planLineSchema, planReasonSchema, type PlanLine, type PlanReason } from './plan.ts'

/** A plan as stored. */
export interface PlanRow {
  id: string
  computedAt: Instant
  digest: Buffer
  lines: PlanLine[]
  approvedSeq: number | null
  approvedTo: string[]
}

interface PlanSqlRow {
  id: string
  computed_at: Instant
  digest: Buffer
  lines: unknown
  approved_seq: number | null
  approved_to: string[]
}

/** A record's planned ends, as one byte a field, and its reasons. */
export interface PlannedRecord {
  recordId: Buffer
  outcome: Buffer
  residual: Buffer
  reasonSet: number
  sealedUntil: string | null
}

/** The newest plan that was not replaced, or null; an approved one goes before a newer draft when `approved` is asked for. */
export async function currentPlan(db: Queryable, { tenant, matterId }: Scope, only: 'any' | 'approved' = 'any'): Promise<PlanRow | null> {
  const [row] = await db.query<PlanSqlRow & Record<string, unknown>>(
    `select id, computed_at, digest, lines, approved_seq, approved_to from plan
      where tenant = $1 and matter_id = $2 and not superseded and ($3 = 'any' or approved_seq is not null) order by computed_at desc, id limit 1`,
    [tenant, matterId, only],
  )
  return row === undefined
    ? null
    : { id: row.id, computedAt: row.computed_at, digest: row.digest, lines: z.array(planLineSchema).parse(row.lines), approvedSeq: row.approved_seq, approvedTo: row.approved_to }
}

/** Writes a plan in place of every draft before it; an approved plan stays readable but is marked as replaced. */
export async function insertPlan(tx: Tx, { tenant, matterId }: Scope, plan: { id: string; at: Instant; digest: Buffer; lines: readonly PlanLine[] }): Promise<void> {
  await tx.execute('update plan set superseded = true where tenant = $1 and matter_id = $2 and not superseded and id <> $3', [tenant, matterId, plan.id])
  await tx.execute('insert into plan (tenant, matter_id, id, computed_at, snapshot, lines, digest) values ($1, $2, $3, $4, $5, $6::jsonb, $7)', [
    tenant, matterId, plan.id, plan.at, plan.digest, JSON.stringify(plan.lines), plan.digest,
  ])
}

/** Stores the planned ends of records. */
export async function insertPlannedRecords(tx: Tx, { tenant, matterId }: Scope, planId: string, records: readonly PlannedRecord[]): Promise<void> {
  const ids = new WireArray('bytea')
  const outcomes = new WireArray('bytea')
  const residuals = new WireArray('bytea')
  const sets = new WireArray('int4')
  const ends = new WireArray('text')
  for (const one of records) {
    ids.bytes(one.recordId)
    outcomes.bytes(one.outcome)
    residuals.bytes(one.residual)
    sets.int4(one.reasonSet)
    if (one.sealedUntil === null) ends.null()
    else ends.text(one.sealedUntil)
  }
  await tx.execute(
    `insert into plan_verdict (tenant, matter_id, plan_id, record_id, outcome, residual, reason_set, sealed_until)
     select $1, $2, $3, r.id, r.outcome, r.residual, r.reason_set, r.sealed_until::date from unnest($4::bytea[], $5::bytea[], $6::bytea[], $7::int4[], $8::text[]) as r(id, outcome, residual, reason_set, sealed_until)`,
    [tenant, matterId, planId, ids.end(), outcomes.end(), residuals.end(), sets.end(), ends.end()],
  )
}

/** Stores the reason sets of a plan. */
export async function insertPlanReasons(tx: Tx, { tenant, matterId }: Scope, planId: string, sets: readonly (readonly PlanReason[])[]): Promise<void> {
  await tx.insertRows('plan_reason', ['tenant', 'matter_id', 'plan_id', 'reason_set', 'reasons'], sets.map((reasons, number) => [tenant, matterId, planId, number, JSON.stringify(reasons)]))
}

/** Takes a plan's records and reasons away again (the same plan was there already). */
export async function deletePlanned(tx: Tx, { tenant, matterId }: Scope, planId: string): Promise<void> {
  await tx.execute('delete from plan_verdict where tenant = $1 and matter_id = $2 and plan_id = $3', [tenant, matterId, planId])
}

/** The reasons of a plan by number of their set. */
export async function loadPlanReasons(db: Queryable, { tenant, matterId }: Scope, planId: string): Promise<Map<number, PlanReason[]>> {
  const rows = await db.query<{ reason_set: number; reasons: unknown }>('select reason_set, reasons from plan_reason where tenant = $1 and matter_id = $2 and plan_id = $3', [tenant, matterId, planId])
  return new Map(rows.map((row) => [row.reason_set, z.array(planReasonSchema).parse(row.reasons)]))
}

/** A record's line of a plan with where it is in the inventory. */
export interface PlannedRecordRow extends PlannedRecord {
  dataSetId: string
  dispositions: Buffer
  version: number
}

/** The planned records of a plan in the order of a package (data set id, record id), without erased ones. */
export async function* streamPlannedRecords(db: Queryable, { tenant, matterId }: Scope, planId: string): AsyncGenerator<PlannedRecordRow[], void, undefined> {
  const rows = db.stream<{ record_id: Buffer; outcome: Buffer; residual: Buffer; reason_set: number; sealed_until: string | null; data_set_id: string; dispositions: Buffer; version: number }>(
    `select v.record_id, v.outcome, v.residual, v.reason_set, v.sealed_until, r.data_set_id, r.dispositions, r.version
       from plan_verdict v join record r on r.tenant = v.tenant and r.matter_id = v.matter_id and r.id = v.record_id
      where v.tenant = $1 and v.matter_id = $2 and v.plan_id = $3 and r.erased_at is null order by r.data_set_id collate "C", v.record_id`,
    [tenant, matterId, planId],
    2000,
  )
  for await (const batch of rows) {
    yield batch.map((row) => ({
      recordId: row.record_id, outcome: row.outcome, residual: row.residual, reasonSet: row.reason_set, sealedUntil: row.sealed_until,
      dataSetId: row.data_set_id, dispositions: row.dispositions, version: row.version,
    }))
  }
}

/** A planned record as it is settled. */
export interface UnsettledRow extends Unsettled {
  recordId: Buffer
  reasonSet: number
}

/** The planned records of a plan, without erased ones. */
export function streamUnsettledRecords(db: Queryable, { tenant, matterId }: Scope, planId: string): AsyncGenerator<UnsettledRow[], void, undefined> {
  return db.stream<UnsettledRow & Record<string, unknown>>(
    `with held as materialized (
       select p.record_id, array_agg(p.fields) as fields from package_record p join package k on k.tenant = p.tenant and k.matter_id = p.matter_id and k.id = p.package_id
        where p.tenant = $1 and p.matter_id = $2 and k.purpose = 'custody' and k.status = 'reconciled' group by p.record_id)
     select v.record_id as "recordId", v.outcome, v.reason_set as "reasonSet", r.dispositions, coalesce(held.fields, '{}'::bytea[]) as "atCustodian"
       from plan_verdict v join record r on r.tenant = v.tenant and r.matter_id = v.matter_id and r.id = v.record_id left join held on held.record_id = v.record_id
      where v.tenant = $1 and v.matter_id = $2 and v.plan_id = $3 and r.erased_at is null`,
    [tenant, matterId, planId],
    4000,
  )
}

/** What a plan says of the records that are not erased, in inventory order, as the plan was computed. */
export function streamSurvivors(db: Queryable, { tenant, matterId }: Scope, planId: string): AsyncGenerator<Pick<PlannedRecord, 'recordId' | 'outcome' | 'residual' | 'reasonSet'>[], void, undefined> {
  return db.stream(
    `select v.record_id as "recordId", v.outcome, v.residual, v.reason_set as "reasonSet"
       from plan_verdict v join record r on r.tenant = v.tenant and r.matter_id = v.matter_id and r.id = v.record_id
      where v.tenant = $1 and v.matter_id = $2 and v.plan_id = $3 and r.erased_at is null order by r.inventory_index`,
    [tenant, matterId, planId],
    2000,
  )
}

/** Marks a plan as approved for these parties. */
export async function markApproved(tx: Tx, { tenant, matterId }: Scope, plan: { id: string; seq: number; to: readonly string[]; approvalId: string }): Promise<void> {
  await tx.execute('update plan set approved_seq = $4, approved_to = $5::text[], approval_id = $6 where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, plan.id, plan.seq, [...plan.to], plan.approvalId])
}

const scopeSchema = z.strictObject({ dataSetId: z.string(), positions: z.array(z.int()) })

/** Overrides in the order of the ledger, in which they were decided: the latest counts, the legal clock may stand still, and ids are random. */
export async function loadOverrides(db: Queryable, { tenant, matterId }: Scope): Promise<PlanOverride[]> {
  const rows = await db.query<{ id: string; scope: unknown; outcome: string }>(
    `select o.id, o.scope, o.outcome from plan_override o
       join event e on e.tenant = o.tenant and e.matter_id = o.matter_id and e.effect = 'override/' || o.id
      where o.tenant = $1 and o.matter_id = $2 order by e.seq`,
    [tenant, matterId],
  )
  return rows.map((row) => ({ id: row.id, ...scopeSchema.parse(row.scope), outcome: z.enum(['kept', 'sealed', 'destroyed']).parse(row.outcome) }))
}

/** Stores an override; its reason stands sealed, because people write names into reasons. */
export async function insertOverride(tx: Tx, { tenant, matterId }: Scope, override: PlanOverride & { reasonSealed: Buffer; approvalId: string; at: Instant }): Promise<void> {
  await tx.execute('insert into plan_override (tenant, matter_id, id, scope, outcome, reason_sealed, approval_id, at) values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)', [
    tenant, matterId, override.id, JSON.stringify({ dataSetId: override.dataSetId, positions: override.positions }), override.outcome, override.reasonSealed, override.approvalId, override.at,
  ])
}
