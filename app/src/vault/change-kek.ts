// SPDX-License-Identifier: Apache-2.0
import { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { readSlot } from './epoch-keys.ts'
import { followLink, kekFileBytes, linkKeks, newKek, openKek, parseKekFile, withoutLink, type KekFile, type KeyEncryption, type LocalKeyEncryption } from './key-encryption.ts'
import { clearKeyFile, createKeyFile, readKeyFile, writeKeyFile } from './key-files.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { epochRows, matterEpochs } from './key-store.store.ts'
import { turnEpoch } from './turn-epoch.ts'
import { vaultFailures } from './vault-failures.ts'

/** What the key directory holds: the key in use, and its successor while a change is under way. */
interface KekFiles {
  current: KekFile | null
  next: KekFile | null
}

/** Puts the keys of the directory on the ring; makes the first key. A missing passphrase leaves the ring locked; a wrong one is refused. Returns whether a change has to be finished. */
export async function openKeks(room: KeyRoom, directory: string, passphrase: string | null): Promise<boolean> {
  let files = await readKekFiles(directory)
  if (files.current === null && files.next === null) files = await createFirstKek(room, directory, passphrase)
  const { current, next } = files
  if (passphrase === null && [current, next].every((file) => file === null || file.kind === 'passphrase')) return false // locked until somebody unlocks
  if (current !== null && (next === null || next.id === current.id)) room.ring.open(openKek(current, passphrase))
  else if (next !== null) room.ring.open(...openBoth(current, next, passphrase))
  return next !== null
}

/**
 * Takes up a key that another process put in the place of ours, or is about to: without it this process could not read what was wrapped since, and would wrap new epoch keys under a key that is gone.
 * A key file is read as it stands; a key under a passphrase is followed from ours while the change is under way. Refuses to go on with a key that was replaced by one that cannot be followed.
 */
export async function refreshKeks(room: KeyRoom, directory: string): Promise<void> {
  const { current, next } = await readKekFiles(directory)
  const newest = next ?? current
  if (newest === null || newest.id === room.ring.target.id) return
  const found = [current, next].flatMap((file) => (file === null || room.ring.kek(file.id) !== undefined ? [] : (openWithout(room, file) ?? [])))
  room.ring.add(...found)
  const target = room.ring.kek(newest.id)
  if (target === undefined) throw vaultFailures.WRONG_KEY({ why: '主密钥已被另一进程更换 it was changed by another process' })
  room.ring.add(target)
}

/** A key without anybody's passphrase: from its file, or from its predecessor on the ring. */
function openWithout(room: KeyRoom, file: KekFile): LocalKeyEncryption | null {
  if (file.kind === 'key-file') return openKek(file, null)
  const previous = file.link === undefined ? undefined : room.ring.kek(file.link.previousId)
  return previous !== undefined && isLocal(previous) ? followLink(file, { previous }) : null
}

/** 更换主密钥. A new key-encryption key (SECURITY P17): every matter turns to a new epoch key under it, then the old key is cleared, so the old one opens nothing that is in use. */
export async function changeKek(room: KeyRoom, directory: string, passphrase: string | null): Promise<void> {
  const previous = localKek(await readKekFiles(directory), room)
  const { file, kek } = newKek(passphrase)
  await writeKeyFile(nextPath(directory), kekFileBytes(linkKeks(file, kek, previous)))
  await room.afterWrite('next-kek-written')
  room.ring.open(previous, kek)
  await finishKekChange(room, directory)
}

/** Turns whatever is still under the old key, then puts the new file in its place. May be repeated from any point. */
export async function finishKekChange(room: KeyRoom, directory: string): Promise<void> {
  const { next } = await readKekFiles(directory)
  if (next === null) return
  for (const { matter_id } of await matterEpochs(room.keys, room.tenant)) await turnToTarget(room, matter_id)
  await clearKeyFile(currentPath(directory))
  await room.afterWrite('old-kek-cleared')
  await writeKeyFile(currentPath(directory), kekFileBytes(withoutLink(next)))
  await room.afterWrite('kek-replaced')
  await clearKeyFile(nextPath(directory))
  room.ring.open(room.ring.target)
}

/** An unfinished turn under the old key is finished first, hence up to two turns. */
async function turnToTarget(room: KeyRoom, matterId: string): Promise<void> {
  const scope = scopeOf(room, matterId)
  for (let round = 0; round < 3; round++) {
    const newest = (await epochRows(room.keys, scope)).at(-1)
    if (newest === undefined) return
    const slots = await Promise.all(room.slots.map((slot) => readSlot(room, slot, scope, newest.epoch)))
    if (newest.state === 'current' && slots.every((slot) => slot.kekId === room.ring.target.id)) return
    const { complete, reasons } = await turnEpoch(room, matterId)
    if (!complete) throw vaultFailures.SLOT_NOT_CONFIRMED({ slot: reasons.join('; '), why: matterId })
  }
}

/** The key in use, with its bytes; a KMS key is changed in the KMS. */
function localKek(files: KekFiles, room: KeyRoom): LocalKeyEncryption {
  const target = room.ring.target
  if (files.current?.id !== target.id || files.next !== null || !isLocal(target)) throw vaultFailures.WRONG_KEY({ why: '主密钥不在本目录,或上一次更换尚未完成 not the key of this home, or a change is unfinished' })
  return target
}

function isLocal(kek: KeyEncryption): kek is LocalKeyEncryption {
  return 'key' in kek && kek.key instanceof KeyObject
}

/** During a change either secret opens both keys. */
function openBoth(current: KekFile | null, next: KekFile, passphrase: string | null): LocalKeyEncryption[] {
  if (current === null) return [openKek(next, passphrase)]
  const previous = openOrNull(current, passphrase)
  const following = previous === null ? openKek(next, passphrase) : followLink(next, { previous })
  const preceding = previous ?? (following === null ? null : followLink(next, { next: following }))
  if (following === null || preceding === null) throw vaultFailures.WRONG_KEY({ why: 'kek.key.next 不是 kek.key 的后继 is not the successor of kek.key' })
  return [preceding, following]
}

function openOrNull(file: KekFile, passphrase: string | null): LocalKeyEncryption | null {
  try {
    return openKek(file, passphrase)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'WRONG_KEY' || error.code === 'VAULT_LOCKED')) return null
    throw error
  }
}

async function createFirstKek(room: KeyRoom, directory: string, passphrase: string | null): Promise<KekFiles> {
  const matters = await matterEpochs(room.keys, room.tenant)
  if (matters.length > 0) throw vaultFailures.WRONG_KEY({ why: `kek.key 缺失,而已有 ${matters.length} 个事项的密钥 is missing although matters have keys` })
  // Of two processes that start together, both go on with the file of the faster one.
  await createKeyFile(currentPath(directory), kekFileBytes(newKek(passphrase).file))
  return readKekFiles(directory)
}

async function readKekFiles(directory: string): Promise<KekFiles> {
  const read = async (path: string, name: string) => {
    const bytes = await readKeyFile(path)
    return bytes === null ? null : parseKekFile(name, bytes)
  }
  return { current: await read(currentPath(directory), 'kek.key'), next: await read(nextPath(directory), 'kek.key.next') }
}

function currentPath(directory: string): string {
  return join(directory, 'kek.key')
}

function nextPath(directory: string): string {
  return join(directory, 'kek.key.next')
}
