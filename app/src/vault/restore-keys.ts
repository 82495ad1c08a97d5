// SPDX-License-Identifier: Apache-2.0
import { eraseSlots } from './erase-secrets.ts'
import { epochKeyFromSlots } from './epoch-keys.ts'
import { erasuresOf, newestList, pagesOfFile, type KeyBackupList } from './key-backup.ts'
import { openMatterKey, secretsPerPage, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { advanceSlotCounter, epochRows, insertErasures, lockTurn, putDirectories, putEpochs, putMatterKeys, putPages } from './key-store.store.ts'
import { erasedSlotsByOrder, greatestSlot } from './record-cipher.store.ts'
import { vaultFailures } from './vault-failures.ts'

/** Brings a matter's lost key store back (CONTRACTS §10). Refuses when rows of the matter are still there or when no slot opens the backup's epoch; slots given out after the backup are never given out again, and known erasures are erased again. */
export async function restoreKeyBackup(room: KeyRoom, matterId: string, directory: string): Promise<void> {
  const scope = scopeOf(room, matterId)
  const list = await readList(scope, directory)
  await proveList(room, scope, list)
  await room.keys.transaction(async (tx) => {
    await lockTurn(tx, scope)
    if ((await epochRows(tx, scope)).length > 0) throw vaultFailures.KEY_STORE_BEHIND({ matter: matterId, why: 'rows of this matter are still there' })
    const bytes = <T extends { wrapped: string }>(row: T) => ({ ...row, wrapped: Buffer.from(row.wrapped, 'base64') })
    await putEpochs(tx, scope, list.epochs)
    await putMatterKeys(tx, scope, list.matterKeys.map(bytes))
    await putDirectories(tx, scope, list.directories.map(bytes))
    for (const file of list.pageFiles) await putPages(tx, scope, await pagesOfFile(directory, file))
    for (const { orderId, slots } of erasuresOf(list)) await insertErasures(tx, scope, { orderId, at: room.now() }, slots)
    await advanceSlotCounter(tx, scope, await firstFreeSlot(room, scope, list))
  })
  for (const { order_id, slots } of await erasedSlotsByOrder(room.main, scope)) await eraseSlots(room, matterId, order_id, slots)
}

async function readList(scope: KeyScope, directory: string): Promise<KeyBackupList> {
  try {
    const list = await newestList(directory, scope)
    if (list !== null) return list
  } catch (error) {
    throw vaultFailures.KEY_BACKUP_FAILED({ place: directory, why: 'malformed list' }, { cause: error })
  }
  throw vaultFailures.KEY_BACKUP_FAILED({ place: directory, why: `no list of matter ${scope.matterId}` })
}

async function proveList(room: KeyRoom, scope: KeyScope, list: KeyBackupList): Promise<void> {
  const key = await epochKeyFromSlots(room, scope.matterId, list.epoch)
  for (const row of list.matterKeys) {
    if (openMatterKey(scope, key, { ...row, wrapped: Buffer.from(row.wrapped, 'base64') }) === null) throw vaultFailures.KEY_STORE_DAMAGED({ place: `backup ${row.name}` })
  }
}

/** Behind everything that was ever given out; at a page's beginning, since the last page may not be in the backup. */
async function firstFreeSlot(room: KeyRoom, scope: KeyScope, list: KeyBackupList): Promise<number> {
  const used = (await greatestSlot(room.main, scope)) ?? -1
  return Math.ceil(Math.max(list.nextSlot, used + 1) / secretsPerPage) * secretsPerPage
}
