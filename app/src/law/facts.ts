// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { exportFacts } from './export-facts.ts'
import { dealFactTable } from './deal-facts.ts'
import { standingFacts } from './standing-facts.ts'
import { opinionConclusions } from './standing-state.ts'
import { affirmed, bareFact, count, dataSet, day, digest, documentNumber, isNobodys, matterFact, party, seller, sellerOrAdvisor, type FactKind } from './fact-forms.ts'

export type { FactKind } from './fact-forms.ts'

/** 行业. Sectors with rules of their own (law register A06). */
const sectors = ['none', 'anti-money-laundering', 'credit-reporting', 'payment', 'securities', 'insurance', 'fund', 'telecom', 'express', 'medical', 'e-commerce-platform'] as const

/** 事实种类. Every fact that a person can sign for a gate (CONTRACTS §17); `handover fact add NAME` accepts no other. */
export const factTable = {
  'deal-documents': {
    ...matterFact, signers: sellerOrAdvisor, zh: '交易文件已归档', en: 'deal documents on file', rules: ['A01'],
    value: z.strictObject({
      kind: z.enum(['contract', 'resolution', 'court-ruling', 'dissolution-decision', 'merger-agreement', 'split-agreement']),
      signedOn: day,
      /** 名为股权转让的迹象: nominee, zero price, unpaid wages, large prepaid balances (rule A01); only asked for a share transfer. */
      shamSigns: z.enum(['none-found', 'found-and-escalated']).optional(),
      /** The decision says that nobody takes the customers over; only asked where a company ends and a transferee is among the parties all the same (rule A01). */
      nobodyTakesOver: affirmed.optional(),
    }),
  },
  'important-data-checked': {
    ...bareFact, zh: '重要数据已识别核实', en: 'important data checked', rules: ['A04', 'H01'],
    value: z.strictObject({ answer: z.enum(['none-identified', 'identified-not-notified', 'notified-or-published']), checkedOn: day }),
  },
  'sector-checked': {
    ...bareFact, zh: '行业叠加规则已核对', en: 'sector overlay checked', rules: ['A06', 'J05', 'J06'],
    value: z.strictObject({
      sectors: z.array(z.enum(sectors)).min(1),
      /** 行业叠加: of each sector named, who may receive, whether an approval is needed, and that its periods are in the map of records classes (A06); the licence is the evidence. */
      overlay: z.array(z.strictObject({ sector: z.enum(sectors), recipient: z.enum(['designated-body', 'transferee-may-receive', 'nobody-receives']), approval: z.enum(['not-needed', 'obtained', 'open']), retentionMapped: affirmed })).optional(),
    }),
  },
  'inventory-signed-off': {
    ...bareFact, zh: '清单已由负责人签认', en: 'inventory signed off', rules: ['B01'],
    value: z.strictObject({
      allSystemsListed: z.boolean(), paperListed: z.boolean(), backupsListed: z.boolean(), processorsListed: z.boolean(),
      /** How many unread places the signer saw on the list; a scan that later finds more needs a new signature. */
      notReadSeen: count,
    }),
  },
  'grading-approved': { ...bareFact, zh: '分类分级已批准', en: 'grading approved', rules: ['B02'], value: z.strictObject({ ruleSet: z.string().regex(/^[a-z0-9.-]{1,40}$/).refine(isNobodys) }) },
  'sensitive-review': { ...bareFact, zh: '敏感信息识别已人工抽核', en: 'sensitive fields reviewed by sample', rules: ['B03'], value: z.strictObject({ sampled: count.min(1), corrected: count }) },
  'age-presumption': {
    ...matterFact, zh: '未知年龄的推定', en: 'presumption for unknown ages', rules: ['B04'],
    value: z.strictObject({
      group: z.enum(['under14', 'under18', 'adult']),
      /** Why; the full reason is the evidence file. */
      reason: z.enum(['adult-only-service', 'identity-checked-at-contract', 'business-customers', 'payment-account-holder', 'cautious-as-minor', 'other-see-evidence']),
    }),
  },
  'indirect-source-lawful': {
    ...matterFact, per: 'data-set', zh: '间接来源合法', en: 'lawful indirect source', rules: ['B05'],
    value: z.strictObject({ dataSet, scopeKnown: z.literal(true), supplier: z.enum(['contract-on-file', 'public-source', 'group-company', 'earlier-succession']) }),
  },
  'basis-register': { ...bareFact, zh: '处理目的与合法性基础登记已核准', en: 'register of purposes and bases approved', rules: ['B06'], value: z.strictObject({ approvedOn: day }) },
  'consent-evidence': {
    ...matterFact, per: 'data-set', zh: '同意证据齐备', en: 'consent evidence complete', rules: ['B07'],
    value: z.strictObject({ dataSet, textVersions: count.min(1), withdrawalsApplied: z.literal(true) }),
  },
  'minimisation-approved': { ...bareFact, zh: '最小必要清理已核准', en: 'minimisation approved', rules: ['B08'], value: z.strictObject({ plan: z.string().regex(/^pln_[0-9a-f]{32}$/, 'not a plan id') }) },
  'pia-approved': {
    ...matterFact, zh: '个人信息保护影响评估已批准', en: 'impact assessment approved', rules: ['D01', 'D02', 'D03', 'D04', 'D07'],
    value: z.strictObject({
      report: digest, approvedOn: day,
      /** The three contents of 个人信息保护法 第五十六条第一款; without all of them the report is none (D02). */
      covers: z.array(z.enum(['purpose-and-method', 'rights-and-risk', 'measures'])).optional(),
      form: z.enum(['full', 'simplified']).optional(),
      /** Highest level left after measures, GB/T 39335 matrix (D04); high and severe need the management's signature. */
      residualRisk: z.enum(['low', 'medium', 'high', 'severe']).optional(),
      managementSigned: z.boolean().optional(),
      /** Until when the report and the record of processing are kept (D03). */
      keptUntil: day.optional(),
    }),
  },
  'child-assessment': { ...matterFact, zh: '儿童信息转移安全评估已完成', en: "security assessment for children's information done", rules: ['D06'], value: z.strictObject({ report: digest, assessedOn: day, by: z.enum(['self', 'third-party']) }) },
  'announcement-published': {
    ...matterFact, zh: '公告已发布', en: 'announcement published', rules: ['E01', 'E02', 'E11'],
    value: z.strictObject({ publishedOn: day, where: z.enum(['own-website', 'shop-front', 'newspaper', 'credit-publicity-system', 'official-account']), reason: z.enum(['no-working-contact', 'excessive-cost']) }),
  },
  'guardian-consent-checked': { ...bareFact, zh: '监护关系已核验', en: 'guardianship checked', rules: ['E08'], value: z.strictObject({ method: z.enum(['household-register', 'guardian-account', 'in-person', 'video']), checked: count }) },
  'transfer-agreement-signed': {
    ...matterFact, signers: [...sellerOrAdvisor, 'transferee'], zh: '数据转移协议已签署', en: 'data transfer agreement signed', rules: ['F01'],
    value: z.strictObject({ agreement: digest, signedOn: day, signedBy: z.array(z.enum(['transferor', 'transferee', 'liquidator', 'custodian'])).min(2), names: z.strictObject({ purpose: z.literal(true), method: z.literal(true), scope: z.literal(true), security: z.literal(true) }) }),
  },
  'successor-undertaking-signed': {
    ...matterFact, signers: ['transferee', 'transferor', 'liquidator', 'advisor'], zh: '接收方承继承诺已签署', en: "successor's undertaking signed", rules: ['F02', 'E05'],
    value: z.strictObject({
      undertaking: digest, signedOn: day, samePurpose: z.boolean(),
      /** The recipient uses nothing for a new purpose before the person consented to it (E05). */
      newUseWaits: z.boolean().optional(),
      /** What the recipient takes on besides the purpose (F02): rights of the persons, keeping and deleting, requests that are open, and opt-outs. */
      accepts: z.strictObject({ rights: affirmed, retention: affirmed, pendingRequests: affirmed, optOuts: affirmed }).optional(),
    }),
  },
  'separate-consent-text-approved': { ...matterFact, zh: '单独同意文本已核准', en: 'text of separate consent approved', rules: ['E02', 'E06'], value: z.strictObject({ text: digest, approvedOn: day, /** One purpose a choice, nothing ticked beforehand, not merged with other consents (E06). */ free: z.strictObject({ onePurposeEach: affirmed, noPreTick: affirmed, notMerged: affirmed }).optional() }) },
  'export-route-done': {
    ...matterFact, zh: '出境路径已完成', en: 'export route completed', rules: ['G01', 'G04', 'G05', 'G06'],
    value: z.strictObject({
      route: z.enum(['exempt', 'standard-contract', 'certification', 'security-assessment']), number: documentNumber.optional(), document: digest.optional(), validUntil: day.optional(),
      /** 标准合同: the day it took effect, and the day it was filed (G04). */
      effectiveOn: day.optional(), filedOn: day.optional(),
    }),
  },
  'disposal-plan-reported': {
    ...matterFact, zh: '重要数据处置方案已报告', en: 'disposal plan reported', rules: ['H01'],
    value: z.strictObject({ to: z.enum(['competent-department', 'data-security-coordination']), level: z.enum(['national', 'provincial']), reportedOn: day, receipt: documentNumber.optional() }),
  },
  'restore-test-passed': { ...bareFact, zh: '备份恢复测试通过', en: 'restore test passed', rules: ['H04'], value: z.strictObject({ testedOn: day, backupEnds: day }) },
  'access-revoked': { ...bareFact, zh: '权限已收回', en: 'access revoked', rules: ['H07'], value: z.strictObject({ reviewedOn: day, accountsEnded: count }) },
  'open-cases-handed-over': { ...matterFact, zh: '在办请求与投诉已移交', en: 'open cases handed over', rules: ['H08'], value: z.strictObject({ cases: count, list: digest }) },
  'retention-map-approved': { ...bareFact, zh: '保存期限对照已核准', en: 'retention map approved', rules: ['J01', 'J02', 'J03', 'J04'], value: z.strictObject({ approvedOn: day }) },
  'hold-register-reviewed': { ...bareFact, zh: '保全与争议登记已核对', en: 'register of holds and disputes reviewed', rules: ['J07'], value: z.strictObject({ reviewedOn: day, openClaims: count }) },
  'sector-hand-over': {
    ...matterFact, zh: '已按行业规定移交指定机构', en: 'handed to the body a sector law names', rules: ['J05', 'J06'],
    value: z.strictObject({ sector: z.enum(['anti-money-laundering', 'credit-reporting']), way: z.enum(['designated-body', 'another-agency-with-consent', 'destroyed-under-supervision']), number: documentNumber, on: day }),
  },
  'recipient-designated': {
    ...matterFact, signers: sellerOrAdvisor, zh: '受让方即法定指定机构', en: 'the transferee is the body that a sector law designates', rules: ['J05', 'J06'],
    value: z.strictObject({ party, sector: z.enum(['anti-money-laundering', 'credit-reporting']), number: documentNumber, on: day }),
  },
  'custody-deed-signed': { ...matterFact, signers: [...seller, 'custodian'], zh: '保管契据已签署', en: 'custody deed signed', rules: ['J08'], value: z.strictObject({ holder: party, deed: digest, signedOn: day, until: day.nullable() }) },
  'books-handed-over': {
    ...matterFact, zh: '账册文书已移交', en: 'books and files handed over', rules: ['J08'],
    value: z.strictObject({ to: z.enum(['administrator', 'liquidation-group', 'superior-body', 'shareholders', 'custodian']), on: day, list: digest }),
  },
  'stop-notice-given': {
    ...matterFact, zh: '已停止收集并告知停止运营', en: 'collection stopped and closing told', rules: ['J09'],
    value: z.strictObject({ stoppedCollectingOn: day, toldOn: day, way: z.enum(['individually', 'announcement']) }),
  },
  'guardians-told': { ...matterFact, zh: '已告知监护人', en: 'guardians told', rules: ['J11'], value: z.strictObject({ toldOn: day, guardians: count }) },
  'anonymisation-tested': { ...matterFact, zh: '匿名化复原测试通过', en: 're-identification test passed', rules: ['J13'], value: z.strictObject({ report: digest, testedOn: day, keysDestroyed: z.literal(true) }) },
  'accounting-appraisal': { ...matterFact, zh: '会计档案鉴定与销毁清册已签署', en: 'accounting archives appraised, destruction list signed', rules: ['J14'], value: z.strictObject({ opinion: digest, list: digest, signedOn: day, unsettledPulledOut: z.literal(true) }) },
  'archive-appraisal': { ...matterFact, zh: '档案鉴定完成', en: 'archives appraised', rules: ['J15'], value: z.strictObject({ answer: z.enum(['no-archives-among-them', 'appraised-may-be-destroyed']), opinion: digest.optional(), on: day }) },
  'logs-archived': { ...bareFact, zh: '网络日志已留存', en: 'network logs archived', rules: ['J16'], value: z.strictObject({ from: day, until: day, holder: z.enum(['transferor', 'transferee', 'custodian']) }) },
  'bulk-sale-counsel-opinion': { ...matterFact, zh: '单独出售名单的法律意见', en: "counsel's opinion on a bare list sale", rules: ['F07'],
    value: z.strictObject({ /** What counsel concluded; an opinion that says nothing supports nothing. */ conclusion: z.enum(opinionConclusions).optional(), opinion: digest.optional() }) },
  'rule-checked-by-hand': {
    ...matterFact, signers: sellerOrAdvisor, per: 'rule', zh: '法规包新增的规则已由人核对', en: 'rule of a law pack checked by hand', rules: [], // of packs only: the shipped register has code for all of its own
    value: z.strictObject({ rule: z.string().regex(/^[A-Z]\d{2,3}$/, 'not the id of a rule'), checkedOn: day, outcome: z.enum(['met', 'does-not-apply']) }),
  },
  ...dealFactTable,
  ...standingFacts,
  // 出境问答
  ...exportFacts,
} as const satisfies Record<string, FactKind>

/** Name of a fact kind. */
export type FactName = keyof typeof factTable

/** The typed value of a fact of this name. */
export type FactValue<N extends FactName> = z.output<(typeof factTable)[N]['value']>

/** All fact names in the order of the journey. */
export const factNames: readonly FactName[] = Object.keys(factTable).filter(isFactName)

/** Whether a word names a fact kind. */
export function isFactName(word: string): word is FactName {
  return Object.hasOwn(factTable, word)
}

/** The kind of a fact: labels, schema, signers, evidence. */
export function factKind(name: FactName): FactKind {
  return factTable[name]
}
