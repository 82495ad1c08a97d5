// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** A decision as it lies in the database: the signed envelope says everything else. */
export interface OverrideRow {
  id: string
  number: number
  envelope: DsseEnvelope
  digest: Buffer
  signedBy: string
  reasonSealed: Buffer
}

/** All decisions on grades of a matter, the oldest first. */
export async function loadOverrideRows(db: Queryable, { tenant, matterId }: Scope): Promise<OverrideRow[]> {
  const rows = await db.query<Omit<OverrideRow, 'envelope'> & { envelope: string }>(
    `select id, number, statement::text as envelope, digest, signed_by as "signedBy", reason_sealed as "reasonSealed" from grade_override where tenant = $1 and matter_id = $2 order by number`,
    [tenant, matterId],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}

/** A decision to be written. */
export interface NewOverrideRow {
  id: string
  scope: string
  salt: Buffer
  print: Buffer
  type: string | null
  grade: string | null
  envelope: DsseEnvelope
  digest: Buffer
  reasonSealed: Buffer
  adopted: unknown
  signedBy: string
  at: Instant
}

/** Writes a decision behind all others of the matter. */
export async function insertOverrideRow(tx: Tx, { tenant, matterId }: Scope, row: NewOverrideRow): Promise<void> {
  await tx.execute(
    `insert into grade_override (tenant, matter_id, id, number, scope, salt, print, type, grade, statement, digest, reason_sealed, adopted, signed_by, at)
     select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12::jsonb, $13, $14 from grade_override where tenant = $1 and matter_id = $2`,
    [tenant, matterId, row.id, row.scope, row.salt, row.print, row.type, row.grade, envelopeText(row.envelope), row.digest, row.reasonSealed, row.adopted === null ? null : JSON.stringify(row.adopted), row.signedBy, row.at],
  )
}

/** What now counts for fields that are in the books; nulls take a decision back. Fields that a decision already says so are left alone. */
export async function updateDecided(tx: Tx, { tenant, matterId }: Scope, fields: readonly { id: string; type: string | null; grade: string | null; by: string | null }[]): Promise<void> {
  await tx.execute(
    `update field f set decided_type = v.type, decided_grade = v.grade, decided_by = v.by
       from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as v(id, type, grade, by)
      where f.tenant = $1 and f.matter_id = $2 and f.id = v.id and f.decided_by is distinct from v.by`,
    [tenant, matterId, fields.map(({ id }) => id), fields.map(({ type }) => type), fields.map(({ grade }) => grade), fields.map(({ by }) => by)],
  )
}

/** Records of each data set whose age is known, and those of people below fourteen, as they now stand. */
export async function countAges(db: Queryable, { tenant, matterId }: Scope): Promise<{ dataSetId: string; births: number; under14: number }[]> {
  return db.query(
    `select data_set_id as "dataSetId", count(*) filter (where age_group <> 'unknown')::bigint as births, count(*) filter (where age_group = 'under14')::bigint as under14
       from record where tenant = $1 and matter_id = $2 and erased_at is null group by 1`,
    [tenant, matterId],
  )
}

/** Values that were discovered in each field, by the books. */
export async function countValues(db: Queryable, { tenant, matterId }: Scope): Promise<{ fieldId: string; values: number }[]> {
  return db.query(
    `select field_id as "fieldId", sum(case when from_account = 'discovered' then amount when to_account = 'discovered' then -amount else 0 end)::bigint as values
       from posting where tenant = $1 and matter_id = $2 and (from_account = 'discovered' or to_account = 'discovered') group by 1`,
    [tenant, matterId],
  )
}

/** Natural persons that were resolved; null before `subjects`. */
export async function countKnownSubjects(db: Queryable, { tenant, matterId }: Scope): Promise<number | null> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from subject where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row === undefined || row.n === 0 ? null : row.n
}
