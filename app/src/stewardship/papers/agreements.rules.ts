// SPDX-License-Identifier: Apache-2.0
// 协议. Agreements between the parties: every clause that a law asks for stands with its source; counsel completes the rest.
import { facts as factRows, heading, items, plain, say, signatures, type Piece } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { categoryText, closingNote, giverOf, partyRows, purposeText, retentionText, sealedSigner, type Draft } from './draft.ts'
import { partyOf } from './paper-facts.ts'

const wayOut = (d: Draft): Block[] => [
  heading(d.s('违约责任与争议解决', 'Breach and disputes')),
  d.p(say`一方违反本协议的，应立即停止、采取补救并赔偿对方因此受到的损失；对个人造成损害的，依法承担责任，不能证明自己没有过错的应当赔偿${d.law('pipl69')}。`, say`Whoever breaches this agreement stops at once, remedies and makes good the other’s loss; towards individuals it is liable unless it proves that it is not at fault ${d.law('pipl69')}.`),
  d.p(say`争议由双方协商；协商不成的，提交${d.ask('管辖法院或仲裁委员会', '')}解决。本协议一式${d.ask('份数', '')}份，自双方盖章之日起生效。`, say`Disputes are negotiated, then brought before ${d.ask('', 'court or arbitration commission')}. Made in ${d.ask('', 'number')} originals; in force when both have sealed it.`),
]

/** 保密协议. Before anybody outside sees anything; signed by the entity and by each person (rule C02). */
export function nda(d: Draft): Block[] {
  const [giver, taker] = [giverOf(d), partyOf(d.facts, 'transferee')]
  return [
    partyRows(d, 'transferor', giver, d.s('披露方', 'Disclosing party')),
    partyRows(d, 'transferee', taker, d.s('接受方', 'Receiving party')),
    heading(d.s('保密信息', 'Confidential information')),
    d.p(say`指披露方为事项 ${d.facts.matter.code} 提供的、不为公众所知悉的信息，包括客户名单、交易资料和资料室中的全部内容。协商订立合同过程中知悉的商业秘密或者其他应当保密的信息，无论合同是否成立，不得泄露或者不正当使用${d.law('civil501')}${d.law('trade10')}。`,
      say`All information not publicly known that the disclosing party provides for matter ${d.facts.matter.code}, customer lists, dealings and the whole data room included. Secrets learned in negotiations must not be disclosed or misused, whether or not a contract is made ${d.law('civil501')} ${d.law('trade10')}.`),
    heading(d.s('尽职调查中的个人信息', 'Personal information in due diligence')),
    items([
      d.t(say`尽职调查阶段只提供汇总、匿名化或者去标识化的信息；去标识化信息仍是个人信息${d.law('pipl73')}；`, say`During due diligence only aggregated, anonymised or de-identified information is provided; de-identified information is still personal information ${d.law('pipl73')}.`),
      d.t('接受方不得重新识别个人，不得与其他数据关联、汇聚，不得再提供给他人；', 'The receiving party does not re-identify anybody, does not link or merge the data, and does not pass it on.'),
      d.t('境外人员远程查看视为出境，未经书面同意并完成法定路径不得查看；', 'Viewing from outside the mainland counts as export and is not allowed without written consent and the statutory route.'),
      d.t('接受方的人员和顾问须逐人签署本协议附件后方可进入资料室。', 'Every person and adviser of the receiving party signs the annex before entering the data room.'),
    ]),
    heading(d.s('期限、返还与销毁', 'Term, return and destruction')),
    d.p(say`保密义务自签署之日起${d.ask('年限', '')}年，交易终止后继续有效${d.law('civil558')}。交易终止或披露方要求时，接受方在${d.ask('天数（产品默认10日）', '')}日内返还或销毁全部资料及副本，并出具书面证明。`,
      say`Secrecy lasts ${d.ask('', 'years')} years from signing and survives the end of the deal ${d.law('civil558')}. When the deal ends, or on request, all material and copies are returned or destroyed within ${d.ask('', 'days (product default 10)')} days, with a written certificate.`),
    ...wayOut(d),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giver, d.s('披露方', 'Disclosing party')), sealedSigner(d, 'transferee', taker, d.s('接受方', 'Receiving party'))),
  ]
}

/** 数据转移（共享）协议. Purpose, method, scope, security duties; supervision by the provider; what a successor undertakes (rules F01, F02). */
export function sharingAgreement(d: Draft): Block[] {
  const [giver, taker] = [giverOf(d), partyOf(d.facts, 'transferee')]
  return [
    partyRows(d, 'transferor', giver, d.s('甲方（提供方）', 'Party A (provider)')),
    partyRows(d, 'transferee', taker, d.s('乙方（接收方）', 'Party B (recipient)')),
    heading(d.s('转移的目的、方式、范围', 'Purpose, method and scope')),
    scopeRows(d),
    d.p(say`向其他处理者提供个人信息的，应当以合同约定处理目的、方式、范围以及安全保护义务等，并对接收方履行义务的情况进行监督${d.law('ndr12')}。`, say`Whoever provides personal information to another handler fixes purpose, method, scope and security duties by contract and supervises the recipient ${d.law('ndr12')}.`),
    heading(d.s('乙方的义务', 'Duties of Party B')),
    items([
      d.t(say`在约定的目的、方式和种类内处理；变更的，重新取得个人同意${d.law('pipl23')}${d.law('pipl22')}；`, say`It processes within the agreed purpose, method and categories; a change needs new consent ${d.law('pipl23')} ${d.law('pipl22')}.`),
      d.t(say`继续履行个人信息处理者和网络数据安全保护义务${d.law('ndr14')}，承接未办结的请求、投诉和冻结；`, say`It goes on performing the duties of a handler and of data security ${d.law('ndr14')} and takes over open requests, complaints and holds.`),
      d.t('沿用甲方移交的退订、撤回、反对名单，不得用于未经同意的营销；', 'It applies the suppression list handed over and does not market without consent.'),
      d.t(say`采取加密、去标识化、访问控制、培训和应急等措施${d.law('pipl51')}；发生或可能发生泄露、篡改、丢失的，立即补救并通知${d.law('pipl57')}，同时告知甲方；`, say`It encrypts, de-identifies, controls access, trains and plans for incidents ${d.law('pipl51')}; on a leak, tampering or loss, or the threat of one, it remedies and notifies at once ${d.law('pipl57')} and tells Party A.`),
      d.t('不得整体或部分再转让；确需的，重新履行告知、同意和评估。', 'It does not pass the information on; if it must, notice, consent and assessment are done anew.'),
    ]),
    heading(d.s('交接与对账', 'Hand-over and reconciliation')),
    d.p('双方以加密、签名的移交包交接，密钥另路传递；乙方验收并签署验收单，双方逐条对账并签认同一结果后，方为移交完成。', 'The parties hand over an encrypted, signed package with keys by another channel; Party B signs the acceptance, and only when both sign the same reconciliation is the hand-over complete.'),
    heading(d.s('甲方的监督与残留副本', 'Supervision and remaining copies')),
    d.p(say`甲方可每${d.ask('期间', '')}查验一次；发现乙方违法或违约的，有权要求停止、断开访问并删除。甲方残留副本于验收后${d.n(d.facts.residualCopyDays)}日内删除${d.law('residualPractice')}，法定保存的封存${d.law('pipl47s')}。`,
      say`Party A may inspect every ${d.ask('', 'period')}; on a breach it may demand that processing stop, cut access and ask for deletion. Its own copies are deleted within ${d.n(d.facts.residualCopyDays)} days of acceptance ${d.law('residualPractice')} and sealed where a law orders to keep them ${d.law('pipl47s')}.`),
    heading(d.s('告知、同意与记录', 'Notice, consent and records')),
    d.p(say`转移前的告知由甲方完成；以同意为基础的，未取得单独同意的记录不移交${d.law('pipl23')}。双方留存提供情况记录不少于三年${d.law('ndr12')}，影响评估报告不少于三年${d.law('pipl56')}。`, say`Party A gives notice before the transfer; where consent is the basis, records without separate consent are not handed over ${d.law('pipl23')}. Both keep the record of provision for at least three years ${d.law('ndr12')} and the impact assessment for at least three years ${d.law('pipl56')}.`),
    heading(d.s('个人的请求', 'Requests of individuals')),
    d.p(say`个人向任何一方提出的请求，受理方应在三十日内答复${d.law('gb35273answer')}；涉及另一方的，三日内转交。`, say`Whoever receives a request answers within thirty days ${d.law('gb35273answer')} and passes on what concerns the other within three days.`),
    ...wayOut(d),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giver, d.s('甲方', 'Party A')), sealedSigner(d, 'transferee', taker, d.s('乙方', 'Party B'))),
  ]
}

/** 委托处理协议. Purpose, term, method, categories, safeguards, rights and duties; return or delete at the end (PIPL 21, 59; rule F04). */
export function processingAgreement(d: Draft): Block[] {
  const giver = giverOf(d)
  return [
    partyRows(d, 'transferor', giver, d.s('委托人（个人信息处理者）', 'Principal (handler)')),
    factRows([[d.s('受托人', 'Processor'), d.ask('受托人名称', 'name of the processor')], [d.s('统一社会信用代码', 'Credit code'), d.ask('受托人信用代码', 'its credit code')], [d.s('联系方式', 'Contact'), d.ask('受托人联系方式', 'its contact')]]),
    heading(d.s('委托内容', 'What is entrusted')),
    d.p(say`委托处理应当约定目的、期限、处理方式、个人信息的种类、保护措施以及双方的权利和义务，并对处理活动进行监督${d.law('pipl21')}。`, say`Purpose, term, method, categories, safeguards, rights and duties are agreed, and the processing is supervised ${d.law('pipl21')}.`),
    scopeRows(d, [[d.s('委托期限', 'Term'), d.ask('起止日期', 'from – to')]]),
    heading(d.s('受托人的义务', 'Duties of the processor')),
    items([
      d.t(say`按约定处理，不超出约定的目的、方式${d.law('pipl21')}；未经委托人同意不得转委托${d.law('pipl21')}；`, say`It processes as agreed and not beyond purpose and method ${d.law('pipl21')}, and does not sub-entrust without consent ${d.law('pipl21')}.`),
      d.t(say`采取必要措施保障安全，协助委托人履行义务${d.law('pipl59')}；`, say`It takes the measures needed and assists the principal ${d.law('pipl59')}.`),
      d.t(say`发生或可能发生安全事件的，立即告知委托人并配合通知${d.law('pipl57')}；`, say`It tells the principal of any actual or threatened incident at once ${d.law('pipl57')}.`),
      d.t(say`不能满足安全要求或发生事件时，停止处理并及时反馈${d.law('gb35273entrust')}；`, say`Where it cannot meet the requirements it stops and reports ${d.law('gb35273entrust')}.`),
      d.t('记录处理情况，接受委托人每年至少一次的检查。', 'It keeps records and is checked by the principal at least once a year.'),
    ]),
    heading(d.s('返还与删除', 'Return and deletion')),
    d.p(say`合同不生效、无效、被撤销或者终止的，受托人应当返还或者删除个人信息，不得保留${d.law('pipl21')}，并在${d.ask('天数', '')}日内出具书面证明，写明数据、方式、时间和经手人。`, say`When the contract does not take effect or ends, the processor returns or deletes the information, keeps nothing ${d.law('pipl21')}, and certifies it in writing within ${d.ask('', 'days')} days: what, how, when, by whom.`),
    heading(d.s('评估与记录', 'Assessment and records')),
    d.p(say`委托人事前开展影响评估${d.law('pipl55')}；双方留存委托处理情况记录不少于三年${d.law('ndr12')}。`, say`The principal assesses the impact beforehand ${d.law('pipl55')}; both keep records of the entrustment for at least three years ${d.law('ndr12')}.`),
    ...wayOut(d),
    closingNote(d),
    signatures(sealedSigner(d, 'transferor', giver, d.s('委托人', 'Principal')), { title: d.s('受托人', 'Processor'), name: [d.ask('受托人名称', 'name of the processor')], lines: [d.s('代表签字', 'Signed by')], seal: true, day: null }),
  ]
}

function scopeRows(d: Draft, more: readonly [string, Piece][] = []): Block {
  const { persons, plan } = d.facts
  const scale: Piece = plan === null || persons === null ? d.ask('人数、记录数', 'persons and records') : d.t(`拟移交 ${d.n(plan.transferRecords)} 条记录、${d.n(plan.transferValues)} 个字段值，涉及 ${d.n(plan.transferPersons)} 人（在册 ${d.n(persons.all)} 人，${d.day(persons.countedOn)}统计）`, `${d.n(plan.transferRecords)} records, ${d.n(plan.transferValues)} field values of ${d.n(plan.transferPersons)} persons to be handed over (${d.n(persons.all)} on file, counted ${d.day(persons.countedOn)})`)
  return factRows([
    [d.s('处理目的', 'Purpose'), purposeText(d)],
    [d.s('处理方式', 'Method'), d.ask('存储、使用、加工、传输等', 'storage, use, transmission …')],
    [d.s('个人信息种类', 'Categories'), [...categoryText(d, 'general'), plain(d.s('；敏感个人信息：', '; sensitive: ')), ...categoryText(d, 'sensitive')]],
    [d.s('规模', 'Scale'), scale],
    [d.s('保存期限', 'Retention'), retentionText(d)],
    ...more,
  ])
}
