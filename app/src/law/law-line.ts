// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
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
