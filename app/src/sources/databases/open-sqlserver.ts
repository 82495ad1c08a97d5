// SPDX-License-Identifier: Apache-2.0
// oxlint-disable-next-line triple-slash-reference -- the package brings no types, and a file that declares a module cannot be imported
/// <reference path="./mssql.d.ts" />
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import library from 'mssql'
import { Failure } from '../../kit/failure.ts'
import type { WhyNotRead } from '../source-events.ts'
import { databaseFailures } from './database-failures.ts'
import { databaseReasons } from './database-reasons.ts'
import type { DatabaseLogin, ForeignDatabase, ForeignTable, TablePlan, TableReading } from './foreign-table.ts'
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
class SqlServerReading implements TableReading {
  private readonly tools: ReadingTools
  private readonly table: ForeignTable
  private readonly plan: TablePlan
  private readonly hash = createHash('sha256')
  private readonly reasons: WhyNotRead[] = []
  private readonly filler: MysqlBlocks
  private rows = 0
  private cut = 0
  private size = 0

  constructor(tools: ReadingTools, table: ForeignTable, plan: TablePlan) {
    this.tools = tools
    this.table = table
    this.plan = plan
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
      this.reasons.push(codeOf(error) === 'ETIMEOUT' ? databaseReasons.timeLimit(this.rows, table.estimatedRows, login.limits.statementSeconds) : databaseReasons.interrupted(this.rows, codeOf(error)))
    }
    if (plan.take === 'spread') this.reasons.push(databaseReasons.sampled(this.rows, table.estimatedRows))
    else if (plan.take === 'whole' && this.rows >= login.limits.rowsMax) this.reasons.push(databaseReasons.rowLimit(this.rows))
    if (this.cut > 0) this.reasons.push(databaseReasons.cutCells(this.cut))
  }

  digest(): Buffer {
    return this.hash.copy().digest()
  }

  bytes(): number {
    return this.size
  }

  unread(): WhyNotRead[] {
    return this.reasons
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
        yield this.noted(block)
        this.filler.giveBack(block)
        request.resume()
      } else if (failed !== null) throw failed instanceof Error ? failed : new Error('request')
      else if (isEnded) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  private noted(block: TableBlock): TableBlock {
    this.rows += block.rows
    this.cut += block.cut
    this.size += block.used
    this.hash.update(block.bytes.subarray(0, block.used)).update(new Uint8Array(block.starts.buffer, 0, block.rows * block.width * 4))
    return block
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
