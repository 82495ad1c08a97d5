// SPDX-License-Identifier: Apache-2.0
// The 4 × 4 matrix of GB/T 39335-2020 (law register §4.5; only the approval draft was read, mark P(draft)).
import type { Words } from '../../../kit/failure.ts'

/** 影响程度. How hard it hits a person, from light to severe. */
export const impactLevels = ['low', 'medium', 'high', 'severe'] as const
export type ImpactLevel = (typeof impactLevels)[number]

/** 可能性. How likely it is. */
export const likelihoods = ['low', 'medium', 'high', 'very-high'] as const
export type Likelihood = (typeof likelihoods)[number]

/** 风险等级. What the matrix makes of both; the same words as those of the impact. */
export type RiskLevel = ImpactLevel

/** Source of the matrix and how sure it is. */
export const matrixSource = { law: 'GB/T 39335—2020 附录 D', conf: 'P(draft)' } as const

const matrix: Readonly<Record<ImpactLevel, readonly RiskLevel[]>> = {
  severe: ['medium', 'high', 'severe', 'severe'],
  high: ['medium', 'medium', 'high', 'severe'],
  medium: ['low', 'medium', 'medium', 'high'],
  low: ['low', 'low', 'medium', 'medium'],
}

/** 风险等级. The level of the matrix for an impact and a likelihood. */
export function riskLevel(impact: ImpactLevel, likelihood: Likelihood): RiskLevel {
  return matrix[impact][likelihoods.indexOf(likelihood)] ?? 'severe'
}

/** One step less likely; the lowest stays. */
export function lessLikely(likelihood: Likelihood): Likelihood {
  return likelihoods[Math.max(0, likelihoods.indexOf(likelihood) - 1)] ?? 'low'
}

/** The more likely of both. */
export function moreLikely(a: Likelihood, b: Likelihood): Likelihood {
  return likelihoods.indexOf(a) >= likelihoods.indexOf(b) ? a : b
}

/** The harder of both. */
export function harder(a: ImpactLevel, b: ImpactLevel): ImpactLevel {
  return impactLevels.indexOf(a) >= impactLevels.indexOf(b) ? a : b
}

/** Scale points to more likely harm: from ten million persons high, from one million medium; each number included. */
export function likelihoodOfScale(persons: number): Likelihood {
  return persons >= 10_000_000 ? 'high' : persons >= 1_000_000 ? 'medium' : 'low'
}

/** Words of the levels. */
export const levelWords = {
  low: { zh: '低', en: 'low' }, medium: { zh: '中', en: 'medium' }, high: { zh: '高', en: 'high' }, severe: { zh: '严重', en: 'severe' }, 'very-high': { zh: '很高', en: 'very high' },
} as const satisfies Record<ImpactLevel | Likelihood, Words>
