// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto'
import { required } from '../kit/assert.ts'
import { epochKey, spreadEpochKey } from './epoch-keys.ts'
import { writeKeyBackup } from './key-backup.ts'
import { openDirectory, openMatterKey, sealDirectory, sealMatterKey, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import {
  epochRows, finishEpoch, insertTurningEpoch, lockDirectories, lockSlotCounter, matterEpochs, matterKeyRows, ordersErasedBefore, presentEpoch, putDirectories, putMatterKeys,
} from './key-store.store.ts'
import { createMatterKeys } from './matter-keys.ts'
import { underTurnLock } from './turn-lock.ts'
import { vaultFailures } from './vault-failures.ts'
import type { TurnResult } from './vault.ts'

/** 换代. A new epoch key in place of the old one (CONTRACTS §5); an unfinished turn is finished instead of beginning another. Every step may be repeated, so a crash rolls forward. */
export async function turnEpoch(room: KeyRoom, matterId: string): Promise<TurnResult> {
  await createMatterKeysIfBegun(room, matterId)
  return underTurnLock(room, matterId, async (scope) => {
    const newest = (await epochRows(room.keys, scope)).at(-1)
    if (newest === undefined) throw vaultFailures.NO_MATTER_KEYS({ matter: matterId, name: 'epoch' })
    return turnTo(room, scope, newest.state === 'turning' ? newest.epoch : newest.epoch + 1)
  })
}

/** Finishes what was interrupted: the turn, or the creation of the matter's first keys. Nothing to do is no error. */
export async function resumeTurn(room: KeyRoom, matterId: string): Promise<void> {
  await createMatterKeysIfBegun(room, matterId)
  await underTurnLock(room, matterId, async (scope) => {
    const newest = (await epochRows(room.keys, scope)).at(-1)
    if (newest?.state === 'turning') await turnTo(room, scope, newest.epoch)
  })
}

/** Matters whose turn is not finished. */
export async function unfinishedTurns(room: KeyRoom): Promise<string[]> {
  return (await matterEpochs(room.keys, room.tenant)).filter((row) => row.state === 'turning').map((row) => row.matter_id)
}

/** Epoch 1 turning: the creation was interrupted, there is nothing to turn from yet. */
async function createMatterKeysIfBegun(room: KeyRoom, matterId: string): Promise<void> {
  const newest = (await epochRows(room.keys, scopeOf(room, matterId))).at(-1)
  if (newest?.epoch === 1 && newest.state === 'turning') await createMatterKeys(room, matterId)
}

async function turnTo(room: KeyRoom, scope: KeyScope, epoch: number): Promise<TurnResult> {
  await insertTurningEpoch(room.keys, scope, epoch, room.now())
  await room.afterWrite('epoch-noted')
  const isInUse = (await presentEpoch(room.keys, scope)) === epoch
  const key = await spreadEpochKey(room, scope.matterId, epoch, isInUse)
  await rewriteUnder(room, scope, epoch, key)
  await room.afterWrite('directories-rewritten')
  room.ring.keepEpochKey(scope.matterId, epoch, key)
  await writeKeyBackup(room, scope.matterId, room.backupDirectory(scope.matterId))
  await room.afterWrite('key-backup-written')
  return dropOldEpochs(room, scope, epoch)
}

/** One transaction: every directory and matter key under the new epoch key. The counter's lock keeps new directories out meanwhile. */
async function rewriteUnder(room: KeyRoom, scope: KeyScope, epoch: number, key: KeyObject): Promise<void> {
  await room.keys.transaction(async (tx) => {
    await lockSlotCounter(tx, scope)
    const directories = (await lockDirectories(tx, scope, null)).filter((row) => row.epoch !== epoch)
    const matterKeys = (await matterKeyRows(tx, scope)).filter((row) => row.epoch !== epoch)
    const oldKeys = new Map<number, KeyObject>()
    for (const row of [...directories, ...matterKeys]) if (!oldKeys.has(row.epoch)) oldKeys.set(row.epoch, await epochKey(room, scope.matterId, row.epoch))
    const oldKey = (row: { epoch: number }) => required(oldKeys.get(row.epoch), 'the old key was fetched above')
    await putDirectories(tx, scope, directories.map((row) => {
      const pageKeys = opened(openDirectory(scope, oldKey(row), row), `key_dir ${row.dir}`)
      return { dir: row.dir, epoch, wrapped: sealDirectory(scope, key, { dir: row.dir, epoch, pageKeys }) }
    }))
    await putMatterKeys(tx, scope, matterKeys.map((row) => {
      const bytes = opened(openMatterKey(scope, oldKey(row), row), `matter_key ${row.name}`)
      return { name: row.name, epoch, wrapped: sealMatterKey(scope, key, { name: row.name, epoch, key: bytes }) }
    }))
  })
}

/** Clears the old epoch from every slot and reads back. A slot that does not confirm leaves the turn open, and certificates pending. */
async function dropOldEpochs(room: KeyRoom, scope: KeyScope, epoch: number): Promise<TurnResult> {
  const slots: TurnResult['slots'] = []
  const reasons: string[] = []
  for (const slot of room.slots) {
    const { confirmed, why } = await slot.dropAllBut(scope.matterId, epoch)
    slots.push({ slot: slot.name, kind: slot.kind, confirmed })
    if (!confirmed) reasons.push(`${slot.name}: ${why}`)
    await room.afterWrite(`${slot.name}-dropped`)
  }
  const complete = slots.every((slot) => slot.confirmed)
  if (complete) await room.keys.transaction((tx) => finishEpoch(tx, scope, epoch, room.now()))
  await room.afterWrite('turn-finished')
  return { epoch, dropped: epoch - 1, complete, slots, reasons, finalOrders: complete ? await ordersErasedBefore(room.keys, scope, epoch) : [] }
}

function opened(bytes: Buffer | null, place: string): Buffer {
  if (bytes === null) throw vaultFailures.KEY_STORE_DAMAGED({ place })
  return bytes
}
