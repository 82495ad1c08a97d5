// SPDX-License-Identifier: Apache-2.0

import type { FactValue } from './facts.ts'

type Incident = FactValue<'incident-known'>

/** 事件级别. Grades of a network security incident (国家网络安全事件报告管理办法 分级指南); from `larger` on it is reported by the hour. */
export const incidentGrades = ['ordinary', 'larger', 'major', 'extraordinary'] as const
/** One grade. */
export type IncidentGrade = (typeof incidentGrades)[number]

/** Numbers that alone make a grade; each includes the number itself. Persons P(quoted), loss S (law register §3.10). */
const thresholds = [
  { grade: 'extraordinary', persons: 100_000_000, lossYuan: 100_000_000 },
  { grade: 'major', persons: 10_000_000, lossYuan: 20_000_000 },
  { grade: 'larger', persons: 1_000_000, lossYuan: 5_000_000 },
] as const

/** The grade of an incident: the higher of what the numbers say and what a person judged by the open clauses (rule L03). */
export function incidentGrade(incident: { persons: number; lossYuan: number; openClause: 'none' | 'larger' | 'major' | 'extraordinary' }): IncidentGrade {
  const byNumber = thresholds.find(({ persons, lossYuan }) => incident.persons >= persons || incident.lossYuan >= lossYuan)?.grade ?? 'ordinary'
  const judged = incident.openClause === 'none' ? 'ordinary' : incident.openClause
  return incidentGrades.indexOf(judged) > incidentGrades.indexOf(byNumber) ? judged : byNumber
}

/** What of an incident is said to be smaller or undone, member by member, with what stood before. */
export type IncidentChange = Readonly<Record<string, readonly [before: string | number | boolean | null, after: string | number | boolean | null]>>

const counted = ['persons', 'under18', 'lossYuan'] as const
const dated = ['remediedAt', 'authorityToldAt', 'reportedAt', 'personsToldOn', 'guardiansToldOn', 'policeToldOn', 'handledOn', 'summaryFiledOn'] as const
/** The strictest clock first: 1, 2 and 4 hours. */
const operators = ['critical-infrastructure', 'central-organ', 'other'] as const

/**
 * 事件改小. What a later word about an incident takes back: fewer persons, minors or losses, a lower grade, a longer clock, a later knowing, a crime or a leak that is none any more, harm that was avoided after all, and a day that is gone or another one
 * (PIPL 57; 事件报告办法 4). Empty where it only says more: one person may make an incident larger, and two are asked to make it smaller.
 */
export function takenBack(before: Incident, after: Incident): IncidentChange {
  const changed: [string, boolean][] = [
    ...counted.map((name): [string, boolean] => [name, after[name] < before[name]]),
    ...dated.map((name): [string, boolean] => [name, before[name] !== undefined && after[name] !== before[name]]),
    ['openClause', gradeRank(after.openClause) < gradeRank(before.openClause)],
    ['operator', operators.indexOf(after.operator) > operators.indexOf(before.operator)],
    ['knownAt', Date.parse(after.knownAt) > Date.parse(before.knownAt)],
    ['kind', before.kind !== 'outage' && after.kind === 'outage'],
    ['crimeSuspected', before.crimeSuspected && !after.crimeSuspected],
    ['harmAvoided', !before.harmAvoided && after.harmAvoided],
  ]
  const valueOf = (incident: Incident, name: string): string | number | boolean | null => Object.entries(incident).find(([each]) => each === name)?.[1] ?? null
  return Object.fromEntries(changed.filter(([, isSmaller]) => isSmaller).map(([name]) => [name, [valueOf(before, name), valueOf(after, name)] as const]))
}

function gradeRank(clause: Incident['openClause']): number {
  return clause === 'none' ? 0 : incidentGrades.indexOf(clause)
}
