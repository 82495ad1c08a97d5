// SPDX-License-Identifier: Apache-2.0
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { EpochSlot } from './epoch-slots.ts'
import { reasonOf } from './key-files.ts'
import { keyBytes, openDirectory, openMatterKey, type KeyScope } from './key-page.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { directoryRows, matterKeyRows } from './key-store.store.ts'
import { boundTo } from './seal-bytes.ts'
import { vaultFailures } from './vault-failures.ts'

const slotFile = z.strictObject({ format: z.literal('handover-epoch/v1'), matter: z.string(), epoch: z.int(), kek: z.string(), wrapped: z.base64() })

/** The key of one epoch: from memory, else from any slot that opens. Refuses when no slot does, with every slot's reason. */
export async function epochKey(room: KeyRoom, matterId: string, epoch: number): Promise<KeyObject> {
  const known = room.ring.epochKey(matterId, epoch)
  if (known !== undefined) return known
  const key = await epochKeyFromSlots(room, matterId, epoch)
  room.ring.keepEpochKey(matterId, epoch, key)
  return key
}

/** The key of one epoch as it lies in the slots now, whatever this process remembers. */
export async function epochKeyFromSlots(room: KeyRoom, matterId: string, epoch: number): Promise<KeyObject> {
  const found = await Promise.all(room.slots.map((slot) => readSlot(room, slot, scopeOf(room, matterId), epoch)))
  return createSecretKey(await rightKey(room, matterId, epoch, found))
}

/** Puts the key of an epoch into every slot and reads it back. A key that an interrupted turn left in a slot is taken up again; once rows are sealed under the epoch, only their key will do. */
export async function spreadEpochKey(room: KeyRoom, matterId: string, epoch: number, isInUse: boolean): Promise<KeyObject> {
  const scope = scopeOf(room, matterId)
  await room.refreshKeks()
  const found = await Promise.all(room.slots.map((slot) => readSlot(room, slot, scope, epoch)))
  const key = isInUse ? await rightKey(room, matterId, epoch, found) : (found.find((entry) => entry.key !== null)?.key ?? randomBytes(keyBytes))
  for (const [at, slot] of room.slots.entries()) {
    const there = found[at]
    if (there?.key?.equals(key) === true && there.kekId === room.ring.target.id) continue
    await writeSlot(room, slot, scope, { epoch, key })
    await room.afterWrite(`${slot.name}-written`)
  }
  return createSecretKey(key)
}

/** A slot that was away during an interrupted turn may hold another key of the same epoch; of several keys, the right one opens what is sealed under the epoch. */
async function rightKey(room: KeyRoom, matterId: string, epoch: number, found: readonly FoundKey[]): Promise<Buffer> {
  const candidates = found.flatMap((entry) => (entry.key === null ? [] : [entry.key]))
  const [first] = candidates
  if (first === undefined) {
    const why = found.map((entry, at) => `${room.slots[at]?.name ?? ''}: ${entry.why}`).join('; ')
    throw vaultFailures.EPOCH_KEY_MISSING({ matter: matterId, epoch, why })
  }
  if (candidates.every((key) => key.equals(first))) return first
  const scope = scopeOf(room, matterId)
  const [matterKey] = (await matterKeyRows(room.keys, scope)).filter((row) => row.epoch === epoch)
  const [directory] = (await directoryRows(room.keys, scope)).filter((row) => row.epoch === epoch)
  const opens = (key: KeyObject) => (matterKey !== undefined && openMatterKey(scope, key, matterKey) !== null) || (directory !== undefined && openDirectory(scope, key, directory) !== null)
  return candidates.find((key) => opens(createSecretKey(key))) ?? first
}

interface FoundKey {
  key: Buffer | null
  kekId: string | null
  why: string
}

/** Whether this slot opens this epoch, and under which key-encryption key. */
export async function readSlot(room: KeyRoom, slot: EpochSlot, scope: KeyScope, epoch: number): Promise<FoundKey> {
  const shut = (why: string, kekId: string | null = null) => ({ key: null, kekId, why })
  const content = await contentOf(slot, scope.matterId, epoch)
  if (content.file === null) return shut(content.why)
  const { kek: kekId, wrapped } = content.file
  if (room.ring.kek(kekId) === undefined) await room.refreshKeks()
  const kek = room.ring.kek(kekId)
  if (kek === undefined) return shut(`wrapped by ${kekId}, which is not at hand`, kekId)
  const key = await kek.unwrap(boundTo('epoch', scope.tenant, scope.matterId, epoch), Buffer.from(wrapped, 'base64'))
  return key?.length === keyBytes ? { key, kekId, why: '' } : shut('does not open', kekId)
}

async function contentOf(slot: EpochSlot, matterId: string, epoch: number): Promise<{ file: z.infer<typeof slotFile> | null; why: string }> {
  try {
    const bytes = await slot.read(matterId, epoch)
    return bytes === null ? { file: null, why: 'empty' } : { file: slotFile.parse(JSON.parse(bytes.toString('utf8'))), why: '' }
  } catch (error) {
    return { file: null, why: error instanceof z.ZodError || error instanceof SyntaxError ? 'malformed' : reasonOf(error) }
  }
}

async function writeSlot(room: KeyRoom, slot: EpochSlot, scope: KeyScope, { epoch, key }: { epoch: number; key: Buffer }): Promise<void> {
  const kek = room.ring.target
  const wrapped = await kek.wrap(boundTo('epoch', scope.tenant, scope.matterId, epoch), key)
  const file: z.infer<typeof slotFile> = { format: 'handover-epoch/v1', matter: scope.matterId, epoch, kek: kek.id, wrapped: wrapped.toString('base64') }
  await slot.write(scope.matterId, epoch, Buffer.from(`${JSON.stringify(file)}\n`, 'utf8'))
  const back = await readSlot(room, slot, scope, epoch)
  if (back.key?.equals(key) !== true) throw vaultFailures.SLOT_UNWRITABLE({ slot: slot.name, why: back.why })
}
