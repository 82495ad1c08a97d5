// SPDX-License-Identifier: Apache-2.0
import { unitClass } from './characters.ts'
import { featureCount, Piece } from './features.ts'
import { labelCount, labels } from './labels.ts'
import type { Model } from './model.ts'
import { RowSums } from './row-sums.ts'

const longest = 400

/** Finds names, addresses and organisations: weights of features are added up for every character, and the best sequence of labels is taken (Viterbi). Time is linear in the text, memory constant. */
export class Tagger {
  private readonly model: Model
  private readonly weights: RowSums
  private readonly piece = new Piece(longest)
  private readonly choices = new Uint8Array(longest)

  constructor(model: Model) {
    this.model = model
    this.weights = new RowSums(model.weights, longest)
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
      const previous = previousLabel(label, choice)
      if (label === labels.nameEnd || label === labels.organisationEnd || (label === labels.address && until < 0)) until = at + 1
      if (label === labels.nameSingle) spans.push(at, at + 1, 1)
      else if (label === labels.nameBegin) spans.push(at, until, 1)
      else if (label === labels.address && (at === 0 || previous !== labels.address)) spans.push(at, until, 2)
      else if (label === labels.organisation && (at === 0 || previous !== labels.organisation)) spans.push(at, until, 3)
      if (isEnding(previous) && previous !== label) until = -1
      label = previous
    }
    for (let at = spans.length - 3; at >= 0; at -= 3) found(start + (spans[at] ?? 0), start + (spans[at + 1] ?? 0), spans[at + 2] ?? 0)
  }

  /** Leaves in `choices`, for every position, the best ending before it (4 bits), whether a name's inside is better reached from the inside (16), and whether an organisation goes on (32). Answers the best last label. The 128 that stands for nothing is the same for all labels. */
  private decode(length: number): number {
    const { choices, weights, piece } = this
    const { rows, sums } = weights
    for (let at = 0, row = 0; at < length; at++, row += featureCount) piece.rows(at, rows, row)
    weights.add(length)
    let outside = 0, nameBegin = impossible, nameInside = impossible, nameEnd = impossible, nameSingle = impossible, address = impossible, organisation = impossible, organisationEnd = impossible
    for (let at = 0, sum = 0; at < length; at++, sum += labelCount) {
      let best = outside
      let choice: number = labels.outside
      if (nameEnd > best) { best = nameEnd; choice = labels.nameEnd }
      if (nameSingle > best) { best = nameSingle; choice = labels.nameSingle }
      if (address > best) { best = address; choice = labels.address }
      if (organisationEnd > best) { best = organisationEnd; choice = labels.organisationEnd }
      let name = nameBegin + longNameBonus
      if (nameInside > name) { name = nameInside; choice |= 16 }
      const lastName = nameInside > nameBegin ? nameInside : nameBegin
      if (nameInside > nameBegin) choice |= 64
      let firm = best
      if (organisation > firm) { firm = organisation; choice |= 32 }
      choices[at] = choice
      organisationEnd = organisation + (sums[sum + labels.organisationEnd] ?? 0)
      organisation = firm + (sums[sum + labels.organisation] ?? 0)
      outside = best + (sums[sum + labels.outside] ?? 0)
      nameEnd = lastName + (sums[sum + labels.nameEnd] ?? 0)
      nameInside = name + (sums[sum + labels.nameInside] ?? 0)
      nameBegin = best + (sums[sum + labels.nameBegin] ?? 0) + nameBonus
      nameSingle = best + (sums[sum + labels.nameSingle] ?? 0) + nameBonus
      address = best + (sums[sum + labels.address] ?? 0)
    }
    let last: number = labels.outside
    let most = outside
    if (nameEnd > most) { most = nameEnd; last = labels.nameEnd }
    if (nameSingle > most) { most = nameSingle; last = labels.nameSingle }
    if (address > most) { most = address; last = labels.address }
    return organisationEnd > most ? labels.organisationEnd : last
  }
}

// A name that is missed costs more than a word that is taken for one: whoever looks at the evidence sees the latter.
const nameBonus = 60
// One of two characters is a chance pair more often than a longer one.
const longNameBonus = 60

const impossible = -1_000_000_000

const isBreak = (kind: number): boolean => kind === unitClass.stop
const isEnding = (label: number): boolean => label !== labels.nameBegin && label !== labels.nameInside && label !== labels.organisation

function previousLabel(label: number, choice: number): number {
  switch (label) {
    case labels.nameInside: return (choice & 16) === 0 ? labels.nameBegin : labels.nameInside
    case labels.nameEnd: return (choice & 64) === 0 ? labels.nameBegin : labels.nameInside
    case labels.organisation: return (choice & 32) === 0 ? choice & 15 : labels.organisation
    case labels.organisationEnd: return labels.organisation
    default: return choice & 15
  }
}
