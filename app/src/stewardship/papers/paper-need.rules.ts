// SPDX-License-Identifier: Apache-2.0
// Which papers a matter asks for: by its type, its legal position on business sales, and who there is to be told.
import type { Words } from '../../kit/failure.ts'
import { hasReceiver, isArticle22 } from '../../law/index.ts'
import type { PaperFacts } from './paper-facts.ts'
import type { PaperName } from './templates.ts'

/** 是否需要. Whether this matter asks for a paper: `needed`; `maybe`, where something happens that only people know; `not`, with the reason: printed all the same, its sentences would be untrue here. */
export type PaperNeed = { need: 'needed' | 'maybe' } | { need: 'not'; because: Words }

/** 文书是否需要. What the facts of the matter say of this paper (个人信息保护法 22, 23, 31, 38; 公司法 235; position asset_deal). */
export function needOf(name: PaperName, facts: PaperFacts): PaperNeed {
  return needs[name](facts)
}

const needed: PaperNeed = { need: 'needed' }
const maybe: PaperNeed = { need: 'maybe' }
const not = (zh: string, en: string): PaperNeed => ({ need: 'not', because: { zh, en } })
const nobodyReceives = not('没有人接收客户信息:处理者不变,或者没有承接方', 'nobody receives customers’ information: the handler stays the same, or nobody takes over')

const isReceived = ({ matter, successor }: PaperFacts): boolean => hasReceiver(matter.type, { successor: successor ? 'yes' : 'no' })
const underArticle22 = ({ matter, positions }: PaperFacts): boolean => isArticle22({ matterType: matter.type }, positions)
const whenReceived = (facts: PaperFacts): PaperNeed => (isReceived(facts) ? needed : nobodyReceives)

function guardianNeed(facts: PaperFacts): PaperNeed {
  if (!isReceived(facts)) return nobodyReceives
  if (facts.persons === null || (facts.persons.under14 === 0 && facts.persons.unknownAge > 0)) return maybe
  return facts.persons.under14 > 0 ? needed : not('没有不满十四周岁的人', 'nobody is under fourteen')
}

const exportNeed = (route: 'security-assessment' | 'standard-contract' | 'certification') => ({ isRecipientAbroad, abroad }: PaperFacts): PaperNeed => {
  if (abroad === null) return isRecipientAbroad ? maybe : not('没有登记境外接收方或者境外查看者', 'no recipient and no viewer abroad is on file')
  // With two routes open people choose one of them; without any the route is undecided.
  return abroad.allowed.length === 0 || abroad.allowed.includes(route) ? maybe : not('按本年人数不走这一机制', 'the numbers of the year ask for another mechanism')
}

const needs: Readonly<Record<PaperName, (facts: PaperFacts) => PaperNeed>> = {
  'notice-art22': (facts) => (!isReceived(facts) ? nobodyReceives : underArticle22(facts) ? needed : not('本事项按第二十三条处理(单独转让信息,或法律立场 asset_deal=art23),用 notice-art23', 'this matter is under Article 23 (a bare sale, or position asset_deal=art23); print notice-art23')),
  'notice-art23': (facts) => (!isReceived(facts) ? nobodyReceives : underArticle22(facts) ? not('本事项按第二十二条告知,不征求同意,用 notice-art22', 'this matter is under Article 22, by notice and without consent; print notice-art22') : needed),
  'notice-guardian': guardianNeed,
  nda: () => maybe, 'sharing-agreement': whenReceived, 'processing-agreement': () => maybe,
  'custody-deed': ({ plan, transferorSurvives }) => (plan === null ? maybe : plan.sealedValues === 0 ? not('方案没有封存的值', 'the plan seals no value') : transferorSurvives ? maybe : needed),
  'handover-list': whenReceived,
  'liquidation-announcement': ({ matter }) => (matter.type === 'dissolution' ? needed : matter.type === 'bankruptcy' ? not('破产由人民法院公告', 'in a bankruptcy the court announces') : not('公司没有解散清算', 'the company is not in liquidation')),
  'destruction-approval': () => maybe, 'destruction-certificate': () => maybe, 'complaint-form': () => maybe, 'mediation-agreement': () => maybe,
  'export-assessment': exportNeed('security-assessment'), 'export-contract': exportNeed('standard-contract'), 'export-certification': exportNeed('certification'),
}
