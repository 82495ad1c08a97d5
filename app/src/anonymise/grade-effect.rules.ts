// SPDX-License-Identifier: Apache-2.0

/** How a copy is given away; the freer, the stricter (GB/T 37964): to everybody, to known recipients under contract, or looked at where it cannot be taken along. */
export const sharingKinds = ['public', 'controlled', 'enclave'] as const

/** One of the ways to share. */
export type SharingKind = (typeof sharingKinds)[number]

/** 去标识化效果. Under one way of sharing: the share of classes whose risk exceeds the threshold, the risk of the data, the level when the surroundings protect nothing, and how likely an attack there may be at most for level 3. */
export interface SharedEffect {
  threshold: number
  classesAbove: number
  dataRisk: number
  level: 2 | 3
  contextRiskBelow: number | null
}

/**
 * 去标识化效果等级. GB/T 42460-2023 knows four levels: 1 direct identifiers, 2 risk at or above the threshold, 3 below it, 4 no identifiers. Its text was not at hand: numbers come from a company's guide that cites clauses D.1.4 and D.1.5,
 * so the mark is M and a grade is never said as certain. Direct identifiers in the copy are refused before; which columns identify is for people to decide.
 */
export interface EffectGrade {
  mark: 'M'
  acceptableBelow: number
  bySharing: Record<SharingKind, SharedEffect>
}

/** Thresholds of GB/T 42460-2023 annex D, as the company's guide has them: a class of 20, 5 or 3 rows. */
const thresholds = { public: 1 / 20, controlled: 1 / 5, enclave: 1 / 3 } as const satisfies Record<SharingKind, number>
const acceptableBelow = 0.05

/** The effect grade of classes of these sizes, by how the copy is shared. Where the copy is public everybody may attack, so the risk of the surroundings is 1; otherwise it is not known here and is taken as 1, and the report says what it may be. */
export function gradeEffect(sizes: readonly number[]): EffectGrade {
  const risks = sizes.map((size) => 1 / size)
  const highest = risks.reduce((high, risk) => Math.max(high, risk), 0)
  const mean = risks.reduce((sum, risk) => sum + risk, 0) / Math.max(1, risks.length)
  const effect = (kind: SharingKind): SharedEffect => {
    const above = risks.filter((risk) => risk > thresholds[kind] + 1e-12).length / Math.max(1, risks.length)
    const dataRisk = above > 0 ? 1 : kind === 'public' ? highest : mean
    return { threshold: thresholds[kind], classesAbove: above, dataRisk, level: dataRisk < acceptableBelow ? 3 : 2, contextRiskBelow: kind === 'public' || above > 0 ? null : Math.min(1, acceptableBelow / dataRisk) }
  }
  return { mark: 'M', acceptableBelow, bySharing: { public: effect('public'), controlled: effect('controlled'), enclave: effect('enclave') } }
}
