// SPDX-License-Identifier: Apache-2.0
// Whom the transferor still holds. The vault is one copy of several: what stays in use lives on in the originals alone once the vault gave it up, and is held all the same (PIPL 4: storage is handling).
import type { AgeGroup } from '../../law/nouns.ts'
import type { Queryable } from '../../store/index.ts'
import type { Scope } from './ingest.store.ts'

/** Copies of originals that nobody has ended, and records of which the approved plan lets the giver's copy be used on; each is read only when a record that the vault gave up asks for it. */
const asides = `open_original as materialized (
       select data_set_id, source_id from copy where tenant = $1 and matter_id = $2 and kind = 'original' and ended_how is null),
     original_left as materialized (
       select d.id from data_set d where d.tenant = $1 and d.matter_id = $2 and exists (select 1 from open_original o where o.data_set_id = d.id or (o.data_set_id is null and o.source_id = d.source_id))),
     approved as materialized (
       select p.id from plan p where p.tenant = $1 and p.matter_id = $2 and not p.superseded and p.approved_seq is not null order by p.computed_at desc, p.id limit 1),
     used_on as materialized (
       select v.record_id from plan_verdict v where v.tenant = $1 and v.matter_id = $2 and v.plan_id = (select id from approved) and position('\\x03'::bytea in v.residual) > 0)`

/** The record `r` has a value that the transferor holds: in the vault, in use (2), still to be decided (6), on its way (7), handed over with a copy of its own in use, or in an original that nobody has ended. */
const recordIsHeld = `(r.erased_at is null
        or position('\\x02'::bytea in r.dispositions) > 0 or position('\\x06'::bytea in r.dispositions) > 0 or position('\\x07'::bytea in r.dispositions) > 0
        or r.id in (select record_id from used_on)
        or (r.data_set_id in (select id from original_left) and (r.in_original is null or r.in_original <> decode(repeat('00', length(r.in_original)), 'hex'))))`

/** The same of its value at the position `p`, which is there (not 0) and not destroyed (5) wherever it lies. */
const valueIsHeld = (p: string): string => `(get_byte(r.dispositions, ${p}) in (2, 6, 7)
        or (get_byte(r.dispositions, ${p}) not in (0, 5) and (
          (r.erased_at is null and (r.held is null or get_bit(r.held, ${p}) = 1))
          or (r.id in (select record_id from used_on) and get_byte((select v.residual from plan_verdict v where v.tenant = $1 and v.matter_id = $2 and v.plan_id = (select id from approved) and v.record_id = r.id), ${p}) = 3)
          or (r.data_set_id in (select id from original_left) and (r.in_original is null or get_bit(r.in_original, ${p}) = 1)))))`

/** Natural persons by age group, as the transferor holds them now (rule A02); who is gone from every copy is out. */
export async function countSubjectsByAge(db: Queryable, { tenant, matterId }: Scope): Promise<{ age_group: AgeGroup; n: number }[]> {
  return db.query<{ age_group: AgeGroup; n: number }>(
    `with ${asides}
     select s.age_group, count(*)::bigint as n from subject s
      where s.tenant = $1 and s.matter_id = $2
        and exists (select 1 from record_subject rs join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and ${recordIsHeld}
                     where rs.tenant = s.tenant and rs.matter_id = s.matter_id and rs.subject_id = s.id)
      group by 1`,
    [tenant, matterId],
  )
}

/** Persons with at least one sensitive value that is still held, and everybody under 14, whose information all is (PIPL 28; rule A02). */
export async function countSensitiveSubjects(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `with ${asides}
     select count(distinct found.subject_id)::bigint as n from (
       select s.subject_id
       from field f
       join record r on r.tenant = f.tenant and r.matter_id = f.matter_id and r.data_set_id = f.data_set_id and ${valueIsHeld('f.position')}
       join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
      where f.tenant = $1 and f.matter_id = $2 and coalesce(f.decided_grade, f.grade) = 'sensitive'
      union all
      select c.id from subject c where c.tenant = $1 and c.matter_id = $2 and c.age_group = 'under14'
        and exists (select 1 from record_subject rs join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and ${recordIsHeld}
                     where rs.tenant = c.tenant and rs.matter_id = c.matter_id and rs.subject_id = c.id)) found`,
    [tenant, matterId],
  )
  return row?.n ?? 0
}

/** Persons with a value that is still held in one of these fields (faces for recognition, rule K07). */
export async function countHolders(db: Queryable, { tenant, matterId }: Scope, fields: readonly { dataSetId: string; position: number }[]): Promise<number> {
  if (fields.length === 0) return 0
  const [row] = await db.query<{ n: number }>(
    `with ${asides}
     select count(distinct s.subject_id)::bigint as n
       from unnest($3::text[], $4::int[]) as f(data_set_id, position)
       join record r on r.tenant = $1 and r.matter_id = $2 and r.data_set_id = f.data_set_id and ${valueIsHeld('f.position')}
       join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id`,
    [tenant, matterId, fields.map((field) => field.dataSetId), fields.map((field) => field.position)],
  )
  return row?.n ?? 0
}

/** Records behind those persons. */
export async function countHeldRecords(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(`with ${asides} select count(*)::bigint as n from record r where r.tenant = $1 and r.matter_id = $2 and ${recordIsHeld}`, [tenant, matterId])
  return row?.n ?? 0
}
