// SPDX-License-Identifier: Apache-2.0
// The key store's own backup (CONTRACTS §§5, 10): pages by directory, and one list of directories and matter keys under the newest epoch. The epoch key itself is only in the slots.
import { hash, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Queryable } from '../store/index.ts'
import { epochKeyFromSlots } from './epoch-keys.ts'
import { clearKeyFile, fileOf, namesIn, readKeyFile, reasonOf, writeKeyFile } from './key-files.ts'
import { openDirectory, openMatterKey, openPage, pagesPerDirectory, entryAt, placeOf, secretsPerPage, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { packedSlots, SlotPacker, unpackSlots, type ErasedSlot, type PackedSlots } from './erased-slots.ts'
import { directoryRows, epochRows, erasurePages, matterKeyRows, nextSlot, pageRows, pageVersions, presentEpoch, type PageRow } from './key-store.store.ts'
import { vaultFailures } from './vault-failures.ts'

const pageFile = z.strictObject({ dir: z.int(), pages: z.int(), versions: z.int(), sha256: z.string() })
const commonList = z.strictObject({
  tenant: z.string(),
  matter: z.string(),
  epoch: z.int().min(1),
  nextSlot: z.int().min(0),
  epochs: z.array(z.strictObject({ epoch: z.int(), state: z.enum(['turning', 'current', 'dropped']), opened_at: z.string(), dropped_at: z.string().nullable() })),
  directories: z.array(z.strictObject({ dir: z.int(), epoch: z.int(), wrapped: z.base64() })),
  matterKeys: z.array(z.strictObject({ name: z.string(), epoch: z.int(), wrapped: z.base64() })),
  pageFiles: z.array(pageFile),
})
const backupList = commonList.extend({ format: z.literal('handover-key-backup/v2'), erasures: z.array(packedSlots) })
/** Lists of version 0.1 named every erased slot in a row of its own; they are read and never written. */
const firstList = commonList.extend({ format: z.literal('handover-key-backup/v1'), erasures: z.array(z.strictObject({ slot: z.int(), order_id: z.string(), epoch: z.int(), erased_at: z.string() })) })
const anyList = z.discriminatedUnion('format', [backupList, firstList])

type PageFile = z.infer<typeof pageFile>

/** What a key backup holds besides its page files. */
export type KeyBackupList = z.infer<typeof backupList>

/** Writes the key backup of the epoch in use and opens it again with the key from the slots. Only page files that changed are written anew; lists of older epochs are cleared. */
export async function writeKeyBackup(room: KeyRoom, matterId: string, directory: string): Promise<{ directory: string; pages: number }> {
  const scope = scopeOf(room, matterId)
  try {
    const known = await readableList(directory, scope)
    const { list, written } = await room.keys.transaction((tx) => writeSnapshot(tx, scope, directory, known), { isolation: 'repeatable read', readOnly: true })
    await testOpen(room, scope, directory, written)
    await clearOldLists(directory, list.epoch)
    return { directory, pages: list.pageFiles.reduce((sum, file) => sum + file.pages, 0) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPOCH_KEY_MISSING') throw error
    throw vaultFailures.KEY_BACKUP_FAILED({ place: fileOf(error) ?? directory, why: reasonOf(error) }, { cause: error })
  }
}

/** The newest list in a backup directory that belongs to this matter; null when there is none. Refuses a malformed one. */
export async function newestList(directory: string, scope: KeyScope): Promise<KeyBackupList | null> {
  const newest = (await namesIn(directory)).flatMap(epochOfName).toSorted((a, b) => b - a)[0]
  const bytes = newest === undefined ? null : await readKeyFile(join(directory, listName(newest)))
  if (bytes === null) return null
  const read = anyList.parse(JSON.parse(bytes.toString('utf8')))
  const list: KeyBackupList = read.format === 'handover-key-backup/v2' ? read : { ...read, format: 'handover-key-backup/v2', erasures: packed(read.erasures) }
  return list.tenant === scope.tenant && list.matter === scope.matterId ? list : null
}

/** The pages of one page file; refuses when the file is not the one that the list names. */
export async function pagesOfFile(directory: string, file: PageFile): Promise<PageRow[]> {
  const bytes = await readKeyFile(join(directory, pageFileName(file.dir)))
  if (bytes === null || hash('sha256', bytes, 'hex') !== file.sha256) throw new Error(`${pageFileName(file.dir)} is missing or damaged`)
  return decodePages(bytes)
}

/** The erased slots of a list, in batches. */
export function* erasuresOf(list: KeyBackupList): Generator<{ orderId: string; slots: { slot: number; epoch: number }[] }> {
  for (const each of list.erasures) for (const batch of unpackSlots(each)) yield { orderId: each.order_id, slots: batch.map((slot) => ({ slot, epoch: each.epoch })) }
}

function packed(rows: readonly ErasedSlot[]): PackedSlots[] {
  const packer = new SlotPacker()
  for (const row of rows.toSorted((a, b) => a.slot - b.slot)) packer.add(row)
  return packer.lists()
}

async function isIntact(directory: string, file: PageFile): Promise<boolean> {
  const bytes = await readKeyFile(join(directory, pageFileName(file.dir)))
  return bytes !== null && hash('sha256', bytes, 'hex') === file.sha256
}

/** What stands there already; a list that cannot be read is no reason against writing a good one. */
async function readableList(directory: string, scope: KeyScope): Promise<KeyBackupList | null> {
  try {
    return await newestList(directory, scope)
  } catch {
    return null
  }
}

async function writeSnapshot(tx: Queryable, scope: KeyScope, directory: string, known: KeyBackupList | null): Promise<{ list: KeyBackupList; written: Set<number> }> {
  const pageFiles: PageFile[] = []
  const written = new Set<number>()
  for (const now of await pageVersions(tx, scope, pagesPerDirectory)) {
    const before = known?.pageFiles.find((file) => file.dir === now.dir)
    if (before?.pages === now.pages && before.versions === now.versions && (await isIntact(directory, before))) pageFiles.push(before)
    else pageFiles.push(await writePages(tx, scope, directory, now.dir))
    if (pageFiles.at(-1) !== before) written.add(now.dir)
  }
  const packer = new SlotPacker()
  for await (const rows of erasurePages(tx, scope)) for (const row of rows) packer.add(row)
  const base64 = <T extends { wrapped: Buffer }>(row: T) => ({ ...row, wrapped: row.wrapped.toString('base64') })
  const list: KeyBackupList = {
    format: 'handover-key-backup/v2', tenant: scope.tenant, matter: scope.matterId, epoch: (await presentEpoch(tx, scope)) ?? 0, nextSlot: (await nextSlot(tx, scope)) ?? 0,
    epochs: await epochRows(tx, scope), directories: (await directoryRows(tx, scope)).map(base64), matterKeys: (await matterKeyRows(tx, scope)).map(base64),
    pageFiles, erasures: packer.lists(),
  }
  await writeKeyFile(join(directory, listName(list.epoch)), Buffer.from(JSON.stringify(backupList.parse(list)), 'utf8'))
  return { list, written }
}

async function writePages(tx: Queryable, scope: KeyScope, directory: string, dir: number): Promise<PageFile> {
  const rows = await pageRows(tx, scope, Array.from({ length: pagesPerDirectory }, (_, at) => dir * pagesPerDirectory + at))
  const bytes = encodePages(rows)
  await writeKeyFile(join(directory, pageFileName(dir)), bytes)
  return { dir, pages: rows.length, versions: rows.reduce((sum, row) => sum + row.version, 0), sha256: hash('sha256', bytes, 'hex') }
}

/** Opens what was written, from disk and with the key from a slot: all keys and directories, and every page of the files written now (the others were opened when they were written, and have not changed). */
async function testOpen(room: KeyRoom, scope: KeyScope, directory: string, written: ReadonlySet<number>): Promise<void> {
  const list = await newestList(directory, scope)
  if (list === null) throw new Error('the list does not read back')
  const key = await epochKeyFromSlots(room, scope.matterId, list.epoch)
  const pageKeysByDir = openLists(scope, key, list)
  for (const file of list.pageFiles.filter(({ dir }) => written.has(dir))) {
    for (const row of await pagesOfFile(directory, file)) {
      const pageKeys = pageKeysByDir.get(file.dir)
      const secrets = pageKeys === undefined ? null : openPage(scope, entryAt(pageKeys, placeOf(row.page * secretsPerPage).pageAt), row)
      if (secrets === null) throw new Error(`page ${row.page} does not open`)
      secrets.fill(0)
    }
  }
  for (const pageKeys of pageKeysByDir.values()) pageKeys.fill(0)
}

/** The directories of a list, opened; refuses when a directory or matter key does not open. */
function openLists(scope: KeyScope, key: KeyObject, list: KeyBackupList): Map<number, Buffer> {
  for (const row of list.matterKeys) {
    const bytes = openMatterKey(scope, key, { ...row, wrapped: Buffer.from(row.wrapped, 'base64') })
    if (bytes === null) throw new Error(`matter key ${row.name} does not open`)
    bytes.fill(0)
  }
  return new Map(
    list.directories.map((row) => {
      const pageKeys = openDirectory(scope, key, { ...row, wrapped: Buffer.from(row.wrapped, 'base64') })
      if (pageKeys === null) throw new Error(`directory ${row.dir} does not open`)
      return [row.dir, pageKeys]
    }),
  )
}

async function clearOldLists(directory: string, epoch: number): Promise<void> {
  for (const name of await namesIn(directory)) {
    const isOld = epochOfName(name).some((found) => found !== epoch)
    if (isOld || name.endsWith('.new')) await clearKeyFile(join(directory, name))
  }
}

/** u32 page ‖ u32 version ‖ u32 length ‖ bytes, one page after the other. */
function encodePages(rows: readonly PageRow[]): Buffer {
  return Buffer.concat(
    rows.flatMap((row) => {
      const head = Buffer.alloc(12)
      head.writeUInt32BE(row.page, 0)
      head.writeUInt32BE(row.version, 4)
      head.writeUInt32BE(row.wrapped.length, 8)
      return [head, row.wrapped]
    }),
  )
}

function decodePages(bytes: Buffer): PageRow[] {
  const rows: PageRow[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at + 8)
    rows.push({ page: bytes.readUInt32BE(at), version: bytes.readUInt32BE(at + 4), wrapped: bytes.subarray(at + 12, end) })
    at = end
  }
  return rows
}

function listName(epoch: number): string {
  return `epoch-${epoch}.json`
}

function pageFileName(dir: number): string {
  return `pages-${String(dir).padStart(6, '0')}.bin`
}

function epochOfName(name: string): number[] {
  const match = /^epoch-([1-9]\d{0,8})\.json$/.exec(name)
  return match?.[1] === undefined ? [] : [Number(match[1])]
}
