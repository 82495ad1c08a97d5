// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fileSlot, type EpochSlot } from './epoch-slots.ts'
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

const rows = [['甲', '1', '', '备'], ['乙', '2', '文', ''], ['丙', '3', '', '']]

function filesIn(home: TestVault, slot: string): string[] {
  return readdirSync(join(home.keysDirectory, 'epoch-slots', testMatter, slot))
}

async function names(vault: TestVault['vault']): Promise<unknown[]> {
  return (await readAll(vault, grantOf())).map((record) => record.values[0])
}

test('after a turn every slot holds the new epoch alone, and everything still opens', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  writeFileSync(join(home.keysDirectory, 'epoch-slots', testMatter, 'slot-a', '.epoch-2.wrapped.0123.new'), 'left by a crash')
  const ids = await home.vault.matterKey(testMatter, 'ids')
  const result = await home.vault.turn(testMatter)
  expect(result).toMatchObject({ epoch: 2, dropped: 1, complete: true, slots: [{ slot: 'slot-a', kind: 'file', confirmed: true }, { slot: 'slot-b', kind: 'file', confirmed: true }] })
  expect(filesIn(home, 'slot-a')).toEqual(['epoch-2.wrapped'])
  expect(filesIn(home, 'slot-b')).toEqual(['epoch-2.wrapped'])
  expect(await home.vault.epochs(testMatter)).toMatchObject([{ epoch: 1, state: 'dropped' }, { epoch: 2, state: 'current' }])
  const restarted = await home.openAgain()
  expect(await names(restarted)).toEqual(['甲', '乙', '丙'])
  expect((await restarted.matterKey(testMatter, 'ids')).equals(ids)).toBe(true)
  expect(await restarted.newSecrets(testMatter, 200)).toHaveLength(200)
})

test('a turn that stops after any of its writes is finished at the next opening', async () => {
  const steps: string[] = []
  const first = await openHome()
  await storeRecords(first, rows)
  await (await first.openAgain({ afterWrite: (step) => void steps.push(step) })).turn(testMatter)
  expect(steps).toEqual(['epoch-noted', 'slot-a-written', 'slot-b-written', 'directories-rewritten', 'key-backup-written', 'slot-a-dropped', 'slot-b-dropped', 'turn-finished'])
  for (const [at, stop] of steps.entries()) {
    const before = await first.vault.epochs(testMatter)
    const crashing = await first.openAgain({
      afterWrite: (step) => {
        if (step === stop) throw new Error(`killed after ${step}`)
      },
    })
    await expect(crashing.turn(testMatter)).rejects.toThrow(/killed/)
    // Whoever goes on without reopening still reads, in every one of these states.
    expect(await names(first.vault), `read after ${stop}`).toEqual(['甲', '乙', '丙'])
    const restarted = await first.openAgain()
    const epoch = before.length + 1
    expect(await restarted.epochs(testMatter), `resumed after ${stop}`).toMatchObject([...before.map(() => ({ state: 'dropped' })), { epoch, state: 'current' }])
    expect(filesIn(first, 'slot-a')).toEqual([`epoch-${epoch}.wrapped`])
    expect(filesIn(first, 'slot-b')).toEqual([`epoch-${epoch}.wrapped`])
    expect(await restarted.unfinishedTurns()).toEqual([])
    expect(await names(restarted), `open after ${at}`).toEqual(['甲', '乙', '丙'])
  }
})

test('a creation of keys that stops after any of its writes is finished by the next one', async () => {
  const home = await openHome()
  const steps: string[] = []
  await (await home.openAgain({ afterWrite: (step) => void steps.push(step) })).createMatterKeys('mat_watched')
  expect(steps).toEqual(['first-epoch-noted', 'slot-a-written', 'slot-b-written', 'matter-keys-written'])
  for (const stop of steps) {
    const crashing = await home.openAgain({
      afterWrite: (step) => {
        if (step === stop) throw new Error('killed')
      },
    })
    await expect(crashing.createMatterKeys(`mat_${stop}`)).rejects.toThrow(/killed/)
    const restarted = await home.openAgain()
    await restarted.createMatterKeys(`mat_${stop}`)
    expect(await restarted.newSecrets(`mat_${stop}`, 1)).toHaveLength(1)
    expect(await restarted.epochs(`mat_${stop}`)).toMatchObject([{ epoch: 1, state: 'current' }])
  }
})

test('a slot that cannot be written keeps the turn from taking effect, and one that does not confirm keeps it unfinished', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const trouble = { write: true, drop: true }
  const slots = ['slot-a', 'slot-b'].map((name) => fileSlot(name, (matterId) => join(home.keysDirectory, 'epoch-slots', matterId, name)))
  const shaky = slots.map((slot, at): EpochSlot => (at === 0 ? slot : {
    ...slot,
    write: async (...call) => (trouble.write ? Promise.reject(new Error('medium not attached')) : slot.write(...call)),
    dropAllBut: async (...call) => (trouble.drop ? { confirmed: false, why: 'EROFS' } : slot.dropAllBut(...call)),
  }))
  const vault = await home.openAgain({ slots: shaky })
  await expect(vault.turn(testMatter)).rejects.toThrow(/not attached/)
  expect(await names(home.vault)).toEqual(['甲', '乙', '丙']) // still under epoch 1
  trouble.write = false
  const half = await vault.turn(testMatter)
  expect(half).toMatchObject({ epoch: 2, complete: false, finalOrders: [], slots: [{ confirmed: true }, { confirmed: false }], reasons: ['slot-b: EROFS'] })
  expect(await vault.unfinishedTurns()).toEqual([testMatter])
  trouble.drop = false
  expect(await vault.turn(testMatter)).toMatchObject({ epoch: 2, complete: true })
  expect(await vault.unfinishedTurns()).toEqual([])
})

test('a slot that was away during a turn may hold another key of that epoch: the right one is used', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const [a, b] = ['slot-a', 'slot-b'].map((name) => fileSlot(name, (matterId) => join(home.keysDirectory, 'epoch-slots', matterId, name)))
  if (a === undefined || b === undefined) throw new Error('two slots')
  const crashing = await home.openAgain({
    afterWrite: (step) => {
      if (step === 'slot-a-written') throw new Error('killed')
    },
  })
  await expect(crashing.turn(testMatter)).rejects.toThrow(/killed/)
  await home.openAgain({ slots: [b] }) // finishes the turn without slot-a
  const vault = await home.openAgain()
  expect(await names(vault)).toEqual(['甲', '乙', '丙'])
  expect(await vault.turn(testMatter)).toMatchObject({ epoch: 3, complete: true })
  expect(await names(await home.openAgain({ slots: [a] }))).toEqual(['甲', '乙', '丙'])
})

test('an order is final only when the epoch of its erasure is gone from every slot', async () => {
  const home = await openHome()
  const [first, second] = await storeRecords(home, rows)
  await home.vault.eraseSlots(testMatter, 'ord_1', [first?.slot ?? -1])
  expect(await home.vault.erasureStatus(testMatter, 'ord_1')).toEqual({ slots: 1, epochs: [1], final: false })
  expect((await home.vault.turn(testMatter)).finalOrders).toEqual(['ord_1'])
  expect(await home.vault.erasureStatus(testMatter, 'ord_1')).toEqual({ slots: 1, epochs: [1], final: true })
  await home.vault.eraseSlots(testMatter, 'ord_2', [second?.slot ?? -1])
  expect(await home.vault.erasureStatus(testMatter, 'ord_2')).toEqual({ slots: 1, epochs: [2], final: false })
  expect(await home.vault.erasureStatus(testMatter, 'ord_none')).toEqual({ slots: 0, epochs: [], final: false })
})

test('secrets are created, read and erased by another process while turns go on', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const other = await home.openAgain()
  const turning = { isOn: true }
  const turns = (async () => {
    for (let round = 0; round < 5; round++) await home.vault.turn(testMatter)
    turning.isOn = false
  })()
  const slots: bigint[] = []
  while (turning.isOn) {
    const secrets = await other.newSecrets(testMatter, 130)
    slots.push(...secrets.map(({ slot }) => slot))
    expect(await names(other)).toEqual(['甲', '乙', '丙'])
    await other.eraseSlots(testMatter, 'ord_1', secrets.slice(0, 5).map(({ slot }) => slot))
    expect(await other.confirmErased(testMatter, secrets.slice(0, 5).map(({ slot }) => slot))).toBe(true)
  }
  await turns
  expect(new Set(slots).size).toBe(slots.length)
  expect(await names(await home.openAgain())).toEqual(['甲', '乙', '丙'])
})

test('two turns at once are two turns, one after the other', async () => {
  const home = await openHome()
  const other = await home.openAgain()
  const results = await Promise.all([home.vault.turn(testMatter), other.turn(testMatter), home.vault.turn(testMatter)])
  expect(results.map(({ epoch }) => epoch).toSorted((a, b) => a - b)).toEqual([2, 3, 4])
})

test('a lost key store is not begun anew over slots and records that exist', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  for (const table of ['key_epoch', 'key_dir', 'key_page', 'key_slot', 'matter_key']) await home.databases.keys.execute(`delete from ${table}`)
  await expect((await home.openAgain()).createMatterKeys(testMatter)).rejects.toMatchObject({ code: 'KEY_STORE_BEHIND' })
})

test('one slot is enough to open, and its keys are private files', async () => {
  const home = await openHome()
  await storeRecords(home, rows)
  const file = join(home.keysDirectory, 'epoch-slots', testMatter, 'slot-a', 'epoch-1.wrapped')
  chmodSync(file, 0o600)
  writeFileSync(file, '{"format":"garbage"}')
  const vault = await home.openAgain()
  expect(await names(vault)).toEqual(['甲', '乙', '丙'])
  expect(await vault.slots(testMatter)).toMatchObject([{ slot: 'slot-a', opens: false, certifies: 'clear' }, { slot: 'slot-b', opens: true, epochs: [1] }])
  expect(existsSync(join(home.keysDirectory, 'kek.key'))).toBe(true)
  await vault.turn(testMatter)
  expect(await vault.slots(testMatter)).toMatchObject([{ slot: 'slot-a', opens: true, epochs: [2] }, { slot: 'slot-b', opens: true, epochs: [2] }])
})
