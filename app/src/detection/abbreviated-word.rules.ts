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

// Whole words of field names that look like short forms of others: `merge` is not marriage, `all` no allergy. The commonest such words of published client libraries (docs/accuracy.md).
const wholeWords = `scene need all more dish publish custom can deduct auto effect camp mall res reject sell close class belong assign mid common attach select red seal found pool buy play scenic object root rest read build wait cook copy super chain execute collect layer remind gray tree bot produce relate cent merge eco tiny invest over feed center down delay manage clause install renew inspect promote the predict require failure design rules arg etc forest fine repeat
  inter assess script hot serv adjust stuff headers ssl cross split luck cap criteria props tab refer matter tail stay board pack sent once alert statistic own wind soil moisture busi borrow subtitle lend logic slip ceil contain medal preset lite render give var logistic bath calorie separate intent assist states non loss dead ban core recover alter warn provide tour quest win specs turn
  skip entry paid part late minute minutes serious absent success allow deny retry limit offset begin finish stop pause resume switch enter exit open lock unlock join leave create update remove insert append replace copy move reset clear empty fill full half double single multi many few less most least best worst good bad new old big small large mini micro macro fast slow high low top end left right inner outer front back upper lower even odd any each every other both none only also then than that this with from into onto upon under above below after before during until while when where which what how why who fresh damage hash cache stack heap queue graph cell row grid chart layout style theme font shape curve angle radius noise signal pulse wave light heat water fire earth air wood metal stone glass paper cloth leather cotton wool silk rubber plastic`.trim().split(/\s+/)
const isWord: ReadonlySet<string> = new Set([...schemaWords, ...wholeWords])

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
