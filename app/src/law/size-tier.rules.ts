// SPDX-License-Identifier: Apache-2.0
// What the number of natural persons switches on (law register §1 "Numbers", rules A02, A03): every threshold includes the number itself (CAC 问答 2026-04).
import type { Words } from '../kit/failure.ts'
import type { LawLine } from './law-line.ts'

/** 规模档次. Size of a handler by natural persons held (law register rule A03). */
export const sizeTiers = ['small', 'normal', 'dpo', 'mass'] as const
/** One size. */
export type SizeTier = (typeof sizeTiers)[number]

/** The thresholds with their source; each includes the number itself, except that exactly 100,000 is not small (CAC 问答 2026-04; law register §1 "Numbers"). */
export const sizeThresholds = [
  { tier: 'mass', from: 10_000_000, law: '网络数据安全管理条例 第二十八条', conf: 'P' },
  { tier: 'dpo', from: 1_000_000, law: '个人信息保护合规审计管理办法 第十二条', conf: 'P' },
  { tier: 'normal', from: 100_000, law: '小型个人信息处理者个人信息保护简化措施规定(第25号令)', conf: 'S' },
  { tier: 'small', from: 0, law: '小型个人信息处理者个人信息保护简化措施规定(第25号令)', conf: 'S' },
] as const

/** The names of the sizes. */
export const tierWords: Readonly<Record<SizeTier, Words>> = {
  small: { zh: '小型(不满 10 万人)', en: 'small (fewer than 100,000)' }, normal: { zh: '一般(10 万人以上)', en: 'normal (from 100,000)' },
  dpo: { zh: '100 万人以上', en: 'from 1,000,000' }, mass: { zh: '1000 万人以上', en: 'from 10,000,000' },
}

/** The size of a handler who holds so many natural persons, with the law that draws the line and how sure it is (rules A02, A03). */
export function sizeTier(persons: number): { tier: SizeTier; law: string; conf: string } {
  const found = sizeThresholds.find((line) => persons >= line.from) ?? sizeThresholds[3]
  return { tier: found.tier, law: found.law, conf: found.conf }
}

/** 合规审计频次. Years between compliance audits (审计办法 第四条; below ten million by the national standard, deadline T11): at exactly a million the shorter. */
export function auditCycleYears(persons: number): 2 | 3 | 5 {
  if (persons >= 10_000_000) return 2
  return persons >= 1_000_000 ? 3 : 5
}

/** 人数计数. The counters that duties hang on: persons now held, deleted ones out. */
export interface TierCounts {
  persons: number
  /** With something sensitive; whoever is under 14 is among them (PIPL 28). */
  sensitive: number
  under14: number
  /** Those under 14 included. */
  under18: number
  unknownAge: number
  /** With face templates. */
  face: number
}

/** 档次义务. A duty that a number switches on, whether it is on, and from which number. */
export interface TierDuty extends LawLine {
  /** Rule of the register. */
  rule: string
  counter: keyof TierCounts
  /** On from this number (inclusive); `below`: on while the counter is smaller. */
  from: number
  below: boolean
  on: boolean
}

type DutyRow = Omit<TierDuty, 'on' | 'below'> & { below?: true }

const rows: readonly DutyRow[] = [
  { rule: 'A03', counter: 'persons', from: 100_000, below: true, zh: '可选用小型处理者的简化表单(默认不启用;第二十二条告知不减)', en: 'the simplified forms for small handlers may be used (off by default; the notice of Article 22 stays)', law: '第25号令(官方文本未取得)', conf: 'S' },
  { rule: 'M05', counter: 'persons', from: 1_000_000, below: true, zh: '合规审计每五年一次', en: 'compliance audit every five years', law: '审计办法 第四条; GB/T 46903-2025', conf: 'P/S' },
  { rule: 'M05', counter: 'persons', from: 1_000_000, zh: '合规审计每三年或四年一次(恰 100 万取短;达到 1000 万为两年)', en: 'compliance audit every three or four years (the shorter at exactly a million; two years from ten million)', law: '审计办法 第四条; GB/T 46903-2025', conf: 'P/S' },
  { rule: 'M01', counter: 'persons', from: 1_000_000, zh: '指定个人信息保护负责人,公开联系方式,三十个工作日内报送', en: 'name a protection officer, publish the contact, file within thirty working days', law: '个人信息保护法 第五十二条; 公告 2025-07-18', conf: 'P' },
  { rule: 'M01', counter: 'persons', from: 1_000_000, zh: '由负责人负责合规审计', en: 'the officer is in charge of compliance audits', law: '审计办法 第十二条', conf: 'P' },
  { rule: 'M02', counter: 'persons', from: 1_000_000, zh: '专职负责人和机构(国标)', en: 'full-time officer and unit (national standard)', law: 'GB/T 35273 11.1 c)', conf: 'P/S' },
  { rule: 'M02', counter: 'sensitive', from: 100_000, zh: '专职负责人和机构(国标,敏感个人信息 10 万人)', en: 'full-time officer and unit (national standard, 100,000 persons with sensitive information)', law: 'GB/T 35273 11.1 c)', conf: 'P/S' },
  { rule: 'M07', counter: 'persons', from: 1_000_000, zh: '发生泄露达到此数,主管部门可责令外部审计', en: 'a leak of this many may lead to an ordered audit', law: '审计办法 第五条', conf: 'P' },
  { rule: 'M07', counter: 'sensitive', from: 100_000, zh: '敏感信息泄露达到此数,主管部门可责令外部审计', en: 'a leak of sensitive information of this many may lead to an ordered audit', law: '审计办法 第五条', conf: 'P' },
  { rule: 'L03', counter: 'persons', from: 1_000_000, zh: '全部泄露即为较大以上事件,四小时内报告', en: 'a leak of everything would be a larger incident, reported within four hours', law: '国家网络安全事件报告管理办法 第四条; 分级指南', conf: 'P(quoted)' },
  { rule: 'M05', counter: 'persons', from: 10_000_000, zh: '合规审计每两年一次', en: 'compliance audit every two years', law: '审计办法 第四条', conf: 'P' },
  { rule: 'H01', counter: 'persons', from: 10_000_000, zh: '合并、分立、解散、破产前报告处置方案', en: 'report a disposal plan before merger, split, dissolution or bankruptcy', law: '网络数据安全管理条例 第二十八条、第三十二条', conf: 'P' },
  { rule: 'M09', counter: 'persons', from: 10_000_000, zh: '网络数据安全负责人和管理机构', en: 'officer at management level and a unit for data security', law: '网络数据安全管理条例 第二十八条、第三十条', conf: 'P' },
  { rule: 'D01', counter: 'sensitive', from: 1, zh: '事前影响评估,加告必要性和影响', en: 'impact assessment beforehand; necessity and effect are told too', law: '个人信息保护法 第三十条、第五十五条', conf: 'P' },
  { rule: 'E08', counter: 'under14', from: 1, zh: '监护人告知或同意,专门规则,转移前安全评估', en: "notice to or consent of the guardian, special rules, assessment before a transfer", law: '个人信息保护法 第三十一条; 儿童个人信息网络保护规定 第九条、第十七条', conf: 'P' },
  { rule: 'M06', counter: 'under18', from: 1, zh: '未成年人信息年度审计,次年一月底前报送', en: "yearly audit of minors' information, filed by the end of January", law: '未成年人网络保护条例 第三十七条; 公告 2025-12-29', conf: 'P' },
  { rule: 'B04', counter: 'unknownAge', from: 1, zh: '年龄不明者须由具名的人作出推定', en: 'a named person records a presumption for unknown ages', law: '个人信息保护法 第二十八条、第三十一条', conf: 'P' },
  { rule: 'K07', counter: 'face', from: 100_000, zh: '人脸信息备案:达到后三十个工作日内,变更和停用亦同', en: 'face information is filed within thirty working days, changes and the end as well', law: '人脸识别技术应用安全管理办法 第十五条', conf: 'P' },
]

/** 档次义务. Every duty that hangs on a number, each with whether it is on; exactly the number is always enough. */
export function tierDuties(counts: TierCounts): TierDuty[] {
  return rows.map((row) => ({ ...row, below: row.below === true, on: isOn(row, counts) }))
}

function isOn(row: DutyRow, counts: TierCounts): boolean {
  const count = counts[row.counter]
  return row.below === true ? count < row.from : count >= row.from
}
