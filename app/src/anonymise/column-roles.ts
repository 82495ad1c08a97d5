// SPDX-License-Identifier: Apache-2.0
import { typeLabel, type InformationType } from '../detection/index.ts'
import { anonymiseFailures } from './anonymise-failures.ts'

/** What the detector says about a column of the source: what it is, how many cells are filled and how many values differ. */
export interface FoundColumn {
  type: InformationType
  values: number
  distinct: number
}

/** What becomes of a column: generalised, kept as the sensitive value, left out, or kept as it is. `counter`: it only counts the rows and is counted anew. */
export type ColumnRole = 'quasi' | 'sensitive' | 'dropped' | 'kept' | 'counter'

/** A column of the copy to be made. */
export interface Column {
  index: number
  name: string
  role: ColumnRole
  type: InformationType
}

/** Which columns the command names, by name or `#place`. */
export interface NamedColumns {
  quasi: readonly string[]
  sensitive: string | null
  drop: readonly string[]
}

/** 直接标识符. Types of which one value leads to one person without any other (GB/T 37964 calls them direct identifiers). */
const direct: ReadonlySet<InformationType> = new Set<InformationType>([
  'person-name', 'user-name', 'customer-id', 'resident-id', 'foreign-permanent-resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'military-id', 'driver-licence', 'national-id-foreign',
  'mobile', 'landline', 'email', 'address', 'bank-card', 'bank-account', 'payment-account', 'social-insurance', 'biometric', 'photo', 'online-id', 'ip-address', 'mac-address', 'imei', 'imsi', 'iccid',
  'licence-plate', 'vin', 'geo-location', 'invoice-number', 'free-text-personal', 'password', 'secret', 'uscc', 'tax-id', 'business-registration-number',
])

/** The role of every column. Refuses unknown names, names with two uses, and names that several columns bear. */
export function settleRoles(fields: readonly { name: string }[], found: readonly FoundColumn[], named: NamedColumns, where: string): Column[] {
  const roles = new Map<number, ColumnRole>()
  const put = (name: string, option: string, role: ColumnRole): void => {
    const index = placeOf(fields, name, { where, option })
    if (roles.has(index)) throw anonymiseFailures.ANONYMISE_COLUMN_TWICE({ where, column: name })
    roles.set(index, role)
  }
  for (const name of named.quasi) put(name, '--quasi', 'quasi')
  if (named.sensitive !== null) put(named.sensitive, '--sensitive', 'sensitive')
  for (const name of named.drop) put(name, '--drop', 'dropped')
  return fields.map(({ name }, index) => ({ index, name, role: roles.get(index) ?? 'kept', type: found[index]?.type ?? 'none' }))
}

function placeOf(fields: readonly { name: string }[], name: string, { where, option }: { where: string; option: string }): number {
  const places = fields.flatMap((field, index) => (field.name === name || field.name.trim() === name ? [index] : []))
  if (places.length > 1) throw anonymiseFailures.ANONYMISE_COLUMN_TWICE({ where, column: name })
  const byPlace = /^#(\d+)$/.exec(name)?.[1]
  const place = places[0] ?? (byPlace === undefined ? undefined : Number(byPlace) - 1)
  if (place === undefined || place < 0 || place >= fields.length) {
    throw anonymiseFailures.ANONYMISE_COLUMN_UNKNOWN({ where, column: name.slice(0, 40), option, known: fields.map((field, index) => (field.name === '' ? `#${index + 1}` : field.name)).slice(0, 60).join(', ') })
  }
  return place
}

/** Refuses a table of which a directly identifying column would be in the copy as it is; names them all with what they are. `isNumbering` tells the columns whose values differ in every row. */
export function refuseDirectIdentifiers(columns: readonly Column[], isNumbering: (index: number) => boolean, where: string): void {
  const left = columns.filter(({ role, type, index }) => (role === 'kept' && (direct.has(type) || isNumbering(index))) || (role === 'sensitive' && direct.has(type)))
  if (left.length === 0) return
  const label = ({ type }: Column, lang: 'zh' | 'en'): string => (direct.has(type) ? typeLabel(type)[lang] : lang === 'zh' ? '每行不同的编号' : 'a code of each row')
  const listIn = (lang: 'zh' | 'en'): string => left.map((column) => `${nameOf(column)} (${label(column, lang)})`).join(lang === 'zh' ? '、' : ', ')
  throw anonymiseFailures.ANONYMISE_DIRECT_IDENTIFIERS({ where, columns: left.length, list: { zh: listIn('zh'), en: listIn('en') }, names: left.map(nameOf).join(',') })
}

/** How a column is called in messages: by its name, or by its place where it has none. */
export function nameOf({ name, index }: Pick<Column, 'name' | 'index'>): string {
  return name === '' ? `#${index + 1}` : name
}
