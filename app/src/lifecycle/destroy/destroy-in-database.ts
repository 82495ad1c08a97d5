// SPDX-License-Identifier: Apache-2.0
// The executor of databases (CONTRACTS §9): rows and cells go in transactions of bounded size, each guarded by the row's own commitments and read back before it commits.
import { basename } from 'node:path'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { isSameDatabase, readDatabaseAddress, type DatabaseLogin, type EditSession } from '../../sources/index.ts'
import type { Scope } from '../discover/index.ts'
import { compareKeyless } from './clear-keyless-table.ts'
import { presenceByFate, wordsOfObstacles } from './database-obstacles.rules.ts'
import { destroyFailures } from './destroy-failures.ts'
import type { ExpectedRow } from './expected-rows.ts'
import { identityOf, judgeDatabaseRows, openRecords, type JudgedRow, type TableOfOrder } from './judge-database-rows.ts'
import type { ExpectedSet } from './original-file.ts'
import { addCounts, findWork, noteInOriginal, noteUnderway, putWork, underwayOf, type WorkCounts } from './originals.store.ts'
import type { OriginalFile } from './rewrite-original.ts'
import { positionsOf, stays, type RowFate } from './row-fate.rules.ts'
import { surveyDatabase, withDatabase, type LeftRows, type OpenedDatabase } from './survey-database.ts'

/** Rows that one transaction changes: few enough that nobody waits long for their locks. */
const rowsAtOnce = 200

/** What an order did in one database. */
export interface DatabaseOutcome {
  left: LeftRows[]
  /** Rows that were compared at the end. */
  rowsRead: number
  /** Rows that were gone or empty before we came, over all runs. */
  found: number
  /** Data sets whose tables could not be written anew, and the server's code. */
  notRebuilt: Map<string, string>
  /** Data sets whose triggers this login is not shown. */
  triggersUnseen: string[]
}

/** The login for this database among those that the person at the keyboard gave; its user may be another than the one that read it. Refuses when there is none. */
export function writerFor(file: OriginalFile, logins: readonly DatabaseLogin[]): DatabaseLogin {
  const found = logins.find((login) => isSameDatabase(login.place, file.path))
  if (found !== undefined) return found
  const { kind, host, port, database } = readDatabaseAddress(file.path)
  throw destroyFailures.DATABASE_WRITER_NEEDED({ where: `${kind}://${host}:${port}/${database}` })
}

/** Compares the rows of an order with the live database, changes nothing, and says what would be left. */
export async function checkDatabase(ctx: Context, matter: Matter, file: OriginalFile, login: DatabaseLogin): Promise<LeftRows[]> {
  return withDatabase(ctx, matter, { file, login }, async (opened) => (await surveyDatabase(ctx, matter, opened, 'before')).left)
}

/** Refuses what would be left, or is, with counts. */
export function refuseLeft(file: OriginalFile, left: readonly LeftRows[]): void {
  const refused = left.find((one) => one.refused !== '')
  if (refused !== undefined) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(file.path), why: refused.refused })
  const sum = (of: 'changed' | 'unknown' | 'pointedAt' | 'extra'): number => left.reduce((total, one) => total + one[of], 0)
  if (left.length > 0) throw destroyFailures.DATABASE_ROWS_LEFT({ database: basename(file.path), changed: sum('changed'), unknown: sum('unknown'), pointed: sum('pointedAt'), extra: sum('extra') })
}

/** Deletes and empties what the order covers and reads it back; taken up after a crash where it stopped. What does not stand as inventoried is left as it is and told. */
export async function destroyInDatabase(ctx: Context, matter: Matter, given: { orderId: string; file: OriginalFile; login: DatabaseLogin; isRebuilt: boolean; mayLeave: boolean }): Promise<DatabaseOutcome> {
  const { orderId, file } = given
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const at = { orderId, sourceId: file.source.id }
  if ((await findWork(ctx.db, scope, orderId, file.source.id)) === null) await putWork(ctx.db, scope, orderId, { sourceId: file.source.id, stateBefore: file.source.sha256, stateAfter: null, wholeFile: false, counts: noCounts() })
  return withDatabase(ctx, matter, given, async (opened) => {
    const run: Run = { ctx, matter, scope, at, opened, done: 0, underway: await underwayOf(ctx.db, scope, at) }
    await settleInterrupted(run)
    for (const set of opened.gone) await noteAllGone(run, set)
    // Rows at which others point go when those are gone; two rows that point at each other stay and are told.
    for (let [hasMoved, isBlocked] = [true, true]; hasMoved && isBlocked; ) {
      ;[hasMoved, isBlocked] = [false, false]
      for (const of of opened.tables) {
        const passed = await passOver(run, of)
        hasMoved ||= passed.moved > 0
        isBlocked ||= passed.blocked > 0
      }
    }
    const { left, rowsRead, touched } = await surveyDatabase(ctx, matter, opened, 'after')
    const found = (await findWork(ctx.db, scope, orderId, file.source.id))?.counts.found ?? 0
    return { left, rowsRead, found, notRebuilt: left.length > 0 && !given.mayLeave ? new Map() : await rebuildAll(opened, touched, given.isRebuilt), triggersUnseen: opened.tables.filter(({ table }) => table.unseen.includes('triggers')).map(({ set }) => set.dataSet.id) }
  })
}

interface Run {
  ctx: Context
  matter: Matter
  scope: Scope
  at: { orderId: string; sourceId: string }
  opened: OpenedDatabase
  /** Rows dealt with. */
  done: number
  /** Records that an interrupted run was about to change. */
  underway: ReadonlySet<string>
}

const noCounts = (): Required<WorkCounts> => ({ removed: 0, blanked: 0, untouched: 0, values: 0, found: 0 })

/** Writes the tables anew that lost something, so that their pages keep nothing. */
async function rebuildAll({ database, tables }: OpenedDatabase, touched: readonly string[], isWanted: boolean): Promise<Map<string, string>> {
  const notRebuilt = new Map<string, string>()
  for (const { set, table } of tables.filter((one) => touched.includes(one.set.dataSet.id))) {
    const why = isWanted ? await database.rebuild(table) : 'not-wanted'
    if (why !== null) notRebuilt.set(set.dataSet.id, why)
  }
  return notRebuilt
}

/** First what an interrupted run was about to change, in the same few rows: gone now, they went by its hand. */
async function settleInterrupted(run: Run): Promise<void> {
  if (run.underway.size === 0) return
  for (const of of run.opened.tables) {
    const rows: ExpectedRow[] = []
    for await (const batch of of.set.rows()) rows.push(...batch.filter(({ recordId, fate }) => fate !== 'stays' && run.underway.has(recordId.toString('hex'))))
    if (rows.length > 0) await (of.table.key.length === 0 ? passOver(run, of) : changeRows(run, of, rows))
  }
}

/** One pass over the rows that an order changes in a table. */
async function passOver(run: Run, of: TableOfOrder): Promise<{ moved: number; blocked: number }> {
  const { database } = run.opened
  const passed = { moved: 0, blocked: 0 }
  if ((await database.inTransaction('read', (session) => session.count(of.table))) === 0) {
    await noteAllGone(run, of.set)
    return passed
  }
  if (of.table.key.length === 0) {
    await clearKeyless(run, of)
    return passed
  }
  for await (const batch of of.set.rows()) {
    const rows = batch.filter((row) => row.fate !== 'stays')
    if (wordsOfObstacles(of.table, presenceByFate(rows)) !== '') continue
    for (let at = 0; at < rows.length; at += rowsAtOnce) {
      const { done, blocked } = await changeRows(run, of, rows.slice(at, at + rowsAtOnce))
      passed.moved += done
      passed.blocked += blocked
    }
  }
  return passed
}

/** A table without a key goes as a whole, in one transaction that keeps others out, and only if all of its rows are the inventory's and go. */
async function clearKeyless(run: Run, of: TableOfOrder): Promise<void> {
  const { ctx, scope, at, opened } = run
  const isEmpty = await opened.database.inTransaction('write', async (session) => {
    const found = await compareKeyless(ctx, run.matter, { approval: opened.file.approval, of, session })
    if (found.going === 0) return found.extra + found.unknown === 0
    const fates = new Map<RowFate, Uint8Array>()
    for await (const rows of of.set.rows()) presenceByFate(rows, fates)
    if (found.extra + found.unknown > 0 || wordsOfObstacles(of.table, fates) !== '') return false
    const removed = await session.clear(of.table)
    if (removed !== found.going || (await session.count(of.table)) !== 0) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: of.table.table.name, why: `${removed} ≠ ${found.going}` })
    await noteUnderway(ctx.db, scope, at, found.recordIds)
    return true
  })
  ctx.progress({ zh: '删除数据库中的行', en: 'Deleting in the database' }, run.done, opened.file.changing)
  if (isEmpty) await noteAllGone({ ...run, underway: await underwayOf(ctx.db, scope, at) }, of.set)
}

/** One transaction there, and its account here; which records it is about to change is written down before it commits. */
async function changeRows(run: Run, of: TableOfOrder, rows: readonly ExpectedRow[]): Promise<{ done: number; blocked: number }> {
  const { ctx, scope, at, opened } = run
  const records = await openRecords(ctx, run.matter, opened.file.approval, rows)
  const judging = { records, database: opened.database, of }
  const asFound = await opened.database.inTransaction('read', (session) => judgeDatabaseRows(judging, session, rows))
  // Where an administrator deleted by hand there is nothing to change, and a login that may only read is enough.
  const { judged, changed, blocked } = asFound.every(({ verdict }) => verdict !== 'inventoried') ? { judged: asFound, changed: [], blocked: 0 } : await opened.database.inTransaction('write', async (session) => {
    const found = await judgeDatabaseRows(judging, session, rows)
    const ready = found.filter(({ verdict }) => verdict === 'inventoried')
    const going = ready.filter(({ row }) => row.fate === 'goes')
    const keysPointedAt = new Set((going.length === 0 ? [] : await session.pointedAt(of.table, going.map(({ key }) => key))).map((cells) => identityOf(of.table.key.map((position) => cells[position] ?? null))))
    const mine = ready.filter(({ row, key }) => row.fate !== 'goes' || !keysPointedAt.has(identityOf(key)))
    await applyFates(session, of, mine)
    const after = await judgeDatabaseRows(judging, session, mine.map(({ row }) => row))
    if (after.some(({ verdict }) => verdict !== 'done')) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: of.table.table.name, why: 'rows' })
    const isOwn = ({ row, verdict }: JudgedRow): boolean => verdict === 'done' && run.underway.has(row.recordId.toString('hex'))
    await noteUnderway(ctx.db, scope, at, [...mine, ...found.filter(isOwn)].map(({ row }) => row.recordId))
    return { judged: found, changed: mine, blocked: ready.length - mine.length }
  })
  const before = judged.filter(({ verdict }) => verdict === 'done')
  run.done += changed.length + before.length
  ctx.progress({ zh: '删除数据库中的行', en: 'Deleting in the database' }, run.done, opened.file.changing)
  await account(run, { changed, before })
  return { done: changed.length, blocked }
}

async function applyFates(session: EditSession, { table, set }: TableOfOrder, rows: readonly JudgedRow[]): Promise<void> {
  for (const some of Map.groupBy(rows, ({ row }) => (typeof row.fate === 'string' ? row.fate : row.fate.toString('hex'))).values()) {
    const [first] = some
    if (first === undefined) continue
    const keys = some.map(({ key }) => key)
    const emptied = set.dataSet.fields.flatMap(({ position }) => (stays(first.row.fate, position) || table.emptying[position] === 'follows' || table.emptying[position] === 'never' || table.key.includes(position) ? [] : [position]))
    const count = first.row.fate === 'goes' ? await session.remove(table, keys) : emptied.length === 0 ? keys.length : await session.empty(table, keys, emptied)
    if (count !== keys.length) throw destroyFailures.ORIGINAL_NOT_READ_BACK({ file: table.table.name, why: `${count} ≠ ${keys.length}` })
  }
}

/** Books what no longer stands in the original: changed by this run or by the interrupted one before it, or found so. */
async function account(run: Run, { changed, before }: { changed: readonly JudgedRow[]; before: readonly JudgedRow[] }): Promise<void> {
  const own = before.filter(({ row }) => run.underway.has(row.recordId.toString('hex')))
  const counts = noCounts()
  for (const { row } of [...changed, ...own]) {
    counts[row.fate === 'goes' ? 'removed' : 'blanked'] += 1
    counts.values += positionsOf(row.presence).filter((position) => !stays(row.fate, position) && (row.inOriginal === null || stays(row.inOriginal, position))).length
  }
  counts.found = before.length - own.length
  const gone = Buffer.alloc(1)
  const notes = [...changed, ...before].map(({ row, isThere, verdict }) => ({ recordId: row.recordId, fields: typeof row.fate === 'string' || (verdict === 'done' && !isThere) ? gone : row.fate }))
  await run.ctx.db.transaction(async (tx) => {
    if (notes.length > 0) await noteInOriginal(tx, run.scope, notes)
    await addCounts(tx, run.scope, run.at, counts)
  })
}

/** Nothing of an empty or vanished table stands any more, whoever emptied it. */
async function noteAllGone(run: Run, set: ExpectedSet): Promise<void> {
  for await (const batch of set.rows()) {
    const rows = batch.filter((row) => row.fate !== 'stays').map((row): JudgedRow => ({ row, key: [], verdict: 'done', isThere: false }))
    if (rows.length > 0) await account(run, { changed: [], before: rows })
  }
}
