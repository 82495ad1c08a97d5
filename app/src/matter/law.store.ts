// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../kit/time.ts'
import type { Queryable, Tx } from '../store/index.ts'

/** 法规采用. One adoption of a law by a matter; the pack stays sealed. */
export interface LawAdoptionRow {
  id: string
  number: number
  version: string
  /** Digest of the signed pack; null when the matter went back to the shipped law. */
  pack: string | null
  signedByParty: string | null
  sealed: Buffer | null
  loosened: number
  adoptedBy: string
  approval: string | null
  at: Instant
}

/** All adoptions of a matter, the oldest first. */
export async function loadLawAdoptions(db: Queryable, tenant: string, matterId: string): Promise<LawAdoptionRow[]> {
  return db.query(
    `select id, number, version, pack, signed_by_party as "signedByParty", sealed, loosened, adopted_by as "adoptedBy", approval, at from law_adoption where tenant = $1 and matter_id = $2 order by number`, [tenant, matterId])
}

/** The adoption that counts, or undefined while the matter uses the shipped law. */
export async function newestLawAdoption(db: Queryable, tenant: string, matterId: string): Promise<Pick<LawAdoptionRow, 'id' | 'version' | 'pack' | 'sealed'> | undefined> {
  const [row] = await db.query<Pick<LawAdoptionRow, 'id' | 'version' | 'pack' | 'sealed'>>(
    'select id, version, pack, sealed from law_adoption where tenant = $1 and matter_id = $2 order by number desc limit 1', [tenant, matterId])
  return row
}

/** Writes an adoption behind all others of the matter. */
export async function insertLawAdoption(tx: Tx, tenant: string, row: Omit<LawAdoptionRow, 'number'> & { matterId: string }): Promise<void> {
  await tx.execute(
    `insert into law_adoption (tenant, matter_id, id, number, version, pack, signed_by_party, sealed, loosened, adopted_by, approval, at)
     select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11 from law_adoption where tenant = $1 and matter_id = $2`,
    [tenant, row.matterId, row.id, row.version, row.pack, row.signedByParty, row.sealed, row.loosened, row.adoptedBy, row.approval, row.at])
}
