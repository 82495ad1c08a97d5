// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { incidentNumber } from './fact-forms.ts'
import { factKind, factNames, factTable, isFactName } from './facts.ts'
import { ruleOf } from './law-data.ts'

const accepts = (name: (typeof factNames)[number], value: unknown) => factTable[name].value.safeParse(value).success

describe('facts that people sign', () => {
  it('feed rules that exist and that name them', () => {
    for (const name of factNames.filter((each) => each !== 'rule-checked-by-hand')) { // feeds rules that only a law pack knows
      for (const id of factKind(name).rules) expect(ruleOf(id), `${name} feeds ${id}`).toBeDefined()
      expect(factKind(name).rules.some((id) => ruleOf(id)?.facts.includes(name)), `${name} is named by a rule it feeds`).toBe(true)
    }
  })

  it('take days, digests and listed words', () => {
    expect(accepts('pia-approved', { report: 'ab'.repeat(32), approvedOn: '2026-11-01' })).toBe(true)
    expect(accepts('age-presumption', { group: 'adult', reason: 'identity-checked-at-contract' })).toBe(true)
    expect(accepts('custody-deed-signed', { holder: `pty_${'0'.repeat(32)}`, deed: 'ab'.repeat(32), signedOn: '2026-11-01', until: null })).toBe(true)
  })

  it('refuse free text, impossible days, unknown members and half answers', () => {
    expect(accepts('age-presumption', { group: 'adult', reason: '我们觉得都是成年人' })).toBe(false)
    expect(accepts('age-presumption', { group: 'unknown', reason: 'adult-only-service' })).toBe(false)
    expect(accepts('pia-approved', { report: 'ab'.repeat(32), approvedOn: '2026-02-30' })).toBe(false)
    expect(accepts('grading-approved', { ruleSet: 'grading-1', note: 'x' })).toBe(false)
    expect(accepts('indirect-source-lawful', { dataSet: `ds_${'0'.repeat(32)}`, scopeKnown: false, supplier: 'contract-on-file' })).toBe(false)
  })

  it('refuse a personal number where a document number belongs', () => {
    const route = (number: string) => accepts('export-route-done', { route: 'standard-contract', number })
    expect([route('沪网信备〔2026〕第0123号'), route('13800000000'), route('11019919900101001X'), route('张 三')]).toEqual([true, false, false, false])
    const incident = (number: string) => incidentNumber.safeParse(number).success
    expect([incident('INC-2026-001'), incident('110199199001010017'), incident('A-13800000000')]).toEqual([true, false, false])
    const ruleSet = (name: string) => accepts('grading-approved', { ruleSet: name })
    expect([ruleSet('handover-grading-2025-11'), ruleSet('13800000000')]).toEqual([true, false])
  })

  it('are known by name only', () => {
    expect([isFactName('pia-approved'), isFactName('constructor'), isFactName('')]).toEqual([true, false, false])
  })
})
