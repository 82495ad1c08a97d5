// SPDX-License-Identifier: Apache-2.0
// 出境材料草稿. What the three mechanisms ask to be written down (PIPL 38; law register §3.9); the authorities' own forms were not read, so every heading is marked as such.
import { facts as factRows, frame, heading, items, para, plain, say, shaded, signatures, strong, table, type Piece } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { lawSentence, type ExportRoute } from '../../law/index.ts'
import { categoryText, closingNote, dayText, giverOf, handSigner, nameOf, partyRows, purposeText, sealedSigner, type Draft } from './draft.ts'
import { eventWords } from './notices.rules.ts'
import { partyOf, type PaperAbroad } from './paper-facts.ts'

/** 出境路径的名称. */
export const routeWords: Readonly<Record<ExportRoute, { zh: string; en: string }>> = {
  exempt: { zh: '免予三种机制', en: 'exempt from the three mechanisms' }, 'standard-contract': { zh: '订立个人信息出境标准合同', en: 'standard contract' },
  certification: { zh: '个人信息出境认证', en: 'certification' }, 'security-assessment': { zh: '数据出境安全评估', en: 'security assessment' },
}

/** 数据出境安全评估申报书(要素稿)与自评估要点. */
export function exportAssessment(d: Draft): Block[] {
  return [
    ...opening(d, 'security-assessment'),
    partyRows(d, 'transferor', giverOf(d), d.s('数据处理者', 'Data handler')),
    recipientRows(d),
    heading(d.s('拟出境数据', 'What is to go abroad')),
    whatGoes(d),
    ...numbersPart(d),
    heading(d.s('自评估要点', 'Points of the self-assessment')),
    d.p(say`自评估报告须就下列事项说明事实与结论${d.law('exportAssess')}：`, say`The self-assessment states facts and a conclusion on each ${d.law('exportAssess')}:`),
    assessmentPoints(d),
    heading(d.s('拟订立的法律文件', 'The legal document')),
    contractPoints(d),
    heading(d.s('随附材料', 'With it')),
    items([d.t('数据出境风险自评估报告', 'the risk self-assessment'), d.t('与境外接收方拟订立的法律文件', 'the legal document with the recipient abroad'), d.t('统一社会信用代码证件、法定代表人身份证件、经办人授权委托书', 'credit code certificate, identity of the legal representative, power of attorney'), d.t(say`个人信息保护影响评估报告${d.law('pipl55')}`, say`the impact assessment ${d.law('pipl55')}`)], 'box'),
    ...promise(d),
  ]
}

/** 个人信息出境标准合同附录一《个人信息出境说明》与备案承诺. */
export function exportContract(d: Draft): Block[] {
  return [
    ...opening(d, 'standard-contract'),
    partyRows(d, 'transferor', giverOf(d), d.s('个人信息处理者', 'Handler')),
    recipientRows(d),
    heading(d.s('个人信息出境说明', 'Description of the export')),
    whatGoes(d),
    ...numbersPart(d),
    heading(d.s('合同正文', 'The contract')),
    d.p(say`标准合同须按国家网信部门制定的文本订立，可以约定其他条款，但不得与之相冲突${d.law('scc6')}；文本不由本产品提供，请自网信部门网站取得。`, say`The standard contract is made in the text of the cyberspace administration; other clauses may be added but may not conflict with it ${d.law('scc6')}. That text is not part of this product.`),
    contractPoints(d),
    heading(d.s('备案', 'Filing')),
    d.p(say`合同生效之日起十个工作日内，向所在地省级网信部门备案，提交标准合同和个人信息保护影响评估报告${d.law('scc7')}；目的、范围、种类、敏感程度、方式、保存地点或者境外接收方用途变化的，重新评估、补充或者重新订立并备案${d.law('scc8')}。`,
      say`File contract and impact assessment with the provincial cyberspace administration within ten working days of its effect ${d.law('scc7')}; when purpose, scope, categories, method, place or the recipient’s use change, assess, sign and file anew ${d.law('scc8')}.`),
    factRows([[d.s('合同生效日', 'Effective day'), d.ask('合同生效日', 'day of effect')], [d.s('备案编号', 'Filing number'), numberOf(d)]]),
    heading(d.s('随附材料', 'With it')),
    items([d.t('统一社会信用代码证件、法定代表人身份证件、经办人授权委托书', 'credit code certificate, identity of the legal representative, power of attorney'), d.t('已签署的标准合同', 'the signed standard contract'), d.t(say`个人信息保护影响评估报告${d.law('pipl55')}`, say`the impact assessment ${d.law('pipl55')}`)], 'box'),
    ...promise(d),
  ]
}

/** 个人信息出境认证申请要素. */
export function exportCertification(d: Draft): Block[] {
  return [
    ...opening(d, 'certification'),
    partyRows(d, 'transferor', giverOf(d), d.s('申请人', 'Applicant')),
    recipientRows(d),
    heading(d.s('申请认证的处理活动', 'The processing to be certified')),
    whatGoes(d),
    ...numbersPart(d),
    heading(d.s('向认证机构说明', 'For the certification body')),
    assessmentPoints(d),
    contractPoints(d),
    d.p(say`证书有效期三年，到期前六个月申请续证${d.law('cert')}；证书只及于获证的处理者和范围，承接业务的处理者须自行办理${d.law('certOwn')}。`, say`A certificate is valid for three years, renewal is applied for six months before its end ${d.law('cert')}; it covers the certified handler and scope only, a successor needs its own ${d.law('certOwn')}.`),
    factRows([[d.s('认证机构', 'Certification body'), d.ask('认证机构', 'certification body')], [d.s('证书编号', 'Certificate number'), numberOf(d)]]),
    ...promise(d),
  ]
}

/** What the numbers say of this mechanism, so that nobody fills in the wrong paper unknowingly. */
function opening(d: Draft, route: ExportRoute): Block[] {
  const { abroad } = d.facts
  const draft = d.p(say`本件是按事项数据填写的草稿。主管部门的表式未经核对${d.law('exportForms')}，提交前请换用最新表式。`, say`A draft filled from the matter. The authority’s own form was not compared ${d.law('exportForms')}; use its latest form before filing.`)
  if (abroad === null) return [draft, para(d.ask('没有登记境外接收方或者境外查看者（handover export-check）', 'no recipient or viewer abroad is on record (handover export-check)'))]
  const fits = abroad.allowed.includes(route)
  const verdict: Piece = abroad.allowed.length === 0 ? d.ask('出境问答未答全，路径未定（handover export-check）', 'the questionnaire is not complete, no route yet (handover export-check)')
    : plain(fits ? d.s(`按当年累计数，可以走“${routeWords[route].zh}”。`, `By this year's numbers this mechanism is open: ${routeWords[route].en}.`) : d.s(`按当年累计数，“${routeWords[route].zh}”不够，须走：${abroad.allowed.map((one) => routeWords[one].zh).join('、')}。`, `By this year's numbers this mechanism is not enough; needed: ${abroad.allowed.map((one) => routeWords[one].en).join(', ')}.`))
  return [draft, frame(say`${strong(d.s('路径判定：', 'Route: '))}${verdict}`, ...abroad.reasons.map((reason): Piece => lawSentence(reason, d.lang)))]
}

function recipientRows(d: Draft): Block {
  const taker = partyOf(d.facts, 'transferee')
  return factRows([
    [d.s('境外接收方', 'Recipient abroad'), nameOf(d, taker, 'transferee')],
    [d.s('所在国家或者地区', 'Country or region'), d.ask('境外接收方所在国家或者地区', 'country or region of the recipient')],
    [d.s('联系方式', 'Contact'), taker === undefined || taker.contact === '' ? d.ask('境外接收方联系方式', 'contact of the recipient') : taker.contact],
    [d.s('负责人', 'Person in charge'), d.ask('境外接收方负责人姓名、职务', 'name and post of the person in charge')],
    [d.s('当地法律和政策环境', 'Law and policy there'), d.ask('对合同履行的影响', 'effect on performing the contract')],
  ])
}

function whatGoes(d: Draft): Block {
  const { plan } = d.facts
  return factRows([
    [d.s('业务与原因', 'Business and reason'), eventWords[d.facts.matter.type][d.lang]],
    [d.s('处理目的', 'Purpose'), purposeText(d)],
    [d.s('处理方式', 'Method'), d.ask('境外接收方的处理方式', 'method of the recipient')],
    [d.s('一般个人信息', 'Ordinary information'), categoryText(d, 'general')],
    [d.s('敏感个人信息', 'Sensitive information'), categoryText(d, 'sensitive')],
    [d.s('规模', 'Quantity'), plan === null ? d.ask('尚未计算方案', 'no plan yet') : d.s(`${d.n(plan.transferRecords)} 条记录、${d.n(plan.transferValues)} 个字段值、${d.n(plan.transferPersons)} 人`, `${d.n(plan.transferRecords)} records, ${d.n(plan.transferValues)} values, ${d.n(plan.transferPersons)} persons`)],
    [d.s('传输方式', 'Transmission'), d.t('加密、签名的移交包（age 格式），密钥另路交付，逐条对账', 'an encrypted, signed package (age format), keys by another channel, reconciled record by record')],
    [d.s('出境后保存期限', 'Kept abroad for'), d.ask('境外接收方的保存期限', 'term of storage at the recipient')],
    [d.s('出境后保存地点', 'Kept abroad at'), d.ask('保存地点', 'place')],
    [d.s('再向境外第三方提供', 'Passed on to third parties abroad'), d.ask('有无；有的列明接收方', 'whether, and to whom')],
  ])
}

function numbersPart(d: Draft): Block[] {
  const { abroad } = d.facts
  if (abroad === null) return []
  const row = (name: string, { persons, sensitive }: PaperAbroad['total']): Piece[] => [name, d.n(persons), d.n(sensitive)]
  return [
    heading(d.s(`${abroad.year} 年 1 月 1 日起累计人数`, `Persons since 1 January ${abroad.year}`)),
    table([[d.s('来源', 'From'), 6], [d.s('个人信息（人）', 'Persons'), 2, 'right'], [d.s('其中敏感（人）', 'of them sensitive'), 2, 'right']], [
      row(d.s('本事项拟提供', 'This matter, planned'), abroad.planned), row(d.s('本事项待定、可能提供', 'This matter, undecided'), abroad.undecided), row(d.s('本方其他事项', 'Other matters of this party'), abroad.otherMatters),
      row(d.s('自境外查看', 'Seen from abroad'), abroad.seen), row(d.s('本产品之外（问答所报）', 'Outside this product (as answered)'), abroad.elsewhere),
      [d.s('合计', 'Total'), d.n(abroad.total.persons), d.n(abroad.total.sensitive)].map((cell) => shaded(strong(cell), 1)),
    ]),
    d.p(say`同一集团、分批提供合并计算，不得数量拆分${d.law('noSplitting')}；各行相加时同一人可能计入两次，不会漏计。`, say`The group and all batches count together ${d.law('noSplitting')}; a person may be counted twice in the sum, never left out.`),
    factRows([
      [d.s('关键信息基础设施运营者', 'CII operator'), abroad.ciio === null ? d.ask('是否', 'yes or no') : abroad.ciio ? d.s('是', 'yes') : d.s('否', 'no')],
      [d.s('重要数据', 'Important data'), abroad.importantData === null ? d.ask('识别结论', 'result of the identification') : importantWords[abroad.importantData][d.lang]],
    ]),
  ]
}

const importantWords = {
  'none-identified': { zh: '已识别，无', en: 'identified: none' }, 'identified-not-notified': { zh: '已识别，未被告知或公布为重要数据', en: 'identified, neither notified nor published' }, 'notified-or-published': { zh: '已被告知或公布为重要数据', en: 'notified or published as important data' },
} as const

function assessmentPoints(d: Draft): Block {
  return items([
    d.t(say`出境和境外接收方处理的目的、范围、方式的合法性、正当性、必要性：${d.ask('说明', '')}`, say`Lawfulness, legitimacy and necessity of purpose, scope and method: ${d.ask('', 'state')}`),
    d.t(say`出境数据的规模、范围、种类、敏感程度，对国家安全、公共利益、个人和组织合法权益的风险：${d.ask('说明', '')}`, say`Quantity, scope, categories and sensitivity, and the risk to national security, the public and individuals: ${d.ask('', 'state')}`),
    d.t(say`境外接收方承诺承担的责任义务，以及其管理、技术措施和能力：${d.ask('说明', '')}`, say`Duties the recipient takes on, its measures and abilities: ${d.ask('', 'state')}`),
    d.t(say`出境中和出境后遭篡改、破坏、泄露、丢失、转移或者被非法获取、利用的风险，个人维权渠道是否通畅：${d.ask('说明', '')}`, say`Risk of tampering, leak, loss, onward transfer or misuse, and whether individuals can enforce their rights: ${d.ask('', 'state')}`),
    d.t(say`拟订立的法律文件是否充分约定数据安全保护责任：${d.ask('说明', '')}`, say`Whether the legal document settles responsibility for protection: ${d.ask('', 'state')}`),
    d.t(say`其他可能影响出境安全的事项：${d.ask('说明或“无”', '')}`, say`Other matters: ${d.ask('', 'state, or “none”')}`),
  ])
}

function contractPoints(d: Draft): Block {
  return items([
    d.t('出境的目的、方式、范围，境外接收方处理的用途、方式', 'purpose, method and scope of the export and of the use abroad'),
    d.t('境外保存地点、期限，期满、目的完成或者合同终止后的处理', 'place and term of storage, and what follows at the end'),
    d.t('对再转移给其他组织、个人的约束', 'limits on passing on'),
    d.t('实际控制权或者经营范围变化、当地法律环境变化、不可抗力时的措施', 'measures when control, business, law there or circumstances change'),
    d.t('违反约定的补救、责任和争议解决', 'remedies, liability and disputes'),
    d.t(say`个人行使权利的途径和方式${d.law('pipl39')}`, say`how individuals exercise their rights ${d.law('pipl39')}`),
  ], 'box')
}

function numberOf(d: Draft): Piece {
  const done = d.facts.abroad?.done ?? null
  if (done === null || done.number === null) return d.ask('文号（取得后以 handover fact add export-route-done 登记）', 'number (record it with handover fact add export-route-done)')
  return plain(done.validUntil === null ? done.number : d.s(`${done.number}（至 ${dayText(done.validUntil, 'zh')}）`, `${done.number} (until ${dayText(done.validUntil, 'en')})`))
}

function promise(d: Draft): Block[] {
  return [
    heading(d.s('承诺', 'Undertaking')),
    d.p(say`所提交的材料真实、完整、准确、有效；评估工作在提交之日前三个月内完成，至提交之日未发生重大变化${d.law('exportForms')}。`, say`What is submitted is true, complete, accurate and valid; the assessment was finished within three months before and nothing essential has changed since ${d.law('exportForms')}.`),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giverOf(d)), handSigner(d.s('法定代表人', 'Legal representative'), [d.s('签字', 'Signature')]), handSigner(d.s('经办人', 'Handled by'), [d.s('签字', 'Signature')])),
  ]
}
