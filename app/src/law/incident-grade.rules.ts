// SPDX-License-Identifier: Apache-2.0

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
