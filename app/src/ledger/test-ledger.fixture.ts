// SPDX-License-Identifier: Apache-2.0
// For the tests of this room: a matter with invented records in a real database, without the rooms that make them in earnest.
import { presenceBitmap, toHex } from '@handover/proof'
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createHome, type Home } from '../home.ts'
import { idText } from '../kit/ids.ts'
import { instantOf, type Instant } from '../kit/time.ts'
import type { Database } from '../store/index.ts'
import { openTestDatabases, type TestDatabases } from '../store/test-databases.ts'
import { openLedger, type Ledger, type LedgerOptions } from './index.ts'

/** A ledger over real databases, and what a test needs around it. */
export interface TestLedger {
  databases: TestDatabases
  db: Database
  tenant: string
  ledger: Ledger
  clock: { now: Instant }
  home: Home
  /** Another ledger over the same home, as after a restart of the program. */
  again(options?: Partial<LedgerOptions>): Ledger
  remove(): Promise<void>
}

/** Opens a ledger over fresh databases. */
export async function openTestLedger(options: Partial<LedgerOptions> = {}): Promise<TestLedger> {
  const databases = await openTestDatabases()
  const path = join(databases.homeDir, 'party')
  mkdirSync(path, { recursive: true })
  const home = createHome(path, { version: 1, tenant: databases.tenant, demo: null, currentMatter: null })
  const clock = { now: instantOf('2026-11-21T08:00:00Z') }
  const again = (more: Partial<LedgerOptions> = {}): Ledger => openLedger({ db: databases.main, home, now: () => clock.now, tickMs: 0, ...options, ...more })
  return { databases, db: databases.main, tenant: databases.tenant, ledger: again(), clock, home, again, remove: () => databases.remove() }
}

/** A matter row with its log's name; returns the id. */
export async function addMatter(test: TestLedger, name: string): Promise<string> {
  const id = idText('mat', bytesOf(name))
  await test.db.execute(
    `insert into matter (tenant, id, code, type, opened_at, origin, settings) values ($1, $2, $3, 'asset-transfer', now(), $4, '{}')`,
    [test.tenant, id, name, `handover.example/log/${toHex(bytesOf(`${name}/log`))}`],
  )
  return id
}

/** A data set of so many fields and records; record n has a value in field f unless (n + f) is a multiple of 5. Returns its id and the record ids. */
export async function addDataSet(test: TestLedger, matterId: string, shape: { name: string; fields: number; records: number; firstIndex: number }): Promise<{ ds: string; ids: Buffer[] }> {
  const scope = [test.tenant, matterId]
  const ds = idText('ds', bytesOf(shape.name))
  await test.db.execute(`insert into data_set (tenant, matter_id, id, source_id, position, rows, kind) values ($1, $2, $3, 'src_test', 0, $4, 'table')`, [...scope, ds, shape.records])
  const fields = Array.from({ length: shape.fields }, (_, position) => idText('fld', bytesOf(`${shape.name}/${position}`)))
  await test.db.execute(
    `insert into field (tenant, matter_id, data_set_id, id, position, type, grade, grade_rule, confidence)
     select $1, $2, $3, f.id, f.position - 1, 'text', 'general', 'test', 1 from unnest($4::text[]) with ordinality as f(id, position)`,
    [...scope, ds, fields],
  )
  const records = Array.from({ length: shape.records }, (_, n) => recordOf(shape, n))
  await test.db.execute(
    `insert into record (tenant, matter_id, id, data_set_id, ordinal, inventory_index, presence, dispositions, root, inventory_root)
     select $1, $2, r.id, $3, r.n, r.n + $4, r.presence, r.vector, r.root, r.root
     from unnest($5::bytea[], $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[]) as r(id, n, presence, vector, root)`,
    [...scope, ds, shape.firstIndex, records.map((r) => r.id), records.map((r) => r.n), records.map((r) => r.presence), records.map((r) => r.vector), records.map((r) => r.root)],
  )
  return { ds, ids: records.map((record) => record.id) }
}

/** The log's tables as they stand now, to be put back later: a data backup of the matter. */
export async function backUp(test: TestLedger): Promise<Map<string, string[]>> {
  const rowsByTable = new Map<string, string[]>()
  for (const table of ['matter', 'event', 'log_head', 'log_padding', 'checkpoint']) {
    const rows = await test.db.query<{ row: string }>(`select to_jsonb(t)::text as "row" from ${table} t`)
    rowsByTable.set(table, rows.map((each) => each.row))
  }
  return rowsByTable
}

/** A ledger over the same home whose database was restored from the backup (as another tenant, since rows of events cannot be taken back). */
export async function restore(test: TestLedger, backup: ReadonlyMap<string, string[]>, options: Partial<LedgerOptions> = {}): Promise<{ ledger: Ledger; db: Database; close(): Promise<void> }> {
  const tenant = randomUUID()
  const databases = await test.databases.openAgain(tenant)
  for (const [table, rows] of backup) {
    for (const row of rows) await databases.main.execute(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1::jsonb || jsonb_build_object('tenant', $2::text))`, [row, tenant])
  }
  const home = { ...test.home, settings: { ...test.home.settings, tenant } }
  return { ledger: test.again({ db: databases.main, home, ...options }), db: databases.main, close: () => databases.close() }
}

/** Changes a stored row behind the ledger's back, as somebody with the database's password could. */
export async function tamper(test: TestLedger, statement: string, params: readonly (string | number | Uint8Array)[] = []): Promise<void> {
  await test.db.execute(statement, params)
}

function recordOf(shape: { name: string; fields: number }, n: number): { id: Buffer; n: number; presence: Uint8Array; vector: Uint8Array; root: Buffer } {
  const present = Array.from({ length: shape.fields }, (_, f) => (n + f) % 5 !== 0)
  return { id: bytesOf(`${shape.name}/record/${n}`), n, presence: presenceBitmap(present), vector: Uint8Array.from(present, (is) => (is ? 6 : 0)), root: createHash('sha256').update(`${shape.name}/${n}`).digest() }
}

function bytesOf(name: string): Buffer {
  return createHash('sha256').update(`test/${name}`).digest().subarray(0, 16)
}
