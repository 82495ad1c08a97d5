// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import { doneEffects, insertStep, lockMatter, refreshStatistics, refuseUnlessResolved, type Scope } from '../discover/index.ts'
import { ErrorFile } from './error-file.ts'
import type { ColumnRole } from './key-file.rules.ts'
import { matchKeys, type Match, type Unmatched } from './match-keys.ts'
import { findBatch, insertBatch, type BatchRow } from './notify.store.ts'
import type { RowErrorCode } from './notify-failures.ts'
import { readKeyParts, type KeyRow } from './read-key-file.ts'

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
  /** Takes what some rows say, outside the transaction and before anything is written. */
  take(scope: Scope, matches: readonly Match[]): Promise<void>
  /** Writes the event and all that was taken, in the transaction that also remembers the batch. */
  write(tx: Tx, batch: { id: string; scope: Scope }): Promise<void>
  /** Refuses a match that does not prove enough for what the row says, or null. */
  refuse(match: Match): RowErrorCode | null
}

/** Imports a file once, all or nothing, with memory that does not grow by more than a few bytes a row; good rows count, the others come back with their reasons (UX §4). When a crash took the list of the others, the same file again makes it anew. Refuses while persons are not resolved. */
export async function importBatch(ctx: Context, matter: Matter, order: ImportOrder): Promise<ImportResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const errors = new ErrorFile(order.path, order.errorFile)
  try {
    return await importInto(ctx, { scope, order, errors })
  } finally {
    errors.discard()
  }
}

interface Importing {
  scope: Scope
  order: ImportOrder
  errors: ErrorFile
}

async function importInto(ctx: Context, given: Importing): Promise<ImportResult> {
  const { scope, order, errors } = given
  let digest: Buffer | null = null
  let before: BatchRow | null = null
  const counts = { rows: 0, matched: 0, unmatched: 0 }
  for await (const { head, rows } of readKeyParts(ctx, scope.matterId, order)) {
    if (digest === null) {
      digest = head.digest
      before = await findBatch(ctx.db, scope, { kind: order.kind, digest })
      if (before !== null && (await hasErrorFile(ctx, scope, before))) return repeatOf(before, null)
    }
    const { matched, unmatched } = await matchRows(ctx, scope.matterId, { rows, order })
    for (const { row, code } of unmatched) errors.add(head.header, row, code)
    if (before === null) await order.take(scope, matched)
    counts.rows += rows.length
    counts.matched += matched.length
    counts.unmatched += unmatched.length
    ctx.progress({ zh: '导入', en: 'Importing' }, counts.rows, null)
  }
  if (before !== null) return repeatOf(before, await giveErrorFile(ctx, scope, { batch: before.id, errors }))
  const batch = { ...counts, id: idText('bat', ctx.ids.bytes('bat', `${order.kind}/${digest?.toString('hex') ?? ''}`)) }
  const raced = await commitBatch(ctx, given, { batch, digest: digest ?? Buffer.alloc(0) })
  if (raced !== null) return repeatOf(raced, null)
  await refreshStatistics(ctx.db)
  // After the commit, so that no list speaks of an import that did not happen.
  const errorFile = await giveErrorFile(ctx, scope, { batch: batch.id, errors })
  return { batch: batch.id, ...counts, errorFile, repeated: false }
}

/** Null, or the import of the same file by another process that was faster. */
async function commitBatch(ctx: Context, { scope, order }: Importing, { batch, digest }: { batch: BatchRow; digest: Buffer }): Promise<BatchRow | null> {
  return ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const other = await findBatch(tx, scope, { kind: order.kind, digest })
    if (other !== null) return other
    await order.write(tx, { id: batch.id, scope })
    await insertBatch(tx, scope, { ...batch, kind: order.kind, digest, at: ctx.now() })
    return null
  })
}

const errorFileEffect = (batch: string): string => `import/${batch}/error-file`

/** Whether the list of the rows without effect was handed out, or there is none. */
async function hasErrorFile(ctx: Context, scope: Scope, batch: BatchRow): Promise<boolean> {
  return batch.unmatched === 0 || (await doneEffects(ctx.db, scope, errorFileEffect(batch.id))).size > 0
}

async function giveErrorFile(ctx: Context, scope: Scope, given: { batch: string; errors: ErrorFile }): Promise<string | null> {
  const rows = given.errors.rows
  const path = given.errors.finish()
  if (path !== null) await ctx.db.transaction((tx) => insertStep(tx, scope, { effect: errorFileEffect(given.batch), result: { rows }, at: ctx.now() }))
  return path
}

async function matchRows(ctx: Context, matterId: string, given: { rows: readonly KeyRow[]; order: ImportOrder }): Promise<{ matched: Match[]; unmatched: Unmatched[] }> {
  const checked = given.rows.map((row) => (row.error === null ? { ...row, error: given.order.check(row) } : row))
  const found = await matchKeys(ctx, matterId, checked)
  const refused = found.matched.flatMap((match) => {
    const code = given.order.refuse(match)
    return code === null ? [] : [{ row: match.row, code }]
  })
  const refusedRows = new Set(refused.map((one) => one.row))
  return { matched: found.matched.filter((match) => !refusedRows.has(match.row)), unmatched: [...found.unmatched, ...refused] }
}

function repeatOf(before: BatchRow, errorFile: string | null): ImportResult {
  return { batch: before.id, rows: before.rows, matched: before.matched, unmatched: before.unmatched, errorFile, repeated: true }
}

const rowsPerStatement = 2000

/** Rows in parts that fit one statement. */
export function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += rowsPerStatement) yield all.slice(at, at + rowsPerStatement)
}
