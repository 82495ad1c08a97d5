// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from '../detection/index.ts'
import { IntervalHierarchy, treeOf, type Hierarchy } from './hierarchy.ts'
import { regionSteps } from './region-steps.rules.ts'

/** How a column's hierarchy was had: from a file, or from its values as numbers, dates, regions, codes by their first characters, e-mail domains, or single words. */
export type HierarchyOrigin = 'file' | 'numbers' | 'dates' | 'regions' | 'prefixes' | 'domains' | 'words'

/** A hierarchy made from a column's values, with the leaf of each. */
export interface InferredHierarchy {
  origin: HierarchyOrigin
  hierarchy: Hierarchy
  leafOf: Map<string, number>
}

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)$/
const dateForm = /^(\d{4})([-/.年]?)(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?$/

/** Types whose values are codes that say less when they are cut off: how many characters each step keeps. */
const prefixSteps: Partial<Record<InformationType, readonly number[]>> = {
  'postcode': [4, 2], 'region': [4, 2], 'mobile': [7, 3], 'landline': [7, 4], 'resident-id': [6, 4, 2], 'licence-plate': [2, 1], 'bank-card': [6], 'imsi': [5, 3], 'imei': [8],
}

/** 自动层级. A hierarchy from the different values of a column (trimmed) and what the detector says they are. Words that fit nothing else stay as they are or become `*`. */
export function inferHierarchy(values: readonly string[], type: InformationType): InferredHierarchy {
  const filled = values.filter((value) => value !== '')
  const isCode = (type === 'region' || prefixSteps[type] !== undefined) && filled.every((value) => /^\d{6,}$/.test(value))
  if (areDates(filled)) return fromChains('dates', values, dateSteps)
  if (!isCode && areNumbers(filled)) return fromNumbers(values)
  if (type === 'email' && filled.every((value) => value.includes('@'))) return fromChains('domains', values, (value) => [`*${value.slice(value.lastIndexOf('@')).toLowerCase()}`])
  const cuts = prefixSteps[type] ?? (areCodes(filled) ? halves(filled[0]?.length ?? 0) : null)
  if (cuts !== null && (type !== 'region' || isCode)) return fromChains('prefixes', values, (value) => cuts.filter((cut) => cut < value.length).map((cut) => masked(value, cut)))
  if (type === 'region' || type === 'address') {
    const steps = new Map(values.map((value) => [value, regionSteps(value)]))
    if ([...steps.values()].some((found) => found.length > 0)) return fromChains('regions', values, (value) => steps.get(value) ?? [])
  }
  return fromChains('words', values, () => [])
}

function fromChains(origin: HierarchyOrigin, values: readonly string[], steps: (value: string) => string[]): InferredHierarchy {
  const chains = values.toSorted().map((value) => [value, ...(value === '' ? [] : steps(value).filter((step) => step !== value))])
  return { origin, ...treeOf(chains) }
}

/** Mostly numbers; what is none (未知, N/A) is kept apart. Years alone are numbers. */
const areNumbers = (filled: readonly string[]): boolean => {
  const numbers = filled.filter((value) => numberForm.test(value))
  return numbers.length >= 2 && numbers.length >= filled.length * 0.9 && !areCodes(filled)
}

/** Codes of one length with leading zeros: nothing to calculate with. */
const areCodes = (filled: readonly string[]): boolean => {
  const length = filled[0]?.length ?? 0
  return length >= 4 && filled.every((value) => value.length === length && /^\d+$/.test(value)) && filled.some((value) => value.startsWith('0'))
}

const halves = (length: number): number[] => [Math.ceil((length * 2) / 3), Math.ceil(length / 3)]

const masked = (value: string, kept: number): string => {
  const characters = [...value]
  return characters.slice(0, kept).join('') + '*'.repeat(Math.max(1, characters.length - kept))
}

function fromNumbers(values: readonly string[]): InferredHierarchy {
  const odd = values.filter((value) => !numberForm.test(value)).toSorted()
  const byNumber = Map.groupBy(values.filter((value) => numberForm.test(value)), (value) => Number(value))
  const numbers = [...byNumber.keys()].toSorted((a, b) => a - b)
  const leafOf = new Map(odd.map((value, leaf) => [value, leaf]))
  // 5 and 5.0 are one number and so one leaf, shown by the shorter text.
  numbers.forEach((number, at) => byNumber.get(number)?.forEach((value) => leafOf.set(value, odd.length + at)))
  const texts = numbers.map((number) => byNumber.get(number)?.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? '')
  const hierarchy = new IntervalHierarchy([...odd, ...texts], Float64Array.from([...odd.map(() => Number.NaN), ...numbers]))
  return { origin: 'numbers', hierarchy, leafOf }
}

function areDates(filled: readonly string[]): boolean {
  return filled.length > 0 && filled.every((value) => dateOf(value) !== null)
}

function dateOf(value: string): { year: string; month: string; day: string } | null {
  const [, year = '', separator = '', month = '', day = ''] = dateForm.exec(value) ?? []
  if (year === '' || (separator === '' && value.length !== 8)) return null
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  return y >= 1800 && y <= 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31 ? { year, month: month.padStart(2, '0'), day: day.padStart(2, '0') } : null
}

/** Day, month, year, ten years; a time of day goes first. */
function dateSteps(value: string): string[] {
  const date = dateOf(value)
  if (date === null) return []
  const { year, month, day } = date
  const decade = year.slice(0, 3)
  return [...(/[T ]/.test(value) ? [`${year}-${month}-${day}`] : []), `${year}-${month}`, year, `${decade}0~${decade}9`]
}
