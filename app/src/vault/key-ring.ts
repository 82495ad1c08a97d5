// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto'
import type { KeyEncryption } from './key-encryption.ts'
import { vaultFailures } from './vault-failures.ts'

/** The opened keys of this process. Locking forgets them all; of a matter's epochs only the newest one seen is kept. */
export class KeyRing {
  #keks: KeyEncryption[] = []
  readonly #epochs = new Map<string, { epoch: number; key: KeyObject }>()
  readonly #matterKeys = new Map<string, Map<string, KeyObject>>()

  get isLocked(): boolean {
    return this.#keks.length === 0
  }

  /** The key under which epoch keys are wrapped from now on: the last one given. */
  get target(): KeyEncryption {
    const kek = this.#keks.at(-1)
    if (kek === undefined) throw vaultFailures.VAULT_LOCKED()
    return kek
  }

  /** Opens the ring with these key-encryption keys, the one for new wrappings last. */
  open(...keks: KeyEncryption[]): void {
    this.#keks = keks
  }

  /** Puts these keys behind those that are there, the one for new wrappings last. */
  add(...keks: KeyEncryption[]): void {
    const ids = new Set(keks.map((kek) => kek.id))
    this.#keks = [...this.#keks.filter((kek) => !ids.has(kek.id)), ...keks]
  }

  lock(): void {
    this.#keks = []
    this.#epochs.clear()
    this.#matterKeys.clear()
  }

  /** Undefined when this key-encryption key is not on the ring. */
  kek(id: string): KeyEncryption | undefined {
    if (this.isLocked) throw vaultFailures.VAULT_LOCKED()
    return this.#keks.find((kek) => kek.id === id)
  }

  epochKey(matterId: string, epoch: number): KeyObject | undefined {
    if (this.isLocked) throw vaultFailures.VAULT_LOCKED()
    const known = this.#epochs.get(matterId)
    return known?.epoch === epoch ? known.key : undefined
  }

  /** Keeps an epoch key unless a newer one is known; the older one is forgotten. */
  keepEpochKey(matterId: string, epoch: number, key: KeyObject): void {
    if ((this.#epochs.get(matterId)?.epoch ?? 0) < epoch) this.#epochs.set(matterId, { epoch, key })
  }

  matterKey(matterId: string, name: string): KeyObject | undefined {
    if (this.isLocked) throw vaultFailures.VAULT_LOCKED()
    return this.#matterKeys.get(matterId)?.get(name)
  }

  keepMatterKey(matterId: string, name: string, key: KeyObject): void {
    const keys = this.#matterKeys.get(matterId) ?? new Map<string, KeyObject>()
    this.#matterKeys.set(matterId, keys.set(name, key))
  }

  forgetMatterKeys(matterId: string): void {
    this.#matterKeys.delete(matterId)
  }
}
