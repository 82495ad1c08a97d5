// SPDX-License-Identifier: Apache-2.0
import { chineseEndings, chineseOthers } from './header-words.ts'
import type { InformationType } from './information-types.ts'
import { pinyinLines } from './pinyin-table.ts'

/** What a name in letters says when it is Chinese: spelt out, or by its initials alone, which many words share. */
export interface PinyinReading {
  type: InformationType
  isInitials: boolean
}

/** The readings of words; null for a type when words of several types are spelt so. Made when a name in letters is first read that way: workers that only count never need it. */
interface Spellings {
  whole: Map<string, InformationType | null>
  initials: Map<string, InformationType | null>
}

let known: Spellings | null = null

function spellings(): Spellings {
  if (known !== null) return known
  const made: Spellings = { whole: new Map(), initials: new Map() }
  const syllablesByChar = new Map<string, string[]>()
  for (const entry of pinyinLines.trim().split(/\s+/)) {
    const [syllable = '', characters = ''] = entry.split(':')
    for (const char of characters) syllablesByChar.set(char, [...(syllablesByChar.get(char) ?? []), syllable])
  }
  const learn = (word: string, type: InformationType): void => {
    if (!/^[\u4e00-\u9fff]{2,10}$/.test(word)) return
    for (const reading of readingsOf(word, syllablesByChar)) {
      put(made.whole, reading.join(''), type)
      if (reading.length >= 3) put(made.initials, reading.map((syllable) => syllable[0]).join(''), type)
    }
  }
  for (const [type, words] of chineseEndings) for (const word of words.split(' ')) learn(word, type)
  for (const word of chineseOthers) learn(word, 'none')
  known = made
  return made
}

function put(map: Map<string, InformationType | null>, key: string, type: InformationType): void {
  const before = map.get(key)
  map.set(key, before === undefined || before === type ? type : null)
}

function readingsOf(word: string, syllablesByChar: ReadonlyMap<string, readonly string[]>): string[][] {
  let readings: string[][] = [[]]
  for (const char of word) {
    const syllables = syllablesByChar.get(char)
    if (syllables === undefined) return []
    readings = readings.flatMap((reading) => syllables.map((syllable) => [...reading, syllable])).slice(0, 8)
  }
  return readings
}

/** Reads a name in letters as pinyin; `isWhole` allows initials too (`shdz`, 收货地址), which only the whole name may be. Null when it is none, or may be several things. */
export function readPinyin(letters: string, isWhole: boolean): PinyinReading | null {
  if (letters.length < 3 || letters.length > 40) return null
  const spelt = longestSpelling(letters)
  if (spelt !== null) return { type: spelt, isInitials: false }
  if (!isWhole || letters.length > 8) return null
  const type = spellings().initials.get(letters)
  return type === undefined || type === null ? null : { type, isInitials: true }
}

/** The longest ending of the letters that spells a known word; what stands before must itself be made of syllables. */
function longestSpelling(letters: string): InformationType | null {
  for (let start = 0; start <= letters.length - 5; start++) {
    const type = spellings().whole.get(letters.slice(start))
    if (type !== undefined && type !== null && isSyllables(letters.slice(0, start))) return type
  }
  return null
}

const syllables = /^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|uai|iao|ian|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|ua|uo|ui|iu|ve|ue|a|e|i|o|u|v)(?:r(?=$))?)*$/

function isSyllables(letters: string): boolean {
  return letters === '' || (letters.length <= 24 && syllables.test(letters))
}
