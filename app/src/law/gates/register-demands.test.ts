// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { rules } from '../law-data.ts'
import type { MatterState } from '../matter-state.ts'
import { guardedSteps, type GuardedStep } from '../nouns.ts'
import { gateFor } from './gate-for.rules.ts'
import { stopsStep } from './last-chance.rules.ts'
import { blockedSteps, demanded, outcomeMarks, standingDifferences } from './register-demands.cases.ts'
import { outcomeOf, stories } from './stories.cases.ts'
import { closeLists, stagedStories, storyStages } from './story-stages.cases.ts'

const differenceOf = (id: string): string => standingDifferences.find(({ rule }) => rule === id)?.computed ?? ''

describe('seven deals against a list that was read from the register before any output was seen', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s says in every deal what the register demands', (id, rule) => {
    const [cells, why] = demanded[id] ?? ['', 'no row']
    const argued = differenceOf(id)
    for (const [at, story] of stories.entries()) {
      const computed = outcomeMarks[outcomeOf(rule, story)]
      expect([cells[at], argued[at]], `${id} computes ${computed} in ${story.name}; demanded ${cells[at] ?? 'nothing'}: ${why}`).toContain(computed)
    }
  })

  it('have one row for every rule, seven cells wide, and every row gives a reason', () => {
    expect(Object.keys(demanded).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
    for (const [id, [cells, why]] of Object.entries(demanded)) {
      expect([...cells].every((cell) => Object.values<string>(outcomeMarks).includes(cell)) && [...cells].length === stories.length, id).toBe(true)
      expect(why.length, id).toBeGreaterThan(8)
    }
  })

  it('argue each difference once, and only where there is one', () => {
    expect(new Set(standingDifferences.map(({ rule }) => rule)).size).toBe(standingDifferences.length)
    for (const { rule: id, computed, why } of standingDifferences) {
      expect(demanded[id]?.[0], id).not.toBe(computed)
      const rule = rules.find((each) => each.id === id)
      const today = rule === undefined ? 'no such rule' : stories.map((story) => outcomeMarks[outcomeOf(rule, story)]).join('')
      expect(today, `${id}: the program changed; drop the row when it now does what the register says`).toBe(computed)
      expect(why.length, id).toBeGreaterThan(20)
    }
  })
})

const stopping = (step: GuardedStep, state: MatterState): string[] => [...new Set(gateFor(step, state).results.filter(({ status, stops }) => status === 'unmet' && stops).map(({ rule }) => rule))].toSorted()

describe('the same deals later on', () => {
  it.each(stagedStories.filter(({ stage }) => stage !== 'closing').map((each) => [each.name, each.stage, each.state] as const))('%s, %s: pack and destroy are free, the close is stopped by what is only due at the end', (name, stage, state) => {
    expect(stopping('pack', state)).toEqual([])
    expect(stopping('destroy', state)).toEqual([])
    const list = stage === 'closing' ? undefined : closeLists[name]?.[stage]
    const must = (list?.must ?? 'no list').split(' ').toSorted()
    const stops = stopping('close', state)
    expect(stops).toEqual(expect.arrayContaining(must))
    expect([...must, ...Object.keys(list?.may ?? {})], 'nothing stops besides what is argued').toEqual(expect.arrayContaining(stops))
  })

  it.each(stagedStories.filter(({ stage }) => stage === 'closing').map((each) => [each.name, each.state] as const))('%s, ready to close, closes', (_name, state) => {
    expect(stopping('close', state)).toEqual([])
  })

  it('are all there: seven deals, three stages', () => {
    expect(stagedStories.length).toBe(stories.length * storyStages.length)
  })
})

describe('the steps that a rule stops', () => {
  it.each(rules.filter(({ sev }) => sev === 'BLOCK').map((rule) => [rule.id, rule] as const))('%s stops every step before which the register wants it', (id, rule) => {
    expect(rule.guards, id).toEqual(expect.arrayContaining((blockedSteps[id] ?? 'no row').split(' ')))
    for (const step of rule.guards) expect(stopsStep(rule, step), `${id} ${step}`).toBe(true)
  })

  it('are the close at the latest for every HIGH rule ("must be fixed before closing", §9)', () => {
    const never = rules.filter((rule) => rule.sev === 'HIGH' && !rule.guards.some((step) => stopsStep(rule, step))).map(({ id }) => id)
    expect(never).toEqual([])
  })

  it('are never stopped by a rule of lesser weight', () => {
    for (const rule of rules.filter(({ sev }) => sev === 'MED' || sev === 'LOW')) expect(guardedSteps.filter((step) => stopsStep(rule, step)), rule.id).toEqual([])
  })
})
