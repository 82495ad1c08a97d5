// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SQLOutputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { notReadReasons } from './find-unread-parts.ts'
import type { ReadPlace } from './read-csv.ts'
import { noRows } from './source-events.ts'
import type { Cell, ReadEvent, SourceField, SourceRow } from './source-events.ts'
import type { ReadSetting } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

const BATCH = 500
const BYTES_CHECKED_PER_MS = 20_000

/** Reads all tables of a SQLite file, read only, without trusting its schema (SECURITY.md §1, storage notes). A file with a write-ahead log is read from a private copy that is removed at the end. */
export async function* readSqlite(at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const opened = openDatabase(at)
  try {
    setting.alive(10_000 + statSync(at.path).size / BYTES_CHECKED_PER_MS) // quick_check says nothing while it works
    checkIntegrity(opened.database, at.place)
    yield* allTables(opened.database, at, setting)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') {
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

function openDatabase(at: ReadPlace): OpenedDatabase {
  const options = { readOnly: true, readBigInts: true, returnArrays: true, allowExtension: false, defensive: true }
  const wal = `${at.path}-wal`
  if (!existsSync(wal) || statSync(wal).size === 0) {
    const url = pathToFileURL(at.path)
    url.searchParams.set('immutable', '1') // never writes a journal or shared memory beside a foreign file
    const database = new DatabaseSync(url, options)
    return { database, close: () => database.close() }
  }
  const folder = mkdtempSync(join(tmpdir(), 'handover-sqlite-'))
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
  database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON')
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

interface Table {
  name: string
  type: string
  hasRowId: boolean
}

async function* allTables(database: DatabaseSync, at: ReadPlace, setting: ReadSetting): AsyncGenerator<ReadEvent> {
  const tables = rows(database, 'SELECT name, type, wr FROM pragma_table_list WHERE schema = \'main\' ORDER BY name').map(
    (row): Table => ({ name: String(row[0]), type: String(row[1]), hasRowId: row[2] === 0n }),
  )
  let next = at.firstDataSet
  for (const table of tables) {
    if (table.name.startsWith('sqlite_')) continue
    if (table.type === 'table') yield* tableDataSet(database, table, { at, index: next++, setting })
    else if (table.type !== 'shadow') yield { kind: 'notRead', where: `${at.place}!${table.name}`, why: table.type === 'view' ? notReadReasons.view : notReadReasons.virtualTable }
  }
}

interface TableRead {
  at: ReadPlace
  index: number
  setting: ReadSetting
}

async function* tableDataSet(database: DatabaseSync, table: Table, read: TableRead): AsyncGenerator<ReadEvent> {
  const { at, index, setting } = read
  const where = `${at.place}!${table.name}`
  const columns = rows(database, `SELECT name, type, pk, hidden FROM pragma_table_xinfo(${literal(table.name)})`).filter((row) => row[3] !== 1n)
  if (columns.length > setting.limits.fieldsMax) throw sourceFailures.TOO_MANY_FIELDS({ where, row: 0, limit: setting.limits.fieldsMax })
  const fields = columns.map((row, i): SourceField => ({ name: String(row[0]), index: i, declaredType: String(row[1]).toLowerCase() }))
  yield { kind: 'dataSet', dataSet: { index, source: at.source, name: table.name, kind: 'sqlite', hidden: false, fields, headerRow: null, blankHeaders: 0, duplicateHeaders: 0 } }
  const counts = noRows()
  const names = new Set(fields.map((field) => field.name.toLowerCase()))
  const rowId = table.hasRowId ? ['rowid', '_rowid_', 'oid'].find((name) => !names.has(name)) : undefined
  const keys = columns.filter((row) => row[2] !== 0n).sort((a, b) => Number(a[2]) - Number(b[2])).map((row) => quoted(String(row[0])))
  const order = rowId ?? (keys.length > 0 ? keys.join(', ') : '1')
  const selected = fields.map((field) => quoted(field.name)).join(', ')
  let batch: SourceRow[] = []
  for (const row of iterate(database, `SELECT ${rowId ?? 'NULL'}, ${selected} FROM ${quoted(table.name)} ORDER BY ${order}`)) {
    if (counts.rows >= setting.limits.rowsMax) throw sourceFailures.TOO_MANY_ROWS({ where, limit: setting.limits.rowsMax })
    const id = row[0]
    const cells = row.slice(1).map((value, i) => cellOf(value, () => storedBytes(database, table, { rowId, id, field: fields[i]?.name ?? '' })))
    counts.oddCells += cells.reduce((n, cell) => n + (cell.extras?.flag === undefined ? 0 : 1), 0)
    const place = typeof id === 'bigint' && Number.isSafeInteger(Number(id)) ? Number(id) : counts.rows + 1
    batch.push({ ordinal: counts.rows++, place, cells })
    if (batch.length === BATCH) {
      setting.alive()
      yield { kind: 'rows', dataSet: index, rows: batch }
      batch = []
    }
  }
  if (batch.length > 0) yield { kind: 'rows', dataSet: index, rows: batch }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Canonical text of a stored value (CONTRACTS §1): integers in full, reals in their shortest round-trip form, blobs as bytes. */
function cellOf(value: SQLOutputValue, storedBytes: () => Uint8Array | null): Cell {
  if (value === null) return { value: null }
  if (typeof value === 'bigint') return { value: value.toString(), extras: { cellType: 'integer' } }
  if (typeof value === 'number') return { value: String(value), extras: { cellType: 'real' } }
  if (typeof value !== 'string') return { value: new Uint8Array(value), extras: { cellType: 'blob' } }
  if (!value.includes('\uFFFD') && !value.includes('\0') && value.isWellFormed()) return { value }
  // The driver replaces what is no UTF-8; ask for the bytes to see whether it did.
  const bytes = storedBytes() ?? Buffer.from(value, 'utf8')
  const isText = !value.includes('\0') && Buffer.from(value, 'utf8').equals(bytes)
  return isText ? { value } : { value: new Uint8Array(bytes), extras: { cellType: 'text', flag: 'not-text' } }
}

interface StoredAt {
  rowId: string | undefined
  id: SQLOutputValue | undefined
  field: string
}

function storedBytes(database: DatabaseSync, table: Table, at: StoredAt): Uint8Array | null {
  if (at.rowId === undefined || typeof at.id !== 'bigint') return null
  const found = rows(database, `SELECT CAST(${quoted(at.field)} AS BLOB) FROM ${quoted(table.name)} WHERE ${at.rowId} = ${at.id}`)[0]?.[0]
  return found instanceof Uint8Array ? found : null
}
