// SPDX-License-Identifier: Apache-2.0
import { looksLikeNameInText, surnameLength } from '../recognisers/names.ts'
import { foldedWord, isWord, type Characters } from './characters.ts'
import type { TextSpan } from './text-span.ts'

const account = /(?<![\w.%+-])@[^\s@:：,，。.!！?？/\\()（）【】[\]《》<>#、;；"“”'‘’*…~～]{1,30}/g

/** Accounts that a text calls (@精彩电影), without what ends them: start after the @, end. */
export function accountsIn(text: string): (readonly [number, number])[] {
  return Array.from(text.matchAll(account), (match) => [match.index + 1, match.index + match[0].length] as const)
}

const isHan = (text: string, at: number): boolean => text.charCodeAt(at) >= 0x4e00 && text.charCodeAt(at) <= 0x9fff

/** Whether what the model takes for a name is cut out of an account's longer name: a name in an account fills it from sign to sign. */
export function isPieceOfAccount(text: string, accounts: readonly (readonly [number, number])[], start: number, end: number): boolean {
  const within = accounts.find((one) => one[0] < end && one[1] > start)
  if (within === undefined) return false
  return start < within[0] || end > within[1] || (start > within[0] && isHan(text, start - 1)) || (end < within[1] && isHan(text, end))
}

/** Names of persons among accounts' names: an account is no person's name, unless a part of it between signs and letters is a full name and no ordinary word (@危国栋, @危国栋-律师; decision 0016). */
export function* namesOfAccounts(text: string, accounts: readonly (readonly [number, number])[], known: Characters): Generator<TextSpan> {
  for (const [start, end] of accounts) {
    for (const part of text.slice(start, end).matchAll(/[\u4e00-\u9fff]+/g)) {
      if (isFullName(part[0], known)) yield [start + part.index, start + part.index + part[0].length, 'person-name']
    }
  }
}

function isFullName(name: string, known: Characters): boolean {
  const surname = surnameLength(name)
  const given = name.length - surname
  if (surname === 0 || given < 1 || given > 2 || !looksLikeNameInText(name)) return false
  if (surname === 2) return true
  const [one, two, three] = [name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)]
  if (given === 1) return !isWord(known.words, one, two)
  return !isWord(known.frequent, one, two) && !isWord(known.frequent, two, three) && !isWord(known.long, foldedWord(one, two), foldedWord(three, 0))
}
