// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestVault, testMatter, type TestVault } from './test-vault.ts'

let home: TestVault
beforeAll(async () => {
  home = await openTestVault()
})
afterAll(() => home.remove())

interface KeyRow {
  kind: string
  number: number
  wrapped: Buffer
}

async function keyRows(): Promise<Map<string, string>> {
  const rows = await home.databases.keys.query<KeyRow>(
    `select 'page' as kind, page as number, wrapped from key_page union all select 'dir', dir, wrapped from key_dir`,
  )
  return new Map(rows.map((row) => [`${row.kind} ${row.number}`, row.wrapped.toString('hex')]))
}

test('ten thousand secrets come in one go, each with a slot of its own, in few bytes', async () => {
  const secrets = await home.vault.newSecrets(testMatter, 10_000)
  expect(new Set(secrets.map(({ slot }) => slot)).size).toBe(10_000)
  expect(new Set(secrets.map(({ secret }) => secret.toString('hex'))).size).toBe(10_000)
  expect(secrets.every(({ secret }) => secret.length === 32)).toBe(true)
  const [size] = await home.databases.keys.query<{ bytes: number }>('select sum(length(wrapped)) as bytes from key_page')
  expect(Number(size?.bytes) / 10_000).toBeLessThan(34)
})

test('processes that take secrets at the same time never get the same slot', async () => {
  const other = await home.openAgain()
  const lists = await Promise.all([home.vault, other, home.vault, other].map((vault) => vault.newSecrets(testMatter, 333)))
  const all = lists.flat()
  expect(new Set(all.map(({ slot }) => slot)).size).toBe(all.length)
  expect(new Set(all.map(({ secret }) => secret.toString('hex'))).size).toBe(all.length)
})

test('erasing one record rewrites one page and one directory, and nothing else', async () => {
  const before = await keyRows()
  const [secret] = await home.vault.newSecrets(testMatter, 1)
  const slot = secret?.slot ?? -1n
  expect(await home.vault.eraseSlots(testMatter, 'ord_1', [slot])).toEqual({ erased: 1, repeated: 0 })
  const after = await keyRows()
  const page = Number(slot / 120n)
  expect([...after].filter(([place, wrapped]) => before.get(place) !== wrapped).map(([place]) => place).toSorted()).toEqual([`dir ${Math.floor(page / 128)}`, `page ${page}`])
  expect(await home.vault.confirmErased(testMatter, [slot])).toBe(true)
  expect(await home.vault.confirmErased(testMatter, [slot + 1n - 2n])).toBe(false)
})

test('erasing again returns without a second effect', async () => {
  const secrets = await home.vault.newSecrets(testMatter, 300)
  const slots = secrets.map(({ slot }) => slot)
  expect(await home.vault.eraseSlots(testMatter, 'ord_2', slots)).toEqual({ erased: 300, repeated: 0 })
  const before = await keyRows()
  expect(await home.vault.eraseSlots(testMatter, 'ord_2', [...slots, ...slots])).toEqual({ erased: 0, repeated: 300 })
  expect(await keyRows()).toEqual(before)
  expect(await home.vault.confirmErased(testMatter, slots)).toBe(true)
})

test('refuses to erase a slot that was never given out', async () => {
  await expect(home.vault.eraseSlots(testMatter, 'ord_3', [9_000_000])).rejects.toMatchObject({ code: 'SECRET_NEVER_GIVEN' })
})

test('a matter without keys is refused', async () => {
  await expect(home.vault.newSecrets('mat_unknown', 1)).rejects.toMatchObject({ code: 'NO_MATTER_KEYS' })
  await expect(home.vault.matterKey('mat_unknown', 'ids')).rejects.toMatchObject({ code: 'NO_MATTER_KEYS' })
  await expect(home.vault.turn('mat_unknown')).rejects.toMatchObject({ code: 'NO_MATTER_KEYS' })
})

test('creating the keys of a matter again keeps them', async () => {
  const before = await home.vault.matterKey(testMatter, 'ids')
  await home.vault.createMatterKeys(testMatter)
  expect((await (await home.openAgain()).matterKey(testMatter, 'ids')).equals(before)).toBe(true)
})

test('labels open for their owner and kind, and a row moved to another owner is refused', async () => {
  const { main } = home.databases
  await main.transaction((tx) => home.vault.sealLabels(testMatter, [{ owner: 'ds_1', kind: 'title', text: '旧名' }, { owner: 'ds_1', kind: 'title', text: '客户名单' }, { owner: 'ds_2', kind: 'title', text: '售后' }], tx))
  expect(await home.vault.openLabel(testMatter, 'ds_1', 'title')).toBe('客户名单')
  expect(await home.vault.openLabel(testMatter, 'ds_9', 'title')).toBeNull()
  expect(await home.vault.openLabels(testMatter, 'title')).toEqual(new Map([['ds_1', '客户名单'], ['ds_2', '售后']]))
  await main.execute(`update label set owner = 'ds_3' where owner = 'ds_2'`)
  await expect(home.vault.openLabel(testMatter, 'ds_3', 'title')).rejects.toMatchObject({ code: 'KEY_STORE_DAMAGED' })
})

test('the same identifier has the same blind index, another type or matter has another', async () => {
  await home.vault.createMatterKeys('mat_other')
  const [phone, again, email] = await home.vault.blindMany(testMatter, [{ keyType: 'mobile', normalised: '19900000001' }, { keyType: 'mobile', normalised: '19900000001' }, { keyType: 'email', normalised: '19900000001' }])
  expect(phone).toEqual(again)
  expect(phone).toHaveLength(16)
  expect(phone).not.toEqual(email)
  expect(await home.vault.blind('mat_other', 'mobile', '19900000001')).not.toEqual(phone)
  expect(await home.vault.blind(testMatter, 'mobile', '19900000001')).toEqual(phone)
})

test('a locked vault opens nothing until it is unlocked', async () => {
  const vault = await home.openAgain()
  vault.lock()
  expect(vault.isLocked).toBe(true)
  await expect(vault.newSecrets(testMatter, 1)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await expect(vault.matterKey(testMatter, 'ids')).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await vault.unlock({ passphrase: null })
  expect(await vault.newSecrets(testMatter, 1)).toHaveLength(1)
})

test('another tenant sees no key of this one', async () => {
  const stranger = await home.asTenant('00000000-0000-4000-8000-000000000000')
  expect(await stranger.keys.query('select 1 from key_page')).toEqual([])
  await stranger.close()
})

test('every changed byte of a page, directory or matter key is refused', async () => {
  const { keys } = home.databases
  for (const [table, column] of [['key_page', 'page'], ['key_dir', 'dir']] as const) {
    await keys.execute(`update ${table} set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where ${column} = 0`)
    await expect(home.vault.confirmErased(testMatter, [0])).rejects.toMatchObject({ code: 'KEY_STORE_DAMAGED' })
    await keys.execute(`update ${table} set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where ${column} = 0`)
  }
  await keys.execute(`update key_page set version = version + 1 where page = 0`)
  await expect(home.vault.confirmErased(testMatter, [0])).rejects.toMatchObject({ code: 'KEY_STORE_DAMAGED' })
  await keys.execute(`update key_page set version = version - 1 where page = 0`)
  expect(await home.vault.confirmErased(testMatter, [0])).toBe(false)
})
