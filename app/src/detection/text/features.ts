// SPDX-License-Identifier: Apache-2.0
import { foldedWord, isWord, unitClass, type Characters } from './characters.ts'

/** How many features a position has. */
export const featureCount = 26
/** Features that see characters, before those that see only classes and words: the trainer hides them now and then. */
export const lexicalCount = 15
// Parts of the table of weights: five rows side by side for each of 2^13 hashes of units, six for each of 2^14 hashes of pairs, 2^16 rows for runs of classes and words, 2^16 for what is rarer.
const pairRows = 5 << 13
const classRows = pairRows + (6 << 14)
const rareRows = classRows + (1 << 16)
/** Rows of the table of weights. */
export const rowCount = rareRows + (1 << 16)
/** Units beyond either end of a piece that features may ask for. */
const pad = 4
/** How a unit stands in a word of three or four characters. */
const cover = { none: 0, first: 1, inside: 2, last: 3 } as const

/** A piece of text made ready: units with digits, letters and full-width forms folded, classes, which neighbours form a word, and the hashes that several positions share. */
export class Piece {
  readonly units: Uint16Array
  readonly classes: Uint8Array
  /** Whether a unit and the next form a word: 1 a word, 2 a frequent one. */
  readonly words: Uint8Array
  readonly covers: Uint8Array
  private readonly singles: Int32Array
  private readonly pairs: Int32Array
  private readonly hashes: Int32Array
  private readonly classHashes: Int32Array
  length = 0

  constructor(longest: number) {
    this.units = new Uint16Array(longest + 2 * pad)
    this.classes = new Uint8Array(longest + 2 * pad)
    this.words = new Uint8Array(longest + 2 * pad)
    this.covers = new Uint8Array(longest + 2 * pad)
    this.singles = new Int32Array(longest + 2 * pad)
    this.pairs = new Int32Array(longest + 2 * pad)
    this.hashes = new Int32Array(longest + 2 * pad)
    this.classHashes = new Int32Array(longest + 2 * pad)
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
      units[at] = kind === unitClass.digit ? 0x30 : kind === unitClass.lower || kind === unitClass.upper ? 0x61 : unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit
    }
    for (let at = 0; at < pad; at++) {
      units[at] = units[last + at] = 0
      classes[at] = classes[last + at] = 0
    }
    this.loadWords(last, known)
    this.loadHashes(last + pad - 1)
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

  // What single units and pairs say at the several places where a position sees them lies side by side, so that a character fetches one line of memory for all of them.
  private loadHashes(last: number): void {
    const { units, classes, singles, pairs, hashes, classHashes } = this
    let unit = units[0] ?? 0, a = 0, b = 0, c = classes[0] ?? 0
    for (let at = 0; at < last; at++) {
      const next = units[at + 1] ?? 0, d = classes[at + 1] ?? 0
      const own = Math.imul(unit, 0x9e3779b1)
      const pair = mixed((own + Math.imul(next, 0xc2b2ae35)) | 0)
      singles[at] = (mixed(own) >>> 19) * 5
      pairs[at] = pairRows + (pair >>> 18) * 6
      hashes[at] = pair
      classHashes[at] = (a << 18) | (b << 12) | (c << 6) | d
      unit = next
      a = b
      b = c
      c = d
    }
  }

  /** Writes the rows of all features at a position, from a place in `rows` on. */
  rows(position: number, rows: Int32Array, from = 0): void {
    const { units, classes, words, covers, singles, pairs, hashes, classHashes } = this
    const i = position + pad
    const b = units[i - 1] ?? 0, d = units[i + 1] ?? 0
    const kc = classes[i] ?? 0
    // Six pairs from (i-3, i-2) to (i+2, i+3), two bits each.
    const w = (words[i - 3] ?? 0) | ((words[i - 2] ?? 0) << 2) | ((words[i - 1] ?? 0) << 4) | ((words[i] ?? 0) << 6) | ((words[i + 1] ?? 0) << 8) | ((words[i + 2] ?? 0) << 10)
    const covered = (covers[i - 1] ?? 0) | ((covers[i] ?? 0) << 2) | ((covers[i + 1] ?? 0) << 4)
    const abcd = classHashes[i] ?? 0, bcde = classHashes[i + 1] ?? 0 // four classes of six bits each, from two before to one after, and one further
    const bcd = abcd & 0x3ffff, cde = bcde & 0x3ffff, abc = abcd >>> 6
    rows[from] = singles[i - 2] ?? 0
    rows[from + 1] = (singles[i - 1] ?? 0) + 1
    rows[from + 2] = (singles[i] ?? 0) + 2
    rows[from + 3] = (singles[i + 1] ?? 0) + 3
    rows[from + 4] = (singles[i + 2] ?? 0) + 4
    rows[from + 5] = pairs[i - 3] ?? 0
    rows[from + 6] = (pairs[i - 2] ?? 0) + 1
    rows[from + 7] = (pairs[i - 1] ?? 0) + 2
    rows[from + 8] = (pairs[i] ?? 0) + 3
    rows[from + 9] = (pairs[i + 1] ?? 0) + 4
    rows[from + 10] = (pairs[i + 2] ?? 0) + 5
    rows[from + 11] = rare((b << 16) | d, 1)
    rows[from + 12] = rare(hashes[i - 1] ?? 0, d + 2)
    rows[from + 13] = rare(hashes[i - 2] ?? 0, (bcd & 0xfff) | 0x20000)
    rows[from + 14] = rare(hashes[i + 1] ?? 0, (bcd >>> 6) | 0x30000)
    rows[from + 15] = common(bcd, 1)
    rows[from + 16] = common(abcd, 2)
    rows[from + 17] = common(bcde, 3)
    rows[from + 18] = common(bcde, (abcd >>> 18) | 0x40)
    rows[from + 19] = common(w, kc | 0x80)
    rows[from + 20] = common((w >> 2) & 255, bcd | 0x100000)
    rows[from + 21] = common(w, bcde | 0x2000000)
    rows[from + 22] = common(covered, (bcd & 0xfff) | 0x300000)
    rows[from + 23] = common(covered | ((covers[i + 2] ?? 0) << 6) | ((covers[i - 2] ?? 0) << 8), w | 0x400000)
    rows[from + 24] = rare(b | (((w >> 4) & 63) << 16), cde | 0x400000)
    rows[from + 25] = rare(d | (((w >> 2) & 63) << 16), abc | 0x800000)
  }
}

const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)

// The table is direct: two features may share a row, and training sees the same rows. Classes and words have a part of their own, so that rare characters do not blur what they say.
const hashed = (one: number, two: number): number => mixed((Math.imul(one, 0x9e3779b1) + Math.imul(two, 0xc2b2ae35)) | 0) >>> 16
const common = (one: number, two: number): number => classRows + hashed(one, two)
const rare = (one: number, two: number): number => rareRows + hashed(one, two)
