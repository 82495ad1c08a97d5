// SPDX-License-Identifier: Apache-2.0
// Facts for the rules of letters I, K, L and M: rights of individuals, liquidation, security, organisation. Days, counts, digests and listed words only (fact-forms.ts).
import { z } from 'zod'
import { bareFact, count, day, digest, documentNumber, incidentNumber, matterFact, moment, party, sellerOrAdvisor, type FactKind } from './fact-forms.ts'

const published = z.enum(['own-website', 'app', 'shop-front', 'newspaper', 'credit-publicity-system', 'official-account'])
/** A year that is reported about (公告 2025-12-29). */
const year = z.int().min(2024).max(2100)
/** So many came in, and so many of them still wait for an answer beyond their time. */
const cases = z.strictObject({ received: count, overdue: count })

const rightsFacts = {
  'request-register-reviewed': {
    ...bareFact, zh: '系统外收到的个人请求台账已核对', en: 'register of requests that came outside this system reviewed', rules: ['I02', 'I04', 'I06'],
    value: z.strictObject({
      reviewedOn: day,
      /** 注销账户; `extraConditions` = something was asked that the law does not ask. */
      accountClosures: z.strictObject({ received: count, overdue: count, extraConditions: z.boolean() }),
      /** 转移到指定处理者. */
      portability: cases,
      /** 死者近亲属. */
      relatives: cases,
    }),
  },
  'refusals-answered': {
    ...matterFact, zh: '已向被拒绝的请求人书面说明理由和救济途径', en: 'refused requests answered with reason, complaint route and court', rules: ['I03'],
    value: z.strictObject({ on: day, persons: count.min(1), reasonGiven: z.literal(true), complaintRouteTold: z.literal(true), courtTold: z.literal(true), minorsInWriting: z.literal(true) }),
  },
  'corrections-passed-on': { ...matterFact, zh: '更正已同步给接收方', en: 'corrections passed on to the recipient', rules: ['I05'], value: z.strictObject({ on: day, records: count.min(1), confirmedByRecipient: z.literal(true) }) },
  'complaint-channel-published': { ...bareFact, zh: '投诉举报渠道已公开', en: 'channel for complaints published', rules: ['I07'], value: z.strictObject({ where: published, publishedOn: day, acceptsReports: z.literal(true) }) },
  'rights-contact-published': {
    ...matterFact, signers: [...matterFact.signers, 'custodian', 'transferee'], zh: '注销后的权利联系人已公布', en: 'contact for rights after deregistration published', rules: ['I09', 'K07'],
    value: z.strictObject({ holder: party, where: published, publishedOn: day, /** Last day on which the contact answers; null = without end. */ until: day.nullable() }),
  },
  'promises-reviewed': {
    ...matterFact, signers: sellerOrAdvisor, per: 'version', zh: '隐私政策承诺已逐条决定', en: 'promises of the privacy notice decided on', rules: ['E15'],
    value: z.strictObject({
      /** The version by its id; `unknown` = the persons of whom nobody knows which version they accepted. */
      version: z.string().regex(/^(pvn_[0-9a-f]{32}|unknown)$/, 'neither the id of a privacy notice nor unknown'), decidedOn: day,
      /** Why the plan may go on although the promise stands; `all-versions-on-file` is for `unknown` alone: every version that was ever in force is filed, so whichever they accepted was checked. */
      decision: z.enum(['covered-by-consent', 'exception-applies', 'opinion-allows', 'not-a-promise', 'nothing-in-the-way', 'all-versions-on-file']), opinion: digest.optional(),
      /** Who read the whole text: a phrase that no program knows is a promise all the same. Asked for where the decision is that nothing stands in the way. */
      readBy: z.enum(['own-counsel', 'outside-counsel', 'privacy-officer', 'management']).optional(),
    }).refine(({ decision, version, readBy }) => decision !== 'nothing-in-the-way' || (version !== 'unknown' && readBy !== undefined), 'nothing-in-the-way names a version and who read it (readBy)'),
  },
} as const satisfies Record<string, FactKind>

const liquidationFacts = {
  'liquidation-group-formed': { ...matterFact, zh: '清算组已成立', en: 'liquidation group formed', rules: ['K01'], value: z.strictObject({ causeOn: day, formedOn: day, members: count.min(1), by: z.enum(['directors', 'shareholders', 'court']) }) },
  'liquidation-published': { ...matterFact, zh: '解散事由与清算组已公示', en: 'cause of dissolution and liquidation group published', rules: ['K02'], value: z.strictObject({ causePublishedOn: day, groupPublishedOn: day, number: documentNumber.optional() }) },
  'liquidation-creditors-told': {
    ...matterFact, zh: '债权人(含预付费客户)已通知并公告', en: 'creditors, prepaid customers among them, told and announced to', rules: ['K03'],
    value: z.strictObject({ knownToldOn: day, announcedOn: day, where: z.enum(['newspaper', 'credit-publicity-system']), prepaidCustomers: count, prepaidTold: count, ledger: digest }),
  },
  'use-limited-to-liquidation': { ...matterFact, zh: '清算期间客户信息仅用于清算', en: 'customer information used for the liquidation only', rules: ['K04'], value: z.strictObject({ decidedOn: day, marketingStoppedOn: day }) },
  'restructuring-creditors-told': { ...matterFact, zh: '合并分立已通知债权人并公告', en: 'creditors told of the merger or split', rules: ['K05'], value: z.strictObject({ resolvedOn: day, knownToldOn: day, announcedOn: day, where: z.enum(['newspaper', 'credit-publicity-system']) }) },
  'sale-plan-approved': {
    ...matterFact, signers: sellerOrAdvisor, zh: '破产变价方案已通过', en: 'plan for selling the bankrupt business approved', rules: ['K06', 'F07'],
    value: z.strictObject({ approvedOn: day, by: z.enum(['creditors-meeting', 'court']), /** 营业整体转让, which is reported beforehand (企业破产法 69). */ wholeBusiness: z.boolean(), reportedOn: day.optional(), /** The list of customers is put up for auction by itself. */ bareList: z.boolean() }),
  },
  'face-filing-cancelled': { ...matterFact, zh: '人脸识别备案已注销或无须备案', en: 'face-recognition filing cancelled or never needed', rules: ['K07'], value: z.strictObject({ answer: z.enum(['never-filed', 'cancelled']), on: day, number: documentNumber.optional() }) },
  'tax-office-told': { ...matterFact, zh: '清算前已报告税务机关', en: 'tax office told before the liquidation', rules: ['K08'], value: z.strictObject({ toldOn: day, number: documentNumber.optional() }) },
} as const satisfies Record<string, FactKind>

const securityFacts = {
  'incident-drill-done': { ...bareFact, zh: '应急预案已培训并演练', en: 'incident plan trained and drilled', rules: ['L01'], value: z.strictObject({ drilledOn: day, trainedOn: day }) },
  'incidents-reviewed': { ...bareFact, zh: '安全事件台账已核对', en: 'register of incidents reviewed', rules: ['L02', 'L03', 'L04', 'L05', 'L06'], value: z.strictObject({ reviewedOn: day, incidents: count }) },
  'incident-known': {
    ...bareFact, per: 'incident', zh: '安全事件', en: 'security incident', rules: ['L02', 'L03', 'L04', 'L05', 'L06'],
    value: z.strictObject({
      incident: incidentNumber, knownAt: moment, kind: z.enum(['leak', 'tamper', 'loss', 'outage']),
      persons: count, under18: count, lossYuan: count,
      /** What a person judged by the open clauses of the grading guide, beside the numbers. */
      openClause: z.enum(['none', 'larger', 'major', 'extraordinary']),
      operator: z.enum(['critical-infrastructure', 'central-organ', 'other']), crimeSuspected: z.boolean(),
      /** 措施能够有效避免危害: the persons need not be told, the authority must (PIPL 57(2)). */
      harmAvoided: z.boolean(),
      // What was done since; a later fact of the same incident says more and replaces the earlier one, which stays on record.
      remediedAt: moment.optional(), authorityToldAt: moment.optional(), reportedAt: moment.optional(), personsToldOn: day.optional(), guardiansToldOn: day.optional(),
      policeToldOn: day.optional(), handledOn: day.optional(), summaryFiledOn: day.optional(),
    }),
  },
  'crypto-need-checked': { ...bareFact, zh: '商用密码应用要求已核对', en: 'duty to use commercial cryptography checked', rules: ['L08'], value: z.strictObject({ checkedOn: day, mlpsLevel: z.int().min(0).max(5), required: z.boolean() }) },
  'crypto-assessment-passed': { ...matterFact, zh: '商用密码应用安全性评估通过', en: 'assessment of commercial cryptography passed', rules: ['L08'], value: z.strictObject({ assessedOn: day, number: documentNumber.optional() }) },
} as const satisfies Record<string, FactKind>

const organisationFacts = {
  'protection-officer-filed': { ...matterFact, zh: '个人信息保护负责人已公开并报送', en: 'protection officer published and filed', rules: ['M01'], value: z.strictObject({ filedOn: day, contactPublic: z.literal(true), number: documentNumber.optional() }) },
  'organisation-size': { ...bareFact, zh: '机构规模已核对', en: 'size of the organisation checked', rules: ['M02'], value: z.strictObject({ on: day, staff: count, mainBusinessIsPersonalInformation: z.boolean(), millionExpectedWithinYear: z.boolean() }) },
  'full-time-officer-appointed': { ...bareFact, zh: '专职负责人和机构已设立', en: 'full-time officer and unit appointed', rules: ['M02'], value: z.strictObject({ appointedOn: day, unit: z.literal(true) }) },
  'training-done': { ...bareFact, zh: '年度培训与考核已完成', en: 'yearly training and test done', rules: ['M03'], value: z.strictObject({ transferorOn: day, tested: count.min(1), passed: count, /** The receiving team, before it receives. */ transfereeOn: day.optional() }) },
  'sanction-rules-adopted': { ...bareFact, zh: '问责制度已制定', en: 'rules on sanctions adopted', rules: ['M04'], value: z.strictObject({ adoptedOn: day, casesRecorded: count }) },
  'compliance-audit-done': { ...matterFact, zh: '个人信息保护合规审计已完成', en: 'compliance audit done', rules: ['M05', 'M08'], value: z.strictObject({ reportedOn: day, report: digest, points: z.literal(26), by: z.enum(['self', 'institution']) }) },
  'audit-cycle-checked': {
    ...matterFact, zh: '合规审计周期已核对', en: 'cycle of the compliance audit checked', rules: ['M05', 'M08'],
    /** 上次审计何时、由谁作出,或为何首次尚未到期 (个人信息保护法 第五十四条). The report, or what shows since when the company processes, is the evidence. */
    value: z.discriminatedUnion('answer', [
      z.strictObject({ answer: z.literal('audited'), checkedOn: day, reportedOn: day, by: z.enum(['self', 'institution']), report: digest }),
      z.strictObject({ answer: z.literal('first-not-due'), checkedOn: day, processingSince: day }),
    ]),
  },
  'minors-audit-filed': { ...matterFact, per: 'year', zh: '未成年人信息年度审计已报送', en: "yearly audit of minors' information filed", rules: ['M06'], value: z.strictObject({ year, filedOn: day, number: documentNumber.optional() }) },
  'minors-not-processed': {
    ...matterFact, zh: '该年度没有处理未成年人信息', en: 'no information of minors processed in these years', rules: ['M06'],
    value: z.strictObject({
      fromYear: year, untilYear: year, checkedOn: day, because: z.enum(['nobody-under-18', 'processing-began-later']),
      /** 开始处理之日: of whoever holds minors now. */
      began: day.optional(),
      /** So many were counted as minors in this matter by mistake. */
      miscounted: count.optional(),
    }),
  },
  'audit-institution-engaged': { ...bareFact, zh: '外部审计机构聘用情况', en: 'engagement of the outside auditor', rules: ['M08'], value: z.strictObject({ timesInRow: count.min(1), subcontracted: z.boolean(), deletedOn: day.nullable() }) },
  'important-data-duties-met': { ...matterFact, zh: '重要数据负责人、机构与年度风险评估', en: 'officer, unit and yearly assessment for important data', rules: ['M09'], value: z.strictObject({ officer: z.literal(true), unit: z.literal(true), /** The yearly assessment, asked of important data only (数据条例 33). */ assessedOn: day.optional(), filedOn: day.optional(), number: documentNumber.optional() }) },
  'platform-scale-checked': { ...bareFact, zh: '平台规模已核对', en: 'scale of the platform checked', rules: ['M10'], value: z.strictObject({ checkedOn: day, registered: count, monthlyActive: count, complexAndImportant: z.boolean() }) },
  'responsibility-report-published': { ...matterFact, zh: '社会责任报告已发布', en: 'responsibility report published', rules: ['M10'], value: z.strictObject({ year: z.int().min(2021).max(2100), publishedOn: day, report: digest, disclosures: z.literal(8) }) },
  'policy-register-reviewed': { ...bareFact, zh: '内部制度清单已核对', en: 'register of internal policies reviewed', rules: ['M11'], value: z.strictObject({ reviewedOn: day, items: count.max(11) }) },
  'law-changes-checked': { ...bareFact, signers: sellerOrAdvisor, zh: '法规变更已核查', en: 'changes of the law checked', rules: ['M12'], value: z.strictObject({ checkedOn: day, /** The rules version that was compared with the law in force. */ rules: digest }) },
} as const satisfies Record<string, FactKind>

/** 权利、清算、安全与组织事实. Fact kinds for the rules I–M; spread into `factTable`. */
export const standingFacts = { ...rightsFacts, ...liquidationFacts, ...securityFacts, ...organisationFacts } as const satisfies Record<string, FactKind>
