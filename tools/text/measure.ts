// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text, and the names in it that people marked. */
export interface MarkedText {
  text: string
  names: (readonly [number, number])[]
}

/** Exact precision, recall and F1 of spans, and the share of marked names that some found span overlaps. */
export interface Measure {
  texts: number
  names: number
  precision: number
  recall: number
  f1: number
  overlapRecall: number
}

/** Texts of `held-out/` whose names stand in «». */
export function heldOut(name: string): MarkedText[] {
  return readFileSync(join(import.meta.dirname, 'held-out', `${name}.txt`), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map(parseMarked)
}

/** Texts of `held-out/` that are whole cells, one a line. */
export function cells(name: string): string[] {
  return readFileSync(join(import.meta.dirname, 'held-out', `${name}.txt`), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

function parseMarked(line: string): MarkedText {
  let text = ''
  const names: [number, number][] = []
  for (const part of line.split(/(«[^»]+»)/)) {
    const name = part.startsWith('«') ? part.slice(1, -1) : part
    if (part.startsWith('«')) names.push([text.length, text.length + name.length])
    text += name
  }
  return { text, names }
}

/** Compares what `find` finds with what is marked. */
export function measure(texts: readonly MarkedText[], find: (text: string) => (readonly [number, number])[]): Measure {
  let names = 0, found = 0, right = 0, overlapped = 0
  for (const one of texts) {
    const spans = find(one.text)
    const exact = new Set(spans.map(([start, end]) => `${start}-${end}`))
    names += one.names.length
    found += spans.length
    right += one.names.filter(([start, end]) => exact.has(`${start}-${end}`)).length
    overlapped += one.names.filter(([start, end]) => spans.some((span) => span[0] < end && span[1] > start)).length
  }
  const precision = right / Math.max(1, found)
  const recall = right / Math.max(1, names)
  return { texts: texts.length, names, precision, recall, f1: (2 * precision * recall) / Math.max(1e-9, precision + recall), overlapRecall: overlapped / Math.max(1, names) }
}
