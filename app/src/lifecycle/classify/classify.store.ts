// SPDX-License-Identifier: Apache-2.0
import type { Scope } from '../discover/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import type { Facets } from './facets.rules.ts'
import type { Treatment } from './treatment.ts'

/** Stores what was recorded of a data set, and which purposes need each field. */
export async function updateTreatment(tx: Tx, { tenant, matterId }: Scope, dataSetId: string, treatment: Treatment): Promise<void> {
  await tx.execute('update data_set set treatment = $4::jsonb where tenant = $1 and matter_id = $2 and id = $3', [tenant, matterId, dataSetId, JSON.stringify(treatment)])
  const needed = treatment.groups.flatMap((group) => group.fields.map((field) => ({ field, purposes: group.purposes })))
  await tx.execute(
    `update field f set needed_for = coalesce((select array(select jsonb_array_elements_text(n.purposes)) from unnest($4::text[], $5::jsonb[]) as n(id, purposes) where n.id = f.id), '{}')
      where f.tenant = $1 and f.matter_id = $2 and f.data_set_id = $3`,
    [tenant, matterId, dataSetId, needed.map((one) => one.field), needed.map((one) => JSON.stringify(one.purposes))],
  )
}

/** Stores the clear facets of some records. */
export async function updateFacets(tx: Tx, { tenant, matterId }: Scope, rows: readonly { recordId: Uint8Array; facets: Facets }[]): Promise<void> {
  await tx.execute(
    `update record r set facets = v.facets from unnest($3::bytea[], $4::jsonb[]) as v(id, facets) where r.tenant = $1 and r.matter_id = $2 and r.id = v.id`,
    [tenant, matterId, rows.map((row) => row.recordId), rows.map((row) => JSON.stringify(row.facets))],
  )
}

/** Takes the facets of a data set away, before they are made anew. */
export async function clearFacets(tx: Tx, { tenant, matterId }: Scope, dataSetId: string): Promise<void> {
  await tx.execute(`update record set facets = '{}' where tenant = $1 and matter_id = $2 and data_set_id = $3 and facets <> '{}'`, [tenant, matterId, dataSetId])
}

/** One value of a facet and how many records have it. */
export interface FacetCount {
  facet: string
  value: string
  records: number
}

/** The facet values of a data set, most frequent first. */
export async function countFacets(db: Queryable, { tenant, matterId }: Scope, dataSetId: string): Promise<FacetCount[]> {
  return db.query<{ facet: string; value: string; records: number }>(
    `select f.key as facet, f.value, count(*)::bigint as records from record r, jsonb_each_text(r.facets) f
      where r.tenant = $1 and r.matter_id = $2 and r.data_set_id = $3 group by 1, 2 order by 1, 3 desc, 2`,
    [tenant, matterId, dataSetId],
  )
}

/** The state of a data set's treatment: how often it was recorded and the digest of the present one. */
export interface TreatmentState {
  run: number
  digest: string
  /** A delta scan booked new or changed records since: their facets are still to be made. */
  stale?: boolean
}

/** The present treatment's state, or null. */
export async function loadTreatmentState(db: Queryable, { tenant, matterId }: Scope, dataSetId: string): Promise<TreatmentState | null> {
  const rows = await db.query<{ result: TreatmentState }>('select result from step_done where tenant = $1 and matter_id = $2 and effect = $3', [tenant, matterId, `treat/${dataSetId}`])
  return rows[0]?.result ?? null
}

/** Remembers the state of a data set's treatment. */
export async function storeTreatmentState(tx: Tx, { tenant, matterId }: Scope, given: { dataSetId: string; state: TreatmentState; at: string }): Promise<void> {
  await tx.execute(
    `insert into step_done (tenant, matter_id, effect, result, at) values ($1, $2, $3, $4::jsonb, $5)
     on conflict (tenant, matter_id, effect) do update set result = excluded.result, at = excluded.at`,
    [tenant, matterId, `treat/${given.dataSetId}`, JSON.stringify(given.state), given.at],
  )
}
