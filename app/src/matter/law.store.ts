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

/** The newest adoption and the newest `LawAdopted` event of a matter, of one moment; null where there is none. Both have to say the same. */
export interface NewestAdoption {
  row: Omit<LawAdoptionRow, 'number' | 'at'> | null
  /** Body of the event as it was committed. */
  booked: string | null
}

/** The adoption that counts, with what the ledger says of it; read in one statement, so that an adoption meanwhile is seen whole or not at all. */
export async function newestLawAdoption(db: Queryable, tenant: string, matterId: string): Promise<NewestAdoption> {
  const [found] = await db.query<Omit<LawAdoptionRow, 'number' | 'at' | 'id'> & { id: string | null; booked: string | null }>(
    `select a.id, a.version, a.pack, a.signed_by_party as "signedByParty", a.sealed, a.loosened, a.adopted_by as "adoptedBy", a.approval, e.body as booked
       from (select 1) as always
       left join lateral (select * from law_adoption where tenant = $1 and matter_id = $2 order by number desc limit 1) a on true
       left join lateral (select body from event where tenant = $1 and matter_id = $2 and type = 'LawAdopted' order by seq desc limit 1) e on true`, [tenant, matterId])
  if (found === undefined) return { row: null, booked: null }
  const { id, booked, ...row } = found
  return { row: id === null ? null : { id, ...row }, booked }
}

/** Writes an adoption behind all others of the matter. */
export async function insertLawAdoption(tx: Tx, tenant: string, row: Omit<LawAdoptionRow, 'number'> & { matterId: string }): Promise<void> {
  await tx.execute(
    `insert into law_adoption (tenant, matter_id, id, number, version, pack, signed_by_party, sealed, loosened, adopted_by, approval, at)
     select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11 from law_adoption where tenant = $1 and matter_id = $2`,
    [tenant, row.matterId, row.id, row.version, row.pack, row.signedByParty, row.sealed, row.loosened, row.adoptedBy, row.approval, row.at])
}
