// SPDX-License-Identifier: Apache-2.0
import { createSecretKey, hkdfSync, KeyObject } from 'node:crypto'
import { deriveSalts, type CanonicalValue } from '@handover/proof'
import { required } from '../kit/assert.ts'
import { keyBytes, keyObjectOf, type KeyScope } from './key-page.ts'
import { boundTo, openBytes, sealBytes } from './seal-bytes.ts'
import { compartments, type Compartment, type RecordKeys, type RecordToSeal, type SealedCompartment } from './vault.ts'

// Inside a compartment: for each field, u16 index ‖ u8 tag ‖ u32 length ‖ bytes (tags as in the field leaf, CONTRACTS §3).
const fieldHeadBytes = 7
const compartmentInfo = Buffer.from('handover/v1/compartments', 'utf8')

/** Salts and compartment keys of a record version, all from its one secret (CONTRACTS §3). */
export function recordKeys(secret: Uint8Array | KeyObject, version: number, fieldCount: number): RecordKeys {
  const key = secret instanceof KeyObject ? secret : createSecretKey(secret)
  let keys: ReadonlyMap<Compartment, KeyObject> | null = null // derived when first asked for: an ingest asks for salts only
  return {
    salts: deriveSalts(key, version, fieldCount).map((salt) => Buffer.from(salt.buffer, salt.byteOffset, salt.byteLength)),
    compartment: (name) => required((keys ??= compartmentKeys(key, version)).get(name), 'every compartment has a key'),
  }
}

/** One key for each compartment, by one HKDF-SHA256 over the secret, the version and the purpose (RFC 5869). */
export function compartmentKeys(secret: Uint8Array | KeyObject, version: number): ReadonlyMap<Compartment, KeyObject> {
  const key = secret instanceof KeyObject ? secret : createSecretKey(secret)
  const bytes = Buffer.from(hkdfSync('sha256', key, '', Buffer.concat([compartmentInfo, u32(version)]), compartments.length * keyBytes))
  return new Map(compartments.map((name, at) => [name, keyObjectOf(bytes.subarray(at * keyBytes, (at + 1) * keyBytes))]))
}

/** Seals a record's values by compartment; each is bound to tenant, matter, record, version and compartment, so none can stand in another's place. A field whose value is undefined is left out. */
export function sealRecord(scope: KeyScope, record: Omit<RecordToSeal, 'matterId'>): SealedCompartment[] {
  const keys = compartmentKeys(record.secret, record.version)
  const indexes = record.values.flatMap((value, at) => (value === undefined ? [] : [at]))
  const byCompartment = Map.groupBy(indexes, record.compartmentOf)
  return compartments.flatMap((compartment) => {
    const fields = byCompartment.get(compartment)
    if (fields === undefined) return []
    const plain = encodeFields(record.values, fields)
    const sealed = sealBytes(required(keys.get(compartment), 'every compartment has a key'), bindingOf(scope, { ...record, compartment }), plain)
    plain.fill(0)
    return [{ compartment, sealed }]
  })
}

/** Opens one compartment into the list of values; false when it is not the compartment of this record, version and key. */
export function openCompartment(
  scope: KeyScope, key: KeyObject, row: { recordId: Uint8Array; version: number; compartment: Compartment; sealed: Uint8Array }, into: (CanonicalValue | undefined)[],
): boolean {
  const plain = openBytes(key, bindingOf(scope, row), row.sealed)
  if (plain === null) return false
  const whole = decodeFields(plain, into)
  plain.fill(0)
  return whole
}

function bindingOf(scope: KeyScope, place: { recordId: Uint8Array; version: number; compartment: Compartment }): Buffer {
  return Buffer.concat([boundTo('record', scope.tenant, scope.matterId, place.compartment), Buffer.of(0), place.recordId, u32(place.version)])
}

function encodeFields(values: RecordToSeal['values'], fields: readonly number[]): Buffer {
  const lengths = fields.map((at) => byteLength(values[at]))
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + fieldHeadBytes, 0))
  let at = 0
  for (const [order, index] of fields.entries()) {
    const value = values[index] ?? null
    const length = lengths[order] ?? 0
    at = bytes.writeUInt16BE(index, at)
    at = bytes.writeUInt8(value === null ? 0 : typeof value === 'string' ? 1 : 2, at)
    at = bytes.writeUInt32BE(length, at)
    if (typeof value === 'string') bytes.write(value, at, 'utf8')
    else if (value !== null) bytes.set(value, at)
    at += length
  }
  return bytes
}

function byteLength(value: CanonicalValue | undefined): number {
  if (value === null || value === undefined) return 0
  if (typeof value !== 'string') return value.length
  // A lone surrogate would come back as U+FFFD; such a cell travels as bytes (CONTRACTS §1).
  if (!value.isWellFormed()) throw new RangeError('a text value has a lone surrogate')
  return Buffer.byteLength(value, 'utf8')
}

function decodeFields(plain: Buffer, into: (CanonicalValue | undefined)[]): boolean {
  let at = 0
  while (at + fieldHeadBytes <= plain.length) {
    const index = plain.readUInt16BE(at)
    const tag = plain.readUInt8(at + 2)
    const start = at + fieldHeadBytes
    at = start + plain.readUInt32BE(at + 3)
    if (index >= into.length || tag > 2 || at > plain.length) return false
    into[index] = tag === 0 ? null : tag === 1 ? plain.toString('utf8', start, at) : Buffer.from(plain.subarray(start, at))
  }
  return at === plain.length
}

function u32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
