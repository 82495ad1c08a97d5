// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { readTreatment } from './treatment.ts'
import { namedDataSets } from './treat-data-sets.ts'
import { loadDataSets } from '../discover/index.ts'
import { classifyFailures } from './classify-failures.ts'

/** 处理情况样表. The treatment file of a matter as it stands, ready to be filled in: treated data sets as recorded, the others with one open group for all columns. Holds column titles: it stays on the party's own machine. */
export async function treatmentTemplate(ctx: Context, matter: Matter): Promise<object> {
  const named = await namedDataSets(ctx, matter.id)
  if (named.length === 0) throw classifyFailures.NOTHING_BOOKED()
  const stored = new Map((await loadDataSets(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).map((set) => [set.id, readTreatment(set.treatment)]))
  const names = Map.groupBy(named, (set) => set.name)
  return {
    version: 1,
    dataSets: named.map((set) => {
      const dataSet = (names.get(set.name)?.length ?? 0) > 1 ? set.number : set.name
      const title = new Map(set.fields.map((field) => [field.id, titleOf(set.fields, field)]))
      const treatment = stored.get(set.id) ?? null
      if (treatment === null) return { dataSet, collected: 'unknown', facets: [], groups: [{ name: '待定', basis: 'unknown', purposes: [], recordsClasses: null, columns: set.fields.map((field) => title.get(field.id)) }] }
      const { facets, groups, ...shape } = treatment
      return {
        dataSet, ...shape,
        facets: facets.map(({ field, ...facet }) => ({ ...facet, column: title.get(field) })),
        groups: groups.map(({ fields, ...group }) => ({ ...group, columns: fields.map((field) => title.get(field)) })),
      }
    }),
  }
}

/** A column's title, or its number where the title is blank or not the only one. */
function titleOf(fields: readonly { id: string; name: string; position: number }[], field: { name: string; position: number }): string {
  const isUnique = field.name !== '' && fields.filter((one) => one.name === field.name).length === 1
  return isUnique ? field.name : `#${field.position + 1}`
}
