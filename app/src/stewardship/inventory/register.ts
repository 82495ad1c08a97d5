// SPDX-License-Identifier: Apache-2.0
import type { Instant } from '../../kit/time.ts'

/** A field of a data set, as the register lists it. */
export interface RegisterField {
  column: string
  position: number
  type: string
  grade: string
  rule: string
  values: number
  confidence: number
  /** The processing activity that uses it; null when none was recorded. */
  activity: string | null
}

/** 处理活动. Fields of a data set that share purposes, basis and retention (个人信息保护法 第五条、第六条、第十三条). */
export interface ProcessingActivity {
  name: string
  purposes: string[]
  basis: string
  columns: string[]
  neededForTransfer: boolean
  /** Entries of the retention register with their words; null = not yet assigned. */
  retention: string[] | null
  /** The same for an English reader. */
  retentionEn: string[] | null
}

/** Where values are, and how a copy ended. */
export interface RegisterCopy {
  kind: string
  holder: string
  values: number
  ended: string | null
}

/** 登记项. One data set in the register of processing activities. `missing` names what nobody has said yet: the register never fills it in. */
export interface RegisterEntry {
  number: number
  source: string
  kind: string
  dataSet: string
  hidden: boolean
  scannedAt: Instant | null
  location: string
  /** As entered in the books; what ended is among them. */
  records: number
  values: number
  /** Natural persons of these records; null before they were resolved. */
  persons: number | null
  /** Of these, what was handed over by now. */
  moved: { records: number; persons: number | null }
  under14: number
  collected: string
  lawfulSource: string
  activities: ProcessingActivity[]
  fields: RegisterField[]
  recipients: string[]
  /** How its values end by the newest plan. */
  endings: { outcome: string; values: number; law: string; until: string | null }[]
  copies: RegisterCopy[]
  /** Places of its source that were not read. */
  notRead: number
  missing: MissingPart[]
}

/** What an entry of the register may lack. */
export const missingParts = ['purpose', 'basis', 'retention', 'collected', 'lawful-source', 'persons', 'plan', 'not-read'] as const
export type MissingPart = (typeof missingParts)[number]

/** Their words. */
export const missingWords = {
  purpose: { zh: '处理目的', en: 'purpose' }, basis: { zh: '合法性基础', en: 'basis' }, retention: { zh: '保存期限', en: 'retention' }, collected: { zh: '收集方式', en: 'how it was collected' },
  'lawful-source': { zh: '来源是否合法', en: 'lawful source' }, persons: { zh: '个人数', en: 'persons' }, plan: { zh: '处置方案', en: 'plan' }, 'not-read': { zh: '未读取的内容', en: 'what was not read' },
} as const satisfies Record<MissingPart, { zh: string; en: string }>

/** 个人信息处理活动登记. The register of one matter, or of one scan report (个人信息保护法 第五十一条、第五十六条). */
export interface ProcessingRegister {
  /** The matter's code, or the report file. */
  of: string
  writtenAt: string
  ruleSets: string[]
  persons: number | null
  /** What was handed over by now, every person once; null for a scan report. */
  moved: { records: number; values: number; persons: number } | null
  entries: RegisterEntry[]
}

/** What is missing in an entry, in a fixed order. */
export function missingIn(entry: Omit<RegisterEntry, 'missing'>, hasPlan: boolean): MissingPart[] {
  const inUse = new Set(entry.activities.flatMap(({ columns }) => columns))
  const personal = entry.fields.filter(({ grade, values }) => (grade === 'sensitive' || grade === 'general') && values > 0)
  const isUnused = personal.some(({ column, activity }) => activity === null && !inUse.has(column))
  const facts: Record<MissingPart, boolean> = {
    purpose: isUnused || entry.activities.some(({ purposes }) => purposes.length === 0),
    basis: isUnused || entry.activities.some(({ basis }) => basis === 'unknown' || basis === 'none'),
    retention: isUnused || entry.activities.some(({ retention }) => retention === null),
    collected: entry.collected === 'unknown', 'lawful-source': entry.lawfulSource === 'unconfirmed', persons: entry.persons === null, plan: !hasPlan, 'not-read': entry.notRead > 0,
  }
  return personal.length === 0 ? missingParts.filter((part) => part === 'not-read' && facts[part]) : missingParts.filter((part) => facts[part])
}
