// SPDX-License-Identifier: Apache-2.0
// Fact kinds of the deal itself (rules A–G): special circumstances, who looked before the hand-over, notices, prepaid customers, recipients, export.
import { z } from 'zod'
import { affirmed, bareFact, count, day, digest, documentNumber, matterFact, party, sellerOrAdvisor, type FactKind } from './fact-forms.ts'
import { notices, type PartyRole } from './nouns.ts'

const bothSides: readonly PartyRole[] = ['transferor', 'liquidator', 'advisor', 'transferee']
const yesNo = z.boolean()

/** 交易事实种类. What only people of the deal know; spread into `factTable`. */
export const dealFactTable = {
  'circumstances-declared': {
    ...bareFact, signers: sellerOrAdvisor, zh: '特殊情形已申报', en: 'special circumstances declared',
    rules: ['A05', 'A07', 'A08', 'B10', 'C01', 'E12', 'E13', 'E14', 'E18', 'F08', 'G07', 'G08'],
    value: z.strictObject({
      declaredOn: day,
      /** 关键信息基础设施运营者 (A05). */
      ciio: yesNo,
      /** 有中介撮合,数据是交易标的 (A07). */
      broker: yesNo,
      /** 收购方或其控制人在境外 (A08). */
      foreignControl: yesNo,
      /** 一百万以上用户且拟境外上市 (A08). */
      foreignListing: yesNo,
      /** 有画像、标签等衍生信息 (B10). */
      derivedData: yesNo,
      /** 转让方以外的人看过或能看到客户信息 (C01, E16). */
      outsidersSaw: yesNo,
      /** 接收方要用于营销 (E12). */
      marketing: yesNo,
      /** 电子商务经营者自行终止 (E13). */
      eCommerceStops: yesNo,
      /** 有预付款客户 (E14). */
      prepaid: yesNo,
      /** 接收方要与自有数据合并 (E18). */
      joinsOwnData: yesNo,
      /** 过渡期内双方共同决定目的和方式 (F08). */
      jointProcessing: yesNo,
      /** 外国司法、执法机构或破产管理人要求提供 (G07). */
      foreignRequest: yesNo,
      /** 涉及对国家和社会有重要价值的档案 (G08). */
      stateArchives: yesNo,
    }),
  },
  'ciio-reported': { ...matterFact, zh: '已向关基保护工作部门报告', en: 'reported to the CII protection department', rules: ['A05'], value: z.strictObject({ reportedOn: day, number: documentNumber.optional(), instructionsFollowed: yesNo }) },
  'broker-reviewed': { ...matterFact, signers: sellerOrAdvisor, zh: '中介已核验来源与身份', en: 'broker checked sources and identities', rules: ['A07'], value: z.strictObject({ statement: digest, identitiesChecked: affirmed, recordsKept: affirmed, reviewedOn: day }) },
  'security-review-opinion': { ...matterFact, signers: sellerOrAdvisor, zh: '国家安全审查意见', en: 'opinion on national security review', rules: ['A08'], value: z.strictObject({ opinion: digest, answer: z.enum(['not-needed', 'cleared', 'pending']), on: day }) },
  'opt-outs-brought-in': {
    ...matterFact, zh: '自有系统的退订、撤回与反对已并入名单', en: 'opt-outs of the own systems brought in', rules: ['B11'],
    /** How many systems were searched, and how many opt-outs, withdrawals and objections were imported; none is an answer, nobody having looked is not. */
    value: z.strictObject({ on: day, systems: count.min(1), entries: count }),
  },
  'lineage-recorded': { ...bareFact, zh: '衍生信息来源已登记', en: 'lineage of derived fields recorded', rules: ['B10'], value: z.strictObject({ recordedOn: day, fields: count.min(1) }) },
  'public-scope-checked': { ...bareFact, zh: '公开信息使用范围已核对', en: 'use of public information checked', rules: ['B12'], value: z.strictObject({ checkedOn: day, refusalsHonoured: affirmed, noUnrelatedMessages: affirmed }) },
  'quality-findings-disclosed': { ...matterFact, zh: '质量问题已向接收方披露', en: 'findings of quality disclosed to the recipient', rules: ['B09'], value: z.strictObject({ /** How many rows with findings the recipient was told of; more than that have to be mended or told again. */ rows: count.min(1), list: digest, on: day }) },
  'viewer-access': {
    // Without paper where the look is unlawful, so that nothing keeps it from being recorded; a ground counts only with its paper (C01).
    ...bareFact, signers: sellerOrAdvisor, per: 'party', zh: '外方查看情况', en: 'what an outsider saw', rules: ['C01', 'C02', 'C04', 'C05', 'C06', 'C07', 'D01', 'E02', 'E16', 'F01', 'F03', 'F05', 'G02'],
    value: z.strictObject({
      party, people: count.min(1), shows: z.enum(['clear-text', 'masked', 'counts-only']), where: z.enum(['live-system', 'data-room', 'copies']), from: day, until: day.nullable(),
      place: z.enum(['mainland', 'abroad']),
      /** 依据: 第二十三条单独同意、第二十一条委托处理、其他基础并经评估; `none` is an unlawful provision. */
      ground: z.enum(['none', 'separate-consent', 'entrusted', 'other-basis-assessed']),
      sensitiveOrMinors: yesNo,
      /** The contract under which they look: entrusting (PIPL 21) or providing (数据条例 12(1)), signed before the first look. */
      agreement: z.strictObject({ document: digest, signedOn: day }).optional(),
      /** By when the persons had been told of this recipient (PIPL 23; looking from abroad: 39). */
      toldOn: day.optional(),
    }),
  },
  'provision-remedied': { ...matterFact, per: 'party', zh: '违规提供已补救', en: 'unlawful provision remedied', rules: ['C01'], value: z.strictObject({ party, accessEndedOn: day, copiesDestroyed: affirmed, incidentAssessed: affirmed, opinion: digest }) },
  'nda-signed': { ...matterFact, signers: bothSides, per: 'party', zh: '保密协议已签署', en: 'non-disclosure agreement signed', rules: ['C02'], value: z.strictObject({ party, document: digest, /** When the first of them signed, before the first look. */ signedOn: day, /** All who have signed. */ people: count.min(1), survivesFailedDeal: affirmed }) },
  'room-release-approved': {
    ...bareFact, zh: '资料室内容已批准', en: 'content of the data room approved', rules: ['C01'],
    value: z.strictObject({ list: digest, approvedOn: day, content: z.enum(['anonymised', 'aggregated', 'de-identified', 'clear-text']), ground: z.enum(['none', 'separate-consent', 'other-basis-assessed']) }),
  },
  'de-identification-evaluated': {
    ...matterFact, zh: '去标识化效果已评估', en: 'effect of de-identification evaluated', rules: ['C03'],
    /** Risk in thousandths: data risk × context risk, GB/T 42460. */
    value: z.strictObject({ report: digest, on: day, release: z.enum(['public', 'controlled', 'enclave']), smallestClass: count.min(1), riskPerMille: count, banSigned: yesNo }),
  },
  'room-controls-tested': { ...bareFact, zh: '资料室权限与留痕已测试', en: 'access controls of the data room tested', rules: ['C04', 'C05'], value: z.strictObject({ testedOn: day, roleBound: yesNo, exportsNeedApproval: yesNo, rolesSeparated: yesNo, watermark: yesNo, minorsEachTime: yesNo, abroadBlocked: yesNo }) },
  'room-scan-clean': { ...matterFact, zh: '资料室内容已扫描', en: 'content of the data room scanned', rules: ['C07'], value: z.strictObject({ report: digest, scannedOn: day, sensitiveHits: count, biometricHits: count, under14Hits: count }) },
  'diligence-returned': { ...matterFact, signers: bothSides, per: 'party', zh: '尽调资料已返还或销毁', en: 'due-diligence material returned or destroyed', rules: ['C06'], value: z.strictObject({ party, way: z.enum(['returned', 'destroyed']), on: day, certificate: digest, accessClosed: affirmed }) },
  'important-data-assessment': { ...matterFact, zh: '提供重要数据的风险评估已完成', en: 'risk of providing important data assessed', rules: ['D05'], value: z.strictObject({ report: digest, assessedOn: day, sixPoints: affirmed, contractCanBind: yesNo }) },
  'notice-text-approved': { ...matterFact, zh: '告知文本已核准', en: 'texts of the notices approved', rules: ['E03'], value: z.strictObject({ texts: digest, kinds: z.array(z.enum(notices)).min(1), approvedOn: day, plain: affirmed, prominent: affirmed, listed: affirmed }) },
  'child-rules-ready': { ...matterFact, signers: bothSides, zh: '接收方儿童专门规则已备', en: "recipient's rules for children ready", rules: ['E09'], value: z.strictObject({ rules: digest, inForceOn: day, namedPerson: affirmed }) },
  'withdrawal-tested': { ...bareFact, signers: bothSides, zh: '撤回同意渠道已测试', en: 'withdrawal of consent tested', rules: ['E10'], value: z.strictObject({ testedOn: day, asEasyAsGiving: yesNo, serviceNotRefused: yesNo }) },
  'marketing-consent-kept': { ...bareFact, signers: bothSides, zh: '营销同意已按渠道留存', en: 'marketing consent kept by channel', rules: ['E12'], value: z.strictObject({ checkedOn: day, perChannel: yesNo, optOutAtOnce: yesNo }) },
  'home-page-notice': { ...matterFact, zh: '首页公示', en: 'notice on the home page', rules: ['E13'], value: z.strictObject({ from: day, continuous: yesNo, snapshots: digest }) },
  'prepaid-settled': {
    ...matterFact, zh: '预付款客户已告知并了结', en: 'prepaid customers told and settled', rules: ['E14'],
    value: z.strictObject({ toldOn: day, individually: yesNo, localRule: z.enum(['none', 'shanghai', 'beijing', 'other']), refundList: digest, customers: count, unsettled: count, stoppedTaking: yesNo }),
  },
  'closing-announced': { ...matterFact, zh: '停业或迁址已公告并留有联系方式', en: 'closing or moving announced with a contact', rules: ['E14'], value: z.strictObject({ announcedOn: day, where: z.enum(['own-website', 'shop-front', 'newspaper', 'official-account']), contact: affirmed }) },
  'changes-told': { ...bareFact, zh: '变化事项已告知', en: 'changed items told', rules: ['E16'], value: z.strictObject({ changes: z.array(z.enum(['none', 'name', 'contact', 'purpose', 'group-sharing', 'dpo'])).min(1), toldOn: day, /** Every customer was told of the new shareholder (legal position share_deal_notice). */ toAll: yesNo.optional() }) },
  'join-approved': { ...matterFact, signers: bothSides, zh: '汇聚融合已评估批准', en: 'joining with own data assessed and approved', rules: ['E18'], value: z.strictObject({ assessment: digest, approvedOn: day, purposeTested: affirmed, regraded: affirmed }) },
  'recipient-reviewed': { ...matterFact, signers: sellerOrAdvisor, zh: '接收方已尽职审查', en: 'recipient reviewed', rules: ['F05'], value: z.strictObject({ form: digest, reviewedOn: day, security: z.enum(['adequate', 'weak']), integrity: z.enum(['adequate', 'weak']), violations: z.enum(['none-found', 'found-and-weighed', 'not-checked']) }) },
  'recipient-violation': { ...matterFact, zh: '接收方违法情况', en: 'violation by the recipient', rules: ['F06'], value: z.strictObject({ foundOn: day, stopDemandedOn: day.nullable(), accessRevokedOn: day.nullable(), deletionDemandedOn: day.nullable() }) },
  'joint-agreement-signed': { ...matterFact, signers: bothSides, zh: '共同处理约定已签署', en: 'joint processing agreement signed', rules: ['F08'], value: z.strictObject({ agreement: digest, signedOn: day, dutiesDivided: affirmed }) },
  'foreign-request-approved': { ...matterFact, zh: '主管机关已批准向外国机构提供', en: 'providing to a foreign authority approved', rules: ['G07'], value: z.strictObject({ authority: z.enum(['justice', 'cac', 'securities', 'other-competent']), number: documentNumber, approvedOn: day }) },
  'archives-export-cleared': { ...matterFact, zh: '档案出境限制已核对', en: 'restrictions on archives checked', rules: ['G08'], value: z.strictObject({ answer: z.enum(['none-of-state-importance', 'approved']), number: documentNumber.optional(), on: day }) },
} as const satisfies Record<string, FactKind>

