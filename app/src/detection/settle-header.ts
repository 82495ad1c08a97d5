// SPDX-License-Identifier: Apache-2.0
import type { ColumnCounts } from './column-scan.ts'
import { share } from './count-shares.ts'
import { isPersonalType } from './information-types.ts'
import type { InformationType } from './information-types.ts'
import { readHeader, speaksOfPersons } from './read-header.ts'
import type { HeaderReading } from './read-header.ts'
import { recogniserOf } from './recognisers.ts'

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
  return settle(readHeader(context.header, context.comment), counts, context)
}

// Words that name a person's own quality, or a thing's: 身高 of a patient, height of a door.
const needsPersons = new Set<InformationType>(['medical', 'biometric', 'preference', 'transaction', 'credit-information', 'income', 'social-insurance', 'free-text-personal', 'online-id', 'user-name', 'customer-id', 'photo', 'password', 'payment-account', 'bank-account'])

function settle(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  if (header.type === null || header.strength === 'sure' || header.type === 'none') return header
  const sure: HeaderReading = { ...header, strength: 'sure', isSettled: true }
  const nothing: HeaderReading = { ...header, type: null }
  const { hasPlaces, hasPersons, hasOrganisations } = neighbours(context)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  switch (header.type) {
    case 'person-name':
      return settleName(header, counts, context)
    case 'job':
      return share('job', counts) >= 0.4 || (isAboutPersons(context) && share('job', counts) > 0) ? sure : nothing
    case 'region':
      return share('region', counts) >= 0.3 || (hasPlaces && !isDigits && !['area', 'zone', 'location', 'place'].includes(header.word)) ? sure : nothing
    case 'organisation-name':
      if (header.word === '客户名称' || header.word === '客户') return settleName(header, counts, context)
      return share('organisation-name', counts) >= 0.3 || (hasOrganisations && !isDigits) ? sure : nothing
    case 'address':
      return share('address', counts) >= 0.3 || ((hasPersons || hasPlaces) && !isDigits) ? sure : nothing
    default:
      if (recogniserOf(header.type) !== undefined && share(header.type, counts) >= 0.5 && !isOwnOfMany(header.type)) return sure
      return needsPersons.has(header.type) && hasPersons ? sure : nothing
  }
}

// Forms that most numbers have say nothing.
const isOwnOfMany = (type: InformationType): boolean => (recogniserOf(type)?.chance ?? 1) >= 0.5 && needsPersons.has(type)

function settleName(header: HeaderReading, counts: ColumnCounts, context: ColumnContext): HeaderReading {
  const person = share('person-name', counts)
  const organisation = share('organisation-name', counts)
  const isDigits = counts.values > 0 && counts.digitsOnly / counts.values > 0.8
  if (person >= 0.5 && person >= organisation) return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  if (organisation >= 0.4) return { ...header, type: 'organisation-name', strength: 'sure', isSettled: true }
  if (header.word === '客户名称') return { ...header, type: 'person-name', strength: 'sure', isSettled: true }
  const isName = /(?:^|_)(?:c|e)?names?$|员工|客户|^姓$|^名$/.test(header.word)
  const isRole = isName || !/^(?:users?|creat|updat|modif|owner|operator)/.test(header.word)
  if (isDigits || counts.words > counts.values * 0.5 || !isRole) return { ...header, type: null }
  return (isName && isAboutPersons(context)) || (person >= 0.2 && isAboutPersons(context)) ? { ...header, type: 'person-name', strength: 'sure', isSettled: true } : { ...header, type: null }
}

/** Whether the data set is about natural persons, by its name or by what stands in it. */
export function isAboutPersons(context: ColumnContext): boolean {
  return speaksOfPersons([context.dataSet])
}

/** What the columns of a table say together. */
export interface Neighbours {
  hasPlaces: boolean
  hasPersons: boolean
  hasOrganisations: boolean
}

const neighboursByHeaders = new WeakMap<readonly string[], Neighbours>()

/** What the columns of a table say together; read once a table, since a hostile one has sixteen thousand columns. */
export function neighbours(context: ColumnContext): Neighbours {
  const known = neighboursByHeaders.get(context.headers)
  if (known !== undefined) return known
  const readings = context.headers.map((name, i) => readHeader(name, context.comments?.[i]))
  const sure = readings.filter((reading) => reading.strength === 'sure').map((reading) => reading.type)
  const found = {
    hasPlaces: sure.some((type) => type === 'region' || type === 'address' || type === 'postcode'),
    hasPersons: readings.some(isPersonsOwn) || (context.columns ?? []).some(showsPersons),
    hasOrganisations: sure.some((type) => type === 'organisation-name' || type === 'uscc' || type === 'tax-id'),
  }
  neighboursByHeaders.set(context.headers, found)
  return found
}

function isPersonsOwn(reading: HeaderReading): boolean {
  return reading.strength === 'sure' && reading.type !== null && reading.type !== 'free-text-personal' && isPersonalType(reading.type)
}

const showsPersons = (counts: ColumnCounts): boolean => (['resident-id', 'mobile', 'email', 'person-name'] as const).some((type) => share(type, counts) >= 0.8)
