// SPDX-License-Identifier: Apache-2.0
import type { AgeGroup } from '../../law/nouns.ts'

const youngestFirst: readonly AgeGroup[] = ['under14', 'under18', 'adult', 'unknown']
const spelled = /^(\d{4})\s{0,2}[-/.年]\s{0,2}(\d{1,2})\s{0,2}[-/.月]\s{0,2}(\d{1,2})日?(?:[ T].{0,30})?$/
const compact = /^(\d{4})(\d{2})(\d{2})$/

/** 年龄段. Age group of a birth day as of a legal day (个人信息保护法 第二十八条: 不满十四周岁; 民法典 第十七条: 十八周岁); a day after today is no evidence. */
export function ageGroupOf(birthDay: string | null, today: string): AgeGroup {
  if (birthDay === null || birthDay > today) return 'unknown'
  // Full years by comparing month and day; a child of 29 February turns on 1 March (民法典 第二百零二条 speaks of periods, not of ages).
  const years = Number(today.slice(0, 4)) - Number(birthDay.slice(0, 4)) - (today.slice(5) < birthDay.slice(5) ? 1 : 0)
  if (years > 130) return 'unknown'
  return years < 14 ? 'under14' : years < 18 ? 'under18' : 'adult'
}

/** The youngest of several pieces of evidence; `unknown` only when nothing else is known (CONTRACTS §17: never presumed). */
export function youngest(groups: Iterable<AgeGroup>): AgeGroup {
  const given = new Set(groups)
  return youngestFirst.find((group) => given.has(group)) ?? 'unknown'
}

/** Birth day inside a resident ID of 18 characters (GB 11643), or null; the check digit is the caller's matter. */
export function birthDayOfResidentId(residentId: string): string | null {
  const match = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(residentId)
  return match === null ? null : calendarDay(match[1], match[2], match[3])
}

/** A birth day as people write it (1990-01-05, 1990/1/5, 1990年1月5日, 19900105, with or without a time), or null. */
export function birthDayOfText(text: string): string | null {
  const match = spelled.exec(text.normalize('NFKC').trim()) ?? compact.exec(text.normalize('NFKC').trim())
  return match === null ? null : calendarDay(match[1], match[2], match[3])
}

function calendarDay(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const monthDays = daysOfMonth(Number(year), Number(month))
  return year < '1900' || Number(day) < 1 || Number(day) > monthDays ? null : text
}

/** 0 for what is no month. */
function daysOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}
