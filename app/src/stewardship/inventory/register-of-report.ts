// SPDX-License-Identifier: Apache-2.0
import { missingIn, type ProcessingRegister, type RegisterEntry } from './register.ts'

/** What the register needs of a scan report. */
export interface ReportForRegister {
  sources: readonly {
    source: string
    kind: string
    dataSets: readonly { name: string; rows: number; hidden: boolean; under14?: number; fields: readonly { name: string; index: number; type: string; grade: string; gradeRule: string; values: number; confidence: number }[] }[]
  }[]
  notRead: readonly { where: string }[]
}

/** The register as far as a scan alone can fill it: what, where and how much; purposes, bases, recipients and retention are for people to say. */
export function registerOfReport(report: ReportForRegister, about: { of: string; writtenAt: string }): ProcessingRegister {
  const entries = report.sources.flatMap((source) => source.dataSets.map((set): Omit<RegisterEntry, 'number'> => {
    const entry = {
      number: 0, source: source.source, kind: source.kind, dataSet: set.name, hidden: set.hidden, scannedAt: null, location: source.source, records: set.rows, values: set.fields.reduce((sum, { values }) => sum + values, 0), persons: null, moved: { records: 0, persons: null }, under14: set.under14 ?? 0,
      collected: 'unknown', lawfulSource: 'unconfirmed', activities: [], recipients: [], endings: [], copies: [], notRead: report.notRead.filter(({ where }) => where === source.source || where.startsWith(`${source.source}!`)).length,
      fields: set.fields.map(({ name, index, type, grade, gradeRule, values, confidence }) => ({ column: name, position: index, type, grade, rule: gradeRule, values, confidence, activity: null })),
    }
    return { ...entry, missing: missingIn(entry, false) }
  }))
  const ruleSets = [...new Set(entries.flatMap(({ fields }) => fields.map(({ rule }) => rule.split('/')[0] ?? '')).filter((set) => set !== '' && set !== 'override'))].sort()
  return { ...about, ruleSets, persons: null, moved: null, entries: entries.map((entry, at) => ({ ...entry, number: at + 1 })) }
}
