// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import { examineText } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import { CellHash } from './hash-cell.ts'
import { inspectText } from './inspect-text.ts'
import { plainText } from './normalise-text.ts'
import { columnCheck } from './recogniser.ts'
import type { CheckOptions } from './recogniser.ts'
import { detectionWork } from './work-counter.ts'

/** A value that was seen, for evidence; it never leaves memory unmasked: verdicts mask it, in the thread that counted or in the one that started it. */
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
  /** Resident IDs of people who are not yet fourteen. */
  childsIds: number
  tellingLandlines: number
  datesWithTime: number
  years: Map<number, number>
  precisionLost: number
  /** The first texts of a part whose place among the first of the column is not known yet. */
  pending: PendingText[]
}

/** A text that waits to be inspected; `holds` says that an identifier stands in it. */
export interface PendingText extends SeenValue {
  holds: boolean
}

/** What is odd about a cell, as its reader says. */
export type CellHint = 'precision-lost' | 'number-as-id' | null

const SEEN_MAX = 3
/** How many of the smallest hashes are kept. */
export const sketchSize = 256
/** How many texts of a column are searched for names and addresses. */
export const inspectedTexts = 300
/** How much of each such text is searched. */
export const inspectedChars = 4000

/** Counts the values of one column, cell by cell: the reference for the byte kernel, and the way of sources that give few values. */
export class ColumnScan {
  readonly counts: ColumnCounts
  private readonly options: CheckOptions
  private readonly hash = new CellHash()

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
    addToSketch(counts.sketch, this.hash.ofText(text) >>> 0)
    const isPrecisionLost = hint === 'precision-lost'
    if (isPrecisionLost) counts.precisionLost++
    const outcome = examineText(text, isPrecisionLost, this.options)
    addOutcome(counts, outcome, 1, [{ place, text }])
    if (outcome.isWords) addPending(counts, { place, text: text.slice(0, inspectedChars), holds: outcome.holdsIdentifier })
    inspectPending(counts)
  }
}

/** Counts an outcome that occurred `times`; `seen` are its first values. */
export function addOutcome(counts: ColumnCounts, outcome: CellOutcome, times: number, seen: SeenValue[]): void {
  if (outcome.isDigits) counts.digitsOnly += times
  if (outcome.isOldId) counts.oldIds += times
  if (outcome.isChildsId) counts.childsIds += times
  if (outcome.isTellingLandline) counts.tellingLandlines += times
  if (outcome.hasTime) counts.datesWithTime += times
  if (outcome.year !== null) counts.years.set(outcome.year, (counts.years.get(outcome.year) ?? 0) + times)
  for (const { type, how } of outcome.found) {
    const tally = counts.tallies.get(type) ?? { matched: 0, masked: 0, damaged: 0, seen: [] }
    tally[how] += times
    if (tally.seen.length < SEEN_MAX || seen.some((one) => one.place < (tally.seen.at(-1)?.place ?? 0))) tally.seen = firstSeen(tally.seen, seen)
    counts.tallies.set(type, tally)
  }
  if (!outcome.isWords) return
  counts.words += times
  if (!outcome.holdsIdentifier) return
  counts.wordsWithIdentifier += times
  if (counts.textSeen.length < SEEN_MAX || seen.some((one) => one.place < (counts.textSeen.at(-1)?.place ?? 0))) counts.textSeen = firstSeen(counts.textSeen, seen.map(shortened))
}

// A copy: parts move their places, each list its own.
const shortened = (seen: SeenValue): SeenValue => ({ place: seen.place, text: seen.text.slice(0, 200) })

/** Whether the column may look into one more text. */
export function mayInspect(counts: ColumnCounts): boolean {
  return counts.wordsInspected + counts.pending.length < inspectedTexts
}

/** Keeps a text to be inspected, when it is one of the first of its part. */
export function addPending(counts: ColumnCounts, text: PendingText): void {
  if (mayInspect(counts)) counts.pending.push(text)
}

/** Texts: every one is searched for identifiers; names and addresses are looked for in the first few hundred of the column, once all before them are known. */
export function inspectPending(counts: ColumnCounts): void {
  for (const { place, text, holds } of counts.pending) {
    if (counts.wordsInspected === inspectedTexts) break
    counts.wordsInspected++
    detectionWork.steps += text.length
    const hasSpans = holds || inspectText(text).some((span) => span[2] === 'person-name' || span[2] === 'address')
    if (!hasSpans) continue
    counts.wordsWithSpans++
    if (!holds) counts.textSeen = firstSeen(counts.textSeen, [{ place, text: text.slice(0, 200) }])
  }
  if (counts.pending.length > 0) counts.pending = []
}

/** Counts of an empty column: the neutral element. */
export function noCounts(): ColumnCounts {
  return {
    values: 0, empty: 0, notText: 0, tallies: new Map(), seen: [], sketch: [], digitsOnly: 0, words: 0, wordsWithIdentifier: 0, wordsInspected: 0, wordsWithSpans: 0,
    textSeen: [], oldIds: 0, childsIds: 0, tellingLandlines: 0, datesWithTime: 0, years: new Map(), precisionLost: 0, pending: [],
  }
}

/** Counts of two parts of one column together; associative. */
export function mergeCounts(a: ColumnCounts, b: ColumnCounts): ColumnCounts {
  const merged: ColumnCounts = {
    values: a.values + b.values, empty: a.empty + b.empty, notText: a.notText + b.notText, digitsOnly: a.digitsOnly + b.digitsOnly, words: a.words + b.words,
    wordsWithIdentifier: a.wordsWithIdentifier + b.wordsWithIdentifier, wordsInspected: a.wordsInspected + b.wordsInspected, wordsWithSpans: a.wordsWithSpans + b.wordsWithSpans,
    oldIds: a.oldIds + b.oldIds, childsIds: a.childsIds + b.childsIds, tellingLandlines: a.tellingLandlines + b.tellingLandlines, datesWithTime: a.datesWithTime + b.datesWithTime,
    precisionLost: a.precisionLost + b.precisionLost, seen: firstSeen(a.seen, b.seen), textSeen: firstSeen(a.textSeen, b.textSeen), tallies: new Map(), years: new Map(a.years), sketch: [...a.sketch],
    pending: [...a.pending, ...b.pending].slice(0, inspectedTexts),
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
  return [...a, ...b].sort((x, y) => x.place - y.place).slice(0, SEEN_MAX).map((seen) => ({ ...seen }))
}

/** Moves all places on, for a part of a file whose rows were counted from 0. */
export function movePlaces(counts: ColumnCounts, by: number): void {
  for (const seen of [counts.seen, counts.textSeen, counts.pending, ...[...counts.tallies.values()].map((tally) => tally.seen)]) for (const one of seen) one.place += by
}

/** Keeps the smallest hashes in order (a k-minimum-values sketch). */
export function addToSketch(sketch: number[], hash: number): void {
  const last = sketch.at(-1)
  if (sketch.length === sketchSize && last !== undefined && hash >= last) return
  let low = 0
  let high = sketch.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sketch[middle] ?? 0) < hash) low = middle + 1
    else high = middle
  }
  if (sketch[low] === hash) return
  sketch.splice(low, 0, hash)
  if (sketch.length > sketchSize) sketch.pop()
}

/** A limit that lets every hash through. */
export const noSketchLimit = 0xffffffff

/** From which hash on nothing more comes into the sketch of a column, however many parts follow. */
export function sketchLimit({ sketch }: ColumnCounts): number {
  return sketch.length < sketchSize ? noSketchLimit : (sketch.at(-1) ?? noSketchLimit)
}

/** About how many values of the column differ. */
export function distinctValues(counts: ColumnCounts): number {
  const { sketch } = counts
  if (sketch.length < sketchSize) return sketch.length
  return Math.min(counts.values, Math.round((sketchSize - 1) / ((sketch.at(-1) ?? 1) / 2 ** 32)))
}
