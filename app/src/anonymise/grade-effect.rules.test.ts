// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { gradeEffect } from './grade-effect.rules.ts'

const levels = (sizes: number[]): (2 | 3)[] => Object.values(gradeEffect(sizes).bySharing).map(({ level }) => level)

test.each([
  ['for the public at exactly the threshold is the stricter level 2', [20, 20], [2, 2, 2]],
  ['of 21 rows and more is level 3 everywhere', [21, 30], [3, 3, 3]],
  ['of large classes with one small one is level 2 for the public, and by the mean level 3 for others', [5, ...Array.from({ length: 40 }, () => 1000)], [2, 3, 3]],
  ['below the threshold of a contract is level 2 there whatever the mean says', [4, ...Array.from({ length: 400 }, () => 1000)], [2, 2, 3]],
] as const)('a copy %s', (_, sizes, expected) => {
  expect(levels([...sizes])).toEqual(expected)
})

test('says how likely an attack may be at most where the surroundings protect', () => {
  const { controlled, enclave } = gradeEffect([5, 5]).bySharing
  expect([controlled.dataRisk, controlled.contextRiskBelow, enclave.contextRiskBelow]).toEqual([0.2, 0.25, 0.25])
  expect(gradeEffect([2]).bySharing.enclave).toMatchObject({ dataRisk: 1, level: 2, classesAbove: 1, contextRiskBelow: null })
})
