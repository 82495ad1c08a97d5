// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { ageGroups, type AgeGroup } from '../../law/nouns.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { lockMatter, refreshStatistics } from './ingest.store.ts'
import { personsOf, storePersons, type Persons } from './persons.ts'
import { loadSubjectColumns, type SubjectColumns } from './subject-columns.ts'
import { loadResolution, recordsAfter, storeResolution } from './subjects.store.ts'
import { unionRecords, type Union } from './union-records.rules.ts'

/** 主体归并. What a resolution wrote; `repeated` when nothing has changed since the last one. */
export interface ResolveResult {
  subjects: number
  /** Records that belong to a person. */
  records: number
  /** Records without any natural person in them (products, branches). */
  impersonal: number
  demotedKeys: number
  ageGroups: Record<AgeGroup, number>
  repeated: boolean
}

/** Resolves natural persons across data sets from blind indexes alone (CONTRACTS §14; rules A02, B04). The same edges again give the first result; refuses when there are no records. */
export async function resolveSubjects(ctx: Context, matter: Matter): Promise<ResolveResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const result = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const columns = await loadSubjectColumns(tx, scope)
    if (columns.records === 0) throw discoverFailures.NO_RECORDS()
    const union = unionRecords(columns.keys, columns)
    const persons = personsOf(columns, union)
    const digest = digestOf(persons, columns, union)
    const last = await loadResolution(tx, scope)
    const result = resultOf(persons, columns, union)
    if (last?.digest === digest) return { ...result, repeated: true }
    await storePersons(ctx, tx, scope, { persons, columns, union })
    const run = (last?.run ?? 0) + 1
    await ctx.ledger.append(tx, matter.id, { type: 'SubjectsResolved', body: { subjects: result.subjects, records: result.records, demotedKeys: result.demotedKeys, ageGroups: result.ageGroups } }, `subjects/${run}`)
    await storeResolution(tx, scope, { run, digest, records: columns.records, lastIndex: columns.lastPlace, report: result, at: ctx.now() })
    return { ...result, repeated: false }
  })
  if (!result.repeated) await refreshStatistics(ctx.db)
  return result
}

/** Refuses while persons were never resolved, or records came since. */
export async function refuseUnlessResolved(ctx: Context, matterId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId }
  const last = await loadResolution(ctx.db, scope)
  const records = await recordsAfter(ctx.db, scope, last?.lastIndex ?? -1)
  if (last === null || records > 0) throw discoverFailures.SUBJECTS_NOT_RESOLVED({ records })
}

function digestOf(persons: Persons, columns: SubjectColumns, union: Union): string {
  const digest = createHash('sha256').update(persons.ids).update(persons.age).update(persons.of)
  for (const { key, degree, why } of union.demoted) digest.update(`${why} ${degree} `).update(columns.keys.blindOf(key))
  return digest.digest('hex')
}

function resultOf(persons: Persons, columns: SubjectColumns, union: Union): Omit<ResolveResult, 'repeated'> {
  const ages = { under14: 0, under18: 0, adult: 0, unknown: 0 }
  for (const age of persons.age) ages[ageGroups[age] ?? 'unknown'] += 1
  const counted = persons.records.reduce((sum, records) => sum + records, 0)
  return { subjects: persons.count, records: counted, impersonal: columns.records - counted, demotedKeys: union.demoted.length, ageGroups: ages }
}
