// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { landRow, type LandedRow, type Landing, type LandingTable } from './landing.ts'
import { receiveFailures } from './receive-failures.ts'

const columnsMax = 1900

/** A SQLite file as landing place: strict text tables, binary collation, one transaction a segment. Refuses a file that is no database or of another encoding than UTF-8, and data sets of more than 1,900 fields. */
export function openSqliteLanding(file: string): Landing {
  const database = guarded(() => {
    closeSync(openSync(file, 'a', 0o600)) // a new file is for its owner only
    return new DatabaseSync(file, { timeout: 10_000, allowExtension: false })
  })
  guarded(() => database.exec('pragma synchronous = full'))
  const encoding = guarded(() => String(database.prepare('pragma encoding').get()?.['encoding']))
  if (encoding !== 'UTF-8') {
    database.close()
    throw receiveFailures.DESTINATION_ENCODING({ encoding })
  }
  const run = <T>(work: () => T): Promise<T> => Promise.resolve().then(() => guarded(work))
  return {
    kind: 'sqlite',
    prepare: (tables) => run(() => inTransaction(database, () => prepare(database, tables))),
    loaded: (packageId) => run(() => new Map(database.prepare('select position, sha256 from handover_segments where package = ?').all(packageId).map((row) => [Number(row['position']), String(row['sha256'])]))),
    load: (packageId, segment, tables) => run(() => inTransaction(database, () => {
      const inserts = new Map<string, StatementSync>()
      for (const record of segment.records) {
        const table = tables.get(Buffer.from(record.dataSetId).toString('hex'))
        if (table === undefined) throw new Error('assertion failed: a verified record is of a data set of the manifest')
        const { recordId, kinds, cells } = landRow(record, table.dataSet.fields.length)
        const insert = inserts.get(table.name) ?? database.prepare(`insert into ${table.name} values (${['?', '?', '?', ...cells.map(() => '?')].join(', ')})`)
        inserts.set(table.name, insert)
        insert.run(packageId, recordId, kinds, ...cells)
      }
      database.prepare('insert into handover_segments values (?, ?, ?, ?)').run(packageId, segment.position, segment.sha256, segment.count)
    })),
    readBack: (packageId, table) => readBack(database, packageId, table),
    takeBack: (packageId, recordIds) => run(() => inTransaction(database, () => {
      for (const name of landedTables(database)) {
        const remove = database.prepare(`delete from ${name} where record_id = ? and package <> ?`)
        for (const id of recordIds) remove.run(id, packageId)
      }
    })),
    destroy: (packageIds) => run(() => destroyRows(database, packageIds)),
    forget: (packageId, tables) => run(() => inTransaction(database, () => {
      for (const { name } of tables) forgetTable(database, name, packageId)
      database.prepare('delete from handover_segments where package = ?').run(packageId)
    })),
    finish: () => Promise.resolve([]),
    close: () => run(() => database.close()),
  }
}

function prepare(database: DatabaseSync, tables: readonly LandingTable[]): void {
  if (tables.some(({ dataSet }) => dataSet.fields.length > columnsMax)) throw receiveFailures.DATA_SET_TOO_WIDE({ max: columnsMax })
  database.exec('create table if not exists handover_segments (package text not null, position integer not null, sha256 text not null, records integer not null, primary key (package, position)) strict')
  database.exec('create table if not exists handover_columns (table_name text not null, column_name text not null, data_set text not null, data_set_title text not null, field text not null, title text not null, type text not null, grade text not null, primary key (table_name, column_name)) strict')
  for (const { name, dataSet } of tables) {
    const columns = dataSet.fields.map(({ index }) => `f${index} text`)
    // Only a new table gets its index: over rows that somebody doubled it could not be made.
    if (columnsOf(database, name).size === 0) database.exec(`create table ${name} (${['package text', 'record_id text', 'kinds text', ...columns].join(', ')}) strict; create unique index ${name}_once on ${name} (record_id, package)`)
    const title = database.prepare('insert or replace into handover_columns values (?, ?, ?, ?, ?, ?, ?, ?)')
    for (const field of dataSet.fields) title.run(name, `f${field.index}`, dataSet.id, dataSet.name, field.id, field.name, field.type, field.grade)
  }
}

/** Rows of this package and of nobody go; a table that is empty then is made anew, with its columns and its index. */
function forgetTable(database: DatabaseSync, name: string, packageId: string): void {
  if (columnsOf(database, name).has('package')) database.prepare(`delete from ${name} where package = ? or package is null or package not in (select package from handover_segments)`).run(packageId)
  if (columnsOf(database, name).size > 0 && database.prepare(`select 1 from ${name} limit 1`).get() === undefined) database.exec(`drop table ${name}`)
}

/** Every cell is read as bytes and decoded strictly, so that damaged text is not smoothed over by a driver. */
async function* readBack(database: DatabaseSync, packageId: string, { name, dataSet }: LandingTable): AsyncGenerator<LandedRow, void, undefined> {
  const there = guarded(() => columnsOf(database, name))
  if (there.size === 0) return
  const cells = dataSet.fields.map(({ index }) => `${there.has(`f${index}`) ? `cast(f${index} as blob)` : 'null'} as c${index}`)
  const [recordId = '', kinds = '', owner = ''] = ['record_id', 'kinds', 'package'].map((column) => (there.has(column) ? column : 'null'))
  // In a strict table as we made it the index gives the order of bytes; without it the rows are sorted.
  const order = recordId !== 'null' && isStrictText(database, name) ? 'record_id collate binary' : '1'
  const statement = guarded(() => database.prepare(
    `select cast(${recordId} as blob) as r, cast(${kinds} as blob) as k, ${cells.join(', ')} from ${name} where ${owner} = ? or ${owner} is null or ${owner} not in (select package from handover_segments) order by ${order}`))
  for (const row of statement.iterate(packageId)) {
    yield {
      recordId: textOf(row['r']) ?? '', kinds: textOf(row['k']) ?? '',
      cells: dataSet.fields.map(({ index }) => (there.has(`f${index}`) ? textOf(row[`c${index}`]) : undefined)),
    }
  }
}

function isStrictText(database: DatabaseSync, table: string): boolean {
  const isStrict = database.prepare(`select strict from pragma_table_list where schema = 'main' and name = ?`).get(table)?.['strict'] === 1
  return isStrict && database.prepare(`select type from pragma_table_info(?) where name = 'record_id'`).get(table)?.['type'] === 'TEXT'
}

/** Overwritten where it stood (`secure_delete`), then the file is written anew without free pages and without a journal of what went. */
function destroyRows(database: DatabaseSync, packageIds: readonly string[]): { rows: number; left: number } {
  database.exec('pragma secure_delete = on')
  const tables = landedTables(database)
  const count = (): number => tables.filter((name) => columnsOf(database, name).size > 0).reduce((sum, name) => sum + packageIds.reduce((n, id) => n + Number(database.prepare(`select count(*) as n from ${name} where package = ?`).get(id)?.['n']), 0), 0)
  const rows = count()
  inTransaction(database, () => {
    for (const name of tables) {
      const remove = database.prepare(`delete from ${name} where package = ?`)
      for (const id of packageIds) remove.run(id)
    }
    if (columnsOf(database, 'handover_segments').size > 0) for (const id of packageIds) database.prepare('delete from handover_segments where package = ?').run(id)
    for (const name of tables) if (database.prepare(`select 1 from ${name} limit 1`).get() === undefined) {
      database.exec(`drop table ${name}`)
      if (columnsOf(database, 'handover_columns').size > 0) database.prepare('delete from handover_columns where table_name = ?').run(name)
    }
  })
  database.exec('vacuum')
  database.exec('pragma wal_checkpoint(truncate)')
  return { rows, left: count() }
}

/** The tables of all packages in this file: names of ours only, of those that still have our columns. */
function landedTables(database: DatabaseSync): string[] {
  const names = database.prepare(`select name from sqlite_master where type = 'table'`).all().map((row) => String(row['name']))
  return names.filter((name) => /^ds_[0-9a-f]{8,32}$/.test(name) && columnsOf(database, name).has('record_id') && columnsOf(database, name).has('package'))
}

function columnsOf(database: DatabaseSync, table: string): Set<string> {
  return new Set(database.prepare('select name from pragma_table_info(?)').all(table).map((row) => String(row['name'])))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(value: SQLOutputValue | undefined): string | null | undefined {
  if (value === null) return null
  if (!(value instanceof Uint8Array)) return undefined
  try {
    return decoder.decode(value)
  } catch {
    return undefined
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('begin immediate')
  try {
    work()
    database.exec('commit')
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/** SQLite's own message may quote a value, so only its number is told. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') throw receiveFailures.DESTINATION_TROUBLE({ why: `SQLite ${'errcode' in error ? String(error.errcode) : ''}` }, { cause: error })
    throw error
  }
}
