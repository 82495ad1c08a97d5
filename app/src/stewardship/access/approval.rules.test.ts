// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { instantOf } from '../../kit/time.ts'
import { twoPersonActs } from '../../law/index.ts'
import { areIdentitiesVerified, isCool, missingApprovers, type ApprovalMark } from './approval.rules.ts'
import { actRules, type ActRule } from './two-person-acts.ts'

const here = (person: string): ApprovalMark => ({ person, custody: 'this-home', fromOtherHome: false })
const elsewhere = (person: string): ApprovalMark => ({ person, custody: 'own-device', fromOtherHome: true })

describe('two people for each act', () => {
  test('every act has a rule, and an irreversible one a cooling-off and two approvers', () => {
    expect(Object.keys(actRules).sort()).toEqual([...twoPersonActs].sort())
    for (const rule of Object.values<ActRule>(actRules)) if (rule.coolsOff) expect(rule.approvers).toBe(2)
    expect(actRules.destroy).toMatchObject({ approvers: 2, coolsOff: true })
  })

  for (const act of twoPersonActs) {
    test(`${act}: the requester alone never suffices, nor one person twice`, () => {
      const rule: ActRule = actRules[act]
      expect(missingApprovers(rule, 'a', [here('a')])).toBe(rule.approvers)
      expect(missingApprovers(rule, 'a', [here('a'), here('a'), here('a')])).toBe(rule.approvers)
      expect(missingApprovers(rule, 'a', [here('a'), here('b'), here('b')])).toBe(rule.approvers - 1)
      expect(missingApprovers(rule, 'a', [here('a'), here('b'), here('c')])).toBe(0)
    })

    test(`${act}: people of one home are not told apart`, () => {
      const rule: ActRule = actRules[act]
      expect(areIdentitiesVerified(rule, here('a'), [here('b'), here('c')])).toBe(false)
      expect(areIdentitiesVerified(rule, here('a'), [elsewhere('b'), elsewhere('c')])).toBe(true)
      expect(areIdentitiesVerified(rule, here('a'), [elsewhere('b')])).toBe(rule.approvers === 1)
    })
  }

  test('a key that was made in this home, or used in it, is no place of its own', () => {
    expect(areIdentitiesVerified(actRules.close, here('a'), [{ person: 'b', custody: 'this-home', fromOtherHome: true }])).toBe(false)
    expect(areIdentitiesVerified(actRules.close, here('a'), [{ person: 'b', custody: 'own-device', fromOtherHome: false }])).toBe(false)
  })

  test('one approver in the requester\'s home spoils it, whoever else approves from elsewhere', () => {
    expect(areIdentitiesVerified(actRules.destroy, here('a'), [here('b'), elsewhere('c')])).toBe(false)
  })

  test('a cooling-off is over at its very end and not before', () => {
    const until = instantOf('2026-11-22T08:00:00Z')
    expect(isCool(until, instantOf('2026-11-22T07:59:59.999Z'))).toBe(false)
    expect(isCool(until, until)).toBe(true)
    expect(isCool(null, until)).toBe(true)
  })
})
