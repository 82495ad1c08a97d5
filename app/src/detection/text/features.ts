// SPDX-License-Identifier: Apache-2.0
import { foldedWord, isWord, unitClass, type Characters } from './characters.ts'

/** How many features a position has. */
export const featureCount = 28
/** Features that see characters, before those that see only classes and words: the trainer hides them now and then. */
export const lexicalCount = 15
/** Rows of the table of weights: 2^18. */
export const rowBits = 18
/** Units beyond either end of a piece that features may ask for. */
const pad = 4
/** How a unit stands in a word of three or four characters. */
const cover = { none: 0, first: 1, inside: 2, last: 3 } as const

/** A piece of text made ready: units with digits and letters folded, classes, and which neighbours form a word. */
export class Piece {
  readonly units: Uint16Array
  readonly classes: Uint8Array
  /** Whether a unit and the next form a word: 1 a word, 2 a frequent one. */
  readonly words: Uint8Array
  readonly covers: Uint8Array
  length = 0

  constructor(longest: number) {
    this.units = new Uint16Array(longest + 2 * pad)
    this.classes = new Uint8Array(longest + 2 * pad)
    this.words = new Uint8Array(longest + 2 * pad)
    this.covers = new Uint8Array(longest + 2 * pad)
  }

  /** Loads `text` from `start` to `end`, at most `longest` units. */
  load(text: string, start: number, end: number, known: Characters): void {
    this.length = end - start
    const { units, classes } = this
    const last = this.length + pad
    for (let at = pad; at < last; at++) {
      const unit = text.charCodeAt(start + at - pad)
      const kind = known.classes[unit] ?? 0
      classes[at] = kind
      units[at] = kind === unitClass.digit ? 0x30 : kind === unitClass.lower || kind === unitClass.upper ? 0x61 : unit
    }
    for (let at = 0; at < pad; at++) {
      units[at] = units[last + at] = 0
      classes[at] = classes[last + at] = 0
    }
    this.loadWords(last, known)
  }

  private loadWords(last: number, known: Characters): void {
    const { units, classes, words, covers } = this
    words.fill(0, 0, last + pad)
    covers.fill(0, 0, last + pad)
    let han = 0
    let covered = 0
    for (let at = last - 1; at >= pad; at--) {
      if ((classes[at] ?? 0) < unitClass.han) {
        han = 0
        continue
      }
      han++
      const one = units[at] ?? 0, two = units[at + 1] ?? 0
      if (han >= 2 && isWord(known.words, one, two)) words[at] = isWord(known.frequent, one, two) ? 2 : 1
    }
    for (let at = pad; at < last - 2; at++) {
      if (at < covered || (classes[at] ?? 0) < unitClass.han || (classes[at + 1] ?? 0) < unitClass.han || (classes[at + 2] ?? 0) < unitClass.han) continue
      const head = foldedWord(units[at] ?? 0, units[at + 1] ?? 0), third = units[at + 2] ?? 0
      const length = at + 3 < last && isWord(known.long, head, foldedWord(third, units[at + 3] ?? 0)) ? 4 : isWord(known.long, head, foldedWord(third, 0)) ? 3 : 0
      if (length === 0) continue
      covered = at + length
      covers.fill(cover.inside, at + 1, covered - 1)
      covers[at] = cover.first
      covers[covered - 1] = cover.last
    }
  }

  /** The unit at a position, folded; 0 beyond the ends. */
  unitAt(position: number): number {
    return this.units[position + pad] ?? 0
  }

  /** Writes the rows of all features at a position. */
  rows(position: number, rows: Int32Array): void {
    for (let place = 0; place < nearCount; place++) rows[place] = nearRow(place, this.unitAt(position + place - 2))
    this.farRows(position, rows)
  }

  /** Writes the rows of those that see more than one unit. */
  farRows(position: number, rows: Int32Array): void {
    const { units, classes, words, covers } = this
    const i = position + pad
    const z = units[i - 3] ?? 0, a = units[i - 2] ?? 0, b = units[i - 1] ?? 0, c = units[i] ?? 0, d = units[i + 1] ?? 0, e = units[i + 2] ?? 0, f = units[i + 3] ?? 0
    const ka = classes[i - 2] ?? 0, kb = classes[i - 1] ?? 0, kc = classes[i] ?? 0, kd = classes[i + 1] ?? 0, ke = classes[i + 2] ?? 0
    // Six pairs from (i-3, i-2) to (i+2, i+3), two bits each.
    const w = (words[i - 3] ?? 0) | ((words[i - 2] ?? 0) << 2) | ((words[i - 1] ?? 0) << 4) | ((words[i] ?? 0) << 6) | ((words[i + 1] ?? 0) << 8) | ((words[i + 2] ?? 0) << 10)
    const covered = (covers[i - 1] ?? 0) | ((covers[i] ?? 0) << 2) | ((covers[i + 1] ?? 0) << 4)
    const kbcd = (kb << 12) | (kc << 6) | kd, kabc = (ka << 12) | (kb << 6) | kc, kcde = (kc << 12) | (kd << 6) | ke
    rows[5] = rare(5, a, b)
    rows[6] = rare(6, b, c)
    rows[7] = rare(7, c, d)
    rows[8] = rare(8, d, e)
    rows[9] = rare(9, b, d)
    rows[10] = rare(10, e, f)
    rows[11] = rare(11, z, a)
    rows[12] = usual(12, b ^ (c << 15), d)
    rows[13] = usual(13, a | (b << 16), (kc << 6) | kd)
    rows[14] = usual(14, d | (e << 16), (kb << 6) | kc)
    rows[15] = common(15, kbcd, 0)
    rows[16] = common(16, kcde, 0)
    rows[17] = common(17, kabc, 0)
    rows[18] = common(18, (ka << 18) | kbcd, 0)
    rows[19] = common(19, (kb << 18) | kcde, 0)
    rows[20] = common(20, (ka << 24) | (kb << 18) | kcde, 0)
    rows[21] = common(21, w, kc)
    rows[22] = common(22, (w >> 2) & 255, kbcd)
    rows[23] = usual(23, b | (((w >> 4) & 63) << 16), kcde)
    rows[24] = usual(24, d | (((w >> 2) & 63) << 16), kabc)
    rows[25] = common(25, w, (kb << 18) | kcde)
    rows[26] = common(26, covered, (kc << 6) | kd)
    rows[27] = common(27, covered | ((covers[i + 2] ?? 0) << 6) | ((covers[i - 2] ?? 0) << 8), w)
  }
}

// The table is direct: two features may share a row, and training sees the same rows. Templates of few, of many and of very many features have parts of their own
// (the first 65,536 rows, the next, the last 131,072), so that rare triples of characters do not blur what classes say.
function mix(template: number, one: number, two: number): number {
  const hash = Math.imul(one, 0x9e3779b1) + Math.imul(two, 0xc2b2ae35) + Math.imul(template + 1, 0x7feb352d)
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
}
/** The first features see one unit each, from two before the position to two after it. */
export const nearCount = 5
/** The row of a unit that stands at one of these places. */
export const nearRow = (place: number, unit: number): number => common(place, unit, 0)
const common = (template: number, one: number, two: number): number => mix(template, one, two) >>> 16
const usual = (template: number, one: number, two: number): number => 65_536 + (mix(template, one, two) >>> 16)
const rare = (template: number, one: number, two: number): number => 131_072 + (mix(template, one, two) >>> 15)
