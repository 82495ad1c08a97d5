// SPDX-License-Identifier: Apache-2.0
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { u32be, type CanonicalValue } from '@handover/proof'
import { normaliseKey } from '../../detection/index.ts'
import { isIdentityKeyType } from './identity-keys.rules.ts'

/** Bytes of one hash: long enough that no two of a billion cells meet. */
export const hashBytes = 16

/** By which column a data set's records are found again; null = by their whole content. */
export interface KeyColumn {
  position: number
  type: string
  /** The columns of a database's own key, compared exactly as they stand; `position` is the first. */
  exact?: readonly number[]
}

/** A record or row as it stands in the comparison. */
export interface HashedCells {
  keyHash: Buffer
  /** One hash after the other, by field. */
  cellHashes: Buffer
  /** The key column has a value that nobody can read any more. */
  isKeyGone: boolean
}

/** The key of one comparison: hashes of two comparisons do not meet, so that nobody learns from them what stayed the same. */
export function hashKeyOf(idsKey: KeyObject, scanId: string): KeyObject {
  return createSecretKey(createHmac('sha256', idsKey).update(`handover/delta/v1/${scanId}`).digest())
}

/** Hashes of a record: of its key (or of its content where it has none), and of each cell bound to that key, so that equal cells of different records are told from nothing. An unreadable value hashes as nothing. */
export function hashCells(key: KeyObject, values: readonly (CanonicalValue | undefined)[], column: KeyColumn | null): HashedCells {
  if (column?.exact !== undefined) return withCells(key, values, exactKey(key, column.exact.map((at) => values[at])))
  const keyValue = column === null ? null : values[column.position]
  const keyText = keyTextOf(keyValue ?? null, column)
  const keyHash = keyText === null ? contentHash(key, values) : hash(key, 'key', Buffer.from(keyText, 'utf8'))
  return withCells(key, values, { keyHash, isKeyGone: column !== null && keyValue === undefined })
}

function withCells(key: KeyObject, values: readonly (CanonicalValue | undefined)[], found: Pick<HashedCells, 'keyHash' | 'isKeyGone'>): HashedCells {
  return { ...found, cellHashes: Buffer.concat(values.map((value, at) => createHmac('sha256', key).update(found.keyHash).update(u32be(at)).update(cellBytes(value ?? null)).digest().subarray(0, hashBytes))) }
}

function exactKey(key: KeyObject, values: readonly (CanonicalValue | undefined)[]): Pick<HashedCells, 'keyHash' | 'isKeyGone'> {
  return { keyHash: hash(key, 'table-key', Buffer.concat(values.map((value) => cellBytes(value ?? null)))), isKeyGone: values.includes(undefined) }
}

/** Which cells differ, one bit a field; ended fields are passed over, since their values are nobody's any more. */
export function differingCells(before: Buffer, after: Buffer, isEnded: (position: number) => boolean): number[] {
  const width = Math.max(before.length, after.length) / hashBytes
  return Array.from({ length: width }, (_, at) => at).filter((at) => !isEnded(at) && !before.subarray(at * hashBytes, (at + 1) * hashBytes).equals(after.subarray(at * hashBytes, (at + 1) * hashBytes)))
}

function keyTextOf(value: CanonicalValue, column: KeyColumn | null): string | null {
  if (column === null || typeof value !== 'string') return null
  const text = isIdentityKeyType(column.type) ? (normaliseKey(column.type, value) ?? value.trim()) : value.trim()
  return text === '' ? null : text
}

function contentHash(key: KeyObject, values: readonly (CanonicalValue | undefined)[]): Buffer {
  const content = createHmac('sha256', key).update('content')
  for (const value of values) content.update(cellBytes(value ?? null))
  return content.digest().subarray(0, hashBytes)
}

function hash(key: KeyObject, tag: string, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(tag).update(bytes).digest().subarray(0, hashBytes)
}

/** Kind and length stand before the bytes, so that two cells never read as one. */
function cellBytes(value: CanonicalValue): Buffer {
  if (value === null) return Buffer.of(0)
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value)
  return Buffer.concat([Buffer.of(typeof value === 'string' ? 1 : 2), u32be(bytes.length), bytes])
}
