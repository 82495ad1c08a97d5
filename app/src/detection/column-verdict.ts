// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts, SeenValue } from './column-scan.ts'
import { gradeType } from './grade-type.ts'
import type { FieldGrade } from './grade-type.ts'
import { isPersonalType, typeLabel } from './information-types.ts'
import type { InformationType } from './information-types.ts'
import { maskValue } from './mask-value.ts'
import { readHeader, speaksOfPersons } from './read-header.ts'
import type { HeaderReading } from './read-header.ts'
import { todayInChina } from './recogniser.ts'
import { recogniserOf, recognisers } from './recognisers.ts'

/** What stands around a column: the name of its data set and of all its columns, its own name null when the file has no header. */
export interface ColumnContext {
  header: string | null
  dataSet: string
  headers: readonly string[]
  ruleSet?: string
}

/** 判定. What a column is, how sure we are, and why (PRODUCT.md §5). */
export interface ColumnVerdict {
  type: InformationType
  grade: FieldGrade
  gradeRule: string
  /** The type becomes sensitive together with others of the same record. */
  combination: boolean
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

interface Choice {
  type: InformationType
  confidence: number
  why: Words
}

/** Says what a column is: its name, the share of values that pass a check weighed by how much the check means, how far values differ, and what it cannot be (DETECTION.md §2). */
export function columnVerdict(counts: ColumnCounts, context: ColumnContext): ColumnVerdict {
  const header = context.header === null ? noHeader : readHeader(context.header)
  const settled = settle(header, counts, context)
  const choice = choose(settled, counts, context)
  const grading = gradeType(choice.type, context.ruleSet)
  const hits = hitsOf(choice.type, counts)
  return {
    type: choice.type, grade: grading.grade, gradeRule: grading.rule, combination: grading.isCombination, confidence: Math.round(choice.confidence * 100) / 100,
    values: counts.values, empty: counts.empty, distinct: distinctValues(counts), ...hits,
    evidence: choice.type === 'none' ? [] : evidenceOf(choice.type, counts).map((seen) => ({ row: seen.place, shown: maskValue(choice.type, seen.text) })),
    why: choice.why,
  }
}

const noHeader: HeaderReading = { type: null, strength: 'maybe', word: '' }

const phones: readonly InformationType[] = ['mobile', 'landline']

/** Share of the values that are of a type; telephone numbers of all kinds are one family. */
function share(type: InformationType, counts: ColumnCounts): number {
  if (counts.values === 0) return 0
  const types = phones.includes(type) ? phones : [type]
  return Math.min(1, types.reduce((sum, one) => sum + countOf(one, counts), 0) / counts.values)
}

function countOf(type: InformationType, counts: ColumnCounts): number {
  const tally = counts.tallies.get(type)
  return tally === undefined ? 0 : tally.matched + tally.masked + tally.damaged
}

/** Settles a name that may mean several things by values and neighbours. */
function settle(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (header.type === null || header.strength === 'sure') return header
  const sure = (type: InformationType): HeaderReading => ({ ...header, type, strength: 'sure' })
  const nothing: HeaderReading = { ...header, type: null }
  const isAboutPersons = speaksOfPersons([context.dataSet])
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  if (header.type === 'person-name' || header.word === '客户名称') {
    const person = share('person-name', counts)
    const organisation = share('organisation-name', counts)
    if (person >= 0.5 && person >= organisation) return sure('person-name')
    if (organisation >= 0.4) return sure('organisation-name')
    if (header.word === '客户名称') return sure('person-name')
    return isAboutPersons && !isDigits && header.word !== 'user' && /name|员工|客户/.test(header.word) ? sure('person-name') : nothing
  }
  if (header.type === 'job') return share('job', counts) >= 0.4 || (isAboutPersons && share('job', counts) > 0) ? sure('job') : nothing
  if (header.type === 'region') {
    const { hasPlaces } = neighbours(context.headers)
    return share('region', counts) >= 0.3 || (hasPlaces && !isDigits && header.word !== 'area') ? sure('region') : nothing
  }
  if (header.type === 'organisation-name') return share('organisation-name', counts) >= 0.3 ? sure('organisation-name') : nothing
  return nothing
}

function choose(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): Choice {
  const byValues = bestByValues(counts)
  const personalText = textChoice(header, counts, context)
  if (header.type === 'none') return choiceAgainstName(header, byValues) ?? personalText ?? noneChoice(header)
  if (header.type === 'free-text-personal') return byValues !== null && byValues.share >= 0.8 && isStrong(byValues.type) ? valuesChoice(byValues) : (personalText ?? noneChoice(header))
  if (header.type !== null) return headerChoice(header.type, header, counts, byValues)
  if (byValues !== null) return valuesChoice(byValues)
  return personalText ?? noneChoice(header)
}

interface ByValues {
  type: InformationType
  share: number
}

/** Types whose check says so much that it outweighs a name. */
const isStrong = (type: InformationType): boolean => (recogniserOf(type)?.chance ?? 1) <= 0.003 && recogniserOf(type)?.isSoft === false

function choiceAgainstName(header: HeaderReading, byValues: ByValues | null): Choice | null {
  if (byValues === null || byValues.share < 0.9 || !isStrong(byValues.type)) return null
  return { ...valuesChoice(byValues), confidence: 0.8, why: { zh: `列名“${header.word}”另有所指,但 ${percent(byValues.share)} 的值通过${typeLabel(byValues.type).zh}校验`, en: `the name means something else, but ${percent(byValues.share)} of the values pass the check of ${byValues.type}` } }
}

function noneChoice(header: HeaderReading): Choice {
  if (header.type === 'none') return { type: 'none', confidence: 0.9, why: { zh: '列名表明不是个人信息', en: 'the name says that it is not personal' } }
  return { type: 'none', confidence: 0.7, why: { zh: '列名和取值都没有显示为个人信息', en: 'neither name nor values look personal' } }
}

function valuesChoice(found: ByValues): Choice {
  const label = typeLabel(found.type)
  return {
    type: found.type, confidence: Math.min(0.97, 0.55 + 0.42 * found.share),
    why: { zh: `${percent(found.share)} 的值符合${label.zh}的格式或校验`, en: `${percent(found.share)} of the values match ${label.en}` },
  }
}

const percent = (part: number): string => `${(part * 100).toFixed(part > 0.999 && part < 1 ? 2 : 1).replace(/\.0+$/, '')} %`

/** The name tells the type; values may sharpen it within its family, or contradict it when they all pass a check that means much. */
function headerChoice(named: InformationType, header: HeaderReading, counts: ColumnCounts, byValues: ByValues | null): Choice {
  const type = sharpen(named, counts)
  const part = share(type, counts)
  const isContradicted = byValues !== null && byValues.type !== type && byValues.share >= 0.8 && mayReplace(type, byValues.type) && part < 0.5
  if (isContradicted) return valuesChoice(byValues)
  const soft = recogniserOf(type)?.isSoft ?? true
  const isNumbers = counts.values > 0 && counts.digitsOnly / counts.values > 0.9
  if (isNumbers && ['person-name', 'organisation-name', 'address', 'email', 'region'].includes(type)) return { ...noneChoice({ ...header, type: null }), confidence: 0.6 }
  const confidence = counts.values === 0 ? 0.6 : soft ? 0.85 + 0.12 * part : part >= 0.5 ? 0.9 + 0.09 * part : 0.7
  const label = typeLabel(type)
  const zh = counts.values === 0 ? `列名“${header.word}”;没有值` : recogniserOf(type) === undefined ? `列名“${header.word}”` : `列名“${header.word}”+ ${percent(part)} 的值符合${label.zh}`
  return { type, confidence, why: { zh, en: `header “${header.word}”${counts.values === 0 || recogniserOf(type) === undefined ? '' : ` + ${percent(part)} match ${label.en}`}` } }
}

/** Within a family the values decide: mobile or landline, which identity document, address or region, person or organisation. */
function sharpen(named: InformationType, counts: ColumnCounts): InformationType {
  const pick = (family: readonly InformationType[], atLeast: number): InformationType => {
    const best = family.reduce((a, b) => (countOf(b, counts) > countOf(a, counts) ? b : a))
    return countOf(best, counts) >= Math.max(1, counts.values * atLeast) && countOf(best, counts) > countOf(named, counts) ? best : named
  }
  if (named === 'mobile' || named === 'landline') return pick([named, 'mobile', 'landline'], 0.5)
  if (named === 'resident-id') return pick([named, 'resident-id', 'passport', 'hk-mo-travel-permit', 'foreign-permanent-resident-id', 'uscc'], 0.6)
  if (named === 'address') return countOf('address', counts) < counts.values * 0.3 ? pick([named, 'region'], 0.8) : named
  if (named === 'region') return countOf('region', counts) < counts.values * 0.3 ? pick([named, 'address'], 0.6) : named
  if (named === 'person-name') return pick([named, 'organisation-name'], 0.6)
  if (named === 'tax-id') return pick([named, 'uscc'], 2)
  return named
}

// A name such as 账号 or 会员卡号 says less than a column full of mobile numbers.
const vague = new Set<InformationType>(['user-name', 'customer-id', 'online-id', 'payment-account', 'bank-account', 'person-name', 'address', 'job', 'organisation-name', 'driver-licence'])

function mayReplace(named: InformationType, found: InformationType): boolean {
  if (found === 'organisation-name' || found === 'person-name' || found === 'region' || found === 'address') return false
  if (named === 'driver-licence' && found === 'resident-id') return false
  return isStrong(found) || (vague.has(named) && found === 'mobile') || (phones.includes(named) && found === 'email')
}

/** The type that the values alone show, if any. */
function bestByValues(counts: ColumnCounts): ByValues | null {
  let best: (ByValues & { score: number }) | null = null
  for (const recogniser of recognisers) {
    const part = share(recogniser.type, counts)
    if (part < recogniser.shareAlone || !mayStandAlone(recogniser.type, counts)) continue
    const type = phones.includes(recogniser.type) ? sharpen('mobile', counts) : recogniser.type
    const score = part * (1 + Math.min(5, -Math.log10(recogniser.chance)) / 10)
    if (best === null || score > best.score) best = { type, share: part, score }
  }
  return best
}

/** What else must hold when no name helps: values that differ, dates that are births, numbers that nothing else looks like. */
function mayStandAlone(type: InformationType, counts: ColumnCounts): boolean {
  const distinct = distinctValues(counts)
  const isVaried = counts.values < 5 || distinct >= Math.min(20, counts.values * 0.2)
  switch (type) {
    case 'birth-date':
      return areBirths(counts)
    case 'gender':
      return counts.digitsOnly === 0 && distinct <= 5
    case 'ethnicity':
    case 'marital-status':
    case 'education':
    case 'religion':
      return distinct <= 60 && counts.digitsOnly === 0
    case 'landline':
      return countOf('mobile', counts) >= countOf('landline', counts) || counts.tellingLandlines >= counts.values * 0.5
    case 'resident-id':
      return isVaried && (counts.oldIds < countOf('resident-id', counts) * 0.5 || share('resident-id', counts) >= 0.9)
    case 'person-name':
      return counts.values < 20 ? distinct > 1 : distinct >= Math.min(15, counts.values * 0.05)
    case 'region':
      return counts.digitsOnly === 0
    case 'vin':
    case 'imei':
    case 'bank-card':
    case 'mobile':
    case 'business-registration-number':
      return isVaried
    default:
      return true
  }
}

/** Births spread over decades and lie a generation back; dates of business are recent and close together. */
function areBirths(counts: ColumnCounts): boolean {
  const years = [...counts.years].sort((a, b) => a[0] - b[0])
  const total = years.reduce((sum, [, count]) => sum + count, 0)
  if (total < 3 || counts.datesWithTime > total * 0.1) return false
  const quantile = (part: number): number => {
    let passed = 0
    for (const [year, count] of years) if ((passed += count) >= total * part) return year
    return years.at(-1)?.[0] ?? 0
  }
  const thisYear = Number(todayInChina().slice(0, 4))
  return quantile(0.5) <= thisYear - 17 && quantile(0.95) - quantile(0.05) >= 15
}

/** Texts with identifiers in them are personal whatever the column is called; notes about persons are when their table speaks of persons. */
function textChoice(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): Choice | null {
  const found = counts.wordsWithIdentifier
  const spansShare = counts.wordsInspected === 0 ? 0 : counts.wordsWithSpans / counts.wordsInspected
  if (found > 0 && counts.words > 0 && counts.words >= counts.values * 0.05) {
    return { type: 'free-text-personal', confidence: 0.9, why: { zh: `文本中有 ${found} 处含手机号、证件号、邮箱等标识`, en: `${found} texts hold a number, e-mail or document of a person` } }
  }
  if (header.type === 'none') return null
  if (spansShare >= 0.1 && counts.words >= counts.values * 0.3) {
    return { type: 'free-text-personal', confidence: 0.7, why: { zh: `抽看的文本中 ${percent(spansShare)} 含姓名或地址`, en: `${percent(spansShare)} of the texts looked at hold a name or an address` } }
  }
  const isAboutPersons = speaksOfPersons([context.dataSet]) || neighbours(context.headers).hasPersons
  if (header.type !== 'free-text-personal' || !isAboutPersons) return null
  return { type: 'free-text-personal', confidence: 0.75, why: { zh: `列名“${header.word}”:关于个人的记录文本`, en: `header “${header.word}”: notes about persons` } }
}

interface Neighbours {
  hasPlaces: boolean
  hasPersons: boolean
}

const neighboursByHeaders = new WeakMap<readonly string[], Neighbours>()

/** What the columns of a table say together; read once a table, since a hostile one has sixteen thousand columns. */
function neighbours(headers: readonly string[]): Neighbours {
  const known = neighboursByHeaders.get(headers)
  if (known !== undefined) return known
  const readings = headers.map((name) => readHeader(name))
  const found = {
    hasPlaces: readings.some((reading) => reading.strength === 'sure' && ['region', 'address', 'postcode'].includes(reading.type ?? '')),
    hasPersons: readings.some(isPersonsOwn),
  }
  neighboursByHeaders.set(headers, found)
  return found
}

function isPersonsOwn(reading: HeaderReading): boolean {
  return reading.strength === 'sure' && reading.type !== null && reading.type !== 'free-text-personal' && isPersonalType(reading.type)
}

function hitsOf(type: InformationType, counts: ColumnCounts): { matched: number; invalid: number; masked: number; damaged: number } {
  if (type === 'none') return { matched: 0, invalid: 0, masked: 0, damaged: 0 }
  if (type === 'free-text-personal') return { matched: counts.wordsInspected < counts.words ? Math.max(counts.wordsWithIdentifier, counts.wordsWithSpans) : counts.wordsWithSpans, invalid: 0, masked: 0, damaged: 0 }
  const recogniser = recogniserOf(type)
  if (recogniser === undefined) return { matched: counts.values, invalid: 0, masked: 0, damaged: 0 }
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
