// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { areDigits, fourDigits, sameBytes, threeDigits, twoDigits, weighed, weightsOf } from './read-words.rules.ts'

const viewOf = (text: string): DataView => {
  const bytes = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(4)])
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

describe('four bytes at once', () => {
  it('spell every number of four digits, at any place', () => {
    for (let number = 0; number < 10_000; number++) {
      const text = String(number).padStart(4, '0')
      const view = viewOf(`x${text}y`)
      expect([fourDigits(view, 1), threeDigits(view, 2), twoDigits(view, 3)]).toEqual([number, number % 1000, number % 100])
    }
  })

  it('weigh their digits, with the largest weights too', () => {
    const [even = 0, odd = 0] = weightsOf([30, 29, 28, 27])
    for (const text of ['0000', '9999', '1000', '0100', '0010', '0001', '8273']) {
      expect(weighed(viewOf(text).getInt32(0, true), even, odd)).toBe([...text].reduce((sum, digit, i) => sum + Number(digit) * (30 - i), 0))
    }
  })

  it('are digits or not, whatever stands beside', () => {
    for (let place = 0; place < 4; place++) {
      for (let byte = 0; byte < 256; byte++) {
        const word = Buffer.from('5555')
        word.writeUInt8(byte, place)
        expect(areDigits(word.readInt32LE(0)), String(byte)).toBe(byte >= 0x30 && byte <= 0x39)
      }
    }
  })

  it('are compared to the last byte and not beyond', () => {
    for (let length = 1; length < 20; length++) {
      const text = 'abcdefghijklmnopqrstu'.slice(0, length)
      expect(sameBytes(viewOf(`${text}1`), 0, viewOf(`${text}2`), 0, length)).toBe(true)
      for (let at = 0; at < length; at++) expect(sameBytes(viewOf(text), 0, viewOf(`${text.slice(0, at)}#${text.slice(at + 1)}`), 0, length)).toBe(false)
    }
  })
})
