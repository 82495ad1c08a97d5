// SPDX-License-Identifier: Apache-2.0
// What the verifier uses of node:crypto, for browsers: the page's bundle puts this file in its place. Hashes and signatures by noble (audited, synchronous).
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { PageBuffer } from './page-buffer.ts'

/** A raw Ed25519 public key. */
export type KeyObject = { publicKey: Uint8Array }
/** A signature that was looked at, and what was found; for a second implementation to look at too. */
export type LookedAt = { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array; isValid: boolean }

const SPKI_BYTES = 12
/** A bundle has some hundred signatures; more than this are not kept for the second look. */
const LOOKED_AT_MAX = 4000
const lookedAt: LookedAt[] = []

/** The signatures since the last call. */
export function takeLookedAt(): LookedAt[] {
  return lookedAt.splice(0)
}

/** SHA-256 in one call. */
export function hash(algorithm: string, bytes: Uint8Array, encoding: 'latin1' | 'binary' | 'hex' | 'base64' | 'buffer' = 'hex'): string | Uint8Array {
  refuseOther(algorithm)
  const digest = PageBuffer.from(sha256(bytes))
  return encoding === 'buffer' ? digest : digest.toString(encoding)
}

/** SHA-256 piece by piece. */
export function createHash(algorithm: string): PageHash {
  refuseOther(algorithm)
  return new PageHash(sha256.create())
}

class PageHash {
  readonly #state: ReturnType<typeof sha256.create>

  constructor(state: ReturnType<typeof sha256.create>) {
    this.#state = state
  }

  update(bytes: Uint8Array): this {
    this.#state.update(bytes)
    return this
  }

  copy(): PageHash {
    return new PageHash(this.#state.clone())
  }

  digest(encoding?: 'hex'): string | Uint8Array {
    const digest = PageBuffer.from(this.#state.digest())
    return encoding === undefined ? digest : digest.toString(encoding)
  }
}

/** The key of a DER SubjectPublicKeyInfo, which for Ed25519 is twelve fixed bytes and the key. */
export function createPublicKey({ key }: { key: Uint8Array }): KeyObject {
  return { publicKey: key.subarray(SPKI_BYTES) }
}

/** RFC 8032 as Node and WebCrypto check it, not the laxer ZIP 215. */
export function verify(_algorithm: null, message: Uint8Array, { publicKey }: KeyObject, signature: Uint8Array): boolean {
  const isValid = ed25519.verify(signature, message, publicKey, { zip215: false })
  if (lookedAt.length < LOOKED_AT_MAX) lookedAt.push({ publicKey, message: Uint8Array.from(message), signature, isValid })
  return isValid
}

/** The page signs nothing. */
export function sign(): never {
  throw new Error('the page signs nothing')
}

/** The page holds no private key. */
export function createPrivateKey(): never {
  throw new Error('the page holds no private key')
}

/** The page derives no salts: a receipt brings its own. */
export function hkdfSync(): never {
  throw new Error('the page derives no keys')
}

function refuseOther(algorithm: string): void {
  if (algorithm !== 'sha256') throw new Error(`the page knows SHA-256 only, not ${algorithm}`)
}
