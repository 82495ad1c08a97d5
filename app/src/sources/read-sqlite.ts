// SPDX-License-Identifier: Apache-2.0
import { closeSync, copyFileSync, lstatSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SQLOutputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { assert } from '../kit/assert.ts'
import { notReadReasons } from './not-read-reasons.ts'
import { privateFolder } from './private-file.ts'
import type { ReadPlace } from './read-csv.ts'
import { noRows } from './source-events.ts'
import type { Cell, ReadEvent, SourceField, SourceRow } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

const BATCH = 500
/** What a batch of rows may hold before it is handed on. */
const BATCH_BYTES = 4 * 1024 * 1024
const BYTES_CHECKED_PER_MS = 20_000
const BYTES_PER_CHAR = 8
const TOO_BIG = 18 // SQLITE_TOOBIG
const JOURNAL_MAGIC = 'd9d505f920a163d7'

/** Reads all tables of a SQLite file, read only, without trusting its schema (SECURITY.md §1, storage notes). A file with a write-ahead log is read from a private copy that is removed at the end. */
export async function* readSqlite(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const opened = openDatabase(at, setting)
  try {
    setting.alive(10_000 + statSync(at.path).size / BYTES_CHECKED_PER_MS) // quick_check says nothing while it works
    checkIntegrity(opened.database, at.place)
    yield* allTables(opened.database, at, setting)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') {
      if ('errcode' in error && error.errcode === TOO_BIG) throw sourceFailures.CELL_TOO_LONG({ where: at.place, row: '?', limit: setting.limits.cellCharsMax * BYTES_PER_CHAR }, { cause: error })
      throw sourceFailures.SQLITE_CORRUPT({ where: at.place, why: `SQLite ${'errcode' in error ? String(error.errcode) : ''}` }, { cause: error })
    }
    throw error
  } finally {
    opened.close()
  }
}

interface OpenedDatabase {
  database: DatabaseSync
  close(): void
}

/** The write-ahead log beside a database, if it has one. Refuses a log that is no ordinary file: a pipe would never end, a link leads elsewhere. */
export function writeAheadLog(at: { path: string; place: string }): string | null {
  const wal = `${at.path}-wal`
  const stat = lstatSync(wal, { throwIfNoEntry: false })
  if (stat === undefined || (stat.isFile() && stat.size === 0)) return null
  if (!stat.isFile()) throw sourceFailures.SQLITE_CORRUPT({ where: at.place, why: '-wal 不是普通文件 / not an ordinary file' })
  return wal
}

// SQLite would roll such a file back, and delete what its journal names: neither is ours to do.
function refuseJournal(at: ReadPlace): void {
  const stat = lstatSync(`${at.path}-journal`, { throwIfNoEntry: false })
  if (stat === undefined || !stat.isFile() || stat.size === 0) return
  const head = Buffer.alloc(8)
  const fd = openSync(`${at.path}-journal`, 'r')
  readSync(fd, head, 0, 8, 0)
  closeSync(fd)
  if (head.toString('hex') === JOURNAL_MAGIC) throw sourceFailures.SQLITE_UNFINISHED({ where: at.place })
}

function openDatabase(at: ReadPlace, setting: ReadSetting): OpenedDatabase {
  const options = {
    readOnly: true, readBigInts: true, returnArrays: true, allowExtension: false, defensive: true,
    limits: { length: setting.limits.cellCharsMax * BYTES_PER_CHAR, attach: 0 },
  }
  refuseJournal(at)
  const wal = writeAheadLog(at)
  if (wal === null) {
    const url = pathToFileURL(at.path)
    url.searchParams.set('immutable', '1') // never writes a journal or shared memory beside a foreign file
    const database = new DatabaseSync(url, options)
    return { database, close: () => database.close() }
  }
  const folder = privateFolder() // while it is copied it has a name; what a killed process leaves, the next one deletes
  try {
    copyFileSync(at.path, join(folder, 'copy.db'))
    copyFileSync(wal, join(folder, 'copy.db-wal'))
    const database = new DatabaseSync(join(folder, 'copy.db'), options)
    database.exec('SELECT count(*) FROM sqlite_schema') // opens the log as well
    // On Linux open files live on without a name, so that a worker that is stopped or killed leaves no copy of anybody's data behind.
    if (process.platform === 'linux') rmSync(folder, { recursive: true, force: true })
    return { database, close: () => (database.close(), rmSync(folder, { recursive: true, force: true })) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function checkIntegrity(database: DatabaseSync, where: string): void {
  database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON; PRAGMA ignore_check_constraints=ON') // a check may be made to never end
  const result = rows(database, 'PRAGMA quick_check(1)')[0]?.[0]
  if (result !== 'ok') throw sourceFailures.SQLITE_CORRUPT({ where, why: 'quick_check' })
}

/** Rows as arrays: no column name of a foreign file becomes a property of an object. */
function rows(database: DatabaseSync, sql: string): SQLOutputValue[][] {
  return [...iterate(database, sql)]
}

function* iterate(database: DatabaseSync, sql: string): Generator<SQLOutputValue[]> {
  for (const row of database.prepare(sql).iterate()) if (Array.isArray(row)) yield row
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

// What these modules name their own tables (sqlite.org: fts3, fts5, rtree).
const shadowEndings = ['content', 'segments', 'segdir', 'docsize', 'stat', 'data', 'idx', 'config', 'node', 'rowid', 'parent', 'vocab']

// From the stored schema alone: asking SQLite for its list of tables would expand every view, and views can be nested to take for ever.
async function* allTables(database: DatabaseSync, at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const schema = rows(database, 'SELECT type, name, rootpage FROM sqlite_schema WHERE type IN (\'table\', \'view\') ORDER BY name').map((row) => ({ type: String(row[0]), name: String(row[1]), isVirtual: row[0] === 'table' && row[2] === 0n }))
  const shadows = new Set(schema.filter(({ isVirtual }) => isVirtual).flatMap(({ name }) => shadowEndings.map((ending) => `${name}_${ending}`.toLowerCase())))
  const encoding = String(rows(database, 'PRAGMA encoding')[0]?.[0])
  let next = at.firstDataSet
  for (const { type, name, isVirtual } of schema) {
    if (name.startsWith('sqlite_') || shadows.has(name.toLowerCase())) continue
    if (type === 'table' && !isVirtual) yield* tableDataSet(database, name, { at, index: next++, setting, encoding })
    else yield { kind: 'notRead', where: `${at.place}!${name}`, why: type === 'view' ? notReadReasons.view : notReadReasons.virtualTable }
  }
}

interface TableRead {
  at: ReadPlace
  index: number
  setting: ReadSetting
  encoding: string
}

async function* tableDataSet(database: DatabaseSync, table: string, read: TableRead): AsyncGenerator<ReadEvent> {
  const { at, index, setting } = read
  const where = `${at.place}!${table}`
  const all = rows(database, `SELECT name, type, pk, hidden FROM pragma_table_xinfo(${literal(table)})`)
  const columns = all.filter((row) => row[3] !== 1n && row[3] !== VIRTUAL)
  if (columns.length > setting.limits.fieldsMax) throw sourceFailures.TOO_MANY_FIELDS({ where, row: 0, limit: setting.limits.fieldsMax })
  for (const row of all) if (row[3] === VIRTUAL) yield { kind: 'notRead', where: `${where}.${String(row[0])}`, why: notReadReasons.computedColumn }
  const fields = columns.map((row, i): SourceField => ({ name: String(row[0]), index: i, declaredType: String(row[1]).toLowerCase() }))
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name: table, kind: 'sqlite', hidden: false, fields, headerRow: null, blankHeaders: 0, duplicateHeaders: 0 } }
  const counts = noRows()
  const rowId = rowIdOf(database, table, new Set(all.map((row) => String(row[0]).toLowerCase())))
  const keys = columns.filter((row) => row[2] !== 0n).sort((a, b) => Number(a[2]) - Number(b[2])).map((row) => quoted(String(row[0])))
  const order = rowId ?? (keys.length > 0 ? keys.join(', ') : '1')
  const cells = rowReader(database, table, { fields, rowId, encoding: read.encoding })
  let batch: SourceRow[] = []
  let batchBytes = 0
  for (const row of iterate(database, `SELECT ${cells.selected} FROM ${quoted(table)} ORDER BY ${order}`)) {
    if (counts.rows >= setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where, limit: setting.limits.rowsMax })
    const id = cells.hasId ? row[0] : null
    const found = cells.of(row)
    for (const cell of found) {
      if (cell.extras?.flag !== undefined) counts.oddCells++
      batchBytes += cell.value === null ? 0 : cell.value.length
    }
    const place = typeof id === 'bigint' && Number.isSafeInteger(Number(id)) ? Number(id) : counts.rows + 1
    batch.push({ ordinal: counts.rows++, place, cells: found })
    if (batch.length === BATCH || batchBytes > BATCH_BYTES) {
      setting.alive()
      yield { kind: 'rows', dataSet: index, rows: batch }
      batch = []
      batchBytes = 0
    }
  }
  if (batch.length > 0) yield { kind: 'rows', dataSet: index, rows: batch }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
}

/** `hidden` of a generated column that is not stored. */
const VIRTUAL = 2n

/** A name of the row id that no column took; none for tables without one. */
function rowIdOf(database: DatabaseSync, table: string, taken: ReadonlySet<string>): string | undefined {
  const name = ['rowid', '_rowid_', 'oid'].find((candidate) => !taken.has(candidate))
  if (name === undefined) return undefined
  try {
    database.prepare(`SELECT ${name} FROM ${quoted(table)} LIMIT 0`)
    return name
  } catch {
    return undefined
  }
}

interface RowReader {
  /** Whether the row id, or nothing, stands before the cells. */
  hasId: boolean
  selected: string
  of(row: SQLOutputValue[]): Cell[]
}

/** SQLite's own limit on columns, of a table and of a result. */
const COLUMNS_MAX = 2000

/**
 * How the cells of a table are asked for. The driver replaces what is no text: where the bytes can be asked for by row id, they are when it may have done so; else, and where texts are stored as
 * UTF-16 (SQLite itself makes other characters of lone surrogates), every text comes as the hexadecimal digits of its bytes.
 */
function rowReader(database: DatabaseSync, table: string, how: { fields: SourceField[]; rowId: string | undefined; encoding: string }): RowReader {
  const names = how.fields.map((field) => quoted(field.name))
  const { rowId, encoding } = how
  if (rowId !== undefined && encoding === 'UTF-8' && names.length < COLUMNS_MAX) {
    return {
      hasId: true,
      selected: [rowId, ...names].join(', '),
      of: (row) => names.map((name, i) => cellOf(row[1 + i] ?? null, () => storedBytes(database, `SELECT CAST(${name} AS BLOB) FROM ${quoted(table)} WHERE ${rowId} = ${String(row[0])}`))),
    }
  }
  const exact = names.map((name) => `CASE typeof(${name}) WHEN 'text' THEN 't' || hex(CAST(${name} AS BLOB)) WHEN 'blob' THEN 'b' || hex(${name}) ELSE ${name} END`)
  const isWide = names.length >= COLUMNS_MAX
  return { hasId: !isWide, selected: (isWide ? exact : [rowId ?? 'NULL', ...exact]).join(', '), of: (row) => names.map((_, i) => exactCell(row[isWide ? i : 1 + i] ?? null, encoding)) }
}

function exactCell(value: SQLOutputValue, encoding: string): Cell {
  if (typeof value !== 'string') return cellOf(value, () => Buffer.alloc(0))
  const bytes = Buffer.from(value.slice(1), 'hex')
  if (value.startsWith('b')) return cellOf(bytes, () => bytes)
  const text = encoding === 'UTF-8' ? bytes.toString('utf8') : bytes.length % 2 === 1 ? null : (encoding === 'UTF-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le')
  const isText = text !== null && !text.includes('\0') && text.isWellFormed() && (encoding !== 'UTF-8' || Buffer.from(text, 'utf8').equals(bytes))
  return isText ? { value: text } : { value: new Uint8Array(bytes), extras: { cellType: 'text', flag: 'not-text' } }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Canonical text of a stored value (CONTRACTS §1): integers in full, reals in their shortest round-trip form, blobs as bytes. */
function cellOf(value: SQLOutputValue, stored: () => Uint8Array): Cell {
  if (value === null) return { value: null }
  if (typeof value === 'bigint') return { value: value.toString(), extras: { cellType: 'integer' } }
  if (typeof value === 'number') return { value: Object.is(value, -0) ? '-0' : String(value), extras: { cellType: 'real' } }
  if (typeof value !== 'string') return { value: new Uint8Array(value), extras: { cellType: 'blob' } }
  if (!value.includes('\uFFFD') && !value.includes('\0') && value.isWellFormed()) return { value }
  // The driver replaces what is no UTF-8; ask for the bytes to see whether it did.
  const bytes = stored()
  const isText = !value.includes('\0') && Buffer.from(value, 'utf8').equals(bytes)
  return isText ? { value } : { value: new Uint8Array(bytes), extras: { cellType: 'text', flag: 'not-text' } }
}

function storedBytes(database: DatabaseSync, sql: string): Uint8Array {
  const found = rows(database, sql)[0]?.[0]
  assert(found instanceof Uint8Array, 'the row that was just read is there')
  return found
}
