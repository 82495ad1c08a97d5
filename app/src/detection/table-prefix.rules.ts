// SPDX-License-Identifier: Apache-2.0
import { flagPrefix } from './header-words-english.ts'
import { headerTokens, isPiece } from './split-header.rules.ts'

const wordsOfTwo = new Set(['id', 'no', 'ip', 'qq', 'wx', 'xm', 'sj', 'dh', 'dz', 'to', 'by'])

/** The mark that a table puts before the names of its columns and that is no word itself: `c_` of a customer table, `lkm_`, `f_`; null when most columns do not share one. */
export function tablePrefix(headers: readonly string[]): string | null {
  if (headers.length < 4) return null
  const counts = new Map<string, number>()
  for (const header of headers) {
    const [first, ...rest] = headerTokens(header.slice(0, 80))
    if (first !== undefined && rest.length > 0) counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  for (const [prefix, count] of counts) if (count >= headers.length * 0.6) return isMark(prefix, count >= headers.length * 0.75 ? 8 : 4) ? prefix : null
  return null
}

// Things that a table is named after: post_title and link_name are of a post and a link.
const thingMarks = new Set('post link term option meta'.split(' '))

const isMark = (prefix: string, longest: number): boolean => thingMarks.has(prefix) || (prefix.length <= longest && /^[a-z]+\d?$/.test(prefix) && !isPiece(prefix) && !wordsOfTwo.has(prefix) && !flagPrefix.test(`_${prefix}_x_`))

/** A name without the mark of its table; `glued` when the mark is no word of its own. */
export function withoutPrefix(name: string, prefix: string | null, glued = false): string {
  if (prefix === null) return name
  if (glued) return name.startsWith(prefix) && name.length > 2 ? name.slice(prefix.length) : name
  const tokens = headerTokens(name.slice(0, 80))
  return tokens[0] === prefix && tokens.length > 1 ? tokens.slice(1).join('_') : name
}

/** Whether all names of a table begin with one letter that a system glued to them (Kingdee's FMobile, FQQ; cname, csex): when without it more of them say something, by `speaks`. */
export function gluedLetter(headers: readonly string[], speaks: (name: string) => boolean): string | null {
  const first = headers[0]?.[0] ?? ''
  if (headers.length < 6 || !/[a-z]/i.test(first) || !headers.every((name) => name.startsWith(first) && name.length > 2)) return null
  const count = (names: readonly string[]): number => names.filter(speaks).length
  const some = headers.slice(0, 200)
  return count(some.map((name) => name.slice(1))) > count(some) + some.length * 0.15 ? first : null
}
