// SPDX-License-Identifier: Apache-2.0
// A thief's own program, written from the documented formats and not from our code: it takes ciphertext, key rows, slot files and the key-encryption key, and opens whatever opens. No tombstone, grant or audit stops it.
import { createDecipheriv, hkdfSync } from 'node:crypto'
import type { StolenCipher, StolenKeys } from './restore-matrix.store.ts'

/** Wrapped epoch keys by epoch, as they lie in the slot files, and the key that wraps them. */
export interface StolenSlots {
  kek: Buffer
  wrapped: { epoch: number; bytes: Buffer }[]
}

/** Whose data they are: it stands in every binding. */
export interface Victim {
  tenant: string
  matter: string
}

const compartments = ['general', 'sensitive', 'text']

function open(key: Uint8Array, bound: Buffer, sealed: Uint8Array): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(bound)
  decipher.setAuthTag(sealed.subarray(sealed.length - 16))
  const plain = decipher.update(sealed.subarray(12, sealed.length - 16))
  try {
    decipher.final()
    return plain
  } catch {
    return null
  }
}

const binding = (...parts: (string | number)[]): Buffer => Buffer.from(`handover/v1/${parts.join('\0')}`)

/** Every record secret that these key rows give with these slots. */
export function openSecrets({ tenant, matter }: Victim, keys: StolenKeys, slots: StolenSlots): Buffer[] {
  const epochKeys = slots.wrapped.flatMap(({ epoch, bytes }) => open(slots.kek, binding('epoch', tenant, matter, epoch), bytes) ?? [])
  const secrets: Buffer[] = []
  for (const directory of keys.directories) {
    for (const epochKey of epochKeys) {
      const pageKeys = open(epochKey, binding('dir', tenant, matter, directory.dir, directory.epoch), directory.wrapped)
      if (pageKeys === null) continue
      for (const page of keys.pages.filter((one) => Math.floor(one.page / 128) === directory.dir)) {
        const at = (page.page % 128) * 32
        const opened = open(pageKeys.subarray(at, at + 32), binding('page', tenant, matter, page.page, page.version), page.wrapped)
        if (opened !== null) secrets.push(...Array.from({ length: 120 }, (_, one) => opened.subarray(one * 32, one * 32 + 32)))
      }
    }
  }
  return secrets
}

/** Whether any of these secrets opens any of this ciphertext. */
export function opensAny({ tenant, matter }: Victim, secrets: readonly Buffer[], rows: readonly StolenCipher[]): boolean {
  return rows.some((row) => {
    const version = Buffer.alloc(4)
    version.writeUInt32BE(row.version)
    const bound = Buffer.concat([binding('record', tenant, matter, row.compartment), Buffer.of(0), row.record_id, version])
    return secrets.some((secret) => {
      const at = compartments.indexOf(row.compartment) * 32
      const keys = Buffer.from(hkdfSync('sha256', secret, '', Buffer.concat([Buffer.from('handover/v1/compartments'), version]), 96))
      return open(keys.subarray(at, at + 32), bound, row.sealed) !== null
    })
  })
}
