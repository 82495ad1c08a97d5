// SPDX-License-Identifier: Apache-2.0
import { hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concat, digestOf, ProofError, u32be, utf8 } from './bytes.ts'
import { leafHash, rootOfLeaves } from './merkle.ts'

/** 规范值. A canonical value: null, text, or bytes (CONTRACTS §1). */
export type CanonicalValue = null | string | Uint8Array
/** What a field commitment covers (CONTRACTS §3). */
export type FieldCommitment = { salt: Uint8Array; recordId: Uint8Array; fieldId: Uint8Array; value: CanonicalValue }

const ID_BYTES = 16
const SALT_BYTES = 16
const FIELD_HEAD_BYTES = 1 + SALT_BYTES + 2 * ID_BYTES + 1 + 8
const TAG_AT = 1 + SALT_BYTES + 2 * ID_BYTES
/** HKDF-SHA256 gives at most 255 · 32 bytes at once. */
const SALTS_A_BLOCK = 510
const SALT_INFO = utf8('handover/v1/salts')

/** Whether a canonical value counts in the books: text or bytes that are not empty (CONTRACTS §1). */
export function isValue(value: CanonicalValue): boolean {
  return value !== null && value.length > 0
}

/**
 * Salted commitment to one field of one record: SHA-256(0x00 ‖ salt ‖ record ‖ field ‖ tag ‖ length ‖ bytes) (CONTRACTS §3).
 * Refuses ids and salts that are not 16 bytes, and text with lone surrogates.
 */
export function fieldLeaf({ salt, recordId, fieldId, value }: FieldCommitment): Uint8Array {
  if (salt.length !== SALT_BYTES || recordId.length !== ID_BYTES || fieldId.length !== ID_BYTES) throw new ProofError('BAD_ID', 'ids and salts have 16 bytes')
  const length = valueBytes(value)
  const bytes = Buffer.allocUnsafe(FIELD_HEAD_BYTES + length)
  bytes[0] = 0
  bytes.set(salt, 1)
  bytes.set(recordId, 1 + SALT_BYTES)
  bytes.set(fieldId, 1 + SALT_BYTES + ID_BYTES)
  writeValue(value, length, bytes, TAG_AT)
  return digestOf(bytes)
}

/** Root over the field leaves of a record: all fields of the data set in field order, empty ones too (CONTRACTS §3). */
export function recordRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOfLeaves(leaves)
}

/** The field salts of a record version, from its one secret by HKDF-SHA256 (CONTRACTS §3). */
export function deriveSalts(secret: Uint8Array | KeyObject, version: number, fieldCount: number): Uint8Array[] {
  const salts: Uint8Array[] = []
  for (let block = 0; salts.length < fieldCount; block += 1) {
    const count = Math.min(SALTS_A_BLOCK, fieldCount - salts.length)
    const info = concat(SALT_INFO, u32be(version), u32be(block))
    const bytes = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), info, count * SALT_BYTES))
    for (let at = 0; at < count; at += 1) salts.push(bytes.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES))
  }
  return salts
}

/** What a record contributes to a package's content root: its id and the handed-over fields in field order. */
export type RecordContent = { recordId: Uint8Array; fields: readonly { fieldId: Uint8Array; value: CanonicalValue }[] }

/**
 * Unsalted leaf of a record's handed-over content (CONTRACTS §7): only ever inside the encrypted manifest.
 * `contentRoot` is the root over these in the order (data set id, record id).
 */
export function contentLeaf({ recordId, fields }: RecordContent): Uint8Array {
  if (recordId.length !== ID_BYTES) throw new ProofError('BAD_ID', 'ids have 16 bytes')
  const parts: Uint8Array[] = [recordId]
  for (const { fieldId, value } of fields) {
    if (fieldId.length !== ID_BYTES) throw new ProofError('BAD_ID', 'ids have 16 bytes')
    parts.push(fieldId, encodeValue(value))
  }
  return leafHash(concat(...parts))
}

/** tag ‖ u64 length ‖ bytes of a canonical value, as commitments take it. */
export function encodeValue(value: CanonicalValue): Uint8Array {
  const length = valueBytes(value)
  const bytes = Buffer.allocUnsafe(9 + length)
  writeValue(value, length, bytes, 0)
  return bytes
}

function valueBytes(value: CanonicalValue): number {
  if (value === null) return 0
  if (typeof value !== 'string') return value.length
  if (!value.isWellFormed()) throw new ProofError('LONE_SURROGATE', 'text has a lone surrogate')
  return Buffer.byteLength(value, 'utf8')
}

function writeValue(value: CanonicalValue, length: number, into: Buffer, at: number): void {
  into[at] = value === null ? 0 : typeof value === 'string' ? 1 : 2
  into.writeUInt32BE(Math.floor(length / 2 ** 32), at + 1)
  into.writeUInt32BE(length % 2 ** 32, at + 5)
  if (typeof value === 'string') into.write(value, at + 9, 'utf8')
  else if (value !== null) into.set(value, at + 9)
}

