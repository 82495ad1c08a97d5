// SPDX-License-Identifier: Apache-2.0
import { givenNames, isPinyin, looksLikeNameInText, notNames, organisationEnd, pinyinSurnames, placeEnd, surnameLength } from '../recognisers/names.ts'
import { cityNames, countryNames, countyNames, provinceNames } from '../regions.ts'
import { isWord, type Characters } from './characters.ts'
import { otherPlaces } from './other-places.ts'
import type { TextSpan } from './text-span.ts'

const nameAfter = /(?:姓名|名字|联系人|收货人|收件人|寄件人|我叫|名叫|业主|户主|经办人|负责人|法人代表|法定代表人|持卡人|申请人|投保人|患者|客户|用户|会员|顾客)(?:\s?[::是为]\s?|\s|(?=[\u4e00-\u9fff]))/g
const nameEnd = /^(?:$|[^\u4e00-\u9fff]|先生|女士|小姐|太太|老师|师傅|经理|来电|来访|反映|投诉|要求|预约|购买|致电|称|反馈|表示|电话|手机|身份证|住)/

/** 姓名 by rules: after a word that announces one (姓名:张三), where forms and notes give the model no sentence. */
export function* namesByRules(text: string): Generator<TextSpan> {
  for (const match of text.matchAll(nameAfter)) {
    const start = match.index + match[0].length
    const length = nameLength(text.slice(start, start + 5))
    if (length > 0) yield [start, start + length, 'person-name']
  }
}

/** Length of the name at the start of a text: surname and one or two characters that end where a name may end. */
function nameLength(text: string): number {
  const surname = surnameLength(text)
  if (surname === 0) return 0
  for (const given of [2, 1]) {
    const name = text.slice(0, surname + given)
    if (name.length === surname + given && /^[\u4e00-\u9fff]+$/.test(name) && looksLikeNameInText(name) && nameEnd.test(text.slice(name.length))) return name.length
  }
  return 0
}

const latinName = /(?<![A-Za-z\d@._-])[A-Z][a-z]{1,14}(?:[ ][A-Z]\.?)?(?:[ -][A-Z][a-z]{1,14}){1,2}(?![A-Za-z\d@_-])/g
const titleBefore = /(?:Mr|Mrs|Ms|Dr|Prof|Miss)\.? ?$/
const titleAfter = /^ ?(?:先生|女士|小姐|博士|教授|老师|经理)/

/** Names in Latin letters: with a known given name, a Chinese one in pinyin, or a title beside it. */
export function* namesInLatin(text: string): Generator<TextSpan> {
  for (const match of text.matchAll(latinName)) {
    const parts = match[0].toLowerCase().split(/[ -]/)
    const isKnown = givenNames.has(parts[0] ?? '') || (parts.length <= 3 && pinyinSurnames.has(parts[0] ?? '') && parts.slice(1).every(isPinyin)) || (pinyinSurnames.has(parts.at(-1) ?? '') && parts.slice(0, -1).every(isPinyin))
    const end = match.index + match[0].length
    if (isKnown || titleBefore.test(text.slice(Math.max(0, match.index - 6), match.index)) || titleAfter.test(text.slice(end, end + 4))) yield [match.index, end, 'person-name']
  }
}

const repeatsMax = 32
// So many places of surnames are looked at in a text, however long: those of a long one come again anyway.
const surnamePlacesMax = 20_000

/** Further places of names of three and more characters that the model found once, and of two when they are no word and cut none: one sentence tells what another does not. Of a full name (危国栋) also the given name alone, and the surname before a title (危厂长). */
export function* repeatedNames(text: string, spans: readonly TextSpan[], known: Characters): Generator<TextSpan> {
  const names = new Set<string>()
  for (const [start, end, type] of spans) if (type === 'person-name' && end - start >= 2 && names.size < repeatsMax) names.add(text.slice(start, end))
  const pairs = new Set<string>(), surnames = new Set<string>()
  for (const name of names) {
    const surname = surnameLength(name)
    if (name.length === 2) pairs.add(name)
    else if (surname > 0 && name.length === surname + 2) pairs.add(name.slice(surname))
    if (surname === 1 && name.length <= 3) surnames.add(name.slice(0, 1))
    if (name.length >= 3) for (const at of placesIn(text, name)) yield [at, at + name.length, 'person-name']
  }
  for (const pair of pairs) for (const at of placesIn(text, pair)) if (standsAlone(text, at, at + 2, known)) yield [at, at + 2, 'person-name']
  let left = surnamePlacesMax
  for (const one of surnames) {
    for (const at of placesIn(text, one)) {
      if (left-- === 0) return
      if (isSurnameAlone(text, at) && !isWord(known.words, text.charCodeAt(at - 1), text.charCodeAt(at))) yield [at, at + 1, 'person-name']
    }
  }
}

function* placesIn(text: string, part: string): Generator<number> {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) yield at
}

const pronoun = /[他她我你您们的了着过叫]/

/** Whether two characters are no ordinary word, and neither of them makes one with its neighbour; 他国栋 is more often 他 and 国栋 than 他国. */
const standsAlone = (text: string, start: number, end: number, known: Characters): boolean =>
  [start - 1, start, end - 1].every((at) => (at < start && pronoun.test(text[at] ?? '')) || !isWord(known.words, text.charCodeAt(at), text.charCodeAt(at + 1)))

const announced = /(?:姓名|名叫|我叫|记者|联系人|收件人|收货人)[::]?\s?$/
const titled = /^(?:先生|女士|小姐|老师|师傅|同志|教授|博士|医生|律师|经理|主任)/

const bareCounties: ReadonlySet<string> = new Set([...countyNames].map((name) => name.slice(0, -1)).filter((name) => name.length >= 2))
const placeAfter = /^(?:主义|[县市区镇乡村州省港岛](?![长委书支]))/
const says = /^[说道称问答笑]/
const roleBefore = /[长员手者师家人民兵将帅星叫]$/

// One list, since every found name is looked up.
const noPersons: ReadonlySet<string> = new Set([...notNames, ...cityNames, ...provinceNames, ...countryNames, ...bareCounties, ...otherPlaces])

/** Whether what the model takes for a name is rather a word (单价, 高兴), a word and the beginning of the next, a place that our lists know or that its kind follows (某某村), or a doctrine (某某主义), and nothing beside it says that a person is meant. */
export function isRatherWord(text: string, start: number, end: number, known: Characters): boolean {
  const name = text.slice(start, end)
  const isWordAndStart = name.length === 3 && notNames.has(name.slice(0, 2)) && isWord(known.words, name.charCodeAt(2), text.charCodeAt(end)) // 花洒漏|水
  const rest = text.slice(end, end + 2)
  if (!isWordAndStart && !noPersons.has(name) && !placeAfter.test(rest)) return false
  const before = text.slice(Math.max(0, start - 6), start)
  return !titled.test(rest) && !says.test(rest) && !announced.test(before) && !roleBefore.test(before)
}

const titleOfSurname = /^(?:先生|女士|小姐|太太|夫人|老[师汉板人太总]|同志|阿[姨伯公婆]|大[爷妈娘伯叔婶嫂哥姐夫]|[爷奶伯叔婆]|公子|姑娘|家(?!里|中)|氏|某|总|董|导|工(?!作|人|业)|(?:副|总|大|老|代|中|小|常务|首席)?[\u4e00-\u9fff]{0,2}(?:长|书记|主席|总理|主任|经理|教授|博士|院士|医[生师]|大夫|律师|师傅|将军|司令|司令员|政委|参谋|委员|代表|大使|外长|总统|总裁|董事|记者|主编|编辑|教练|导演|会计|秘书|警官|法官|检察官|工程师|教员|老师|指导|老板|掌柜|员外|大人|大帅|兄弟|夫妇|校尉|[上中少大][将校尉]))/
/** Characters that are surnames too, and much more often words: 和, 向, 从. */
const wordAlone = /[和向从当任应由对与为在同等都也还让被把给是有]/

/** Whether one character alone, which the model takes for a surname, is followed by how a person is addressed (王厂长, 李家) or is one of a pair (张、李两家). */
export const isSurnameAlone = (text: string, at: number): boolean => surnameLength(text[at] ?? '') > 0 && !wordAlone.test(text[at] ?? '') && (titleOfSurname.test(text.slice(at + 1, at + 8)) || /^(?:、[\u4e00-\u9fff](?![\u4e00-\u9fff]{2}[、。,])|:)/.test(text.slice(at + 1, at + 5)))

const opening = /^\s*(?:[(]?\d{1,2}[)、.]\s*)?([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6}){1,3})(?:先生|女士|同志)?[,:]\s?/
const aboutPerson = /^(?:[男女](?:[,。;]|$)|\d{4}年|[\u4e00-\u9fff]{1,4}(?:国籍|族[,。;])|\d{2}岁|.{0,24}(?:出生|学历|年生|国籍|毕业))/

/** The name that a CV begins with (高原,女,1980年出生): what follows says that it is one, even when it is an ordinary word. */
export function* openingName(text: string): Generator<TextSpan> {
  const match = opening.exec(text.slice(0, 48))
  const name = match?.[1] ?? ''
  if (match === null || (!name.includes('·') && surnameLength(name) === 0) || !aboutPerson.test(text.slice(match[0].length, match[0].length + 60))) return
  const start = match[0].indexOf(name)
  const end = name.length > 2 && titled.test(name.slice(-2)) ? name.length - 2 : name.length
  if (organisationEnd.test(name) || placeEnd.test(name)) return
  yield [start, start + end, 'person-name']
}

const nextInList = /^、([\u4e00-\u9fff]{2,4})(?=[、,。;:()等]|$)/

/** Names that stand in a list after a found one (方少安、计划生、常青): two to four characters that begin with a surname. */
export function* listedNames(text: string, spans: readonly TextSpan[]): Generator<TextSpan> {
  for (const [, end, type] of spans) {
    if (type !== 'person-name') continue
    for (let at = end; ;) {
      const name = nextInList.exec(text.slice(at, at + 7))?.[1] ?? ''
      if (surnameLength(name) === 0 || name.length > surnameLength(name) + 2 || placeEnd.test(name)) break
      yield [at + 1, at + 1 + name.length, 'person-name']
      at += 1 + name.length
    }
  }
}

const nameRun = /[\u3400-\u9fffA-Za-z][\u3400-\u9fffA-Za-z·•・. -]*[\u3400-\u9fffA-Za-z]|[\u3400-\u9fff]/g
const onlyHan = /^[\u3400-\u9fff]+$/

/** What of a piece that the model takes for a name has the form of one: no sign of punctuation but a dot between characters, no digit, at least one Chinese character. */
export function nameRuns(text: string, start: number, end: number): readonly (readonly [number, number])[] {
  const piece = text.slice(start, end)
  if (onlyHan.test(piece)) return [[start, end]]
  return Array.from(piece.matchAll(nameRun)).filter((match) => /[\u3400-\u9fff]/.test(match[0])).map((match) => [start + match.index, start + match.index + match[0].length] as const)
}

const interjection = /^[唉哎喂嗯啊哈嘿哟呀哦]/

/** A name without the call before it (唉张三), and one name for each time it is called in a row (张三张三): no name repeats itself. */
export function* singleNames(text: string, start: number, end: number): Generator<TextSpan> {
  const from = end - start >= 3 && interjection.test(text[start] ?? '') && surnameLength(text.slice(start + 1, end)) > 0 ? start + 1 : start
  const name = text.slice(from, end)
  for (const times of [3, 2]) {
    const length = name.length / times
    if (!Number.isInteger(length) || length < 2 || name !== name.slice(0, length).repeat(times)) continue
    for (let at = from; at < end; at += length) yield [at, at + length, 'person-name']
    return
  }
  yield [from, end, 'person-name']
}
