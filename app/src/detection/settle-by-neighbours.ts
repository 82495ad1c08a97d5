// SPDX-License-Identifier: Apache-2.0
import { bestByValues } from './choose-by-values.ts'
import { distinctValues } from './column-scan.ts'
import type { ColumnCounts } from './column-scan.ts'
import { share } from './count-shares.ts'
import type { InformationType } from './information-types.ts'
import type { ColumnContext } from './settle-header.ts'

// How postcodes are written (UPU S42): digits, Canadian and British ones, digits with a dash, a letter of the country before them.
const postcodeForm = /^(?:\d{4,6}|\d{5}-\d{3,4}|\d{3}-\d{4}|\d{2}-\d{3}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]{1,3}-\d{2,5}(?:\s\d{2,3})?|\d{3}\s\d{2}|\d{4}\s?[A-Z]{2})$/

const typesByTable = new WeakMap<readonly ColumnCounts[], readonly (InformationType | null)[]>()

/** What each column of a table shows by its values alone; worked out once a table. */
function typesOf(columns: readonly ColumnCounts[]): readonly (InformationType | null)[] {
  const known = typesByTable.get(columns)
  if (known !== undefined) return known
  const types = columns.map((counts) => bestByValues(counts)?.type ?? null)
  typesByTable.set(columns, types)
  return types
}

/** What a column without a telling name is by where it stands: digits beside a town and a street are a postcode, the one column of numbers up to 120 among qualities of persons their age. Null when nothing around tells. */
export function typeByPlace(counts: ColumnCounts, context: ColumnContext): InformationType | null {
  const columns = context.columns ?? []
  const at = columns.indexOf(counts)
  if (at < 0 || columns.length > 2000 || counts.values < 3) return null
  const types = typesOf(columns)
  if (isPostcode(counts, types, at)) return 'postcode'
  if (!mayBeAges(counts) || !types.some((type) => type === 'gender' || type === 'marital-status' || type === 'person-name' || type === 'resident-id')) return null
  return columns.filter((other, i) => types[i] === null && mayBeAges(other)).length === 1 ? 'age' : null
}

function isPostcode(counts: ColumnCounts, types: readonly (InformationType | null)[], at: number): boolean {
  const isPlace = (step: number): boolean => types[at + step] === 'region'
  const isBetween = isPlace(-1) && isPlace(1)
  const hasStreet = [-4, -3, -2, -1, 1, 2, 3].some((step) => types[at + step] === 'address')
  if (!isBetween && !((isPlace(-1) || isPlace(1)) && hasStreet)) return false
  const lengths = new Set(counts.seen.map((seen) => seen.text.length))
  // Four digits alone, and numbers that grow longer, are also numbers of anything.
  if (counts.digitsOnly === counts.values && (lengths.size > 1 || (lengths.has(4) && !isBetween))) return false
  return counts.seen.length > 0 && counts.seen.every((seen) => postcodeForm.test(seen.text)) && distinctValues(counts) > Math.min(8, counts.values * 0.1) && share('birth-date', counts) < 0.5
}

// Numbers up to 120, and far more of them than months, hours or marks have.
const mayBeAges = (counts: ColumnCounts): boolean => counts.values >= 100 && share('age', counts) >= 0.995 && counts.digitsOnly === counts.values && distinctValues(counts) >= 40 && distinctValues(counts) <= 110
