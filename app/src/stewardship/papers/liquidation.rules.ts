// SPDX-License-Identifier: Apache-2.0
// 清算公告. Told to creditors and customers: the fields of UX.md §4 and CLOSE30 of the law register §10.4.
import { facts as factRows, heading, items, say, signatures, type Piece } from '../../kit/paper/compose.ts'
import type { Block } from '../../kit/paper/paper.ts'
import { closingNote, contactOf, dayText, nameOf, sealedSigner, type Draft } from './draft.ts'
import { partyOf } from './paper-facts.ts'

/** 清算公告. Company, credit code, head of the group, thirty or forty-five days for claims, refunds, what becomes of the information, whom to ask afterwards. */
export function liquidationAnnouncement(d: Draft): Block[] {
  const [company, group, custodian] = [partyOf(d.facts, 'transferor'), partyOf(d.facts, 'liquidator'), partyOf(d.facts, 'custodian')]
  const taker = partyOf(d.facts, 'transferee')
  const answer = group === undefined ? contactOf(d, company, 'transferor') : contactOf(d, group, 'liquidator')
  return [
    d.p(say`${nameOf(d, company, 'transferor')}（统一社会信用代码：${company === undefined ? d.ask('统一社会信用代码', '') : company.creditCode}）因${d.ask('解散事由（决议、期限届满、吊销、裁定等）', '')}，自${d.ask('清算组成立日期', '')}起进行清算${d.law('company229')}。`,
      say`${nameOf(d, company, 'transferor')} (credit code ${company === undefined ? d.ask('', 'credit code') : company.creditCode}) is in liquidation since ${d.ask('', 'day the group was formed')} because of ${d.ask('', 'cause of dissolution')} ${d.law('company229')}.`),
    heading(d.s('清算组', 'Liquidation group')),
    factRows([
      [d.s('清算组', 'Group'), group === undefined ? d.ask('清算组名称', 'name of the group') : group.name],
      [d.s('负责人', 'Head'), d.ask('清算组负责人', 'head of the group')],
      [d.s('联系方式', 'Contact'), answer],
      [d.s('办公地址', 'Address'), d.ask('申报债权地址', 'address for claims')],
    ]),
    heading(d.s('债权申报', 'Claims')),
    d.p(say`债权人应当自接到通知书之日起三十日内，未接到通知书的自公告之日起四十五日内，向清算组申报债权，说明有关事项并提供证明材料${d.law('company235')}。持有预付款、储值卡、未消费课程或服务的客户是债权人，可凭合同、消费记录申报。`,
      say`Creditors file their claims with evidence within thirty days of being told, or within forty-five days of this announcement ${d.law('company235')}. Customers with prepaid balances, cards, courses or services are creditors and may file with contract and records.`),
    heading(d.s('预付款退还', 'Refund of prepaid balances')),
    d.p(say`经营者停业的，应当提前告知消费者，消费者可以要求继续履行或者退还未消费的余额${d.law('consumer22')}${d.law('prepaid')}。退还方式：${d.ask('退款方式、时间、地点', '')}；即日起停止收取新的预付款。`,
      say`A business that closes tells consumers in advance; they may demand performance or the unused balance ${d.law('consumer22')} ${d.law('prepaid')}. Refund: ${d.ask('', 'way, time and place')}. No new prepayments are taken from today.`),
    heading(d.s('客户个人信息的处理', 'What becomes of customers’ information')),
    items(fate(d, taker === undefined ? null : nameOf(d, taker, 'transferee'))),
    heading(d.s('注销后的联系人', 'Contact after deregistration')),
    d.p(say`注销后，由${nameOf(d, custodian, 'custodian')}（联系方式：${contactOf(d, custodian, 'custodian')}）保管法定须保存的资料，并受理查阅、更正、删除等请求${d.law('custodyPractice')}。`,
      say`After deregistration ${nameOf(d, custodian, 'custodian')} (contact: ${contactOf(d, custodian, 'custodian')}) keeps what the law orders to keep and answers requests ${d.law('custodyPractice')}.`),
    d.p(say`停业公告应当提前作出${d.law('consumer21')}；本公告自${d.ask('首次公告日期', '')}起在${d.ask('报纸或国家企业信用信息公示系统、官网首页、经营场所', '')}发布。`, say`A closing is to be announced in advance ${d.law('consumer21')}; published since ${d.ask('', 'first day')} at ${d.ask('', 'newspaper or credit publicity system, home page, premises')}.`),
    closingNote(d),
    signatures({ ...sealedSigner(d, 'liquidator', group, d.s('清算组', 'Liquidation group')), lines: [], day: dayText(d.facts.today, d.lang) }, { ...sealedSigner(d, 'transferor', company, d.s('公司', 'Company')), lines: [], day: dayText(d.facts.today, d.lang) }),
  ]
}

function fate(d: Draft, taker: Piece | null): Piece[] {
  const seal = d.t(say`法律、行政法规规定须保存而期限未满的，封存至期满，只存储和采取安全保护措施${d.law('pipl47s')}；`, say`What a law orders to keep is sealed until the end of its term, for storage and protection only ${d.law('pipl47s')}.`)
  const passes = d.facts.successor && taker !== null
    ? [d.t(say`随业务转移给${taker}的，已（将）逐一告知其名称和联系方式${d.law('pipl22')}；`, say`What passes to ${taker} with the business: each customer is told its name and contact ${d.law('pipl22')}.`)]
    : [d.t(say`没有承接方：停止收集，除须保存的外予以删除或者匿名化${d.law('pipl47')}${d.law('gb35273merge')}；`, say`Nobody takes over: collection stops, and what need not be kept is deleted or anonymised ${d.law('pipl47')} ${d.law('gb35273merge')}.`)]
  return [...passes, seal, d.t(say`不单独出售客户名单。您可以在清算期间行使查阅、复制、更正、删除等权利${d.law('pipl44to50')}。`, say`The customer list is not sold by itself. During liquidation you may access, copy, correct and delete ${d.law('pipl44to50')}.`)]
}
