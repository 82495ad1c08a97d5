// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { CoveredCounts, GateOverride, MatterState } from '../matter-state.ts'
import { obstacle, type Obstacle } from '../obstacles.ts'
import { gateFor } from './gate-for.rules.ts'
import { maskedLook } from './deal.cases.ts'
import { stateOf, today, withDataSet, withPlanOf } from './gates.cases.ts'
import { unlawfulViewers, type Look } from './looks.rules.ts'
import { countObstacles, mostOf, overrideOf } from './override.rules.ts'

const sale = 'asset-transfer'
const overridden = (rule: string, counts: CoveredCounts): GateOverride => ({ id: `ovr_${'5'.repeat(32)}`, rule, codes: [], counts, approval: 'apr_1', on: today, until: today, opinion: 'ab'.repeat(32), article: '个人信息保护法 第五十五条' })
const groundless = (id: string): Look => ({ id, name: 'viewer-access', value: { ...maskedLook, ground: 'none' }, signerRole: 'transferor', recordedOn: today, hasEvidence: true })
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

  it('ends an override when others stand behind the obstacle than those that people saw, be they no more', () => {
    const inForce = (rule: string, then: readonly Obstacle[], now: readonly Obstacle[]) => overrideOf(rule, now, stateOf(sale, { overrides: [overridden(rule, countObstacles(then))] })).inForce
    // Another change of the plan, another answer.
    const stale = (changes: readonly string[]) => [obstacle('PIA_STALE', { facts: { changed: changes.join(', ') }, things: changes })]
    expect([['answers'], [], ['answers', 'recipients'], ['recipients']].map((changes) => inForce('D01', stale(['answers']), stale(changes)))).toEqual([true, true, false, false])
    expect(inForce('D01', [obstacle('PIA_STALE', { facts: { changed: 'answers' } })], [obstacle('PIA_STALE', { facts: { changed: 'plan' } })])).toBe(false)
    // The next look, even of the same party.
    const looking = (ids: readonly string[]) => unlawfulViewers(stateOf(sale, { facts: { 'viewer-access': ids.map((id) => groundless(id)) } }))
    expect([['fct_1'], ['fct_2'], ['fct_1', 'fct_2']].map((ids) => inForce('C01', looking(['fct_1', 'fct_3']), looking(ids)))).toEqual([true, false, false])
    // A later day of a duty, and numbers of which fewer is worse.
    const due = (day: string) => [obstacle('DUTY_OVERDUE', { facts: { duty: 'T10-M06', due: day, source: '-' } })]
    expect([inForce('M06', due('2026-01-31'), due('2026-01-31')), inForce('M06', due('2026-01-31'), due('2027-01-31'))]).toEqual([true, false])
    const checked = (n: number) => [obstacle('GUARDIANSHIP_NOT_CHECKED', { facts: { checked: n, needed: 9 } })]
    expect([4, 5, 3, 0].map((n) => inForce('E08', checked(4), checked(n)))).toEqual([true, true, false, false])
  })

  it('of the rules as they are: another plan than the one that people saw', () => {
    const plan = (id: string): MatterState => ({ ...withPlanOf(sale, { plan: { id } }), impactChanges: ['plan'] })
    const signedOver = (rule: string, state: MatterState): CoveredCounts => countObstacles(gateFor('pack', state).results.find((each) => each.rule === rule)?.obstacles ?? [])
    const status = (rule: string, then: MatterState, now: MatterState) => gateFor('pack', { ...now, overrides: [overridden(rule, signedOver(rule, then))] }).results.find((each) => each.rule === rule)?.status
    expect([status('D01', plan('pln_1'), plan('pln_1')), status('D01', plan('pln_1'), plan('pln_2'))]).toEqual(['overridden', 'unmet'])
  })

  it('signs the greatest number in which an obstacle stands before any step', () => {
    const [pack, destroy] = [[obstacle('BASIS_UNKNOWN', { counts: { fields: 2 } })], [obstacle('BASIS_UNKNOWN', { counts: { fields: 5 } }), obstacle('PLAN_MISSING')]].map(countObstacles)
    expect(mostOf([pack ?? {}, destroy ?? {}])).toEqual({ BASIS_UNKNOWN: { fields: 5 }, PLAN_MISSING: {} })
  })
})
