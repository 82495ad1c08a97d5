// SPDX-License-Identifier: Apache-2.0
import { schemaWords } from './header-lexicon.ts'

// People shorten words in three ways: they drop the vowels (`mrtl`), they cut the end off (`occup`), or both (`incm`, `occp`).

/** First letter and consonants, doubled letters once: `occupation` is `ocptn`. */
function skeleton(word: string): string {
  return word.replace(/(.)\1+/g, '$1').replace(/(?!^)[aeiou]/g, '')
}

/** The words by each way of shortening; made when a name first says nothing as it is written, which workers that only count never see. */
interface Shortenings {
  bySkeleton: Map<string, string[]>
  byStart: Map<string, string[]>
  bySkeletonStart: Map<string, string[]>
}

let known: Shortenings | null = null

function shortenings(): Shortenings {
  if (known !== null) return known
  const made: Shortenings = { bySkeleton: new Map(), byStart: new Map(), bySkeletonStart: new Map() }
  for (const word of schemaWords) {
    const bones = skeleton(word)
    add(made.bySkeleton, bones, word)
    for (let length = 3; length < word.length; length++) add(made.byStart, word.slice(0, length), word)
    for (let length = 3; length < bones.length; length++) add(made.bySkeletonStart, bones.slice(0, length), word)
  }
  known = made
  return made
}

const isWord: ReadonlySet<string> = new Set(schemaWords)

function add(map: Map<string, string[]>, key: string, word: string): void {
  const before = map.get(key)
  if (before === undefined) map.set(key, [word])
  else before.push(word)
}

/** The words that a shortening may stand for, the likeliest way of shortening first: all that fit that way, since what several words share tells nothing. Empty when it is a word itself, or too short. */
export function wordsShortenedAs(token: string): readonly string[] {
  if (token.length < 3 || token.length > 10 || isWord.has(token) || !/^[a-z]+$/.test(token)) return []
  const { bySkeleton, byStart, bySkeletonStart } = shortenings()
  const bones = skeleton(token)
  const isWithoutVowels = bones === token.replace(/(.)\1+/g, '$1')
  const ways = isWithoutVowels
    ? [bySkeleton.get(bones), bySkeletonStart.get(bones), byStart.get(token), subsequences(token)]
    : [byStart.get(token), token.length >= 4 ? bySkeleton.get(bones) : undefined, token.length >= 4 ? subsequences(token) : undefined]
  return ways.find((words) => words !== undefined && words.length > 0) ?? []
}

// `gndr`, `resd`, `occp`: letters in their order, with the first one, and at least a third of the word.
function subsequences(token: string): string[] {
  return schemaWords.filter((word) => word[0] === token[0] && word.length <= token.length * 3 && holdsInOrder(word, token))
}

function holdsInOrder(word: string, letters: string): boolean {
  let at = 0
  for (const letter of word) if (letter === letters[at]) at++
  return at === letters.length
}
