// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'
import type { Queryable } from '../../store/index.ts'

/** Whose register: every statement names tenant and matter. */
export interface RegisterScope {
  tenant: string
  matterId: string
}

/** The record `r` has a value in the account `transferred` (1). */
const wasMoved = `position('\\x01'::bytea in r.dispositions) > 0`

/** A booked data set with its source. */
export interface SetRow {
  id: string
  sourceId: string
  kind: string
  rows: number
  hidden: boolean
  treatment: unknown
  scannedAt: Instant
  notRead: number
  records: number
  under14: number
  persons: number
  /** Of these, records with a value that was handed over, and their persons. */
  movedRecords: number
  movedPersons: number
}

/** All booked data sets in inventory order, with what was entered in the books of each: a record that ended stays in them (CONTRACTS §4), whatever the vault still holds of it. */
export async function loadSetRows(db: Queryable, { tenant, matterId }: RegisterScope): Promise<SetRow[]> {
  return db.query<SetRow>(
    `with present as (
       select data_set_id, count(*)::bigint as records, count(*) filter (where age_group = 'under14')::bigint as under14, count(*) filter (where ${wasMoved})::bigint as moved
         from record r where tenant = $1 and matter_id = $2 group by 1),
     people as (
       select r.data_set_id, count(distinct rs.subject_id)::bigint as persons, count(distinct rs.subject_id) filter (where ${wasMoved})::bigint as moved
         from record r join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
        where r.tenant = $1 and r.matter_id = $2 group by 1)
     select d.id, d.source_id as "sourceId", s.kind, d.rows, d.hidden, d.treatment, s.scanned_at as "scannedAt", jsonb_array_length(s.not_read) as "notRead",
            coalesce(p.records, 0)::bigint as records, coalesce(p.under14, 0)::bigint as under14, coalesce(q.persons, 0)::bigint as persons,
            coalesce(p.moved, 0)::bigint as "movedRecords", coalesce(q.moved, 0)::bigint as "movedPersons"
       from data_set d
       join source s on s.tenant = d.tenant and s.matter_id = d.matter_id and s.id = d.source_id
       join step_done r on r.tenant = d.tenant and r.matter_id = d.matter_id and r.effect = 'ingest/' || d.source_id || '/registered'
       join step_done b on b.tenant = d.tenant and b.matter_id = d.matter_id and b.effect = 'ingest/' || d.source_id || '/booked'
       left join present p on p.data_set_id = d.id left join people q on q.data_set_id = d.id
      where d.tenant = $1 and d.matter_id = $2 order by (r.result->>'ordinal')::int, d.position`,
    [tenant, matterId],
  )
}

/** A field with what counts of it now. */
export interface FieldRow {
  dataSetId: string
  id: string
  position: number
  type: string
  grade: string
  rule: string
  confidence: number
  values: number
}

/** All fields with their values in the books; a person's decision goes before what was detected. */
export async function loadFieldRows(db: Queryable, { tenant, matterId }: RegisterScope): Promise<FieldRow[]> {
  return db.query<FieldRow>(
    `select f.data_set_id as "dataSetId", f.id, f.position, coalesce(f.decided_type, f.type) as type, coalesce(f.decided_grade, f.grade) as grade,
            case when f.decided_by is null then f.grade_rule else 'override/' || f.decided_by end as rule, f.confidence, coalesce(v.n, 0)::bigint as values
       from field f
       left join (select field_id, sum(case when from_account = 'discovered' then amount when to_account = 'discovered' then -amount else 0 end)::bigint as n
                    from posting where tenant = $1 and matter_id = $2 group by 1) v on v.field_id = f.id
      where f.tenant = $1 and f.matter_id = $2 order by f.data_set_id, f.position`,
    [tenant, matterId],
  )
}

/** A line of the copies book. */
export interface CopyRow {
  kind: string
  holder: string
  dataSetId: string | null
  sourceId: string | null
  values: number
  ended: string | null
}

/** All copies, open and ended. */
export async function loadCopyRows(db: Queryable, { tenant, matterId }: RegisterScope): Promise<CopyRow[]> {
  return db.query<CopyRow>('select kind, holder_party as holder, data_set_id as "dataSetId", source_id as "sourceId", values_held as values, ended_how as ended from copy where tenant = $1 and matter_id = $2 order by opened_seq, id', [tenant, matterId])
}

/** The lines of the newest plan, or null. */
export async function loadPlanLines(db: Queryable, { tenant, matterId }: RegisterScope): Promise<unknown> {
  const rows = await db.query<{ lines: unknown }>('select lines from plan where tenant = $1 and matter_id = $2 and not superseded order by computed_at desc, id desc limit 1', [tenant, matterId])
  return rows[0]?.lines ?? null
}

/** What was handed over by now, as the books have it. */
export async function countMoved(db: Queryable, { tenant, matterId }: RegisterScope): Promise<{ records: number; values: number; persons: number }> {
  const [row] = await db.query<{ records: number; values: number; persons: number }>(
    `select (select count(*) from record r where r.tenant = $1 and r.matter_id = $2 and ${wasMoved})::bigint as records,
            (select count(distinct rs.subject_id) from record r join record_subject rs on rs.tenant = r.tenant and rs.matter_id = r.matter_id and rs.record_id = r.id
              where r.tenant = $1 and r.matter_id = $2 and ${wasMoved})::bigint as persons,
            (select coalesce(sum(case when to_account = 'transferred' then amount when from_account = 'transferred' then -amount else 0 end), 0) from posting where tenant = $1 and matter_id = $2)::bigint as values`,
    [tenant, matterId],
  )
  return row ?? { records: 0, values: 0, persons: 0 }
}

/** Natural persons of the matter; 0 before they were resolved. */
export async function countPersons(db: Queryable, { tenant, matterId }: RegisterScope): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from subject where tenant = $1 and matter_id = $2', [tenant, matterId])
  return row?.n ?? 0
}
