// SPDX-License-Identifier: Apache-2.0
import { checkServerIdentity } from 'node:tls'
import { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { Failure } from '../../kit/failure.ts'
import { CountedReading } from './counted-reading.ts'
import { databaseFailures } from './database-failures.ts'
import type { DatabaseLogin, ForeignDatabase, ForeignTable, TablePlan } from './foreign-table.ts'
import { crawlPostgres, type AskPostgres } from './postgres-schema.ts'
import { CopySplitter } from './split-copy.ts'
import type { TableBlock } from './table-block.ts'

/** Ends the session when nobody reads on. */
const IDLE_MS = 10 * 60_000
/** Reading a spread sample of pages takes a little more than was asked for, then the limit cuts it. */
const SPREAD_MARGIN = 1.2

/** Opens a PostgreSQL database for reading: one read-only snapshot, no superuser unless allowed, no reading past row security, text as the server writes it (CONTRACTS §1, SECURITY.md P25). */
export async function openPostgres(login: DatabaseLogin, classes: Readonly<Uint8Array>, onWork: () => void): Promise<ForeignDatabase> {
  const { place, limits } = login
  const { client, ask } = await connectPostgres(login, onWork, { isReadOnly: true })
  try {
    await ask('begin transaction isolation level repeatable read read only')
    await refuseSuperuser(ask, login)
    const [[server = '', asOf = ''] = []] = await ask(`select 'PostgreSQL ' || current_setting('server_version'), to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)
    const found = await crawlPostgres(ask, limits.tables)
    return { kind: 'postgresql', server: server ?? '', asOf: asOf ?? '', ...found, read: (table, plan) => new PostgresReading({ client, ask, login, classes, onWork }, table, plan), close: () => client.end().catch(() => undefined) }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw postgresFailure(error, place)
  }
}

/** Connects to a PostgreSQL database and settles how the session gives values. Refuses as `openPostgres` does. */
export async function connectPostgres(login: DatabaseLogin, onWork: () => void, how: { isReadOnly: boolean }): Promise<{ client: Client; ask: AskPostgres }> {
  const { address, place, limits } = login
  const client = new Client({
    host: address.ip, port: address.port, user: address.user, password: login.password ?? '', database: address.database,
    connectionTimeoutMillis: limits.connectMs, application_name: 'handover', keepAlive: true,
    // Nothing of the environment takes part: every option that the driver would look up there is given.
    options: `-c default_transaction_read_only=${how.isReadOnly ? 'on' : 'off'}`, ssl: login.tls === 'none' ? false : { rejectUnauthorized: true, ...(login.ca === null ? {} : { ca: login.ca }), checkServerIdentity: (_, cert) => checkServerIdentity(address.host, cert) },
    types: { getTypeParser: () => (text: unknown) => text },
  })
  client.on('error', () => undefined) // the statement under way reports it
  try {
    await client.connect()
    const ask: AskPostgres = async (sql, values = []) => {
      onWork()
      return (await client.query<(string | null)[]>({ text: sql, values: [...values], rowMode: 'array' })).rows
    }
    await settle(ask, limits.statementSeconds, how.isReadOnly)
    return { client, ask }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw postgresFailure(error, place)
  }
}

async function settle(ask: AskPostgres, statementSeconds: number, isReadOnly: boolean): Promise<void> {
  const settings = {
    client_encoding: 'UTF8', search_path: 'pg_catalog', DateStyle: 'ISO, YMD', IntervalStyle: 'iso_8601', TimeZone: 'UTC', extra_float_digits: '1', bytea_output: 'hex', xmloption: 'content', standard_conforming_strings: 'on',
    default_transaction_read_only: isReadOnly ? 'on' : 'off', row_security: 'off', synchronize_seqscans: 'off', lock_timeout: '10s', statement_timeout: `${statementSeconds}s`, idle_in_transaction_session_timeout: `${IDLE_MS}`, max_parallel_workers_per_gather: '0',
  }
  await ask(`select ${Object.keys(settings).map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`).join(', ')}`, Object.entries(settings).flat())
}

/** A superuser is let in only by the operator's word. */
export async function refuseSuperuser(ask: AskPostgres, login: DatabaseLogin): Promise<void> {
  const [[isSuper] = []] = await ask(`select current_setting('is_superuser')`)
  if (isSuper === 'on' && !login.isSuperuserAllowed) throw databaseFailures.CONNECTOR_SUPERUSER({ where: login.place })
}

interface ReadingTools {
  client: Client
  ask: AskPostgres
  login: DatabaseLogin
  classes: Readonly<Uint8Array>
  onWork: () => void
}

/** One `COPY … TO STDOUT`, the fastest way out of a PostgreSQL server; its bytes are split and never made strings. */
class PostgresReading extends CountedReading {
  private readonly tools: ReadingTools

  constructor(tools: ReadingTools, table: ForeignTable, plan: TablePlan) {
    super(table, plan, tools.login.limits)
    this.tools = tools
  }

  async *blocks(): AsyncGenerator<TableBlock> {
    const { ask, login } = this.tools
    await ask('savepoint reading')
    try {
      yield* this.copied()
      await ask('release savepoint reading')
    } catch (error) {
      const failure = postgresFailure(error, `${login.place}!${this.table.name}`)
      await ask('rollback to savepoint reading').catch(() => {
        throw failure // the connection is gone, and every other table with it
      })
      if (this.rows === 0) throw failure
      this.ended({ code: codeOf(error), isTooLong: codeOf(error) === '57014' })
    }
    this.closeAccount()
  }

  private async *copied(): AsyncGenerator<TableBlock> {
    const { client, login, classes, onWork } = this.tools
    const splitter = new CopySplitter(this.table, `${login.place}!${this.table.name}`, classes)
    const stream = client.query(copyTo(copyStatement(this.table, this.plan, login.limits.rowsMax)))
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue
      this.took(chunk)
      onWork()
      for (const block of splitter.push(chunk)) yield this.noted(block)
    }
    for (const block of splitter.end()) yield this.noted(block)
  }
}

/** A name for a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function copyStatement(table: ForeignTable, plan: TablePlan, rowsMax: number): string {
  const name = `${quoted(table.schema)}.${quoted(table.bare)}`
  const columns = table.fields.map((field) => quoted(field.name)).join(', ')
  const order = plan.isOrdered && table.key.length > 0 ? ` order by ${table.key.map((at) => quoted(table.fields[at]?.name ?? '')).join(', ')}` : ''
  const limit = ` limit ${Math.min(plan.rows ?? rowsMax, rowsMax)}`
  const isPlain = plan.take === 'whole' && order === '' && table.estimatedRows < rowsMax / 2
  // COPY of the table itself leaves out the rows of its children and is refused for a materialised view; a query is as fast.
  if (isPlain) return `copy (select ${columns} from ${name}) to stdout`
  const share = Math.min(100, (100 * SPREAD_MARGIN * (plan.rows ?? 0)) / Math.max(1, table.estimatedRows))
  const sample = plan.take === 'spread' ? ` tablesample system (${share.toFixed(6)}) repeatable (51)` : ''
  return `copy (select ${columns} from ${name}${sample}${order}${limit}) to stdout`
}

/** The code of the server's error. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown')

/** The server's own message may quote a value, so only its code is told. */
export function postgresFailure(error: unknown, where: string): Failure {
  if (error instanceof Failure) return error
  const code = codeOf(error)
  const text = error instanceof Error ? error.message : ''
  if (/^(?:28|3D)/.test(code) || /password/.test(text)) return databaseFailures.CONNECTOR_LOGIN({ where, why: code === 'unknown' ? 'PostgreSQL' : code }, { cause: error })
  if (/^(?:08|57P)/.test(code)) return databaseFailures.CONNECTOR_UNREACHABLE({ where, why: code }, { cause: error })
  if (/^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)) return databaseFailures.CONNECTOR_TROUBLE({ where, why: `PostgreSQL ${code}` }, { cause: error })
  if (/SSL|TLS|CERT|SELF_SIGNED|ALTNAME|ISSUER/i.test(`${code} ${text}`)) return databaseFailures.CONNECTOR_TLS({ where, why: code === 'unknown' ? 'TLS' : code }, { cause: error })
  if (/^E[A-Z]+$/.test(code) || /timeout|terminated/i.test(text)) return databaseFailures.CONNECTOR_UNREACHABLE({ where, why: code === 'unknown' ? 'timeout' : code }, { cause: error })
  return databaseFailures.CONNECTOR_TROUBLE({ where, why: `PostgreSQL ${code}` }, { cause: error })
}

