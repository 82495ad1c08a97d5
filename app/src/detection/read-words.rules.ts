// SPDX-License-Identifier: Apache-2.0

// Four bytes of a value at once: digits as numbers, sums of digits times weights (PERFORMANCE.md §3.1). Views are read in little-endian order.

/** The number that the four digits of a word spell. */
export function fourOf(word: number): number {
  const pairs = (Math.imul(word & 0x0f0f0f0f, 0xa01) >>> 8) & 0x00ff00ff
  return Math.imul(pairs, 0x640001) >>> 16
}

/** The number that four digits spell. */
export function fourDigits(view: DataView, at: number): number {
  return fourOf(view.getInt32(at, true))
}

/** The number that two digits spell. */
export function twoDigits(view: DataView, at: number): number {
  return (view.getUint8(at) & 15) * 10 + (view.getUint8(at + 1) & 15)
}

/** The number that three digits spell. */
export function threeDigits(view: DataView, at: number): number {
  return (view.getUint8(at) & 15) * 100 + (view.getUint8(at + 1) & 15) * 10 + (view.getUint8(at + 2) & 15)
}

/** Whether all four bytes of a word are digits. */
export function areDigits(word: number): boolean {
  return (word & 0xf0f0f0f0) === 0x30303030 && ((word + 0x06060606) & 0xf0f0f0f0) === 0x30303030
}

/** Weights made ready for `weighed`, two numbers for four digits in a row. */
export function weightsOf(weights: readonly number[]): Int32Array {
  const made: number[] = []
  for (let i = 0; i + 4 <= weights.length; i += 4) made.push((weights[i + 2] ?? 0) | ((weights[i] ?? 0) << 16), (weights[i + 3] ?? 0) | ((weights[i + 1] ?? 0) << 16))
  return Int32Array.from(made)
}

/** The sum of the four digits of a word, each times its weight. */
export function weighed(word: number, even: number, odd: number): number {
  return (Math.imul(word & 0x000f000f, even) + Math.imul((word >>> 8) & 0x000f000f, odd)) >>> 16
}

/** Whether the same bytes stand at both places. Both views reach four bytes beyond. */
export function sameBytes(a: DataView, from: number, b: DataView, to: number, length: number): boolean { // oxlint-disable-line max-params -- called for every cell
  let at = 0
  for (; at + 4 <= length; at += 4) if (a.getInt32(from + at, true) !== b.getInt32(to + at, true)) return false
  return at === length || ((a.getInt32(from + at, true) ^ b.getInt32(to + at, true)) & ((1 << ((length - at) * 8)) - 1)) === 0
}
