// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isFactName } from './facts.ts'
import { gateRules } from './gates/gate-for.rules.ts'
import { auditPoints, deadlines, decisionRows, retentionRows, rules, ruleOf, rulesGuarding } from './law-data.ts'
import { guardedSteps } from './nouns.ts'
import { obstacleTable } from './obstacle-table.ts'
import { canonicalText, rulesVersion } from './rules-version.ts'

describe('the law as data', () => {
  it('holds the whole register', () => {
    expect([rules.length, rules.filter(({ tier }) => tier === 'core').length, decisionRows.length, deadlines.length, retentionRows.length, auditPoints.length]).toEqual([129, 90, 31, 45, 29, 26])
    for (const lines of [rules, decisionRows, deadlines, retentionRows, auditPoints]) expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
  })

  it('names only facts that can be signed and rules that exist', () => {
    expect(rules.flatMap(({ facts }) => facts).filter((name) => !isFactName(name))).toEqual([])
    expect(auditPoints.flatMap((point) => point.rules).filter((id) => ruleOf(id) === undefined)).toEqual([])
  })

  it('has a rule or a row behind every obstacle', () => {
    const known = new Set([...rules.map(({ id }) => id), ...decisionRows.map(({ id }) => id), 'P01'])
    expect(Object.entries(obstacleTable).filter(([, words]) => !known.has(words.rule)).map(([code]) => code)).toEqual([])
  })

  it('has built every gate that the spine needs, and knows every gate it has built', () => {
    const spine = ['A01', 'A02', 'A03', 'B01', 'B02', 'B03', 'B04', 'B05', 'B06', 'B07', 'B08', 'B11', 'D01', 'E01', 'E02', 'E08', 'F01', 'F02', 'I08']
    const handOver = Array.from({ length: 8 }, (_, at) => `H0${at + 1}`)
    const keeping = Array.from({ length: 16 }, (_, at) => `J${String(at + 1).padStart(2, '0')}`)
    expect([...spine, ...handOver, ...keeping].filter((id) => !gateRules.has(id))).toEqual([])
    // Standing duties (rights, incidents, organisation) hold all the year and guard no step: `standingFor`.
    expect([...gateRules.keys()].filter((id) => (ruleOf(id)?.guards.length ?? 0) === 0 && !/^[ILM]/.test(id))).toEqual([])
  })

  it('lets every step be guarded by at least one rule', () => {
    for (const step of guardedSteps) expect(rulesGuarding(step).length).toBeGreaterThan(0)
  })

  it('has a version that follows from the content of the files and nothing else', () => {
    const file = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../law/${name}.json`, import.meta.url), 'utf8'))
    const names = ['rules', 'decisions', 'deadlines', 'retention', 'audit-points', 'calendar', 'articles', 'instruments', 'penalties', 'positions']
    const all = Object.fromEntries(names.map((name) => [name, file(name)]))
    expect(createHash('sha256').update(canonicalText(all)).digest('hex')).toBe(rulesVersion)
    expect(canonicalText({ b: [1, { z: '\u00e9\n"', a: null }], a: true })).toBe('{"a":true,"b":[1,{"a":null,"z":"é\\n\\""}]}') // RFC 8785
    expect(canonicalText({ ...all, rules: [] })).not.toBe(canonicalText(all))
  })
})
