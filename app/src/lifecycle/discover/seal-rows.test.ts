// SPDX-License-Identifier: Apache-2.0
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { deriveSalts, fieldLeaf, recordRoot, type CanonicalValue } from '@handover/proof'
import { expect, test } from 'vitest'
import { idBytes, idText } from '../../kit/ids.ts'
import { dayOf } from '../../kit/time.ts'
import { openCompartment, recordKeys } from '../../vault/seal-record.ts'
import { compartments } from '../../vault/vault.ts'
import { inventTestPeople } from './fixture.ts'
import { recordIdOf } from './inventory.ts'
import { packRows } from './pack-rows.ts'
import { RowSealer, type SealedRows } from './seal-rows.ts'

const keys = { tenant: '00000000-0000-4000-8000-000000000001', matterId: 'mat_test', ids: createSecretKey(randomBytes(32)), blind: createSecretKey(randomBytes(32)) }
const dataSetId = idText('ds', randomBytes(16))

/** The items of a binary array parameter: five words before them, then length and bytes of each. */
function itemsOf(array: Buffer): Buffer[] {
  const items: Buffer[] = []
  for (let at = 20; at < array.length; at += 4 + array.readInt32BE(at)) items.push(array.subarray(at + 4, at + 4 + array.readInt32BE(at)))
  expect(items.length).toBe(array.length === 12 ? 0 : array.readInt32BE(12))
  return items
}

function sealed(rows: readonly CanonicalValue[][], types: readonly string[]): { out: SealedRows; secrets: Buffer; fields: { id: string; name: string; type: string; grade: string }[] } {
  const fields = types.map((type, at) => ({ id: idText('fld', randomBytes(16)), name: `列${at}`, type, grade: type === 'resident-id' ? 'sensitive' : 'general' }))
  const secrets = randomBytes(rows.length * 32)
  const packed = packRows(rows.map((cells, at) => ({ row: { ordinal: 7 + at, cells: cells.map((value) => ({ value })) }, index: 107 + at })), types.length)
  const out = new RowSealer(keys).seal({ plan: { dataSetId, sourceId: 'src_1', fields }, rows: packed, firstSlot: 40, secrets: Buffer.from(secrets), today: dayOf('2026-11-21') })
  return { out, secrets, fields }
}

test.each([1, 2, 3, 7, 12, 13, 40])('seals records of %i fields exactly as single records are sealed and committed', (width) => {
  const types = Array.from({ length: width }, (_, at) => ['other', 'resident-id', 'free-text-personal'][at % 3] ?? 'other')
  const odd: CanonicalValue[] = [null, '', '中文\u{20000}', Buffer.from([0, 255, 1]), 'x'.repeat(5000), '0']
  const rows = Array.from({ length: 20 }, (_, row) => types.map((_, at) => odd[(row + at) % odd.length] ?? null))
  const { out, secrets, fields } = sealed(rows, types)
  const ids = itemsOf(out.record.id)
  const roots = itemsOf(out.record.root)
  const ciphertext = itemsOf(out.ciphertext.sealed).map((bytes, at) => ({ sealed: bytes, recordId: itemsOf(out.ciphertext.recordId)[at], name: itemsOf(out.ciphertext.compartment)[at]?.toString() }))
  for (const [row, values] of rows.entries()) {
    const recordId = recordIdOf(keys.ids, idBytes('ds', dataSetId), 7 + row)
    expect(ids[row]).toEqual(recordId)
    const secret = secrets.subarray(row * 32, (row + 1) * 32)
    const salts = deriveSalts(secret, 1, width)
    const leaves = values.map((value, at) => fieldLeaf({ salt: salts[at] ?? new Uint8Array(), recordId, fieldId: idBytes('fld', fields[at]?.id ?? ''), value }))
    expect(roots[row]).toEqual(Buffer.from(recordRoot(leaves)))
    const opened: (CanonicalValue | undefined)[] = values.map(() => undefined)
    for (const compartment of compartments) {
      const mine = ciphertext.find((one) => one.name === compartment && one.recordId?.equals(recordId))
      if (mine === undefined) continue
      expect(openCompartment(keys, recordKeys(Buffer.from(secret), 1, width).compartment(compartment), { recordId, version: 1, compartment, sealed: mine.sealed }, opened)).toBe(true)
    }
    expect(opened).toEqual(values)
  }
  expect(itemsOf(out.record.ordinal).map((bytes) => Number(bytes.readBigInt64BE(0)))).toEqual(rows.map((_, at) => 7 + at))
  expect(itemsOf(out.record.slot).map((bytes) => Number(bytes.readBigInt64BE(0)))).toEqual(rows.map((_, at) => 40 + at))
})

test('keys are blinded by type, doubled keys are one edge, placeholders are pointed out, and tags follow', () => {
  const [one] = inventTestPeople(1)
  const rows = [[one?.residentId ?? '', one?.mobile ?? '', `+86 ${one?.mobile}`, '张三'], ['not a number', '13800138000', '', '张先生']]
  const { out } = sealed(rows, ['resident-id', 'mobile', 'mobile', 'person-name'])
  const types = itemsOf(out.traits.keyType).map(String)
  expect(types).toEqual(['resident-id', 'mobile', 'mobile'])
  const inner = (text: string) => createHmac('sha256', keys.blind).update(text).digest().subarray(0, 16)
  expect(out.traits.inner.subarray(16, 32)).toEqual(inner(`mobile\0${one?.mobile}`))
  expect([...out.traits.placeholders]).toEqual([2])
  expect(itemsOf(out.record.ageGroup).map(String)).toEqual(['under14', 'unknown'])
  // Name and birth day of the first; of the second a name that cannot be compared.
  expect([...out.traits.tags]).toEqual([7, 1])
  expect(out.traits.inner.subarray(48, 64)).toEqual(inner('name-tag\0张三'))
})

test('secrets and cells are wiped after sealing', () => {
  const secrets = randomBytes(32)
  const packed = packRows([{ row: { ordinal: 0, cells: [{ value: '秘密' }] }, index: 0 }], 1)
  new RowSealer(keys).seal({ plan: { dataSetId, sourceId: 'src_1', fields: [{ id: idText('fld', randomBytes(16)), name: 'a', type: 'other', grade: 'general' }] }, rows: packed, firstSlot: 0, secrets, today: dayOf('2026-11-21') })
  expect([...secrets, ...packed.plain].every((byte) => byte === 0)).toBe(true)
})
