// SPDX-License-Identifier: Apache-2.0
import { hkdfSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fieldLeaf, recordRoot, type CanonicalValue } from '@handover/proof'
import { recordKeys, sealRecord } from '../seal-record.ts'
import { compartments, type Compartment } from '../vault.ts'
import { deriveBytes, RecordOpener } from './index.ts'

const scope = { tenant: '00000000-0000-4000-8000-000000000001', matterId: `mat_${'1'.repeat(32)}` }
const values: CanonicalValue[] = ['KH0001', '张三', null, '', Buffer.from([0, 1, 2]), '备注 "x"']
const compartmentOf = (field: number): Compartment => (field === 1 ? 'sensitive' : field === 5 ? 'text' : 'general')
const fieldIds = Buffer.alloc(values.length * 16, 5)

/** A row as the door packs it, and the secret that opens it. */
function sealedRow(change: { root?: Buffer; version?: number } = {}): { row: Buffer; secret: Buffer; recordId: Buffer; leaves: Uint8Array[] } {
  const [secret, recordId] = [randomBytes(32), randomBytes(16)]
  const { salts } = recordKeys(secret, 2, values.length)
  const leaves = values.map((value, at) => fieldLeaf({ salt: salts[at] ?? secret, recordId, fieldId: fieldIds.subarray(0, 16), value }))
  const sealed = sealRecord(scope, { recordId, version: 2, secret, values, compartmentOf })
  const head = Buffer.alloc(64)
  recordId.copy(head)
  head.writeUInt32BE(change.version ?? 2, 16)
  Buffer.from(change.root ?? recordRoot(leaves)).copy(head, 28)
  head.writeUInt32BE(values.length, 60)
  const parts = compartments.flatMap((name) => {
    const found = sealed.find((one) => one.compartment === name)?.sealed
    const length = Buffer.alloc(4)
    length.writeInt32BE(found?.length ?? -1)
    return [length, found ?? Buffer.alloc(0)]
  })
  return { row: Buffer.concat([head, Buffer.alloc(values.length, 6), ...parts]), secret, recordId, leaves }
}

describe('opening sealed rows in bulk', () => {
  it('gives the values, salts and leaves that the vault sealed', () => {
    const { row, secret, leaves } = sealedRow()
    const opened = new RecordOpener(scope).open(row, 0, secret, fieldIds) ?? expect.fail('it opens')
    const found = values.map((_, at) => (opened.tag[at] === 0 ? null : opened.plain.subarray(opened.start[at], (opened.start[at] ?? 0) + (opened.length[at] ?? 0)).toString('latin1')))
    expect(found).toEqual(values.map((value) => (value === null ? null : Buffer.from(value).toString('latin1'))))
    expect(opened.salts).toEqual(Buffer.concat(recordKeys(secret, 2, values.length).salts))
    expect(opened.leaves).toEqual(Buffer.concat(leaves))
  })

  it('opens nothing under another secret, version, root, matter or field list, nor changed ciphertext', () => {
    const { row, secret } = sealedRow()
    const opener = new RecordOpener(scope)
    const changed = Buffer.from(row)
    changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1
    expect(opener.open(row, 0, randomBytes(32), fieldIds)).toBeNull()
    expect(opener.open(changed, 0, secret, fieldIds)).toBeNull()
    expect(opener.open(row, 0, secret, fieldIds.subarray(16))).toBeNull()
    expect(new RecordOpener({ ...scope, matterId: 'mat_other' }).open(row, 0, secret, fieldIds)).toBeNull()
    const otherRoot = sealedRow({ root: randomBytes(32) })
    expect(opener.open(otherRoot.row, 0, otherRoot.secret, fieldIds)).toBeNull()
    const otherVersion = sealedRow({ version: 3 })
    expect(opener.open(otherVersion.row, 0, otherVersion.secret, fieldIds)).toBeNull()
    expect(opener.open(row, 0, secret, fieldIds), 'a refusal leaves nothing behind').not.toBeNull()
  })

  it('derives what HKDF-SHA256 derives', () => {
    const secret = randomBytes(32)
    for (const bytes of [1, 32, 33, 192, 8160]) {
      const into = Buffer.alloc(bytes + 16)
      deriveBytes(secret, [{ info: Buffer.from('purpose'), bytes }, { info: Buffer.from('other'), bytes: 16 }], into)
      expect(into.subarray(0, bytes)).toEqual(Buffer.from(hkdfSync('sha256', secret, '', 'purpose', bytes)))
      expect(into.subarray(bytes)).toEqual(Buffer.from(hkdfSync('sha256', secret, '', 'other', 16)))
    }
  })
})
