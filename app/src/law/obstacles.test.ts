// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { explainObstacle, obstacle, Refused, refuseIfAny, spellObstacle } from './obstacles.ts'
import { obstacleTable } from './obstacle-table.ts'

describe('obstacles', () => {
  it('refuse a step with all of them at once, exit 15', () => {
    const found = [obstacle('PIA_MISSING'), obstacle('SUPPRESSED_IN_TRANSFER', { counts: { records: 7 } })]
    const refused = (() => {
      try {
        refuseIfAny(found, 'pack')
      } catch (error) {
        return error
      }
      return null
    })()
    expect(refused).toBeInstanceOf(Refused)
    expect(refused).toMatchObject({ exitCode: 15, code: 'OBSTACLES_UNMET', obstacles: found, facts: { n: 2, codes: 'PIA_MISSING, SUPPRESSED_IN_TRANSFER' } })
  })

  it('let a step pass when there are none', () => {
    expect(() => refuseIfAny([], 'pack')).not.toThrow()
  })

  it('spell out counts in both languages, with law and way out', () => {
    const spelled = spellObstacle(obstacle('SUPPRESSED_IN_TRANSFER', { counts: { records: 7 } }))
    expect(spelled.zh).toContain('7 条记录')
    expect(spelled.en).toContain('7 records')
    expect(spelled.law).toContain('个人信息保护法')
  })

  it('explain themselves by code, and nothing else', () => {
    expect(explainObstacle('AGE_UNKNOWN')?.rule).toBe('B04')
    expect(explainObstacle('toString')).toBeUndefined()
  })

  it.each(Object.entries(obstacleTable))('%s says what is missing, its law and the way out in both languages', (_code, words) => {
    for (const sentence of [words.zh, words.en, words.remedy.zh, words.remedy.en, words.law, words.conf]) expect(sentence.length).toBeGreaterThan(0)
    expect([...words.zh.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted()).toEqual([...words.en.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted())
  })
})
