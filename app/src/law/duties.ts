// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../kit/failure.ts'
import type { Day, Instant } from '../kit/time.ts'
import type { CountedDeadline } from './deadline.rules.ts'
import type { Rule } from './law-schemas.ts'
import type { NoticeKind } from './nouns.ts'

/** 期限种类. A duty has to be done by its end; a wait has to pass; keep and ends only mark when something may or does end. */
export const dutyKinds = ['duty', 'wait', 'keep', 'ends'] as const
export type DutyKind = (typeof dutyKinds)[number]

/** 义务状态. */
export const dutyStates = ['open', 'done', 'overdue'] as const
export type DutyStatus = (typeof dutyStates)[number]

/** 义务人. Who has to do it. */
export const dutyHolders = {
  handler: { zh: '处理者', en: 'the handler' }, transferor: { zh: '转让方', en: 'the transferor' }, transferee: { zh: '受让方', en: 'the transferee' }, 'liquidation-group': { zh: '清算组', en: 'the liquidation group' },
  creditors: { zh: '债权人', en: 'creditors' }, company: { zh: '公司', en: 'the company' }, counsel: { zh: '法务', en: 'counsel' }, custodian: { zh: '保管人', en: 'the custodian' },
} as const satisfies Record<string, Words>
export type DutyHolder = keyof typeof dutyHolders

/** 义务. One dated entry of a matter's calendar with its reason in law. */
export interface Duty {
  /** Stable: the line of the register, its length, and the day or record from which it runs. */
  id: string
  kind: DutyKind
  deadline: CountedDeadline
  rule: string
  sev: Rule['sev']
  who: DutyHolder
  status: DutyStatus
  doneOn: Day | null
  /** The command whose signed fact or event ends it, or null where only a person's word does. */
  endsBy: string | null
  /** Done, but after its end. */
  late: boolean
  /** How many persons or letters it is about, where it is about several. */
  count: number | null
}

/** 审计发现. A finding that says does-not-conform, as the ledger has it. */
export interface AuditBreach {
  audit: string
  finding: number
  point: string
  at: Instant
  due: Day
}

/** 义务的起因. What the calendar needs beside the rest of a matter's state: moments out of the ledger. */
export interface DutyEvents {
  /** The legal clock, to the second: hours run through. */
  now: Instant
  cutoffDay: Day | null
  residualDays: number
  /** Delivery results by kind: the last day on which somebody was told. */
  notices: readonly { kind: NoticeKind; lastAt: Instant }[]
  packages: readonly { id: string; issuedAt: Instant; acceptedAt: Instant | null }[]
  reconciledAt: Instant | null
  abandonDeclaredAt: Instant | null
  abandonedAt: Instant | null
  /** Subjects that a change of the law asks to be looked at, not yet settled. */
  lawReviews: readonly { subject: string; since: Instant }[]
  /** Breaches that audits found, each with the day by which it is to be put right. */
  findings: readonly AuditBreach[]
  /** The most minors that any counting of the ledger found: whoever was erased since was processed all the same (rule M06). */
  minorsSeen: number
  /** Duties that a person said were done. */
  settled: readonly { duty: string; on: Day }[]
}

/** A matter in which nothing has happened yet at this moment. */
export function nothingHappened(now: Instant): DutyEvents {
  return { now, cutoffDay: null, residualDays: 30, notices: [], packages: [], reconciledAt: null, abandonDeclaredAt: null, abandonedAt: null, lawReviews: [], findings: [], minorsSeen: 0, settled: [] }
}
