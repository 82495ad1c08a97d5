// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { dayOf } from '../kit/time.ts'
import { adviceAnswersSchema, adviceQuestions, dealEvents, typedAnswer, type AdviceAnswers } from './advise-answers.ts'
import { adviseWithEstimate } from './advise-estimate.rules.ts'
import { advise } from './advise.rules.ts'
import type { MatterType } from './nouns.ts'

const today = dayOf('2026-11-21')
const answersOf = (given: Record<string, unknown>): AdviceAnswers => adviceAnswersSchema.parse({ event: 'sell-business', ...given })
const estimateOf = (given: Record<string, unknown>) => adviseWithEstimate(answersOf(given), today).estimate
const settled = { successor: 'yes', buyerLooks: 'no', sensitive: 'none', minors: 'none', purposeChanges: 'no', abroad: 'no', prepaid: 'no', importantData: 'no', shamSigns: 'no' }

describe('advice up front', () => {
  it.each([
    ['sell-shares', 'share-transfer'], ['sell-business', 'asset-transfer'], ['sell-list', 'data-only'], ['merge-into-buyer', 'merger-absorb'], ['merge-into-new', 'merger-new'], ['split-and-go-on', 'split-survive'],
    ['split-and-end', 'split-new'], ['close-company', 'dissolution'], ['bankruptcy', 'bankruptcy'], ['stop-service', 'stop-product'], ['court-reorganisation', 'reorganisation'],
  ] as const)('takes %s for %s', (event, type: MatterType) => {
    expect(advise(answersOf({ event })).type).toBe(type)
  })

  it('knows a type for every event, and says something with article and mark for all of them', () => {
    for (const event of dealEvents) {
      const { reasons, warnings, duties, facts } = advise(answersOf({ event, customers: 2_000_000, decidedOn: '2026-11-02', closingOn: '2027-01-29' }))
      expect(reasons.length).toBeGreaterThan(0)
      for (const sentence of [...reasons, ...warnings, ...duties, ...facts]) expect([sentence.law, sentence.conf, sentence.zh, sentence.en].every((text) => text !== '' && !text.includes('undefined'))).toBe(true)
    }
  })

  it('warns that the buyer looking at customers in a share sale is a provision', () => {
    const warned = (buyerLooks: string) => advise(answersOf({ event: 'sell-shares', buyerLooks })).warnings.some((warning) => warning.law.includes('第二十三条'))
    expect([warned('yes'), warned('unknown'), warned('no')]).toEqual([true, true, false])
    expect(advise(answersOf({ event: 'sell-shares' })).transfers).toBe(false)
  })

  it('asks a sale for the agreement, a closing without successor for the closing notice', () => {
    const facts = (given: Record<string, unknown>) => advise(answersOf(given)).facts.map((fact) => fact.fact)
    expect(facts({})).toContain('transfer-agreement-signed')
    expect(facts({})).not.toContain('stop-notice-given')
    expect(facts({ event: 'close-company', successor: 'no' })).toContain('stop-notice-given')
    expect(facts({ event: 'close-company', successor: 'no' })).not.toContain('transfer-agreement-signed')
    expect([facts({ minors: 'none' }).includes('child-assessment'), facts({ minors: 'unknown' }).includes('child-assessment')]).toEqual([false, true])
    expect([facts({ abroad: 'no' }).includes('export-route-done'), facts({ abroad: 'viewers' }).includes('export-route-done')]).toEqual([false, true])
  })

  it('says of nothing that may never happen, or that only another kind of deal asks, that it is missing', () => {
    const missing = (given: Record<string, unknown>) => advise(answersOf(given)).facts.filter((fact) => !fact.maybe).map((fact) => fact.fact)
    for (const fact of ['incident-known', 'refusals-answered', 'broker-reviewed', 'sale-plan-approved', 'bulk-sale-counsel-opinion'] as const) expect(missing({}), fact).not.toContain(fact)
    expect([missing({ event: 'sell-list' }).includes('bulk-sale-counsel-opinion'), missing({ event: 'bankruptcy', successor: 'yes' }).includes('sale-plan-approved')]).toEqual([true, true])
  })

  it('puts what stops a step before what only warns', () => {
    const order = advise(answersOf({})).facts.filter((fact) => !fact.maybe).map((fact) => ['BLOCK', 'HIGH', 'MED', 'LOW'].indexOf(fact.sev))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order[0]).toBe(0)
  })

  it('counts the dates from decision and closing: a merger tells creditors in ten days, customers a waiting time before the move', () => {
    const { duties } = advise(answersOf({ event: 'merge-into-buyer', decidedOn: '2026-11-02', closingOn: '2027-01-29' }))
    const due = (id: string) => duties.filter((duty) => duty.id === id).map((duty) => duty.due)
    expect(due('T20')).toEqual(['2026-11-12', '2026-12-02'])
    expect(due('P01')).toEqual(['2026-12-29']) // 30 full days, moving on the 31st
    expect(duties.map((duty) => duty.due ?? '9999')).toEqual(duties.map((duty) => duty.due ?? '9999').toSorted())
    expect(advise(answersOf({ event: 'merge-into-buyer' })).duties.find((duty) => duty.id === 'T20')?.due).toBeNull()
  })

  it('takes prepaid customers for creditors, with the rules of Shanghai and Beijing', () => {
    const laws = advise(answersOf({ event: 'close-company', prepaid: 'yes', shops: ['shanghai', 'beijing'] })).warnings.map((warning) => warning.law).join()
    expect(laws).toContain('法释〔2025〕4号')
    expect([laws.includes('上海'), laws.includes('北京')]).toEqual([true, true])
    expect(advise(answersOf({ event: 'close-company', ...settled })).warnings.some((warning) => warning.law.includes('法释〔2025〕4号'))).toBe(false)
  })

  it('lists what nobody answered', () => {
    expect(advise(answersOf(settled)).open).toEqual(['customers', 'contractShare', 'consentShare', 'dutyShare', 'assentShare', 'reachableShare', 'agreeShare', 'decidedOn', 'closingOn'])
    expect(advise(answersOf({ ...settled, customers: 5, reachableShare: 90, agreeShare: 10, contractShare: 100, assentShare: 40, decidedOn: '2026-11-01', closingOn: '2027-01-01' })).open).toEqual([])
  })

  it('refuses shares above a hundred and unknown words', () => {
    expect(adviceAnswersSchema.safeParse({ event: 'sell-business', contractShare: 60, consentShare: 50 }).success).toBe(false)
    expect(adviceAnswersSchema.safeParse({ event: 'give-away' }).success).toBe(false)
    expect(adviceAnswersSchema.safeParse({ event: 'sell-business', nonsense: 1 }).success).toBe(false)
  })
})

describe('the estimate of what can be transferred', () => {
  const known = { ...settled, contractShare: 60, assentShare: 50, consentShare: 30, dutyShare: 10, reachableShare: 90 }

  it('moves contract customers with assent by notice and the others only as they agree', () => {
    const estimate = estimateOf({ ...known, agreeShare: 20 })
    expect(estimate.parts.map((part) => [part.rule, part.moves])).toEqual([['X16', 'by-notice'], ['X17', 'not'], ['X15', 'with-consent'], ['X17', 'not']])
    // 30 % × 0.9 reached = 27; + 30 % consent × 0.9 × 0.2 = 5.4; at most 30 + 27.
    expect({ atLeast: estimate.atLeast, expected: estimate.expected, atMost: estimate.atMost }).toEqual({ atLeast: 27, expected: 32.4, atMost: 57 })
  })

  it('moves all of them by notice in a merger', () => {
    expect(estimateOf({ ...known, event: 'merge-into-buyer' })).toMatchObject({ atLeast: 90, atMost: 100, expected: 90 })
  })

  it('moves nobody in a share sale, and nobody where nobody takes over', () => {
    expect(estimateOf({ ...known, event: 'sell-shares' })).toMatchObject({ atLeast: 0, atMost: 0, expected: 0 })
    expect(estimateOf({ ...known, event: 'sell-shares' }).parts.every((part) => part.moves === 'stays')).toBe(true)
    expect(estimateOf({ ...known, event: 'close-company', successor: 'no' })).toMatchObject({ atMost: 0 })
  })

  it('says nothing certain of what nobody stated', () => {
    expect(estimateOf({})).toMatchObject({ atLeast: 0, atMost: 100, expected: null, parts: [{ moves: 'open', share: 1 }] })
    expect(estimateOf({ ...known, assentShare: null })).toMatchObject({ atLeast: 0, atMost: 87, expected: null }) // 60 % contract, open, and 30 % × 0.9 by consent
    expect(estimateOf({ contractShare: 0, consentShare: 0, dutyShare: 0 }).parts).toMatchObject([{ rule: 'X28', moves: 'not', share: 1 }])
    for (const event of ['sell-shares', 'stop-service'] as const) expect(estimateOf({ event, successor: 'no' }).atMost).toBe(0) // whatever the basis
    expect(estimateOf({ ...known, agreeShare: null }).expected).toBeNull()
    expect(estimateOf({ ...known, reachableShare: null }).atLeast).toBe(0)
  })
})

describe('answers typed at the terminal', () => {
  it('are numbers, lists, words, or left open', () => {
    expect([typedAnswer('customers', ' 12000 '), typedAnswer('contractShare', '60%'), typedAnswer('shops', '上海、beijing'), typedAnswer('agreeShare', 'null'), typedAnswer('minors', ''), typedAnswer('closingOn', '2027-01-29')]).toEqual([12_000, 60, ['上海', 'beijing'], null, undefined, '2027-01-29'])
  })

  it('cover every answer of the file, so that both ways ask the same', () => {
    expect(adviceQuestions.map(({ key }) => key).toSorted()).toEqual(Object.keys(answersOf({})).toSorted())
  })
})
