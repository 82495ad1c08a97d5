// SPDX-License-Identifier: Apache-2.0
import { ageGroups } from '../../law/nouns.ts'
import { sqlText, type CopiedRows, type Queryable, type Tx } from '../../store/index.ts'
import type { Scope } from './ingest.store.ts'

/** Words that stand for the age groups in a copied column, by their place in the list. */
const ageList = `array[${ageGroups.map(sqlText).join(', ')}]`

/** All records that are not erased, in inventory order: id, place, number of the age group in `ageGroups`, and the 16 bytes of the subject it belonged to so far (NULL: none). */
export function copyRecords(tx: Tx, { tenant, matterId }: Scope): AsyncGenerator<CopiedRows, void, undefined> {
  return tx.copyRows(
    `select r.id, r.inventory_index, array_position(${ageList}, r.age_group) - 1, decode(substr(s.subject_id, 5), 'hex')
       from record r left join record_subject s on s.tenant = r.tenant and s.matter_id = r.matter_id and s.record_id = r.id
      where r.tenant = ${sqlText(tenant)}::uuid and r.matter_id = ${sqlText(matterId)} and r.erased_at is null order by r.inventory_index`,
  )
}

/** All edges of one type, in no order: record, blind index (or tag), and whether the key is the record's own person's. */
export function copyEdges(tx: Tx, { tenant, matterId }: Scope, type: string): AsyncGenerator<CopiedRows, void, undefined> {
  return tx.copyRows(`select record_id, blind, proven from record_key where tenant = ${sqlText(tenant)}::uuid and matter_id = ${sqlText(matterId)} and key_type = ${sqlText(type)}`)
}

/** Keys of one type that are known to be nobody's. */
export function copyPlaceholders(tx: Tx, { tenant, matterId }: Scope, type: string): AsyncGenerator<CopiedRows, void, undefined> {
  return tx.copyRows(`select blind from demoted_key where tenant = ${sqlText(tenant)}::uuid and matter_id = ${sqlText(matterId)} and key_type = ${sqlText(type)} and why = 'placeholder'`)
}

/** Takes the former subjects away; they are rebuilt, not patched (CONTRACTS §14). The keys of an erased record are gone and its values may live on in another copy: it stays with the person that it was found to be of. */
export async function clearSubjects(tx: Tx, { tenant, matterId }: Scope): Promise<void> {
  await tx.execute(
    `delete from record_subject s where s.tenant = $1 and s.matter_id = $2
       and not exists (select 1 from record r where r.tenant = $1 and r.matter_id = $2 and r.id = s.record_id and r.erased_at is not null)`,
    [tenant, matterId],
  )
  await tx.execute('delete from subject c where c.tenant = $1 and c.matter_id = $2 and not exists (select 1 from record_subject s where s.tenant = $1 and s.matter_id = $2 and s.subject_id = c.id)', [tenant, matterId])
  await tx.execute(`delete from demoted_key where tenant = $1 and matter_id = $2 and why <> 'placeholder'`, [tenant, matterId])
}

/** Inserts subjects, given as binary array parameters; one that erased records still belong to keeps the youngest age that was known of it. */
export async function insertSubjects(tx: Tx, { tenant, matterId }: Scope, subjects: { id: Buffer; records: Buffer; ageGroup: Buffer }): Promise<void> {
  await tx.execute(
    `insert into subject (tenant, matter_id, id, records, age_group) select $1::uuid, $2::text, * from unnest($3::text[], $4::int[], $5::text[])
     on conflict (tenant, matter_id, id) do update set records = excluded.records,
       age_group = case when array_position(${ageList}, excluded.age_group) < array_position(${ageList}, subject.age_group) then excluded.age_group else subject.age_group end`,
    [tenant, matterId, subjects.id, subjects.records, subjects.ageGroup],
  )
}

/** Inserts which record belongs to which subject, given as binary array parameters. */
export async function insertRecordSubjects(tx: Tx, { tenant, matterId }: Scope, rows: { recordId: Buffer; subjectId: Buffer }): Promise<void> {
  await tx.execute('insert into record_subject (tenant, matter_id, record_id, subject_id) select $1::uuid, $2::text, * from unnest($3::bytea[], $4::text[])', [tenant, matterId, rows.recordId, rows.subjectId])
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

/** Demoted keys by kind and reason. */
export async function countDemotedKeys(db: Queryable, { tenant, matterId }: Scope): Promise<{ type: string; why: string; keys: number; records: number }[]> {
  return db.query<{ type: string; why: string; keys: number; records: number }>(
    `select key_type as type, why, count(*)::bigint as keys, sum(degree)::bigint as records from demoted_key where tenant = $1 and matter_id = $2 group by 1, 2 order by 1, 2`,
    [tenant, matterId],
  )
}
