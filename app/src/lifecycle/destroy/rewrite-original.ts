// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { Matter } from '../../matter/index.ts'
import type { ReadOptions } from '../../sources/index.ts'
import type { StoredSource } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { refuseOtherKind } from './files-of-order.ts'
import { compareFile, findRows, type ComparedFile, type ExpectedSet } from './original-file.ts'
import { findWork, lastState, putWork, type OriginalWork } from './originals.store.ts'
import { digestOfFile, putInPlace, wipe, workName } from './replace-file.ts'
import { rewriteCsv } from './rewrite-csv.ts'
import { cleanSqlite, holdSqlite } from './rewrite-sqlite.store.ts'
import { rewriteXlsx } from './rewrite-xlsx.ts'

/** A file of an order. */
export interface OriginalFile {
  source: StoredSource
  path: string
  readAs: ReadOptions
  /** Copies of the order that stand in this file. */
  copies: string[]
  /** The request whose approval covers reading the records for comparison. */
  approval: string
  expected: ExpectedSet[]
  /** Nothing of it stays. */
  wholeFile: boolean
  /** Rows that go or lose cells. */
  changing: number
}

/** The state in which a file was left, and how many rows were read back. */
export interface RewrittenState {
  stateAfter: Buffer | null
  rowsRead: number
}

/** Compares a file without touching it; refuses one that is gone or changed since the inventory. */
export async function checkOriginal(ctx: Context, matter: Matter, file: OriginalFile): Promise<ComparedFile> {
  if (!existsSync(file.path)) throw destroyFailures.ORIGINAL_GONE({ file: basename(file.path) })
  const left = await lastState(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, file.source.id)
  const isDatabase = file.source.kind === 'sqlite'
  return compareFile(ctx, matter, {
    path: file.path, readAs: file.readAs, expected: file.expected, approval: file.approval,
    knownState: ({ sha256, content }) => (left === null ? sha256 === file.source.sha256.toString('hex') : left.equals(isDatabase ? content : Buffer.from(sha256, 'hex'))),
  })
}

/** Brings one file to where the order wants it and reads it back; taken up after a crash by the states that were written down before. */
export async function rewriteOriginal(ctx: Context, matter: Matter, given: { orderId: string; file: OriginalFile }): Promise<RewrittenState> {
  const { orderId, file } = given
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const work = await findWork(ctx.db, scope, orderId, file.source.id)
  if (work?.doneAt !== null && work !== null) return { stateAfter: work.stateAfter, rowsRead: work.counts.untouched + work.counts.blanked }
  if (file.source.kind === 'sqlite') return rewriteDatabase(ctx, matter, { orderId, file, work })
  if (work !== null && (await wasReplaced(given, work))) return readBack(ctx, matter, { file, stateAfter: work.stateAfter, isGone: null })
  const compared = await checkOriginal(ctx, matter, file)
  const before = Buffer.from(compared.source.sha256, 'hex')
  const { counts } = compared
  if (file.wholeFile) {
    await putWork(ctx.db, scope, orderId, { sourceId: file.source.id, stateBefore: before, stateAfter: null, wholeFile: true, counts })
    wipe(file.path)
    return { stateAfter: null, rowsRead: 0 }
  }
  refuseOtherKind(file)
  if (file.source.kind !== 'csv' && file.source.kind !== 'xlsx') {
    // Nothing of it changes, and nothing of ours could write it.
    await putWork(ctx.db, scope, orderId, { sourceId: file.source.id, stateBefore: before, stateAfter: before, wholeFile: false, counts })
    return readBack(ctx, matter, { file, stateAfter: before, isGone: compared.isGone })
  }
  const sha256 = file.source.kind === 'csv' ? rewriteCsv(file.path, compared, orderId) : await rewriteXlsx(file.path, compared, orderId)
  const stateAfter = Buffer.from(sha256, 'hex')
  // Read back before the old file goes: afterwards nothing could be mended.
  await readBack(ctx, matter, { file: { ...file, path: workName(file.path, orderId, 'new') }, stateAfter, isGone: compared.isGone })
  await putWork(ctx.db, scope, orderId, { sourceId: file.source.id, stateBefore: before, stateAfter, wholeFile: false, counts })
  putInPlace(file.path, orderId)
  return readBack(ctx, matter, { file, stateAfter, isGone: compared.isGone })
}

/** Whether an interrupted run had come so far that the new file (or none) is to stand in the place of the old one; puts it there then. */
async function wasReplaced({ orderId, file }: { orderId: string; file: OriginalFile }, work: OriginalWork): Promise<boolean> {
  if (work.wholeFile) {
    wipe(file.path)
    return true
  }
  const fresh = workName(file.path, orderId, 'new')
  const isReady = [file.path, fresh].some((path) => existsSync(path) && work.stateAfter !== null && digestOfFile(path).equals(work.stateAfter))
  if (isReady) putInPlace(file.path, orderId)
  return isReady
}

/** Reads the new file as any reader would: its bytes are those that were written, and no row that had to go is in it. */
async function readBack(ctx: Context, matter: Matter, given: { file: OriginalFile; stateAfter: Buffer | null; isGone: ComparedFile['isGone'] | null }): Promise<RewrittenState> {
  const { file, stateAfter } = given
  const name = basename(file.path)
  if (stateAfter === null) {
    if (existsSync(file.path)) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: name, why: 'it is still there' })
    return { stateAfter, rowsRead: 0 }
  }
  const found = await findRows(ctx, matter, { path: file.path, readAs: file.readAs, isGone: given.isGone ?? (() => false) })
  if (found.found > 0) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: name, why: `${found.found} rows` })
  if (file.source.kind !== 'sqlite' && found.source.sha256 !== stateAfter.toString('hex')) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: name, why: 'SHA-256' })
  if (file.source.kind === 'sqlite' && !found.content.equals(stateAfter)) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: name, why: 'content' })
  return { stateAfter, rowsRead: found.rows }
}

interface DatabaseWork {
  orderId: string
  file: OriginalFile
  work: OriginalWork | null
}

async function rewriteDatabase(ctx: Context, matter: Matter, { orderId, file, work }: DatabaseWork): Promise<RewrittenState> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  if (work?.wholeFile === true) return wipeDatabase(file)
  if (work !== null && existsSync(file.path)) {
    const present = await findRows(ctx, matter, { path: file.path, readAs: file.readAs, isGone: () => false })
    if (required(work.stateAfter, 'a database that stays has a state').equals(present.content)) {
      cleanSqlite(file.path)
      return readBack(ctx, matter, { file, stateAfter: work.stateAfter, isGone: null })
    }
  }
  if (!existsSync(file.path)) throw destroyFailures.ORIGINAL_GONE({ file: basename(file.path) })
  const held = holdSqlite(file.path)
  let compared: ComparedFile
  try {
    compared = await checkOriginal(ctx, matter, file)
    const { content, contentAfter, counts } = compared
    await putWork(ctx.db, scope, orderId, { sourceId: file.source.id, stateBefore: content, stateAfter: file.wholeFile ? null : contentAfter, wholeFile: file.wholeFile, counts })
    if (!file.wholeFile) {
      held.apply(compared.sets)
      held.commit()
    }
  } finally {
    held.end()
  }
  return file.wholeFile ? wipeDatabase(file) : readBack(ctx, matter, { file, stateAfter: compared.contentAfter, isGone: compared.isGone })
}

function wipeDatabase(file: OriginalFile): RewrittenState {
  for (const ending of ['-journal', '-wal', '-shm', '']) wipe(`${file.path}${ending}`)
  return { stateAfter: null, rowsRead: 0 }
}
