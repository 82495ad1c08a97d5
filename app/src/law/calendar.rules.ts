// SPDX-License-Identifier: Apache-2.0
// Working days of the mainland from the State Council's yearly notices; a year whose notice is not in the data is "unpublished", never guessed silently.
import { addDays, dayOf, daysBetween, type Day } from '../kit/time.ts'
import { calendarYears, type CalendarYear } from './law-data.ts'

const aMonday = dayOf('2024-01-01')

/** 工作日历. What is known about each day; `range` are the years whose notice is in the data. */
export interface WorkCalendar {
  /** 'work' or 'rest' in a published year; in another year only the weekday is known. */
  kindOf(day: Day): 'work' | 'rest' | 'weekday' | 'weekend'
  /** First and last published year, null when none is. */
  range: { first: number; last: number } | null
  /** The most weekend days that were workdays, and the most weekdays that were off, in any published year: the bounds with which unpublished years are counted cautiously. */
  most: { makeUpDays: number; weekdaysOff: number }
}

/** Stands above the shipped calendar, which is made when this file is loaded. */
/** The calendar of these years of notices. */
export function workCalendar(years: readonly CalendarYear[]): WorkCalendar {
  const work = new Set<string>(years.flatMap((year) => year.workdays))
  const off = new Set<string>(years.flatMap((year) => year.holidays.flatMap(daysOf)))
  const published = new Set(years.map(({ year }) => year))
  const most = { makeUpDays: Math.max(0, ...years.map((year) => year.workdays.length)), weekdaysOff: Math.max(0, ...years.map((year) => year.holidays.flatMap(daysOf).filter((day) => !isWeekend(day)).length)) }
  return {
    kindOf: (day) => {
      if (work.has(day)) return 'work' // a notice may name a day of the year before it, e.g. a Sunday in December
      if (off.has(day)) return 'rest'
      if (!published.has(Number(day.slice(0, 4)))) return isWeekend(day) ? 'weekend' : 'weekday'
      return isWeekend(day) ? 'rest' : 'work'
    },
    range: years.length === 0 ? null : { first: Math.min(...published), last: Math.max(...published) },
    most,
  }
}

/** The calendar that is shipped (law/calendar.json). */
export const builtInCalendar: WorkCalendar = workCalendar(calendarYears)

/** Saturday or Sunday. */
export function isWeekend(day: Day): boolean {
  const sinceMonday = ((daysBetween(aMonday, day) % 7) + 7) % 7
  return sinceMonday >= 5
}

function daysOf({ from, to }: { from: string; to: string }): Day[] {
  const days: Day[] = []
  for (let day = dayOf(from); day <= to; day = addDays(day, 1)) days.push(day)
  return days
}
