// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Audit, FindingResult, FindingSeverity } from './audit.ts'

/** Which matter of which tenant a statement is about. */
export interface AuditScope {
  tenant: string
  matterId: string
}

/** The newest audit of a matter by the order of the ledger, or null: the legal clock may stand still, and ids are random. */
export async function newestAudit(db: Queryable, { tenant, matterId }: AuditScope): Promise<{ id: string; nature: string; from: string; to: string; openedBy: string; at: string } | null> {
  const [row] = await db.query<{ id: string; nature: string; from: string; to: string; openedBy: string; at: string }>(
    `select a.id, nature, to_char(period_from, 'YYYY-MM-DD') as "from", to_char(period_to, 'YYYY-MM-DD') as "to", opened_by as "openedBy", a.at
       from audit a join event e on e.tenant = a.tenant and e.matter_id = a.matter_id and e.effect = 'audit/' || a.id
      where a.tenant = $1 and a.matter_id = $2 order by e.seq desc limit 1`,
    [tenant, matterId],
  )
  return row ?? null
}

/** Writes an audit. */
export async function insertAudit(tx: Tx, { tenant, matterId }: AuditScope, audit: Audit): Promise<void> {
  await tx.execute('insert into audit (tenant, matter_id, id, nature, period_from, period_to, opened_by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [tenant, matterId, audit.id, audit.nature, audit.from, audit.to, audit.openedBy, audit.at])
}

/** A sample as it lies in the database. */
export interface SampleRow {
  number: number
  point: string | null
  seed: Buffer
  upTo: number
  wanted: number
  seqs: number[]
  by: string
  at: string
}

/** The samples of an audit, the oldest first. */
export async function loadSampleRows(db: Queryable, { tenant, matterId }: AuditScope, audit: string): Promise<SampleRow[]> {
  const rows = await db.query<Omit<SampleRow, 'seqs'> & { seqs: string }>(
    `select number, point, seed, upto as "upTo", wanted, array_to_json(seqs)::text as seqs, drawn_by as "by", at from audit_sample where tenant = $1 and matter_id = $2 and audit_id = $3 order by number`,
    [tenant, matterId, audit],
  )
  return rows.map((row) => {
    const seqs: unknown = JSON.parse(row.seqs)
    return { ...row, seqs: Array.isArray(seqs) ? seqs.map(Number) : [] }
  })
}

/** Writes a sample. */
export async function insertSample(tx: Tx, { tenant, matterId }: AuditScope, row: Omit<SampleRow, 'at'> & { audit: string; at: Instant }): Promise<void> {
  await tx.execute('insert into audit_sample (tenant, matter_id, audit_id, number, point, seed, upto, wanted, seqs, drawn_by, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::bigint[], $10, $11)', [
    tenant, matterId, row.audit, row.number, row.point, row.seed, row.upTo, row.wanted, row.seqs, row.by, row.at,
  ])
}

/** A finding as it lies in the database: the signed envelope binds it, its words are sealed. */
export interface FindingRow {
  number: number
  point: string
  result: FindingResult
  severity: FindingSeverity
  due: string | null
  fixedOn: string | null
  saidSealed: Buffer
  envelope: DsseEnvelope
  digest: Buffer
  by: string
  at: string
}

/** The findings of an audit, the oldest first. */
export async function loadFindingRows(db: Queryable, { tenant, matterId }: AuditScope, audit: string): Promise<FindingRow[]> {
  const rows = await db.query<Omit<FindingRow, 'envelope'> & { envelope: string }>(
    `select number, point, result, severity, to_char(due, 'YYYY-MM-DD') as due, to_char(fixed_on, 'YYYY-MM-DD') as "fixedOn", said_sealed as "saidSealed", statement::text as envelope, digest, signed_by as "by", at
       from audit_finding where tenant = $1 and matter_id = $2 and audit_id = $3 order by number`,
    [tenant, matterId, audit],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}

/** Writes a finding. */
export async function insertFinding(tx: Tx, { tenant, matterId }: AuditScope, row: Omit<FindingRow, 'at'> & { audit: string; at: Instant }): Promise<void> {
  await tx.execute('insert into audit_finding (tenant, matter_id, audit_id, number, point, result, severity, due, fixed_on, said_sealed, statement, digest, signed_by, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)', [
    tenant, matterId, row.audit, row.number, row.point, row.result, row.severity, row.due, row.fixedOn, row.saidSealed, envelopeText(row.envelope), row.digest, row.by, row.at,
  ])
}

/** Keeps a concluded report; the same again is the same. */
export async function insertAuditReport(tx: Tx, { tenant, matterId }: AuditScope, row: { audit: string; digest: Buffer; factId: string; reportSealed: Buffer; at: Instant }): Promise<void> {
  await tx.execute('insert into audit_report (tenant, matter_id, audit_id, digest, fact_id, report_sealed, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing', [tenant, matterId, row.audit, row.digest, row.factId, row.reportSealed, row.at])
}
