// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { encodeQr } from './encode-qr.rules.ts'

/** A reader of its own, written from ISO/IEC 18004 and sharing nothing with the encoder: finds the mask from the format bits, reads the modules, checks every block by its syndromes, decodes the letters. */
function readQr(rows: readonly (readonly boolean[])[]): string {
  const size = rows.length
  const version = (size - 17) / 4
  const dark = (r: number, c: number): number => (rows[r]?.[c] === true ? 1 : 0)
  const places = [[8, 0], [8, 1], [8, 2], [8, 3], [8, 4], [8, 5], [8, 7], [8, 8], [7, 8], [5, 8], [4, 8], [3, 8], [2, 8], [1, 8], [0, 8]] as const
  const format = places.reduce((bits, [r, c]) => bits * 2 + dark(r, c), 0) ^ 0b101010000010010
  const mask = (format >> 10) & 7
  expect(format >> 13).toBe(0) // level M
  const masks = [(i: number, j: number) => (i + j) % 2, (i: number) => i % 2, (_: number, j: number) => j % 3, (i: number, j: number) => (i + j) % 3, (i: number, j: number) => ((i >> 1) + Math.floor(j / 3)) % 2, (i: number, j: number) => ((i * j) % 2) + ((i * j) % 3), (i: number, j: number) => (((i * j) % 2) + ((i * j) % 3)) % 2, (i: number, j: number) => (((i + j) % 2) + ((i * j) % 3)) % 2]
  const centre = version === 1 ? null : size - 7
  const isFixed = (r: number, c: number): boolean =>
    r === 6 || c === 6 || (r < 9 && c < 9) || (r < 9 && c >= size - 8) || (r >= size - 8 && c < 9) || (centre !== null && Math.abs(r - centre) <= 2 && Math.abs(c - centre) <= 2)
  const bits: number[] = []
  for (let pair = 0, right = size - 1; right > 0; right -= 2, pair++) {
    if (right === 6) right--
    for (let k = 0; k < size; k++) {
      const r = pair % 2 === 0 ? size - 1 - k : k
      for (const c of [right, right - 1]) if (!isFixed(r, c)) bits.push(dark(r, c) ^ (masks[mask]?.(r, c) === 0 ? 1 : 0))
    }
  }
  const bytes = Array.from({ length: Math.floor(bits.length / 8) }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0))
  return lettersOf(dataOf(bytes, version))
}

const shapes = [[1, 16, 10], [1, 28, 16], [1, 44, 26], [2, 32, 18], [2, 43, 24], [4, 27, 16]] as const

function dataOf(bytes: readonly number[], version: number): number[] {
  const [count, data, check] = shapes[version - 1] ?? [0, 0, 0]
  const blocks = Array.from({ length: count }, (_, b) => Array.from({ length: data + check }, (__, i) => (i < data ? bytes[i * count + b] : bytes[data * count + (i - data) * count + b]) ?? -1))
  const product = (a: number, b: number): number => {
    let [x, y, sum] = [a, b, 0]
    for (; y > 0; y >>= 1, x = x & 128 ? ((x << 1) ^ 0x11d) & 255 : x << 1) if (y & 1) sum ^= x
    return sum
  }
  for (const block of blocks) {
    let root = 1
    for (let k = 0; k < check; k++, root = product(root, 2)) expect(block.reduce((sum, byte) => product(sum, root) ^ byte, 0)).toBe(0) // every syndrome is zero
  }
  return blocks.flatMap((block) => block.slice(0, data))
}

function lettersOf(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  expect(bits.slice(0, 4)).toBe('0010')
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
  const length = Number.parseInt(bits.slice(4, 13), 2)
  let text = ''
  for (let at = 13; text.length < length; ) {
    const isPair = length - text.length > 1
    const value = Number.parseInt(bits.slice(at, at + (isPair ? 11 : 6)), 2)
    text += isPair ? (alphabet[Math.floor(value / 45)] ?? '?') + (alphabet[value % 45] ?? '?') : (alphabet[value] ?? '?')
    at += isPair ? 11 : 6
  }
  return text
}

describe('the QR code at the foot of a paper', () => {
  test('every version reads back, with all its check bytes right', () => {
    for (const text of ['A', 'HELLO WORLD', 'X1Y2'.repeat(9), 'Z9:'.repeat(20), `HANDOVER/PAPER/1/${'AB12'.repeat(16)}`, 'X1Y2'.repeat(30), 'QWERT'.repeat(30)]) expect(readQr(encodeQr(text))).toBe(text)
  })

  test('a text that a code of version 6 cannot hold, or a letter outside the set, is refused', () => {
    expect(() => encodeQr('A'.repeat(155))).toThrow(RangeError)
    expect(() => encodeQr('abc')).toThrow(RangeError)
  })
})
