// SPDX-License-Identifier: Apache-2.0
// 出境路径: which mechanism an export of personal information needs (PIPL 38–40; 促进和规范数据跨境流动规定 3–8; law register §3.9). Every number includes itself.
import type { Words } from '../kit/failure.ts'
import type { Day } from '../kit/time.ts'
import type { ExportExemption } from './export-facts.ts'
import type { LawLine } from './law-line.ts'
import type { FactsByName } from './matter-state.ts'
import { obstacle, type Obstacle } from './obstacles.ts'

/** 出境机制. What can stand behind an export. */
export const exportRoutes = ['exempt', 'standard-contract', 'certification', 'security-assessment'] as const
export type ExportRoute = (typeof exportRoutes)[number]

/** The thresholds since 1 January of the year, the number itself included (跨境规定 第七条、第八条). */
export const exportThresholds = { assessment: 1_000_000, assessmentSensitive: 10_000, contract: 100_000, contractSensitive: 1 } as const

/** 出境人数. Natural persons of whom something goes or is seen abroad in a calendar year; somebody with sensitive information counts in both columns. */
export interface PersonsAbroad {
  persons: number
  sensitive: number
}

/** 出境人数构成. Where this year's count comes from; sums over matters may count a person twice, never leave one out. */
export interface ExportCounts {
  year: number
  /** Of this matter: what the plan wants to send abroad, with what was sent already. */
  planned: PersonsAbroad
  /** Persons whose values wait for a decision (row X28) and may join them; counted in. */
  undecided: PersonsAbroad
  /** Sent abroad by the other matters of this home this year. */
  otherMatters: PersonsAbroad
  /** Seen from abroad in this matter. */
  seen: PersonsAbroad
  /** Exported outside this home, by other systems or other entities of the group. */
  elsewhere: PersonsAbroad
}

/** What the route is computed from; null = nobody answered yet. */
export interface ExportFacts {
  counts: ExportCounts
  ciio: boolean | null
  exemption: ExportExemption | null
  /** 重要数据: the fact `important-data-checked`; only what an authority notified or published counts for the assessment (跨境规定 第二条). */
  importantData: 'none-identified' | 'identified-not-notified' | 'notified-or-published' | null
}

/** 路径结论. Which routes are lawful for these facts, weakest first; none while an answer is missing. */
export interface ExportResult {
  allowed: readonly ExportRoute[]
  total: PersonsAbroad
  reasons: readonly LawLine[]
  /** Questions of the questionnaire without an answer. */
  unanswered: readonly ('export-answers' | 'important-data-checked')[]
}

const rulesOfExport = '促进和规范数据跨境流动规定'

/** The sum of all columns. */
export function totalAbroad({ planned, undecided, otherMatters, seen, elsewhere }: ExportCounts): PersonsAbroad {
  const all = [planned, undecided, otherMatters, seen, elsewhere]
  return { persons: all.reduce((sum, one) => sum + one.persons, 0), sensitive: all.reduce((sum, one) => sum + one.sensitive, 0) }
}

/** 判定出境路径. The mechanism for these facts with every reason (law register §3.9): important data, CII operators, exemptions, then the numbers. Answers that are missing leave it open, which is treated as the strictest. */
export function exportRoute(facts: ExportFacts): ExportResult {
  const total = totalAbroad(facts.counts)
  const unanswered: ExportResult['unanswered'] = [...(facts.importantData === null ? ['important-data-checked' as const] : []), ...(facts.ciio === null || facts.exemption === null ? ['export-answers' as const] : [])]
  const give = (allowed: readonly ExportRoute[], ...reasons: LawLine[]): ExportResult => ({ allowed, total, reasons, unanswered })
  if (facts.importantData === 'notified-or-published') return give(['security-assessment'], line('含已被告知或公布为重要数据的数据', 'Important data that an authority notified or published', `${rulesOfExport} 第二条、第七条`, 'P'))
  if (facts.ciio === true) return give(['security-assessment'], line('关键信息基础设施运营者向境外提供个人信息', 'A critical-infrastructure operator exports personal information', `${rulesOfExport} 第七条`, 'P'), ...(facts.exemption === null || facts.exemption === 'none' ? [] : [line('所主张的免予情形对关键信息基础设施运营者是否适用,须由律师判断;此处从严', 'Whether the exemption claimed also helps a critical-infrastructure operator is for counsel; taken strictly here', `${rulesOfExport} 第三条至第七条`, 'J')]))
  if (unanswered.length > 0) return give([], line('问答未答全,不能判定;按最严处理', 'The questionnaire is not complete, the route is open; treated as the strictest', '个人信息保护法 第三十八条', 'P'))
  if (facts.exemption !== null && facts.exemption !== 'none') return give(exportRoutes, ...exemptionLines(facts.exemption))
  return give(...byNumbers(total))
}

function byNumbers({ persons, sensitive }: PersonsAbroad): [readonly ExportRoute[], LawLine] {
  const { assessment, assessmentSensitive, contract, contractSensitive } = exportThresholds
  const n = (count: number): string => count.toLocaleString('en')
  if (sensitive >= assessmentSensitive) return [['security-assessment'], line(`自当年1月1日起累计敏感个人信息 ${n(sensitive)} 人,达到 ${n(assessmentSensitive)}(含本数)`, `Sensitive information of ${n(sensitive)} persons since 1 January, from ${n(assessmentSensitive)} on (inclusive)`, `${rulesOfExport} 第七条`, 'P')]
  if (persons >= assessment) return [['security-assessment'], line(`自当年1月1日起累计个人信息 ${n(persons)} 人,达到 ${n(assessment)}(含本数)`, `Personal information of ${n(persons)} persons since 1 January, from ${n(assessment)} on (inclusive)`, `${rulesOfExport} 第七条`, 'P')]
  const middle: readonly ExportRoute[] = ['standard-contract', 'certification']
  if (sensitive >= contractSensitive) return [middle, line(`累计敏感个人信息 ${n(sensitive)} 人,不满 ${n(assessmentSensitive)}`, `Sensitive information of ${n(sensitive)} persons, fewer than ${n(assessmentSensitive)}`, `${rulesOfExport} 第八条`, 'P')]
  if (persons >= contract) return [middle, line(`累计个人信息 ${n(persons)} 人,达到 ${n(contract)}(含本数)、不满 ${n(assessment)}`, `${n(persons)} persons, from ${n(contract)} (inclusive) and fewer than ${n(assessment)}`, `${rulesOfExport} 第八条`, 'P')]
  return [exportRoutes, line(`累计 ${n(persons)} 人,不满 ${n(contract)},且不含敏感个人信息`, `${n(persons)} persons, fewer than ${n(contract)}, and nothing sensitive`, `${rulesOfExport} 第五条第一款第(四)项`, 'P')]
}

const exemptionWords: Record<Exclude<ExportExemption, 'none'>, Words> = {
  'contract-with-person': { zh: '为订立、履行个人作为一方当事人的合同确需提供', en: 'needed for a contract with the person' },
  'cross-border-hr': { zh: '依法实施跨境人力资源管理确需提供', en: 'needed for lawful cross-border human resources' },
  emergency: { zh: '紧急情况下为保护生命健康和财产安全', en: 'emergency for life, health or property' },
  'foreign-origin': { zh: '境外收集产生、过境处理的个人信息', en: 'collected abroad and only passing through' },
  'free-trade-zone': { zh: '自由贸易试验区负面清单外的数据', en: 'free-trade-zone data outside the negative list' },
}

function exemptionLines(exemption: Exclude<ExportExemption, 'none'>): LawLine[] {
  const { zh, en } = exemptionWords[exemption]
  return [
    line(`主张免予:${zh}`, `Exemption claimed: ${en}`, `${rulesOfExport} 第三条至第六条`, 'P'),
    ...(exemption === 'contract-with-person' ? [line('把整个客户名单交给接收方,通常不是履行客户合同所必需,请律师确认', 'Handing a whole customer list to a recipient is usually not needed for the customers’ contracts; ask counsel', `${rulesOfExport} 第五条`, 'J')] : []),
  ]
}

/** What stays to be done whatever the route (跨境规定 第十条、第十一条; PIPL 39, 55), and what each route brings with it (law register §3.9; deadlines T14–T17). */
export function exportDuties(allowed: readonly ExportRoute[]): LawLine[] {
  return [
    line('告知境外接收方的名称、联系方式、目的、方式、种类和行权方式;基础为同意的取得单独同意', 'Tell name, contact, purpose, method, categories and how to exercise rights there; separate consent where consent is the basis', '个人信息保护法 第三十九条; 促进和规范数据跨境流动规定 第十条', 'P'),
    line('事前完成个人信息保护影响评估并保存三年', 'Impact assessment beforehand, kept for three years', '个人信息保护法 第五十五条、第五十六条', 'P'),
    line('禁止数量拆分:同一集团、分批合并计算', 'No splitting: the group and all batches count together', '个人信息出境标准合同办法 第四条; 个人信息出境认证办法 第五条', 'P'),
    ...(allowed.includes('standard-contract') ? [line('标准合同:生效之日起十个工作日内向省级网信部门备案,附影响评估报告', 'Standard contract: filed with the provincial CAC within ten working days of its effect, with the impact assessment', '个人信息出境标准合同办法 第七条', 'P')] : []),
    ...(allowed.includes('certification') ? [line('认证:证书三年有效,到期前六个月续证;只及于获证的处理者和范围', 'Certification: valid three years, renewed six months before; only for the certified handler and scope', '个人信息出境认证办法 第八条、第十条', 'P')] : []),
    ...(allowed.includes('security-assessment') ? [line('安全评估:结果三年有效,到期前六十个工作日申请延期', 'Security assessment: valid three years, extension sixty working days before its end', '促进和规范数据跨境流动规定 第九条', 'P')] : []),
    line('证书和合同只约束列明的出境方:交易后承接的处理者须自行办理', 'Certificate and contract bind the named exporter: a successor needs its own', '个人信息出境标准合同办法 第八条; 个人信息出境认证办法 第十条', 'J'),
  ]
}

/** 已登记的出境路径. The signed fact `export-route-done` as far as it counts. */
export interface ExportDone {
  route: ExportRoute
  /** Number of the filing, certificate or assessment. */
  number: string | null
  /** A document lies behind it (its salted digest is in the fact). */
  hasDocument: boolean
  validUntil: Day | null
}

/** 出境状态. What a gate needs to know of going abroad; null in `MatterState` when nobody outside the mainland receives or looks. */
export interface ExportState {
  /** Transferees abroad, and viewers and processors abroad. */
  recipients: number
  viewers: number
  result: ExportResult
  counts: ExportCounts
  done: ExportDone | null
}

/** Why an export may not happen yet (rules G01, C04): answers missing, no route recorded, one that is too weak, without number or document, or over. */
export function exportObstacles(state: ExportState, today: Day): Obstacle[] {
  const { result, done } = state
  if (result.unanswered.includes('export-answers') && result.allowed.length === 0) return [obstacle('EXPORT_ANSWERS_MISSING')]
  if (result.allowed.length === 0) return [obstacle('IMPORTANT_DATA_NOT_CHECKED', { rule: 'G01' })]
  if (done === null) return [obstacle('EXPORT_ROUTE_MISSING')]
  return [
    ...(result.allowed.includes(done.route) ? [] : [obstacle('EXPORT_ROUTE_TOO_WEAK', { counts: { persons: result.total.persons, sensitive: result.total.sensitive }, facts: { route: done.route, needed: result.allowed.join(' | ') } })]),
    ...(done.route !== 'exempt' && (done.number === null || !done.hasDocument) ? [obstacle('EXPORT_NUMBER_MISSING', { facts: { route: done.route } })] : []),
    ...(done.validUntil !== null && done.validUntil < today ? [obstacle('EXPORT_ROUTE_EXPIRED', { facts: { until: done.validUntil } })] : []),
  ]
}

/** The newest recorded route with its number and document, or null. */
export function exportDoneOf(facts: FactsByName): ExportDone | null {
  const fact = facts['export-route-done']?.at(-1)
  return fact === undefined ? null : { route: fact.value.route, number: fact.value.number ?? null, hasDocument: fact.hasEvidence, validUntil: fact.value.validUntil ?? null }
}

/** 境外查看者. How many people and processors outside the mainland can look at values of this matter, as somebody signed; to be seen from abroad is to be exported (数据出境, rule C04). */
export function viewersAbroad(facts: FactsByName): number {
  const access = facts['abroad-access']?.at(-1)?.value
  return access === undefined ? 0 : access.viewers + access.processors
}

/** Whether the values may go abroad as far as the route is concerned (row X22). */
export function isExportDone(done: ExportDone | null, today: Day): boolean {
  if (done === null) return false
  return (done.route === 'exempt' || (done.number !== null && done.hasDocument)) && (done.validUntil === null || done.validUntil >= today)
}

function line(zh: string, en: string, law: string, conf: string): LawLine {
  return { zh, en, law, conf }
}
