// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { namesIn } from './key-files.ts'
import { grantOf, openTestVault, readAll, storeRecords, testMatter, type TestVault } from './test-vault.ts'

const homes: TestVault[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove()
})

async function openHome(): Promise<TestVault> {
  const home = await openTestVault()
  homes.push(home)
  return home
}

async function loseKeyStore(home: TestVault): Promise<void> {
  for (const table of ['key_epoch', 'key_dir', 'key_page', 'key_slot', 'matter_key', 'key_erasure']) await home.databases.keys.execute(`delete from ${table}`)
}

async function names(vault: TestVault['vault']): Promise<unknown[]> {
  return (await readAll(vault, grantOf())).map((record) => record.values[0])
}

const rows = [['甲', '', '', ''], ['乙', '', '', ''], ['丙', '', '', '']]

test('a lost key store comes back from the backup, without what was erased, and no slot is given out twice', async () => {
  const home = await openHome()
  const records = await storeRecords(home, rows)
  await home.vault.eraseSlots(testMatter, 'ord_1', [records[0]?.slot ?? -1])
  const { directory } = await home.vault.backUpKeys(testMatter)
  // After the backup: one more record, and one more erasure that only the main database remembers.
  const [late] = await storeRecords(home, [['丁', '', '', '']], 10)
  await home.vault.eraseSlots(testMatter, 'ord_2', [records[1]?.slot ?? -1])
  await home.databases.main.execute(
    `insert into erasure (tenant, matter_id, number, record_id, version, slot, order_id, intent_seq, erased_keys_at) values ($1, $2, 0, $3, 1, $4, 'ord_2', 1, now())`,
    [home.tenant, testMatter, records[1]?.recordId ?? '', records[1]?.slot ?? -1],
  )
  await loseKeyStore(home)
  const vault = await home.openAgain()
  await vault.restoreKeyBackup(testMatter, directory)
  expect(await vault.confirmErased(testMatter, [records[0]?.slot ?? -1, records[1]?.slot ?? -1])).toBe(true)
  expect(await names(vault)).toEqual(['丙', '丁'])
  const [next] = await vault.newSecrets(testMatter, 1)
  expect(Number(next?.slot)).toBeGreaterThan(late?.slot ?? 0)
  expect(await vault.erasureStatus(testMatter, 'ord_1')).toMatchObject({ slots: 1, final: false })
  await expect(vault.restoreKeyBackup(testMatter, directory)).rejects.toMatchObject({ code: 'KEY_STORE_BEHIND' })
})

test('the backup holds the newest epoch only, and writes again only what changed', async () => {
  const home = await openHome()
  await home.vault.newSecrets(testMatter, 120 * 128 + 1)
  const { directory, pages } = await home.vault.backUpKeys(testMatter)
  expect(pages).toBe(129)
  expect(await namesIn(directory)).toEqual(['epoch-1.json', 'pages-000000.bin', 'pages-000001.bin'])
  const before = ['pages-000000.bin', 'pages-000001.bin'].map((name) => statSync(join(directory, name)).ino)
  await home.vault.eraseSlots(testMatter, 'ord_1', [120 * 128])
  await home.vault.turn(testMatter)
  expect(await namesIn(directory)).toEqual(['epoch-2.json', 'pages-000000.bin', 'pages-000001.bin'])
  const after = ['pages-000000.bin', 'pages-000001.bin'].map((name) => statSync(join(directory, name)).ino)
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})

test('a page file that was damaged is written anew', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const { directory } = await home.vault.backUpKeys(testMatter)
  const file = join(directory, 'pages-000000.bin')
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.with(100, bytes.readUInt8(100) ^ 1))
  await home.vault.turn(testMatter)
  expect(readFileSync(file).equals(bytes)).toBe(true)
})

test('nothing is dropped before the backup was written and opens', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  mkdirSync(join(home.keysDirectory, 'key-backup'))
  writeFileSync(join(home.keysDirectory, 'key-backup', testMatter), 'a file where the directory should be')
  await expect(home.vault.turn(testMatter)).rejects.toMatchObject({ code: 'KEY_BACKUP_FAILED' })
  expect((await home.vault.slots(testMatter)).map(({ epochs }) => epochs)).toEqual([[1, 2], [1, 2]])
  const vault = await home.openAgain()
  expect(await names(vault)).toEqual(['甲', '乙', '丙'])
  expect(await vault.unfinishedTurns()).toEqual([testMatter])
})

test('a backup of before a turn is refused: its epoch is in no slot', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const exported = join(home.homeDir, 'medium')
  await home.vault.exportKeyBackup(testMatter, exported)
  await home.vault.turn(testMatter)
  await loseKeyStore(home)
  await expect((await home.openAgain()).restoreKeyBackup(testMatter, exported)).rejects.toMatchObject({ code: 'EPOCH_KEY_MISSING' })
  await expect((await home.openAgain()).restoreKeyBackup(testMatter, join(home.homeDir, 'nothing'))).rejects.toMatchObject({ code: 'KEY_BACKUP_FAILED' })
})
