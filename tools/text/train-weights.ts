// SPDX-License-Identifier: Apache-2.0
import { before, endings, featureCount, labelCount, labels, lexicalCount, Piece, rowCount, type Characters } from '../../app/src/detection/text/index.ts'
import { Choices } from './random.ts'
import type { Marked } from './write-sentences.ts'

const longest = 400
const margin = 3
const impossible = -1e9

/** An averaged structured perceptron (Collins 2002) with a margin: learns sentence by sentence, and gives the mean of all its weights. */
export class TaggerTrainer {
  private readonly size = rowCount * labelCount
  private readonly now = new Float32Array(this.size)
  private readonly total = new Float64Array(this.size)
  private readonly piece = new Piece(longest)
  private readonly rows = new Int32Array(longest * featureCount)
  private readonly scores = new Float64Array(longest * labelCount)
  private readonly from = new Uint8Array(longest * labelCount)
  private readonly random: Choices
  private readonly characters: Characters
  private step = 0

  constructor(characters: Characters, seed: number) {
    this.characters = characters
    this.random = new Choices(seed + 2)
  }

  /** Learns one sentence; says whether it was right with its margin already. */
  learn(sentence: Marked): boolean {
    const length = Math.min(sentence.text.length, longest)
    if (length === 0) return true
    const gold = goldLabels(sentence, length)
    this.loadRows(sentence.text, length)
    this.step++
    const found = this.decode(length, gold)
    let isRight = true
    for (let at = 0; at < length; at++) {
      if (found[at] === gold[at]) continue
      isRight = false
      this.update(at, gold[at] ?? 0, 1)
      this.update(at, found[at] ?? 0, -1)
    }
    return isRight
  }

  /** The mean of each weight over all steps. */
  means(): Float64Array {
    return this.total.map((sum, index) => (this.now[index] ?? 0) - sum / (this.step + 1))
  }

  // Rows of hidden features are -1. In one sentence of four most characters are hidden, so that classes and words have to carry what is unknown.
  private loadRows(text: string, length: number): void {
    const { random, rows, piece } = this
    piece.load(text, 0, length, this.characters)
    const hideLexical = random.chance(0.25) ? 0.7 : 0.12
    const isHidden = Uint8Array.from({ length: featureCount }, (_, feature) => (random.chance(feature < lexicalCount ? hideLexical : 0.1) ? 1 : 0))
    const view = new Int32Array(featureCount)
    for (let at = 0; at < length; at++) {
      piece.rows(at, view)
      for (let feature = 0; feature < featureCount; feature++) rows[at * featureCount + feature] = isHidden[feature] === 1 ? -1 : (view[feature] ?? 0)
    }
  }

  private update(at: number, label: number, by: number): void {
    for (let feature = 0; feature < featureCount; feature++) {
      const row = this.rows[at * featureCount + feature] ?? -1
      if (row < 0) continue
      const index = row * labelCount + label
      this.now[index] = (this.now[index] ?? 0) + by
      this.total[index] = (this.total[index] ?? 0) + by * this.step
    }
  }

  private decode(length: number, gold: Uint8Array): Uint8Array {
    const { scores, from } = this
    for (let at = 0; at < length; at++) {
      const here = at * labelCount
      for (let label = 0; label < labelCount; label++) {
        const canStart = label !== labels.nameInside && label !== labels.nameEnd && label !== labels.organisationEnd
        if (at > 0) {
          const previous = bestBefore(scores, here - labelCount, label)
          from[here + label] = previous
          scores[here + label] = (scores[here - labelCount + previous] ?? 0) + (gold[at] === label ? 0 : margin)
        } else scores[here + label] = (canStart ? 0 : impossible) + (gold[at] === label ? 0 : margin)
      }
      this.addWeights(here, at)
    }
    return path(scores, from, length)
  }

  private addWeights(here: number, at: number): void {
    const { scores, now, rows } = this
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0
    for (let feature = at * featureCount, last = feature + featureCount; feature < last; feature++) {
      const row = (rows[feature] ?? -1) * labelCount
      if (row < 0) continue
      a += now[row] ?? 0
      b += now[row + 1] ?? 0
      c += now[row + 2] ?? 0
      d += now[row + 3] ?? 0
      e += now[row + 4] ?? 0
      f += now[row + 5] ?? 0
      g += now[row + 6] ?? 0
      h += now[row + 7] ?? 0
    }
    for (const [label, sum] of [a, b, c, d, e, f, g, h].entries()) scores[here + label] = (scores[here + label] ?? 0) + sum
  }
}

/** The mean of several trainers' weights in whole steps of one byte, 128 for nothing: what each learned of its own sentences alone falls away (parameter mixing, McDonald 2010). */
export function mixedWeights(trained: readonly Float64Array[]): Uint8Array {
  const mean = new Float64Array(rowCount * labelCount)
  for (const one of trained) for (let index = 0; index < mean.length; index++) mean[index] = (mean[index] ?? 0) + (one[index] ?? 0) / trained.length
  const sizes = mean.filter((value) => value !== 0).map(Math.abs).sort()
  const largest = sizes[Math.floor(sizes.length * 0.9995)] ?? 1
  return Uint8Array.from(mean, (value) => 128 + Math.max(-128, Math.min(127, Math.round((value / largest) * 127))))
}

/** Of the labels that may come before a label, the one with the best score. */
function bestBefore(scores: Float64Array, previousRow: number, label: number): number {
  let best = -1
  for (const one of before[label] ?? []) if (best < 0 || (scores[previousRow + one] ?? 0) > (scores[previousRow + best] ?? 0)) best = one
  return best
}

function path(scores: Float64Array, from: Uint8Array, length: number): Uint8Array {
  const found = new Uint8Array(length)
  let label: number = labels.outside
  for (const end of endings) if ((scores[(length - 1) * labelCount + end] ?? 0) > (scores[(length - 1) * labelCount + label] ?? 0)) label = end
  for (let at = length - 1; at >= 0; at--) {
    found[at] = label
    label = from[at * labelCount + label] ?? 0
  }
  return found
}

function goldLabels(sentence: Marked, length: number): Uint8Array {
  const gold = new Uint8Array(length)
  for (const [start, end, kind] of sentence.spans) {
    if (end > length) continue
    if (kind === 2) gold.fill(labels.address, start, end)
    else if (end - start > 1) {
      gold.fill(kind === 1 ? labels.nameInside : labels.organisation, start, end)
      if (kind === 1) gold[start] = labels.nameBegin
      gold[end - 1] = kind === 1 ? labels.nameEnd : labels.organisationEnd
    } else if (kind === 1) gold[start] = labels.nameSingle
  }
  return gold
}
