// SPDX-License-Identifier: Apache-2.0
import { areSingleLatinWords } from './choose-by-values.ts'
import type { ColumnCounts } from './column-scan.ts'
import { share } from './count-shares.ts'
import { isPersonalType } from './information-types.ts'
import type { InformationType } from './information-types.ts'
import type { HeaderReading } from './header-reading.ts'
import { readHeader, speaksOfPersons } from './read-header.ts'
import { recogniserOf } from './recognisers.ts'
import { gluedLetter, tablePrefix, withoutPrefix } from './table-prefix.rules.ts'

/** What stands around a column: the name of its data set and of all its columns, its own name null when the file has no header. */
export interface ColumnContext {
  header: string | null
  dataSet: string
  headers: readonly string[]
  /** The comment of the column in its database. */
  comment?: string
  /** The comments of all columns, in the order of `headers`. */
  comments?: readonly string[]
  /** The counts of all columns of the table, for what neighbours show by their values. */
  columns?: readonly ColumnCounts[]
  ruleSet?: string
}

/** Reads the name of a column, and settles one that may mean several things by values and neighbours. */
export function settledHeader(counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (context.header === null) return { type: null, strength: 'maybe', word: '' }
  const { prefix, isGlued } = neighbours(context)
  const header = readHeader(withoutPrefix(context.header, prefix, isGlued), context.comment)
  return isRefuted(header, counts) ? { ...header, type: null, strength: 'maybe' } : settle(header, counts, context)
}

/** Whether values show that a short name means another word: `khh` is 客户号 or 开户行, `tz` 体重 or a time zone. */
function isRefuted(header: HeaderReading, counts: ColumnCounts): boolean {
  if (header.type === null || counts.seen.length === 0) return false
  const areAll = (form: RegExp): boolean => counts.seen.every(({ text }) => form.test(text))
  if (header.type === 'customer-id') return areAll(/^[^\d*]*[\u4e00-\u9fff]{2}[^\d*]*$/) || (/(?:^|_)num$/.test(header.word) && areAll(/^\d{1,4}$/)) // user_num: how many
  if (header.type === 'organisation-name') return areAll(/^.{1,2}$/)
  if (header.type === 'medical') return header.word.length <= 3 && areAll(/^[A-Za-z][A-Za-z_/ &().]*$/) && areAll(/^.{3,}$/)
  return false
}

// Words that name a person's own quality, or a thing's: 身高 of a patient, height of a door.
const needsPersons = new Set<InformationType>(['medical', 'biometric', 'preference', 'transaction', 'credit-information', 'income', 'social-insurance', 'free-text-personal', 'online-id', 'user-name', 'customer-id', 'photo', 'password', 'payment-account', 'bank-account'])

function settle(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (header.type === null || header.strength === 'sure' || header.type === 'none') return header
  const sure: HeaderReading = { ...header, strength: 'sure', isSettled: true }
  const nothing: HeaderReading = { ...header, type: null }
  const { hasPlaces, hasPersons, hasQualities, hasThings, hasOrganisations } = neighbours(context)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  switch (header.type) {
    case 'person-name':
      return settleName(header, counts, context)
    case 'job':
      return share('job', counts) >= 0.4 || (isAboutPersons(context) && share('job', counts) > 0) ? sure : nothing
    case 'region':
      if (header.word === 'origin') return share('region', counts) >= 0.5 && hasPersons && isAboutPersons(context) ? sure : nothing
      return share('region', counts) >= 0.3 || (hasPlaces && !isDigits && !['area', 'zone', 'location', 'place'].includes(header.word)) ? sure : nothing
    case 'organisation-name':
      if (header.word === '客户名称' || header.word === '客户' || share('person-name', counts) >= 0.5) return settleName(header, counts, context)
      return share('organisation-name', counts) >= 0.3 || (hasOrganisations && !isDigits) ? sure : nothing
    case 'address':
      if (/^add\d?$/.test(header.word)) return share('address', counts) >= 0.3 ? sure : nothing
      return share('address', counts) >= 0.3 || ((hasPersons || hasPlaces) && !isDigits) ? sure : nothing
    case 'medical':
      return share('medical', counts) >= 0.5 || (hasPersons && (hasQualities || !hasThings || !bodyOrThing.test(header.word))) ? sure : nothing
    case 'bank-card': // a card of a member, of a hospital: whose number it is, not where money is
      return share('bank-card', counts) >= 0.5 ? sure : hasPersons ? { ...sure, type: 'customer-id' } : nothing
    default:
      if (recogniserOf(header.type) !== undefined && share(header.type, counts) >= 0.5 && !isOwnOfMany(header.type)) return sure
      return needsPersons.has(header.type) && hasPersons ? sure : nothing
  }
}

// Of a body, or of a thing that is sent to somebody.
const bodyOrThing = /^(?:height|weight|temperature|pressure|condition|vision)$/

// Forms that most numbers have say nothing.
const isOwnOfMany = (type: InformationType): boolean => (recogniserOf(type)?.chance ?? 1) >= 0.5 && needsPersons.has(type)

function settleName(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  const person = share('person-name', counts)
  const organisation = share('organisation-name', counts)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  if (person >= 0.5 && person >= organisation && (!areSingleLatinWords(counts) || isAboutPersons(context) || neighbours(context).hasPersons)) return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  if (organisation >= 0.4) return { ...header, type: 'organisation-name', strength: 'sure', isSettled: true }
  if (header.word === '客户名称') return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  if (/^(?:first|last|middle)$/.test(header.word)) return neighbours(context).isFirstAndLast && !isDigits ? { ...header, strength: 'sure', isSettled: true } : { ...header, type: null }
  const isName = /(?:^|_)(?:c|e)?names?$|员工|客户|^姓$|^名$/.test(header.word)
  const isRole = isName || !/^(?:users?|creat|updat|modif|owner|operator)/.test(header.word)
  if (isDigits || counts.words > counts.values * 0.5 || !isRole) return { ...header, type: null }
  if (person < 0.1 && counts.values >= 10 && counts.seen.every(({ text }) => /^[\u4e00-\u9fffA-Za-z\d()]{2,}$/.test(text) && /[\u4e00-\u9fff]{2}/.test(text))) return { ...header, type: null } // words of Chinese, and hardly one is a name
  return (isName && isAboutPersons(context)) || (person >= 0.2 && isAboutPersons(context)) ? { ...header, type: 'person-name', strength: 'sure', isSettled: true } : { ...header, type: null }
}

/** Whether the data set is about natural persons, by its name or by what stands in it. */
export function isAboutPersons(context: ColumnContext): boolean {
  return speaksOfPersons([context.dataSet])
}

/** What the columns of a table say together. */
export interface Neighbours {
  /** The mark before the names of the columns, if any, and whether it is a letter glued to them. */
  prefix: string | null
  isGlued: boolean
  hasPlaces: boolean
  hasPersons: boolean
  hasOrganisations: boolean
  /** Columns of what a person is, not only of how to reach one. */
  hasQualities: boolean
  /** Columns of goods, parcels and their measures. */
  hasThings: boolean
  /** Columns called first and last: of a name. */
  isFirstAndLast: boolean
}

const thingsThatAreSent = /width|volume|cargo|freight|goods|sku|product|package|parcel|waybill|货|商品|件数|体积|运单|包裹/i

const neighboursByHeaders = new WeakMap<readonly string[], Neighbours>()

/** What the columns of a table say together; read once a table, since a hostile one has sixteen thousand columns. */
export function neighbours(context: ColumnContext): Neighbours {
  const known = neighboursByHeaders.get(context.headers)
  if (known !== undefined) return known
  const mark = tablePrefix(context.headers)
  const prefix = mark ?? gluedLetter(context.headers, (name) => readHeader(name).strength === 'sure')
  const isGlued = mark === null && prefix !== null
  const readings = context.headers.map((name, i) => readHeader(withoutPrefix(name, prefix, isGlued), context.comments?.[i]))
  const sure = readings.filter((reading) => reading.strength === 'sure').map((reading) => reading.type)
  const found = {
    prefix, isGlued,
    hasPlaces: sure.some((type) => type === 'region' || type === 'address' || type === 'postcode'),
    hasPersons: readings.some(isPersonsOwn) || (context.columns ?? []).some(showsPersons),
    hasQualities: sure.some((type) => type === 'gender' || type === 'birth-date' || type === 'age' || type === 'medical' || type === 'ethnicity' || type === 'marital-status'),
    hasThings: context.headers.some((name) => thingsThatAreSent.test(name.slice(0, 80))),
    isFirstAndLast: ['first', 'last'].every((word) => readings.some((reading) => reading.word === word)),
    hasOrganisations: sure.some((type) => type === 'organisation-name' || type === 'uscc' || type === 'tax-id'),
  }
  neighboursByHeaders.set(context.headers, found)
  return found
}

function isPersonsOwn(reading: HeaderReading): boolean {
  return reading.strength === 'sure' && reading.type !== null && reading.type !== 'free-text-personal' && isPersonalType(reading.type)
}

const showsPersons = (counts: ColumnCounts): boolean => (['resident-id', 'mobile', 'email', 'person-name'] as const).some((type) => share(type, counts) >= 0.8)
