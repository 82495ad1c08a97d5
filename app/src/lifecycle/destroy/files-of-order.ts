// SPDX-License-Identifier: Apache-2.0
// Which files an order over originals concerns, what happens in each, and whether a program of ours can do it (CONTRACTS §9).
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { Matter } from '../../matter/index.ts'
import { editableKinds, type ReadOptions } from '../../sources/index.ts'
import { labelKinds, loadDataSets, loadSources } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { expectedRows, type ExpectedRow } from './expected-rows.ts'
import { titleMark, type ExpectedSet } from './original-file.ts'
import type { OriginalFile } from './rewrite-original.ts'

/** Kinds of files of which a part can be removed; all others go as a whole or stay. */
const rewritableKinds: readonly string[] = ['csv', 'xlsx', 'sqlite']

/** Copies of originals, by which plan their rows are judged, and how their files are read. */
export interface WantedFiles {
  copies: readonly string[]
  planId: string
  /** The request whose approval covers reading the records for comparison. */
  approval: string
  readAs: ReadOptions
}

/** The files behind these copies (of some kinds, when only these matter), each with the rows that it should have and what happens to them. */
export async function filesOf(ctx: Context, matter: Matter, { copies, planId, approval, readAs }: WantedFiles, isWanted: (kind: string) => boolean = () => true): Promise<OriginalFile[]> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const known = await ctx.ledger.copies(matter.id)
  const copyBySet = new Map(copies.map((id) => [required(known.find((one) => one.id === id)?.dataSetId, 'an original copy is of a data set'), id]))
  const dataSets = await loadDataSets(ctx.db, scope)
  const sourceIds = new Set(dataSets.filter((set) => copyBySet.has(set.id)).map((set) => set.sourceId))
  const paths = await ctx.vault.openLabels(matter.id, labelKinds.sourcePath)
  const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  const files: OriginalFile[] = []
  for (const source of (await loadSources(ctx.db, scope)).filter(({ id, kind }) => sourceIds.has(id) && isWanted(kind))) {
    const sets = dataSets.filter((set) => set.sourceId === source.id)
    let [staying, changing] = [0, 0]
    const expected: ExpectedSet[] = []
    for (const dataSet of sets) {
      const rows = () => expectedRows(ctx, matter, { planId, dataSetId: dataSet.id, isInOrder: copyBySet.has(dataSet.id) })
      const counted = await countRows(rows())
      staying += counted.staying
      changing += counted.changing
      // Title rows that are gone are not read as a data set of their own any more.
      if (counted.all > 0 || !(names.get(dataSet.id) ?? '').endsWith(titleMark)) expected.push({ dataSet, count: counted.all, copy: copyBySet.get(dataSet.id) ?? null, rows })
    }
    files.push({ source, path: required(paths.get(source.id), 'a source has a path'), readAs, copies: sets.flatMap((set) => copyBySet.get(set.id) ?? []), approval, expected, wholeFile: staying === 0, changing })
  }
  return files
}

async function countRows(rows: AsyncIterable<ExpectedRow[]>): Promise<{ all: number; staying: number; changing: number }> {
  const counted = { all: 0, staying: 0, changing: 0 }
  for await (const batch of rows) {
    counted.all += batch.length
    counted.staying += batch.filter((row) => row.fate !== 'goes').length
    counted.changing += batch.filter((row) => row.fate !== 'stays').length
  }
  return counted
}

/** Whether the original is a live database, in which rows are deleted one by one. */
export function isDatabase(file: OriginalFile): boolean {
  return editableKinds.includes(file.source.kind)
}

/** Refuses copies in files of a kind that only goes as a whole while something of them stays; asked at the request. */
export async function refuseOtherKinds(ctx: Context, matter: Matter, wanted: Pick<WantedFiles, 'copies' | 'planId'>): Promise<void> {
  for (const file of await filesOf(ctx, matter, { ...wanted, approval: '', readAs: {} }, (kind) => !rewritableKinds.includes(kind) && !editableKinds.includes(kind))) refuseOtherKind(file)
}

/** The same for one file, before anything of an order is intended. */
export function refuseOtherKind(file: OriginalFile): void {
  const { source, wholeFile, changing, path } = file
  if (changing > 0 && source.kind === 'sqlserver') throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '还不能在 SQL Server 中删除:请其管理员删除 / deleting in SQL Server is not built yet: have its administrator do it' })
  if (!wholeFile && changing > 0 && !rewritableKinds.includes(source.kind)) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: `${source.kind.toUpperCase()} 只能整份销毁 / only as a whole` })
}
