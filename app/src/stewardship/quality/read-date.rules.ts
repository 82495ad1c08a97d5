// SPDX-License-Identifier: Apache-2.0

/** A date as it stands in a cell: the day if the calendar has it, `impossible` for what looks like one and is none. */
export type CellDate = { day: string } | 'impossible' | null

const yearFirst = /^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?:[T\s].*)?$/
const compact = /^((?:18|19|20|21)\d{2})(\d{2})(\d{2})$/
const yearLast = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s.*)?$/

/** Reads a date of a cell (GB/T 7408 and the ways people write it). Of 03/04/2020 the American order is taken, the other when only that exists. */
export function readDate(text: string): CellDate {
  const first = yearFirst.exec(text) ?? compact.exec(text)
  if (first !== null) return dayOf(Number(first[1]), Number(first[2]), Number(first[3])) ?? 'impossible'
  const last = yearLast.exec(text)
  if (last === null) return null
  const [a, b, year] = [Number(last[1]), Number(last[2]), Number(last[3])]
  return dayOf(year, a, b) ?? dayOf(year, b, a) ?? 'impossible'
}

function dayOf(year: number, month: number, day: number): { day: string } | null {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (days === undefined || day < 1 || day > days || year < 1) return null
  return { day: `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` }
}

const birthTitle = /出生|生日|birth|dob/i
const dateTitle = /日期|时间|日$|年月日|\bdate\b|_date|date_|Date$|time(?:stamp)?$|_(?:at|on|dt)$/
const updateTitle = /(?:更新|修改|变更|编辑)(?:日期|时间|日|于)|(?:updat|modif|edit|chang)(?:e|ed|ied|y)?[_\s-]?(?:at|on|time|date|dt|ts)\b|last[_\s-]?(?:updat|modif|chang)\w*$/i
const pointTitle = /时长|时段|时间段|生效|到期|有效|截止|期限|expir|valid|due|duration|until|deadline/i

/** What the title of a column says about its dates: when a person was born, when the record was last updated, when something happened. Dates that may lie before birth or far ahead (terms, validity) are none of these. */
export function dateRoleOf(title: string, type: string): 'birth' | 'update' | 'event' | null {
  if (type === 'birth-date' || birthTitle.test(title)) return type === 'birth-date' ? 'birth' : null
  if (updateTitle.test(title)) return 'update'
  return dateTitle.test(title) && !pointTitle.test(title) ? 'event' : null
}
