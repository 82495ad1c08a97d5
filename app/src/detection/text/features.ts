// SPDX-License-Identifier: Apache-2.0
import { isWord, unitClass, type Characters } from './characters.ts'

/** How many features a position has. */
export const featureCount = 26
/** Features that see characters, before those that see only classes and words: the trainer hides them now and then. */
export const lexicalCount = 15
/** Rows of the table of weights: 2^18. */
export const rowBits = 18

// Which part of the table a template uses: 0 the first 65,536 rows, 1 the next, 2 the last 131,072.
const parts = Uint8Array.from([0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0])

/** Units beyond either end of a piece that features may ask for. */
const pad = 4

/** A piece of text made ready: units with digits and letters folded, classes, and which neighbours form a word. */
export class Piece {
  readonly units: Uint16Array
  readonly classes: Uint8Array
  readonly words: Uint8Array
  length = 0

  constructor(longest: number) {
    this.units = new Uint16Array(longest + 2 * pad)
    this.classes = new Uint8Array(longest + 2 * pad)
    this.words = new Uint8Array(longest + 2 * pad)
  }

  /** Loads `text` from `start` to `end`, at most `longest` units. */
  load(text: string, start: number, end: number, known: Characters): void {
    this.length = end - start
    const { units, classes, words } = this
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
    for (let at = pad; at < last; at++) {
      words[at] = (classes[at] ?? 0) >= unitClass.han && (classes[at + 1] ?? 0) >= unitClass.han && isWord(known.words, units[at] ?? 0, units[at + 1] ?? 0) ? 1 : 0
    }
    for (let at = 0; at < pad; at++) words[at] = words[last + at] = 0
    words[last - 1] = 0
  }

  /** Writes the rows of the features at a position. */
  rows(position: number, rows: Int32Array): void {
    const { units, classes, words } = this
    const i = position + pad
    const a = units[i - 2] ?? 0, b = units[i - 1] ?? 0, c = units[i] ?? 0, d = units[i + 1] ?? 0, e = units[i + 2] ?? 0
    const ka = classes[i - 2] ?? 0, kb = classes[i - 1] ?? 0, kc = classes[i] ?? 0, kd = classes[i + 1] ?? 0, ke = classes[i + 2] ?? 0
    const before = (words[i - 3] ?? 0) | ((words[i - 2] ?? 0) << 1) | ((words[i - 1] ?? 0) << 2)
    const after = (words[i] ?? 0) | ((words[i + 1] ?? 0) << 1) | ((words[i + 2] ?? 0) << 2)
    const w = before | (after << 3)
    rows[0] = mix(0, a, 0)
    rows[1] = mix(1, b, 0)
    rows[2] = mix(2, c, 0)
    rows[3] = mix(3, d, 0)
    rows[4] = mix(4, e, 0)
    rows[5] = mix(5, a, b)
    rows[6] = mix(6, b, c)
    rows[7] = mix(7, c, d)
    rows[8] = mix(8, d, e)
    rows[9] = mix(9, b, d)
    rows[10] = mix(10, e, units[i + 3] ?? 0)
    rows[11] = mix(11, units[i - 3] ?? 0, a)
    rows[12] = mix(12, b ^ (c << 15), d)
    rows[13] = mix(13, a | (b << 16), (kc << 6) | kd)
    rows[14] = mix(14, d | (e << 16), (kb << 6) | kc)
    rows[15] = mix(15, (kb << 12) | (kc << 6) | kd, 0)
    rows[16] = mix(16, (kc << 12) | (kd << 6) | ke, 0)
    rows[17] = mix(17, (ka << 12) | (kb << 6) | kc, 0)
    rows[18] = mix(18, (ka << 18) | (kb << 12) | (kc << 6) | kd, 0)
    rows[19] = mix(19, (kb << 18) | (kc << 12) | (kd << 6) | ke, 0)
    rows[20] = mix(20, (ka << 24) | (kb << 18) | (kc << 12) | (kd << 6) | ke, 0)
    rows[21] = mix(21, w, kc)
    rows[22] = mix(22, (w >> 1) & 15, (kb << 12) | (kc << 6) | kd)
    rows[23] = mix(23, b | (((w >> 2) & 7) << 16), (kc << 12) | (kd << 6) | ke)
    rows[24] = mix(24, d | (((w >> 1) & 7) << 16), (ka << 12) | (kb << 6) | kc)
    rows[25] = mix(25, w, (kb << 18) | (kc << 12) | (kd << 6) | ke)
  }
}

// The table is direct: two features may share a row, and training sees the same rows. Templates of few, of many and of very many features have parts of their own,
// so that rare triples of characters do not blur what classes say.
function mix(template: number, one: number, two: number): number {
  let hash = Math.imul(one, 0x9e3779b1) + Math.imul(template + 1, 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) + Math.imul(two, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f)
  const part = parts[template] ?? 0
  return part === 2 ? (1 << 17) + (hash >>> 15) : (part << 16) + (hash >>> 16)
}
