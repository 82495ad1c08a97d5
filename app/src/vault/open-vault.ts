// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { required } from '../kit/assert.ts'
import { Failure } from '../kit/failure.ts'
import type { Instant } from '../kit/time.ts'
import type { Database } from '../store/index.ts'
import { holdOuterKey } from './blind-index.store.ts'
import { blindMany, rotateBlindIndex, wrapInner } from './blind-index.ts'
import { changeKek, finishKekChange, openKeks, refreshKeks } from './change-kek.ts'
import { readSlot } from './epoch-keys.ts'
import { fileSlot, type EpochSlot } from './epoch-slots.ts'
import { confirmErased, erasureStatus, eraseSlots } from './erase-secrets.ts'
import { writeKeyBackup } from './key-backup.ts'
import type { KeyEncryption } from './key-encryption.ts'
import { KeyRing } from './key-ring.ts'
import { scopeOf, type KeyRoom } from './key-room.ts'
import { epochRows, presentEpoch } from './key-store.store.ts'
import { openLabels, openText, sealLabels, sealText } from './labels.ts'
import { createMatterKeys, dropMatterKeys, matterKey } from './matter-keys.ts'
import { readRecords } from './read-records.ts'
import { readSealed } from './read-sealed.ts'
import { deleteCiphertextRows, insertNewCiphertext, putCiphertext } from './record-cipher.store.ts'
import { createSecretRun, createSecrets } from './record-secrets.ts'
import { restoreKeyBackup } from './restore-keys.ts'
import { recordKeys, sealRecord } from './seal-record.ts'
import { resumeTurn, turnEpoch, unfinishedTurns } from './turn-epoch.ts'
import type { EpochStatus, SlotStatus, Vault } from './vault.ts'

/** Where a vault is and what it works with. */
export interface VaultPlace {
  /** `home.paths.keys` */
  keysDirectory: string
  tenant: string
  databases: { main: Database; keys: Database }
  /** The legal clock. */
  now(): Instant
  /** For a key-encryption key under a passphrase; without it such a vault opens locked. */
  passphrase?: string | null
  /** A key-encryption key held elsewhere (KMS), in place of `kek.key`. */
  keyEncryption?: KeyEncryption
  /** All places of the epoch key; two file slots in the key directory unless given. */
  slots?: readonly EpochSlot[]
  /** Only for a demo home: the key of record ids by its seed; random unless given. It opens nothing, it only names records. */
  idsKey?: (matterId: string) => Buffer
  /** Called after each durable write of long acts; for crash tests. */
  afterWrite?(step: string): void | Promise<void>
}

/** Opens the vault of a home: makes the first key-encryption key, and finishes what a crash interrupted. Refuses a wrong passphrase; a missing one leaves it locked. */
export async function openVault(place: VaultPlace): Promise<Vault> {
  const room = roomAt(place)
  await unlockRoom(room, place, place.passphrase ?? null)
  return vaultOf(room, place)
}

/** The vault's working parts before any key is on the ring. */
export function roomAt(place: VaultPlace): KeyRoom {
  const room: KeyRoom = {
    tenant: place.tenant,
    main: place.databases.main,
    keys: place.databases.keys,
    slots: place.slots ?? ['slot-a', 'slot-b'].map((name) => fileSlot(name, (matterId) => join(place.keysDirectory, 'epoch-slots', matterId, name))),
    ring: new KeyRing(),
    backupDirectory: (matterId) => join(place.keysDirectory, 'key-backup', matterId),
    idsKey: place.idsKey ?? null,
    now: () => place.now(),
    refreshKeks: async () => (place.keyEncryption === undefined ? refreshKeks(room, place.keysDirectory) : undefined),
    afterWrite: async (step) => place.afterWrite?.(step),
  }
  return room
}

async function unlockRoom(room: KeyRoom, place: VaultPlace, passphrase: string | null): Promise<void> {
  if (place.keyEncryption !== undefined) room.ring.open(place.keyEncryption)
  const isChanging = place.keyEncryption === undefined && (await openKeks(room, place.keysDirectory, passphrase))
  if (room.ring.isLocked) return
  for (const matterId of await unfinishedTurns(room)) await resumeIfPossible(() => resumeTurn(room, matterId))
  if (isChanging) await resumeIfPossible(() => finishKekChange(room, place.keysDirectory))
}

/** A slot that is not attached must not stop work that does not need it: the turn stays unfinished, `unfinishedTurns` says so, certificates stay pending. */
async function resumeIfPossible(resume: () => Promise<void>): Promise<void> {
  try {
    await resume()
  } catch (error) {
    const waits = error instanceof Failure && ['SLOT_UNWRITABLE', 'SLOT_NOT_CONFIRMED', 'EPOCH_KEY_MISSING', 'KEY_BACKUP_FAILED'].includes(error.code)
    if (!waits) throw error
  }
}

function vaultOf(room: KeyRoom, place: VaultPlace): Vault {
  return {
    createMatterKeys: (matterId) => createMatterKeys(room, matterId),
    matterKey: (matterId, name) => matterKey(room, matterId, name),
    dropMatterKeys: (matterId, names) => dropMatterKeys(room, matterId, names.flatMap((name) => (name === 'blind' ? [name, 'blind-wrap' as const, 'blind-wrap-next' as const] : [name]))),
    sealLabel: (matterId, ...[owner, kind, text, tx]) => sealLabels(room, matterId, [{ owner, kind, text }], tx),
    sealLabels: (matterId, labels, tx) => sealLabels(room, matterId, labels, tx),
    openLabel: async (matterId, owner, kind) => (await openLabels(room, matterId, kind, owner)).get(owner) ?? null,
    openLabels: (matterId, kind) => openLabels(room, matterId, kind, null),
    sealText: (matterId, bound, text) => sealText(room, matterId, bound, text),
    openText: (matterId, bound, sealed) => openText(room, matterId, bound, sealed),
    newSecrets: (matterId, count) => createSecrets(room, matterId, count),
    newSecretRun: (matterId, count) => createSecretRun(room, matterId, count),
    sealingKeys: async (matterId) => ({ ...scopeOf(room, matterId), ids: await matterKey(room, matterId, 'ids'), blind: await matterKey(room, matterId, 'blind') }),
    recordKeys,
    sealRecord: (record) => sealRecord(scopeOf(room, record.matterId), record),
    storeCiphertext: async (tx, matterId, rows) => void (rows.length > 0 && (await putCiphertext(tx, scopeOf(room, matterId), rows))),
    storeNewCiphertext: (tx, matterId, columns) => insertNewCiphertext(tx, scopeOf(room, matterId), columns),
    deleteCiphertext: (tx, matterId, recordIds) => deleteCiphertextRows(tx, scopeOf(room, matterId), recordIds),
    read: (grant, query) => readRecords(room, grant, query),
    readSealed: (grant, query) => readSealed(room, grant, query),
    blind: async (matterId, keyType, normalised) => required((await blindMany(room, matterId, [{ keyType, normalised }]))[0], 'one key gives one blind index'),
    blindMany: (matterId, keys) => blindMany(room, matterId, keys),
    holdBlindIndex: (tx, matterId) => holdOuterKey(tx, scopeOf(room, matterId)),
    wrapBlinds: async (tx, matterId, inner) => {
      await holdOuterKey(tx, scopeOf(room, matterId))
      return wrapInner(room, matterId, inner)
    },
    rotateBlindIndex: (matterId) => rotateBlindIndex(room, matterId),
    eraseSlots: (matterId, orderId, slots) => eraseSlots(room, matterId, orderId, slots),
    confirmErased: (matterId, slots) => confirmErased(room, matterId, slots),
    erasureStatus: (matterId, orderId) => erasureStatus(room, matterId, orderId),
    turn: (matterId) => turnEpoch(room, matterId),
    epochs: (matterId) => epochsOf(room, matterId),
    slots: (matterId) => slotsOf(room, matterId),
    backUpKeys: (matterId) => writeKeyBackup(room, matterId, room.backupDirectory(matterId)),
    exportKeyBackup: (matterId, directory) => writeKeyBackup(room, matterId, directory),
    restoreKeyBackup: (matterId, directory) => restoreKeyBackup(room, matterId, directory),
    changeKek: (next) => changeKek(room, place.keysDirectory, next.passphrase),
    keyEncryption: () => ({ id: room.ring.target.id, kind: room.ring.target.kind }),
    unfinishedTurns: () => unfinishedTurns(room),
    lock: () => room.ring.lock(),
    unlock: (secret) => unlockRoom(room, place, secret.passphrase),
    get isLocked() {
      return room.ring.isLocked
    },
  }
}

async function epochsOf(room: KeyRoom, matterId: string): Promise<EpochStatus[]> {
  const rows = await epochRows(room.keys, scopeOf(room, matterId))
  return rows.map((row) => ({ epoch: row.epoch, state: row.state, openedAt: row.opened_at, droppedAt: row.dropped_at }))
}

async function slotsOf(room: KeyRoom, matterId: string): Promise<SlotStatus[]> {
  const scope = scopeOf(room, matterId)
  const epoch = (await presentEpoch(room.keys, scope)) ?? 0
  return Promise.all(
    room.slots.map(async (slot) => {
      const { key } = await readSlot(room, slot, scope, epoch)
      const status = { slot: slot.name, kind: slot.kind, certifies: slot.certifies, place: slot.place(matterId), epochs: await slot.epochs(matterId), opens: key !== null }
      key?.fill(0)
      return status
    }),
  )
}
