// SPDX-License-Identifier: Apache-2.0
import { parseEnvelope, type DsseEnvelope } from '@handover/proof'
import type { Queryable } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Persons with an open request, by kind and the day in China on which it came in. */
export async function countOpenRequests(db: Queryable, { tenant, matterId }: Scope): Promise<{ choice: string; day: string; persons: number }[]> {
  return db.query<{ choice: string; day: string; persons: number }>(
    `select c.choice, to_char(c.made_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(distinct coalesce(s.subject_id, encode(c.record_id, 'hex')))::bigint as persons
       from choice c left join record_subject s on s.tenant = c.tenant and s.matter_id = c.matter_id and s.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 and c.status = 'open' group by 1, 2 order by 2, 1`,
    [tenant, matterId],
  )
}

/** Persons whose request was refused, the minors among them, and persons who asked for a copy. */
export async function countAnsweredRequests(db: Queryable, { tenant, matterId }: Scope): Promise<{ refused: number; refusedMinors: number; copies: number }> {
  const [row] = await db.query<{ refused: number; refusedMinors: number; copies: number }>(
    `select count(distinct person) filter (where status = 'refused')::bigint as refused,
            count(distinct person) filter (where status = 'refused' and age_group in ('under14', 'under18'))::bigint as "refusedMinors",
            count(distinct person) filter (where choice = 'copy')::bigint as copies
       from (select c.choice, c.status, r.age_group, coalesce(s.subject_id, encode(c.record_id, 'hex')) as person
               from choice c
               left join record_subject s on s.tenant = c.tenant and s.matter_id = c.matter_id and s.record_id = c.record_id
               left join record r on r.tenant = c.tenant and r.matter_id = c.matter_id and r.id = c.record_id
              where c.tenant = $1 and c.matter_id = $2 and (c.status = 'refused' or c.choice = 'copy')) as asked`,
    [tenant, matterId],
  )
  return row ?? { refused: 0, refusedMinors: 0, copies: 0 }
}

/** Records with an accepted correction that was asked for after a package with them had been issued, and that no later package replaced. */
export async function countCorrectedAfterLeaving(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    // Corrections are few and packages fewer: the records of a package are looked up by its key, which begins with the package.
    `select count(distinct c.record_id)::bigint as n from choice c
       join package k on k.tenant = c.tenant and k.matter_id = c.matter_id and k.status not in ('building', 'refused') and k.issued_seq < c.seq
       cross join lateral (select 1 from package_record p where p.tenant = c.tenant and p.matter_id = c.matter_id and p.package_id = k.id and p.record_id = c.record_id limit 1) as went
      where c.tenant = $1 and c.matter_id = $2 and c.choice = 'correct' and c.status = 'decided'
        and not exists (select 1 from package_change g join package later on later.tenant = g.tenant and later.matter_id = g.matter_id and later.id = g.package_id
                         where g.tenant = c.tenant and g.matter_id = c.matter_id and g.record_id = c.record_id and later.status not in ('building', 'refused') and later.issued_seq > c.seq)`,
    [tenant, matterId],
  )
  return row?.n ?? 0
}

/** The signed statements of the privacy notices, by the days on which they were in force. */
export async function loadPrivacyStatements(db: Queryable, { tenant, matterId }: Scope): Promise<DsseEnvelope[]> {
  const rows = await db.query<{ envelope: string }>('select statement::text as envelope from privacy_notice where tenant = $1 and matter_id = $2 order by from_day, at, id', [tenant, matterId])
  return rows.map((row) => parseEnvelope(row.envelope))
}

/** Persons by the two facets that tell which privacy notice they accepted. */
export async function countAccepted(db: Queryable, { tenant, matterId }: Scope, facets: { version: string; year: string }): Promise<{ version: string | null; year: string | null; persons: number }[]> {
  return db.query<{ version: string | null; year: string | null; persons: number }>(
    `select version, year, count(*)::bigint as persons from (
       select distinct r.facets->>$3 as version, r.facets->>$4 as year, s.subject_id
         from record r join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
        where r.tenant = $1 and r.matter_id = $2 and r.erased_at is null) as accepted group by 1, 2`,
    [tenant, matterId, facets.version, facets.year],
  )
}
