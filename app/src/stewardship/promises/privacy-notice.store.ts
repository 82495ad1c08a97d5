// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import { dayOf, instantOf } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import { foundPromisesSchema } from '../../law/index.ts'
import type { PrivacyNotice } from './privacy-notice.ts'

/** A privacy notice as it lies in the database. */
export interface PrivacyNoticeRow extends PrivacyNotice {
  envelope: DsseEnvelope
  digest: Buffer
  finder: number
  textSealed: Buffer
}

interface Scope {
  tenant: string
  matterId: string
}

interface StoredRow {
  id: string
  version: string
  from: string
  until: string | null
  kind: string
  document: Buffer
  bytes: number
  clauses: number
  finder: number
  promises: unknown
  textSealed: Buffer
  envelope: string
  digest: Buffer
  signedBy: string
  at: string
  supersededBy: string | null
}

/** All privacy notices of a matter by their first day, superseded records too. */
export async function loadPrivacyRows(db: Queryable, { tenant, matterId }: Scope): Promise<PrivacyNoticeRow[]> {
  const rows = await db.query<StoredRow & Record<string, unknown>>(
    `select id, version, from_day::text as "from", until_day::text as until, kind, document, bytes, clauses, finder, promises, text_sealed as "textSealed", statement::text as envelope, digest, signed_by as "signedBy", at, superseded_by as "supersededBy"
       from privacy_notice where tenant = $1 and matter_id = $2 order by from_day, superseded_by is null, at, id`,
    [tenant, matterId],
  )
  return rows.map((row) => ({
    ...row, from: dayOf(row.from), until: row.until === null ? null : dayOf(row.until), document: row.document.toString('hex'), promises: foundPromisesSchema.parse(row.promises), envelope: parseEnvelope(row.envelope), at: instantOf(row.at),
  }))
}

/** Writes a privacy notice. */
export async function insertPrivacyRow(tx: Tx, { tenant, matterId }: Scope, row: PrivacyNoticeRow): Promise<void> {
  await tx.execute(
    `insert into privacy_notice (tenant, matter_id, id, version, from_day, until_day, kind, document, bytes, clauses, finder, promises, text_sealed, statement, digest, signed_by, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14::jsonb, $15, $16, $17)`,
    [tenant, matterId, row.id, row.version, row.from, row.until, row.kind, Buffer.from(row.document, 'hex'), row.bytes, row.clauses, row.finder, JSON.stringify(row.promises), row.textSealed, envelopeText(row.envelope), row.digest, row.signedBy, row.at],
  )
}

/** Notes that a later record of the same version took the place of this one. */
export async function supersedePrivacyRow(tx: Tx, { tenant, matterId }: Scope, notice: { id: string; by: string }): Promise<void> {
  await tx.execute('update privacy_notice set superseded_by = $4 where tenant = $1 and matter_id = $2 and id = $3 and superseded_by is null', [tenant, matterId, notice.id, notice.by])
}
