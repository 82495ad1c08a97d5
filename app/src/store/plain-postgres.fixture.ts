// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'
import { freePort } from '../kit/free-port.fixture.ts'
import { handTo, idsOf, postgresAccount, type PostgresAccount } from './postgres-account.ts'
import { bundledPostgres } from './postgres-binaries.ts'

// Debian's own programs when they are installed, else the bundled ones without our launcher.
const debian = '/usr/lib/postgresql'
const versions = existsSync(debian) ? readdirSync(debian).filter((version) => existsSync(join(debian, version, 'bin', 'postgres'))) : []
const bin = versions[0] === undefined ? join(bundledPostgres().postgres, '..') : join(debian, versions[0], 'bin')

/** Whose programs run. */
export const plainPostgresVersion = versions[0] ?? 'bundled'

/** For tests: somebody else's PostgreSQL, on TCP and with passwords. */
export interface PlainPostgres {
  port: number
  /** Of a superuser. */
  admin: ClientConfig
  account: PostgresAccount
  dataFolder: string
  asAdmin(...statements: string[]): Promise<void>
  stop(): Promise<void>
}

/** Starts a server with an empty cluster in a new folder below the given one. */
export async function startPlainPostgres(folder: string): Promise<PlainPostgres> {
  const port = await freePort()
  const own = join(folder, 'plain-postgres')
  mkdirSync(own)
  const admin = { host: '127.0.0.1', port, user: 'admin', password: 'admin-password', database: 'postgres' }
  const account = postgresAccount(own, join(bin, 'postgres'))
  handTo(account, own)
  const dataFolder = join(own, 'data')
  writeFileSync(join(own, 'pw'), admin.password)
  handTo(account, join(own, 'pw'))
  const init = account.command(join(bin, 'initdb'), ['-D', dataFolder, '-U', admin.user, '-A', 'scram-sha-256', `--pwfile=${join(own, 'pw')}`, '--locale=C', '-E', 'UTF8', '-N'])
  execFileSync(init.file, init.args, { stdio: 'ignore', cwd: own, ...idsOf(init) })
  const start = account.command(join(bin, 'postgres'), ['-D', dataFolder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='])
  const server = spawn(start.file, start.args, { stdio: 'ignore', cwd: own, ...idsOf(start) })
  process.once('exit', () => server.kill('SIGKILL')) // a test that dies leaves no server behind
  const asAdmin = async (...statements: string[]): Promise<void> => {
    const client = new Client(admin)
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await ended
    rmSync(own, { recursive: true, force: true, maxRetries: 5 })
  }
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`)
    if (await asAdmin('SELECT 1').then(() => true, () => false)) return { port, admin, account, dataFolder, asAdmin, stop }
  }
  await stop()
  throw new Error('postgres did not come up')
}
