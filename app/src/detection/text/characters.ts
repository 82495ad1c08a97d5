// SPDX-License-Identifier: Apache-2.0
import { plainUnit } from '../normalise-text.ts'

/** What the tagger knows of characters and words: a class for every UTF-16 unit, and filters of words (Bloom filters of 2^20 bits with two probes). */
export interface Characters {
  /** 65,536 classes below 64. */
  classes: Uint8Array
  /** Pairs of characters that are words. */
  words: Uint8Array
  /** Those of them that are frequent. */
  frequent: Uint8Array
  /** Words of three and four characters, folded to two numbers by `foldedWord`. */
  long: Uint8Array
}

/** Classes of units that are not Chinese characters; Chinese ones are `han` plus what names show of them. */
export const unitClass = { none: 0, digit: 1, lower: 2, upper: 3, dot: 4, stop: 5, pause: 6, colon: 7, open: 8, close: 9, space: 10, sign: 11, kana: 12, han: 16 } as const

const bloomBits = 20

/** Bytes of the filter of words. */
export const wordBytes = 1 << (bloomBits - 3)

/** The class of a unit that is no Chinese character. */
export function plainClass(wide: number): number {
  const unit = plainUnit(wide)
  if (unit >= 0x30 && unit <= 0x39) return unitClass.digit
  if (unit >= 0x61 && unit <= 0x7a) return unitClass.lower
  if (unit >= 0x41 && unit <= 0x5a) return unitClass.upper
  const one = String.fromCharCode(unit)
  if ('·•・'.includes(one)) return unitClass.dot
  if ('。!?;！？；…\n\r'.includes(one)) return unitClass.stop
  if (',，'.includes(one)) return unitClass.pause
  if (one === '、') return unitClass.sign
  if (':：'.includes(one)) return unitClass.colon
  if ('“‘「『《【([（〈'.includes(one)) return unitClass.open
  if ('”’」』》】)]）〉'.includes(one)) return unitClass.close
  if (one === ' ' || one === '\t' || unit === 0x3000) return unitClass.space
  return unit >= 0x3040 && unit <= 0x30ff ? unitClass.kana : unitClass.none
}

const firstProbe = (first: number, second: number): number => (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - bloomBits)
const secondProbe = (first: number, second: number): number => (Math.imul(first, 0xc2b2ae35) + Math.imul(second, 0x27d4eb2f)) >>> (32 - bloomBits)

/** Notes a pair of characters as an ordinary word. */
export function addWord(words: Uint8Array, first: number, second: number): void {
  for (const bit of [firstProbe(first, second), secondProbe(first, second)]) words[bit >> 3] = (words[bit >> 3] ?? 0) | (1 << (bit & 7))
}

/** Three or four characters (the fourth 0) as two numbers, so that they are looked up as a pair is. */
export const foldedWord = (first: number, second: number): number => (first << 16) | second

/** Whether a pair of characters is an ordinary word; about one other pair in a hundred is taken for one. */
export function isWord(words: Uint8Array, first: number, second: number): boolean {
  const one = firstProbe(first, second)
  if ((((words[one >> 3] ?? 0) >> (one & 7)) & 1) === 0) return false
  const two = secondProbe(first, second)
  return (((words[two >> 3] ?? 0) >> (two & 7)) & 1) !== 0
}
