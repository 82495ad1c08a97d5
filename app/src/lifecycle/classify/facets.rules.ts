// SPDX-License-Identifier: Apache-2.0
import type { FacetCondition, FieldGroup, Treatment } from './treatment.ts'

/** 分面. The clear facets of a record: name → value. */
export type Facets = Readonly<Record<string, string>>

/** More values than this single people out: a facet is clear in the database (CONTRACTS §13). */
export const facetValuesMax = 64
/** A longer text is a remark, not a category. */
const facetValueCharsMax = 60
/** So few values are a category even in a small table. */
const smallFacetValues = 12

/** Types that name, reach or describe one person: no facet may be made of them, whatever their number of values. */
const textFacetRefused: ReadonlySet<string> = new Set([
  'person-name', 'user-name', 'customer-id', 'resident-id', 'foreign-permanent-resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'military-id', 'driver-licence',
  'national-id-foreign', 'mobile', 'landline', 'email', 'address', 'geo-location', 'bank-card', 'bank-account', 'payment-account', 'credit-information', 'social-insurance', 'medical',
  'biometric', 'photo', 'online-id', 'ip-address', 'mac-address', 'imei', 'imsi', 'iccid', 'licence-plate', 'vin', 'invoice-number', 'free-text-personal', 'password', 'secret', 'birth-date', 'age',
])
/** Of these even the year says something about the person rather than about the business. */
const yearFacetRefused: ReadonlySet<string> = new Set([...textFacetRefused].filter((type) => type !== 'invoice-number'))

/** Why no facet may be made of this field, or null. */
export function facetRefusal(field: { type: string; grade: string }, as: 'text' | 'year'): string | null {
  if (field.grade === 'sensitive') return 'sensitive'
  return (as === 'year' ? yearFacetRefused : textFacetRefused).has(field.type) ? field.type : null
}

/** Why these values may not stand in clear, or null: too many, too long, or hardly shared by two records. */
export function valuesRefusal(distinct: number, records: number, longest: number): string | null {
  if (distinct > facetValuesMax) return `${distinct} > ${facetValuesMax}`
  if (longest > facetValueCharsMax) return `${longest} > ${facetValueCharsMax}`
  return distinct > smallFacetValues && distinct * 2 > records ? `${distinct} / ${records}` : null
}

/** The year of a date as people write it, or null. */
export function yearOf(text: string): string | null {
  const match = /^(\d{4})(?:[-/.年]|\d{4}$|$)/.exec(text.normalize('NFKC').trim())
  const year = match?.[1]
  return year === undefined || year < '1900' || year > '2199' ? null : year
}

/** Whether a record's facets meet one of the conditions. */
export function meetsAny(conditions: readonly FacetCondition[], facets: Facets): boolean {
  return conditions.some((condition) => {
    const value = facets[condition.facet]
    return value !== undefined && condition.values.includes(value)
  })
}

/** Whether the customer of a record with these facets agreed that the contract may be assigned (民法典 第五百五十五条). */
export function hasAssent(group: Pick<FieldGroup, 'contractAssent'>, facets: Facets): boolean {
  if (typeof group.contractAssent === 'string') return group.contractAssent === 'all'
  return meetsAny([group.contractAssent], facets)
}

/** Facet names that a treatment uses without declaring them. */
export function undeclaredFacets(treatment: Pick<Treatment, 'facets' | 'staysWhere' | 'servedWhere' | 'groups'>): string[] {
  const declared = new Set(treatment.facets.map((facet) => facet.name))
  const used = [
    ...treatment.staysWhere, ...treatment.servedWhere,
    ...treatment.groups.flatMap((group) => [...group.purposeMetWhere, ...(typeof group.contractAssent === 'string' ? [] : [group.contractAssent])]),
  ].map((condition) => condition.facet)
  const years = treatment.groups.flatMap((group) => group.yearFacet ?? [])
  return [...new Set([...used, ...years])].filter((name) => !declared.has(name))
}
