// SPDX-License-Identifier: Apache-2.0
// Counts statutory periods: hours from the moment, days from the next day, months and years to the corresponding day, working days by the notices of the State Council (民法典 200–204).
import type { Words } from '../kit/failure.ts'
import { addDays, addHours, addMonths, addYears, dayInChina, dayOf, instantOf, type Day, type Instant } from '../kit/time.ts'
import { builtInCalendar, type WorkCalendar } from './calendar.rules.ts'
import { deadlines, isCertain, type Deadline, type DeadlineForce } from './law-data.ts'

/** One counted length of a deadline line. */
export type DeadlinePeriod = Deadline['period'][number]

/** 期限结果. When a deadline ends and how it was counted. Where the holidays of a year are not published, `due` is the earliest day the law could mean and `likely` the day by weekdays alone. */
export interface CountedDeadline {
  /** Line of the register: T07, P01 … */
  id: string
  /** What is to be done. */
  what: Words
  force: DeadlineForce
  /** The law's own word (及时 …) where only a standard gives the number. */
  lawSays: string | null
  start: Instant
  /** The moment at which it is over; a period in days ends at 24:00 of its last day (民法典 203; an office that closes earlier closes it). */
  due: Instant
  /** Its last day. */
  dueDay: Day
  /** The last day as counted, before a rest day moved it; waiting times and validities end here. */
  countedDay: Day
  /** The last day by weekdays alone, where `dueDay` is cautious because no notice is published; else the same. */
  likelyDay: Day
  calendar: 'not-needed' | 'published' | 'unpublished'
  /** False unless the register read the primary text and the calendar of every counted day is published. */
  certain: boolean
  conf: string
  source: string
  counted: Words
}

/** What a count may be given besides the line and its start. */
export interface CountOptions {
  calendar?: WorkCalendar
  lines?: readonly Deadline[]
  /** Which of several lengths: its number, or a count of persons for lines that depend on it (T11). Left out: the first. */
  which?: number | { persons: number }
}

/** 期限计算. Counts one line of the register from an instant (for lines that look ahead of an event: the instant of the event). Throws RangeError for an unknown line or length: a slip of ours, not of the user. */
export function countDeadline(id: string, start: Instant, options: CountOptions = {}): CountedDeadline {
  const line = (options.lines ?? deadlines).find((each) => each.id === id)
  if (line === undefined) throw new RangeError(`no deadline ${id}`)
  const at = chosenPeriod(line, options.which)
  const period = line.period[at]
  if (period === undefined) throw new RangeError(`deadline ${id} has no length ${at}`)
  const calendar = options.calendar ?? builtInCalendar
  const first = line.period[0]
  // A chained length is counted from the end of the first one: apply for extension 60 working days before three years are over.
  const from = period.chained === true && first !== undefined ? anchorOf(countPeriod(first, start, { calendar, before: false })) : start
  const counted = countPeriod(period, from, { calendar, before: line.direction === 'before' })
  return {
    ...counted, id, start, what: { zh: line.what, en: line.whatEn }, force: period.force ?? line.force, lawSays: line.lawSays ?? null,
    certain: isCertain(line.conf) && counted.calendar !== 'unpublished', conf: line.conf, source: line.source,
    counted: {
      zh: `${line.direction === 'before' ? '' : '自'}${startOf(line.starts, line, at)}(${dayInChina(start)})${counted.counted.zh}`,
      en: `${line.direction === 'before' ? 'Counted' : 'Since'} ${startOf(line.startsEn, line, at)} (${dayInChina(start)}): ${counted.counted.en}`,
    },
  }
}

/** The end of one counted length. */
export type CountedPeriod = Pick<CountedDeadline, 'due' | 'dueDay' | 'countedDay' | 'likelyDay' | 'calendar' | 'counted'>

/** 期间计算. Counts one length (民法典 201: the start day does not count; 202: the corresponding day or the month's last; 203: a last day that is a rest day moves to the next working day). Backwards (`before`, or a negative length) the full time lies free between, and a rest day moves to the working day before it. */
export function countPeriod(period: DeadlinePeriod, start: Instant, { calendar, before }: { calendar: WorkCalendar; before: boolean }): CountedPeriod {
  if (period.hours !== undefined) return countHours(period.hours, start)
  const startDay = dayInChina(start)
  if (period.everyYearBy !== undefined) return fixedDay(dayOf(`${Number(startDay.slice(0, 4)) + 1}-${period.everyYearBy}`))
  const length = period.days ?? period.workingDays ?? period.months ?? period.years
  if (length === undefined) throw new RangeError('a deadline without length')
  if (length === 0) return { due: start, dueDay: startDay, countedDay: startDay, likelyDay: startDay, calendar: 'not-needed', counted: { zh: '立即', en: 'at once' } }
  const back = before || length < 0
  const size = Math.abs(length)
  if (period.workingDays !== undefined) return countWorkingDays(startDay, size, { calendar, back, before })
  const bare = bareEnd(period, startDay, size, { back, before })
  const shifted = shift(bare, calendar, back)
  const unit = period.days !== undefined ? { zh: '日', en: 'day' } : period.months !== undefined ? { zh: '个月', en: 'month' } : { zh: '年', en: 'year' }
  return { ...ends(shifted.day, shifted.day, shifted.calendar, lengthWords({ size, unit, back }, bare, shifted.day)), countedDay: bare }
}

/** Whether a deadline is over at this moment; the last day itself is still in time. */
export function isOverdue(deadline: Pick<CountedDeadline, 'due' | 'start'>, now: Instant): boolean {
  return now >= deadline.due && now > deadline.start
}

/** The start that belongs to one of several lengths: "通知 / 公告" names one for each. */
function startOf(words: string, line: Deadline, at: number): string {
  const each = words.split(' / ')
  return each.length === line.period.length ? (each[at] ?? words) : words
}

function chosenPeriod(line: Deadline, which: CountOptions['which']): number {
  if (which === undefined) return 0
  if (typeof which === 'number') return which
  return line.period.findIndex(({ when }) => {
    const limit = Number(when?.replace(/\D/g, ''))
    return when?.startsWith('>=') === true ? which.persons >= limit : when?.startsWith('<') === true && which.persons < limit
  })
}

function countHours(hours: number, start: Instant): CountedPeriod {
  const due = addHours(start, hours)
  const zh = `即时起算 ${hours} 小时,节假日不顺延,至 ${clockInChina(due)}`
  return { due, dueDay: dayInChina(due), countedDay: dayInChina(due), likelyDay: dayInChina(due), calendar: 'not-needed', counted: { zh, en: `${hours} hours counted from the moment, through rest days, until ${clockInChina(due)} (Shanghai)` } }
}

/** A date that the text itself names; not a period, so a rest day does not move it. */
function fixedDay(day: Day): CountedPeriod {
  return ends(day, day, 'not-needed', { zh: `截至 ${day},逢休息日不顺延(从严)`, en: `by ${day}; not moved by rest days (cautious)` })
}

/** The last day before any shift; ahead of an event the whole length lies free between the day and the event (told on day 0 with 30 days, the act may follow on day 31). */
function bareEnd(period: DeadlinePeriod, start: Day, size: number, { back, before }: { back: boolean; before: boolean }): Day {
  const sign = back ? -1 : 1
  const end = period.days !== undefined ? addDays(start, sign * size) : period.months !== undefined ? addMonths(start, sign * size) : addYears(start, sign * size)
  return before ? addDays(end, -1) : end
}

function shift(day: Day, calendar: WorkCalendar, back: boolean): { day: Day; calendar: CountedDeadline['calendar'] } {
  const step = back ? -1 : 1
  let at = day
  while (calendar.kindOf(at) === 'rest') at = addDays(at, step)
  const kind = calendar.kindOf(at)
  if (kind === 'work') return { day: at, calendar: 'published' }
  // Unpublished: forward the weekend stays, for it might be a workday; backward it moves, for it hardly is one.
  if (!back) return { day: at, calendar: 'unpublished' }
  while (calendar.kindOf(at) === 'weekend') at = addDays(at, -1)
  return { day: at, calendar: 'unpublished' }
}

interface Direction {
  calendar: WorkCalendar
  back: boolean
  before: boolean
}

function countWorkingDays(start: Day, size: number, direction: Direction): CountedPeriod {
  const cautious = walk(start, size, direction, direction.calendar.most)
  const likely = walk(start, size, direction, { makeUpDays: 0, weekdaysOff: 0 })
  const unit = { zh: '个工作日', en: 'working day' }
  const told = lengthWords({ size, unit, back: direction.back }, cautious.day, cautious.day)
  if (!cautious.unpublished) return ends(cautious.day, cautious.day, 'published', told)
  const note = {
    zh: `${told.zh};其中有年份的放假安排不在数据内,按最早可能计(仅按周一至周五为 ${likely.day})`,
    en: `${told.en}; the holidays of a year in it are not in the data, so this is the earliest it could be (by weekdays alone: ${likely.day})`,
  }
  return ends(cautious.day, likely.day, 'unpublished', note)
}

/** Steps from the start until so many working days are counted. In unpublished years it counts cautiously with the bounds of the published ones: forward the first weekend days as workdays, backward the first weekdays as off. */
function walk(start: Day, size: number, { calendar, back, before }: Direction, most: WorkCalendar['most']): { day: Day; unpublished: boolean } {
  let left = before ? size + 1 : size
  let margin = back ? most.weekdaysOff : most.makeUpDays
  let unpublished = false
  let day = start
  while (left > 0) {
    day = addDays(day, back ? -1 : 1)
    const kind = calendar.kindOf(day)
    if (kind === 'weekday' || kind === 'weekend') unpublished = true
    if (kind === 'work') left -= 1
    else if (kind === 'weekday' && back && margin > 0) margin -= 1
    else if (kind === 'weekday') left -= 1
    else if (kind === 'weekend' && !back && margin > 0) [left, margin] = [left - 1, margin - 1]
  }
  return { day, unpublished }
}

function lengthWords({ size, unit, back }: { size: number; unit: Words; back: boolean }, bare: Day, day: Day): Words {
  const units = `${unit.en}${size === 1 ? '' : 's'}`
  const moved = bare === day ? { zh: '', en: '' } : { zh: `,${bare} 为休息日,${back ? '提前' : '顺延'}至 ${day}`, en: `; ${bare} is a rest day and it moves to ${day}` }
  if (back) return { zh: `倒数 ${size} ${unit.zh},最迟 ${bare} 24:00${moved.zh}`, en: `${size} ${units} counted back, at the latest 24:00 on ${bare}${moved.en}` }
  return { zh: `次日起 ${size} ${unit.zh},至 ${bare} 24:00${moved.zh}`, en: `${size} ${units} from the next day until 24:00 on ${bare}${moved.en}` }
}

function ends(dueDay: Day, likelyDay: Day, calendar: CountedDeadline['calendar'], counted: Words): CountedPeriod {
  return { due: endOfDay(dueDay), dueDay, countedDay: dueDay, likelyDay, calendar, counted }
}

/** 24:00 in China. */
function endOfDay(day: Day): Instant {
  return instantOf(`${addDays(day, 1)}T00:00:00+08:00`)
}

/** An instant that lies on the last day as counted (a validity is not prolonged by a rest day), from which a chained length goes on. */
function anchorOf(period: CountedPeriod): Instant {
  return instantOf(`${period.countedDay}T12:00:00+08:00`)
}

/** An instant as people in China read it: 2026-02-14 09:30. */
function clockInChina(instant: Instant): string {
  return addHours(instant, 8).slice(0, 16).replace('T', ' ')
}
