// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { DatabaseLogin, ReadOptions } from '../../sources/index.ts'
import { bookSource } from './book-source.ts'
import { discoverFailures } from './discover-failures.ts'
import { fillDataSets } from './fill-data-sets.ts'
import { bookedDataSets, loadDataSets, refreshStatistics } from './ingest.store.ts'
import { loginOfSource } from './login-of-source.ts'
import { registerSource } from './register-source.ts'
import { planSources, type HowGraded, type SourceOptions, type SourcePlan } from './source-plans.ts'

/** What to enter in the books, and how the files are to be read. */
export interface IngestOrder {
  paths: readonly string[]
  options?: SourceOptions
  grading?: HowGraded
}

/** 清查入账. What one run entered: `first` results of files that were in the books already are marked as repeated. */
export interface IngestResult {
  sources: IngestedSource[]
  notRead: { where: string; why: string }[]
}

/** One file in the books. */
export interface IngestedSource {
  id: string
  name: string
  repeated: boolean
  dataSets: { id: string; name: string; records: number; values: number; root: string }[]
  notRead: number
}

/**
 * Enters sources in the books (个人信息保护法 第五十一条; rule B01): scans, then reads again and seals every value under its record's own secret, and last commits the inventory.
 * An interrupted run goes on where it stopped; the same file again gives the first result. Refuses a file whose bytes changed since it was entered, and a new source while another is unfinished.
 */
export async function ingestSources(ctx: Context, matter: Matter, order: IngestOrder): Promise<IngestResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const { databases: logins = new Map<string, DatabaseLogin>(), ...options } = order.options ?? {}
  const databases = new Map<string, DatabaseLogin>()
  for (const [path, login] of logins) databases.set(path, await loginOfSource(ctx, { tenant: ctx.tenant, matterId: matter.id }, login))
  const planned = await planSources(ctx, order.paths, { ...options, databases }, order.grading)
  const loginOf = new Map([...databases.values()].map((login) => [login.place, login]))
  if (!planned.sources.some((source) => source.dataSets.length > 0)) throw discoverFailures.INGEST_NOTHING()
  const sources: IngestedSource[] = []
  for (const plan of planned.sources) if (plan.dataSets.length > 0) sources.push(await ingestOne(ctx, matter, { plan, options, login: loginOf.get(plan.path) ?? null }))
  return { sources, notRead: [...planned.notRead, ...planned.sources.flatMap((source) => source.notRead)].map(({ where, why }) => ({ where, why })) }
}

async function ingestOne(ctx: Context, matter: Matter, given: { plan: SourcePlan; options: ReadOptions; login: DatabaseLogin | null }): Promise<IngestedSource> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { plan } = given
  const source = await registerSource(ctx, scope, plan)
  if (!source.isBooked) {
    const dataSets = (await loadDataSets(ctx.db, scope)).filter((set) => set.sourceId === source.id)
    await fillDataSets(ctx, scope, { ...given, sourceId: source.id, dataSets })
    // Before the booking reads everything back; with fresh statistics it and all later steps find good plans.
    await refreshStatistics(ctx.db)
    await bookSource(ctx, matter, { sourceId: source.id, dataSets })
  }
  const booked = await bookedDataSets(ctx.db, scope, source.id)
  return {
    id: source.id, name: plan.name, repeated: source.isBooked, notRead: plan.notRead.length,
    dataSets: booked.map((set, at) => ({ ...set, name: plan.dataSets[at]?.name ?? '' })),
  }
}
