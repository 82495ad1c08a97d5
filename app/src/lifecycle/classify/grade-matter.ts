// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { isInformationType, type ResolvedRuleSet } from '../../detection/index.ts'
import type { Grade } from '../../law/nouns.ts'
import type { Matter } from '../../matter/index.ts'
import { gradeInForce, loadDataSets } from '../discover/index.ts'
import { classifyFailures } from './classify-failures.ts'
import { viewOfBooks, type BookedSet, type GradedView } from './graded-view.ts'
import { countAges, countKnownSubjects, countValues } from './grading-override.store.ts'
import { namedDataSets } from './treat-data-sets.ts'

/** What a rule set says of everything in the books of a matter: minors by the records' age groups, scale by the persons, what people decided before all rules (个人信息保护法 第二十八条). Refuses empty books; changes nothing. */
export async function gradeMatter(ctx: Context, matter: Matter, rules: ResolvedRuleSet): Promise<GradedView> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const named = await namedDataSets(ctx, matter.id)
  if (named.length === 0) throw classifyFailures.NOTHING_BOOKED()
  const stored = new Map((await loadDataSets(ctx.db, scope)).map((set) => [set.id, set]))
  const ages = new Map((await countAges(ctx.db, scope)).map((row) => [row.dataSetId, row]))
  const values = new Map((await countValues(ctx.db, scope)).map((row) => [row.fieldId, row.values]))
  const booked = named.map((set): BookedSet => {
    const inBooks = new Map(stored.get(set.id)?.fields.map((field) => [field.id, field]))
    return {
      source: set.sourceName, name: set.name, rows: stored.get(set.id)?.rows ?? 0, births: ages.get(set.id)?.births ?? 0, under14: ages.get(set.id)?.under14 ?? 0,
      fields: set.fields.map((field) => {
        const known = inBooks.get(field.id)
        const type = known?.decided?.type ?? field.type
        const decided = known === undefined ? null : decisionOn(known)
        return { name: field.name, position: field.position, type: isInformationType(type) ? type : 'none', values: values.get(field.id) ?? 0, ...(decided === null ? {} : { decided }) }
      }),
    }
  })
  return viewOfBooks(booked, rules, await countKnownSubjects(ctx.db, scope))
}

/** A grade that a person gave, in the books or when they were written; no rule set changes it. */
function decisionOn(field: { grade: Grade; gradeRule: string; decided?: { type: string; grade: Grade; by: string } }): { grade: Grade; rule: string } | null {
  if (field.decided !== undefined) return { grade: gradeInForce(field), rule: `override/${field.decided.by}` }
  return /^override\/grd_[0-9a-f]{32}$/.test(field.gradeRule) ? { grade: field.grade, rule: field.gradeRule } : null
}
