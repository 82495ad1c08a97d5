// SPDX-License-Identifier: Apache-2.0
import { argon2Sync, randomBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { keyBytes, keyObjectOf } from './key-page.ts'
import { boundTo, openBytes, sealBytes } from './seal-bytes.ts'
import { vaultFailures } from './vault-failures.ts'

/** 主密钥. The key-encryption key: it wraps epoch keys and nothing else. A KMS implements the same two acts by calls. */
export interface KeyEncryption {
  id: string
  kind: 'key-file' | 'passphrase' | 'kms'
  wrap(bound: Uint8Array, key: Uint8Array): Promise<Buffer>
  /** Null when the bytes were not wrapped by this key with this binding. */
  unwrap(bound: Uint8Array, wrapped: Uint8Array): Promise<Buffer | null>
}

/** A key-encryption key of this machine, with its bytes for wrapping it under its successor. */
export interface LocalKeyEncryption extends KeyEncryption {
  key: KeyObject
}

// RFC 9106 §4, second recommended choice; the upper bounds keep a forged file from exhausting memory.
const argon2Settings = { memoryKiB: 65_536, passes: 3, lanes: 4 }
const base64 = z.base64()
const link = z.strictObject({ previousId: z.string(), previousUnderThis: base64, thisUnderPrevious: base64 })
const kekFile = z.discriminatedUnion('kind', [
  z.strictObject({ format: z.literal('handover-kek/v1'), kind: z.literal('key-file'), id: z.string().min(1), key: base64, link: link.optional() }),
  z.strictObject({
    format: z.literal('handover-kek/v1'),
    kind: z.literal('passphrase'),
    id: z.string().min(1),
    argon2id: z.strictObject({
      salt: base64,
      memoryKiB: z.int().min(8).max(1_048_576),
      passes: z.int().min(1).max(100),
      lanes: z.int().min(1).max(64),
    }),
    wrapped: base64,
    link: link.optional(),
  }),
])

/** The file of a key-encryption key: the key itself (0600), or the key wrapped under a passphrase. */
export type KekFile = z.infer<typeof kekFile>

/** A new key-encryption key and its file, under a passphrase when one is given. */
export function newKek(passphrase: string | null): { file: KekFile; kek: LocalKeyEncryption } {
  const key = randomBytes(keyBytes)
  const id = `kek_${randomBytes(8).toString('hex')}`
  const head = { format: 'handover-kek/v1' as const, id }
  if (passphrase === null) {
    const file: KekFile = { ...head, kind: 'key-file', key: key.toString('base64') }
    return { file, kek: localKek(id, 'key-file', key) }
  }
  const argon2id = { salt: randomBytes(16).toString('base64'), ...argon2Settings }
  const wrapped = sealBytes(passphraseKey(passphrase, argon2id), boundTo('kek', id), key).toString('base64')
  return { file: { ...head, kind: 'passphrase', argon2id, wrapped }, kek: localKek(id, 'passphrase', key) }
}

/** The key of a file; refuses a wrong or missing passphrase. */
export function openKek(file: KekFile, passphrase: string | null): LocalKeyEncryption {
  if (file.kind === 'key-file') return localKek(file.id, file.kind, Buffer.from(file.key, 'base64'))
  if (passphrase === null) throw vaultFailures.VAULT_LOCKED()
  const key = openBytes(passphraseKey(passphrase, file.argon2id), boundTo('kek', file.id), Buffer.from(file.wrapped, 'base64'))
  if (key === null) throw vaultFailures.WRONG_KEY({ why: '口令不对 wrong passphrase' })
  return localKek(file.id, file.kind, key)
}

/** The file of the next key while the change is under way: each key wrapped under the other, so that either secret finishes it after a crash. */
export function linkKeks(file: KekFile, next: LocalKeyEncryption, previous: LocalKeyEncryption): KekFile {
  const previousUnderThis = sealBytes(next.key, boundTo('kek-link', previous.id, next.id), previous.key.export()).toString('base64')
  const thisUnderPrevious = sealBytes(previous.key, boundTo('kek-link', next.id, previous.id), next.key.export()).toString('base64')
  return { ...file, link: { previousId: previous.id, previousUnderThis, thisUnderPrevious } }
}

/** Both keys of a change under way, from either; null when the file is not the successor of this key. */
export function followLink(file: KekFile, known: { previous: LocalKeyEncryption } | { next: LocalKeyEncryption }): LocalKeyEncryption | null {
  if (file.link === undefined) return null
  const { previousId, previousUnderThis, thisUnderPrevious } = file.link
  if ('previous' in known) {
    const key = openBytes(known.previous.key, boundTo('kek-link', file.id, previousId), Buffer.from(thisUnderPrevious, 'base64'))
    return key === null ? null : localKek(file.id, file.kind, key)
  }
  const key = openBytes(known.next.key, boundTo('kek-link', previousId, file.id), Buffer.from(previousUnderThis, 'base64'))
  return key === null ? null : localKek(previousId, 'key-file', key)
}

/** The file without the link to its predecessor: what stays when the change is done. */
export function withoutLink(file: KekFile): KekFile {
  const { link: _link, ...rest } = file
  return rest
}

/** Reads the bytes of a key file; refuses what is malformed. */
export function parseKekFile(name: string, bytes: Uint8Array): KekFile {
  try {
    return kekFile.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    // The parser's message could quote key material.
    throw vaultFailures.KEY_FILE_DAMAGED({ file: name, why: 'JSON handover-kek/v1' })
  }
}

/** The bytes of a key file. */
export function kekFileBytes(file: KekFile): Buffer {
  return Buffer.from(`${JSON.stringify(file)}\n`, 'utf8')
}

function localKek(id: string, kind: 'key-file' | 'passphrase', bytes: Buffer): LocalKeyEncryption {
  if (bytes.length !== keyBytes) throw vaultFailures.WRONG_KEY({ why: `${bytes.length} ≠ ${keyBytes} bytes` })
  const key = keyObjectOf(bytes)
  return {
    id,
    kind,
    key,
    wrap: async (bound, plain) => sealBytes(key, bound, plain),
    unwrap: async (bound, wrapped) => openBytes(key, bound, wrapped),
  }
}

function passphraseKey(passphrase: string, settings: { salt: string; memoryKiB: number; passes: number; lanes: number }): Buffer {
  return argon2Sync('argon2id', {
    message: passphrase.normalize('NFC'),
    nonce: Buffer.from(settings.salt, 'base64'),
    parallelism: settings.lanes,
    tagLength: keyBytes,
    memory: settings.memoryKiB,
    passes: settings.passes,
  })
}
