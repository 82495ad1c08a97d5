// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { SegmentRecord } from '@handover/proof'
import { createConnection, type Connection } from 'mysql2'
import { pinDatabaseAddress, readDatabaseAddress, type PinnedAddress } from '../../sources/index.ts'
import { byTable } from './land-postgres.store.ts'
import { landRow, type LandedRow, type Landing, type LandingSegment, type LandingTable } from './landing.ts'
import { receiveFailures } from './receive-failures.ts'

/** So many LONGTEXT columns fit a page of InnoDB, whatever stands in them. */
const columnsMax = 190
const statementLength = 1024 * 1024
const idsAtOnce = 1000
const readAhead = 2000
const netSeconds = 3600
const ownTable = /^ds_[0-9a-f]{8,32}$/

/**
 * A MySQL or MariaDB database as landing place: LONGTEXT columns with binary collation, one transaction a segment, the tables `ds_…` and `handover_…` of the database that the address names.
 * The password comes from MYSQL_PWD or a file, never from the address (CONTRACTS §18); another machine than this one is reached encrypted only, by the name in its certificate. Refuses what `pinDatabaseAddress` refuses.
 */
export async function openMysqlLanding(into: string, passwordFile: string | undefined): Promise<Landing> {
  // Who names a destination allows it; odd forms, services of the network itself and a change of address on the way are refused all the same.
  const address = await pinDatabaseAddress(into, { allowed: [readDatabaseAddress(into).host], isLoopbackAllowed: true })
  if (address.database === '') throw receiveFailures.DESTINATION_KIND({ into: 'mysql://…/' })
  const ask = askingOf(await connected(address, passwordFile))
  try {
    // Strict: what does not fit is an error and never cut. Backslashes escape, as `literal` takes for granted.
    await ask.run(`set names utf8mb4 collate utf8mb4_bin`)
    await ask.run(`set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', net_write_timeout = ${netSeconds}, net_read_timeout = ${netSeconds}`)
  } catch (error) {
    ask.end()
    throw error
  }
  return {
    kind: 'mysql',
    prepare: (tables) => prepare(ask, tables),
    loaded: async (packageId) => new Map((await ask.rows('select position, sha256 from handover_segments where package = ?', [packageId])).map(([position = null, sha256 = null]) => [Number(textOf(position)), textOf(sha256)])),
    load: (packageId, segment, tables) => inTransaction(ask, () => load(ask, packageId, { segment, tables })),
    readBack: (packageId, table) => readBack(ask, packageId, table),
    takeBack: (packageId, recordIds) => inTransaction(ask, async () => {
      for (const name of await ownTables(ask)) for (let at = 0; at < recordIds.length; at += idsAtOnce) await ask.run(`delete from ${name} where record_id in (?) and package <> ?`, [recordIds.slice(at, at + idsAtOnce), packageId])
    }),
    destroy: (packageIds) => destroyRows(ask, packageIds),
    forget: async (packageId, tables) => {
      await inTransaction(ask, async () => {
        for (const { name } of tables) if ((await columnsOf(ask, name)).has('package')) await ask.run(`delete from ${name} where package = ? or package is null or package not in (select package from handover_segments)`, [packageId])
        await ask.run('delete from handover_segments where package = ?', [packageId])
      })
      // Made anew with its columns and its key the next time; the server ends a transaction when a table goes.
      for (const { name } of tables) if ((await columnsOf(ask, name)).size > 0 && (await ask.rows(`select 1 from ${name} limit 1`)).length === 0) await ask.run(`drop table ${name}`)
    },
    finish: async () => {
      const [[isLogged = null] = []] = await ask.rows('select @@global.log_bin')
      return textOf(isLogged) === '1' ? ['该数据库服务器开启了二进制日志,装入的数据也写在其中,请按其保存期限管理 / the server keeps a binary log that holds the loaded values too; see to its retention'] : []
    },
    close: () => Promise.resolve(ask.end()),
  }
}

type Value = string | number | null | readonly string[]
type Row = (Buffer | null)[]

interface Asking {
  connection: Connection
  run(sql: string, values?: readonly Value[]): Promise<number>
  rows(sql: string, values?: readonly Value[]): Promise<Row[]>
  end(): void
}

async function connected(address: PinnedAddress, passwordFile: string | undefined): Promise<Connection> {
  const connection = createConnection({
    host: address.host, stream: () => connect({ host: address.ip, port: address.port }), port: address.port, user: address.user, database: address.database,
    password: passwordFile === undefined ? (process.env['MYSQL_PWD'] ?? '') : readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, ''),
    charset: 'UTF8MB4_BIN', flags: ['-LOCAL_FILES', '-CONNECT_ATTRS', '-ODBC', '-IGNORE_SPACE'], multipleStatements: false, enableCleartextPlugin: false, disableEval: true,
    ...(address.isLoopback ? {} : { ssl: { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' } }),
  })
  connection.on('error', () => undefined) // the statement under way reports it
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error === null ? resolve() : reject(troubleOf(error)))))
  return connection
}

/** The server's own message may quote a value, so only its code is told. */
function troubleOf(error: unknown): Error {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return receiveFailures.DESTINATION_TROUBLE({ why: `MySQL ${code}` }, { cause: error })
}

function askingOf(connection: Connection): Asking {
  const ask = (sql: string, values: readonly Value[] = []): Promise<unknown> => new Promise((resolve, reject) =>
    connection.query({ sql, values: [...values], rowsAsArray: true, typeCast: (field) => field.buffer() }, (error, rows: unknown) => (error === null ? resolve(rows) : reject(troubleOf(error)))))
  return {
    connection,
    run: async (sql, values) => affectedBy(await ask(sql, values)),
    rows: async (sql, values) => rowsOf(await ask(sql, values)),
    end: () => connection.destroy(),
  }
}

const rowsOf = (rows: unknown): Row[] => (Array.isArray(rows) ? rows.filter(Array.isArray).map((row) => row.map((cell) => (Buffer.isBuffer(cell) ? cell : null))) : [])
const affectedBy = (result: unknown): number => (typeof result === 'object' && result !== null && 'affectedRows' in result ? Number(result.affectedRows) : 0)
const textOf = (cell: Buffer | null): string => cell?.toString('utf8') ?? ''

async function prepare(ask: Asking, tables: readonly LandingTable[]): Promise<void> {
  if (tables.some(({ dataSet }) => dataSet.fields.length > columnsMax)) throw receiveFailures.DATA_SET_TOO_WIDE({ max: columnsMax })
  const form = 'engine = InnoDB row_format = dynamic default character set utf8mb4 collate utf8mb4_bin'
  await ask.run(`create table if not exists handover_segments (package varbinary(64) not null, position int not null, sha256 varbinary(64) not null, records int not null, primary key (package, position)) ${form}`)
  await ask.run(`create table if not exists handover_columns (table_name varchar(64) not null, column_name varchar(64) not null, data_set varchar(64) not null, data_set_title longtext not null, field varchar(64) not null, title longtext not null, type varchar(64) not null, grade varchar(64) not null, primary key (table_name, column_name)) ${form}`)
  for (const { name, dataSet } of tables) {
    const columns = dataSet.fields.map(({ index }) => `f${index} longtext null`)
    await ask.run(`create table if not exists ${name} (${['package varbinary(64) null', 'record_id varbinary(64) null', 'kinds varbinary(2000) null', ...columns].join(', ')}, unique key ${name}_once (record_id, package)) ${form}`)
    for (const field of dataSet.fields) {
      await ask.run(
        `insert into handover_columns values (?, ?, ?, ?, ?, ?, ?, ?) on duplicate key update data_set_title = values(data_set_title), title = values(title), type = values(type), grade = values(grade)`,
        [name, `f${field.index}`, dataSet.id, dataSet.name, field.id, field.name, field.type, field.grade])
    }
  }
}

/** A segment by statements of many rows, which keep below what any server takes at once unless one value alone is longer. */
async function load(ask: Asking, packageId: string, { segment, tables }: { segment: LandingSegment; tables: ReadonlyMap<string, LandingTable> }): Promise<void> {
  for (const { table, records } of byTable(segment.records, tables)) for (const statement of insertStatements(packageId, table, records)) await ask.run(statement)
  await ask.run('insert into handover_segments values (?, ?, ?, ?)', [packageId, segment.position, segment.sha256, segment.count])
}

function* insertStatements(packageId: string, { name, dataSet }: LandingTable, records: Iterable<SegmentRecord>): Generator<string, void, undefined> {
  const head = `insert into ${name} (${['package', 'record_id', 'kinds', ...dataSet.fields.map(({ index }) => `f${index}`)].join(', ')}) values `
  let rows: string[] = []
  let length = 0
  for (const record of records) {
    const { recordId, kinds, cells } = landRow(record, dataSet.fields.length)
    const row = `(${[packageId, recordId, kinds, ...cells].map(literal).join(', ')})`
    if (rows.length > 0 && length + row.length > statementLength) {
      yield head + rows.join(', ')
      rows = []
      length = 0
    }
    rows.push(row)
    length += row.length
  }
  if (rows.length > 0) yield head + rows.join(', ')
}

/** A text as a statement takes it; NUL does not come (`landCell`). */
function literal(text: string | null): string {
  return text === null ? 'null' : `'${/['"\\\n\r\u001a]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\u001a', '\\Z') : text}'`
}

/** Reads whatever the columns hold by now as the server's text, in the order of bytes; a column that is gone reads as unreadable, and so do bytes that are no text. */
async function* readBack(ask: Asking, packageId: string, { name, dataSet }: LandingTable): AsyncGenerator<LandedRow, void, undefined> {
  const there = await columnsOf(ask, name)
  if (there.size === 0) return
  const column = (of: string): string => (there.has(of) ? of : 'null')
  const isThere = dataSet.fields.map(({ index }) => there.has(`f${index}`))
  const cells = dataSet.fields.map(({ index }) => column(`f${index}`))
  const order = there.get('record_id') === 'varbinary(64)' ? 'record_id' : `cast(coalesce(${column('record_id')}, '') as binary)`
  await ask.run('start transaction with consistent snapshot, read only')
  try {
    const query = ask.connection.query({
      sql: `select ${['record_id', 'kinds'].map(column).concat(cells).join(', ')} from ${name} where ${column('package')} = ? or ${column('package')} is null or ${column('package')} not in (select package from handover_segments) order by ${order}`,
      values: [packageId], rowsAsArray: true, typeCast: (field) => field.buffer(),
    })
    for await (const row of query.stream({ highWaterMark: readAhead })) {
      const [recordId = null, kinds = null, ...texts] = rowsOf([row])[0] ?? []
      yield { recordId: textOf(recordId), kinds: textOf(kinds), cells: texts.map((cell, at) => (isThere[at] !== true || (cell !== null && !isUtf8(cell)) ? undefined : (cell?.toString('utf8') ?? null))) }
    }
  } catch (error) {
    throw error instanceof Error && 'words' in error ? error : troubleOf(error)
  } finally {
    await ask.run('rollback')
  }
}

/** The columns of a table with their types. */
async function columnsOf(ask: Asking, table: string): Promise<Map<string, string>> {
  const rows = await ask.rows('select column_name, column_type from information_schema.columns where table_schema = database() and table_name = ?', [table])
  return new Map(rows.map(([name = null, type = null]) => [textOf(name), textOf(type)]))
}

async function ownTables(ask: Asking): Promise<string[]> {
  return (await ask.rows('select table_name from information_schema.tables where table_schema = database() order by 1')).map(([name = null]) => textOf(name)).filter((name) => ownTable.test(name))
}

/** Deleted rows stay in the pages of InnoDB until the table is written anew, so it is. */
async function destroyRows(ask: Asking, packageIds: readonly string[]): Promise<{ rows: number; left: number }> {
  const names = await ownTables(ask)
  let [rows, left] = [0, 0]
  if (packageIds.length === 0) return { rows, left }
  await inTransaction(ask, async () => {
    for (const name of names) rows += await ask.run(`delete from ${name} where package in (?)`, [packageIds])
    if (names.length > 0) await ask.run('delete from handover_segments where package in (?)', [packageIds])
  })
  for (const name of names) {
    await ask.run(`alter table ${name} force`)
    left += Number(textOf((await ask.rows(`select count(*) from ${name} where package in (?)`, [packageIds]))[0]?.[0] ?? null))
  }
  return { rows, left }
}

async function inTransaction(ask: Asking, work: () => Promise<void>): Promise<void> {
  await ask.run('start transaction')
  try {
    await work()
    await ask.run('commit')
  } catch (error) {
    await ask.run('rollback').catch(() => undefined) // the first error is the one to report
    throw error
  }
}
