// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ruleOf } from './law-data.ts'
import { auditCycleYears, sizeTier, tierDuties, type TierCounts } from './size-tier.rules.ts'

const nobody: TierCounts = { persons: 0, sensitive: 0, under14: 0, under18: 0, unknownAge: 0, face: 0 }
const on = (counts: Partial<TierCounts>) => tierDuties({ ...nobody, ...counts }).filter((duty) => duty.on)
const rulesOn = (counts: Partial<TierCounts>) => [...new Set(on(counts).map((duty) => duty.rule))]

describe('the size of a handler', () => {
  it.each([
    { persons: 99_999, tier: 'small' }, { persons: 100_000, tier: 'normal' }, { persons: 999_999, tier: 'normal' }, { persons: 1_000_000, tier: 'dpo' },
    { persons: 9_999_999, tier: 'dpo' }, { persons: 10_000_000, tier: 'mass' }, { persons: 0, tier: 'small' },
  ])('with $persons persons is $tier: a threshold includes itself, and exactly 100,000 is no longer small', ({ persons, tier }) => {
    expect(sizeTier(persons).tier).toBe(tier)
  })

  it.each([[999_999, 5], [1_000_000, 3], [9_999_999, 3], [10_000_000, 2]] as const)('of %i persons has the audit every %i years', (persons, years) => {
    expect(auditCycleYears(persons)).toBe(years)
  })

  it('rests on an order whose text nobody read and says so', () => {
    expect(sizeTier(100_000).conf).toBe('S')
    expect(sizeTier(1_000_000).conf).toBe('P')
  })
})

describe('what a size switches on', () => {
  it('gives the small regime up at exactly 100,000', () => {
    expect(rulesOn({ persons: 99_999 })).toContain('A03')
    expect(rulesOn({ persons: 100_000 })).not.toContain('A03')
  })

  it('asks for the protection officer from exactly a million on', () => {
    expect(rulesOn({ persons: 999_999 })).not.toContain('M01')
    expect(rulesOn({ persons: 1_000_000 })).toEqual(expect.arrayContaining(['M01', 'M02', 'M05']))
  })

  it('asks for the disposal plan from exactly ten million on', () => {
    expect(rulesOn({ persons: 9_999_999 })).not.toContain('H01')
    expect(rulesOn({ persons: 10_000_000 })).toEqual(expect.arrayContaining(['H01', 'M09']))
  })

  it('counts sensitive, minors, unknown ages and faces by themselves', () => {
    expect(rulesOn({})).toEqual(['A03', 'M05'])
    expect(rulesOn({ sensitive: 99_999 })).not.toContain('M02')
    expect(rulesOn({ sensitive: 100_000 })).toContain('M02')
    expect(rulesOn({ under18: 1 })).toContain('M06')
    expect(rulesOn({ under18: 1 })).not.toContain('E08')
    expect(rulesOn({ under14: 1, under18: 1, sensitive: 1 })).toEqual(expect.arrayContaining(['E08', 'M06', 'D01']))
    expect(rulesOn({ unknownAge: 1 })).toContain('B04')
    expect([rulesOn({ face: 99_999 }).includes('K07'), rulesOn({ face: 100_000 }).includes('K07')]).toEqual([false, true])
  })

  it('names for every duty a rule of the register, its article and how sure it is', () => {
    for (const duty of tierDuties(nobody)) {
      expect(ruleOf(duty.rule)).toBeDefined()
      expect([duty.law, duty.conf, duty.zh, duty.en].every((text) => text !== '')).toBe(true)
    }
  })
})
