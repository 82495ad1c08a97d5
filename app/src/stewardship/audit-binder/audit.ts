// SPDX-License-Identifier: Apache-2.0
import type { Day, Instant } from '../../kit/time.ts'

/** 审计性质. By the handler itself, or ordered by an authority (个人信息保护合规审计管理办法 第五条). */
export const auditNatures = ['self', 'ordered'] as const
export type AuditNature = (typeof auditNatures)[number]

/** 审计. An audit of one matter over a period. */
export interface Audit {
  id: string
  nature: AuditNature
  from: Day
  to: Day
  openedBy: string
  at: Instant
}

/** 审计意见. What an audit says of one point. */
export const findingResults = ['conforms', 'does-not-conform', 'not-applicable'] as const
export type FindingResult = (typeof findingResults)[number]

/** 严重程度. Of a breach. */
export const findingSeverities = ['none', 'minor', 'major'] as const
export type FindingSeverity = (typeof findingSeverities)[number]

/** 审计结论. A person's signed finding on a point; `fixedOn` = the breach was put right by then. */
export interface Finding {
  number: number
  point: string
  result: FindingResult
  severity: FindingSeverity
  due: Day | null
  fixedOn: Day | null
  text: string
  fix: string
  by: string
  at: Instant
}

/** 样本. Events drawn at random from the ledger: the seed and the last event that could be drawn let anybody draw the same again. */
export interface Sample {
  number: number
  /** The point whose events were drawn, or null for all events. */
  point: string | null
  seed: string
  upTo: number
  wanted: number
  seqs: readonly number[]
  by: string
  at: Instant
}

/** Words of the results. */
export const resultWords = {
  conforms: { zh: '合规', en: 'conforms' }, 'does-not-conform': { zh: '不合规', en: 'does not conform' }, 'not-applicable': { zh: '不适用', en: 'not applicable' },
} as const satisfies Record<FindingResult, { zh: string; en: string }>
/** Words of the severities. */
export const severityWords = { none: { zh: '—', en: '—' }, minor: { zh: '一般', en: 'minor' }, major: { zh: '重大', en: 'major' } } as const satisfies Record<FindingSeverity, { zh: string; en: string }>
