// SPDX-License-Identifier: Apache-2.0

/** An instant as RFC 3339 text in UTC with milliseconds, e.g. `2026-11-21T08:00:00.000Z`. */
export type Instant = string & { readonly __instant: unique symbol }

/** A calendar day in China (Asia/Shanghai, the time zone of every legal deadline), `YYYY-MM-DD`. */
export type Day = string & { readonly __day: unique symbol }

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const millisecondsPerDay = 86_400_000
const shanghaiOffsetMs = 8 * 3_600_000

/** Reads an instant; refuses text that is no RFC 3339 time. */
export function instantOf(text: string | Date): Instant {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new RangeError(`not a time: ${String(text).slice(0, 40)}`)
  return time.toISOString() as Instant
}

/** Reads a calendar day; refuses impossible dates such as 2026-02-30. */
export function dayOf(text: string): Day {
  if (!dayPattern.test(text) || new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) !== text) {
    throw new RangeError(`not a calendar day: ${text.slice(0, 40)}`)
  }
  return text as Day
}

/** The calendar day in China at this instant. */
export function dayInChina(instant: Instant): Day {
  return new Date(new Date(instant).getTime() + shanghaiOffsetMs).toISOString().slice(0, 10) as Day
}

/** The day so many days later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + days * millisecondsPerDay).toISOString().slice(0, 10) as Day
}

/** The same day so many years later; 29 February becomes the last day of February (民法典 第二百零二条). */
export function addYears(day: Day, years: number): Day {
  const year = Number(day.slice(0, 4)) + years
  const sameDay = `${String(year).padStart(4, '0')}${day.slice(4)}`
  return new Date(`${sameDay}T00:00:00Z`).toISOString().startsWith(sameDay) ? (sameDay as Day) : (`${sameDay.slice(0, 8)}28` as Day)
}

/** The same day so many months later (earlier when negative); where that month has no such day, its last one (民法典 第二百零二条). */
export function addMonths(day: Day, months: number): Day {
  const months0 = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  const yearMonth = (count: number) => `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
  const lastDay = addDays(dayOf(`${yearMonth(months0 + 1)}-01`), -1)
  const sameDay = `${yearMonth(months0)}${day.slice(7)}`
  return sameDay <= lastDay ? dayOf(sameDay) : lastDay
}

/** Whole days from the first to the second day. */
export function daysBetween(first: Day, second: Day): number {
  return (new Date(`${second}T00:00:00Z`).getTime() - new Date(`${first}T00:00:00Z`).getTime()) / millisecondsPerDay
}

/** The instant so many hours later. */
export function addHours(instant: Instant, hours: number): Instant {
  return instantOf(new Date(new Date(instant).getTime() + hours * 3_600_000))
}
