// SPDX-License-Identifier: Apache-2.0
// 投诉与调解. A form to take a complaint in and a mediation agreement to end it.
import { facts as factRows, heading, items, lines, para, say, signatures } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { closingNote, contactOf, dayText, giverOf, handSigner, nameOf, sealedSigner, type Draft } from './draft.ts'
import { partyOf } from './paper-facts.ts'

/** 投诉受理单. Who complains, about what, what is asked for, how identity was checked, when an answer is due (rules I01, I03, I07). */
export function complaintForm(d: Draft): Block[] {
  return [
    factRows([
      [d.s('受理单位', 'Received by'), nameOf(d, giverOf(d), 'transferor')],
      [d.s('受理编号', 'Number'), d.ask('受理编号', 'number')],
      [d.s('受理日期、渠道', 'Day and channel'), d.ask('日期；电话、邮件、现场、网页', 'day; phone, mail, in person, web')],
      [d.s('投诉人', 'Complainant'), d.ask('姓名或客户编号（不收身份证号、银行卡号）', 'name or customer number (no ID or bank numbers)')],
      [d.s('答复方式', 'Answer by'), d.ask('电话、邮件或邮寄', 'phone, mail or letter')],
      [d.s('身份核验', 'Identity check'), d.ask('核验方式、核验人', 'how and by whom')],
      [d.s('是否未成年人或代理人', 'Minor or proxy'), d.ask('是 / 否；关系证明', 'yes / no; proof')],
    ]),
    heading(d.s('投诉事项（可多选）', 'What it is about')),
    items([
      d.s('未告知或告知内容不清楚', 'no notice, or an unclear one'), d.s('未经同意提供给他人', 'provided to others without consent'), d.s('查阅、复制、更正、删除请求未答复', 'request for access, copy, correction or deletion not answered'),
      d.s('撤回同意或注销账户受阻', 'withdrawal or closing of the account hindered'), d.s('营销打扰', 'unwanted marketing'), d.s('预付款退还', 'refund of a prepaid balance'), d.s('信息泄露', 'leak'), d.s('其他', 'other'),
    ], 'box'),
    para(d.s('事实与经过：', 'Facts:'), { indent: false }), lines(3),
    para(d.s('诉求：', 'What is asked for:'), { indent: false }), lines(2),
    heading(d.s('处理', 'Handling')),
    factRows([
      [d.s('答复期限', 'Answer due'), d.t(say`自核验身份之日起三十日内${d.law('gb35273answer')}；法律要求及时${d.law('pipl50')}：${d.ask('到期日', '')}`, say`thirty days from the identity check ${d.law('gb35273answer')}; the law says promptly ${d.law('pipl50')}: ${d.ask('', 'last day')}`)],
      [d.s('冻结相关记录', 'Records held'), d.ask('是 / 否；冻结编号', 'yes / no; number of the hold')],
      [d.s('处理结果与理由', 'Result and reasons'), d.ask('结果；拒绝的须说明理由', 'result; a refusal with its reasons')],
    ]),
    d.p(say`对处理结果不服的，可以向网信部门投诉、举报，或者向人民法院起诉${d.law('pipl50')}；属于消费争议的，可以请求调解或向市场监督管理部门投诉${d.law('complaints')}。公开的投诉渠道：${contactOf(d, giverOf(d), 'transferor')}${d.law('ndr20')}。`,
      say`Who disagrees may complain to the cyberspace administration or sue ${d.law('pipl50')}; a consumer dispute may be mediated or taken to the market regulator ${d.law('complaints')}. Published channel: ${contactOf(d, giverOf(d), 'transferor')} ${d.law('ndr20')}.`),
    closingNote(d),
    signatures(handSigner(d.s('投诉人', 'Complainant'), [d.s('签字', 'Signature')]), { ...sealedSigner(d, 'transferor', giverOf(d), d.s('受理单位', 'Received by')), lines: [d.s('受理人', 'Officer')] }),
  ]
}

/** 调解协议. Parties, facts, what each does by when, and how it is confirmed by a court (人民调解法 33). */
export function mediationAgreement(d: Draft): Block[] {
  const mediator = partyOf(d.facts, 'mediator')
  return [
    factRows([
      [d.s('申请人', 'Applicant'), d.ask('姓名、联系方式', 'name and contact')],
      [d.s('被申请人', 'Respondent'), nameOf(d, giverOf(d), 'transferor')],
      [d.s('接收方（如有）', 'Recipient, if any'), nameOf(d, partyOf(d.facts, 'transferee'), 'transferee')],
      [d.s('调解组织', 'Mediator'), mediator === undefined ? d.ask('调解组织名称', 'name of the mediator') : mediator.name],
      [d.s('受理日期', 'Taken on'), d.ask('日期', 'day')],
    ]),
    heading(d.s('争议事实', 'Facts in dispute')),
    d.p(say`双方因事项 ${d.facts.matter.code} 中客户个人信息的处理发生争议：${d.ask('争议事实', '')}。`, say`The parties disagree about the processing of a customer’s personal information in matter ${d.facts.matter.code}: ${d.ask('', 'facts')}.`),
    heading(d.s('协议内容', 'What is agreed')),
    items([
      d.t(say`个人信息：${d.ask('删除、更正、封存、停止提供、通知接收方等', '')}，于${d.ask('日期', '')}前完成，并出具回执或证明；`, say`Information: ${d.ask('', 'deletion, correction, sealing, end of provision, notice to the recipient …')} by ${d.ask('', 'day')}, with a receipt or certificate.`),
      d.t(say`款项：退还或赔偿 ${d.ask('金额（大写）', '')} 元，于${d.ask('日期', '')}前以${d.ask('方式', '')}支付；`, say`Money: ${d.ask('', 'amount in words')} to be paid by ${d.ask('', 'day')} by ${d.ask('', 'way')}.`),
      d.t('双方对调解中知悉的个人信息和商业秘密保密；', 'Both keep secret what they learned in the mediation.'),
      d.t(say`履行完毕后，双方就本争议再无其他请求；法律规定不得放弃的权利除外${d.law('pipl44to50')}。`, say`Once performed, nothing more is claimed in this dispute, except rights that cannot be waived ${d.law('pipl44to50')}.`),
    ]),
    heading(d.s('效力与司法确认', 'Effect and judicial confirmation')),
    d.p(say`本协议自各方签名、盖章之日起生效。经人民调解委员会调解达成的，双方可以自生效之日起三十日内共同向人民法院申请司法确认${d.law('mediation33')}。`, say`In force when signed and sealed. Where a people’s mediation committee mediated, both may together apply to a court for confirmation within thirty days ${d.law('mediation33')}.`),
    d.p(say`签订日期：${dayText(d.facts.today, d.lang)}。一式${d.ask('份数', '')}份。`, say`Made on ${dayText(d.facts.today, d.lang)} in ${d.ask('', 'number')} originals.`),
    closingNote(d),
    signatures(handSigner(d.s('申请人', 'Applicant'), [d.s('签字', 'Signature')]), sealedSigner(d, 'transferor', giverOf(d), d.s('被申请人', 'Respondent')), sealedSigner(d, 'mediator', mediator)),
  ]
}
