// SPDX-License-Identifier: Apache-2.0
// Reads the citations of the law files ("PIPL 22, 14(2); 35273 9.2 i)") and ties them to the instruments and articles of the same law.
import { builtInLaw } from './law-data.ts'
import type { LawBook } from './law-book.ts'
import type { Article, Instrument } from './law-schemas.ts'

/** 引文. One cited place: its instrument, its article (null: the instrument as a whole), and the article's entry when there is one. */
export interface Citation {
  text: string
  instrument: Instrument
  article: string | null
  entry: Article | null
}

/** What a citation text resolves to: places of the law, and words that name no law (a contract, a rule of ours, a case). */
export interface ReadCitations {
  citations: readonly Citation[]
  /** Parts that are no law, e.g. "product", "rule J07". */
  others: readonly string[]
}

/** 引文解析. Reads a citation text; a bare number goes on with the instrument before it. Never throws: what is no known instrument lands in `others`. */
export function readCitations(text: string, law: LawBook = builtInLaw): ReadCitations {
  const read = readByLaw.get(law) ?? new Map<string, ReadCitations>()
  readByLaw.set(law, read)
  const known = read.get(text)
  if (known !== undefined) return known
  const citations = parseCitations(text, law)
  if (read.size < textsMax) read.set(text, citations)
  return citations
}

/** The few hundred citation texts of a law are asked for again and again; words of a user beyond them are read anew. */
const readByLaw = new WeakMap<LawBook, Map<string, ReadCitations>>()
const textsMax = 2000

function parseCitations(text: string, law: LawBook): ReadCitations {
  const citations: Citation[] = []
  const others: string[] = []
  let before: Instrument | null = null
  for (const part of citationParts(text).map((each) => each.text.trim()).filter((each) => each !== '')) {
    const named = instrumentNamed(part, law)
    const instrument: Instrument | null = named?.instrument ?? (/^[\d(]/.test(part) ? before : null)
    if (instrument === null) {
      others.push(part)
      continue
    }
    before = instrument
    const rest = named === undefined ? part : named.rest
    const articles = articlesIn(rest)
    if (articles.length === 0) citations.push({ text: part, instrument, article: null, entry: entryOf(instrument, '*', law) })
    for (const article of articles) citations.push({ text: part, instrument, article, entry: entryOf(instrument, article, law) })
  }
  return { citations, others }
}

/** The parts of a citation text between its semicolons and plus signs, each with the sign before it; signs inside brackets belong to a remark. */
export function citationParts(text: string): { sign: string; text: string }[] {
  const parts = [{ sign: '', text: '' }]
  let depth = 0
  for (const letter of text) {
    if ('(（'.includes(letter)) depth += 1
    // "9.2 i)" closes what nothing opened.
    if (')）'.includes(letter)) depth = Math.max(0, depth - 1)
    const last = parts.at(-1)
    if (depth === 0 && ';；+'.includes(letter)) parts.push({ sign: letter, text: '' })
    else if (last !== undefined) last.text += letter
  }
  return parts
}

/** The entry of an article, also where it lies inside a span. */
export function entryOf(instrument: Instrument, article: string, law: LawBook = builtInLaw): Article | null {
  const own = law.articles.filter((entry) => entry.instrument === instrument.id)
  return own.find((entry) => entry.article === article) ?? own.find((entry) => entry.to !== undefined && isBetween(article, entry.article, entry.to)) ?? null
}

/** The article that somebody asks for, as "PIPL-22", "PIPL 22", "个人信息保护法第二十二条" or "个人信息保护法 第22条"; undefined when the law holds none such. */
export function findArticle(asked: string, law: LawBook = builtInLaw): Article | undefined {
  const exact = law.articles.find((entry) => entry.id.toLowerCase() === asked.trim().toLowerCase())
  if (exact !== undefined) return exact
  const dashed = law.instruments.find(({ code }) => asked.toUpperCase().startsWith(`${code}-`))
  const text = dashed === undefined ? asked : `${dashed.names[0] ?? ''} ${asked.slice(dashed.code.length + 1)}`
  return readCitations(text, law).citations[0]?.entry ?? undefined
}

/** The Arabic form of a Chinese number below ten thousand ("二百五十三" → 253), or undefined. */
export function arabicNumber(chinese: string): number | undefined {
  let total = 0
  let digit = 0
  for (const sign of chinese) {
    const at = '零一二三四五六七八九'.indexOf(sign)
    const unit = { 十: 10, 百: 100, 千: 1000 }[sign]
    if (at >= 0) digit = at
    else if (unit === undefined) return undefined
    else {
      total += Math.max(1, digit) * unit
      digit = 0
    }
  }
  return total + digit === 0 ? undefined : total + digit
}

/** The instrument whose name a citation begins with, and what stands behind the name; undefined when it begins with none. */
export function instrumentNamed(part: string, law: LawBook): { instrument: Instrument; rest: string } | undefined {
  const found = namesOf(law).find(({ name }) => part.startsWith(name) && !/^[A-Za-z]/.test(part.slice(name.length)))
  return found === undefined ? undefined : { instrument: found.instrument, rest: part.slice(found.name.length) }
}

const namesByLaw = new WeakMap<LawBook, readonly { instrument: Instrument; name: string }[]>()

/** All names of all instruments, the longest first, so that a name inside another one does not win; made once for each law. */
function namesOf(law: LawBook): readonly { instrument: Instrument; name: string }[] {
  const known = namesByLaw.get(law)
  if (known !== undefined) return known
  const names = law.instruments.flatMap((instrument) => instrument.names.map((name) => ({ instrument, name }))).toSorted((a, b) => b.name.length - a.name.length)
  namesByLaw.set(law, names)
  return names
}

/** "22, 23, 73(1)" → 22, 23, 73; "28-30" → 28, 29, 30; "9.2 i)" → 9.2; "附表1", "253之一", "Q1", "App D", "annex 1, 2" and "C.4" as their entries are called; "第二十二条、第二十三条" likewise. */
function articlesIn(rest: string): string[] {
  const bare = arabicText(rest)
    .replace(/\b(?:s\.)?(\d+) & App A/, '$1, 附录A').replace(/\bs\.(\d)/g, '$1').replace(/\bApp ([A-Z])/g, '附录$1').replace(/\b([A-Z])\.\d(?:\.\d)?\b/g, '附录$1')
    .replace(/\bannex (\d), (\d)/, '附件$1, 附件$2').replace(/[（(][^（()）]*[）)]/g, '').replace(/note \d/, '')
  return bare.split(/[,、，\s]+/).flatMap((token) => {
    const range = /^(\d+)[-–至](\d+)$/.exec(token)
    if (range !== null) return numbersBetween(Number(range[1]), Number(range[2]))
    return /^(\d+(\.\d+)?(之一)?|附[表件录][A-Z\d]|Q\d)$/.test(token) ? [token] : []
  })
}

/** 第二十二条第一款 → 22; 第二百五十三条之一 → 253之一; 第二百一十八条至第二百四十二条 → 218-242. */
function arabicText(rest: string): string {
  return rest
    .replace(/第([零一二三四五六七八九十百千\d]+)[条條](之一)?(第[零一二三四五六七八九十]+款)?(第[零一二三四五六七八九十]+项)?/g, (_whole, number: string, one?: string) => ` ${/^\d+$/.test(number) ? number : (arabicNumber(number) ?? '')}${one ?? ''} `)
    .replace(/(\d) +至 +(\d)/g, '$1-$2')
}

function numbersBetween(first: number, last: number): string[] {
  return last < first || last - first > 60 ? [] : Array.from({ length: last - first + 1 }, (_, at) => String(first + at))
}

function isBetween(article: string, from: string, to: string): boolean {
  return /^\d+$/.test(article) && Number(from) <= Number(article) && Number(article) <= Number(to)
}
