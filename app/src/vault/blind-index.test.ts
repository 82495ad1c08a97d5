// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyKeys, openTestVault, putKeyTables, testMatter, testRecordId, type TestVault } from './test-vault.ts'

let home: TestVault
const phones = Array.from({ length: 40 }, (_, at) => `1990000${String(at).padStart(4, '0')}`)
beforeAll(async () => {
  home = await openTestVault()
  await home.databases.main.transaction(async (tx) => {
    await home.vault.holdBlindIndex(tx, testMatter)
    const blinds = await home.vault.blindMany(testMatter, phones.map((normalised) => ({ keyType: 'mobile', normalised })))
    for (const [at, blind] of blinds.entries()) {
      await tx.execute(`insert into record_key (tenant, matter_id, record_id, key_type, blind) values ($1, $2, $3, 'mobile', $4)`, [home.tenant, testMatter, testRecordId(at), blind])
    }
    // Tags of names and birth days stand in the same table and are shorter than an index.
    for (const [at, tag] of ['a1b2', '00', 'c3d4'].entries()) {
      await tx.execute(`insert into record_key (tenant, matter_id, record_id, key_type, blind, proven) values ($1, $2, $3, 'name-tag', $4, false)`, [home.tenant, testMatter, testRecordId(at), Buffer.from(tag, 'hex')])
    }
    await tx.execute(`insert into demoted_key (tenant, matter_id, key_type, blind, degree, why) values ($1, $2, 'mobile', $3, 40, 'switchboard')`, [home.tenant, testMatter, blinds[0] ?? ''])
  })
})
afterAll(() => home.remove())

async function find(vault: TestVault['vault'], phone: string): Promise<string[]> {
  const rows = await home.databases.main.query<{ record_id: Buffer }>(`select record_id from record_key where key_type = 'mobile' and blind = $1`, [await vault.blind(testMatter, 'mobile', phone)])
  return rows.map((row) => row.record_id.toString('hex'))
}

async function expectAllFound(vault: TestVault['vault'], when: string): Promise<void> {
  for (const [at, phone] of phones.entries()) expect(await find(vault, phone), when).toEqual([testRecordId(at).toString('hex')])
  expect(await find(vault, '19999999999')).toEqual([])
  const demoted = await home.databases.main.query('select 1 from demoted_key where blind = $1', [await vault.blind(testMatter, 'mobile', phones[0] ?? '')])
  expect(demoted, when).toHaveLength(1)
}

async function storedBlinds(): Promise<string[]> {
  return (await home.databases.main.query<{ blind: Buffer }>(`select blind from record_key where key_type = 'mobile'`)).map((row) => row.blind.toString('hex'))
}

test('after an exchange of the outer key every identifier is found, also by a process that knew the old key', async () => {
  const other = await home.openAgain()
  await expectAllFound(other, 'before')
  const before = new Set(await storedBlinds())
  await home.vault.rotateBlindIndex(testMatter)
  expect((await storedBlinds()).filter((blind) => before.has(blind))).toEqual([])
  await expectAllFound(home.vault, 'after')
  await expectAllFound(other, 'after, other process')
  const tags = await home.databases.main.query<{ blind: Buffer }>(`select blind from record_key where key_type = 'name-tag' order by record_id`)
  expect(tags.map((row) => row.blind.toString('hex')).toSorted(), 'tags stay as they are').toEqual(['00', 'a1b2', 'c3d4'])
})

test('an exchange that stops after any of its writes still finds everybody, and is taken up again', async () => {
  const steps: string[] = []
  await (await home.openAgain({ afterWrite: (step) => void steps.push(step) })).rotateBlindIndex(testMatter)
  expect(steps).toEqual(['next-blind-key-written', 'blind-index-rewritten', 'blind-key-exchanged'])
  for (const stop of steps) {
    const crashing = await home.openAgain({
      afterWrite: (step) => {
        if (step === stop) throw new Error('killed')
      },
    })
    await expect(crashing.rotateBlindIndex(testMatter)).rejects.toThrow(/killed/)
    await expectAllFound(await home.openAgain(), `stopped after ${stop}`)
    await (await home.openAgain()).turn(testMatter)
    await expectAllFound(await home.openAgain(), `turned after ${stop}`)
    await home.vault.rotateBlindIndex(testMatter)
    await expectAllFound(home.vault, `finished after ${stop}`)
  }
})

test('an old dump of the index cannot be asked with the keys of after the exchange and turn', async () => {
  const dump = new Set(await storedBlinds())
  const phone = phones[7] ?? ''
  expect(dump.has((await home.vault.blind(testMatter, 'mobile', phone)).toString('hex'))).toBe(true)
  const oldKeys = await copyKeys(home, 'before-exchange')
  await home.vault.rotateBlindIndex(testMatter)
  await home.vault.turn(testMatter)
  expect(dump.has((await home.vault.blind(testMatter, 'mobile', phone)).toString('hex'))).toBe(false)
  const now = await copyKeys(home, 'after')
  await putKeyTables(home.databases.keys, oldKeys)
  await expect((await home.openAgain()).blind(testMatter, 'mobile', phone)).rejects.toMatchObject({ code: 'EPOCH_KEY_MISSING' })
  await putKeyTables(home.databases.keys, now)
})

test('an index whose keys were ended answers nobody', async () => {
  await home.vault.dropMatterKeys(testMatter, ['blind'])
  await expect(home.vault.blind(testMatter, 'mobile', '1')).rejects.toMatchObject({ code: 'NO_MATTER_KEYS' })
  expect(await (await home.openAgain()).newSecrets(testMatter, 1)).toHaveLength(1)
  expect(await home.vault.turn(testMatter)).toMatchObject({ complete: true })
})
