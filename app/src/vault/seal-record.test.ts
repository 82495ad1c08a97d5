// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import type { CanonicalValue } from '@handover/proof'
import { expect, test } from 'vitest'
import { compartmentKeys, openCompartment, recordKeys, sealRecord } from './seal-record.ts'
import { compartments, type Compartment } from './vault.ts'

const scope = { tenant: 'tenant-a', matterId: 'mat_1' }
const compartmentOf = (at: number): Compartment => compartments[at % 3] ?? 'general'
const values: CanonicalValue[] = ['沈一', '19900000001', '备注 ✓', '', null, Buffer.from([0xff, 0x00, 0x81])]

function sealedRecord(recordId = randomBytes(16)) {
  const secret = randomBytes(32)
  const record = { recordId, version: 1, secret, values, compartmentOf }
  return { recordId, secret, version: 1, parts: sealRecord(scope, record) }
}

function openPart(record: ReturnType<typeof sealedRecord>, change: Partial<{ recordId: Buffer; version: number; compartment: Compartment; sealed: Buffer; key: Compartment; scope: typeof scope; secret: Buffer }> = {}) {
  const part = record.parts[1]
  if (part === undefined) throw new Error('the record has three compartments')
  const key = compartmentKeys(change.secret ?? record.secret, change.version ?? record.version).get(change.key ?? part.compartment)
  if (key === undefined) throw new Error('every compartment has a key')
  const into: (CanonicalValue | undefined)[] = values.map(() => undefined)
  const row = { recordId: record.recordId, version: record.version, compartment: part.compartment, sealed: part.sealed, ...change }
  return { ok: openCompartment(change.scope ?? scope, key, row, into), into }
}

test('a sealed record comes back with null, empty text and bytes told apart', () => {
  const record = sealedRecord()
  const into: (CanonicalValue | undefined)[] = values.map(() => undefined)
  const keys = recordKeys(record.secret, 1, values.length)
  for (const part of record.parts) expect(openCompartment(scope, keys.compartment(part.compartment), { ...part, recordId: record.recordId, version: 1 }, into)).toBe(true)
  expect(into).toEqual(values)
})

test('a compartment gives its own fields and no others', () => {
  expect(openPart(sealedRecord()).into.map((value) => value !== undefined)).toEqual([false, true, false, false, true, false])
})

test('a field left out is not in the ciphertext', () => {
  const secret = randomBytes(32)
  const recordId = randomBytes(16)
  const parts = sealRecord(scope, { recordId, version: 2, secret, values: [undefined, '留'], compartmentOf: () => 'general' })
  const into: (CanonicalValue | undefined)[] = [undefined, undefined]
  const [part] = parts
  expect(parts).toHaveLength(1)
  expect(part !== undefined && openCompartment(scope, recordKeys(secret, 2, 2).compartment('general'), { ...part, recordId, version: 2 }, into)).toBe(true)
  expect(into).toEqual([undefined, '留'])
})

test('ciphertext in the place of another record, version, compartment, matter or tenant is refused', () => {
  const record = sealedRecord()
  expect(openPart(record).ok).toBe(true)
  expect(openPart(record, { recordId: randomBytes(16) }).ok).toBe(false)
  expect(openPart(record, { version: 2 }).ok).toBe(false)
  expect(openPart(record, { compartment: 'text' }).ok).toBe(false)
  expect(openPart(record, { key: 'text', compartment: 'text' }).ok).toBe(false)
  expect(openPart(record, { scope: { ...scope, matterId: 'mat_2' } }).ok).toBe(false)
  expect(openPart(record, { scope: { ...scope, tenant: 'tenant-b' } }).ok).toBe(false)
  expect(openPart(record, { secret: randomBytes(32) }).ok).toBe(false)
})

test('every single flipped bit of a compartment is refused', () => {
  const record = sealedRecord()
  const sealed = record.parts[1]?.sealed ?? Buffer.alloc(0)
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Buffer.from(sealed)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(openPart(record, { sealed: flipped }).ok).toBe(false)
  }
  expect(openPart(record, { sealed: sealed.subarray(0, 20) }).ok).toBe(false)
})

test('text that UTF-8 cannot carry is refused instead of changed', () => {
  expect(() => sealRecord(scope, { recordId: randomBytes(16), version: 1, secret: randomBytes(32), values: ['\ud800'], compartmentOf })).toThrow(/surrogate/)
})

test('salts and compartment keys of two versions of one secret have nothing in common', () => {
  const secret = randomBytes(32)
  const [one, two] = [recordKeys(secret, 1, 3), recordKeys(secret, 2, 3)]
  expect(one.salts).not.toEqual(two.salts)
  expect(one.compartment('general').equals(two.compartment('general'))).toBe(false)
  expect(one.compartment('general').equals(one.compartment('sensitive'))).toBe(false)
})
