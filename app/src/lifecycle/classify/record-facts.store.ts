// SPDX-License-Identifier: Apache-2.0
import type { Scope } from '../discover/index.ts'
import type { Queryable } from '../../store/index.ts'
import { agreements } from './choices.rules.ts'

/** A record with everything that was said of its person, as the database gives it. */
export interface RecordFactsRow {
  id: Buffer
  data_set_id: string
  inventory_index: number
  ordinal: number
  version: number
  subject_id: string | null
  age_group: string
  presence: Buffer
  dispositions: Buffer
  /** JSON of the facets. */
  facets: string
  /** JSON: {k kind, s status, m made at}, for the record and for its person. */
  own_choices: string | null
  person_choices: string | null
  /** `notice:result:day,…`: the day in China of the first such result. */
  notices: string | null
  /** JSON: {r reason, u until}. */
  holds: string | null
}

/** Which records: all that are not erased, or those of one data set, or these. */
export interface FactsFilter {
  dataSetId?: string
  recordIds?: readonly Uint8Array[]
  /** Only those about whose person somebody chose something. */
  withChoices?: boolean
}

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Records in inventory order with their facts, set-based. Agreements count for the record alone; everything else that one record of a person says counts for all of them (CONTRACTS §14). */
export function streamRecordFacts(db: Queryable, { tenant, matterId }: Scope, filter: FactsFilter): AsyncGenerator<RecordFactsRow[], void, undefined> {
  return db.stream<RecordFactsRow>(
    `with mine as (
       select record_id, choice, status, max(made_at) as made_at from choice where tenant = $1 and matter_id = $2 group by 1, 2, 3
     ), own as (
       select record_id, jsonb_agg(jsonb_build_object('k', choice, 's', status, 'm', ${iso('made_at')})) as said from mine group by 1
     ), of_subject as (
       select subject_id, jsonb_agg(jsonb_build_object('k', choice, 's', status, 'm', ${iso('made_at')})) as said
         from (select s.subject_id, m.choice, m.status, max(m.made_at) as made_at from mine m
                 join record_subject s on s.tenant = $1 and s.matter_id = $2 and s.record_id = m.record_id
                where m.choice <> all($5::text[]) group by 1, 2, 3) c group by 1
     ), told as (
       select record_id, string_agg(notice || ':' || result || ':' || ((at + interval '8 hours') at time zone 'UTC')::date, ',' order by notice, result) as results
         from (select record_id, notice, result, min(at) as at from notice_result where tenant = $1 and matter_id = $2 group by 1, 2, 3) n group by 1
     ), held as (
       select record_id, jsonb_agg(jsonb_build_object('r', reason, 'u', until_day)) as holds from hold where tenant = $1 and matter_id = $2 and released_seq is null group by 1
     ), held_subject as (
       select s.subject_id, jsonb_agg(distinct jsonb_build_object('r', h.reason, 'u', h.until_day)) as holds
         from hold h join record_subject s on s.tenant = h.tenant and s.matter_id = h.matter_id and s.record_id = h.record_id
        where h.tenant = $1 and h.matter_id = $2 and h.released_seq is null group by 1
     )
     select r.id, r.data_set_id, r.inventory_index, r.ordinal, r.version, rs.subject_id, coalesce(s.age_group, r.age_group) as age_group, r.facets::text as facets, r.presence, r.dispositions,
            own.said::text as own_choices, of_subject.said::text as person_choices, told.results as notices, coalesce(held_subject.holds, held.holds)::text as holds
       from record r
       left join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
       left join subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.id = rs.subject_id
       left join own on own.record_id = r.id
       left join of_subject on of_subject.subject_id = rs.subject_id
       left join told on told.record_id = r.id
       left join held on held.record_id = r.id
       left join held_subject on held_subject.subject_id = rs.subject_id
      where r.tenant = $1 and r.matter_id = $2 and r.erased_at is null
        and ($3::text is null or r.data_set_id = $3) and ($4::bytea[] is null or r.id = any($4))
        and (not $6::boolean or own.said is not null or of_subject.said is not null)
      order by r.inventory_index`,
    [tenant, matterId, filter.dataSetId ?? null, filter.recordIds ?? null, [...agreements], filter.withChoices === true],
    2000,
  )
}

/** How many persons were told, by notice and best result; a person counts once a notice. */
export async function countNotices(db: Queryable, { tenant, matterId }: Scope): Promise<{ notice: string; result: string; subjects: number }[]> {
  return db.query<{ notice: string; result: string; subjects: number }>(
    `select notice, case best when 1 then 'delivered' when 2 then 'announced' else 'bounced' end as result, count(*)::bigint as subjects from (
       select s.subject_id, n.notice, min(case n.result when 'delivered' then 1 when 'announced' then 2 else 3 end) as best
         from notice_result n join record_subject s on s.tenant = n.tenant and s.matter_id = n.matter_id and s.record_id = n.record_id
        where n.tenant = $1 and n.matter_id = $2 group by 1, 2) told group by 1, 2 order by 1, 2`,
    [tenant, matterId],
  )
}

/** How many persons chose what, by kind and status. */
export async function countChoices(db: Queryable, { tenant, matterId }: Scope): Promise<{ choice: string; status: string; subjects: number; records: number }[]> {
  return db.query<{ choice: string; status: string; subjects: number; records: number }>(
    `select c.choice, c.status, count(distinct coalesce(s.subject_id, encode(c.record_id, 'hex')))::bigint as subjects, count(distinct c.record_id)::bigint as records
       from choice c left join record_subject s on s.tenant = c.tenant and s.matter_id = c.matter_id and s.record_id = c.record_id
      where c.tenant = $1 and c.matter_id = $2 group by 1, 2 order by 1, 2`,
    [tenant, matterId],
  )
}

/** How many records stand under a hold now. */
export async function countHolds(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(distinct record_id)::bigint as n from hold where tenant = $1 and matter_id = $2 and released_seq is null', [tenant, matterId])
  return row?.n ?? 0
}
