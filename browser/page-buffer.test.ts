// SPDX-License-Identifier: Apache-2.0
import { createHash, createPublicKey as nodeKey, hash as nodeHash, verify as nodeVerify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createHash as pageCreateHash, createPublicKey, hash, takeLookedAt, verify } from '../proof/page/node-crypto.ts'
import { PageBuffer } from '../proof/page/page-buffer.ts'
import { lookAgain } from '../proof/page/second-look.ts'
import { sampleSigner } from '../proof/src/testing/sample-keys.ts'
import { seededNumbers } from '../proof/src/testing/seeded-numbers.ts'

const SEED = 20261121
const next = seededNumbers(SEED)
const some = (length: number): Uint8Array => Uint8Array.from({ length }, () => next(256))

describe(`what the page has in place of Node's (seed ${SEED})`, () => {
  test('texts and bytes are the same both ways in every encoding', () => {
    for (let round = 0; round < 200; round += 1) {
      const bytes = some(next(70))
      for (const encoding of ['hex', 'base64', 'latin1', 'binary', 'utf8'] as const) {
        const text = Buffer.from(bytes).toString(encoding)
        expect(PageBuffer.from(bytes).toString(encoding)).toBe(text)
        expect([...PageBuffer.from(text, encoding)]).toEqual([...Buffer.from(text, encoding)])
      }
    }
    expect([...PageBuffer.from('测试𠮷', 'utf8')]).toEqual([...Buffer.from('测试𠮷', 'utf8')])
    expect(PageBuffer.byteLength('测试𠮷')).toBe(Buffer.byteLength('测试𠮷'))
  })

  test('reading, writing, comparing and copying are the same', () => {
    for (let round = 0; round < 200; round += 1) {
      const [bytes, other] = [some(40), some(40)]
      const [page, node] = [PageBuffer.from(bytes), Buffer.from(bytes)]
      const at = next(32)
      expect([page.readUInt16BE(at), page.readUInt32BE(at), page.readUInt32LE(at), page.readBigUInt64BE(at)]).toEqual([node.readUInt16BE(at), node.readUInt32BE(at), node.readUInt32LE(at), node.readBigUInt64BE(at)])
      expect(page.compare(other, 3, 9, 1, 7)).toBe(node.compare(other, 3, 9, 1, 7))
      expect(PageBuffer.compare(page, other)).toBe(Buffer.compare(node, other))
      const number = next(2 ** 31)
      for (const buffer of [page, node]) {
        buffer.writeUInt32BE(number, at)
        buffer.write('\u00ff\u0001', at, 2, 'latin1')
        buffer.copy(buffer, 0, 20, 30)
      }
      expect([...page.subarray(0, 10)]).toEqual([...node.subarray(0, 10)])
      expect(page.subarray(2, 5)).toBeInstanceOf(PageBuffer)
      expect(PageBuffer.concat([page, other]).toString('hex')).toBe(Buffer.concat([node, other]).toString('hex'))
    }
    expect([...PageBuffer.alloc(3, 7)]).toEqual([7, 7, 7])
    expect(() => PageBuffer.alloc(4).writeUInt16BE(65_536)).toThrow(RangeError)
  })

  test('hashes are the same in one piece and in several', () => {
    for (let round = 0; round < 100; round += 1) {
      const bytes = some(next(300))
      const cut = next(bytes.length + 1)
      expect(hash('sha256', bytes, 'latin1')).toBe(nodeHash('sha256', bytes, 'binary'))
      expect(pageCreateHash('sha256').update(bytes.subarray(0, cut)).update(bytes.subarray(cut)).copy().digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  test('a signature holds exactly where it holds in Node and in WebCrypto', async () => {
    takeLookedAt()
    const signer = sampleSigner('page.example')
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), signer.vkey.publicKey])
    for (let round = 0; round < 60; round += 1) {
      const message = some(next(100))
      const signature = Uint8Array.from(signer.sign(message))
      if (round % 2 === 1) signature[next(64)] = (signature[next(64)] ?? 0) ^ (1 << next(8))
      const wanted = nodeVerify(null, message, nodeKey({ key: der, format: 'der', type: 'spki' }), signature)
      expect(verify(null, message, createPublicKey({ key: der }), signature)).toBe(wanted)
    }
    const looked = takeLookedAt()
    expect(looked.filter(({ isValid }) => isValid).length).toBeGreaterThanOrEqual(30)
    expect(await lookAgain(looked)).toEqual({ kind: 'agrees', signatures: 60 })
    const [first, ...others] = looked
    expect(first === undefined ? null : await lookAgain([{ ...first, isValid: !first.isValid }, ...others])).toEqual({ kind: 'disagrees' })
  })
})
