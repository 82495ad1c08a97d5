// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeDifferences, fieldLeaf, readAll, recordRoot, type CanonicalValue, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareLanded } from '../app/src/lifecycle/hand-over/compare-landed.ts'
import { landingTables } from '../app/src/lifecycle/hand-over/landing.ts'
import { openLanding } from '../app/src/lifecycle/hand-over/open-landing.ts'
import { hasMariaDb, startMariaDb, type MariaDb } from '../app/src/sources/databases/mariadb.fixture.ts'
import { openDatabase, pinDatabaseAddress, readSourceHere, rowsOfBlock, type DatabaseKind } from '../app/src/sources/index.ts'
import { databaseServers, type DatabaseServers } from '../app/src/store/database-servers.ts'
import { driftCsv, driftSqlite, driftXlsx, type DriftTable, type Known } from '../tools/hostile/drift-tables.ts'
import { draws, storySeed } from './seeded-draws.ts'

/** SECURITY.md P08 by hand: HANDOVER_CELLS=1000000. */
const cells = Number(process.env['HANDOVER_CELLS'] ?? 20_000)
const width = 10
const seed = storySeed()
const folder = mkdtempSync(join(tmpdir(), 'handover-story-drift-'))
let servers: DatabaseServers
let postgres = ''
let mariaDb: MariaDb | null = null

beforeAll(async () => {
  servers = await databaseServers(join(folder, 'server'), {})
  const login = servers.main.owner('postgres')
  const client = new Client(login)
  await client.connect()
  await client.query('create database landing')
  await client.end()
  writeFileSync(join(folder, 'password'), String(login.password), { mode: 0o600 })
  if (hasMariaDb()) mariaDb = await startMariaDb()
  const session = await mariaDb?.admin()
  await session?.run('create database landing; create database source')
  session?.end()
  postgres = `postgresql://${String(login.user)}@${encodeURIComponent(String(login.host))}:${String(login.port)}/landing`
}, 240_000)

afterAll(async () => {
  await mariaDb?.stop()
  await servers.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const kinds: Record<string, (path: string, rows: number) => DriftTable> = {
  ...Object.fromEntries((['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'latin1'] as const).map((encoding) => [`csv ${encoding}`, (path: string, rows: number) => driftCsv(draws(`${seed}/${encoding}`), path, { encoding, rows, width })])),
  xlsx: (path, rows) => driftXlsx(draws(`${seed}/xlsx`), path, { rows, width }),
  ...Object.fromEntries((['UTF-8', 'UTF-16le', 'UTF-16be'] as const).map((encoding) => [`sqlite ${encoding}`, (path: string, rows: number) => driftSqlite(draws(`${seed}/${encoding}`), path, { rows, width: width - 1, encoding, hasRowId: true })])),
  'sqlite without row ids': (path, rows) => driftSqlite(draws(`${seed}/w`), path, { rows, width: width - 1, encoding: 'UTF-8', hasRowId: false }),
}
const rowsAKind = Math.ceil(cells / width / Object.keys(kinds).length)

const shown = (value: Known | undefined): string => (value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('hex')}` : JSON.stringify(value) ?? 'nothing')

/** What our reader makes of the file. */
async function readBack(table: DriftTable): Promise<Known[][]> {
  const rows: Known[][] = []
  for await (const event of readSourceHere(table.path, { header: 'none', delimiter: ',', ...(table.encoding === undefined ? {} : { encoding: table.encoding }) })) {
    if (event.kind === 'rows') rows.push(...event.rows.map((row) => row.cells.map(({ value }) => value)))
  }
  return rows
}

const id = (number: number): Uint8Array => Buffer.from(number.toString(16).padStart(32, '0'), 'hex')
const dataSet = (kind: number, rows: number): ManifestDataSet => ({
  id: Buffer.from(id(kind)).toString('hex').split('').reverse().join(''), name: 't', kind: 'csv', records: rows, values: rows,
  fields: Array.from({ length: width }, (_, index) => ({ id: Buffer.from(id(100 + index)).toString('hex'), index, name: `c${index}`, type: 'text', grade: 'general' })),
})

function recordOf(of: ManifestDataSet, row: number, values: readonly CanonicalValue[]): SegmentRecord {
  const recordId = id(1_000_000 + row)
  const fields = values.map((value, index) => ({ index, value, salt: id(500 + index) }))
  const leaves = fields.map(({ index, value, salt }) => fieldLeaf({ salt, recordId, fieldId: id(100 + index), value }))
  return { dataSetId: Buffer.from(of.id, 'hex'), recordId, version: 1, root: recordRoot(leaves), fields, leaves: [] }
}

async function differencesAfterLanding(into: string, of: ManifestDataSet, rows: readonly Known[][]): Promise<unknown[]> {
  const packageId = `pkg_${of.id}`
  const tables = landingTables([of])
  const segment = { position: 0, sha256: '0'.repeat(64), count: rows.length, records: rows.map((values, row) => recordOf(of, row, values)) }
  const landing = await openLanding(into, into.startsWith('postgres') ? join(folder, 'password') : undefined)
  try {
    await landing.prepare([...tables.values()])
    await landing.load(packageId, segment, tables)
    const found = await compareLanded(landing, { packageId, tables, segments: (async function* () { yield segment.records })() }, folder)
    const differences = await readAll(found.lists.differences.open(), found.lists.differences.size)
    found.close()
    return decodeDifferences(differences)
  } finally {
    await landing.close()
  }
}

test.each(Object.keys(kinds))(`of hostile cells in %s each is read as what stands there, and its commitment is the same at every destination (seed ${seed})`, async (kind) => {
  const place = Object.keys(kinds).indexOf(kind)
  const table = kinds[kind]?.(join(folder, `${place}.${kind.startsWith('xlsx') ? 'xlsx' : kind.startsWith('csv') ? 'csv' : 'db'}`), rowsAKind)
  const read = await readBack(table ?? { path: '', rows: [] })
  expect(read.length).toBe(table?.rows.length)
  const wrong = (table?.rows ?? []).flatMap((row, at) => row.flatMap((known, column) => (shown(known) === shown(read[at]?.[column]) ? [] : [`row ${at + 1} column ${column}: ${shown(known)} was read as ${shown(read[at]?.[column])}`])))
  expect(wrong.slice(0, 5)).toEqual([])
  const of = dataSet(place + 1, read.length)
  const destinations = [`sqlite:${join(folder, 'landed.db')}`, `folder:${join(folder, 'landed')}`, postgres, ...(mariaDb === null ? [] : [`mysql://root@127.0.0.1:${mariaDb.port}/landing`])]
  for (const into of destinations) expect(await differencesAfterLanding(into, of, read), into).toEqual([])
})

/** Every column twice: its texts in one, its bytes in the other. */
const sourceColumns = (text: string, bytes: string): string => Array.from({ length: width - 1 }, (_, i) => `t${i} ${text}, b${i} ${bytes}`).join(', ')
const twice = (row: readonly Known[]): Known[] => row.flatMap((value): Known[] => (value instanceof Uint8Array ? [null, value] : [value, null]))

async function readDatabase(kind: DatabaseKind, user: string, how: { host: string; port: number; password: string | null; database: string }): Promise<Known[][]> {
  const settled = await pinDatabaseAddress(`${kind}://${user}@127.0.0.1:${how.port}/${how.database}`, { allowed: [], isLoopbackAllowed: true })
  const limits = { sampleRows: null, sampleBytes: 1e12, rowsMax: 1e7, statementSeconds: 600, connectMs: 10_000, isOrdered: false, tables: ['hostile'] }
  const database = await openDatabase({ address: { ...settled, ip: how.host }, place: kind, password: how.password, tls: 'none', isClearAllowed: false, ca: null, isSuperuserAllowed: true, limits }, new Uint8Array(256).fill(1))
  const [table] = database.tables
  const rows: Known[][] = []
  if (table !== undefined) for await (const block of database.read(table, { rows: null, take: 'whole', isOrdered: true }).blocks()) for (const { cells } of rowsOfBlock(block, table, { ordinal: rows.length, where: kind })) rows.push(cells.slice(1).map(({ value }) => value))
  await database.close()
  return rows
}

function hostileRows(name: string): Known[][] {
  return driftSqlite(draws(`${seed}/databases`), join(folder, `for-${name}.db`), { rows: rowsAKind, width: width - 1, encoding: 'UTF-8', hasRowId: true }).rows.map((row) => row.slice(0, width - 1).map((value) => value ?? null))
}

const differing = (expected: readonly Known[][], read: readonly Known[][]): string[] => expected.flatMap((row, at) => row.flatMap((known, column) => (shown(known) === shown(read[at]?.[column]) ? [] : [`row ${at + 1} column ${column}: ${shown(known)} was read as ${shown(read[at]?.[column])}`]))).slice(0, 5)

test.skipIf(!hasMariaDb())(`hostile cells in a MariaDB database are read as what stands there (seed ${seed})`, async () => {
  const rows = hostileRows('mariadb').map(twice)
  const session = await mariaDb?.admin('source')
  await session?.run(`create table hostile (id int primary key auto_increment, ${sourceColumns('longtext character set utf8mb4 collate utf8mb4_bin', 'longblob')})`)
  for (const row of rows) await session?.run(`insert into hostile values (null, ${row.map(() => '?').join(', ')})`, row.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)))
  session?.end()
  expect(differing(rows, await readDatabase('mysql', 'root', { host: '127.0.0.1', port: mariaDb?.port ?? 0, password: null, database: 'source' }))).toEqual([])
})

test(`hostile cells in a PostgreSQL database are read as what stands there (seed ${seed})`, async () => {
  const rows = hostileRows('postgresql').map(twice)
  const login = servers.main.owner('landing')
  const client = new Client(login)
  await client.connect()
  await client.query(`create table hostile (id int primary key generated always as identity, ${sourceColumns('text', 'bytea')})`)
  for (const row of rows) await client.query(`insert into hostile (${row.map((_, i) => `${i % 2 === 0 ? 't' : 'b'}${Math.floor(i / 2)}`).join(', ')}) values (${row.map((_, i) => `$${i + 1}`).join(', ')})`, row.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)))
  await client.end()
  expect(differing(rows, await readDatabase('postgresql', String(login.user), { host: String(login.host), port: Number(login.port), password: String(login.password), database: 'landing' }))).toEqual([])
})
