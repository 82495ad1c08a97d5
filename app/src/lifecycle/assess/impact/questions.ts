// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../../kit/failure.ts'
import type { MatterState } from '../../../law/index.ts'
import { hasTaker } from './risk-kinds.rules.ts'

/** Where in the report an answer stands (UX.md S5: 评估工作简述 → 活动整体情况 → 影响评估 → 结论). */
export type ReportPart = 'work' | 'activity' | 'purpose' | 'rights' | 'measures' | 'conclusion'

/** 问题. A question that only people can answer; all else is prefilled from the books. An empty list of choices asks for text alone. */
export interface Question extends Words {
  id: string
  part: ReportPart
  law: string
  conf: string
  choices: Readonly<Record<string, Words>>
  /** Whether the answer judges (lawful, sufficient, may go ahead) or only tells who, how and where: nobody approves a judgement of their own. */
  judges: boolean
  asked(state: MatterState): boolean
}

const always = (): boolean => true
const yesNo = { yes: { zh: '是', en: 'yes' }, partly: { zh: '部分', en: 'partly' }, no: { zh: '否', en: 'no' } } as const

/** 评估问题. Asked in the order of the report; the three contents of 个人信息保护法 第五十六条 are among them (rule D02). */
export const questions: readonly Question[] = [
  { id: 'team', judges: false, part: 'work', law: 'GB/T 39335—2020', conf: 'P(draft)', zh: '评估小组成员、分工,是否有法务、安全、业务人员参加', en: 'Who assessed, with which parts; were legal, security and business people among them', choices: {}, asked: always },
  { id: 'method', judges: false, part: 'work', law: 'GB/T 39335—2020', conf: 'P(draft)', zh: '评估起止时间、方式(访谈、检查、测试),征求了谁的意见', en: 'From when to when, how (interviews, checks, tests), and whose opinion was heard', choices: {}, asked: always },
  { id: 'systems', judges: false, part: 'activity', law: '个人信息保护法 第五十六条', conf: 'P', zh: '涉及的系统、链路、存放地点,与其他系统的关系', en: 'Systems, links and places concerned, and what they are connected with', choices: {}, asked: always },
  { id: 'purpose', judges: true, part: 'purpose', law: '个人信息保护法 第五十六条第一款第一项', conf: 'P', zh: '处理目的、处理方式等是否合法、正当、必要', en: 'Are purpose and method lawful, legitimate and necessary', choices: yesNo, asked: always },
  {
    id: 'alternatives', judges: true, part: 'purpose', law: '个人信息保护法 第六条', conf: 'P', zh: '有没有对个人权益影响更小的办法(少移交、脱敏、只移交需要的客户)', en: 'Is there a way that touches people less (less data, masked data, only the customers needed)', asked: always,
    choices: { none: { zh: '没有', en: 'none' }, adopted: { zh: '有,已采用', en: 'yes, adopted' }, rejected: { zh: '有,未采用(说明理由)', en: 'yes, not adopted (say why)' } },
  },
  { id: 'rights', judges: true, part: 'rights', law: '个人信息保护法 第五十六条第一款第二项', conf: 'P', zh: '对个人权益的影响:自主决定、差别待遇、名誉或精神、财产', en: 'Effect on people: self-determination, unequal treatment, reputation or mind, property', choices: {}, asked: always },
  {
    id: 'special', judges: true, part: 'rights', law: '个人信息保护法 第五十五条', conf: 'P', zh: '是否涉及自动化决策、公开、公共场所图像采集或其他重大影响', en: 'Automated decisions, publication, cameras in public places or other major effects', asked: always,
    choices: { none: { zh: '不涉及', en: 'none' }, involved: { zh: '涉及(逐项说明)', en: 'involved (describe each)' } },
  },
  {
    id: 'recipient', judges: true, part: 'measures', law: 'GB/T 35273—2020 9.2; 网络数据安全管理条例 第十二条', conf: 'P', zh: '接收方的安全能力、诚信和守法情况是否足以保护个人信息', en: 'Do the recipient’s security, integrity and record suffice to protect people',
    choices: { sufficient: { zh: '足够', en: 'sufficient' }, insufficient: { zh: '不足', en: 'insufficient' }, unknown: { zh: '尚未查明', en: 'not known yet' } }, asked: hasTaker,
  },
  { id: 'measures', judges: true, part: 'measures', law: '个人信息保护法 第五十六条第一款第三项', conf: 'P', zh: '所采取的保护措施是否合法、有效并与风险程度相适应', en: 'Are the measures lawful, effective and proportionate to the risk', choices: yesNo, asked: always },
  {
    id: 'conclusion', judges: true, part: 'conclusion', law: '个人信息保护法 第五十五条、第五十六条', conf: 'P', zh: '评估结论和条件', en: 'Conclusion and conditions', asked: always,
    choices: { proceed: { zh: '可以开展', en: 'may go ahead' }, 'with-conditions': { zh: '满足所列条件后可以开展', en: 'may go ahead under the conditions stated' }, stop: { zh: '不得开展', en: 'must not go ahead' } },
  },
]

/** The question of this id, or undefined. */
export function questionOf(id: string): Question | undefined {
  return questions.find((question) => question.id === id)
}
