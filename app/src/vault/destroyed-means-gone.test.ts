// SPDX-License-Identifier: Apache-2.0
// SECURITY P16: what an attacker or a restore can open, before and after the turn.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CanonicalValue } from '@handover/proof'
import { openKeks } from './change-kek.ts'
import { scopeOf } from './key-room.ts'
import { roomAt } from './open-vault.ts'
import { openSecrets } from './record-secrets.ts'
import { compartmentKeys, openCompartment } from './seal-record.ts'
import { copyKeys, grantOf, openTestVault, putKeyTables, putSlots, readAll, storeRecords, testMatter, type KeyCopy, type StoredRecord, type TestVault } from './test-vault.ts'

const homes: TestVault[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove()
})

async function openHome(): Promise<TestVault> {
  const home = await openTestVault()
  homes.push(home)
  return home
}

interface Ciphertext {
  record_id: Buffer
  compartment: 'general' | 'sensitive' | 'text'
  version: number
  sealed: Buffer
}

/** A copy of the main database's ciphertext, as COPY (or a data backup) would give it. */
async function copyData(home: TestVault): Promise<Ciphertext[]> {
  return home.databases.main.query('select record_id, compartment, version, sealed from record_cipher')
}

/** Everything that opens with these keys and slots, passing by the door: no tombstone, no grant, no audit stops this attacker. */
async function attack(home: TestVault, data: readonly Ciphertext[], records: readonly StoredRecord[], held: { keys: KeyCopy; slots: KeyCopy }): Promise<unknown[]> {
  await putKeyTables(home.databases.keys, held.keys)
  putSlots(home, held.slots)
  const room = roomAt(home.place)
  await openKeks(room, home.keysDirectory, null)
  const opened: unknown[] = []
  for (const record of records) {
    const secret = await openSecrets(room, testMatter, [record.slot]).then((secrets) => secrets.get(record.slot) ?? null, () => null)
    if (secret === null) continue
    for (const row of data.filter(({ record_id }) => record_id.equals(record.recordId))) {
      const values: (CanonicalValue | undefined)[] = record.values.map(() => undefined)
      const key = compartmentKeys(secret, row.version).get(row.compartment)
      if (key !== undefined && openCompartment(scopeOf(room, testMatter), key, { ...row, recordId: row.record_id }, values)) opened.push(...values.filter((value) => value !== undefined))
    }
  }
  return opened
}

test('of the eight mixtures of old and new data, keys and slots, only all-old opens what was destroyed', async () => {
  const home = await openHome()
  const [victim, other] = await storeRecords(home, [['受害', '19900000001', '', ''], ['留存', '19900000002', '', '']])
  if (victim === undefined || other === undefined) throw new Error('two records')
  const old = { data: await copyData(home), keys: await copyKeys(home, 'old') }
  await home.vault.eraseSlots(testMatter, 'ord_1', [victim.slot])
  await home.databases.main.transaction((tx) => home.vault.deleteCiphertext(tx, testMatter, [victim.recordId]))
  expect(await home.vault.turn(testMatter)).toMatchObject({ complete: true, finalOrders: ['ord_1'] })
  const fresh = { data: await copyData(home), keys: await copyKeys(home, 'new') }
  for (const data of ['old', 'new'] as const) {
    for (const keys of ['old', 'new'] as const) {
      for (const slots of ['old', 'new'] as const) {
        const opened = await attack(home, (data === 'old' ? old : fresh).data, [victim], { keys: (keys === 'old' ? old : fresh).keys, slots: (slots === 'old' ? old : fresh).keys })
        expect(opened.includes('受害'), `data ${data}, keys ${keys}, slots ${slots}`).toBe(data === 'old' && keys === 'old' && slots === 'old')
      }
    }
  }
  // The way back to the present still opens what was kept.
  expect(await attack(home, fresh.data, [other], { keys: fresh.keys, slots: fresh.keys })).toContain('留存')
})

test('within the pending window an old key store with the present slots still opens it, and the status says pending', async () => {
  const home = await openHome()
  const records = await storeRecords(home, [['受害', '19900000001', '', '']])
  const old = { data: await copyData(home), keys: await copyKeys(home, 'old') }
  await home.vault.eraseSlots(testMatter, 'ord_1', records.map(({ slot }) => slot))
  const now = await copyKeys(home, 'now')
  expect(await home.vault.erasureStatus(testMatter, 'ord_1')).toMatchObject({ final: false })
  expect(await attack(home, old.data, records, { keys: now, slots: now })).toEqual([]) // old data with today's keys opens nothing
  const oldPages = { ...now, tables: new Map([...now.tables, ['key_page', old.keys.tables.get('key_page') ?? '']]) }
  expect(await attack(home, old.data, records, { keys: oldPages, slots: now })).toEqual([]) // old pages under today's directories neither: each erasure gives the page a fresh key
  expect(await attack(home, old.data, records, { keys: old.keys, slots: now })).toContain('受害') // the window
  await putKeyTables(home.databases.keys, now)
  await (await home.openAgain()).turn(testMatter)
  const turned = await copyKeys(home, 'turned')
  expect(await attack(home, old.data, records, { keys: old.keys, slots: turned })).toEqual([])
})

test('ten copies of the data made before the destruction open nothing of it with today’s keys', async () => {
  const home = await openHome()
  const copies: Ciphertext[][] = []
  const records: StoredRecord[] = []
  for (let round = 0; round < 10; round++) {
    records.push(...(await storeRecords(home, [[`客户${round}`, '', '', ''], [`另客${round}`, '', '', '']], round * 2)))
    copies.push(await copyData(home))
  }
  await home.vault.eraseSlots(testMatter, 'ord_1', records.map(({ slot }) => slot))
  const today = await copyKeys(home, 'today')
  for (const data of copies) expect(await attack(home, data, records, { keys: today, slots: today })).toEqual([])
})

const canary = '金丝雀客户-7Q4Z9X2K'
const spellings = [
  Buffer.from(canary, 'utf8'), Buffer.from(canary, 'utf16le'), Buffer.from(canary, 'utf16le').swap16(), Buffer.from('7Q4Z9X2K', 'latin1'), Buffer.from(Buffer.from(canary, 'utf8').toString('hex'), 'latin1'),
  ...[0, 1, 2].map((skip) => Buffer.from(Buffer.from(canary, 'utf8').subarray(skip, skip + 18).toString('base64').slice(0, 20), 'latin1')),
]

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

test('no spelling of a planted value is in any file of the home after storing, reading, erasing and turning', async () => {
  const home = await openHome()
  const marker = 'ctl-3f9b62d1' // stands in clear, so the search is known to work
  const records = await storeRecords(home, [[canary, canary, canary, canary], [`${canary}2`, '', '', '']])
  await home.databases.main.transaction((tx) => home.vault.sealLabels(testMatter, [{ owner: marker, kind: 'title', text: canary }], tx))
  expect((await readAll(home.vault, grantOf({ purpose: 'reveal' })))[0]?.values[0]).toBe(canary)
  await home.vault.blind(testMatter, 'name', canary)
  await home.vault.eraseSlots(testMatter, 'ord_1', [records[0]?.slot ?? -1])
  await home.vault.turn(testMatter)
  await home.databases.main.execute('checkpoint').catch(() => undefined) // not every role may; the write-ahead log is searched too
  const found = filesUnder(home.serverDir).map((path) => readFileSync(path))
  if (process.env['DATABASE_URL'] === undefined) expect(found.some((bytes) => bytes.includes(marker))).toBe(true)
  expect(found.flatMap((bytes) => spellings.filter((spelling) => bytes.includes(spelling)))).toEqual([])
})
