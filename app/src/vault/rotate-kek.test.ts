// SPDX-License-Identifier: Apache-2.0
// SECURITY P17: a change of the key-encryption key that is stopped after each of its durable writes goes on, nobody fails to read meanwhile, and the old key opens nothing that is in use.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openKek, parseKekFile, type LocalKeyEncryption } from './key-encryption.ts'
import { boundTo } from './seal-bytes.ts'
import { grantOf, openTestVault, readAll, storeRecords, testMatter, type TestVault } from './test-vault.ts'

const homes: TestVault[] = []
afterAll(async () => {
  for (const home of homes) await home.remove()
})

const otherMatters = Array.from({ length: 5 }, (_, at) => `mat_${String(at + 2).padStart(32, '0')}`)
const slotFile = z.looseObject({ matter: z.string(), epoch: z.int(), wrapped: z.string() })

function kekOf(home: TestVault): LocalKeyEncryption {
  return openKek(parseKekFile('kek.key', readFileSync(join(home.keysDirectory, 'kek.key'))), null)
}

/** How many slot files this key opens, and how many there are. */
async function slotsOpenedBy(home: TestVault, kek: LocalKeyEncryption): Promise<{ opened: number; all: number }> {
  const base = join(home.keysDirectory, 'epoch-slots')
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wrapped'))
  let opened = 0
  for (const name of files) {
    const { matter, epoch, wrapped } = slotFile.parse(JSON.parse(readFileSync(join(base, name), 'utf8')))
    if ((await kek.unwrap(boundTo('epoch', home.tenant, matter, epoch), Buffer.from(wrapped, 'base64'))) !== null) opened += 1
  }
  return { opened, all: files.length }
}

test('stopped after each of more than fifty writes, a change of the key goes on without one failed read', async () => {
  const home = await openTestVault()
  homes.push(home)
  for (const matterId of otherMatters) await home.vault.createMatterKeys(matterId)
  await storeRecords(home, Array.from({ length: 6 }, (_, at) => [`客户${at}`, '', '', '']))
  const writes: string[] = []
  await (await home.openAgain({ afterWrite: (step) => void writes.push(step) })).changeKek({ passphrase: null })
  expect(writes.length).toBeGreaterThanOrEqual(50)
  const reading = { isOn: true, done: 0, failed: Array.of<string>() }
  const reader = await home.openAgain() // runs on through all changes and is told of none
  const reads = (async () => {
    while (reading.isOn) {
      const names = await readAll(reader, grantOf()).then((records) => records.length, (error: unknown) => String(error))
      if (names === 6) reading.done += 1
      else reading.failed.push(String(names))
    }
  })()
  for (const stop of writes.keys()) {
    const old = kekOf(home)
    let count = 0
    const crashing = await home.openAgain({
      afterWrite: () => {
        if (count++ === stop) throw new Error('killed')
      },
    })
    await expect(crashing.changeKek({ passphrase: null }), `${stop} ${writes[stop]}`).rejects.toThrow('killed')
    const restarted = await home.openAgain()
    expect(kekOf(home).id, `${stop} ${writes[stop]}`).not.toBe(old.id)
    expect(await restarted.unfinishedTurns()).toEqual([])
    expect(await slotsOpenedBy(home, old), `${stop} ${writes[stop]}`).toEqual({ opened: 0, all: 12 })
    expect(await slotsOpenedBy(home, kekOf(home))).toEqual({ opened: 12, all: 12 })
  }
  reading.isOn = false
  await reads
  process.stdout.write(`${writes.length} points of interruption over ${otherMatters.length + 1} matters; ${reading.done} readings meanwhile, ${reading.failed.length} failed\n`)
  expect(reading.failed).toEqual([])
  expect(reading.done).toBeGreaterThan(writes.length)
  expect((await readAll(await home.openAgain(), grantOf())).map((record) => record.values[0])).toContain('客户5')
  expect(await home.vault.epochs(testMatter).then((epochs) => epochs.length)).toBeGreaterThan(50)
}, 300_000)
