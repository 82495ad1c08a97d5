// SPDX-License-Identifier: Apache-2.0
import { envelopeText, parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'

/** Which matter of which tenant. */
export interface CounselScope {
  tenant: string
  matterId: string
}

/** An opinion or a letter as it lies in the database. */
export interface CounselRow {
  id: string
  kind: 'opinion' | 'letter'
  envelope: DsseEnvelope
  digest: Buffer
  documentSealed: Buffer
  wordsSealed: Buffer
  signedBy: string
  at: Instant
}

/** All documents of a kind, the oldest first. */
export async function loadCounselRows(db: Queryable, { tenant, matterId }: CounselScope, kind: CounselRow['kind']): Promise<CounselRow[]> {
  const rows = await db.query<Omit<CounselRow, 'envelope'> & { envelope: string }>(
    `select id, kind, statement::text as envelope, digest, document_sealed as "documentSealed", words_sealed as "wordsSealed", signed_by as "signedBy", at
       from counsel_document where tenant = $1 and matter_id = $2 and kind = $3 order by at, id`,
    [tenant, matterId, kind],
  )
  return rows.map((row) => ({ ...row, envelope: parseEnvelope(row.envelope) }))
}

/** Writes a document. */
export async function insertCounselRow(tx: Tx, { tenant, matterId }: CounselScope, row: CounselRow): Promise<void> {
  await tx.execute('insert into counsel_document (tenant, matter_id, id, kind, statement, digest, document_sealed, words_sealed, signed_by, at) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10)', [
    tenant, matterId, row.id, row.kind, envelopeText(row.envelope), row.digest, row.documentSealed, row.wordsSealed, row.signedBy, row.at,
  ])
}
