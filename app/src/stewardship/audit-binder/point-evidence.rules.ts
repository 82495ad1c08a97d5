// SPDX-License-Identifier: Apache-2.0
// What the matter itself shows for each audit point: rules as they stand, facts, events of the ledger. It suggests and never decides.
import { askRule, type AuditPoint, type GateResult, type MatterState } from '../../law/index.ts'
import type { EventType } from '../../ledger/index.ts'
import type { FindingResult } from './audit.ts'

/** Which events speak of a point. */
export const eventsOfPoint: Readonly<Record<string, readonly EventType[]>> = {
  AU02: ['ChoiceRecorded', 'ChoiceDecided', 'DataSetTreated'], AU03: ['DataSetTreated', 'PrivacyNoticeFiled'], AU04: ['NoticeResultsImported', 'PrivacyNoticeFiled'], AU05: ['FactRecorded'], AU06: ['CopyOpened', 'CopyEnded', 'FactRecorded'],
  AU07: ['NoticeResultsImported', 'PlanApproved'], AU08: ['NoticeResultsImported', 'ChoiceRecorded', 'PackageIssued', 'AcceptanceReceived'], AU09: ['ImpactAnswered'], AU10: ['ImpactAnswered'], AU11: ['ImpactAnswered'], AU12: ['DataSetTreated', 'FactRecorded'],
  AU13: ['FieldRegraded', 'DataSetTreated', 'ChoiceRecorded'], AU14: ['SubjectsResolved', 'ChoiceRecorded', 'FactRecorded'], AU15: ['PackageIssued', 'FactRecorded'], AU16: ['RecordsDestroyed', 'RecordsRewritten', 'CertificateIssued', 'ChoiceDecided'], AU17: ['ChoiceRecorded', 'ChoiceDecided'], AU18: ['ChoiceDecided', 'FactRecorded'],
  AU19: ['FactRecorded', 'ApprovalGranted'], AU20: ['BackupCreated', 'EpochTurned', 'PackageIssued'], AU21: ['FactRecorded'], AU22: ['FactRecorded', 'ApprovalGranted'], AU23: ['ImpactStarted', 'ImpactAnswered', 'ImpactApproved'], AU24: ['FactRecorded'], AU25: ['HaltLifted', 'FactRecorded'], AU26: ['FactRecorded'], AU27: ['FactRecorded'],
}

/** An event as the binder names it: number, type, time, place in the log. */
export interface BinderEvent {
  seq: number
  type: EventType
  at: string
  /** Index of its leaf in the log; null until published. */
  leaf: number | null
}

/** 事件统计. How many events of each type there are, and the newest three: all that the evidence of the points needs, in a size that does not grow with the ledger. */
export interface EventTally {
  all: number
  byType: ReadonlyMap<EventType, { count: number; newest: readonly BinderEvent[] }>
}

/** A tally of no events yet, and the way to count one more (in the order of the ledger). */
export function newTally(): { tally: EventTally; count: (event: BinderEvent) => void } {
  const byType = new Map<EventType, { count: number; newest: BinderEvent[] }>()
  const tally = { all: 0, byType }
  return {
    tally,
    count: (event) => {
      const one = byType.get(event.type) ?? { count: 0, newest: [] }
      byType.set(event.type, { count: one.count + 1, newest: [...one.newest, event].slice(-newestShown) })
      tally.all += 1
    },
  }
}

const newestShown = 3

/** What the matter shows for one point. */
export interface PointEvidence {
  point: AuditPoint
  rules: GateResult[]
  /** Ids of signed facts that satisfied its rules. */
  facts: string[]
  /** Events that speak of it: how many, and the newest three. */
  events: { count: number; newest: BinderEvent[] }
  /** What the rules suggest; `judge` = people must look, nothing is decided by the program. */
  suggestion: FindingResult | 'judge'
}

/** 底稿. The evidence of every point, in the order of the law. */
export function evidenceOfPoints(state: MatterState, events: EventTally): PointEvidence[] {
  return state.law.auditPoints.map((point) => evidenceOf(point, state, events))
}

function evidenceOf(point: AuditPoint, state: MatterState, events: EventTally): PointEvidence {
  const rules = point.rules.flatMap((id) => {
    const rule = state.law.ruleById.get(id)
    return rule === undefined ? [] : [askRule(rule, rule.guards.at(-1) ?? 'standing', state)]
  })
  const about = (eventsOfPoint[point.id] ?? []).flatMap((type) => events.byType.get(type) ?? [])
  const facts = [...new Set(rules.flatMap(({ satisfiedBy }) => satisfiedBy.flatMap(({ fact }) => (fact === null ? [] : [fact]))))]
  return { point, rules, facts, events: { count: about.reduce((sum, { count }) => sum + count, 0), newest: about.flatMap(({ newest }) => newest).toSorted((a, b) => a.seq - b.seq).slice(-newestShown) }, suggestion: suggestionOf(rules) }
}

function suggestionOf(rules: readonly GateResult[]): PointEvidence['suggestion'] {
  if (rules.some(({ status }) => status === 'unmet')) return 'does-not-conform'
  if (rules.length === 0 || rules.some(({ status }) => status === 'overridden')) return 'judge'
  return rules.every(({ status }) => status === 'not-applicable') ? 'not-applicable' : 'conforms'
}
