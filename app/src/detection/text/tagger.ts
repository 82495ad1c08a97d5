// SPDX-License-Identifier: Apache-2.0
import { unitClass } from './characters.ts'
import { featureCount, nearCount, nearRow, Piece } from './features.ts'
import { labels, rowBytes } from './labels.ts'
import type { Model } from './model.ts'

const longest = 400
const words = rowBytes / 4
const sumCount = 11

/** Finds names, addresses and organisations: weights of features are added up for every character, and the best sequence of labels is taken (Viterbi). Time is linear in the text, memory constant. */
export class Tagger {
  private readonly model: Model
  private readonly weights: Int32Array
  private readonly piece = new Piece(longest)
  private readonly rows = new Int32Array(featureCount)
  private readonly choices = new Uint8Array(longest)
  private readonly sums = new Int32Array(sumCount)
  private readonly near = new Int32Array(65_536 * nearWords)

  constructor(model: Model) {
    this.model = model
    const aligned = model.weights.byteOffset % 4 === 0 ? model.weights : model.weights.slice()
    this.weights = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
  }

  /** Calls `found` with start, end (exclusive) and kind (1 name, 2 address, 3 organisation) of every span, in order. */
  tag(text: string, found: (start: number, end: number, kind: number) => void): void {
    const { classes } = this.model.characters
    let start = 0
    while (start < text.length) {
      let end = start
      let hasHan = false
      const last = Math.min(text.length, start + longest)
      while (end < last && (end < start + 60 || !isBreak(classes[text.charCodeAt(end - 1)] ?? 0))) hasHan = (classes[text.charCodeAt(end++)] ?? 0) >= unitClass.han || hasHan
      if (hasHan) this.tagPiece(text, start, end, found)
      start = end
    }
  }

  private tagPiece(text: string, start: number, end: number, found: (start: number, end: number, kind: number) => void): void {
    this.piece.load(text, start, end, this.model.characters)
    const length = end - start
    let label = this.decode(length)
    let until = -1
    const spans: number[] = []
    for (let at = length - 1; at >= 0; at--) {
      const choice = this.choices[at] ?? 0
      if (label === labels.nameEnd || label === labels.addressEnd || label === labels.organisationEnd) until = at + 1
      if (label === labels.nameSingle) spans.push(at, at + 1, 1)
      if (label === labels.nameBegin) spans.push(at, until, 1)
      if (label === labels.addressBegin) spans.push(at, until, 2)
      if (label === labels.organisationBegin) spans.push(at, until, 3)
      label = previousLabel(label, choice)
    }
    for (let at = spans.length - 3; at >= 0; at -= 3) found(start + (spans[at] ?? 0), start + (spans[at + 1] ?? 0), spans[at + 2] ?? 0)
  }

  /** Leaves in `choices`, for every position, the best ending before it (4 bits) and for each kind whether its inside is better reached from the inside (3 bits). Answers the best last label. */
  private decode(length: number): number {
    const { sums, choices } = this
    let outside = 0, nameBegin = impossible, nameInside = impossible, nameEnd = impossible, nameSingle = impossible
    let addressBegin = impossible, addressInside = impossible, addressEnd = impossible
    let organisationBegin = impossible, organisationInside = impossible, organisationEnd = impossible
    for (let at = 0; at < length; at++) {
      this.score(at)
      let best = outside
      let choice: number = labels.outside
      if (nameEnd > best) { best = nameEnd; choice = labels.nameEnd }
      if (nameSingle > best) { best = nameSingle; choice = labels.nameSingle }
      if (addressEnd > best) { best = addressEnd; choice = labels.addressEnd }
      if (organisationEnd > best) { best = organisationEnd; choice = labels.organisationEnd }
      let name = nameBegin, address = addressBegin, organisation = organisationBegin
      if (nameInside > name) { name = nameInside; choice |= 16 }
      if (addressInside > address) { address = addressInside; choice |= 32 }
      if (organisationInside > organisation) { organisation = organisationInside; choice |= 64 }
      choices[at] = choice
      outside = best + (sums[0] ?? 0)
      nameBegin = best + (sums[1] ?? 0) + nameBonus
      nameInside = name + (sums[2] ?? 0)
      nameEnd = name + (sums[3] ?? 0)
      nameSingle = best + (sums[4] ?? 0) + nameBonus
      addressBegin = best + (sums[5] ?? 0)
      addressInside = address + (sums[6] ?? 0)
      addressEnd = address + (sums[7] ?? 0)
      organisationBegin = best + (sums[8] ?? 0)
      organisationInside = organisation + (sums[9] ?? 0)
      organisationEnd = organisation + (sums[10] ?? 0)
    }
    const ends: [number, number][] = [[labels.nameEnd, nameEnd], [labels.nameSingle, nameSingle], [labels.addressEnd, addressEnd], [labels.organisationEnd, organisationEnd]]
    return ends.reduce((best, one) => (one[1] > best[1] ? one : best), [labels.outside, outside])[0]
  }

  // Two labels a 32-bit word: 28 features of at most 255 stay below 65,536, so sums of bytes do not touch each other. The 128 that stands for nothing is the same for all labels.
  private score(at: number): void {
    const { rows, sums, weights, near } = this
    this.piece.farRows(at, rows)
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0
    for (let place = 0; place < nearCount; place++) {
      const row = this.nearOf(this.piece.unitAt(at + place - 2)) + place * words
      const x = near[row] ?? 0, y = near[row + 1] ?? 0, z = near[row + 2] ?? 0
      a += x & 0xff00ff
      b += (x >>> 8) & 0xff00ff
      c += y & 0xff00ff
      d += (y >>> 8) & 0xff00ff
      e += z & 0xff00ff
      f += (z >>> 8) & 0xff00ff
    }
    for (let feature = nearCount; feature < featureCount; feature++) {
      const row = (rows[feature] ?? 0) * words
      const x = weights[row] ?? 0, y = weights[row + 1] ?? 0, z = weights[row + 2] ?? 0
      a += x & 0xff00ff
      b += (x >>> 8) & 0xff00ff
      c += y & 0xff00ff
      d += (y >>> 8) & 0xff00ff
      e += z & 0xff00ff
      f += (z >>> 8) & 0xff00ff
    }
    sums[0] = a & 0xffff
    sums[1] = b & 0xffff
    sums[2] = a >>> 16
    sums[3] = b >>> 16
    sums[4] = c & 0xffff
    sums[5] = d & 0xffff
    sums[6] = c >>> 16
    sums[7] = d >>> 16
    sums[8] = e & 0xffff
    sums[9] = f & 0xffff
    sums[10] = e >>> 16
  }

  /** Where the weights of a unit stand, for each of the five places at which a position sees it side by side: one line of memory instead of five; made when the unit first occurs. */
  private nearOf(unit: number): number {
    const start = unit * nearWords
    if (this.near[start + nearWords - 1] === 1) return start
    for (let place = 0; place < nearCount; place++) {
      const row = nearRow(place, unit) * words
      for (let word = 0; word < words; word++) this.near[start + place * words + word] = this.weights[row + word] ?? 0
    }
    this.near[start + nearWords - 1] = 1
    return start
  }
}

/** Words of 32 bits for a unit in `near`: five rows, and whether they were made. */
const nearWords = 16

// A name that is missed costs more than a word that is taken for one: whoever looks at the evidence sees the latter.
const nameBonus = 60

const impossible = -1_000_000_000

const isBreak = (kind: number): boolean => kind === unitClass.stop

function previousLabel(label: number, choice: number): number {
  switch (label) {
    case labels.nameInside: case labels.nameEnd: return (choice & 16) === 0 ? labels.nameBegin : labels.nameInside
    case labels.addressInside: case labels.addressEnd: return (choice & 32) === 0 ? labels.addressBegin : labels.addressInside
    case labels.organisationInside: case labels.organisationEnd: return (choice & 64) === 0 ? labels.organisationBegin : labels.organisationInside
    default: return choice & 15
  }
}
