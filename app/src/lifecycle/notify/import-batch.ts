// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { lockMatter, refreshStatistics, refuseUnlessResolved, type Scope } from '../discover/index.ts'
import type { ColumnRole } from './key-file.rules.ts'
import { matchKeys, type Match, type Unmatched } from './match-keys.ts'
import { findBatch, insertBatch } from './notify.store.ts'
import type { RowErrorCode } from './notify-failures.ts'
import { errorFileFor, readKeyFile, writeErrorFile, type KeyFile, type KeyRow } from './read-key-file.ts'

/** 导入结果. What an imported file had as its effect; `repeated` when this very file was imported before. */
export interface ImportResult {
  batch: string
  rows: number
  matched: number
  unmatched: number
  /** Where the rows without effect went back to, with their reasons; null when there are none. */
  errorFile: string | null
  repeated: boolean
}

/** A file to import and what is done with its rows. */
export interface ImportOrder {
  path: string
  errorFile: string | undefined
  /** Kind of batch: the same file may be imported once for each kind. */
  kind: string
  needed: readonly ColumnRole[]
  /** Why a row whose key is fine cannot be used, or null. */
  check(row: KeyRow): RowErrorCode | null
  /** Writes rows and event in the transaction that also remembers the batch; gives back matches that it refuses. */
  write(tx: Tx, batch: { id: string; scope: Scope; matches: readonly Match[] }): Promise<void>
  /** Refuses a match that does not prove enough for what the row says, or null. */
  refuse(match: Match): RowErrorCode | null
}

/** Imports a file once, all or nothing; good rows count, the others come back with their reasons (UX §4). Refuses while persons are not resolved. */
export async function importBatch(ctx: Context, matter: Matter, order: ImportOrder): Promise<ImportResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const file = await readKeyFile(ctx, matter.id, { path: order.path, needed: order.needed })
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const before = await findBatch(ctx.db, scope, { kind: order.kind, digest: file.digest })
  if (before !== null) return repeatOf(before)
  const errorFile = errorFileFor(order.path, order.errorFile)
  const { matched, unmatched } = await matchRows(ctx, matter.id, { file, order })
  const id = idText('bat', ctx.ids.bytes('bat', `${order.kind}/${file.digest.toString('hex')}`))
  const counts = { id, rows: file.rows.length, matched: matched.length, unmatched: unmatched.length }
  const raced = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const other = await findBatch(tx, scope, { kind: order.kind, digest: file.digest })
    if (other !== null) return other
    await order.write(tx, { id, scope, matches: matched })
    await insertBatch(tx, scope, { ...counts, kind: order.kind, digest: file.digest, at: ctx.now() })
    return null
  })
  if (raced !== null) return repeatOf(raced)
  await refreshStatistics(ctx.db)
  // After the commit, so that no list speaks of an import that did not happen.
  if (unmatched.length > 0) writeErrorFile(errorFile, file, unmatched)
  return { batch: id, rows: counts.rows, matched: counts.matched, unmatched: counts.unmatched, errorFile: unmatched.length > 0 ? errorFile : null, repeated: false }
}

async function matchRows(ctx: Context, matterId: string, given: { file: KeyFile; order: ImportOrder }): Promise<{ matched: Match[]; unmatched: Unmatched[] }> {
  const checked = given.file.rows.map((row) => (row.error === null ? { ...row, error: given.order.check(row) } : row))
  const found = await matchKeys(ctx, matterId, checked)
  const refused = found.matched.flatMap((match) => {
    const code = given.order.refuse(match)
    return code === null ? [] : [{ row: match.row, code }]
  })
  const refusedRows = new Set(refused.map((one) => one.row))
  return { matched: found.matched.filter((match) => !refusedRows.has(match.row)), unmatched: [...found.unmatched, ...refused] }
}

function repeatOf(before: { id: string; rows: number; matched: number; unmatched: number }): ImportResult {
  return { batch: before.id, rows: before.rows, matched: before.matched, unmatched: before.unmatched, errorFile: null, repeated: true }
}

const rowsPerStatement = 2000

/** Rows in parts that fit one statement. */
export function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += rowsPerStatement) yield all.slice(at, at + rowsPerStatement)
}
