// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import { holdsIdentifier, inspectText } from './inspect-text.ts'
import { damagedType, maskedTypes } from './mask-value.ts'
import { chars, charsIn, plainText } from './normalise-text.ts'
import { columnCheck } from './recogniser.ts'
import type { CheckOptions, Recogniser } from './recogniser.ts'
import { recognisers } from './recognisers.ts'
import { isoDate } from './recognisers/dates.ts'
import { isTellingLandline } from './recognisers/telephone.ts'

/** A value that was seen, for evidence; it never leaves the worker unmasked. */
export interface SeenValue {
  place: number
  text: string
}

/** How many values of a column are of one type. */
export interface TypeTally {
  matched: number
  masked: number
  damaged: number
  seen: SeenValue[]
}

/** Everything counted about a column: a monoid, so that parts scanned apart give the same answer (PRODUCT.md §4, bulk data). */
export interface ColumnCounts {
  values: number
  empty: number
  notText: number
  tallies: Map<InformationType, TypeTally>
  seen: SeenValue[]
  /** The smallest hashes of values, for an estimate of how many differ. */
  sketch: number[]
  digitsOnly: number
  words: number
  wordsWithIdentifier: number
  wordsInspected: number
  wordsWithSpans: number
  textSeen: SeenValue[]
  oldIds: number
  tellingLandlines: number
  datesWithTime: number
  years: Map<number, number>
  lengthSum: number
  precisionLost: number
}

/** What is odd about a cell, as its reader says. */
export type CellHint = 'precision-lost' | 'number-as-id' | null

const SEEN_MAX = 3
const SKETCH_MAX = 256
const INSPECTED_MAX = 300

/** Counts the values of one column, cell by cell. */
export class ColumnScan {
  readonly counts: ColumnCounts
  private readonly options: CheckOptions

  constructor(counts: ColumnCounts = noCounts()) {
    this.counts = counts
    this.options = columnCheck()
  }

  /** Takes one cell; `place` is its row in the file. Bytes that are no text count as values and are not looked into. */
  add(value: string | Uint8Array | null, place: number, hint: CellHint = null): void {
    const { counts } = this
    if (value === null || value.length === 0) {
      counts.empty++
      return
    }
    counts.values++
    if (typeof value !== 'string') {
      counts.notText++
      return
    }
    const text = plainText(value)
    if (counts.seen.length < SEEN_MAX) counts.seen.push({ place, text: text.slice(0, 200) })
    addToSketch(counts.sketch, hashOf(text))
    counts.lengthSum += text.length
    if (hint === 'precision-lost') counts.precisionLost++
    const kinds = charsIn(text)
    if (kinds === chars.digit) counts.digitsOnly++
    if (text.length <= 254) this.addTyped(text, kinds, { place, isPrecisionLost: hint === 'precision-lost' })
    if (isWords(text, kinds)) this.addWords(text, place)
  }

  private addTyped(text: string, kinds: number, cell: { place: number; isPrecisionLost: boolean }): void {
    const damaged = kinds <= (chars.digit | chars.latin | chars.other) ? damagedType(text, cell.isPrecisionLost) : null
    if (damaged !== null) {
      this.tally(damaged, 'damaged', cell.place, text)
      return
    }
    if ((kinds & chars.star) !== 0 || /[xX•●#某＊×]{2}/.test(text)) for (const type of maskedTypes(text)) this.tally(type, 'masked', cell.place, text)
    for (const recogniser of fitting(text.length, kinds)) {
      const check = recogniser.check(text, this.options)
      if (!check.valid) continue
      this.tally(recogniser.type, 'matched', cell.place, text)
      if (recogniser.type === 'resident-id' && text.length === 15) this.counts.oldIds++
      if (recogniser.type === 'landline' && isTellingLandline(text)) this.counts.tellingLandlines++
      if (recogniser.type === 'birth-date') this.addDate(text)
    }
  }

  private addDate(text: string): void {
    const year = Number((isoDate(text) ?? '0').slice(0, 4))
    this.counts.years.set(year, (this.counts.years.get(year) ?? 0) + 1)
    const time = /[T\s](\d{1,2}):(\d\d)/.exec(text)
    if (time !== null && (time[1] !== '00' || time[2] !== '00')) this.counts.datesWithTime++
  }

  /** Texts: every one is searched for identifiers; names and addresses are looked for in the first few hundred. */
  private addWords(text: string, place: number): void {
    const { counts } = this
    counts.words++
    const holds = holdsIdentifier(text)
    if (holds) counts.wordsWithIdentifier++
    let hasSpans = holds
    if (counts.wordsInspected < INSPECTED_MAX) {
      counts.wordsInspected++
      hasSpans ||= inspectText(text.slice(0, 4000)).some((span) => span[2] === 'person-name' || span[2] === 'address')
      if (hasSpans) counts.wordsWithSpans++
    }
    if (hasSpans && counts.textSeen.length < SEEN_MAX) counts.textSeen.push({ place, text: text.slice(0, 200) })
  }

  private tally(type: InformationType, how: 'matched' | 'masked' | 'damaged', place: number, text: string): void {
    let tally = this.counts.tallies.get(type)
    if (tally === undefined) {
      tally = { matched: 0, masked: 0, damaged: 0, seen: [] }
      this.counts.tallies.set(type, tally)
    }
    tally[how]++
    if (tally.seen.length < SEEN_MAX) tally.seen.push({ place, text })
  }
}

const fittingByShape = new Map<number, readonly Recogniser[]>()

/** The recognisers that take a text of this length and these kinds of characters; few shapes occur, so they are remembered. */
function fitting(length: number, kinds: number): readonly Recogniser[] {
  const shape = length * 64 + kinds
  let found = fittingByShape.get(shape)
  if (found === undefined) {
    found = recognisers.filter((one) => length >= one.lengths[0] && length <= one.lengths[1] && (kinds & one.needs) === one.needs && (kinds & one.never) === 0)
    fittingByShape.set(shape, found)
  }
  return found
}

/** A text of words rather than one value: long enough, with Chinese or spaces in it. */
function isWords(text: string, kinds: number): boolean {
  return text.length >= 8 && ((kinds & chars.han) !== 0 || (text.length >= 24 && text.includes(' ')))
}

/** Counts of an empty column: the neutral element. */
export function noCounts(): ColumnCounts {
  return {
    values: 0, empty: 0, notText: 0, tallies: new Map(), seen: [], sketch: [], digitsOnly: 0, words: 0, wordsWithIdentifier: 0, wordsInspected: 0, wordsWithSpans: 0,
    textSeen: [], oldIds: 0, tellingLandlines: 0, datesWithTime: 0, years: new Map(), lengthSum: 0, precisionLost: 0,
  }
}

/** Counts of two parts of one column together; associative. */
export function mergeCounts(a: ColumnCounts, b: ColumnCounts): ColumnCounts {
  const merged: ColumnCounts = {
    values: a.values + b.values, empty: a.empty + b.empty, notText: a.notText + b.notText, digitsOnly: a.digitsOnly + b.digitsOnly, words: a.words + b.words,
    wordsWithIdentifier: a.wordsWithIdentifier + b.wordsWithIdentifier, wordsInspected: a.wordsInspected + b.wordsInspected, wordsWithSpans: a.wordsWithSpans + b.wordsWithSpans,
    oldIds: a.oldIds + b.oldIds, tellingLandlines: a.tellingLandlines + b.tellingLandlines, datesWithTime: a.datesWithTime + b.datesWithTime, lengthSum: a.lengthSum + b.lengthSum,
    precisionLost: a.precisionLost + b.precisionLost, seen: firstSeen(a.seen, b.seen), textSeen: firstSeen(a.textSeen, b.textSeen), tallies: new Map(), years: new Map(a.years), sketch: [...a.sketch],
  }
  for (const hash of b.sketch) addToSketch(merged.sketch, hash)
  for (const [year, count] of b.years) merged.years.set(year, (merged.years.get(year) ?? 0) + count)
  for (const type of new Set([...a.tallies.keys(), ...b.tallies.keys()])) merged.tallies.set(type, mergeTallies(a.tallies.get(type), b.tallies.get(type)))
  return merged
}

const noTally: TypeTally = { matched: 0, masked: 0, damaged: 0, seen: [] }

function mergeTallies(a: TypeTally = noTally, b: TypeTally = noTally): TypeTally {
  return { matched: a.matched + b.matched, masked: a.masked + b.masked, damaged: a.damaged + b.damaged, seen: firstSeen(a.seen, b.seen) }
}

function firstSeen(a: SeenValue[], b: SeenValue[]): SeenValue[] {
  return [...a, ...b].sort((x, y) => x.place - y.place).slice(0, SEEN_MAX)
}

// FNV-1a over the first 64 units; for counting only, it never leaves memory.
function hashOf(text: string): number {
  let hash = 0x811c9dc5 ^ text.length
  for (let i = 0; i < text.length && i < 64; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Keeps the smallest hashes in order (a k-minimum-values sketch). */
function addToSketch(sketch: number[], hash: number): void {
  const last = sketch.at(-1)
  if (sketch.length === SKETCH_MAX && last !== undefined && hash >= last) return
  let low = 0
  let high = sketch.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sketch[middle] ?? 0) < hash) low = middle + 1
    else high = middle
  }
  if (sketch[low] === hash) return
  sketch.splice(low, 0, hash)
  if (sketch.length > SKETCH_MAX) sketch.pop()
}

/** About how many values of the column differ. */
export function distinctValues(counts: ColumnCounts): number {
  const { sketch } = counts
  if (sketch.length < SKETCH_MAX) return sketch.length
  return Math.min(counts.values, Math.round((SKETCH_MAX - 1) / ((sketch.at(-1) ?? 1) / 2 ** 32)))
}
