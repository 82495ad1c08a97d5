// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'

/** A fact as it lies in the database: the signed envelope says everything else. */
export interface FactRow {
  id: string
  name: string
  envelope: DsseEnvelope
  digest: Buffer
  signedBy: string
  recordedAt: string
  supersededBy: string | null
}

/** All facts of a matter, the oldest first. */
export async function loadFactRows(db: Queryable, tenant: string, matterId: string): Promise<FactRow[]> {
  const rows = await db.query<Omit<FactRow, 'envelope'> & { envelope: string }>(
    `select id, name, statement::text as envelope, digest, signed_by as "signedBy", recorded_at as "recordedAt", superseded_by as "supersededBy"
     from fact where tenant = $1 and matter_id = $2 order by recorded_at, id`,
    [tenant, matterId],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}

/** Writes a fact. */
export async function insertFact(tx: Tx, tenant: string, fact: { matterId: string; id: string; name: string; envelope: DsseEnvelope; digest: Buffer; signedBy: string; recordedAt: Instant }): Promise<void> {
  await tx.execute('insert into fact (tenant, matter_id, id, name, statement, digest, signed_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
    tenant, fact.matterId, fact.id, fact.name, envelopeText(fact.envelope), fact.digest, fact.signedBy, fact.recordedAt,
  ])
}

/** Notes that a later fact took the place of this one. */
export async function supersedeFact(tx: Tx, tenant: string, fact: { matterId: string; id: string; by: string }): Promise<void> {
  await tx.execute('update fact set superseded_by = $4 where tenant = $1 and matter_id = $2 and id = $3 and superseded_by is null', [tenant, fact.matterId, fact.id, fact.by])
}

/** Whether the matter has this data set. */
export async function hasDataSet(db: Queryable, tenant: string, matterId: string, dataSetId: string): Promise<boolean> {
  const rows = await db.query('select 1 from data_set where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, dataSetId])
  return rows.length > 0
}
