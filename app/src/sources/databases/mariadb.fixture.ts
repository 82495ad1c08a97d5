// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type Connection } from 'mysql2'
import { freePort } from '../../kit/free-port.fixture.ts'

/** For tests and benchmarks: a MariaDB server of their own, on a free port of this machine. */
export interface MariaDb {
  port: number
  /** Of `root`, who may log in without a password from this machine. */
  admin(database?: string): Promise<MariaDbSession>
  stop(): Promise<void>
}

/** A session that makes and changes what a test reads. */
export interface MariaDbSession {
  run(sql: string, values?: readonly unknown[]): Promise<unknown[]>
  end(): void
}

const binary = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/usr/sbin/mysqld'].find((path) => existsSync(path))

/** Whether a MariaDB server is installed here; where it is not, says so loudly, since the tests that need one do not run. */
export function hasMariaDb(): boolean {
  if (binary === undefined) process.stderr.write('\n*** mariadbd is not installed: the tests against a real MariaDB DID NOT RUN (apt-get install mariadb-server) ***\n')
  return binary !== undefined
}

/** Starts a server with an empty data folder below the temporary one; it is removed at the end. */
export async function startMariaDb(settings: readonly string[] = []): Promise<MariaDb> {
  if (binary === undefined) throw new Error('mariadbd is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'handover-mariadb-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  mkdirSync(data)
  const account = accountOf()
  if (account !== null) for (const path of [folder, data]) chownSync(path, account.uid, account.gid)
  const user = account === null ? [] : ['--user=mysql']
  const made = spawnSync('mariadb-install-db', ['--no-defaults', ...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', '--innodb-log-file-size=8M'], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}`)
  const port = await freePort()
  const socket = join(folder, 'sock')
  const server = spawn(binary, [
    '--no-defaults', ...user, `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`, '--skip-name-resolve', '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=8M',
    '--innodb-flush-log-at-trx-commit=2', '--character-set-server=utf8mb4', `--log-error=${join(folder, 'error.log')}`, ...settings,
  ], { stdio: 'ignore' })
  process.once('exit', () => server.kill('SIGKILL')) // a test that dies leaves no server behind
  const admin = (database?: string): Promise<MariaDbSession> => openSession(port, database)
  const stop = async (): Promise<void> => {
    await ended(server)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended: ${readFileSync(join(folder, 'error.log'), 'utf8').slice(-2000)}`)
    const session = await admin().catch(() => null)
    if (session !== null) {
      session.end()
      return { port, admin, stop }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop()
  throw new Error('mariadbd did not come up')
}

function accountOf(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const [, uid, gid] = /^mysql:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

async function openSession(port: number, database?: string): Promise<MariaDbSession> {
  const connection = createConnection({ host: '127.0.0.1', port, user: 'root', charset: 'UTF8MB4_BIN', multipleStatements: true, ...(database === undefined ? {} : { database }) })
  connection.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error === null ? resolve() : reject(error))))
  return { run: (sql, values = []) => ran(connection, sql, values), end: () => connection.destroy() }
}

function ran(connection: Connection, sql: string, values: readonly unknown[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => connection.query({ sql, values: [...values], rowsAsArray: true }, (error, rows: unknown) => (error === null ? resolve(Array.isArray(rows) ? rows : []) : reject(error))))
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}
