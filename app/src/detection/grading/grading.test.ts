// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { InformationType } from '../index.ts'
import { gradeImage, gradeMerged, gradeRecords, gradeType, gradingRuleSets, isInForce, resolveRuleSet, ruleSetOf, ruleSetSchema, scaleOf } from './index.ts'

const columns = (...types: InformationType[]) => types.map((type, index) => ({ index, type, values: 10 }))
const grades = (set: string, ...types: InformationType[]) => gradeRecords(columns(...types), ruleSetOf(set)).columns.map(({ grade, rule }) => `${grade} ${rule}`)
const recordGrade = (set: string, facts: object, ...types: InformationType[]) => {
  const { grade, rule } = gradeRecords(columns(...types), ruleSetOf(set), facts)
  return `${grade} ${rule}`
}

describe('the rule sets', () => {
  it('have a source, a date and a mark on every line, and build only on sets that are there', () => {
    for (const set of gradingRuleSets) {
      expect(() => resolveRuleSet(set)).not.toThrow()
      expect(set.rules.every((rule) => rule.source !== '' && rule.conf !== undefined)).toBe(true)
    }
    expect(gradingRuleSets.map((set) => set.id)).toEqual(['pipl-28', 'cautious-2025', 'gbt45574-2025', 'gbt35273-2020', 'gbt43697-2024', 'finance-2020'])
  })

  it('say every source and note of ours in English too, without a Chinese character left', () => {
    const said = gradingRuleSets.flatMap((set) => [[set.id, set.source, set.sourceEn], ...set.rules.flatMap((rule) => [[`${set.id}/${rule.id}`, rule.source, rule.sourceEn], [`${set.id}/${rule.id} note`, rule.note ?? '', rule.noteEn]])])
    expect(said.filter(([, zh, en]) => /\p{Script=Han}/u.test(en ?? zh ?? ''))).toEqual([])
  })

  it('name levels that they explain', () => {
    for (const set of gradingRuleSets) {
      const { all, levels } = resolveRuleSet(set)
      expect(all.flatMap(({ rule }) => rule.level ?? []).filter((level) => !Object.keys(levels).includes(level))).toEqual([])
    }
  })

  it('are in force from their date on', () => {
    expect(isInForce(ruleSetOf('gbt45574-2025'), '2025-10-31')).toBe(false)
    expect(isInForce(ruleSetOf('gbt45574-2025'), '2025-11-01')).toBe(true)
    expect(isInForce({ effectiveFrom: '2020-01-01', effectiveTo: '2020-12-31' }, '2021-01-01')).toBe(false)
  })

  it.each([
    ['a type that does not exist', { types: ['star-sign'] }],
    ['an unknown key', { types: ['mobile'], weight: 3 }],
    ['a line without a source', { types: ['mobile'], source: '' }],
    ['a mark that the register does not know', { types: ['mobile'], conf: 'sure' }],
  ])('refuses a file with %s', (_, change) => {
    const rule = { id: 'X', kind: 'type', grade: 'sensitive', source: 's', conf: 'J', ...change }
    expect(ruleSetSchema.safeParse({ id: 'own', version: '1', title: { zh: '自定', en: 'own' }, source: 's', effectiveFrom: '2026-01-01', rules: [rule], levels: {} }).success).toBe(false)
  })

  it('refuses a rule id that stands twice, and a base that is not there', () => {
    const rule = { id: 'X', kind: 'type', types: ['mobile'], grade: 'sensitive', source: 's', conf: 'J' }
    const set = { id: 'own', version: '1', title: { zh: '自定', en: 'own' }, source: 's', effectiveFrom: '2026-01-01', levels: {} }
    expect(ruleSetSchema.safeParse({ ...set, rules: [rule, rule] }).success).toBe(false)
    expect(() => resolveRuleSet(ruleSetSchema.parse({ ...set, basedOn: 'cautious-2025', rules: [rule] }))).toThrow('to build on')
    expect(gradeType('mobile', resolveRuleSet(ruleSetSchema.parse({ ...set, basedOn: 'pipl-28', rules: [rule] })))).toMatchObject({ grade: 'sensitive', rule: 'own/X' })
  })
})

describe('one field', () => {
  it('is graded by the rule that names it, and every grade says which', () => {
    expect(gradeType('religion')).toEqual({ grade: 'sensitive', rule: 'pipl-28/REL', isCombination: false })
    expect(gradeType('mobile')).toEqual({ grade: 'general', rule: 'pipl-28/general', isCombination: false })
    expect(gradeType('uscc').rule).toBe('pipl-28/organisation')
    expect(gradeType('none').rule).toBe('pipl-28/none')
    expect(gradeType('geo-location', 'cautious-2025').rule).toBe('pipl-28/TRACK')
  })

  it('an ID number alone is general under the law and the standard of 2025, sensitive under the specification of 2020', () => {
    expect(['pipl-28', 'gbt45574-2025', 'gbt35273-2020', 'cautious-2025'].map((set) => gradeType('resident-id', set).grade)).toEqual(['general', 'general', 'sensitive', 'sensitive'])
    expect(gradingRuleSets.map((set) => gradeImage('resident-id', set.id).grade)).toEqual(gradingRuleSets.map(() => 'sensitive'))
  })

  it('refuses a rule set that does not exist', () => {
    expect(() => gradeType('mobile', 'nobody-2030')).toThrow('no grading rule set')
  })
})

describe('a record set', () => {
  it('name, ID number and card together are sensitive under every set', () => {
    for (const { id } of gradingRuleSets) expect(grades(id, 'person-name', 'resident-id', 'bank-card')[1]).toMatch(/^sensitive /)
    expect(grades('gbt45574-2025', 'person-name', 'resident-id', 'bank-card')).toEqual(['general gbt45574-2025/general', 'sensitive gbt45574-2025/C-CARD', 'sensitive gbt45574-2025/A-FIN'])
  })

  it('needs a type of its own for each group, and values in it', () => {
    expect(grades('gbt45574-2025', 'person-name', 'resident-id')[1]).toBe('general gbt45574-2025/A-ID-ALONE')
    expect(grades('pipl-28', 'resident-id', 'mobile')[0]).toBe('general pipl-28/general')
    expect(grades('pipl-28', 'person-name', 'resident-id')[1]).toBe('sensitive pipl-28/C-IDENTITY')
    const empty = gradeRecords([{ index: 0, type: 'person-name', values: 0 }, { index: 1, type: 'resident-id', values: 9 }], ruleSetOf())
    expect(empty.columns[1]?.grade).toBe('general')
    expect(recordGrade('pipl-28', {}, 'person-name', 'address', 'address')).toBe('general pipl-28/general')
  })

  it('may rise as a whole while its fields stay what they are', () => {
    const graded = gradeRecords(columns('person-name', 'address', 'transaction'), ruleSetOf())
    expect(graded.columns.map(({ grade }) => grade)).toEqual(['general', 'general', 'general'])
    expect([graded.grade, graded.rule, graded.why]).toEqual(['sensitive', 'pipl-28/C-PROFILE', '组合后敏感 / sensitive together: #1 #2 #3'])
  })

  it('with people below fourteen is sensitive; when most are, every personal field is', () => {
    expect(recordGrade('pipl-28', { births: 100, under14: 1 }, 'person-name', 'birth-date')).toBe('sensitive pipl-28/UNDER-14')
    expect(gradeRecords(columns('person-name', 'birth-date', 'uscc'), ruleSetOf(), { births: 100, under14: 1 }).columns.map(({ grade }) => grade)).toEqual(['general', 'general', 'organisation'])
    expect(gradeRecords(columns('person-name', 'birth-date', 'uscc'), ruleSetOf(), { births: 100, under14: 50 }).columns.map(({ grade }) => grade)).toEqual(['sensitive', 'sensitive', 'organisation'])
    expect(recordGrade('pipl-28', { births: 100, under14: 0 }, 'person-name', 'birth-date')).toBe('general pipl-28/general')
  })

  it('is never changed where a person decided, but what they decided counts for the rest', () => {
    const decided = { grade: 'general', rule: 'override/x' } as const
    const graded = gradeRecords([{ index: 0, type: 'medical', values: 5, decided }, { index: 1, type: 'person-name', values: 5 }], ruleSetOf(), { births: 2, under14: 2 })
    expect(graded.columns.map(({ grade, rule }) => `${grade} ${rule}`)).toEqual(['general override/x', 'sensitive pipl-28/UNDER-14'])
  })

  it('reaches a level at the number itself', () => {
    const reached = (subjects: number | null) => scaleOf('general', ruleSetOf('gbt43697-2024'), subjects)?.rule.level ?? null
    expect([reached(9_999_999), reached(10_000_000), reached(null)]).toEqual([null, 'as-important', null])
    expect(gradeRecords(columns('mobile'), ruleSetOf('gbt43697-2024'), { subjects: 12_000_000 })).toMatchObject({ level: 'as-important', levelRule: 'gbt43697-2024/N-10M', columns: [{ level: 'general' }] })
  })

  it('has the highest level of its fields and combinations under an overlay', () => {
    expect(gradeRecords(columns('person-name', 'gender'), ruleSetOf('finance-2020'))).toMatchObject({ level: 'C2', columns: [{ level: 'C2', levelRule: 'finance-2020/C2-KYC' }, { level: 'C1', levelRule: 'finance-2020/C1' }] })
    expect(gradeRecords(columns('person-name', 'resident-id', 'bank-card', 'mobile'), ruleSetOf('finance-2020')).level).toBe('C3')
    expect(gradeRecords(columns('uscc'), ruleSetOf('finance-2020')).level).toBeNull()
  })
})

describe('merged record sets', () => {
  it('meet together what neither meets alone, when a key joins them', () => {
    const sets = [{ name: 'a', types: ['person-name', 'mobile', 'resident-id'] }, { name: 'b', types: ['mobile', 'bank-card'] }, { name: 'c', types: ['licence-plate'] }] as const
    expect(gradeMerged(sets, ruleSetOf('gbt45574-2025'))).toEqual([{ sets: ['a', 'b'], by: 'mobile', rule: 'gbt45574-2025/C-CARD', types: ['person-name', 'resident-id', 'bank-card'] }])
    expect(gradeMerged([{ name: 'a', types: ['person-name', 'resident-id'] }, { name: 'b', types: ['bank-card'] }], ruleSetOf('gbt45574-2025'))).toEqual([])
  })
})
