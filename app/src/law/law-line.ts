// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import { findArticle, readCitations } from './articles.rules.ts'
import { citationIn, markIn } from './citation.rules.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw, isCertain } from './law-data.ts'

/** 法律语句. A sentence about the law in both languages with its article and its confidence mark (law register §0). */
export interface LawLine extends Words {
  law: string
  conf: string
}

/** How a source is printed behind a sentence: the citation in the reader's language and the mark, and in words that it was not verified unless the mark is a plain P (docs/laws/README.md). */
export function lawMark({ law, conf }: Pick<LawLine, 'law' | 'conf'>, lang: 'zh' | 'en', book: LawBook = builtInLaw): string {
  const open = lang === 'zh' ? '〔' : '['
  const close = lang === 'zh' ? '〕' : ']'
  const doubt = isCertain(conf) ? '' : lang === 'zh' ? ' · 未核实' : ' · unverified'
  return `${open}${citationIn(lang, law, book)} · ${markIn(lang, conf)}${doubt}${close}`
}

/** The sentence with its source behind it. */
export function lawSentence(line: LawLine, lang: 'zh' | 'en'): string {
  return `${line[lang]} ${lawMark(line, lang)}`
}

/** How sure the law data is of an article; one that it does not know is own knowledge at best. */
export function confOfArticle(article: string, book: LawBook = builtInLaw): string {
  return findArticle(article, book)?.conf ?? 'K'
}

/** An article by its id with its mark, e.g. `PIPL-51 · P` or `CRYPTO-REG-40 · S · 未核实`: where people name an article themselves (overrides), nobody else says how sure it is. */
export function markedArticle({ article, conf }: { article: string; conf: string }, lang: 'zh' | 'en'): string {
  return `${article} · ${markIn(lang, conf)}${isCertain(conf) ? '' : lang === 'zh' ? ' · 未核实' : ' · unverified'}`
}

/** How sure the law data is of a whole citation text: the mark of the first place that nobody read in its primary text, else P; for lines that have no mark of their own (audit points). */
export function confOfText(text: string, book: LawBook = builtInLaw): string {
  const places = readCitations(text, book).citations.map(({ entry, instrument }) => (entry ?? instrument).conf)
  return places.find((conf) => !isCertain(conf)) ?? (places.length === 0 ? 'K' : 'P')
}
