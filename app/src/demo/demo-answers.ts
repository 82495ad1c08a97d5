// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { addDays, daysBetween, type Day } from '../kit/time.ts'
import { writeOnce } from '../ledger/index.ts'
import { isChild, type InventedPerson } from './invented-people.ts'
import { seededRandom } from './seeded-random.ts'

/** What came back from the customers: files as an SMS gateway and a service desk would give them. */
export interface DemoAnswers {
  notices: { notice: 'art23' | 'art30' | 'art31'; file: string }[]
  choices: string
  /** Children whose guardian agreed: so many guardianships were checked. */
  guardiansAgreed: number
}

/** Writes results of notices and answers of customers once, from the seed: most were reached, some numbers are dead; some agree, object, or ask for deletion. */
export function makeDemoAnswers(order: { folder: string; seed: string; people: readonly InventedPerson[]; toldOn: Day; answeredOn: Day }): DemoAnswers {
  const { folder, people, toldOn, answeredOn } = order
  const random = seededRandom(`${order.seed}/answers`)
  const reached = new Map(people.map((person) => [person.number, random.chance(0.97)]))
  const result = (person: InventedPerson): string => (reached.get(person.number) === true ? '送达' : '退回')
  const told = (who: readonly InventedPerson[]): string => table(['手机号', '结果', '时间'], who.map((person) => [person.mobile, result(person), `${toldOn} 10:00`]))
  const answers = people.flatMap((person): string[][] => {
    const choice = isChild(person, toldOn) ? (random.chance(0.5) ? '监护人同意' : null) : answerOf(random.next())
    return choice === null || reached.get(person.number) !== true ? [] : [[person.mobile, choice, `${addDays(toldOn, 1 + random.below(Math.max(1, daysBetween(toldOn, answeredOn) - 1)))} 09:30`]]
  })
  const children = people.filter((person) => isChild(person, toldOn))
  const notices = [
    { notice: 'art23' as const, file: join(folder, '短信回执-第23条告知.csv'), who: people },
    { notice: 'art31' as const, file: join(folder, '短信回执-监护人告知.csv'), who: children },
    { notice: 'art30' as const, file: join(folder, '短信回执-敏感信息告知.csv'), who: children },
  ].filter(({ who }) => who.length > 0) // among few customers there may be no child
  const choices = join(folder, '客户选择.csv')
  for (const { file, who } of notices) writeOnce(file, Buffer.from(told(who)), 0o644)
  writeOnce(choices, Buffer.from(table(['手机号', '选择', '时间'], answers)), 0o644)
  return { notices: notices.map(({ notice, file }) => ({ notice, file })), choices, guardiansAgreed: answers.filter(([, choice]) => choice === '监护人同意').length }
}

function answerOf(draw: number): string | null {
  if (draw < 0.3) return '同意'
  if (draw < 0.315) return '不同意'
  if (draw < 0.325) return '删除'
  return null
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`
}
