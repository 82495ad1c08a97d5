// SPDX-License-Identifier: Apache-2.0
import { createHash, randomUUID } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fieldLeaf, isValue, recordRoot, type CanonicalValue } from '@handover/proof'
import { afterAll } from 'vitest'
import { instantOf } from '../kit/time.ts'
import type { Database } from '../store/index.ts'
import type { Databases } from '../store/index.ts'
import { openTestDatabases, type TestDatabases } from '../store/test-databases.ts'
import { openVault, type VaultPlace } from './open-vault.ts'
import type { Compartment, OpenRecord, ReadGrant, ReadQuery, Vault } from './vault.ts'

/** A matter id for tests. */
export const testMatter = 'mat_00000000000000000000000000000001'
/** A data set id for tests; its fields: name (general), phone (sensitive), remark (text), note (general). */
export const testDataSet = 'ds_00000000000000000000000000000002'
const compartmentByField: readonly Compartment[] = ['general', 'sensitive', 'text', 'general']

/** A vault with real databases and key files in a home of its own. */
export interface TestVault {
  databases: Databases
  tenant: string
  homeDir: string
  /** Everything on disk: the server's files and every home of this test file. */
  serverDir: string
  keysDirectory: string
  place: VaultPlace
  vault: Vault
  /** Opens another vault on the same home, as a second process or a restart would. */
  openAgain(change?: Partial<VaultPlace>): Promise<Vault>
  /** The same databases as another tenant. */
  asTenant(tenant: string): Promise<Databases>
  remove(): Promise<void>
}

// One server for a test file; every vault is another tenant with key files of its own.
let server: Promise<TestDatabases> | null = null
afterAll(async () => {
  await (await server)?.remove()
})

/** For tests: a fresh vault whose matter has keys. */
export async function openTestVault(change: Partial<VaultPlace> = {}): Promise<TestVault> {
  server ??= openTestDatabases()
  const shared = await server
  const tenant = randomUUID()
  const databases = await shared.openAgain(tenant)
  const homeDir = join(shared.homeDir, tenant)
  const keysDirectory = join(homeDir, 'keys')
  const place: VaultPlace = { keysDirectory, tenant, databases, now: () => instantOf('2026-11-21T08:00:00Z'), ...change }
  const openAgain = (other: Partial<VaultPlace> = {}): Promise<Vault> => openVault({ ...place, ...other })
  const vault = await openAgain()
  await vault.createMatterKeys(testMatter)
  return { databases, tenant, homeDir, serverDir: shared.homeDir, keysDirectory, place, vault, openAgain, asTenant: (other) => shared.openAgain(other), remove: () => databases.close() }
}

/** A stored record as the test knows it. */
export interface StoredRecord {
  recordId: Buffer
  slot: number
  values: (CanonicalValue | undefined)[]
}

/** Stores records the way an ingest does: secrets, leaves, root, ciphertext; every filled field is pending. */
export async function storeRecords(test: TestVault, lists: readonly (readonly CanonicalValue[])[], firstOrdinal = 0): Promise<StoredRecord[]> {
  const { vault, databases } = test
  await storeFields(test)
  const secrets = await vault.newSecrets(testMatter, lists.length)
  const records: StoredRecord[] = []
  await databases.main.transaction(async (tx) => {
    for (const [at, values] of lists.entries()) {
      const { slot, secret } = secrets[at] ?? { slot: 0n, secret: Buffer.alloc(0) }
      const ordinal = firstOrdinal + at
      const recordId = testRecordId(ordinal)
      const { salts } = vault.recordKeys(secret, 1, values.length)
      const root = recordRoot(values.map((value, index) => fieldLeaf({ salt: salts[index] ?? Buffer.alloc(16), recordId, fieldId: fieldId(index), value })))
      const filled = Buffer.from(values.map((value) => (isValue(value) ? 6 : 0)))
      await tx.execute(
        `insert into record (tenant, matter_id, id, data_set_id, ordinal, inventory_index, slot, presence, dispositions, root, inventory_root, facets)
         values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $9, $10)`,
        [test.tenant, testMatter, recordId, testDataSet, ordinal, slot, Buffer.of(0x0f), filled, root, JSON.stringify({ branch: ordinal % 2 === 0 ? '东店' : '西店' })],
      )
      const sealed = vault.sealRecord({ matterId: testMatter, recordId, version: 1, secret, values, compartmentOf: (index) => compartmentByField[index] ?? 'general' })
      await vault.storeCiphertext(tx, testMatter, sealed.map((part) => ({ ...part, recordId, version: 1 })))
      records.push({ recordId, slot: Number(slot), values: [...values] })
    }
  })
  return records
}

/** A grant for everything, ending in a year. */
export function grantOf(change: Partial<ReadGrant> = {}): ReadGrant {
  return { person: 'per_tester', purpose: 'pack', compartments: ['general', 'sensitive', 'text'], until: instantOf('2027-11-21T08:00:00Z'), approval: null, ...change }
}

/** Everything that a reading gives. */
export async function readAll(vault: Vault, grant: ReadGrant, query: Partial<ReadQuery> = {}): Promise<OpenRecord[]> {
  const records: OpenRecord[] = []
  for await (const batch of vault.read(grant, { matterId: testMatter, ...query })) records.push(...batch)
  return records
}

/** A copy of the key store and of the slots, as an attacker or an old backup would hold it. */
export interface KeyCopy {
  tables: Map<string, string>
  slots: string
}

const keyTables = ['key_epoch', 'key_dir', 'key_page', 'key_slot', 'matter_key', 'key_erasure'] as const

/** Copies the key store's rows and the slot directory. */
export async function copyKeys(test: TestVault, name: string): Promise<KeyCopy> {
  const tables = new Map<string, string>()
  for (const table of keyTables) {
    const [row] = await test.databases.keys.query<{ rows: string }>(`select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from ${table} t`)
    tables.set(table, row?.rows ?? '[]')
  }
  const slots = join(test.homeDir, `copy-${name}`)
  cpSync(join(test.keysDirectory, 'epoch-slots'), slots, { recursive: true })
  return { tables, slots }
}

/** Puts a copy of the key store's rows in place of what is there. */
export async function putKeyTables(keys: Database, copy: KeyCopy): Promise<void> {
  await keys.transaction(async (tx) => {
    for (const table of keyTables) {
      await tx.execute(`delete from ${table}`)
      await tx.execute(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [copy.tables.get(table) ?? '[]'])
    }
  })
}

/** Puts a copy of the slots in place of what is there. */
export function putSlots(test: TestVault, copy: KeyCopy): void {
  const slots = join(test.keysDirectory, 'epoch-slots')
  rmSync(slots, { recursive: true, force: true })
  cpSync(copy.slots, slots, { recursive: true })
}

/** The record id that a test's ordinal has. */
export function testRecordId(ordinal: number): Buffer {
  return createHash('sha256').update(`record ${ordinal}`).digest().subarray(0, 16)
}

function fieldId(index: number): Buffer {
  return createHash('sha256').update(`field ${index}`).digest().subarray(0, 16)
}

async function storeFields(test: TestVault): Promise<void> {
  for (const position of compartmentByField.keys()) {
    await test.databases.main.execute(
      `insert into field (tenant, matter_id, data_set_id, id, position, type, grade, grade_rule, confidence) values ($1, $2, $3, $4, $5, 'text', 'general', 'test', 1) on conflict do nothing`,
      [test.tenant, testMatter, testDataSet, `fld_${fieldId(position).toString('hex')}`, position],
    )
  }
}

/** An approval request as the step of access would have written it. */
export async function putRequest(test: TestVault, request: { id: string; act: string; status: string }): Promise<void> {
  await test.databases.main.execute(
    `insert into approval_request (tenant, matter_id, id, act, parameters, digest, requested_by, requested_at, status) values ($1, $2, $3, $4, '{}', '\\x00', 'per_1', now(), $5)`,
    [test.tenant, testMatter, request.id, request.act, request.status],
  )
}
