// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createSecretKey, KeyObject, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16

/** What sealing adds to a plaintext: nonce and tag. */
export const sealOverheadBytes = nonceBytes + tagBytes

/** AES-256-GCM (NIST SP 800-38D): random nonce ‖ ciphertext ‖ tag. */
export function sealBytes(key: KeyObject | Uint8Array, bound: Uint8Array, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce).setAAD(bound)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The plaintext, or null when key, binding or bytes are not those of the sealing. */
export function openBytes(key: KeyObject | Uint8Array, bound: Uint8Array, sealed: Uint8Array): Buffer | null {
  if (sealed.length < sealOverheadBytes) return null
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes }).setAAD(bound)
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(nonceBytes, end))
  try {
    decipher.final()
    return plain
  } catch {
    plain.fill(0) // unauthenticated plaintext must not be used by mistake
    return null
  }
}

/** What a sealing is bound to: words and numbers that contain no NUL, so that two different lists never give the same bytes. */
export function boundTo(...parts: (string | number)[]): Buffer {
  return Buffer.from(`handover/v1/${parts.join('\0')}`, 'utf8')
}

/** On Node 24 a cipher from raw key bytes costs three times as much as making the key object and the cipher (PERFORMANCE, hint 4). */
function keyObject(key: KeyObject | Uint8Array): KeyObject {
  return key instanceof KeyObject ? key : createSecretKey(key)
}
