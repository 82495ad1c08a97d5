// SPDX-License-Identifier: Apache-2.0
import { inspectValue, type InformationType } from '../../detection/index.ts'
import type { QualityRuleCode } from './quality-rules.ts'
import { dateRoleOf, readDate } from './read-date.rules.ts'

/** Which columns of a table are held against each other; null where there is none, or more than one, so that nothing is guessed. */
export interface RowColumns {
  residentId: number | null
  birth: number | null
  gender: number | null
  updates: number[]
  events: number[]
}

/** A finding of a row, at the field that most likely has to be corrected; `also` is the other one that may be wrong. */
export interface RowFinding {
  rule: QualityRuleCode
  field: number
  also?: number
}

/** Finds the columns that can be compared, by their types and titles. */
export function rowColumnsOf(fields: readonly { name: string; type: InformationType }[]): RowColumns {
  const only = (type: InformationType): number | null => {
    const found = fields.flatMap((field, i) => (field.type === type ? [i] : []))
    return found.length === 1 ? (found[0] ?? null) : null
  }
  const roles = fields.map((field) => dateRoleOf(field.name, field.type))
  const withRole = (role: string): number[] => roles.flatMap((one, i) => (one === role ? [i] : []))
  return { residentId: only('resident-id'), birth: only('birth-date'), gender: only('gender'), updates: withRole('update'), events: withRole('event') }
}

const male = /^(?:男|男性|先生|男士|male|m|1)$/i
const female = /^(?:女|女性|女士|female|f|2)$/i

/** Holds the cells of a row against each other (GB 11643-1999: birth date and gender stand in the number). `texts` are plain texts, null for empty or unreadable cells. */
export function examineRow(texts: readonly (string | null)[], columns: RowColumns, at: { today: string; staleBefore: string }): RowFinding[] {
  const found: RowFinding[] = []
  const day = (field: number | null): string | null => {
    const date = field === null ? null : readDate(texts[field] ?? '')
    return date === null || date === 'impossible' ? null : date.day
  }
  const birth = day(columns.birth)
  const number = numberOf(texts, columns.residentId)
  const other = columns.residentId === null ? {} : { also: columns.residentId }
  if (number !== null && columns.birth !== null && birth !== null && birth.replaceAll('-', '') !== number.slice(6, 14)) found.push({ rule: 'ID_BIRTH_MISMATCH', field: columns.birth, ...other })
  const gender = columns.gender === null ? null : genderOf(texts[columns.gender] ?? '')
  if (number !== null && columns.gender !== null && gender !== null && gender !== (Number(number[16]) % 2 === 1 ? 'male' : 'female')) found.push({ rule: 'ID_GENDER_MISMATCH', field: columns.gender, ...other })
  const born = birth ?? (number === null ? null : `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`)
  for (const field of [...columns.events, ...columns.updates]) {
    const text = texts[field]
    if (text === null || text === undefined) continue
    const date = readDate(text)
    if (date === 'impossible') found.push({ rule: 'IMPOSSIBLE_DATE', field })
    else if (date !== null && born !== null && date.day < born) found.push({ rule: 'EVENT_BEFORE_BIRTH', field })
    else if (date !== null && columns.updates.includes(field)) found.push(...updateFindings(date.day, field, at))
  }
  return found
}

function updateFindings(day: string, field: number, at: { today: string; staleBefore: string }): RowFinding[] {
  if (day > at.today) return [{ rule: 'UPDATED_IN_FUTURE', field }]
  return day < at.staleBefore ? [{ rule: 'STALE', field }] : []
}

/** A resident's number in 18 characters; other documents and broken numbers tell no birth date. */
function numberOf(texts: readonly (string | null)[], field: number | null): string | null {
  const text = field === null ? null : texts[field]
  if (text === null || text === undefined) return null
  const check = inspectValue('resident-id', text)
  return check.valid ? check.normalised : null
}

function genderOf(text: string): 'male' | 'female' | null {
  return male.test(text) ? 'male' : female.test(text) ? 'female' : null
}
