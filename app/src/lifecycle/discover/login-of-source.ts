// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { isDatabaseAddress, isSameDatabase, type DatabaseLogin } from '../../sources/index.ts'
import { loadDataSets, loadSources, type Scope } from './ingest.store.ts'
import { labelKinds } from './inventory.ts'

/** A login to a database that is in the books already goes by the name that it has there, whoever logs in now: another account is not another source. Gives the login as it is for one that is not. */
export async function loginOfSource(ctx: Context, scope: Scope, login: DatabaseLogin): Promise<DatabaseLogin> {
  const path = (await databasePaths(ctx, scope)).values().find((one) => isSameDatabase(one, login.place))
  return path === undefined ? login : { ...login, place: path }
}

/** The same for comparing with the books: unless tables were named, those of the inventory are read; others of the same database are listed as not chosen. */
export async function loginOfBooks(ctx: Context, scope: Scope, login: DatabaseLogin): Promise<DatabaseLogin> {
  const named = await loginOfSource(ctx, scope, login)
  const sourceId = (await databasePaths(ctx, scope)).entries().find(([, path]) => path === named.place)?.[0]
  if (sourceId === undefined || login.limits.tables.length > 0) return named
  const names = await ctx.vault.openLabels(scope.matterId, labelKinds.dataSetName)
  const tables = (await loadDataSets(ctx.db, scope)).flatMap((set) => (set.sourceId === sourceId ? [names.get(set.id) ?? ''] : []))
  return { ...named, limits: { ...named.limits, tables } }
}

/** The databases among the sources of a matter, by source id. */
export async function databasePaths(ctx: Context, scope: Scope): Promise<Map<string, string>> {
  const paths = await ctx.vault.openLabels(scope.matterId, labelKinds.sourcePath)
  return new Map((await loadSources(ctx.db, scope)).flatMap(({ id }) => {
    const path = paths.get(id)
    return path !== undefined && isDatabaseAddress(path) ? [[id, path] as const] : []
  }))
}
