// SPDX-License-Identifier: Apache-2.0
import { randomBytes, type KeyObject } from 'node:crypto'
import { epochKey, spreadEpochKey } from './epoch-keys.ts'
import { keyBytes, keyObjectOf, openMatterKey, sealMatterKey, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import {
  advanceSlotCounter, deleteMatterKeys, epochRows, finishEpoch, insertTurningEpoch, lockSlotCounter, matterKeyRows, putMatterKeys, type MatterKeyRow,
} from './key-store.store.ts'
import { greatestSlot } from './record-cipher.store.ts'
import { underTurnLock } from './turn-lock.ts'
import { matterKeyNames } from './vault.ts'
import { vaultFailures } from './vault-failures.ts'

/** Everything a matter has beside record secrets; `blind-wrap` is the outer layer of the blind index, which can be exchanged without plaintext. */
const allNames = [...matterKeyNames, 'blind-wrap', 'blind-wrap-next'] as const
export type StoredKeyName = (typeof allNames)[number]
const namesAtStart: readonly StoredKeyName[] = [...matterKeyNames, 'blind-wrap']

/** Epoch 1 in every slot and the matter's keys under it (CONTRACTS §5); idempotent. Refuses when keys of this matter existed before and the key store has lost them. */
export async function createMatterKeys(room: KeyRoom, matterId: string): Promise<void> {
  await underTurnLock(room, matterId, async (scope) => {
    const epochs = await epochRows(room.keys, scope)
    if (epochs.some((row) => row.epoch > 1 || row.state !== 'turning')) return
    await refuseLostKeyStore(room, scope)
    await insertTurningEpoch(room.keys, scope, 1, room.now())
    await room.afterWrite('first-epoch-noted')
    const key = await spreadEpochKey(room, matterId, 1, false)
    await room.keys.transaction(async (tx) => {
      await advanceSlotCounter(tx, scope, 0)
      await putMatterKeys(tx, scope, namesAtStart.map((name) => firstMatterKey(room, { scope, key }, name)))
      await finishEpoch(tx, scope, 1, room.now())
    })
    await room.afterWrite('matter-keys-written')
    room.ring.keepEpochKey(matterId, 1, key)
  })
}

/** One key of a matter; refuses a matter or name without one. */
export async function matterKey(room: KeyRoom, matterId: string, name: StoredKeyName): Promise<KeyObject> {
  const known = room.ring.matterKey(matterId, name)
  if (known !== undefined) return known
  const opened = await openMatterKeyRow(room, matterId, name)
  if (opened === null) throw vaultFailures.NO_MATTER_KEYS({ matter: matterId, name })
  room.ring.keepMatterKey(matterId, name, opened)
  return opened
}

/** One key of a matter from the key store, or null when there is none. */
export async function openMatterKeyRow(room: KeyRoom, matterId: string, name: StoredKeyName): Promise<KeyObject | null> {
  const scope = scopeOf(room, matterId)
  return withPresentEpoch(async () => {
    const row = (await matterKeyRows(room.keys, scope)).find((entry) => entry.name === name)
    return row === undefined ? null : keyObjectOf(openRow(scope, await epochKey(room, matterId, row.epoch), row))
  })
}

/** Ends keys of a matter: the rows go now, what could still open old copies of them goes with the next turn. */
export async function dropMatterKeys(room: KeyRoom, matterId: string, names: readonly StoredKeyName[]): Promise<void> {
  const scope = scopeOf(room, matterId)
  await room.keys.transaction(async (tx) => {
    await lockSlotCounter(tx, scope)
    await deleteMatterKeys(tx, scope, names)
  })
  room.ring.forgetMatterKeys(matterId)
}

/** Random, except for the record ids of a demo home. */
function firstMatterKey(room: KeyRoom, { scope, key }: { scope: KeyScope; key: KeyObject }, name: StoredKeyName): MatterKeyRow {
  if (name !== 'ids' || room.idsKey === null) return newMatterKey(scope, key, 1, name)
  return { name, epoch: 1, wrapped: sealMatterKey(scope, key, { name, epoch: 1, key: room.idsKey(scope.matterId) }) }
}

/** A new random key of this name, sealed. */
export function newMatterKey(scope: KeyScope, key: KeyObject, epoch: number, name: StoredKeyName): MatterKeyRow {
  return { name, epoch, wrapped: sealMatterKey(scope, key, { name, epoch, key: randomBytes(keyBytes) }) }
}

/** A stored key under another name: the successor takes the place. */
export function resealMatterKey(scope: KeyScope, key: KeyObject, row: MatterKeyRow, name: StoredKeyName): MatterKeyRow {
  return { name, epoch: row.epoch, wrapped: sealMatterKey(scope, key, { name, epoch: row.epoch, key: openRow(scope, key, row) }) }
}

/** A matter key's bytes; refuses a row that the epoch key does not open. */
function openRow(scope: KeyScope, key: KeyObject, row: MatterKeyRow): Buffer {
  const bytes = openMatterKey(scope, key, row)
  if (bytes === null) throw vaultFailures.KEY_STORE_DAMAGED({ place: `matter_key ${row.name}` })
  return bytes
}

/** Runs a reading again when a turn took away the epoch between the row and the slot. */
export async function withPresentEpoch<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read()
    } catch (error) {
      if (attempt === 3 || !(error instanceof Error && 'code' in error && error.code === 'EPOCH_KEY_MISSING')) throw error
    }
  }
}

/** Slots and ciphertext outlive a lost key store; starting again at slot 0 would use slots twice. */
async function refuseLostKeyStore(room: KeyRoom, scope: KeyScope): Promise<void> {
  const epochs = (await Promise.all(room.slots.map((slot) => slot.epochs(scope.matterId)))).flat()
  const newest = Math.max(0, ...epochs)
  if (newest > 1) throw vaultFailures.KEY_STORE_BEHIND({ matter: scope.matterId, why: `slots hold epoch ${newest}` })
  const slot = await greatestSlot(room.main, scope)
  if (slot !== null) throw vaultFailures.KEY_STORE_BEHIND({ matter: scope.matterId, why: `records use slot ${slot}` })
}
