// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { instantOf } from '../../kit/time.ts'
import { countDeadline, type Duty } from '../../law/index.ts'
import { calendarFile } from './calendar-file.rules.ts'

const at = (text: string) => instantOf(`${text}:00+08:00`)
const duty = (line: string, start: string, change: Partial<Duty> = {}): Duty => ({
  id: `${line}-X-${start.slice(0, 10)}`, kind: 'duty', deadline: countDeadline(line, at(start)), rule: 'I01', sev: 'HIGH', who: 'handler', status: 'open', doneOn: null, endsBy: null, late: false, count: null, ...change,
})
const options = { matterId: 'mat_0123', now: at('2026-11-21T16:00'), lang: 'zh' as const }

/** A reader of the format that knows nothing of the writer: unfolds, nests components, unescapes text (RFC 5545 §§3.1, 3.3.11, 3.6). */
interface Component {
  name: string
  properties: { name: string; parameters: string; value: string }[]
  parts: Component[]
}
function parse(file: string): Component {
  expect(file.endsWith('\r\n')).toBe(true)
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const lines = file.replaceAll('\r\n ', '').split('\r\n').slice(0, -1)
  const root: Component = { name: '', properties: [], parts: [] }
  const open = [root]
  for (const line of lines) {
    const match = /^([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)$/.exec(line)
    if (match === null) throw new Error(`no content line: ${line}`)
    const [, name = '', parameters = '', value = ''] = match
    if (name === 'BEGIN') {
      const part = { name: value, properties: [], parts: [] }
      open.at(-1)?.parts.push(part)
      open.push(part)
    } else if (name === 'END') expect(open.pop()?.name).toBe(value)
    else open.at(-1)?.properties.push({ name, parameters, value: value.replaceAll(/\\([\\;,nN])/g, (_whole, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign)) })
  }
  expect(open).toEqual([root])
  return root
}
const value = (part: Component | undefined, name: string) => part?.properties.find((each) => each.name === name)?.value

describe('a calendar file', () => {
  it('is read back by a parser of its own, with one event a duty and its alarms', () => {
    const file = calendarFile([duty('T07', '2026-11-20T09:00'), duty('T04', '2026-11-21T15:30')], options)
    const [calendar] = parse(file).parts
    expect(calendar?.parts.map(({ name }) => name)).toEqual(['VEVENT', 'VEVENT'])
    const [request, incident] = calendar?.parts ?? []
    expect(request?.properties.filter(({ name }) => name.startsWith('DT')).map(({ name, parameters, value: text }) => `${name}${parameters}=${text}`)).toEqual(['DTSTAMP=20261121T080000Z', 'DTSTART;VALUE=DATE=20261221', 'DTEND;VALUE=DATE=20261222'])
    expect(value(incident, 'DTSTART')).toBe('20261121T113000Z')
    expect(request?.parts.map((alarm) => [alarm.name, value(alarm, 'TRIGGER')])).toEqual([['VALARM', '-P7D'], ['VALARM', '-P1D']])
    expect(incident?.parts.map((alarm) => value(alarm, 'TRIGGER'))).toEqual(['-PT1H'])
    expect(value(request, 'DESCRIPTION')).toContain('次日起 30 日,至 2026-12-20 24:00,2026-12-20 为休息日,顺延至 2026-12-21\nGB/T 35273-2020 8.7 · P\n')
    expect(value(request, 'CATEGORIES')).toBe('HIGH,STANDARD')
  })

  it('has no line above 75 octets and breaks none inside a character', () => {
    const file = calendarFile([duty('T08', '2026-11-20T09:00'), duty('T09', '2026-12-20T09:00'), duty('T35', '2026-11-20T09:00')], options)
    const lines = file.split('\r\n')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect(lines.some((line) => line.startsWith(' '))).toBe(true)
    expect(file).not.toContain('\uFFFD')
    expect(parse(file).parts[0]?.parts.length).toBe(3)
  })

  it('keeps the identity of a duty when its state and its end change, and cancels what is done', () => {
    const before = parse(calendarFile([duty('P02', '2026-11-20T09:00')], options)).parts[0]?.parts[0]
    const moved = duty('P02', '2026-11-20T09:00', { status: 'done', doneOn: null, deadline: countDeadline('P02', at('2026-11-25T09:00')) })
    const after = parse(calendarFile([moved], { ...options, now: at('2026-12-01T09:00') })).parts[0]?.parts[0]
    expect(value(after, 'UID')).toBe(value(before, 'UID'))
    expect(value(before, 'UID')).toBe('P02-X-2026-11-20.mat_0123@handover.example')
    expect([value(before, 'STATUS'), value(after, 'STATUS'), after?.parts]).toEqual(['CONFIRMED', 'CANCELLED', []])
  })

  it('says of a deadline that is not verified that it is not', () => {
    const description = (lang: 'zh' | 'en') => value(parse(calendarFile([duty('P02', '2026-11-20T09:00')], { ...options, lang })).parts[0]?.parts[0], 'DESCRIPTION')
    expect(description('zh')).toContain('J · 未核实')
    expect(description('en')).toContain('J · unverified')
  })

  it('escapes what the format would take for its own signs', () => {
    const odd = duty('T07', '2026-11-20T09:00')
    const text = 'a,b;c\\d\ne'
    const file = calendarFile([{ ...odd, deadline: { ...odd.deadline, what: { zh: text, en: text } } }], options)
    expect(value(parse(file).parts[0]?.parts[0], 'SUMMARY')).toBe(`T07 办理: ${text}`)
  })
})
