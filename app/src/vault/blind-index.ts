// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto'
import { required } from '../kit/assert.ts'
import { blindRows, isRewritten, lockOuterKey, noteRewritten, replaceBlinds } from './blind-index.store.ts'
import { epochKey } from './epoch-keys.ts'
import type { KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { deleteMatterKeys, lockSlotCounter, matterKeyRows, presentEpoch, putMatterKeys } from './key-store.store.ts'
import { matterKey, newMatterKey, openMatterKeyRow, resealMatterKey } from './matter-keys.ts'
import { underTurnLock } from './turn-lock.ts'
import { vaultFailures } from './vault-failures.ts'

/** Bytes of a blind index: exactly one block, so that the outer layer is a permutation. */
const blindBytes = 16

/**
 * 盲索引. Blind indexes of identifiers that were normalised by the caller (CONTRACTS §13): HMAC-SHA256 under the matter's index key, cut to 16 bytes,
 * then one AES block under the outer key. The outer key can be exchanged without plaintext; a dump made before the exchange cannot be asked with the keys of after it.
 * Only for high-entropy identifiers.
 */
export async function blindMany(room: KeyRoom, matterId: string, keys: readonly { keyType: string; normalised: string }[]): Promise<Buffer[]> {
  if (keys.length === 0) return []
  const indexKey = await matterKey(room, matterId, 'blind')
  const inner = Buffer.concat(keys.map(({ keyType, normalised }) => createHmac('sha256', indexKey).update(`${keyType}\0${normalised}`, 'utf8').digest().subarray(0, blindBytes)))
  const blinds = await wrapInner(room, matterId, inner)
  return keys.map((_, at) => blinds.subarray(at * blindBytes, (at + 1) * blindBytes))
}

/** The outer layer over inner indexes that a worker thread made (`KeyedHash` under the matter's index key, 16 bytes each, one after the other). */
export async function wrapInner(room: KeyRoom, matterId: string, inner: Buffer): Promise<Buffer> {
  return wrapBlocks(await presentOuterKey(room, matterId), inner)
}

/** 换盲索引密钥. A new outer key for the blind index (CONTRACTS §13: it rotates with destruction orders), before the order's turn. Takes up an interrupted exchange. */
export async function rotateBlindIndex(room: KeyRoom, matterId: string): Promise<void> {
  await underTurnLock(room, matterId, async (scope) => {
    const next = (await openMatterKeyRow(room, matterId, 'blind-wrap-next')) ?? (await prepareNextKey(room, scope))
    await room.afterWrite('next-blind-key-written')
    if (!(await isRewritten(room.main, scope, effectOf(next)))) await rewriteBlinds(room, scope, next)
    await room.afterWrite('blind-index-rewritten')
    await room.keys.transaction(async (tx) => {
      await lockSlotCounter(tx, scope)
      const rows = await matterKeyRows(tx, scope)
      const row = required(rows.find(({ name }) => name === 'blind-wrap-next'), 'the next key was written above')
      await putMatterKeys(tx, scope, [resealMatterKey(scope, await epochKey(room, matterId, row.epoch), row, 'blind-wrap')])
      await deleteMatterKeys(tx, scope, ['blind-wrap-next'])
    })
    await room.afterWrite('blind-key-exchanged')
  })
}

/** The outer key under which the stored indexes stand. Another process may have exchanged it, so it is never kept in memory; between the two databases' commits the newer one counts if the indexes are rewritten. */
async function presentOuterKey(room: KeyRoom, matterId: string): Promise<KeyObject> {
  const next = await openMatterKeyRow(room, matterId, 'blind-wrap-next')
  if (next !== null && (await isRewritten(room.main, scopeOf(room, matterId), effectOf(next)))) return next
  const outer = await openMatterKeyRow(room, matterId, 'blind-wrap')
  if (outer === null) throw vaultFailures.NO_MATTER_KEYS({ matter: matterId, name: 'blind-wrap' })
  return outer
}

async function prepareNextKey(room: KeyRoom, scope: KeyScope): Promise<KeyObject> {
  await room.keys.transaction(async (tx) => {
    await lockSlotCounter(tx, scope)
    const epoch = await presentEpoch(tx, scope)
    if (epoch === null) throw vaultFailures.NO_MATTER_KEYS({ matter: scope.matterId, name: 'blind-wrap' })
    await putMatterKeys(tx, scope, [newMatterKey(scope, await epochKey(room, scope.matterId, epoch), epoch, 'blind-wrap-next')])
  })
  return required(await openMatterKeyRow(room, scope.matterId, 'blind-wrap-next'), 'the next key was written above')
}

/** One transaction of the main database: every index from the old outer key to the new one, without any plaintext. */
async function rewriteBlinds(room: KeyRoom, scope: KeyScope, next: KeyObject): Promise<void> {
  const old = required(await openMatterKeyRow(room, scope.matterId, 'blind-wrap'), 'a matter with a next outer key has one')
  await room.main.transaction(async (tx) => {
    await lockOuterKey(tx, scope)
    for await (const rows of blindRows(tx, scope)) {
      const fresh = wrapBlocks(next, unwrapBlocks(old, Buffer.concat(rows.map((row) => row.blind))))
      await replaceBlinds(tx, scope, rows.map((row, at) => ({ ...row, fresh: fresh.subarray(at * blindBytes, (at + 1) * blindBytes) })))
    }
    await noteRewritten(tx, scope, effectOf(next), room.now())
  })
}

/** Names the rewriting under a key without telling the key. */
function effectOf(next: KeyObject): string {
  return `blind-index/${createHmac('sha256', next).update('handover/v1/blind-index').digest('hex').slice(0, 32)}`
}

function wrapBlocks(key: KeyObject, blocks: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()])
}

function unwrapBlocks(key: KeyObject, blocks: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return Buffer.concat([decipher.update(blocks), decipher.final()])
}
