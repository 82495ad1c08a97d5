// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** 回执密封件. What a receipt cannot get back once the record's secret is gone: its commitments and their salts, by field; no value. */
export interface ReceiptKernel {
  recordId: Buffer
  leaves: Buffer[]
  salts: Buffer[]
}

const nonceBytes = 12
const tagBytes = 16
/** Sealed rows have few sizes, so that a row does not tell how many records it speaks of. */
const paddingBytes = 4096

/** A new receipt secret: 128 bits of the system's randomness (CONTRACTS §9). */
export function newReceiptSecret(): Buffer {
  return randomBytes(16)
}

/** Under which name a sealed receipt is found; tells nothing of the secret. */
export function handleOf(secret: Uint8Array, matterId: string): Buffer {
  return derive(secret, matterId, 'handle').subarray(0, 16)
}

/** Seals what is left of these records for the holder of the secret alone. */
export function sealKernels(secret: Uint8Array, matterId: string, kernels: readonly ReceiptKernel[]): Buffer {
  const text = Buffer.from(JSON.stringify(kernels.map(({ recordId, leaves, salts }) => ({ r: recordId.toString('hex'), l: base64(leaves), s: base64(salts) }))))
  const plain = Buffer.concat([text, Buffer.alloc(paddingBytes - (text.length % paddingBytes), ' ')])
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', derive(secret, matterId, 'key'), nonce).setAAD(handleOf(secret, matterId))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

const kernelsSchema = z.array(z.strictObject({ r: z.string().regex(/^[0-9a-f]{32}$/), l: z.string(), s: z.string() }))

/** Opens a sealed receipt; null when it was not sealed under this secret or was changed. */
export function openKernels(secret: Uint8Array, matterId: string, sealed: Buffer): ReceiptKernel[] | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', derive(secret, matterId, 'key'), sealed.subarray(0, nonceBytes)).setAAD(handleOf(secret, matterId)).setAuthTag(sealed.subarray(-tagBytes))
    const plain = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
    return kernelsSchema.parse(JSON.parse(plain.toString('utf8'))).map(({ r, l, s }) => ({ recordId: Buffer.from(r, 'hex'), leaves: pieces(l, 32), salts: pieces(s, 16) }))
  } catch {
    return null
  }
}

function derive(secret: Uint8Array, matterId: string, purpose: 'handle' | 'key'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, matterId, `handover/v1/receipt/${purpose}`, 32))
}

function base64(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('base64')
}

function pieces(text: string, bytes: number): Buffer[] {
  const all = Buffer.from(text, 'base64')
  return Array.from({ length: all.length / bytes }, (_, at) => all.subarray(at * bytes, (at + 1) * bytes))
}
