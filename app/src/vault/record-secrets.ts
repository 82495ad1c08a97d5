// SPDX-License-Identifier: Apache-2.0
import { randomBytes, type KeyObject } from 'node:crypto'
import { assert, required } from '../kit/assert.ts'
import type { Tx } from '../store/index.ts'
import { epochKey } from './epoch-keys.ts'
import {
  dirOfPage, emptyDirectory, entryAt, isErased, keyBytes, newPage, openDirectory, openPage, placeOf, sealDirectory, sealPage, secretsPerPage, type KeyScope,
} from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import {
  advanceSlotCounter, lockDirectories, lockSlotCounter, pageRows, pagesWithDirectories, presentEpoch, putDirectories, putPages, type DirectoryRow, type PageRow,
} from './key-store.store.ts'
import { withPresentEpoch } from './matter-keys.ts'
import { vaultFailures } from './vault-failures.ts'
import type { NewSecret, SecretRun } from './vault.ts'

/** A directory opened for changing. */
export interface OpenDirectory {
  dir: number
  epoch: number
  epochKey: KeyObject
  pageKeys: Buffer
}

const secretsAtOnceMax = 1_000_000

/** Gives out new record secrets, committed before they are returned. Pages are made full of secrets at once, so a page is written once and then only when one of its secrets is erased. */
export async function createSecrets(room: KeyRoom, matterId: string, count: number): Promise<NewSecret[]> {
  assert(Number.isSafeInteger(count) && count > 0 && count <= secretsAtOnceMax, 'between one and a million secrets at once')
  const scope = scopeOf(room, matterId)
  return room.keys.transaction(async (tx) => {
    const first = await lockSlotCounter(tx, scope)
    if (first === null) throw vaultFailures.NO_MATTER_KEYS({ matter: matterId, name: 'key_slot' })
    const directories = await directoriesForSlots(room, tx, scope, { first, last: first + count - 1 })
    const pages = await pagesForSlots(tx, scope, directories, { first, last: first + count - 1 })
    await advanceSlotCounter(tx, scope, first + count)
    const secrets = Array.from({ length: count }, (_, at) => secretAt(pages, first + at))
    for (const page of pages.values()) page.fill(0)
    return secrets
  })
}

/** The same for worker threads: one run of consecutive slots, all secrets in one buffer that can be handed over and is wiped by whoever uses it. */
export async function createSecretRun(room: KeyRoom, matterId: string, count: number): Promise<SecretRun> {
  const given = await createSecrets(room, matterId, count)
  const secrets = Buffer.from(new ArrayBuffer(count * keyBytes))
  for (const [at, one] of given.entries()) {
    one.secret.copy(secrets, at * keyBytes)
    one.secret.fill(0)
  }
  return { first: Number(given[0]?.slot ?? 0n), secrets }
}

/** The secrets of these slots; null where the secret was erased. Refuses slots without a page and pages that do not open. */
export async function openSecrets(room: KeyRoom, matterId: string, slots: readonly number[]): Promise<Map<number, Buffer | null>> {
  const scope = scopeOf(room, matterId)
  const pages = [...new Set(slots.map((slot) => placeOf(slot).page))]
  return withPresentEpoch(async () => {
    const rows = await pagesWithDirectories(room.keys, scope, pages, [...new Set(pages.map(dirOfPage))])
    const directories = await openDirectories(room, scope, rows.directories)
    const opened = new Map(rows.pages.map((row) => [row.page, openPageRow(scope, directories, row)]))
    const secrets = new Map(slots.map((slot) => [slot, copyOfSecret(opened, slot)]))
    for (const bytes of [...opened.values(), ...[...directories.values()].map((directory) => directory.pageKeys)]) bytes.fill(0)
    return secrets
  })
}

/** Opens directories with their epoch's key; refuses one that does not open. */
export async function openDirectories(room: KeyRoom, scope: KeyScope, rows: readonly DirectoryRow[]): Promise<Map<number, OpenDirectory>> {
  const opened = new Map<number, OpenDirectory>()
  for (const row of rows) {
    const key = await epochKey(room, scope.matterId, row.epoch)
    const pageKeys = openDirectory(scope, key, row)
    if (pageKeys === null) throw vaultFailures.KEY_STORE_DAMAGED({ place: `key_dir ${row.dir}` })
    opened.set(row.dir, { dir: row.dir, epoch: row.epoch, epochKey: key, pageKeys })
  }
  return opened
}

/** A changed directory, sealed under the epoch in which it was opened. */
export function sealOpenDirectory(scope: KeyScope, directory: OpenDirectory): DirectoryRow {
  return { dir: directory.dir, epoch: directory.epoch, wrapped: sealDirectory(scope, directory.epochKey, directory) }
}

/** The secrets of a page row; refuses one that its page key does not open. */
export function openPageRow(scope: KeyScope, directories: ReadonlyMap<number, OpenDirectory>, row: PageRow): Buffer {
  const directory = directories.get(dirOfPage(row.page))
  const secrets = directory === undefined ? null : openPage(scope, pageKeyOf(directory, row.page), row)
  if (secrets === null) throw vaultFailures.KEY_STORE_DAMAGED({ place: `key_page ${row.page}` })
  return secrets
}

/** A page's key in its directory; a view, so writing to it changes the directory. */
export function pageKeyOf(directory: OpenDirectory, page: number): Buffer {
  return entryAt(directory.pageKeys, placeOf(page * secretsPerPage).pageAt)
}

async function directoriesForSlots(room: KeyRoom, tx: Tx, scope: KeyScope, range: { first: number; last: number }): Promise<Map<number, OpenDirectory>> {
  const dirs = numbersBetween(placeOf(range.first).dir, placeOf(range.last).dir)
  const opened = await openDirectories(room, scope, await lockDirectories(tx, scope, dirs))
  if (opened.size === dirs.length) return opened
  // Under the counter's lock no turn can begin, so one epoch is that of every row.
  const epoch = required(await presentEpoch(tx, scope), 'a matter with a slot counter has an epoch')
  const key = await epochKey(room, scope.matterId, epoch)
  for (const dir of dirs) if (!opened.has(dir)) opened.set(dir, { dir, epoch, epochKey: key, pageKeys: emptyDirectory() })
  return opened
}

async function pagesForSlots(tx: Tx, scope: KeyScope, directories: Map<number, OpenDirectory>, range: { first: number; last: number }): Promise<Map<number, Buffer>> {
  const started = range.first % secretsPerPage === 0 ? [] : await pageRows(tx, scope, [placeOf(range.first).page])
  const pages = new Map(started.map((row) => [row.page, openPageRow(scope, directories, row)]))
  const fresh = numbersBetween(Math.ceil(range.first / secretsPerPage), placeOf(range.last).page)
  const rows = fresh.map((page) => {
    const directory = required(directories.get(dirOfPage(page)), 'the directory was opened or made above')
    const pageKey = randomBytes(keyBytes)
    pageKey.copy(pageKeyOf(directory, page))
    const secrets = newPage()
    pages.set(page, secrets)
    return { page, version: 1, wrapped: sealPage(scope, pageKey, { page, version: 1, secrets }) }
  })
  for (let at = 0; at < rows.length; at += 1000) await putPages(tx, scope, rows.slice(at, at + 1000))
  const changed = new Set(fresh.map(dirOfPage))
  await putDirectories(tx, scope, [...directories.values()].filter((directory) => changed.has(directory.dir)).map((directory) => sealOpenDirectory(scope, directory)))
  for (const directory of directories.values()) directory.pageKeys.fill(0)
  return pages
}

function secretAt(pages: ReadonlyMap<number, Buffer>, slot: number): NewSecret {
  const secret = required(copyOfSecret(pages, slot), 'a slot that was never given out cannot be erased')
  return { slot: BigInt(slot), secret }
}

function copyOfSecret(pages: ReadonlyMap<number, Buffer>, slot: number): Buffer | null {
  const place = placeOf(slot)
  const page = pages.get(place.page)
  if (page === undefined) throw vaultFailures.SECRET_NEVER_GIVEN({ slot })
  const secret = entryAt(page, place.secretAt)
  return isErased(secret) ? null : Buffer.from(secret)
}

function numbersBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
}
