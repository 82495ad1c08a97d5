// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, dayOf, instantOf, type Instant } from '../kit/time.ts'
import { builtInCalendar, workCalendar } from './calendar.rules.ts'
import { countDeadline, countPeriod, isOverdue, type CountedPeriod, type DeadlinePeriod } from './deadline.rules.ts'
import { calendarYears, deadlines } from './law-data.ts'

/** A moment as people in China write it. */
const at = (text: string): Instant => instantOf(`${text.length === 10 ? `${text}T10:00` : text.replace(' ', 'T')}:00+08:00`)
const period = (length: DeadlinePeriod, start: string, before = false): CountedPeriod => countPeriod(length, at(start), { calendar: builtInCalendar, before })
const dueDay = (id: string, start: string, which?: number | { persons: number }) => countDeadline(id, at(start), which === undefined ? {} : { which }).dueDay

describe('days (民法典 201–203)', () => {
  it('begin with the next day and end at 24:00 of the last one', () => {
    const counted = countDeadline('T05', at('2026-03-02 23:59'))
    expect([counted.dueDay, counted.due]).toEqual(['2026-04-01', at('2026-04-02 00:00')])
    expect(isOverdue(counted, at('2026-04-01 23:59'))).toBe(false)
    expect(isOverdue(counted, at('2026-04-02 00:00'))).toBe(true)
    expect(counted.counted).toEqual({ zh: '自处置工作结束(2026-03-02)次日起 30 日,至 2026-04-01 24:00', en: 'Since handling has ended (2026-03-02): 30 days from the next day until 24:00 on 2026-04-01' })
  })

  it('that end in the Spring Festival move to the first working day after it, also where that is in the next week', () => {
    expect(period({ days: 10 }, '2026-02-06').dueDay).toBe('2026-02-24') // the 16th is in the festival of 15–23 February
    expect(period({ days: 30 }, '2025-12-30').dueDay).toBe('2026-01-29') // a Thursday: stays
    expect(period({ days: 15 }, '2025-01-14').dueDay).toBe('2025-02-05') // festival 28 January – 4 February
    expect(period({ days: 8 }, '2024-02-02').dueDay).toBe('2024-02-18') // the 10th → after the festival, a Sunday that is a workday
  })

  it('that end on a Sunday which is a make-up workday stay there; on an ordinary Sunday they move to Monday', () => {
    expect(period({ days: 5 }, '2025-01-21')).toMatchObject({ dueDay: '2025-01-26', calendar: 'published' })
    expect(period({ days: 5 }, '2025-01-14').dueDay).toBe('2025-01-20')
    expect(period({ days: 5 }, '2025-01-14').counted.zh).toContain('2025-01-19 为休息日,顺延至 2025-01-20')
  })

  it('are the day of China even where the moment is the day before in UTC', () => {
    expect(countDeadline('T05', instantOf('2026-03-01T16:30:00.000Z')).dueDay).toBe('2026-04-01') // 00:30 on 2 March in China
  })
})

describe('hours', () => {
  it('start at once and run through weekends and festivals', () => {
    expect(countDeadline('T04', at('2026-02-14 22:30')).due).toBe(at('2026-02-15 02:30'))
    expect(countDeadline('T02', at('2026-02-15 23:30'))).toMatchObject({ due: at('2026-02-16 00:30'), calendar: 'not-needed', certain: true })
    expect(countDeadline('T06', at('2026-10-02 09:00')).due).toBe(at('2026-10-03 09:00'))
    expect(countDeadline('T04', at('2026-02-14 22:30')).counted.zh).toContain('至 2026-02-15 02:30')
  })

  it('that are zero mean at once', () => {
    expect(countDeadline('T01', at('2026-02-14 22:30'))).toMatchObject({ due: at('2026-02-14 22:30'), counted: { zh: '自发现或可能发生(2026-02-14)立即' } })
  })
})

describe('months and years (民法典 202)', () => {
  it('end on the corresponding day, or on the last day of a month that has none', () => {
    expect(addMonths(dayOf('2026-01-31'), 1)).toBe('2026-02-28')
    expect(addMonths(dayOf('2024-01-31'), 1)).toBe('2024-02-29')
    expect(addMonths(dayOf('2026-03-31'), -1)).toBe('2026-02-28')
    expect(addMonths(dayOf('2025-11-30'), 3)).toBe('2026-02-28')
    expect(period({ months: 1 }, '2026-01-31')).toMatchObject({ dueDay: '2026-02-28' }) // a Saturday that is a make-up workday
    expect(period({ months: 2 }, '2025-12-31').dueDay).toBe('2026-02-28')
    expect(period({ years: 1 }, '2024-02-29').dueDay).toBe('2025-02-28')
    expect(period({ years: 2 }, '2024-03-10').dueDay).toBe('2026-03-10')
  })

  it('counted back before an end go to the working day before a rest day', () => {
    // Certificate of 2023-11-16: over on 2026-11-16; six months before is the 16th of May, a Saturday.
    expect(dueDay('T16', '2023-11-16', 1)).toBe('2026-05-15')
    expect(dueDay('T16', '2023-11-14', 1)).toBe('2026-05-14') // over on a Saturday: a validity is not prolonged by that
    expect(countDeadline('T16', at('2023-11-16'), { which: 1 }).counted.zh).toContain('提前至 2026-05-15')
  })
})

describe('working days', () => {
  it('skip the festival and count make-up workdays', () => {
    // 10–14 February (Saturday the 14th is a workday), 24–28 February (the 28th too), 2–6 March.
    expect(period({ workingDays: 15 }, '2026-02-09').dueDay).toBe('2026-03-06')
    expect(period({ workingDays: 1 }, '2026-02-13').dueDay).toBe('2026-02-14')
    expect(period({ workingDays: 2 }, '2026-02-13').dueDay).toBe('2026-02-24')
    expect(period({ workingDays: 10 }, '2025-09-26').dueDay).toBe('2025-10-16') // 28 September and 11 October work, 1–8 October off
    expect(dueDay('T14', '2025-09-26')).toBe('2025-10-16')
  })

  it('agree with counting every single day of the published years', () => {
    for (let start = dayOf('2024-01-01'); start < '2026-11-01'; start = addDays(start, 13)) {
      let left = 15
      let day = start
      while (left > 0) {
        day = addDays(day, 1)
        if (builtInCalendar.kindOf(day) === 'work') left -= 1
      }
      expect(period({ workingDays: 15 }, start)).toMatchObject({ dueDay: day, likelyDay: day, calendar: 'published' })
    }
  })

  it('in a year without published holidays end on the earliest day the law could mean, and say so', () => {
    const counted = countDeadline('T09', at('2026-12-21'))
    expect(counted).toMatchObject({ calendar: 'unpublished', certain: false, likelyDay: '2027-02-01' })
    expect(counted.dueDay < counted.likelyDay).toBe(true)
    expect(counted.counted.zh).toContain('放假安排不在数据内,按最早可能计')
  })

  it('are never later in an unpublished year than its notice makes them, whatever that notice is', () => {
    for (const hidden of calendarYears) {
      const partial = workCalendar(calendarYears.filter((year) => year !== hidden))
      for (let start = dayOf(`${hidden.year}-01-01`); start < `${hidden.year}-10-01`; start = addDays(start, 5)) {
        const known = period({ workingDays: 30 }, start)
        const cautious = countPeriod({ workingDays: 30 }, at(start), { calendar: partial, before: false })
        expect(cautious.dueDay <= known.dueDay, `${start} ${cautious.dueDay} ${known.dueDay}`).toBe(true)
        const back = countPeriod({ workingDays: -30 }, at(`${hidden.year}-12-20`), { calendar: partial, before: false })
        expect(back.dueDay <= period({ workingDays: -30 }, `${hidden.year}-12-20`).dueDay).toBe(true)
      }
    }
  })

  it('counted back before the end of a validity leave the whole number free', () => {
    // Assessment of 2023-03-02 is valid to Monday 2026-03-02; 60 working days before it lies in the end of 2025.
    const counted = countDeadline('T15', at('2023-03-02'), { which: 1 })
    let left = 60
    let day = dayOf('2026-03-02')
    while (left > 0) {
      day = addDays(day, -1)
      if (builtInCalendar.kindOf(day) === 'work') left -= 1
    }
    expect([counted.dueDay, counted.calendar]).toEqual([day, 'published'])
  })
})

describe('lines that look ahead of an event', () => {
  it('leave the full length free between the notice and the event', () => {
    expect(period({ days: 30 }, '2026-12-03', true).dueDay).toBe('2026-11-02') // told on the 2nd of November: thirty days lie between
    expect(dueDay('T31', '2026-11-03')).toBe('2026-09-30') // the 3rd of October is a festival day: the working day before it
  })
})

describe('other lines', () => {
  it('with a fixed date end in the year after the one that is reported about and never move', () => {
    expect(dueDay('T10', '2026-05-05')).toBe('2027-01-31') // a Sunday
  })

  it('that depend on a number of persons take the number itself into the stricter class', () => {
    const years = (persons: number) => countDeadline('T11', at('2024-01-10'), { which: { persons } })
    expect([years(9_999_999), years(10_000_000)].map((each) => each.dueDay.slice(0, 4))).toEqual(['2027', '2026'])
    expect([years(999_999), years(1_000_000)].map((each) => each.dueDay.slice(0, 4))).toEqual(['2029', '2027'])
    expect([years(10_000_000).force, years(1_000_000).force]).toEqual(['legal', 'standard'])
  })

  it('say whether law, a standard or only this product sets the number', () => {
    expect(countDeadline('T07', at('2026-05-05'))).toMatchObject({ force: 'standard', lawSays: '及时 (PIPL 45–50)' })
    expect(countDeadline('P01', at('2026-05-05'))).toMatchObject({ force: 'product', certain: false })
    expect(countDeadline('T24', at('2026-05-05'), { which: 1 })).toMatchObject({ force: 'legal', certain: true, dueDay: '2026-07-06' }) // the 4th is a Saturday
    expect(countDeadline('T36', at('2026-05-05')).certain).toBe(false)
  })

  it('can all be counted, each length of each line', () => {
    for (const line of deadlines) for (const which of line.period.keys()) expect(countDeadline(line.id, at('2025-03-03'), { which }).counted.en).toMatch(/2\d{3}-\d\d-\d\d|at once/)
    expect(() => countDeadline('T99', at('2026-05-05'))).toThrow(RangeError)
  })
})

describe('the calendar', () => {
  it('names only weekend days as make-up workdays and never a day both ways', () => {
    for (const { year, holidays, workdays } of calendarYears) {
      expect(workdays.filter((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()))).toEqual([])
      expect(workdays.filter((day) => holidays.some(({ from, to }) => from <= day && day <= to))).toEqual([])
      expect([...holidays.flatMap(({ from, to }) => [from, to]), ...workdays].every((day) => day.startsWith(String(year)))).toBe(true)
    }
    expect(builtInCalendar.range).toEqual({ first: 2024, last: 2026 })
  })
})
