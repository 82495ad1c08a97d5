// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { required } from '../kit/assert.ts'
import type { Tx } from '../store/index.ts'
import { dirOfPage, entryAt, keyBytes, placeOf, sealPage, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { epochRows, erasureEpochs, erasureView, lockDirectories, presentEpoch, writeErasure, type PageRow } from './key-store.store.ts'
import { openDirectories, openPageRow, openSecrets, pageKeyOf, sealOpenDirectory, type OpenDirectory } from './record-secrets.ts'
import { vaultFailures } from './vault-failures.ts'
import type { ErasureStatus } from './vault.ts'

/** Part 2 of an erasure (CONTRACTS §5), one transaction: the secrets become zero and their pages get fresh keys. Idempotent; refuses slots that were never given out. */
export async function eraseSlots(room: KeyRoom, matterId: string, orderId: string, slots: readonly (number | bigint)[]): Promise<{ erased: number; repeated: number }> {
  const scope = scopeOf(room, matterId)
  const wanted = [...new Set(slots.map(Number))].toSorted((a, b) => a - b)
  const greatest = wanted.at(-1)
  if (greatest === undefined) return { erased: 0, repeated: 0 }
  const pages = [...new Set(wanted.map((slot) => placeOf(slot).page))]
  return room.keys.transaction(async (tx) => {
    // In this order: what is seen is seen under the lock.
    const [rows, view] = await Promise.all([lockDirectories(tx, scope, [...new Set(pages.map(dirOfPage))]), erasureView(tx, scope, wanted, pages)])
    if (view.nextSlot === null || greatest >= view.nextSlot) throw vaultFailures.SECRET_NEVER_GIVEN({ slot: greatest })
    const left = wanted.filter((slot) => !view.erased.has(slot))
    if (left.length > 0) await eraseUnderLock(room, tx, scope, { orderId, slots: left, pages: view.pages, directories: await openDirectories(room, scope, rows) })
    return { erased: left.length, repeated: view.erased.size }
  })
}

/** Whether none of these secrets can be read from the key store any more. */
export async function confirmErased(room: KeyRoom, matterId: string, slots: readonly (number | bigint)[]): Promise<boolean> {
  const secrets = await openSecrets(room, matterId, slots.map(Number))
  return [...secrets.values()].every((secret) => secret === null)
}

/** Under which epochs an order's secrets were erased, and whether every one of those epochs is dropped. */
export async function erasureStatus(room: KeyRoom, matterId: string, orderId: string): Promise<ErasureStatus> {
  const scope = scopeOf(room, matterId)
  const erased = await erasureEpochs(room.keys, scope, orderId)
  const dropped = new Set((await epochRows(room.keys, scope)).filter((row) => row.state === 'dropped').map((row) => row.epoch))
  const slots = erased.reduce((sum, row) => sum + row.slots, 0)
  return { slots, epochs: erased.map((row) => row.epoch), final: slots > 0 && erased.every((row) => dropped.has(row.epoch)) }
}

interface Erasing {
  orderId: string
  slots: readonly number[]
  pages: readonly PageRow[]
  directories: Map<number, OpenDirectory>
}

async function eraseUnderLock(room: KeyRoom, tx: Tx, scope: KeyScope, work: Erasing): Promise<void> {
  const slotsByPage = Map.groupBy(work.slots, (slot) => placeOf(slot).page)
  const emptied = work.pages.flatMap((row) => {
    const slots = slotsByPage.get(row.page)
    return slots === undefined ? [] : [emptyPage(scope, work.directories, row, slots)]
  })
  const changed = new Set(emptied.map((row) => dirOfPage(row.page)))
  const directories = [...work.directories.values()].filter((directory) => changed.has(directory.dir)).map((directory) => sealOpenDirectory(scope, directory))
  for (const directory of work.directories.values()) directory.pageKeys.fill(0)
  // A page that a restored backup did not contain has nothing to erase; its slot is noted all the same.
  const hasAll = work.slots.every((slot) => work.directories.has(placeOf(slot).dir))
  const present = hasAll ? 0 : required(await presentEpoch(tx, scope), 'a matter with slots has an epoch')
  const slots = work.slots.map((slot) => ({ slot, epoch: work.directories.get(placeOf(slot).dir)?.epoch ?? present }))
  await writeErasure(tx, scope, { orderId: work.orderId, at: room.now(), slots }, { pages: emptied, directories })
}

/** The page without these secrets, under a fresh key that is put into its directory: the old page key is in no present row any more. */
function emptyPage(scope: KeyScope, directories: ReadonlyMap<number, OpenDirectory>, row: PageRow, slots: readonly number[]): PageRow {
  const secrets = openPageRow(scope, directories, row)
  for (const slot of slots) entryAt(secrets, placeOf(slot).secretAt).fill(0)
  const pageKey = randomBytes(keyBytes)
  pageKey.copy(pageKeyOf(required(directories.get(dirOfPage(row.page)), 'an opened page has a directory'), row.page))
  const version = row.version + 1
  const wrapped = sealPage(scope, pageKey, { page: row.page, version, secrets })
  secrets.fill(0)
  pageKey.fill(0)
  return { page: row.page, version, wrapped }
}
