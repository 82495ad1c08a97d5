// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concat, fromHex, ProofError, toHex } from './bytes.ts'

const PUBLIC_DER = fromHex('302a300506032b6570032100')
const PRIVATE_DER = fromHex('302e020100300506032b657004220420')
const FIELD_PRIME = 2n ** 255n - 19n
/** y coordinates of the points of order 1, 2, 4 and 8: a key on one of them makes signatures that fit any message. */
const LOW_ORDER_Y = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  littleEndian(fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  littleEndian(fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')),
])

/** A key that signs (RFC 8032, pure Ed25519). */
export type Ed25519Signer = { publicKey: Uint8Array; sign: (message: Uint8Array) => Uint8Array }

/** Signer from a 32-byte seed; refuses another length. */
export function ed25519Signer(seed: Uint8Array): Ed25519Signer {
  if (seed.length !== 32) throw new ProofError('BAD_SEED', 'an Ed25519 seed has 32 bytes')
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { publicKey: der.subarray(PUBLIC_DER.length), sign: (message) => sign(null, message, key) }
}

/** Whether the signature is by that key over that message (RFC 8032); false for anything malformed. */
export function isEd25519Signature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return verify(null, message, publicKeyOf(publicKey), signature)
  } catch {
    return false
  }
}

/** The few keys of a policy are asked for again and again; making the object costs half as much as a verification. */
const knownKeys = new Map<string, KeyObject>()
const KNOWN_KEYS_MAX = 256

function publicKeyOf(publicKey: Uint8Array): KeyObject {
  const name = toHex(publicKey)
  const known = knownKeys.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: Buffer.from(concat(PUBLIC_DER, publicKey)), format: 'der', type: 'spki' })
  if (knownKeys.size >= KNOWN_KEYS_MAX) knownKeys.clear()
  knownKeys.set(name, key)
  return key
}

/** Refuses public keys that must never be trusted: wrong length, non-canonical, of low order (FORMATS §16.1). */
export function refuseWeakKey(publicKey: Uint8Array): void {
  if (publicKey.length !== 32) throw new ProofError('BAD_KEY', 'an Ed25519 public key has 32 bytes')
  const y = littleEndian(publicKey) & (2n ** 255n - 1n)
  if (y >= FIELD_PRIME) throw new ProofError('BAD_KEY', 'the public key is not in canonical form')
  if (LOW_ORDER_Y.has(y)) throw new ProofError('BAD_KEY', 'the public key is of low order')
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`)
}
