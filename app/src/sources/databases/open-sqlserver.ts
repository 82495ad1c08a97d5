// SPDX-License-Identifier: Apache-2.0
// oxlint-disable-next-line triple-slash-reference -- the package brings no types, and a file that declares a module cannot be imported
/// <reference path="./mssql.d.ts" />
import { connect } from 'node:net'
import library from 'mssql'
import { Failure } from '../../kit/failure.ts'
import { CountedReading } from './counted-reading.ts'
import { databaseFailures } from './database-failures.ts'
import type { DatabaseLogin, ForeignDatabase, ForeignTable, TablePlan } from './foreign-table.ts'
import { MysqlBlocks } from './mysql-blocks.ts'
import { crawlSqlServer, sqlServerStatement, type AskSqlServer } from './sqlserver-schema.ts'
import type { TableBlock } from './table-block.ts'

type Transaction = InstanceType<typeof library.Transaction>

/**
 * Opens a SQL Server database for reading: an intent to read only, one snapshot where the database allows it, encryption with proof of the server's name, no following to another server.
 * **Unverified**: no SQL Server was at hand; the statements follow Microsoft's documentation and have never met a server.
 */
export async function openSqlServer(login: DatabaseLogin, classes: Readonly<Uint8Array>, onWork: () => void): Promise<ForeignDatabase> {
  const { address, limits, place } = login
  const pool = new library.ConnectionPool({
    server: address.host, port: address.port, user: address.user, password: login.password ?? '', database: address.database, connectionTimeout: limits.connectMs, requestTimeout: limits.statementSeconds * 1000, pool: { min: 1, max: 1 },
    options: {
      encrypt: login.tls === 'verify', trustServerCertificate: false, readOnlyIntent: true, useUTC: true, appName: 'handover', ...(login.ca === null ? {} : { cryptoCredentialsDetails: { ca: login.ca } }),
      // The server may answer "ask that other server instead": whatever it names, only the settled address is connected to.
      connector: () => new Promise((resolve, reject) => {
        const socket = connect({ host: address.ip, port: address.port })
        socket.once('error', reject).once('connect', () => resolve(socket))
      }),
    },
  })
  pool.on('error', () => undefined) // the request under way reports it
  try {
    await pool.connect()
    const transaction = await beginReading(pool)
    const ask: AskSqlServer = async (sql) => {
      onWork()
      const request = new library.Request(transaction)
      request.arrayRowMode = true
      return ((await request.query(sql)).recordset ?? []).map((row) => row.map((cell) => (cell === null ? null : textOf(cell))))
    }
    const [[version = '', asOf = '', isAdmin = ''] = []] = await ask(`select convert(nvarchar(40), serverproperty('ProductVersion')), convert(nvarchar(19), sysutcdatetime(), 126) + 'Z', convert(nvarchar(1), is_srvrolemember('sysadmin'))`)
    if (isAdmin === '1' && !login.isSuperuserAllowed) throw databaseFailures.CONNECTOR_SUPERUSER({ where: place })
    const found = await crawlSqlServer(ask, limits.tables)
    return { kind: 'sqlserver', server: `SQL Server ${version}`, asOf: asOf ?? '', ...found, read: (table, plan) => new SqlServerReading({ transaction, login, classes, onWork }, table, plan), close: () => pool.close().catch(() => undefined) }
  } catch (error) {
    await pool.close().catch(() => undefined)
    throw sqlServerFailure(error, place)
  }
}

/** A snapshot where the database keeps row versions, else read committed. */
async function beginReading(pool: InstanceType<typeof library.ConnectionPool>): Promise<Transaction> {
  const snapshot = new library.Transaction(pool)
  snapshot.on('error', () => undefined)
  await snapshot.begin(library.ISOLATION_LEVEL.SNAPSHOT)
  try {
    await new library.Request(snapshot).query('select top (1) 1 from sys.objects')
    return snapshot
  } catch {
    await snapshot.rollback().catch(() => undefined)
    const committed = new library.Transaction(pool)
    committed.on('error', () => undefined)
    await committed.begin(library.ISOLATION_LEVEL.READ_COMMITTED)
    return committed
  }
}

interface ReadingTools {
  transaction: Transaction
  login: DatabaseLogin
  classes: Readonly<Uint8Array>
  onWork: () => void
}

/** Reads one table; every column comes as text or bytes of the server's own making. */
class SqlServerReading extends CountedReading {
  private readonly tools: ReadingTools
  private readonly filler: MysqlBlocks

  constructor(tools: ReadingTools, table: ForeignTable, plan: TablePlan) {
    super(table, plan, tools.login.limits)
    this.tools = tools
    this.filler = new MysqlBlocks(table, tools.classes)
  }

  async *blocks(): AsyncGenerator<TableBlock> {
    const { login } = this.tools
    const { table, plan } = this
    try {
      yield* this.rowsOf(sqlServerStatement(table, plan, login.limits.rowsMax))
    } catch (error) {
      const failure = sqlServerFailure(error, `${login.place}!${table.name}`)
      if (this.rows === 0) throw failure
      this.ended({ code: codeOf(error), isTooLong: codeOf(error) === 'ETIMEOUT' })
    }
    this.closeAccount()
  }

  private async *rowsOf(sql: string): AsyncGenerator<TableBlock> {
    const request = new library.Request(this.tools.transaction)
    request.stream = true
    request.arrayRowMode = true
    const ready: TableBlock[] = []
    let wake: () => void = () => undefined
    let failed: unknown = null
    let isEnded = false
    request.on('row', (row: unknown) => {
      if (!Array.isArray(row)) return
      this.filler.add(row.map((cell: unknown) => (cell === null || Buffer.isBuffer(cell) ? cell : Buffer.from(textOf(cell)))))
      if (!this.filler.isFull()) return
      const block = this.filler.take()
      if (block !== null) ready.push(block)
      request.pause()
      wake()
    })
    request.on('error', (error: unknown) => ((failed ??= error), wake()))
    request.on('done', () => ((isEnded = true), wake()))
    request.query(sql).catch((error: unknown) => ((failed ??= error), wake()))
    for (;;) {
      const block = ready.shift() ?? (isEnded && failed === null ? this.filler.take() : undefined)
      if (block !== undefined && block !== null) {
        this.tools.onWork()
        yield this.tookBlock(block)
        this.filler.giveBack(block)
        request.resume()
      } else if (failed !== null) throw failed instanceof Error ? failed : new Error('request')
      else if (isEnded) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown')

/** The server's own message may quote a value, so only its code is told. */
function sqlServerFailure(error: unknown, where: string): Failure {
  if (error instanceof Failure) return error
  const code = codeOf(error)
  if (code === 'ELOGIN') return databaseFailures.CONNECTOR_LOGIN({ where, why: code }, { cause: error })
  if (/CERT|SELF_SIGNED|ALTNAME|ENCRYPT|ISSUER/i.test(`${code} ${error instanceof Error ? error.message : ''}`)) return databaseFailures.CONNECTOR_TLS({ where, why: code }, { cause: error })
  if (['ESOCKET', 'ETIMEOUT', 'ECONNCLOSED', 'EINSTLOOKUP'].includes(code)) return databaseFailures.CONNECTOR_UNREACHABLE({ where, why: code }, { cause: error })
  return databaseFailures.CONNECTOR_TROUBLE({ where, why: `SQL Server ${code}` }, { cause: error })
}

/** The statements ask for text; whatever else the driver gives is shown as it is written in JSON. */
function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '')
}
