// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../kit/time.ts'
import type { Database } from '../store/index.ts'
import type { EpochSlot } from './epoch-slots.ts'
import type { KeyScope } from './key-page.ts'
import type { KeyRing } from './key-ring.ts'

/** Everything the commands of the vault work with. */
export interface KeyRoom {
  tenant: string
  /** The main database: ciphertext, labels, the door's book. */
  main: Database
  /** The key store database. */
  keys: Database
  slots: readonly EpochSlot[]
  ring: KeyRing
  backupDirectory: (matterId: string) => string
  /** Takes up a key-encryption key that another process has put in the place of ours; see `refreshKeks`. */
  refreshKeks(): Promise<void>
  /** The key of record ids where it is not random: in a demo home it follows from the seed, so that two runs have the same ids and content root. */
  idsKey: ((matterId: string) => Buffer) | null
  now(): Instant
  /** Called after each durable write of long acts; crash tests stop the program here. */
  afterWrite(step: string): Promise<void>
}

/** The tenant and matter that a key row belongs to. */
export function scopeOf(room: KeyRoom, matterId: string): KeyScope {
  return { tenant: room.tenant, matterId }
}
