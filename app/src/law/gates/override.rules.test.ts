// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { CoveredCounts, GateOverride, MatterState } from '../matter-state.ts'
import { obstacle } from '../obstacles.ts'
import { gateFor } from './gate-for.rules.ts'
import { stateOf, today, withDataSet } from './gates.cases.ts'
import { countObstacles, mostOf, overrideOf } from './override.rules.ts'

const sale = 'asset-transfer'
const overridden = (rule: string, counts: CoveredCounts): GateOverride => ({ id: `ovr_${'5'.repeat(32)}`, rule, codes: [], counts, approval: 'apr_1', on: today, until: today, opinion: 'ab'.repeat(32), article: '个人信息保护法 第五十五条' })
const asked = (state: MatterState) => gateFor('plan', state).results.find(({ rule }) => rule === 'B06')

describe('what an override of a gate rule covers', () => {
  it('ends an override when there is more of an obstacle than people saw, and keeps it when there is less', () => {
    const seen = overridden('B06', { BASIS_UNKNOWN: { fields: 3 } })
    const now = (fieldsWithoutBasis: number) => asked({ ...withDataSet(sale, { fieldsWithoutBasis }), overrides: [seen] })
    expect([2, 3, 4].map((fields) => now(fields)?.status)).toEqual(['overridden', 'overridden', 'unmet'])
    expect([now(4)?.stops, now(4)?.note?.en.includes('there is more of BASIS_UNKNOWN'), now(4)?.note?.zh.includes('超过批准时所见')]).toEqual([true, true, true])
    // An override of a time when no numbers were signed covers nothing that has one.
    expect(asked({ ...withDataSet(sale, { fieldsWithoutBasis: 1 }), overrides: [overridden('B06', { BASIS_UNKNOWN: {} })] })?.status).toBe('unmet')
    // Another notice is another obstacle.
    const told = overridden('E01', { 'NOTICE_MISSING/art22': { records: 900 } })
    expect(countObstacles([obstacle('NOTICE_MISSING', { counts: { records: 5 }, facts: { notice: 'art31' } }), obstacle('NOTICE_MISSING', { counts: { records: 7 }, facts: { notice: 'art31' } })])).toEqual({ 'NOTICE_MISSING/art31': { records: 12 } })
    expect(overrideOf('E01', [obstacle('NOTICE_MISSING', { counts: { records: 5 }, facts: { notice: 'art31' } })], stateOf(sale, { overrides: [told] })).inForce).toBe(false)
  })

  it('signs the greatest number in which an obstacle stands before any step', () => {
    const [pack, destroy] = [[obstacle('BASIS_UNKNOWN', { counts: { fields: 2 } })], [obstacle('BASIS_UNKNOWN', { counts: { fields: 5 } }), obstacle('PLAN_MISSING')]].map(countObstacles)
    expect(mostOf([pack ?? {}, destroy ?? {}])).toEqual({ BASIS_UNKNOWN: { fields: 5 }, PLAN_MISSING: {} })
  })
})
