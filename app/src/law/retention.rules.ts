// SPDX-License-Identifier: Apache-2.0
import { addDays, addMonths, addYears, dayOf, type Day } from '../kit/time.ts'
import { isCertain, retentionRows, type RetentionRow } from './law-data.ts'

/** 法定保存义务. One retention duty on a field group, counted out to its end. */
export interface RetentionDuty {
  /** Entry of the register: RT01 … */
  id: string
  /** Last day on which the values must be kept; 'permanent' never ends; 'unknown' while the register or the data give no end (treated as running). */
  until: Day | 'permanent' | 'unknown'
  /** False unless the register read the primary text (mark P): print it with its mark, never as certain. */
  certain: boolean
  conf: string
  source: string
}

/** 档案类别. Classes of records that a law orders to keep, each with its entries of the register and, where the length differs, its case; `none` = no law orders to keep it. */
export const recordsClasses = {
  none: { zh: '无法定保存', entries: [] },
  'accounting-voucher': { zh: '会计凭证、会计账簿', entries: ['RT01', 'RT06'] },
  'sales-invoice': { zh: '发票存根与销售凭证', entries: ['RT01', 'RT06', 'RT07'] },
  'accounting-report': { zh: '月季半年报、银行对账单、纳税申报表', entries: ['RT02'] },
  'annual-report': { zh: '年度财务报告、销毁清册', entries: ['RT03'] },
  'accounting-hand-over-list': { zh: '会计档案移交清册', entries: ['RT04'] },
  'fixed-asset-card': { zh: '固定资产卡片', entries: ['RT05'] },
  tax: { zh: '涉税资料', entries: ['RT06'] },
  'invoice-stub': { zh: '已开具发票存根联', entries: ['RT07'] },
  'platform-transaction': { zh: '平台商品服务与交易信息', entries: ['RT08'] },
  'platform-operator-identity': { zh: '平台内经营者身份信息', entries: ['RT09'] },
  'anti-money-laundering': { zh: '反洗钱客户身份与交易资料', entries: ['RT10'] },
  'securities-client': { zh: '证券客户资料', entries: ['RT11'] },
  'securities-service': { zh: '证券服务底稿', entries: ['RT12'] },
  'insurance-short': { zh: '保险资料(期间一年以下)', entries: ['RT13'], case: 'term-up-to-one-year' },
  'insurance-long': { zh: '保险资料(期间一年以上)', entries: ['RT13'], case: 'term-over-one-year' },
  'fund-register': { zh: '基金份额登记数据', entries: ['RT14'] },
  'electronic-certification': { zh: '电子认证信息', entries: ['RT15'] },
  'labour-contract': { zh: '已终止劳动合同文本', entries: ['RT16'] },
  'medical-outpatient': { zh: '门(急)诊病历', entries: ['RT17'], case: 'outpatient' },
  'medical-inpatient': { zh: '住院病历', entries: ['RT17'], case: 'inpatient' },
  'credit-negative': { zh: '个人不良信用信息(上限)', entries: ['RT18'] },
  'network-log': { zh: '网络日志', entries: ['RT19'] },
  'internet-service-record': { zh: '互联网信息服务记录备份', entries: ['RT20'] },
  'impact-assessment': { zh: '影响评估报告与处理记录', entries: ['RT21'] },
  'provision-record': { zh: '提供、委托处理记录', entries: ['RT22'] },
  'risk-assessment': { zh: '重要数据风险评估记录', entries: ['RT23'] },
  'data-intermediary': { zh: '数据交易中介记录', entries: ['RT24'] },
  'consent-evidence': { zh: '同意与告知证据', entries: ['RT25'] },
  'liquidation-papers': { zh: '清算报告与账册', entries: ['RT26'] },
  'bankruptcy-books': { zh: '破产企业账册文书', entries: ['RT27'] },
  'prepaid-contract': { zh: '预付费合同与退款记录', entries: ['RT01', 'RT28'] },
  'prepaid-card-beijing': { zh: '单用途预付卡交易记录(北京)', entries: ['RT29'] },
} as const satisfies Record<string, { zh: string; entries: readonly string[]; case?: string }>

/** Name of a records class. */
export type RecordsClass = keyof typeof recordsClasses

/** Whether a word names a records class. */
export function isRecordsClass(word: string): word is RecordsClass {
  return Object.hasOwn(recordsClasses, word)
}

/** Who a retention duty binds: the capacities of the handler (register §3.17, column "who is bound"). */
export const capacities = [
  'any-unit', 'taxpayer', 'invoice-issuer', 'e-commerce-platform', 'anti-money-laundering-institution', 'securities-company', 'securities-service', 'insurer',
  'fund-registrar', 'certification-authority', 'employer', 'medical-institution', 'credit-bureau', 'network-operator', 'internet-information-service', 'handler',
  'important-data-handler', 'data-intermediary', 'liquidation-group', 'administrator', 'consumer-operator', 'prepaid-card-issuer',
] as const
export type Capacity = (typeof capacities)[number]

/** 保存期限. The retention duties of a records class counted from the day of its event (transaction, end of the relationship, forming of the record; the fiscal year is the calendar year, 会计法 第十一条). Without a day the end is unknown and the duty counts as running. `bound` limits the entries to the capacities the handler has; left out, it counts as bound by all. `rows` are those of the law in use. */
export function retentionFor(recordsClass: RecordsClass, eventDay: Day | null, bound?: readonly Capacity[], rows: readonly RetentionRow[] = retentionRows): RetentionDuty[] {
  const shape: { entries: readonly string[]; case?: string } = recordsClasses[recordsClass]
  const known: readonly string[] | undefined = bound
  return rows
    .filter((row) => shape.entries.includes(row.id) && !('max' in row.period) && (known === undefined || known.includes(row.boundKind)))
    .map((row) => ({ id: row.id, until: endOf(row, eventDay, shape.case), certain: isCertain(row.conf), conf: row.conf, source: row.source }))
}

/** 保存期限. The duties of these entries of the register (RT01 …) counted from the day of the event; an entry with several cases counts as its longest, one that the register does not know as running: a slip of the pen must not end anything. */
export function retentionOfEntries(entries: readonly string[], eventDay: Day | null, rows: readonly RetentionRow[] = retentionRows): RetentionDuty[] {
  const unknown = entries.filter((id) => rows.every((row) => row.id !== id))
  return [
    ...rows
      .filter((row) => entries.includes(row.id) && !('max' in row.period))
      .map((row) => ({ id: row.id, until: endOf(row, eventDay, undefined), certain: isCertain(row.conf), conf: row.conf, source: row.source })),
    ...unknown.map((id) => ({ id, until: 'unknown' as const, certain: false, conf: '-', source: '-' })),
  ]
}

/** 保存上限. The last day on which values of this class may be kept at all (征信业管理条例 16), or null where the law sets no upper limit. */
export function retentionCeiling(recordsClass: RecordsClass, eventDay: Day): Day | null {
  const entries: readonly string[] = recordsClasses[recordsClass].entries
  const row = retentionRows.find((each) => entries.includes(each.id) && 'max' in each.period)
  return row !== undefined && 'max' in row.period ? addYears(eventDay, row.period.max.years) : null
}

/** The duties that still run on a day; a duty whose end is unknown runs. */
export function runningRetention(duties: readonly RetentionDuty[], today: Day): RetentionDuty[] {
  return duties.filter((duty) => duty.until === 'permanent' || duty.until === 'unknown' || duty.until >= today)
}

/** The latest end among duties: 'permanent' beats every day, 'unknown' every day but not 'permanent'; null for no duty. */
export function longestRetention(duties: readonly RetentionDuty[]): RetentionDuty['until'] | null {
  const ends = duties.map((duty) => duty.until)
  if (ends.includes('permanent')) return 'permanent'
  if (ends.includes('unknown')) return 'unknown'
  return ends.toSorted().at(-1) ?? null
}

function endOf(row: RetentionRow, eventDay: Day | null, caseName: string | undefined): RetentionDuty['until'] {
  const { period } = row
  if ('permanent' in period) return 'permanent'
  if (eventDay === null || 'undetermined' in period || 'max' in period) return 'unknown'
  const from = row.clock === 'fiscal-year-end' ? dayOf(`${eventDay.slice(0, 4)}-12-31`) : eventDay
  if ('days' in period) return addDays(from, period.days)
  if ('months' in period) return addMonths(from, period.months)
  if ('years' in period) return addYears(from, period.years)
  const chosen = period.cases.find((each) => each.case === caseName)
  return addYears(from, chosen?.years ?? Math.max(...period.cases.map((each) => each.years)))
}
