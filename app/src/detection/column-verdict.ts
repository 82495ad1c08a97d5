// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import { calibrated } from './calibrate-confidence.ts'
import type { ToldBy } from './calibrate-confidence.ts'
import { isIban } from './check-digits.ts'
import { bestByValues } from './choose-by-values.ts'
import type { ByValues } from './choose-by-values.ts'
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts, SeenValue } from './column-scan.ts'
import { countOf, isStrong, percent, phones, share } from './count-shares.ts'
import { gradeType } from './grading/index.ts'
import type { FieldGrade } from './grading/index.ts'
import { inspectText } from './inspect-text.ts'
import { typeLabel } from './information-types.ts'
import type { InformationType } from './information-types.ts'
import { maskValue } from './mask-value.ts'
import type { HeaderReading } from './header-reading.ts'
import { broadChinese } from './read-chinese-header.rules.ts'
import { broadEnglish } from './read-latin-header.rules.ts'
import { isEnumeration } from './refute-by-values.rules.ts'
import { recogniserOf } from './recognisers.ts'
import { typeByPlace } from './settle-by-neighbours.ts'
import { isAboutPersons, neighbours, settledHeader } from './settle-header.ts'
import type { ColumnContext } from './settle-header.ts'

/** 判定. What a column is, how sure we are, and why (PRODUCT.md §5). */
export interface ColumnVerdict {
  type: InformationType
  grade: FieldGrade
  gradeRule: string
  /** The type becomes sensitive together with others of the same record. */
  combination: boolean
  /** Probability that the type is right, as calibrated on tables that we made ourselves (docs/accuracy.md). */
  confidence: number
  values: number
  empty: number
  distinct: number
  matched: number
  invalid: number
  masked: number
  damaged: number
  evidence: { row: number; shown: string }[]
  why: Words
}

/** A type, how much speaks for it and what told it. */
export interface Choice {
  type: InformationType
  /** How much speaks for it, from 0 to 1; `calibrated` makes it a probability. */
  confidence: number
  told: ToldBy
  why: Words
}

/** Says what a column is: its name, the share of values that pass a check weighed by how much the check means, how far values differ, and what it cannot be (DETECTION.md §2). */
export function columnVerdict(counts: ColumnCounts, context: ColumnContext): ColumnVerdict {
  const choice = rawVerdict(counts, context)
  const grading = gradeType(choice.type, context.ruleSet)
  const hits = hitsOf(choice.type, counts)
  return {
    type: choice.type, grade: grading.grade, gradeRule: grading.rule, combination: grading.isCombination, confidence: calibrated(choice.told, choice.confidence),
    values: counts.values, empty: counts.empty, distinct: distinctValues(counts), ...hits,
    evidence: choice.type === 'none' ? [] : evidenceOf(choice.type, counts).map((seen) => ({ row: seen.place, shown: maskValue(choice.type, seen.text) })),
    why: choice.why,
  }
}

/** What speaks most for what a column is, before calibration; for fitting it. */
export function rawVerdict(counts: ColumnCounts, context: ColumnContext): Choice {
  return choose(settledHeader(counts, context), counts, context)
}

function choose(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): Choice {
  const byValues = bestByValues(counts)
  const personalText = textChoice(header, counts, context)
  if (header.type === 'none') return placesUnderCode(header, counts, context) ?? choiceAgainstName(header, byValues, counts) ?? accountsChoice(counts, context) ?? personalText ?? noneChoice(header)
  if (header.type === 'free-text-personal') return byValues !== null && byValues.share >= 0.8 && isStrong(byValues.type) ? valuesChoice(byValues) : (personalText ?? noneChoice(header))
  if (header.type !== null) return headerChoice(header.type, header, { counts, context, byValues })
  if (byValues !== null) return (byValues.share < 0.9 ? accountsChoice(counts, context) : null) ?? valuesChoice(byValues)
  return accountsChoice(counts, context) ?? personalText ?? placeChoice(counts, context) ?? weakChoice(counts, context) ?? foreignChoice(counts, context) ?? (mayBePersonal(counts, context) ? lookChoice() : noneChoice(header))
}

function placeChoice(counts: ColumnCounts, context: ColumnContext): Choice | null {
  const type = typeByPlace(counts, context)
  if (type === null) return null
  const label = typeLabel(type)
  return { type, confidence: 0.5, told: 'values', why: { zh: `取值像${label.zh},相邻各列也说明这一点`, en: `the values look like ${label.en}, and the columns beside it say so` } }
}

function choiceAgainstName(header: HeaderReading, byValues: ByValues | null, counts: ColumnCounts): Choice | null {
  if (byValues === null || byValues.share < 0.8) return null
  const isBroad = broadEnglish.has(header.word) || broadChinese.has(header.word)
  if (isBroad && mayTell.has(byValues.type)) return { ...valuesChoice(byValues), confidence: 0.5 }
  const isPlainNumber = byValues.type === 'mobile' && byValues.share >= 0.97 && (isBroad || header.strength === 'maybe' || areSubscribers(counts))
  if (!(isStrong(byValues.type) && byValues.share >= 0.9) && !isPlainNumber && !ofWords.has(byValues.type)) return null
  return { ...valuesChoice(byValues), confidence: 0.5, why: { zh: `列名“${header.word}”另有所指,但 ${percent(byValues.share)} 的值通过${typeLabel(byValues.type).zh}校验`, en: `the name means something else, but ${percent(byValues.share)} of the values pass the check of ${byValues.type}` } }
}

// Under whatever name: e-mail addresses and mobile numbers by turns are what people log in or are paid with; numbers whose IBAN check holds, or long ones under a bank's name, are accounts.
function accountsChoice(counts: ColumnCounts, context: ColumnContext): Choice | null {
  if (context.header === null || counts.values < 5 || !neighbours(context).hasSomebody) return null
  const [emails, mobiles] = [share('email', counts), share('mobile', counts)]
  const isLogin = emails + mobiles >= 0.95 && Math.min(emails, mobiles) >= 0.1
  const areNumbers = counts.seen.length > 0 && (counts.seen.every(({ text }) => isIban(text)) || (/bank|yinhang|银行|开户行/i.test(context.header) && counts.seen.every(({ text }) => /^\d{12,19}$/.test(text)) && distinctValues(counts) >= counts.values * 0.5))
  if (!isLogin && !areNumbers) return null
  const type = !isLogin ? 'bank-account' : /ali|zfb|pay|cash|withdraw|tixian|settle|collect|receiv|支付|收款|提现/i.test(`${context.header} ${context.dataSet}`) ? 'payment-account' : 'user-name'
  const label = typeLabel(type)
  return { type, confidence: 0.5, told: 'values', why: { zh: `取值为${isLogin ? '邮箱与手机号混用' : '银行账号的写法'},应为${label.zh}`, en: `the values are ${isLogin ? 'e-mail addresses and mobile numbers by turns' : 'written like numbers of accounts'}: ${label.en}` } }
}

// What values alone tell of a `number` or a `code`.
const mayTell = new Set<InformationType>(['passport', 'licence-plate', 'uscc', 'email', 'hk-mo-travel-permit'])

// `detail`, `content`, `info` say nothing of what they hold; names and addresses do.
const ofWords = new Set<InformationType>(['person-name', 'address', 'email', 'organisation-name', 'region', 'licence-plate', 'passport', 'ethnicity', 'marital-status', 'religion', 'job', 'education', 'gender'])

// city_code with names of cities: the code of a place that is spelt out is the place.
const codeOfPlace = /(?:city|provin(?:ce)?|prov|country|district|county|省|市|区|县|地区|城市)_?(?:code|cd|id|编码|代码)$/i

function placesUnderCode(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): Choice | null {
  if (context.header === null || !codeOfPlace.test(context.header) || counts.seen.length === 0 || !neighbours(context).hasPersons) return null
  const areWords = counts.seen.every(({ text }) => /^[\p{L} .'-]{2,}$/u.test(text)) && counts.seen.some(({ text }) => /[\u4e00-\u9fff]{2}|[a-z]{3}/.test(text))
  return areWords ? { type: 'region', confidence: 0.5, told: 'values', why: { zh: `列名“${header.word}”为编码,取值却是地名`, en: `the name says a code, the values are names of places` } } : null
}

// A telecom operator's SERIAL_NUMBER is the subscriber's: of numbers that are counted on, all begin alike; of bought ones, hardly two.
const areSubscribers = (counts: ColumnCounts): boolean => counts.values >= 20 && distinctValues(counts) >= counts.values * 0.5 && new Set(counts.seen.map(({ text }) => text.slice(0, 7))).size === counts.seen.length

function noneChoice(header: HeaderReading): Choice {
  if (header.type === 'none') return { type: 'none', confidence: 0.9, told: 'nothing', why: { zh: '列名表明不是个人信息', en: 'the name says that it is not personal' } }
  return { type: 'none', confidence: 0.7, told: 'nothing', why: { zh: '列名和取值都没有显示为个人信息', en: 'neither name nor values look personal' } }
}

// In a table of persons a column whose name nobody can read is flagged on less: wrong is cheaper than missed.
const enoughAmongPersons: readonly (readonly [InformationType, number])[] = [['resident-id', 0.3], ['mobile', 0.4], ['email', 0.2], ['bank-card', 0.5], ['address', 0.4], ['person-name', 0.5]]

function weakChoice(counts: ColumnCounts, context: ColumnContext): Choice | null {
  if (!neighbours(context).hasPersons || counts.values < 5 || distinctValues(counts) < Math.min(10, counts.values * 0.4)) return null
  const found = enoughAmongPersons.find(([type, enough]) => countOf(type, counts) >= counts.values * enough)
  if (found === undefined) return null
  const [type] = found
  const [part, label] = [percent(share(type, counts)), typeLabel(type)]
  return { type, confidence: 0.3, told: 'values', why: { zh: `同表有个人信息,且 ${part} 的值像${label.zh};请人工确认`, en: `the table holds persons and ${part} of the values look like ${label.en}; please confirm` } }
}

// How numbers abroad are written, with something between the digits that dates, amounts and codes have not.
const telephoneAbroad = /^(?=(?:\D*\d){7,15}\D*$)(?:\+\d{1,3}[\d .()/-]+|\(?0?\d{1,5}\)[\d .-]{4,}|\d{3}[ .-]\d{3,4}[ .-]\d{3,4}|0\d{1,4}[ /-][\d ]{5,})$/

function foreignChoice(counts: ColumnCounts, context: ColumnContext): Choice | null {
  if (context.header === null || counts.seen.length < 3 || !neighbours(context).hasSomebody || distinctValues(counts) < Math.min(10, counts.values * 0.4)) return null
  const type = counts.seen.every(({ text }) => telephoneAbroad.test(text)) ? 'landline' : counts.seen.every(({ text }) => isIban(text)) ? 'bank-account' : null
  if (type === null) return null
  const label = typeLabel(type)
  return { type, confidence: 0.3, told: 'values', why: { zh: `同表有个人信息,取值的写法像${label.zh};请人工确认`, en: `the table holds persons and the values are written like ${label.en}; please confirm` } }
}

/** Whether a column that nobody could read stands in a table of persons and differs from row to row: unknown rather than nobody's. */
const mayBePersonal = (counts: ColumnCounts, context: ColumnContext): boolean => counts.values > 0 && neighbours(context).hasPersons && distinctValues(counts) > Math.min(20, counts.values * 0.5)

const lookChoice = (): Choice => ({ type: 'none', confidence: 0.4, told: 'nothing', why: { zh: '列名和取值都未能识别;同表有个人信息,请人工查看', en: 'neither name nor values are understood; the table holds persons: please look' } })

function valuesChoice(found: ByValues): Choice {
  const label = typeLabel(found.type)
  return {
    type: found.type, confidence: found.share * Math.min(1, 0.8 + 0.05 * -Math.log10(recogniserOf(found.type)?.chance ?? 1)), told: 'values',
    why: { zh: `${percent(found.share)} 的值符合${label.zh}的格式或校验`, en: `${percent(found.share)} of the values match ${label.en}` },
  }
}

/** The name tells the type; values may sharpen it within its family, or contradict it when they all pass a check that means much. */
function headerChoice(named: InformationType, header: HeaderReading, { counts, context, byValues }: { counts: ColumnCounts; context: ColumnContext; byValues: ByValues | null }): Choice {
  const type = sharpen(named, counts)
  if (type === 'bank-card' && hasLetters(counts)) return { type: neighbours(context).hasPersons ? 'customer-id' : 'none', confidence: 0.4, told: 'name', why: { zh: `列名“${header.word}”,但取值含字母,不是银行卡号;可能是会员卡号`, en: `header “${header.word}”, but the values hold letters: no bank card, perhaps a member's` } }
  const part = share(type, counts)
  const isContradicted = byValues !== null && byValues.type !== type && byValues.share >= 0.8 && mayReplace(type, byValues.type) && part < 0.5
  if (isContradicted) return valuesChoice(byValues)
  const soft = recogniserOf(type)?.isSoft ?? true
  const isNumbers = counts.values > 0 && counts.digitsOnly / counts.values > 0.9
  if (isNumbers && (['person-name', 'organisation-name', 'address', 'email'].includes(type) || (type === 'region' && !(header.strength === 'sure' && isPlainRegion.test(context.header ?? '') && isAboutSomebody(context))))) return { ...noneChoice({ ...header, type: null }), confidence: 0.6 }
  const told = counts.values === 0 ? 0.6 : soft ? 0.85 + 0.12 * part : part >= 0.5 ? 0.9 + 0.09 * part : 0.7
  const confidence = header.isSettled === true ? told - 0.15 : told
  const label = typeLabel(type)
  const zh = counts.values === 0 ? `列名“${header.word}”;没有值` : recogniserOf(type) === undefined ? `列名“${header.word}”` : `列名“${header.word}”+ ${percent(part)} 的值符合${label.zh}`
  return { type, confidence, told: 'name', why: { zh, en: `header “${header.word}”${counts.values === 0 || recogniserOf(type) === undefined ? '' : ` + ${percent(part)} match ${label.en}`}` } }
}

// A province or a nationality kept as a code is where somebody is from all the same.
const isPlainRegion = /(?:provinces?|prov|city|district|county|country|nationality|citizenship|birth_?place|native_?place|hometown|shengfen|chengshi|guoji|jiguan|省|市|区|县|省份|城市|国籍|籍贯|国家)$/i
const isAboutSomebody = (context: ColumnContext): boolean => neighbours(context).hasSomebody || isAboutPersons(context)

const hasLetters = (counts: ColumnCounts): boolean => countOf('bank-card', counts) === 0 && counts.seen.length > 0 && counts.seen.every(({ text }) => /[A-WYZa-wyz]/.test(text))

/** Within a family the values decide: mobile or landline, which identity document, address or region, person or organisation. */
function sharpen(named: InformationType, counts: ColumnCounts): InformationType {
  const pick = (family: readonly InformationType[], atLeast: number): InformationType => {
    const best = family.reduce((a, b) => (countOf(b, counts) > countOf(a, counts) ? b : a))
    return countOf(best, counts) >= Math.max(1, counts.values * atLeast) && countOf(best, counts) > countOf(named, counts) ? best : named
  }
  if (named === 'mobile' || named === 'landline') return pick([named, 'mobile', 'landline'], 0.5)
  if (named === 'resident-id') return pick([named, 'resident-id', 'passport', 'hk-mo-travel-permit', 'foreign-permanent-resident-id', 'uscc'], 0.6)
  if (named === 'passport') return pick([named, 'resident-id'], 0.5)
  if (named === 'address') return countOf('address', counts) < counts.values * 0.3 ? pick([named, 'region', 'person-name'], 0.7) : named
  if (named === 'region') return countOf('region', counts) < counts.values * 0.3 ? pick([named, 'address'], 0.6) : named
  if (named === 'person-name') return pick([named, 'organisation-name'], 0.6)
  if (named === 'email') return countOf('email', counts) === 0 ? pick([named, 'address'], 0.6) : named
  if (named === 'user-name') return isLongNumber(counts) ? 'bank-account' : pick([named, 'person-name', 'organisation-name'], 0.7)
  if (named === 'payment-account' || named === 'bank-account') return countOf('bank-card', counts) >= counts.values * 0.9 && counts.values > 0 ? 'bank-card' : named
  if (named === 'tax-id') return pick([named, 'uscc'], 2)
  return named
}

// 代发账号, 收款账号: sixteen digits and more are where money lies, not how somebody logs in.
const isLongNumber = (counts: ColumnCounts): boolean => counts.seen.length > 0 && counts.digitsOnly > counts.values * 0.9 && counts.seen.every(({ text }) => text.length >= 16)

// A name such as 账号 or 会员卡号 says less than a column full of mobile numbers.
const vague = new Set<InformationType>(['user-name', 'customer-id', 'online-id', 'payment-account', 'bank-account', 'person-name', 'address', 'job', 'organisation-name', 'driver-licence'])

function mayReplace(named: InformationType, found: InformationType): boolean {
  if (found === 'organisation-name' || found === 'person-name' || found === 'region' || found === 'address') return false
  if (named === 'driver-licence' && found === 'resident-id') return false
  return isStrong(found) || (vague.has(named) && found === 'mobile') || (phones.includes(named) && (found === 'email' || found === 'bank-card'))
}

/** Texts with identifiers in them are personal whatever the column is called; notes about persons are when their table speaks of persons. */
function textChoice(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): Choice | null {
  const found = counts.wordsWithIdentifier
  const spansShare = counts.wordsInspected === 0 ? 0 : counts.wordsWithSpans / counts.wordsInspected
  if (found > 0 && counts.words > 0 && counts.words >= counts.values * 0.05) {
    return { type: 'free-text-personal', confidence: 0.9, told: 'text', why: { zh: `文本中有 ${found} 处含手机号、证件号、邮箱等标识`, en: `${found} texts hold a number, e-mail or document of a person` } }
  }
  if (header.type === 'none') return null
  if (spansShare >= (header.type === 'free-text-personal' ? 0.05 : 0.25) && counts.words >= counts.values * 0.3 && !isOneWord(counts)) {
    return { type: 'free-text-personal', confidence: 0.7, told: 'text', why: { zh: `抽看的文本中 ${percent(spansShare)} 含姓名或地址`, en: `${percent(spansShare)} of the texts looked at hold a name or an address` } }
  }
  if (header.type !== 'free-text-personal' || (isWordsAgainAndAgain(counts) && !neighbours(context).hasPersons) || (ofMachines.test(context.dataSet) && !(isAboutPersons(context) && !ofLogs.test(context.dataSet))) || !(isAboutPersons(context) || (neighbours(context).hasPersons && !isEnumeration(counts) && (spansShare > 0 || saysWhose.test(context.header ?? '') || saysWhose.test(context.comment ?? ''))))) return null
  return { type: 'free-text-personal', confidence: 0.75, told: 'text', why: { zh: `列名“${header.word}”:关于个人的记录文本`, en: `header “${header.word}”: notes about persons` } }
}

const saysWhose = /user|customer|client|member|buyer|person|patient|student|contact|guest|visitor|employee|emp_|self|my_|about|bio|intro|resume|sign|review|comment|feedback|complain|message|留言|评|反馈|投诉|客户|用户|会员|买家|个人|自我|患者|学生|员工|签名/i

// What machines and settings write is no note about anybody, unless it holds something of somebody.
const ofMachines = /(?:^|[_\W])(?:logs?|config|conf|setting|settings|dict|dictionary|param|template|tpl|job|jobs|task|schedule)(?:[_\W]|$)|日志|字典|配置|参数|模板|定时任务/i

// user_job, staff_schedule: of persons, though machines have jobs and schedules too.
const ofLogs = /logs?|conf|setting|dict|param|template|tpl|日志|字典|配置|参数|模板/i

// Notes are not a few short words over and over: those are kinds of something.
const isWordsAgainAndAgain = (counts: ColumnCounts): boolean => counts.values >= 40 && distinctValues(counts) <= 12 && counts.wordsWithSpans === 0 && counts.seen.every(({ text }) => text.length <= 6)

/** The same “name” in every text that was kept is a word for a thing, not a person. */
function isOneWord(counts: ColumnCounts): boolean {
  const found = counts.textSeen.flatMap(({ text }) => inspectText(text).filter((span) => span[2] === 'person-name' || span[2] === 'address').map(([start, end]) => text.slice(start, end)))
  return counts.textSeen.length >= 3 && counts.words > 5 && new Set(found).size <= 1
}

function hitsOf(type: InformationType, counts: ColumnCounts): { matched: number; invalid: number; masked: number; damaged: number } {
  if (type === 'none') return { matched: 0, invalid: 0, masked: 0, damaged: 0 }
  if (type === 'free-text-personal') return { matched: counts.wordsInspected < counts.words ? Math.max(counts.wordsWithIdentifier, counts.wordsWithSpans) : counts.wordsWithSpans, invalid: 0, masked: 0, damaged: 0 }
  const recogniser = recogniserOf(type)
  // One coordinate of a pair stands in each of two columns, and bare hashes have no form of their own: the name alone told the type.
  const isByNameAlone = recogniser === undefined || (counts.tallies.get(type) === undefined && ['geo-location', 'password', 'secret', 'medical', 'national-id-foreign'].includes(type))
  if (isByNameAlone) return { matched: counts.values, invalid: 0, masked: 0, damaged: 0 }
  const tallies = (phones.includes(type) ? phones : [type]).map((one) => counts.tallies.get(one))
  const sum = (how: 'matched' | 'masked' | 'damaged'): number => tallies.reduce((total, tally) => total + (tally?.[how] ?? 0), 0)
  const matched = Math.min(counts.values, sum('matched'))
  const masked = sum('masked')
  const damaged = sum('damaged')
  return { matched, masked, damaged, invalid: recogniser.isSoft ? 0 : Math.max(0, counts.values - matched - masked - damaged) }
}

function evidenceOf(type: InformationType, counts: ColumnCounts): SeenValue[] {
  if (type === 'free-text-personal' && counts.textSeen.length > 0) return counts.textSeen
  const seen = counts.tallies.get(type)?.seen ?? []
  return seen.length > 0 ? seen : counts.seen
}
