// SPDX-License-Identifier: Apache-2.0
import { plainLetters } from './header-lexicon.ts'
import { ambiguousEndings, englishEndings } from './header-words-english.ts'

/** `BillingPostalCode`, `BILLING_POSTAL_CODE` and `billing postal code` as `['billing', 'postal', 'code']`. */
export function headerTokens(name: string): string[] {
  return plainLetters(name)
    .replace(/(ID|QQ|IP|WX)(?=[a-z]{2,})/g, '$1_') // IDcard, QQnumber
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== '')
}

// Every word of the lists is a piece that run-together names may be made of; pieces of one or two letters only where nothing else reads so.
const shortPieces = new Set(['id', 'no', 'ip', 'qq', 'by'])
// Pieces of too many words to be cut off: pass_age, im_age, lang_uage.
const partsOfWords = new Set(['age', 'ages', 'pan', 'pin', 'sin', 'tin', 'fin', 'add', 'art', 'pen', 'ear', 'ext', 'nie', 'dna', 'hiv', 'lat', 'lon', 'tax', 'act'])
const pieces = new Set<string>()
for (const [, words] of [...englishEndings, ...ambiguousEndings]) for (const piece of words.split(/[ _]/)) if ((piece.length >= 3 || shortPieces.has(piece)) && !partsOfWords.has(piece)) pieces.add(piece)
for (const piece of 'latest current default initial second third other temp group info data detail record history total average date time user login register create update home office work company mobile main spare extra master detail system table base basic'.split(' ')) pieces.add(piece)
const longestPiece = 16

/** Whether a word is a piece that names are made of. */
export const isPiece = (word: string): boolean => pieces.has(word) || partsOfWords.has(word)

/** A name written in one, such as `contactlastname` or `usedname`, in the fewest known pieces; as it is when it is a word itself or has no such reading. */
export function splitRunTogether(token: string): string[] {
  if (token.length < 4 || token.length > 40 || pieces.has(token)) return [token]
  if (token.length === 4) return splitEnd(token)
  const best: (readonly string[] | null)[] = [[]]
  for (let end = 1; end <= token.length; end++) {
    let found: readonly string[] | null = null
    for (let start = Math.max(0, end - longestPiece); start < end; start++) {
      const before = best[start] ?? null
      const piece = token.slice(start, end)
      if (before === null || !pieces.has(piece) || (found !== null && found.length <= before.length + 1)) continue
      found = [...before, piece]
    }
    best.push(found)
  }
  return [...(best[token.length] ?? splitEnd(token))]
}

// `paxname`, `flyerphone`, `utel`, `stupwd`: an unknown word, or a letter for whose it is, before a telling one. Words that only look so are words of their own.
const longEnd = /^([a-z]{1,12})(name|phone|telephone|mobile|email|address|birthday|birthdate|gender|password|passwd|passport|avatar|idcard|nickname|realname|truename|wechat|weixin)$/
const shortEnd = /^([a-z]{1,4}|user|member|student|teacher|admin|login|doctor|patient|worker|client|buyer|parent)(tel|mail|pwd|psw|psd|pass|sex|addr|birth|photo|qq|wx)$/
const wholeWords = new Set('titel untertitel hotel motel intel cartel pastel bypass compass trespass gmail hotmail webmail essex unisex rename filename hostname username nickname surname forename codename pathname dirname classname tablename rebirth stillbirth'.split(' '))

function splitEnd(token: string): string[] {
  const end = wholeWords.has(token) ? null : (longEnd.exec(token) ?? shortEnd.exec(token))
  if (end?.[1] === undefined || end[2] === undefined || (end[2] === 'name' && end[1].length < 2)) return [token]
  return [end[1], end[2]]
}
