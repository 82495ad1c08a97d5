// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { scanSources } from '../app/src/lifecycle/discover/index.ts'
import type { DatabaseLogin } from '../app/src/sources/index.ts'
import { databaseServers, type DatabaseServers } from '../app/src/store/index.ts'
import { customerTable } from './customer-rows.ts'
import type { Benchmark, Sample } from './harness.ts'

/** All rows of a PostgreSQL table read, every cell examined, against the same rows copied out and thrown away. */
export const benchmark: Benchmark = {
  name: 'scan-database',
  row: 'scan database rows (PostgreSQL, 12 columns, whole report)',
  compare: 'cost',
  target: 2,
  unit: 'rows',
  sizes: [50_000, 200_000, 1_000_000],
  async prepare(size, folder) {
    const done = join(folder, `loaded-${size}`)
    if (existsSync(done)) return
    const file = customerTable(size, folder)
    await withServer(folder, async ({ client }) => {
      const table = tableOf(size)
      await client.query(`drop table if exists ${table}; create table ${table} (${columnsOf(file)})`)
      await pipeline(createReadStream(file), client.query(copyFrom(`copy ${table} from stdin (format csv, header)`)))
      await client.query(`analyze ${table}`)
    })
    mkdirSync(folder, { recursive: true })
    writeFileSync(done, '')
  },
  async ours(size, folder) {
    return withServer(folder, async ({ login }) => {
      const settled: DatabaseLogin = { ...login, limits: { ...login.limits, tables: [tableOf(size)] } }
      const started = performance.now()
      const report = await scanSources([settled.place], { databases: new Map([[settled.place, settled]]) })
      const seconds = (performance.now() - started) / 1000
      const rows = report.sources[0]?.dataSets[0]?.rows ?? 0
      if (rows !== size) throw new Error(`${rows} rows instead of ${size}`)
      return { seconds, units: size, notes: { 'rows a second': Math.round(size / seconds) } }
    })
  },
  yardsticks: [
    { name: 'psql \\copy … to /dev/null', run: (size, folder) => withServer(folder, ({ owner }) => Promise.resolve(psqlCopy(size, owner))) },
    { name: 'COPY … TO STDOUT by the same driver, thrown away', run: (size, folder) => withServer(folder, ({ client }) => copiedOut(size, client)) },
  ],
}

const tableOf = (size: number): string => `customers_${size}`

function columnsOf(file: string): string {
  const head = spawnSync('head', ['-n', '1', file], { encoding: 'utf8' }).stdout
  return head.replace(/^\ufeff/, '').trim().split(',').map((name) => `"${name.replaceAll('"', '')}" text`).join(', ')
}

interface Serving {
  client: Client
  login: DatabaseLogin
  owner: ReturnType<DatabaseServers['main']['owner']>
}

/** The same server for all runs of a folder. */
async function withServer<T>(folder: string, work: (at: Serving) => Promise<T>): Promise<T> {
  const servers = await databaseServers(join(folder, 'server'), {})
  const owner = servers.main.owner('postgres')
  const client = new Client(owner)
  await client.connect()
  try {
    const address = { kind: 'postgresql', host: 'localhost', ip: String(owner.host), isLoopback: true, port: Number(owner.port), user: String(owner.user), database: 'postgres' } as const
    const limits = { sampleRows: null, sampleBytes: 1e12, rowsMax: 1e8, statementSeconds: 3600, connectMs: 10_000, isOrdered: false, tables: [] }
    return await work({ client, owner, login: { address, place: 'postgresql://localhost/postgres', password: String(owner.password), tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: true, limits } })
  } finally {
    await client.end()
    await servers.release()
  }
}

function psqlCopy(size: number, owner: Serving['owner']): Sample | null {
  if (spawnSync('psql', ['--version']).error !== undefined) return null
  const started = performance.now()
  const done = spawnSync('psql', ['-q', '-h', String(owner.host), '-p', String(owner.port), '-U', String(owner.user), '-d', 'postgres', '-c', `\\copy ${tableOf(size)} to '/dev/null'`], { env: { ...process.env, PGPASSWORD: String(owner.password) } })
  if (done.status !== 0) throw new Error(`psql: exit ${done.status}`)
  return { seconds: (performance.now() - started) / 1000, units: size }
}

async function copiedOut(size: number, client: Client): Promise<Sample> {
  const started = performance.now()
  let bytes = 0
  for await (const chunk of client.query(copyTo(`copy ${tableOf(size)} to stdout`))) bytes += Buffer.isBuffer(chunk) ? chunk.length : 0
  return { seconds: (performance.now() - started) / 1000, units: size, notes: { MB: Math.round(bytes / 1e6) } }
}
