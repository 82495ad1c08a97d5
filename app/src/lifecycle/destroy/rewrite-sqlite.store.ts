// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { destroyFailures } from './destroy-failures.ts'
import type { FoundSet } from './original-file.ts'
import type { RowEdit } from './row-edits.ts'
import { stays } from './row-fate.rules.ts'

/** A SQLite original that is held for writing; nobody else can change it until `end`. */
export interface HeldDatabase {
  /** Deletes and empties what goes, in the transaction that is open. */
  apply(sets: readonly FoundSet[]): void
  /** Keeps the changes and removes their traces from the file: write-ahead log, free pages. */
  commit(): void
  /** Releases the file; what was not committed is undone. */
  end(): void
}

/** Opens a SQLite original for writing and keeps others out; refuses one that is in use. Deleted bytes are written over (secure_delete). */
export function holdSqlite(path: string): HeldDatabase {
  const database = new DatabaseSync(path, { readBigInts: true, returnArrays: true, allowExtension: false, enableForeignKeyConstraints: false, timeout: 2000 })
  try {
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; BEGIN IMMEDIATE')
  } catch (error) {
    database.close()
    throw refusal(path, error)
  }
  return {
    apply: (sets) => guarded(path, () => applyAll(database, path, sets)),
    commit: () => guarded(path, () => clearTraces(database)),
    end: () => database.close(),
  }
}

function applyAll(database: DatabaseSync, path: string, sets: readonly FoundSet[]): void {
  const virtual = rows(database, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')")[0]?.[0]
  if (virtual !== 0n && virtual !== undefined) throw destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '有全文索引等虚拟表,其中仍留有副本 / virtual tables such as full text indexes hold copies' })
  // A trigger could copy what is being deleted, so triggers rest meanwhile and come back word for word.
  const triggers = rows(database, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").map((row) => ({ name: String(row[0]), sql: String(row[1]) }))
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${quoted(name)}`)
  for (const set of sets) applyTable(database, set)
  for (const { sql } of triggers) database.exec(sql)
  const samples = rows(database, "SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat3', 'sqlite_stat4')")
  for (const [name] of samples) database.exec(`DELETE FROM ${quoted(String(name))}`) // samples of values for the query planner
}

function applyTable(database: DatabaseSync, set: FoundSet): void {
  if (!set.edits.changes) return
  const key = keyOf(database, set)
  const all = Number(rows(database, `SELECT count(*) FROM ${quoted(set.name)}`)[0]?.[0] ?? 0n)
  if (all !== set.edits.rows) throw destroyFailures.ORIGINAL_REFUSES({ file: set.name, why: `${all} ≠ ${set.edits.rows}` })
  const where = key.columns.map((column) => `${column} IS ?`).join(' AND ')
  const remove = database.prepare(`DELETE FROM ${quoted(set.name)} WHERE ${where}`)
  let next = 0
  let index = 0
  for (const places of placesOf(database, set, key)) {
    for (const place of places) {
      const edit = next < set.edits.length ? set.edits.at(next) : null
      if (edit?.index !== index++) continue
      next += 1
      if (edit.fate === 'stays') continue
      const changes = edit.fate === 'goes' ? remove.run(...place).changes : emptyCells(database, set, { edit, where, place })
      if (Number(changes) !== 1) throw new Error('assertion failed: one row is found by its key')
    }
  }
  if (next !== set.edits.length) throw new Error('assertion failed: every row of the order was found')
}

/** The key of a row. */
type Place = Exclude<SQLOutputValue, undefined>[]
const placesAtOnce = 5000

interface Emptying {
  edit: RowEdit
  where: string
  place: Place
}

/** Empties the cells that go; a column that must have a value gets an empty text, a generated one follows from the others. */
function emptyCells(database: DatabaseSync, set: FoundSet, { edit, where, place }: Emptying): number | bigint {
  const columns = rows(database, `SELECT name, "notnull", hidden FROM pragma_table_xinfo(${literal(set.name)})`)
  const needed = new Set(columns.filter((row) => row[1] !== 0n).map((row) => String(row[0])))
  const generated = new Set(columns.filter((row) => row[2] !== 0n).map((row) => String(row[0])))
  const changed = set.fields.flatMap((name, position) => (stays(edit.fate, position) || generated.has(name) ? [] : [`${quoted(name)} = ${needed.has(name) ? "''" : 'NULL'}`]))
  if (changed.length === 0) return 1
  return database.prepare(`UPDATE ${quoted(set.name)} SET ${changed.join(', ')} WHERE ${where}`).run(...place).changes
}

/** By what a row is found: its row id, or the primary key of a table without one; the same order as the reader's. */
function keyOf(database: DatabaseSync, set: FoundSet): { columns: string[] } {
  const hasRowId = rows(database, `SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ${literal(set.name)}`)[0]?.[0] === 0n
  const names = new Set(set.fields.map((name) => name.toLowerCase()))
  const rowId = hasRowId ? ['rowid', '_rowid_', 'oid'].find((name) => !names.has(name)) : undefined
  if (rowId !== undefined) return { columns: [rowId] }
  const keys = rows(database, `SELECT name FROM pragma_table_xinfo(${literal(set.name)}) WHERE pk > 0 ORDER BY pk`).map((row) => quoted(String(row[0])))
  if (keys.length === 0) throw destroyFailures.ORIGINAL_REFUSES({ file: set.name, why: '表没有可用的行号或主键 / the table has neither row id nor primary key' })
  return { columns: keys }
}

/** The keys of all rows in the reader's order, some thousands at a time: what is deleted lies behind, and the open transaction keeps others out. */
function* placesOf(database: DatabaseSync, set: FoundSet, key: { columns: string[] }): Generator<Place[], void, undefined> {
  const columns = key.columns.join(', ')
  const select = (where: string): string => `SELECT ${columns} FROM ${quoted(set.name)} ${where} ORDER BY ${columns} LIMIT ${placesAtOnce}`
  const first = database.prepare(select(''))
  const following = database.prepare(select(`WHERE (${columns}) > (${key.columns.map(() => '?').join(', ')})`))
  for (let places = placesIn(first.iterate()); places.length > 0; ) {
    yield places
    const last = places.at(-1)
    if (last === undefined || places.length < placesAtOnce) return
    places = placesIn(following.iterate(...last))
  }
}

function placesIn(found: Iterable<unknown>): Place[] {
  const places: Place[] = []
  for (const row of found) if (Array.isArray(row)) places.push(row)
  return places
}

/** Commits, empties the write-ahead log and rebuilds the file, so that no free page keeps what was deleted. */
function clearTraces(database: DatabaseSync): void {
  database.exec('COMMIT')
  rows(database, 'PRAGMA wal_checkpoint(TRUNCATE)')
  database.exec('VACUUM')
  rows(database, 'PRAGMA wal_checkpoint(TRUNCATE)')
}

/** Finishes the cleaning of a file whose changes were kept before a crash. */
export function cleanSqlite(path: string): void {
  const held = new DatabaseSync(path, { allowExtension: false, timeout: 2000, returnArrays: true })
  try {
    guarded(path, () => {
      held.exec('PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    })
  } finally {
    held.close()
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw refusal(path, error)
  }
}

/** SQLite's own messages name columns and can quote values; only its number is passed on. */
function refusal(path: string, error: unknown): Error {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return error instanceof Error ? error : new Error('the database driver failed without an error')
  const code = 'errcode' in error ? Number(error.errcode) : 0
  if ([19, 20].includes(code & 0xff)) return destroyFailures.ORIGINAL_REFUSES({ file: basename(path), why: '表的约束不允许清空这些单元格 / constraints of the table do not allow these cells to be empty' }, { cause: error })
  return destroyFailures.ORIGINAL_IO({ file: basename(path), why: `SQLite ${code}` }, { cause: error })
}

function rows(database: DatabaseSync, sql: string): Exclude<SQLOutputValue, undefined>[][] {
  const found: Exclude<SQLOutputValue, undefined>[][] = []
  for (const row of database.prepare(sql).iterate()) if (Array.isArray(row)) found.push(row)
  return found
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
