// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { instantOf } from '../../kit/time.ts'
import { choiceFacts, isOnSuppressionList, type LatestChoice } from './choices.rules.ts'
import { facetRefusal, hasAssent, valuesRefusal, yearOf } from './facets.rules.ts'

const said = (kind: LatestChoice['kind'], day: number, status: LatestChoice['status'] = 'valid'): LatestChoice => ({ kind, status, madeAt: instantOf(`2026-11-${String(day).padStart(2, '0')}T00:00:00Z`) })

describe('what choices mean', () => {
  test.each([
    ['silence is no consent', [], { transferConsent: 'none', objected: false }],
    ['an agreement is given', [said('agree-transfer', 1)], { transferConsent: 'given', objected: false }],
    ['a later objection takes it back', [said('agree-transfer', 1), said('object', 2)], { transferConsent: 'refused', objected: true }],
    ['a later agreement takes the objection back', [said('object', 1), said('agree-transfer', 2)], { transferConsent: 'given', objected: false }],
    ['at the same time the refusal wins', [said('object', 1), said('agree-transfer', 1)], { transferConsent: 'refused', objected: true }],
    ['a withdrawal takes every consent back', [said('agree-transfer', 1), said('agree-sensitive', 1), said('withdraw', 3)], { transferConsent: 'refused', sensitiveConsent: 'refused', withdrawn: true }],
    ['a deletion request is open until it is decided', [said('delete', 1, 'open')], { deletionRequested: false, openRequest: true }],
    ['a valid deletion request counts', [said('delete', 1, 'decided')], { deletionRequested: true, openRequest: false }],
    ['a refused one does not', [said('delete', 1, 'refused')], { deletionRequested: false, openRequest: false }],
    ['consent to the transfer is none to sensitive information', [said('agree-transfer', 1)], { sensitiveConsent: 'none', guardianConsent: 'none', exportConsent: 'none' }],
    ['consent to going abroad is a word of its own', [said('agree-transfer', 1), said('agree-export', 2)], { transferConsent: 'given', exportConsent: 'given' }],
    ['an objection ends consent to going abroad too', [said('agree-export', 1), said('object', 2)], { exportConsent: 'refused' }],
  ] as const)('%s', (_, choices, facts) => {
    expect(choiceFacts(choices)).toMatchObject(facts)
  })

  test('opt-outs stand on the suppression list, answered refusals do not', () => {
    expect([[said('object', 1)], [said('withdraw', 1)], [said('delete', 1, 'open')], [said('delete', 1, 'refused')], [said('agree-transfer', 1)]].map(isOnSuppressionList)).toEqual([true, true, true, false, false])
  })
})

describe('facets', () => {
  test('stand only for coarse, shared categories', () => {
    expect(valuesRefusal(3, 60, 4)).toBeNull()
    expect(valuesRefusal(65, 10_000, 4)).not.toBeNull()
    expect(valuesRefusal(40, 60, 4)).not.toBeNull()
    expect(valuesRefusal(3, 60, 200)).not.toBeNull()
    expect(facetRefusal({ type: 'mobile', grade: 'general' }, 'text')).toBe('mobile')
    expect(facetRefusal({ type: 'none', grade: 'sensitive' }, 'text')).toBe('sensitive')
  })

  test.each([['2024-05-06', '2024'], ['2024年5月6日', '2024'], ['20240506', '2024'], ['2024', '2024'], ['5/6/24', null], ['', null], ['99999999', null]])('the year of %s is %s', (text, year) => {
    expect(yearOf(text)).toBe(year)
  })

  test('assent to the assignment of a contract is never presumed', () => {
    expect(hasAssent({ contractAssent: 'none' }, {})).toBe(false)
    expect(hasAssent({ contractAssent: { facet: 'assent', values: ['是'] } }, {})).toBe(false)
    expect(hasAssent({ contractAssent: { facet: 'assent', values: ['是'] } }, { assent: '是' })).toBe(true)
  })
})
