// SPDX-License-Identifier: Apache-2.0
import type { AgeGroup } from '../../law/nouns.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import { birthTagType, identityKeyTypes, nameTagType, tagBytes } from './identity-keys.rules.ts'
import type { Scope } from './ingest.store.ts'

/** A record as far as persons are concerned, in inventory order. */
export interface RecordRow {
  id: Buffer
  inventory_index: number
  age_group: AgeGroup
  subject_id: string | null
  /** Something in it belongs to a natural person: a key, or a name. */
  is_personal: boolean
  name_tag: Buffer | null
  birth_tag: Buffer | null
}

/** All records that are not erased; name tags that cannot be compared come as null. */
export function streamRecordTraits(db: Queryable, { tenant, matterId }: Scope): AsyncGenerator<RecordRow[], void, undefined> {
  return db.stream<RecordRow>(
    `select r.id, r.inventory_index, r.age_group, s.subject_id, k.name_tag, k.birth_tag, k.record_id is not null as is_personal
       from record r
       left join (select record_id, min(blind) filter (where key_type = $3 and length(blind) = $4) as name_tag,
                         min(blind) filter (where key_type = $5) as birth_tag from record_key where tenant = $1 and matter_id = $2 group by record_id) k on k.record_id = r.id
       left join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
      where r.tenant = $1 and r.matter_id = $2 and r.erased_at is null order by r.inventory_index`,
    [tenant, matterId, nameTagType, tagBytes, birthTagType],
    10_000,
  )
}

/** One identity key with the inventory places of the records that hold it. */
export interface KeyRow {
  key_type: string
  blind: Buffer
  places: number[]
  is_placeholder: boolean
}

/** Identity keys that stand in more than one record, or are resident IDs (which tell people apart even alone), or are known to be nobody's. */
export function streamKeys(db: Queryable, { tenant, matterId }: Scope): AsyncGenerator<KeyRow[], void, undefined> {
  return db.stream<KeyRow>(
    `select k.key_type, k.blind, array_agg(r.inventory_index order by r.inventory_index) as places, bool_or(d.why is not null) as is_placeholder
       from record_key k
       join record r on r.tenant = k.tenant and r.matter_id = k.matter_id and r.id = k.record_id and r.erased_at is null
       left join demoted_key d on d.tenant = k.tenant and d.matter_id = k.matter_id and d.key_type = k.key_type and d.blind = k.blind and d.why = 'placeholder'
      where k.tenant = $1 and k.matter_id = $2 and k.proven and k.key_type = any($3::text[])
      group by k.key_type, k.blind having count(*) > 1 or k.key_type = 'resident-id' or bool_or(d.why is not null)
      order by k.key_type, k.blind`,
    [tenant, matterId, [...identityKeyTypes]],
    2000,
  )
}

/** Takes the former subjects away; they are rebuilt, not patched (CONTRACTS §14). */
export async function clearSubjects(tx: Tx, { tenant, matterId }: Scope): Promise<void> {
  await tx.execute('delete from record_subject where tenant = $1 and matter_id = $2', [tenant, matterId])
  await tx.execute('delete from subject where tenant = $1 and matter_id = $2', [tenant, matterId])
  await tx.execute(`delete from demoted_key where tenant = $1 and matter_id = $2 and why <> 'placeholder'`, [tenant, matterId])
}

/** Inserts subjects. */
export async function insertSubjects(tx: Tx, { tenant, matterId }: Scope, subjects: readonly { id: string; records: number; ageGroup: AgeGroup }[]): Promise<void> {
  await tx.execute(
    'insert into subject (tenant, matter_id, id, records, age_group) select $1, $2, * from unnest($3::text[], $4::int[], $5::text[])',
    [tenant, matterId, subjects.map((s) => s.id), subjects.map((s) => s.records), subjects.map((s) => s.ageGroup)],
  )
}

/** Inserts which record belongs to which subject. */
export async function insertRecordSubjects(tx: Tx, { tenant, matterId }: Scope, rows: readonly { recordId: Buffer; subjectId: string }[]): Promise<void> {
  await tx.execute(
    'insert into record_subject (tenant, matter_id, record_id, subject_id) select $1, $2, * from unnest($3::bytea[], $4::text[])',
    [tenant, matterId, rows.map((row) => row.recordId), rows.map((row) => row.subjectId)],
  )
}

/** Inserts demoted keys, or their present degree. */
export async function upsertDemotedKeys(tx: Tx, { tenant, matterId }: Scope, keys: readonly { type: string; blind: Buffer; degree: number; why: string }[]): Promise<void> {
  await tx.execute(
    `insert into demoted_key (tenant, matter_id, key_type, blind, degree, why) select $1, $2, * from unnest($3::text[], $4::bytea[], $5::int[], $6::text[])
     on conflict (tenant, matter_id, key_type, blind) do update set degree = excluded.degree, why = excluded.why`,
    [tenant, matterId, keys.map((k) => k.type), keys.map((k) => k.blind), keys.map((k) => k.degree), keys.map((k) => k.why)],
  )
}

/** What the last resolution found, as it was reported. */
export interface Resolution {
  run: number
  digest: string
  /** Records that were there, so that later ones are noticed. */
  records: number
  lastIndex: number
  report: unknown
}

const currentEffect = 'subjects/current'

/** The last resolution of a matter, or null. */
export async function loadResolution(db: Queryable, { tenant, matterId }: Scope): Promise<Resolution | null> {
  const rows = await db.query<{ result: Resolution }>('select result from step_done where tenant = $1 and matter_id = $2 and effect = $3', [tenant, matterId, currentEffect])
  return rows[0]?.result ?? null
}

/** Remembers the resolution that now holds. */
export async function storeResolution(tx: Tx, { tenant, matterId }: Scope, resolution: Resolution & { at: string }): Promise<void> {
  const { at, ...result } = resolution
  await tx.execute(
    `insert into step_done (tenant, matter_id, effect, result, at) values ($1, $2, $3, $4::jsonb, $5)
     on conflict (tenant, matter_id, effect) do update set result = excluded.result, at = excluded.at`,
    [tenant, matterId, currentEffect, JSON.stringify(result), at],
  )
}

/** Booked records that came after the last resolution. */
export async function recordsAfter(db: Queryable, { tenant, matterId }: Scope, lastIndex: number): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::bigint as n from record where tenant = $1 and matter_id = $2 and inventory_index > $3 and erased_at is null', [tenant, matterId, lastIndex])
  return row?.n ?? 0
}

/** Persons with at least one sensitive value that is still there (rule A02). */
export async function countSensitiveSubjects(db: Queryable, { tenant, matterId }: Scope): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select count(distinct s.subject_id)::bigint as n
       from field f
       join record r on r.tenant = f.tenant and r.matter_id = f.matter_id and r.data_set_id = f.data_set_id and r.erased_at is null
        and get_byte(r.dispositions, f.position) not in (0, 5)
       join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
      where f.tenant = $1 and f.matter_id = $2 and f.grade = 'sensitive'`,
    [tenant, matterId],
  )
  return row?.n ?? 0
}

/** Persons by age group, as they now stand (erased ones out, rule A02). */
export async function countSubjectsByAge(db: Queryable, { tenant, matterId }: Scope): Promise<{ age_group: AgeGroup; n: number }[]> {
  return db.query<{ age_group: AgeGroup; n: number }>(
    `select s.age_group, count(*)::bigint as n from subject s
      where s.tenant = $1 and s.matter_id = $2
        and exists (select 1 from record_subject rs join record r on r.tenant = rs.tenant and r.matter_id = rs.matter_id and r.id = rs.record_id and r.erased_at is null
                     where rs.tenant = s.tenant and rs.matter_id = s.matter_id and rs.subject_id = s.id)
      group by 1`,
    [tenant, matterId],
  )
}

/** Demoted keys by kind and reason. */
export async function countDemotedKeys(db: Queryable, { tenant, matterId }: Scope): Promise<{ type: string; why: string; keys: number; records: number }[]> {
  return db.query<{ type: string; why: string; keys: number; records: number }>(
    `select key_type as type, why, count(*)::bigint as keys, sum(degree)::bigint as records from demoted_key where tenant = $1 and matter_id = $2 group by 1, 2 order by 1, 2`,
    [tenant, matterId],
  )
}
