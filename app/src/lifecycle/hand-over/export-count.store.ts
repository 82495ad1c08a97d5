// SPDX-License-Identifier: Apache-2.0
import type { PersonsAbroad } from '../../law/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'

/** Who is in a package, and of whom something sensitive is (PIPL 28: a sensitive field that was sent, or anything about a child under 14). Bits of `fields` count from the lowest, as the presence bitmap does. The sensitive fields of a data set are gathered once, not asked for at each record. */
const sentPersons = `
  select rs.subject_id, bool_or(s.age_group = 'under14' or exists (select 1 from unnest(f.sensitive) as a(position) where a.position < length(p.fields) * 8 and get_bit(p.fields, a.position) = 1)) as sensitive
    from package_record p
    join record r on r.tenant = p.tenant and r.matter_id = p.matter_id and r.id = p.record_id
    left join (select tenant, matter_id, data_set_id, array_agg(position) as sensitive from field where coalesce(decided_grade, grade) = 'sensitive' group by 1, 2, 3) f
      on f.tenant = r.tenant and f.matter_id = r.matter_id and f.data_set_id = r.data_set_id
    join record_subject rs on rs.tenant = p.tenant and rs.matter_id = p.matter_id and rs.record_id = p.record_id
    join subject s on s.tenant = rs.tenant and s.matter_id = rs.matter_id and s.id = rs.subject_id`

/** Notes how many persons a package takes abroad whom no earlier package of this matter took this year; once a package. */
export async function noteExport(tx: Tx, { tenant, matterId }: Scope, sent: { packageId: string; year: number; at: string }): Promise<void> {
  await tx.execute(
    `with before as (
       select x.subject_id, bool_or(x.sensitive) as sensitive from (${sentPersons}
         join export_count e on e.tenant = p.tenant and e.matter_id = p.matter_id and e.package_id = p.package_id and e.year = $4
        where p.tenant = $1 and p.matter_id = $2 and p.package_id <> $3 group by 1) x group by 1
     ), mine as (${sentPersons} where p.tenant = $1 and p.matter_id = $2 and p.package_id = $3 group by 1)
     insert into export_count (tenant, matter_id, package_id, year, persons, sensitive, at)
     select $1::uuid, $2::text, $3::text, $4::int, count(*) filter (where b.subject_id is null), count(*) filter (where m.sensitive and not coalesce(b.sensitive, false)), $5::timestamptz
       from mine m left join before b on b.subject_id = m.subject_id
     on conflict do nothing`,
    [tenant, matterId, sent.packageId, sent.year, sent.at],
  )
}

/** What the packages of a year took abroad: of this matter, and of all other matters of the home. */
export async function exportedInYear(db: Queryable, { tenant, matterId }: Scope, year: number): Promise<{ here: PersonsAbroad; others: PersonsAbroad }> {
  const rows = await db.query<PersonsAbroad & { here: boolean; [column: string]: unknown }>(
    `select matter_id = $2 as here, coalesce(sum(persons), 0)::bigint as persons, coalesce(sum(sensitive), 0)::bigint as sensitive from export_count where tenant = $1 and year = $3 group by 1`,
    [tenant, matterId, year],
  )
  const of = (isHere: boolean): PersonsAbroad => {
    const row = rows.find(({ here }) => here === isHere)
    return { persons: row?.persons ?? 0, sensitive: row?.sensitive ?? 0 }
  }
  return { here: of(true), others: of(false) }
}

/** The persons whom this matter sent abroad this year and who are still known by name of their id. */
export function streamExported(db: Queryable, { tenant, matterId }: Scope, year: number): AsyncGenerator<{ subject_id: string; sensitive: boolean }[], void, undefined> {
  return db.stream<{ subject_id: string; sensitive: boolean }>(
    // The packages first, as a list: joined, the planner takes the one unknown row of a young table for a reason to look up each record by itself.
    `${sentPersons} where p.tenant = $1 and p.matter_id = $2 and p.package_id = any (array(select e.package_id from export_count e where e.tenant = $1 and e.matter_id = $2 and e.year = $3)) group by 1`,
    [tenant, matterId, year],
    4000,
  )
}
