// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../../kit/time.ts'
import type { Queryable, Tx } from '../../../store/index.ts'
import type { Scope } from '../../discover/index.ts'

/** The assessment of a matter, or null before it was started. */
export async function loadAssessment(db: Queryable, { tenant, matterId }: Scope): Promise<{ id: string; startedBy: string; at: string } | null> {
  const [row] = await db.query<{ id: string; startedBy: string; at: string }>('select id, started_by as "startedBy", at from impact_assessment where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row ?? null
}

/** Writes that an assessment was started. */
export async function insertAssessment(tx: Tx, { tenant, matterId }: Scope, row: { id: string; startedBy: string; at: Instant }): Promise<void> {
  await tx.execute('insert into impact_assessment (tenant, matter_id, id, started_by, at) values ($1, $2, $3, $4, $5)', [tenant, matterId, row.id, row.startedBy, row.at])
}

/** An answer as it lies in the database: the signed envelope binds it, its words are sealed. */
export interface AnswerRow {
  number: number
  item: string
  saidSealed: Buffer
  envelope: DsseEnvelope
  digest: Buffer
  signedBy: string
  at: string
}

/** All answers, the oldest first. */
export async function loadAnswerRows(db: Queryable, { tenant, matterId }: Scope): Promise<AnswerRow[]> {
  const rows = await db.query<Omit<AnswerRow, 'envelope'> & { envelope: string }>(
    'select number, item, said_sealed as "saidSealed", statement::text as envelope, digest, signed_by as "signedBy", at from impact_answer where tenant = $1 and matter_id = $2 order by number',
    [tenant, matterId],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}

/** Writes an answer under its number. */
export async function insertAnswer(tx: Tx, { tenant, matterId }: Scope, row: Omit<AnswerRow, 'at'> & { at: Instant }): Promise<void> {
  await tx.execute('insert into impact_answer (tenant, matter_id, number, item, said_sealed, statement, digest, signed_by, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    tenant, matterId, row.number, row.item, row.saidSealed, envelopeText(row.envelope), row.digest, row.signedBy, row.at,
  ])
}

/** An approved report. */
export interface ReportRow {
  digest: Buffer
  factId: string
  reportSealed: Buffer
  at: string
}

/** What approvals were made over, by fact and digest. */
export async function loadBases(db: Queryable, { tenant, matterId }: Scope): Promise<{ factId: string; digest: Buffer; basis: unknown }[]> {
  return db.query<{ factId: string; digest: Buffer; basis: unknown }>('select fact_id as "factId", digest, basis from impact_basis where tenant = $1 and matter_id = $2', [tenant, matterId])
}

/** Keeps what an approval was made over; the same again is the same. */
export async function insertBasis(tx: Tx, { tenant, matterId }: Scope, row: { factId: string; digest: Buffer; basis: string; at: Instant }): Promise<void> {
  await tx.execute('insert into impact_basis (tenant, matter_id, fact_id, digest, basis, at) values ($1, $2, $3, $4, $5::jsonb, $6) on conflict do nothing', [tenant, matterId, row.factId, row.digest, row.basis, row.at])
}

/** Approved reports, the oldest first. */
export async function loadReports(db: Queryable, { tenant, matterId }: Scope): Promise<ReportRow[]> {
  return db.query<ReportRow>(
    `select r.digest, r.fact_id as "factId", r.report_sealed as "reportSealed", r.at from impact_report r
      where r.tenant = $1 and r.matter_id = $2
      order by (select max(e.seq) from event e where e.tenant = r.tenant and e.matter_id = r.matter_id and e.type = 'ImpactApproved' and e.body::jsonb ->> 'report' = encode(r.digest, 'hex')), r.digest`,
    [tenant, matterId],
  )
}

/** Keeps an approved report; the same again is the same. */
export async function insertReport(tx: Tx, { tenant, matterId }: Scope, row: Omit<ReportRow, 'at'> & { at: Instant }): Promise<void> {
  await tx.execute('insert into impact_report (tenant, matter_id, digest, fact_id, report_sealed, at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing', [tenant, matterId, row.digest, row.factId, row.reportSealed, row.at])
}
