// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net'
import { createConnection, type Connection, type QueryError } from 'mysql2'
import { Failure } from '../../kit/failure.ts'
import { CountedReading } from './counted-reading.ts'
import { databaseFailures } from './database-failures.ts'
import type { DatabaseLogin, ForeignDatabase, ForeignTable, TablePlan } from './foreign-table.ts'
import { MysqlBlocks, type MysqlRow } from './mysql-blocks.ts'
import { mysqlStatements } from './mysql-statements.ts'
import { crawlMysql, type AskMysql } from './mysql-schema.ts'
import type { TableBlock } from './table-block.ts'

/** While we are busy with rows the server waits so long. */
const NET_SECONDS = 600
/** Errors of the server for a statement that took too long: MySQL, MariaDB. */
const tooLong = ['ER_QUERY_TIMEOUT', 'ER_STATEMENT_TIMEOUT', '3024', '1969']

/**
 * Opens a MySQL or MariaDB server for reading: one consistent read-only snapshot, no LOCAL files, one statement at a time, times in UTC, text as the server writes it (CONTRACTS §1, SECURITY.md P25).
 * Refuses a server that asks for a file, and one that cannot prove its name where encryption is asked for.
 */
export async function openMysql(login: DatabaseLogin, classes: Readonly<Uint8Array>, onWork: () => void): Promise<ForeignDatabase> {
  const { address, limits, place } = login
  const { connection, ask } = await connectMysql(login, onWork)
  try {
    const server = await begin(ask, limits.statementSeconds)
    const [[asOf = ''] = []] = await ask(`select date_format(utc_timestamp(), '%Y-%m-%dT%H:%i:%sZ')`)
    const found = await crawlMysql(ask, address.database, limits.tables)
    return { kind: 'mysql', server, asOf: asOf ?? '', ...found, read: (table, plan) => new MysqlReading({ connection, ask, login, classes, onWork }, table, plan), close: () => Promise.resolve(connection.destroy()) }
  } catch (error) {
    connection.destroy()
    throw mysqlFailure(error, place)
  }
}

/** Connects to a MySQL or MariaDB server, with nothing asked of it yet. Refuses as `openMysql` does. */
export async function connectMysql(login: DatabaseLogin, onWork: () => void): Promise<{ connection: Connection; ask: AskMysql }> {
  const { address, place, limits } = login
  const connection = createConnection({
    host: address.host, // for the name in the certificate; the way there is settled
    stream: () => connect({ host: address.ip, port: address.port, timeout: limits.connectMs }),
    port: address.port, user: address.user, password: login.password ?? '', ...(address.database === '' ? {} : { database: address.database }),
    connectTimeout: limits.connectMs, charset: 'UTF8MB4_BIN', flags: ['-LOCAL_FILES', '-CONNECT_ATTRS', '-ODBC', '-IGNORE_SPACE'], multipleStatements: false, enableCleartextPlugin: false,
    insecureAuth: false, supportBigNumbers: false, disableEval: true, // a foreign server's column names never become part of a program
    ...(login.tls === 'none' ? {} : { ssl: { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2', ...(login.ca === null ? {} : { ca: login.ca }) } }),
  })
  connection.on('error', () => undefined) // the statement under way reports it
  const ask: AskMysql = (sql, values = []) => new Promise((resolve, reject) => {
    onWork()
    connection.query({ sql, values: [...values], rowsAsArray: true, typeCast: (field) => field.string() }, (error, rows: unknown) => (error === null ? resolve(textRows(rows)) : reject(error)))
  })
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error === null ? resolve() : reject(error))))
    return { connection, ask }
  } catch (error) {
    connection.destroy()
    throw mysqlFailure(error, place)
  }
}

const textRows = (rows: unknown): (string | null)[][] => (Array.isArray(rows) ? rows.filter(Array.isArray).map((row) => row.map((cell) => (cell === null ? null : String(cell)))) : [])

async function begin(ask: AskMysql, statementSeconds: number): Promise<string> {
  const server = await settleMysql(ask, statementSeconds)
  await ask('set session transaction isolation level repeatable read')
  await ask('set session transaction read only')
  await ask('start transaction with consistent snapshot, read only')
  return server
}

/** Settles how this session gives and compares values: text as it stands, times in UTC, limits of time. Gives product and version. */
export async function settleMysql(ask: AskMysql, statementSeconds: number): Promise<string> {
  await ask(`set names utf8mb4 collate utf8mb4_bin`)
  await ask(`set session sql_mode = '', time_zone = '+00:00', net_write_timeout = ${NET_SECONDS}, net_read_timeout = ${NET_SECONDS}, lock_wait_timeout = 10`)
  const [[version = ''] = []] = await ask('select version()')
  const isMariaDb = /mariadb/i.test(version ?? '')
  await ask(isMariaDb ? `set session max_statement_time = ${statementSeconds}` : `set session max_execution_time = ${statementSeconds * 1000}`)
  return `${isMariaDb ? 'MariaDB' : 'MySQL'} ${(version ?? '').replace(/-.*$/s, '')}`
}

interface ReadingTools {
  connection: Connection
  ask: AskMysql
  login: DatabaseLogin
  classes: Readonly<Uint8Array>
  onWork: () => void
}

/** Reads one table by one statement, or a spread sample of it by several. */
class MysqlReading extends CountedReading {
  private readonly tools: ReadingTools
  private readonly filler: MysqlBlocks

  constructor(tools: ReadingTools, table: ForeignTable, plan: TablePlan) {
    super(table, plan, tools.login.limits)
    this.tools = tools
    this.filler = new MysqlBlocks(table, tools.classes)
  }

  async *blocks(): AsyncGenerator<TableBlock> {
    const { ask, login } = this.tools
    const { table, plan } = this
    const where = `${login.place}!${table.name}`
    try {
      const statements = await mysqlStatements(table, plan, { rowsMax: login.limits.rowsMax, ask })
      for (const statement of statements) yield* this.rowsOf(statement)
      const rest = this.filler.take()
      if (rest !== null) yield this.tookBlock(rest)
    } catch (error) {
      const failure = mysqlFailure(error, where)
      const code = codeOf(error)
      if (this.rows === 0 || failure.code !== 'CONNECTOR_TROUBLE') throw failure
      this.ended({ code, isTooLong: tooLong.includes(code) })
    }
    this.closeAccount()
  }

  /** The rows of one statement, block by block; the connection waits while nobody takes them. */
  private async *rowsOf(sql: string): AsyncGenerator<TableBlock> {
    const { connection, onWork } = this.tools
    const ready: TableBlock[] = []
    let wake: () => void = () => undefined
    const ended: { by: QueryError | null } = { by: null }
    let isEnded = false
    const query = connection.query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() })
    query.on('result', (row: unknown) => {
      if (!Array.isArray(row)) return // what an OK packet says; no rows
      this.filler.add(bufferRow(row))
      if (!this.filler.isFull()) return
      const block = this.filler.take()
      if (block !== null) ready.push(block)
      connection.pause()
      wake()
    })
    query.on('error', (found: QueryError) => ((ended.by = found), wake()))
    query.on('end', () => ((isEnded = true), wake()))
    for (;;) {
      const block = ready.shift()
      if (block !== undefined) {
        onWork()
        yield this.tookBlock(block)
        this.filler.giveBack(block)
        if (ready.length === 0) connection.resume()
        continue
      }
      if (ended.by !== null) throw ended.by
      if (isEnded) return
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

/** The bytes of a row as the server sent them. */
export const bufferRow = (row: readonly unknown[]): MysqlRow => row.map((cell) => (Buffer.isBuffer(cell) ? cell : null))

/** The driver knows no names for the newer codes of MariaDB, only their numbers. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'errno' in error && typeof error.errno === 'number' ? String(error.errno) : 'unknown'
}

/** The server's own message may quote a value or name a file, so only its code is told. */
export function mysqlFailure(error: unknown, where: string): Failure {
  if (error instanceof Failure) return error
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : ''
  if (text.startsWith('As a result of LOCAL INFILE')) return databaseFailures.CONNECTOR_ASKED_FOR_FILE({ where })
  if (['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR', 'AUTH_SWITCH_PLUGIN_ERROR'].includes(code)) return databaseFailures.CONNECTOR_LOGIN({ where, why: code }, { cause: error })
  if (/SSL|TLS|CERT|SELF_SIGNED|ALTNAME|ISSUER/i.test(`${code} ${text}`)) return databaseFailures.CONNECTOR_TLS({ where, why: code }, { cause: error })
  if (/^E[A-Z]+$/.test(code) || code.startsWith('PROTOCOL_')) return databaseFailures.CONNECTOR_UNREACHABLE({ where, why: code }, { cause: error })
  return databaseFailures.CONNECTOR_TROUBLE({ where, why: `MySQL ${code}` }, { cause: error })
}
