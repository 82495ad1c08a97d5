// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseKekFile, openKek } from './key-encryption.ts'
import { namesIn } from './key-files.ts'
import { grantOf, openTestVault, readAll, storeRecords, testMatter, type TestVault } from './test-vault.ts'

const homes: TestVault[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove()
})

async function openHome(change: Parameters<typeof openTestVault>[0] = {}): Promise<TestVault> {
  const home = await openTestVault(change)
  homes.push(home)
  return home
}

async function names(vault: TestVault['vault']): Promise<unknown[]> {
  return (await readAll(vault, grantOf())).map((record) => record.values[0])
}

test('a passphrase protects the vault: wrong is refused, none leaves it locked', async () => {
  const home = await openHome({ passphrase: '打开保险库' })
  await storeRecords(home, [['甲', '', '', '']])
  await expect(home.openAgain({ passphrase: '猜的' })).rejects.toMatchObject({ code: 'WRONG_KEY', exitCode: 12 })
  const vault = await home.openAgain({ passphrase: null })
  expect(vault.isLocked).toBe(true)
  await expect(names(vault)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await vault.unlock({ passphrase: '打开保险库' })
  expect(await names(vault)).toEqual(['甲'])
  expect(readFileSync(join(home.keysDirectory, 'kek.key'), 'utf8')).not.toContain('"key"')
})

test('after a change the old key-encryption key opens no slot, and matters go on under a new epoch', async () => {
  const home = await openHome()
  await storeRecords(home, [['甲', '', '', '']])
  const old = openKek(parseKekFile('kek.key', readFileSync(join(home.keysDirectory, 'kek.key'))), null)
  await home.vault.changeKek({ passphrase: '新口令' })
  expect(home.vault.keyEncryption()).toMatchObject({ kind: 'passphrase' })
  expect(home.vault.keyEncryption().id).not.toBe(old.id)
  const slot: unknown = JSON.parse(readFileSync(join(home.keysDirectory, 'epoch-slots', testMatter, 'slot-a', 'epoch-2.wrapped'), 'utf8'))
  expect(slot).toMatchObject({ epoch: 2, kek: home.vault.keyEncryption().id })
  expect(await namesIn(home.keysDirectory)).not.toContain('kek.key.next')
  const restarted = await home.openAgain({ passphrase: '新口令' })
  expect(await names(restarted)).toEqual(['甲'])
})

async function crashAfter(home: TestVault, stop: string, secret: { now: string | null; next: string | null }): Promise<void> {
  const crashing = await home.openAgain({
    passphrase: secret.now,
    afterWrite: (step) => {
      if (step === stop) throw new Error('killed')
    },
  })
  await expect(crashing.changeKek({ passphrase: secret.next })).rejects.toThrow(/killed/)
}

test('a change that stops after any of its writes is finished at the next opening', async () => {
  const home = await openHome()
  await storeRecords(home, [['甲', '', '', '']])
  const steps: string[] = []
  await (await home.openAgain({ afterWrite: (step) => void steps.push(step) })).changeKek({ passphrase: null })
  expect(steps).toEqual([
    'next-kek-written', 'epoch-noted', 'slot-a-written', 'slot-b-written', 'directories-rewritten', 'key-backup-written', 'slot-a-dropped', 'slot-b-dropped', 'turn-finished', 'old-kek-cleared', 'kek-replaced',
  ])
  for (const stop of steps) {
    const before = readFileSync(join(home.keysDirectory, 'kek.key'), 'utf8')
    await crashAfter(home, stop, { now: null, next: null })
    expect(await names(await home.openAgain()), `after ${stop}`).toEqual(['甲'])
    expect(await namesIn(home.keysDirectory), `after ${stop}`).not.toContain('kek.key.next')
    expect(readFileSync(join(home.keysDirectory, 'kek.key'), 'utf8'), `after ${stop}`).not.toBe(before)
  }
})

test('either passphrase finishes an interrupted change, then only the new one opens', async () => {
  for (const [stop, finishWith] of [['next-kek-written', 'old'], ['directories-rewritten', 'new']] as const) {
    const home = await openHome({ passphrase: 'old' })
    await storeRecords(home, [['甲', '', '', '']])
    await crashAfter(home, stop, { now: 'old', next: 'new' })
    expect(await names(await home.openAgain({ passphrase: finishWith })), `after ${stop}`).toEqual(['甲'])
    await expect(home.openAgain({ passphrase: 'old' }), `old passphrase after ${stop}`).rejects.toMatchObject({ code: 'WRONG_KEY' })
  }
})

test('a home that lost its key file says so and makes no new one over existing matters', async () => {
  const home = await openHome()
  rmSync(join(home.keysDirectory, 'kek.key'))
  await expect(home.openAgain()).rejects.toMatchObject({ code: 'WRONG_KEY' })
  expect(await namesIn(home.keysDirectory)).not.toContain('kek.key')
})
