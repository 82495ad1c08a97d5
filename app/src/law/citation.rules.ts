// SPDX-License-Identifier: Apache-2.0
// How a citation of the law files is said to a reader: in English by the short title with art., § or item, in Chinese by the law's own name with 第…条.
import { arabicNumber, citationParts, instrumentNamed, readCitations } from './articles.rules.ts'
import type { LawBook } from './law-book.ts'
import { builtInLaw, isCertain } from './law-data.ts'
import { citationNotes, citationPhrases, markNotes, type Said } from './citation-words.ts'
import type { Instrument } from './law-schemas.ts'

type Lang = 'zh' | 'en'
const han = /\p{Script=Han}/u

/** 引文用语. A citation ("数据条例 29(2), 37; 数安法 21") in the reader's language; a part that names no instrument of this law and no phrase of ours stays as it is written. */
export function citationIn(lang: Lang, text: string, law: LawBook = builtInLaw): string {
  const known = memoOf(law)
  const key = `${lang}${text}`
  const done = known.get(key) ?? sayAll(lang, text, law)
  if (known.size < textsMax) known.set(key, done)
  return done
}

/** 文内引文. An English sentence of the register with the citations in it said in English, and what nobody read in its primary text marked so; Chinese sentences name and mark their laws already. */
export function sentenceIn(lang: Lang, text: string, law: LawBook = builtInLaw): string {
  if (lang === 'zh') return text
  return text.replace(citedInside(law), (cited) => {
    const doubt = readCitations(cited, law).citations.some(({ entry }) => entry !== null && !isCertain(entry.conf))
    return `${citationIn('en', cited, law)}${doubt ? ' (unverified)' : ''}`
  })
}

/** 标记用语. The mark of certainty with its remark in the reader's language: "S (several agree)" → "S (多处一致)". */
export function markIn(lang: Lang, conf: string): string {
  if (lang === 'en') return conf.replace('日历未公布', 'calendar not published')
  return conf.replace(/\(([^()]+)\)/, (whole, remark: string) => (markNotes[remark] === undefined ? whole : `(${markNotes[remark]})`))
}

/** The texts of the law files and of our tables are asked for again and again. */
const saidByLaw = new WeakMap<LawBook, Map<string, string>>()
const textsMax = 4000

function memoOf(law: LawBook): Map<string, string> {
  const memo = saidByLaw.get(law) ?? new Map<string, string>()
  saidByLaw.set(law, memo)
  return memo
}

function sayAll(lang: Lang, text: string, law: LawBook): string {
  let before: Instrument | null = null
  const say = (part: string): string => {
    const whole = phrase(lang, part)
    if (whole !== undefined) return whole
    if (lang === 'zh' && isChinese(part)) return part
    const plain = part.replaceAll('—', '-').replaceAll('（', '(').replaceAll('）', ')')
    const named = instrumentNamed(plain, law)
    const instrument: Instrument | null = named?.instrument ?? (/^[\d(]/.test(plain) ? before : null)
    if (instrument === null) return part
    before = instrument
    const places = placesIn(lang, named === undefined ? plain : named.rest, instrument)
    const name = named === undefined ? '' : nameIn(lang, instrument, plain.slice(0, plain.length - named.rest.length))
    return `${name}${name === '' || places === '' ? '' : ' '}${places}`
  }
  return citationParts(text).map((part) => `${part.sign === '' ? '' : part.sign === '+' ? ' + ' : '; '}${say(part.text.trim())}`).join('')
}

/** Whether a phrase is what stands there, whatever its blanks and the width of its signs. */
function isSaidAs(written: string): (said: Said) => boolean {
  const bare = (text: string): string => text.replace(/\s/g, '').replaceAll('，', ',').replaceAll('；', ';').replaceAll('：', ':')
  return ({ zh, en, written: other }) => [zh, en, other].some((text) => text !== undefined && bare(text) === bare(written))
}

/** What is written out in Chinese already, and standards by their number, stand as they are. */
function isChinese(part: string): boolean {
  return /第[零一二三四五六七八九十百千\d]+[条项]/.test(part) || (part.startsWith('GB') && !/\bs\.\d|App [A-Z]|note \d/.test(part) && citationPhrases.every(({ written }) => written !== part))
}

function phrase(lang: Lang, part: string): string | undefined {
  const rule = /^rule ([A-M]\d\d)$/.exec(part)
  if (rule !== null) return lang === 'zh' ? `规则 ${rule[1] ?? ''}` : part
  return citationPhrases.find(isSaidAs(part))?.[lang]
}

/** The instrument's name: English short title; in Chinese its title, or its shorter name where the title fills a line; standards by their number. */
function nameIn(lang: Lang, instrument: Instrument, written: string): string {
  if (lang === 'en') return instrument.enShort ?? instrument.en
  if (isStandard(instrument)) return /^\d+$/.test(written) ? (instrument.number ?? written) : written
  if (instrument.zh.length <= titleMax) return instrument.zh
  return instrument.names.filter((name) => han.test(name)).toSorted((a, b) => b.length - a.length)[0] ?? instrument.zh
}

/** Longest title in characters that still reads well behind a sentence. */
const titleMax = 25
const isStandard = ({ id }: Instrument): boolean => id.startsWith('ST')
/** The points of the audit guide are items of an annex, not articles. */
const isGuide = ({ code }: Instrument): boolean => code === 'AUDIT-G'

function placesIn(lang: Lang, rest: string, instrument: Instrument): string {
  const notes: string[] = []
  const text = rest.replace(remark, (_whole, note: string) => {
    notes.push(`(${noteIn(lang, note.trim())})`)
    return ''
  }).trim()
  const places = text === '' ? '' : lang === 'en' ? englishPlaces(text, instrument) : chinesePlaces(text, instrument)
  return [places, ...notes].filter((each) => each !== '').join(' ')
}

/** A remark in brackets has letters; brackets of paragraphs and items hold numbers and belong to the place. */
const remark = /\s*\(([^()]*\p{L}[^()]*)\)/gu

/** 条文位置. The place of an article by how the law files call it: "253之一", "附录C", "定义"; empty for the whole instrument. */
export function placeIn(lang: Lang, article: string, instrument: Instrument): string {
  if (article === '*') return ''
  if (article === '定义') return lang === 'zh' ? article : 'definition'
  return placesIn(lang, article, instrument)
}

function noteIn(lang: Lang, note: string): string {
  return citationNotes.find(isSaidAs(note))?.[lang] ?? note
}

function englishPlaces(text: string, instrument: Instrument): string {
  const places = arabic(text).replace(/(\d)\s*[-–至]\s*(?=\d)/g, '$1–').replaceAll('之一', '-1').replace(/\s*[、,]\s*/g, ', ')
    .replace(/\bs\.(?=\d)/g, '').replace(/(?:App |附录\s*)(?=[A-Z])/g, 'Annex ').replace(/附件\s*(?=\d)/g, 'annex ').replaceAll('附件', 'annex').replace(/附表\s*(?=\d)/g, 'schedule ').replace(/\s+/g, ' ').trim()
  if (!/^\d/.test(places)) return places
  const many = /[,–]/.test(places)
  if (isStandard(instrument)) return `${many ? '§§' : '§'} ${places}`
  if (isGuide(instrument)) return `${many ? 'items' : 'item'} ${places}`
  return `${many ? 'arts.' : 'art.'} ${places}`
}

/** 第十三条第一款第二项 → 13(1)(2); 第三十一条第三项、第四项 → 31(3)(4); 第二百五十三条之一 → 253之一; 第十九项 of an annex → 19. */
function arabic(text: string): string {
  const items = text.includes('条')
  return text.replace(/第([零一二三四五六七八九十百千\d]+)([条款项])(之一)?/g, (_whole, number: string, unit: string, one?: string) => {
    const figure = /^\d+$/.test(number) ? number : String(arabicNumber(number) ?? number)
    return unit === '条' || !items ? `${figure}${one ?? ''}` : `(${figure})`
  }).replace(/[、,]\s*(?=\(\d)/g, '')
}

function chinesePlaces(text: string, instrument: Instrument): string {
  if (/第.+[条项章]/.test(text)) return text
  const words = text.replace(/\bQ(\d)/g, (_whole, question: string) => `第${chineseNumber(Number(question))}问`).replace(/\bs\.(\d+)/g, '第$1章').replace(/App ([A-Z])/g, '附录$1').replace(/\bannex (\d), (\d)/, '附件$1、附件$2').replace(/\bnote (\d)/g, '注$1').replace(/\s*&\s*/, '、')
  if (isStandard(instrument)) return words.replace(/,\s*/g, '、')
  if (!/^\d/.test(words)) return words
  return words.split(/[,、]\s*/).map((token) => articleInChinese(token.trim(), instrument)).join('、')
}

/** "73(1)" → 第七十三条第一项; "47(1)(4)" → 第四十七条第一款第四项; "218-223" → 第二百一十八条至第二百二十三条; "253之一" → 第二百五十三条之一; "Q1" → 第一问; anything else as it is. */
function articleInChinese(token: string, instrument: Instrument): string {
  const unit = isGuide(instrument) ? '项' : '条'
  const range = /^(\d+)\s*[-–至]\s*(\d+)$/.exec(token)
  if (range !== null) return `第${chineseNumber(Number(range[1]))}${unit}至第${chineseNumber(Number(range[2]))}${unit}`
  const one = /^(\d+)(之一)?((?:\(\d+\))*)$/.exec(token)
  if (one === null) return token
  const [, article = '', also = '', brackets = ''] = one
  return `第${chineseNumber(Number(article))}${unit}${also}${bracketsInChinese(brackets, article, instrument)}`
}

/** What brackets behind an article count: paragraphs (款) and then items (项), or items at once where an article has but one paragraph (`itemArticles`); where nobody said which, they stay brackets. */
function bracketsInChinese(brackets: string, article: string, { itemArticles }: Instrument): string {
  const numbers = [...brackets.matchAll(/\d+/g)].map(([number]) => chineseNumber(Number(number)))
  if (itemArticles === undefined) return brackets
  const items = itemArticles.includes(article) ? numbers : numbers.slice(1)
  const paragraph = itemArticles.includes(article) ? '' : numbers.slice(0, 1).map((number) => `第${number}款`).join('')
  return `${paragraph}${items.map((number) => `第${number}项`).join('、')}`
}

/** 22 → 二十二; 218 → 二百一十八; 1038 → 一千零三十八. */
export function chineseNumber(number: number): string {
  const digits = [...String(number)].map(Number)
  const units = ['', '十', '百', '千']
  const spelled = digits.map((digit, at) => (digit === 0 ? '零' : `${'零一二三四五六七八九'.charAt(digit)}${units[digits.length - 1 - at] ?? ''}`)).join('')
  return spelled.replace(/零+/g, '零').replace(/零$/, '').replace(/^一十/, '十')
}

const insideByLaw = new WeakMap<LawBook, RegExp>()
/** Short names that are words of their own: they cite a law only at the head of a citation. */
const generic = /^解释$/
/** Names that a word of an English sentence cannot be taken for, with the numbers behind them. */
function citedInside(law: LawBook): RegExp {
  const known = insideByLaw.get(law)
  if (known !== undefined) return known
  const named = law.instruments.flatMap(({ names }) => names).filter((name) => han.test(name) && !generic.test(name)).toSorted((a, b) => b.length - a.length).map(escaped)
  const number = String.raw`\d+(?:\.\d+)?(?:之一)?(?:\(\d+\))*`
  const numbers = String.raw` ${number}(?:(?:, |[-–])${number})*(?! ?[%m])`
  const inside = new RegExp(String.raw`(?:${named.join('|')})(?:${numbers})?|\b(?:PIPL|35273)${numbers}`, 'g')
  insideByLaw.set(law, inside)
  return inside
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
