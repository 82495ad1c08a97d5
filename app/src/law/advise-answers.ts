// SPDX-License-Identifier: Apache-2.0
// The questions of `handover advise`, asked before a matter is opened; the same answers may stand in a JSON file.
import { z } from 'zod'
import type { Words } from '../kit/failure.ts'
import { dayOf, type Day } from '../kit/time.ts'

/** 交易事件. What is going to happen, in the words of people who do not know the types of matter. */
export const dealEvents = [
  'sell-shares', 'sell-business', 'sell-list', 'merge-into-buyer', 'merge-into-new', 'split-and-go-on', 'split-and-end', 'close-company', 'bankruptcy', 'stop-service', 'court-reorganisation',
] as const
export type DealEvent = (typeof dealEvents)[number]

const day = z.string().transform((text, context): Day => {
  try {
    return dayOf(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'YYYY-MM-DD' })
    return z.NEVER
  }
})
const percent = z.number().min(0).max(100)
const yesNo = z.enum(['yes', 'no', 'unknown'])

/** 咨询答复. Answers of the questionnaire; `unknown` and null are answers too and are taken cautiously. Refuses unknown keys. */
export const adviceAnswersSchema = z.strictObject({
  event: z.enum(dealEvents),
  /** Somebody takes the customers over; asked of closing, bankruptcy and a stop. */
  successor: yesNo.default('unknown'),
  /** The buyer's people or advisers look at customers' information before or after the deal. */
  buyerLooks: z.enum(['no', 'masked', 'yes', 'unknown']).default('unknown'),
  customers: z.int().min(0).nullable().default(null),
  sensitive: z.enum(['none', 'some', 'faces', 'unknown']).default('unknown'),
  minors: z.enum(['none', 'under-18', 'under-14', 'unknown']).default('unknown'),
  /** Shares of the customers by the basis of the main record, in percent; null = nobody answered. What all three leave over has an unknown basis. */
  contractShare: percent.nullable().default(null), consentShare: percent.nullable().default(null), dutyShare: percent.nullable().default(null),
  /** Of the contract customers: how many agreed that the contract may be assigned; null = nobody answered. */
  assentShare: percent.nullable().default(null),
  /** How many can be reached one by one. */
  reachableShare: percent.nullable().default(null),
  /** How many of those asked are expected to agree; null = unknown. */
  agreeShare: percent.nullable().default(null),
  purposeChanges: yesNo.default('unknown'),
  abroad: z.enum(['no', 'recipient', 'viewers', 'unknown']).default('unknown'),
  prepaid: yesNo.default('unknown'),
  shops: z.array(z.enum(['shanghai', 'beijing', 'elsewhere', 'online'])).default([]),
  sectors: z.array(z.enum(['none', 'anti-money-laundering', 'credit-reporting', 'payment', 'securities', 'insurance', 'fund', 'telecom', 'express', 'medical', 'e-commerce-platform'])).default([]),
  importantData: yesNo.default('unknown'),
  /** Nominee, zero price, unpaid wages, large prepaid balances (rule A01). */
  shamSigns: yesNo.default('unknown'),
  /** Resolution, contract or ruling; and the planned day of the move or the end. */
  decidedOn: day.nullable().default(null), closingOn: day.nullable().default(null),
}).refine((answers) => statedShare(answers) <= 100, { message: 'contractShare + consentShare + dutyShare > 100' })

/** How much of the customers the stated shares describe, in percent; a share that nobody stated counts as none. */
export function statedShare({ contractShare, consentShare, dutyShare }: { contractShare: number | null; consentShare: number | null; dutyShare: number | null }): number {
  return (contractShare ?? 0) + (consentShare ?? 0) + (dutyShare ?? 0)
}

/** 咨询答复. See `adviceAnswersSchema`. */
export type AdviceAnswers = z.infer<typeof adviceAnswersSchema>

/** One question: the key of its answer, its words, and what may be answered. */
export interface AdviceQuestion extends Words {
  key: keyof AdviceAnswers
  answers: string
}

/** 问题. The questions in the order in which they are asked. */
export const adviceQuestions: readonly AdviceQuestion[] = [
  { key: 'event', zh: '要发生什么事?(卖股权 / 卖整块业务 / 只卖客户名单 / 并入买方 / 合并新设 / 分立后存续 / 分立后消灭 / 关闭公司 / 破产 / 停止一项服务 / 法院重整)', en: 'What is going to happen?', answers: dealEvents.join(' | ') },
  { key: 'successor', zh: '有没有人接手客户?', en: 'Does somebody take the customers over?', answers: 'yes | no | unknown' },
  { key: 'buyerLooks', zh: '买方或其顾问的人会看到客户信息吗?(脱敏也请说明)', en: "Do the buyer's people or advisers look at customers' information?", answers: 'no | masked | yes | unknown' },
  { key: 'customers', zh: '现在持有多少自然人的信息?', en: 'Of how many natural persons is information held?', answers: '0, 1, 2 … | null' },
  { key: 'sensitive', zh: '有敏感个人信息吗?(医疗、金融账户、行踪、生物识别等;人脸请单独说明)', en: 'Is there sensitive information (health, accounts, whereabouts, biometrics)? Faces by themselves?', answers: 'none | some | faces | unknown' },
  { key: 'minors', zh: '有未成年人吗?', en: 'Are there minors?', answers: 'none | under-18 | under-14 | unknown' },
  { key: 'contractShare', zh: '以合同为基础的客户占百分之几?', en: 'Percent of customers whose basis is a contract', answers: '0–100 | null' },
  { key: 'consentShare', zh: '以同意为基础的客户占百分之几?', en: 'Percent of customers whose basis is consent', answers: '0–100 | null' },
  { key: 'dutyShare', zh: '以法定义务为基础的占百分之几?', en: 'Percent whose basis is a legal duty', answers: '0–100 | null' },
  { key: 'assentShare', zh: '合同客户中,同意合同可以转让的占百分之几?(沉默不算)', en: 'Of the contract customers, percent who agreed that the contract may be assigned (silence is no)', answers: '0–100 | null' },
  { key: 'reachableShare', zh: '能逐一联系到的占百分之几?', en: 'Percent who can be reached one by one', answers: '0–100 | null' },
  { key: 'agreeShare', zh: '预计被征求同意的人里有百分之几会同意?(不知道就空着)', en: 'Percent of those asked who are expected to agree (leave open when unknown)', answers: '0–100 | null' },
  { key: 'purposeChanges', zh: '接手方会改变处理目的或方式吗?', en: 'Will the recipient change purpose or method?', answers: 'yes | no | unknown' },
  { key: 'abroad', zh: '接收方或能看到数据的人在境外吗?(港澳台属境外)', en: 'Is the recipient, or anybody who can look, outside the mainland (Hong Kong, Macau and Taiwan are outside)?', answers: 'no | recipient | viewers | unknown' },
  { key: 'prepaid', zh: '有预付款余额(储值卡、课时、会员费)吗?', en: 'Are there prepaid balances (cards, lessons, memberships)?', answers: 'yes | no | unknown' },
  { key: 'shops', zh: '经营地点?(上海、北京有地方规定)', en: 'Where are the shops (Shanghai and Beijing have rules of their own)?', answers: 'shanghai, beijing, elsewhere, online' },
  { key: 'sectors', zh: '属于哪些受监管行业?', en: 'Which regulated sectors?', answers: 'none, anti-money-laundering, credit-reporting, payment, securities, insurance, fund, telecom, express, medical, e-commerce-platform' },
  { key: 'importantData', zh: '有重要数据吗?', en: 'Is there important data?', answers: 'yes | no | unknown' },
  { key: 'shamSigns', zh: '(股权转让)有名义代持、零对价、欠薪、大额预付余额等迹象吗?', en: '(share sale) Are there signs such as a nominee, zero price, unpaid wages, large prepaid balances?', answers: 'yes | no | unknown' },
  { key: 'decidedOn', zh: '决议、合同或裁定的日期?', en: 'Day of the resolution, contract or ruling?', answers: 'YYYY-MM-DD | null' },
  { key: 'closingOn', zh: '计划移交或终止的日期?', en: 'Planned day of the move or the end?', answers: 'YYYY-MM-DD | null' },
]

/** The answer to one question as people type it; undefined leaves it open, so that the cautious default counts. */
export function typedAnswer(key: keyof AdviceAnswers, text: string): unknown {
  const plain = text.normalize('NFKC').trim()
  if (plain === '') return undefined
  if (plain === 'null') return null
  if (key === 'shops' || key === 'sectors') return plain.split(/[,、\s]+/).filter((word) => word !== '')
  return /^\d[\d,]*(?:\.\d+)?%?$/.test(plain) && key !== 'decidedOn' && key !== 'closingOn' ? Number(plain.replace('%', '').replaceAll(',', '')) : plain
}
