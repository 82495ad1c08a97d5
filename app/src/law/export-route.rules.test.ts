// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addDays, dayOf } from '../kit/time.ts'
import { exportDuties, exportObstacles, exportRoute, isExportDone, totalAbroad, type ExportCounts, type ExportDone, type ExportFacts, type ExportState } from './export-route.rules.ts'

const today = dayOf('2026-11-21')
const nobody = { persons: 0, sensitive: 0 }
const countsOf = (persons: number, sensitive = 0): ExportCounts => ({ year: 2026, planned: { persons, sensitive }, undecided: nobody, otherMatters: nobody, seen: nobody, elsewhere: nobody })
const factsOf = (persons: number, sensitive = 0, more: Partial<ExportFacts> = {}): ExportFacts => ({ counts: countsOf(persons, sensitive), ciio: false, exemption: 'none', importantData: 'none-identified', ...more })
const weakest = (facts: ExportFacts) => exportRoute(facts).allowed[0] ?? 'open'

describe('the mechanism that an export needs', () => {
  it.each([
    { persons: 99_999, sensitive: 0, route: 'exempt' },
    { persons: 100_000, sensitive: 0, route: 'standard-contract' },
    { persons: 999_999, sensitive: 0, route: 'standard-contract' },
    { persons: 1_000_000, sensitive: 0, route: 'security-assessment' },
    { persons: 10, sensitive: 1, route: 'standard-contract' },
    { persons: 99_999, sensitive: 9_999, route: 'standard-contract' },
    { persons: 10_000, sensitive: 10_000, route: 'security-assessment' },
    { persons: 0, sensitive: 0, route: 'exempt' },
  ])('for $persons persons, $sensitive of them sensitive, is $route: every number includes itself', ({ persons, sensitive, route }) => {
    expect(weakest(factsOf(persons, sensitive))).toBe(route)
  })

  it('offers certification beside the standard contract, and neither where an assessment is due', () => {
    expect(exportRoute(factsOf(100_000)).allowed).toEqual(['standard-contract', 'certification'])
    expect(exportRoute(factsOf(1_000_000)).allowed).toEqual(['security-assessment'])
  })

  it('adds the year’s exports of other matters, other systems, viewers and open values: nobody splits a number away', () => {
    const half = { persons: 25_000, sensitive: 0 }
    const counts = { year: 2026, planned: half, undecided: half, otherMatters: half, seen: nobody, elsewhere: half }
    expect(totalAbroad(counts)).toEqual({ persons: 100_000, sensitive: 0 })
    expect(weakest({ ...factsOf(0), counts })).toBe('standard-contract')
    expect(weakest({ ...factsOf(0), counts: { ...counts, seen: { persons: 0, sensitive: 10_000 } } })).toBe('security-assessment')
  })

  it('asks important data and critical infrastructure before every number', () => {
    expect(weakest(factsOf(1, 0, { importantData: 'notified-or-published' }))).toBe('security-assessment')
    expect(weakest(factsOf(1, 0, { importantData: 'identified-not-notified' }))).toBe('exempt') // 跨境规定 2: not told, not published
    expect(weakest(factsOf(1, 0, { ciio: true }))).toBe('security-assessment')
  })

  it('takes an exemption whatever the number, but shows what is judgement as such', () => {
    const claimed = exportRoute(factsOf(2_000_000, 50_000, { exemption: 'contract-with-person' }))
    expect(claimed.allowed[0]).toBe('exempt')
    expect(claimed.reasons.map((reason) => reason.conf)).toContain('J')
    const ciio = exportRoute(factsOf(1, 0, { ciio: true, exemption: 'emergency' }))
    expect(ciio.allowed).toEqual(['security-assessment'])
    expect(ciio.reasons.map((reason) => reason.conf)).toEqual(['P', 'J'])
  })

  it('decides nothing while a question is open', () => {
    expect(exportRoute(factsOf(1, 0, { ciio: null }))).toMatchObject({ allowed: [], unanswered: ['export-answers'] })
    expect(exportRoute(factsOf(1, 0, { importantData: null }))).toMatchObject({ allowed: [], unanswered: ['important-data-checked'] })
  })

  it('names the article and the mark of every sentence, the duties that stay among them', () => {
    const lines = [...exportRoute(factsOf(100_000)).reasons, ...exportDuties(['standard-contract', 'certification', 'security-assessment'])]
    expect(lines.every((line) => line.law !== '' && line.conf !== '' && line.zh !== '' && line.en !== '')).toBe(true)
    expect(exportDuties(['exempt']).map((line) => line.law).join()).toContain('第三十九条') // an exemption takes the mechanism away, not the notice
  })
})

describe('what stands in the way of an export', () => {
  const done: ExportDone = { route: 'standard-contract', number: '京网信备〔2026〕1号', hasDocument: true, validUntil: null }
  const stateOf = (facts: ExportFacts, recorded: ExportDone | null): ExportState => ({ recipients: 1, viewers: 0, counts: facts.counts, result: exportRoute(facts), done: recorded })
  const codes = (facts: ExportFacts, recorded: ExportDone | null) => exportObstacles(stateOf(facts, recorded), today).map((found) => found.code)

  it('is nothing when the recorded route is one that the numbers allow, with number and document', () => {
    expect(codes(factsOf(100_000), done)).toEqual([])
    expect(codes(factsOf(10), { ...done, route: 'exempt', number: null })).toEqual([])
    expect(codes(factsOf(10), done)).toEqual([]) // more than is asked for is no obstacle
  })

  it('is a missing answer, a missing route, one that is too weak, a missing number, one that is over', () => {
    expect(codes(factsOf(1, 0, { ciio: null }), done)).toEqual(['EXPORT_ANSWERS_MISSING'])
    expect(codes(factsOf(1, 0, { importantData: null }), done)).toEqual(['IMPORTANT_DATA_NOT_CHECKED'])
    expect(codes(factsOf(100_000), null)).toEqual(['EXPORT_ROUTE_MISSING'])
    expect(codes(factsOf(1_000_000), done)).toEqual(['EXPORT_ROUTE_TOO_WEAK'])
    expect(codes(factsOf(100_000), { ...done, route: 'exempt', number: null })).toEqual(['EXPORT_ROUTE_TOO_WEAK'])
    expect(codes(factsOf(100_000), { ...done, number: null })).toEqual(['EXPORT_NUMBER_MISSING'])
    expect(codes(factsOf(100_000), { ...done, hasDocument: false })).toEqual(['EXPORT_NUMBER_MISSING'])
    expect(codes(factsOf(100_000), { ...done, validUntil: addDays(today, -1) })).toEqual(['EXPORT_ROUTE_EXPIRED'])
  })

  it('lets the records themselves move only with number, document and time left (row X22)', () => {
    expect([isExportDone(done, today), isExportDone(null, today), isExportDone({ ...done, number: null }, today), isExportDone({ ...done, validUntil: addDays(today, -1) }, today)]).toEqual([true, false, false, false])
    expect(isExportDone({ ...done, validUntil: today }, today)).toBe(true)
    expect(isExportDone({ route: 'exempt', number: null, hasDocument: false, validUntil: null }, today)).toBe(true)
  })
})
