// SPDX-License-Identifier: Apache-2.0
import { addWord, foldedWord, plainClass, unitClass, wordBytes, type Characters } from '../../app/src/detection/text/index.ts'
import type { SentenceWriter } from './write-sentences.ts'

/** Classes of characters by what invented names and ordinary words show of them, and the filters of words; the steps are meant for the usual number of rounds. */
export function characterTables(writer: SentenceWriter, rounds = 200_000): Characters {
  const words = new Uint8Array(wordBytes)
  for (const pair of writer.ordinaryPairs) addWord(words, pair.charCodeAt(0), pair.charCodeAt(1))
  const frequent = new Uint8Array(wordBytes)
  for (const pair of writer.frequentPairs) addWord(frequent, pair.charCodeAt(0), pair.charCodeAt(1))
  const long = new Uint8Array(wordBytes)
  for (const word of writer.longWords) addWord(long, foldedWord(word.charCodeAt(0), word.charCodeAt(1)), foldedWord(word.charCodeAt(2), word.length > 3 ? word.charCodeAt(3) : 0))
  return { words, frequent, long, classes: classesOf(writer, rounds) }
}

/** Han classes: 3 steps as surname × 4 steps as part of a given name × 3 steps in transliterations, from 16 to 51. */
function classesOf(writer: SentenceWriter, rounds: number): Uint8Array {
  const counts = { surname: new Float64Array(65_536), given: new Float64Array(65_536), foreign: new Float64Array(65_536), ordinary: new Float64Array(65_536) }
  const add = (table: Float64Array, text: string): void => {
    for (let at = 0; at < text.length; at++) table[text.charCodeAt(at)] = (table[text.charCodeAt(at)] ?? 0) + 1 / text.length
  }
  for (let round = 0; round < rounds; round++) {
    const name = writer.names.chinese()
    add(counts.surname, name[0] ?? '')
    add(counts.given, name.slice(1))
    add(counts.foreign, writer.names.foreign())
  }
  const ordinaries = writer.ordinaryPairs
  const share = rounds / ordinaries.length
  for (const pair of ordinaries) for (const one of pair) counts.ordinary[one.charCodeAt(0)] = (counts.ordinary[one.charCodeAt(0)] ?? 0) + share / 2
  const classes = new Uint8Array(65_536)
  for (let unit = 0; unit < 65_536; unit++) {
    const isHan = (unit >= 0x3400 && unit <= 0x9fff) || unit === 0x3007
    if (!isHan) {
      classes[unit] = plainClass(unit)
      continue
    }
    const surname = step(counts.surname[unit] ?? 0, [20, 700])
    const ratio = ((counts.given[unit] ?? 0) + 3) / ((counts.ordinary[unit] ?? 0) + 12)
    const given = step(ratio, [0.35, 1.2, 4])
    const foreign = step(counts.foreign[unit] ?? 0, [200, 900])
    classes[unit] = unitClass.han + surname * 12 + given * 3 + foreign
  }
  return classes
}

const step = (value: number, bounds: readonly number[]): number => bounds.filter((bound) => value >= bound).length
