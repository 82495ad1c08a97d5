// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { Queryable, Tx } from '../../store/index.ts'

/** 法规复核. One subject that has to be looked at again after a change of the law, and who did. */
export interface LawReviewRow {
  adoption: string
  subject: string
  items: number
  reviewedBy: string | null
  adoptedAt: Instant
}

/** All reviews of a matter that changes of its law asked for, the oldest first. */
export async function loadLawReviews(db: Queryable, tenant: string, matterId: string): Promise<LawReviewRow[]> {
  return db.query(
    `select r.adoption, r.subject, r.items, r.reviewed_by as "reviewedBy", a.at as "adoptedAt" from law_review r join law_adoption a on a.tenant = r.tenant and a.matter_id = r.matter_id and a.id = r.adoption
      where r.tenant = $1 and r.matter_id = $2 order by a.number, r.subject`, [tenant, matterId])
}

/** Writes what a change asks to be looked at. */
export async function insertLawReview(tx: Tx, tenant: string, row: { matterId: string; adoption: string; subject: string; items: number }): Promise<void> {
  await tx.execute('insert into law_review (tenant, matter_id, adoption, subject, items) values ($1, $2, $3, $4, $5)', [tenant, row.matterId, row.adoption, row.subject, row.items])
}

/** Notes that somebody looked at a subject; says for how many changes. */
export async function markReviewed(tx: Tx, tenant: string, done: { matterId: string; subject: string; by: string; at: Instant }): Promise<number> {
  const rows = await tx.query<{ adoption: string }>(
    'update law_review set reviewed_by = $4, reviewed_at = $5 where tenant = $1 and matter_id = $2 and subject = $3 and reviewed_by is null returning adoption', [tenant, done.matterId, done.subject, done.by, done.at])
  return rows.length
}
