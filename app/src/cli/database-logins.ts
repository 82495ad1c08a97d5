// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { databaseFailures, isDatabaseAddress, pinDatabaseAddress, shownAddress, usualLimits, type DatabaseKind, type DatabaseLimits, type DatabaseLogin, type PinnedAddress } from '../sources/index.ts'
import { listFlag, textFlag, type CommandCall, type CommandOption } from './command.ts'
import { scanFailures } from './scan-failures.ts'

/** Options of the commands that read databases. */
export const databaseOptions = {
  'password-file': { type: 'string', doc: { zh: '数据库:口令文件(否则 MYSQL_PWD / PGPASSWORD / MSSQL_PASSWORD,或在终端询问)', en: 'databases: file with the password (else MYSQL_PWD / PGPASSWORD / MSSQL_PASSWORD, or a question on the terminal)' } },
  'allow-host': { type: 'string', multiple: true, doc: { zh: '数据库:允许连接的主机(主机、主机:端口或网段,可重复;本机不必;也可用 HANDOVER_ALLOW_HOSTS)', en: 'databases: host that may be connected to (host, host:port or range; repeatable; not needed for this machine; or HANDOVER_ALLOW_HOSTS)' } },
  tables: { type: 'string', multiple: true, doc: { zh: '数据库:只读取这些表(可重复,* 通配)', en: 'databases: read only these tables (repeatable, * stands for anything)' } },
  ca: { type: 'string', doc: { zh: '数据库:服务器证书的签发者(PEM 文件)', en: "databases: issuer of the server's certificate (PEM file)" } },
  'no-tls': { type: 'boolean', doc: { zh: '数据库:不加密连接(口令和数据以明文经过网络)', en: 'databases: connect without encryption (password and data cross the network in clear)' } },
  'allow-superuser': { type: 'boolean', doc: { zh: '数据库:允许用超级用户读取', en: 'databases: read even as a superuser' } },
  timeout: { type: 'string', doc: { zh: '数据库:每条查询的时限(秒,默认 600;读取全部时 21600)', en: 'databases: seconds that one query may take (default 600; 21600 when everything is read)' } },
} as const satisfies Record<string, CommandOption>

const { tables: _tables, ...loginOptions } = databaseOptions
/** Options of the command that deletes in databases: how to log in, not what to read. */
export const writerOptions = loginOptions

/** Options of `scan` alone, which need not read everything. */
export const samplingOptions = {
  full: { type: 'boolean', doc: { zh: '数据库:读取大表的全部行(默认抽样,并列出未读取的部分)', en: 'databases: read all rows of big tables (default: a sample, and what was not read is listed)' } },
  sample: { type: 'string', doc: { zh: '数据库:每张表抽样的行数(默认 200000)', en: 'databases: rows of the sample of a table (default 200000)' } },
} as const satisfies Record<string, CommandOption>

const SAMPLE_ROWS = 200_000
const SAMPLE_BYTES = 1024 * 1024 * 1024
const [SECONDS, SECONDS_FULL] = [600, 21_600]

/** Whether all rows are read, and in an order that another reading gives again. */
export interface LoginFor {
  isFull: boolean
  isForBooks?: boolean
}

/** Settles every database address among the sources (or among these), and how to log in there. Refuses what may not be connected to before anything else, with one text (SECURITY.md P25). */
export async function databaseLogins(call: CommandCall, how: LoginFor, given: readonly string[] = call.positionals): Promise<Map<string, DatabaseLogin>> {
  const logins = new Map<string, DatabaseLogin>()
  const allowed = [...listFlag(call, 'allow-host'), ...(process.env['HANDOVER_ALLOW_HOSTS'] ?? '').split(',')].map((entry) => entry.trim()).filter((entry) => entry !== '')
  const pinned: [string, PinnedAddress][] = []
  for (const path of new Set(given.filter(isDatabaseAddress))) pinned.push([path, await pinDatabaseAddress(path, { allowed, isLoopbackAllowed: true })])
  for (const [path, address] of pinned) {
    const ca = textFlag(call, 'ca')
    logins.set(path, {
      address, place: shownAddress(address), password: await passwordFor(call, address),
      tls: call.flags['no-tls'] === true || (address.isLoopback && ca === undefined) ? 'none' : 'verify', isClearAllowed: call.flags['no-tls'] === true,
      ca: ca === undefined ? null : secretFile(ca), isSuperuserAllowed: call.flags['allow-superuser'] === true, limits: limitsOf(call, how),
    })
  }
  return logins
}

function limitsOf(call: CommandCall, how: LoginFor): DatabaseLimits {
  const { isFull } = how
  return {
    sampleRows: isFull ? null : numberFlag(call, 'sample', SAMPLE_ROWS), sampleBytes: SAMPLE_BYTES, rowsMax: usualLimits.rowsMax, statementSeconds: numberFlag(call, 'timeout', isFull ? SECONDS_FULL : SECONDS),
    connectMs: 10_000, isOrdered: how.isForBooks === true, tables: listFlag(call, 'tables').flatMap((given) => given.split(',')).map((one) => one.trim()).filter((one) => one !== ''),
  }
}

function numberFlag(call: CommandCall, name: string, usual: number): number {
  const given = textFlag(call, name)
  if (given === undefined) return usual
  const number = Number(given)
  if (!/^\d{1,8}$/.test(given) || number < 1) throw scanFailures.SCAN_BAD_OPTION({ option: `--${name}`, given: given.slice(0, 30), known: '1 – 99999999' })
  return number
}

const passwordVariable: Readonly<Record<DatabaseKind, string>> = { mysql: 'MYSQL_PWD', postgresql: 'PGPASSWORD', sqlserver: 'MSSQL_PASSWORD' }

/** From the file, else the variable that the server's own tools know, else from the person at the terminal; null: none. */
async function passwordFor(call: CommandCall, address: PinnedAddress): Promise<string | null> {
  const file = textFlag(call, 'password-file')
  if (file !== undefined) return secretFile(file).replace(/\r?\n$/, '')
  const told = process.env[passwordVariable[address.kind]]
  if (told !== undefined) return told
  const mayAsk = process.stdin.isTTY && process.stderr.isTTY && call.flags['no-input'] !== true && !call.out.json
  return mayAsk ? await askSecret(call.out.lang === 'zh' ? `${shownAddress(address)} 的口令(没有则直接回车):` : `Password of ${shownAddress(address)} (Enter for none): `) : null
}

function secretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw databaseFailures.CONNECTOR_SECRET_FILE({ file, why: error instanceof Error && 'code' in error ? String(error.code) : '' }, { cause: error })
  }
}

/** Asks without showing what is typed. */
async function askSecret(question: string): Promise<string | null> {
  process.stderr.write(question)
  const unseen = new Writable({ write: (_, __, done) => done() })
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true })
  try {
    return await new Promise<string | null>((resolve) => {
      lines.question('', (answer) => resolve(answer === '' ? null : answer))
      lines.once('SIGINT', () => (process.kill(process.pid, 'SIGINT'), resolve(null)))
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
