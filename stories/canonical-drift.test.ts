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
import { readSourceHere } from '../app/src/sources/index.ts'
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

beforeAll(async () => {
  servers = await databaseServers(join(folder, 'server'), {})
  const login = servers.main.owner('postgres')
  const client = new Client(login)
  await client.connect()
  await client.query('create database landing')
  await client.end()
  writeFileSync(join(folder, 'password'), String(login.password), { mode: 0o600 })
  postgres = `postgresql://${String(login.user)}@${encodeURIComponent(String(login.host))}:${String(login.port)}/landing`
}, 240_000)

afterAll(async () => {
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
  for (const into of [`sqlite:${join(folder, 'landed.db')}`, `folder:${join(folder, 'landed')}`, postgres]) expect(await differencesAfterLanding(into, of, read), into).toEqual([])
})
