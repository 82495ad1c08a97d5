// SPDX-License-Identifier: Apache-2.0
// iCalendar (RFC 5545): one event a duty, all-day unless its clock runs in hours; ids, dates and words of the law only.
import { addDays, type Instant } from '../../kit/time.ts'
import { citationIn, dutyHolders, isCertain, markIn, severityWords, type Duty } from '../../law/index.ts'

/** What a calendar file needs beside the duties. */
export interface CalendarOptions {
  matterId: string
  /** The legal clock: DTSTAMP of every entry, so that two runs at the same legal time give the same file. */
  now: Instant
  lang: 'zh' | 'en'
}

/** 日历文件. The duties as an iCalendar file: lines of at most 75 octets ended by CRLF, a UID that stays the same when a duty moves, alarms a week and a day ahead (an hour ahead for clocks in hours). */
export function calendarFile(duties: readonly Duty[], options: CalendarOptions): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//handover.example//Handover//ZH', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', ...duties.flatMap((duty) => eventLines(duty, options)), 'END:VCALENDAR']
  return lines.map(folded).join('')
}

function eventLines(duty: Duty, { matterId, now, lang }: CalendarOptions): string[] {
  const { deadline } = duty
  const inHours = !deadline.due.endsWith('16:00:00.000Z') // 24:00 in China; everything else is a moment of its own
  const times = inHours ? [`DTSTART:${utc(deadline.due)}`, 'DURATION:PT0S'] : [`DTSTART;VALUE=DATE:${plain(deadline.dueDay)}`, `DTEND;VALUE=DATE:${plain(addDays(deadline.dueDay, 1))}`]
  return [
    'BEGIN:VEVENT', `UID:${duty.id}.${matterId}@handover.example`, `DTSTAMP:${utc(now)}`, ...times, `SUMMARY:${escaped(summaryOf(duty, lang))}`, `DESCRIPTION:${escaped(descriptionOf(duty, lang))}`,
    `CATEGORIES:${duty.sev},${deadline.force.toUpperCase()}`, `STATUS:${duty.status === 'done' ? 'CANCELLED' : 'CONFIRMED'}`, 'TRANSP:TRANSPARENT',
    ...(duty.status === 'done' ? [] : (inHours ? ['-PT1H'] : ['-P7D', '-P1D']).flatMap((trigger) => alarmLines(trigger, duty, lang))), 'END:VEVENT',
  ]
}

function alarmLines(trigger: string, duty: Duty, lang: 'zh' | 'en'): string[] {
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${trigger}`, `DESCRIPTION:${escaped(summaryOf(duty, lang))}`, 'END:VALARM']
}

const kindWords = { duty: { zh: '办理', en: 'Due' }, wait: { zh: '期满', en: 'Wait ends' }, keep: { zh: '保存至', en: 'Keep until' }, ends: { zh: '到期', en: 'Ends' } } as const

function summaryOf(duty: Duty, lang: 'zh' | 'en'): string {
  return `${duty.deadline.id} ${kindWords[duty.kind][lang]}: ${duty.deadline.what[lang]}`
}

/** How it was counted, its reason with its mark, who; what is not verified says so. */
function descriptionOf(duty: Duty, lang: 'zh' | 'en'): string {
  const { deadline } = duty
  const doubt = isCertain(deadline.conf) ? '' : lang === 'zh' ? ' · 未核实' : ' · unverified'
  return [deadline.counted[lang], `${citationIn(lang, deadline.source)} · ${markIn(lang, deadline.conf)}${doubt}`, `${duty.rule} ${severityWords[duty.sev][lang]} · ${dutyHolders[duty.who][lang]}`, duty.id].join('\n')
}

/** RFC 5545 §3.3.11: backslash, semicolon, comma and line break are escaped. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll(/\r?\n/g, '\\n')
}

const lineOctets = 75

/** RFC 5545 §3.1: no line above 75 octets; it goes on behind CRLF and a space, never inside a character. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > lineOctets) {
      parts.push(part)
      part = ' '
      octets = 1
    }
    part += character
    octets += size
  }
  return `${[...parts, part].join('\r\n')}\r\n`
}

function utc(instant: Instant): string {
  return `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function plain(day: string): string {
  return day.replaceAll('-', '')
}
