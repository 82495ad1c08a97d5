// SPDX-License-Identifier: Apache-2.0
// What a matter's own law pack says decides the gates, not what was shipped (CONTRACTS §17).
import { describe, expect, it } from 'vitest'
import { addDays, addMonths } from '../../kit/time.ts'
import { readLawBook, type LawBook } from '../law-book.ts'
import { builtInLaw, lawFiles } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import { gateFor } from './gate-for.rules.ts'
import { allFacts, signed, stateOf, today } from './gates.cases.ts'

function bent(change: (files: typeof lawFiles) => void): LawBook {
  const files = structuredClone(lawFiles)
  change(files)
  return readLawBook(files, 'pack')
}
const line = <T extends { id: string }>(lines: readonly T[], id: string): T => {
  const found = lines.find((each) => each.id === id)
  if (found === undefined) throw new Error(id)
  return found
}
const codesOf = (rule: string, step: 'pack' | 'close', state: MatterState): string[] | undefined => gateFor(step, state).results.find((result) => result.rule === rule)?.obstacles.map(({ code }) => code)

describe('the gates under the law pack of a matter', () => {
  const assessed = (law: LawBook, days: number): MatterState => {
    const route = signed('export-route-done', { route: 'security-assessment', number: '网信评估〔2026〕1号', validUntil: addDays(today, days) })
    return stateOf('asset-transfer', { law, facts: { ...allFacts, 'export-route-done': [route] } })
  }

  it('count the extension of a security assessment by the line and the calendar of the pack (G05, T15)', () => {
    const isDue = (law: LawBook, days: number): boolean => codesOf('G05', 'pack', assessed(law, days))?.includes('EXPORT_EXTENSION_DUE') === true
    // The shortest term that is not due for extension yet under the shipped law.
    const days = Array.from({ length: 200 }, (_, n) => n + 60).find((n) => !isDue(builtInLaw, n)) ?? 0
    expect([isDue(builtInLaw, days - 1), isDue(builtInLaw, days)]).toEqual([true, false])
    const longer = bent((files) => (line(files.deadlines, 'T15').period = [{ years: 3 }, { workingDays: -61, when: 'before the end: apply for extension', chained: true }]))
    expect(isDue(longer, days)).toBe(true)
    const restful = bent((files) => files.calendar.at(-1)?.holidays.push({ name: '虚构', from: '2026-12-07', to: '2026-12-11' }))
    expect(isDue(restful, days)).toBe(true)
  })

  it('ask for network logs as long as the retention of the pack (J16)', () => {
    const logs = signed('logs-archived', { from: addMonths(today, -7), until: addMonths(today, 7), holder: 'transferor' })
    const row = builtInLaw.retentionRows.find(({ boundKind, records }) => boundKind === 'network-operator' && records.includes('日志'))?.id ?? ''
    const longer = bent((files) => (line(files.retention, row).period = { months: 12 }))
    expect([builtInLaw, longer].map((law) => codesOf('J16', 'close', stateOf('asset-transfer', { law, facts: { ...allFacts, 'logs-archived': [logs] } })))).toEqual([[], ['LOGS_NOT_ARCHIVED']])
  })
})
