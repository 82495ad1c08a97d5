// SPDX-License-Identifier: Apache-2.0
// Letters to and from authorities and which of them wait for an answer (rule M07, duties); plain data from the ledger.
import type { Words } from '../kit/failure.ts'
import type { Day } from '../kit/time.ts'
import type { AuthorityState } from './standing-state.ts'

/** 主管部门. Authorities that a matter writes with. */
export const authorities = {
  'cac-national': { zh: '国家网信部门', en: 'national CAC' }, 'cac-provincial': { zh: '省级网信部门', en: 'provincial CAC' }, 'cac-city': { zh: '设区的市网信部门', en: 'city CAC' }, police: { zh: '公安机关', en: 'police' },
  'market-regulation': { zh: '市场监管部门', en: 'market regulation' }, 'industry-regulator': { zh: '行业主管部门', en: 'sector regulator' }, tax: { zh: '税务机关', en: 'tax office' }, court: { zh: '人民法院', en: 'court' },
  'central-bank': { zh: '中国人民银行', en: 'central bank' }, archives: { zh: '档案主管部门', en: 'archives administration' }, other: { zh: '其他部门', en: 'another authority' },
} as const satisfies Record<string, Words>
/** One authority. */
export type Authority = keyof typeof authorities

/** 事由. What a letter is about. */
export const letterSubjects = {
  'audit-order': { zh: '责令合规审计', en: 'ordered audit' }, rectification: { zh: '整改', en: 'rectification' }, incident: { zh: '安全事件', en: 'incident' }, 'officer-filing': { zh: '负责人报送', en: 'officer filing' },
  'minors-audit': { zh: '未成年人审计', en: "minors' audit" }, export: { zh: '出境', en: 'export' }, 'disposal-plan': { zh: '处置方案', en: 'disposal plan' }, complaint: { zh: '投诉举报', en: 'complaint' },
  insolvency: { zh: '破产清算', en: 'insolvency' }, inspection: { zh: '监督检查', en: 'inspection' }, report: { zh: '定期报告', en: 'regular report' }, other: { zh: '其他', en: 'other' },
} as const satisfies Record<string, Words>
/** One subject. */
export type LetterSubject = keyof typeof letterSubjects

/** 监管往来. One letter as the ledger has it; its number stands in the signed statement, the document is sealed beside it. */
export interface AuthorityLetter {
  letter: string
  direction: 'in' | 'out'
  authority: string
  subject: string
  dated: Day
  /** Last day for our answer; null = none is asked. */
  due: Day | null
  /** The letter that this one answers. */
  answers: string | null
  /** Digest of the document; null = none was filed. */
  document: string | null
}

/** Whether a letter of ours answers one that came in: to the same authority on the same subject, not before it; where an authority set a day, with the document that was sent (个人信息保护合规审计管理办法 第十条、第十一条: a report, not a word). */
export function isAnswerTo(reply: AuthorityLetter, letter: AuthorityLetter): boolean {
  return (
    reply.direction === 'out' && letter.direction === 'in' && reply.answers === letter.letter && reply.authority === letter.authority && reply.subject === letter.subject &&
    reply.dated >= letter.dated && (letter.due === null || reply.document !== null)
  )
}

/** Letters that wait for our answer: they came in, a day is set, and nothing of ours answers them. */
export function openLetters(letters: readonly AuthorityLetter[]): AuthorityLetter[] {
  const replies = Map.groupBy(letters, ({ answers }) => answers)
  return letters.filter((letter) => letter.direction === 'in' && letter.due !== null && !(replies.get(letter.letter) ?? []).some((reply) => isAnswerTo(reply, letter)))
}

/** 监管往来情况. Where the letters stand on the legal today; the last day itself is in time. */
export function authorityStateOf(letters: readonly AuthorityLetter[], today: Day): AuthorityState {
  const open = openLetters(letters)
  const isLate = ({ due }: AuthorityLetter): boolean => due !== null && due < today
  const orders = letters.filter(({ direction, subject }) => direction === 'in' && subject === 'audit-order')
  const openOrders = open.filter(({ subject }) => subject === 'audit-order')
  return {
    open: open.length, overdue: open.filter(isLate).length, earliestDue: open.flatMap(({ due }) => due ?? []).toSorted().at(0) ?? null,
    auditOrders: { open: openOrders.length, overdue: openOrders.filter(isLate).length, answered: orders.length - openOrders.length },
  }
}
