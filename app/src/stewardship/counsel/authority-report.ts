// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import type { Words } from '../../kit/failure.ts'
import { dayInChina, instantOf, type Day } from '../../kit/time.ts'
import type { MatterType } from '../../law/index.ts'
import { bodyOfEvent, type EventType, type StoredEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { loadLetters, type Letter } from './letter.ts'

/** The days a report is about, both included. */
export interface ReportPeriod {
  from: Day
  to: Day
}

/** One counted line of a report: what, how many (null: nobody has counted in the period), and the events it was counted from. */
export interface ReportLine extends Words {
  count: number | null
  /** First and last number of these events in the ledger, and how many. */
  events: { first: number; last: number; number: number } | null
}

/** 定期报告草稿. Counts of a matter in a period, section by section, drafted from the ledger. */
export interface DraftReport {
  matter: string
  type: MatterType
  period: ReportPeriod
  drawnUpTo: number
  sections: { title: Words; lines: ReportLine[] }[]
  letters: Letter[]
}

/** 起草定期报告. Drafts the regular report to an authority from the ledger: every number is a count of booked events of the period and names them. Nothing is invented: what only people know is left open to be filled in. */
export async function draftReport(ctx: Context, matter: Matter, period: ReportPeriod): Promise<DraftReport> {
  const counters = countersOf()
  let drawnUpTo = 0
  for await (const event of ctx.ledger.events(matter.id)) {
    const day = dayInChina(instantOf(event.at))
    drawnUpTo = event.seq
    if (day < period.from || day > period.to) continue
    for (const counter of counters) counter.take(event)
  }
  const sections = sectionTitles.map((title, at) => ({ title, lines: counters.filter((counter) => counter.section === at).map((counter) => counter.line()) }))
  const letters = (await loadLetters(ctx, matter)).filter(({ dated }) => dated >= period.from && dated <= period.to)
  return { matter: matter.code, type: matter.type, period, drawnUpTo, sections, letters }
}

const sectionTitles: readonly Words[] = [
  { zh: '规模', en: 'Scale' }, { zh: '告知', en: 'Notices' }, { zh: '选择与请求', en: 'Choices and requests' }, { zh: '移交', en: 'Hand-over' },
  { zh: '封存、匿名化与销毁', en: 'Sealing, anonymising, destruction' }, { zh: '治理', en: 'Governance' },
]

/** Counts of one event of a type: a number, or how many numbers of a field. */
type CountOf = (body: Record<string, unknown>) => number

interface Counter {
  section: number
  take(event: StoredEvent): void
  line(): ReportLine
}

const numbers = z.record(z.string(), z.number())
const postings = z.array(z.looseObject({ to: z.string(), n: z.number() }))
const one: CountOf = () => 1
const field = (name: string): CountOf => (body) => (typeof body[name] === 'number' ? body[name] : 0)
const choice = (...kinds: string[]): CountOf => (body) => Object.entries(numbers.catch({}).parse(body['choices'])).reduce((sum, [kind, n]) => sum + (kinds.includes(kind) ? n : 0), 0)
const decided = (decision: string): CountOf => (body) => (body['decision'] === decision && typeof body['records'] === 'number' ? body['records'] : 0)
const posted = (account: string): CountOf => (body) => postings.catch([]).parse(body['postings']).reduce((sum, { to, n }) => sum + (to === account ? n : 0), 0)

function countersOf(): Counter[] {
  return [
    counter(0, { zh: '新入账数据集', en: 'data sets booked' }, ['InventoryCommitted'], one),
    counter(0, { zh: '新入账记录', en: 'records booked' }, ['InventoryCommitted'], field('records')),
    latest(0, { zh: '个人信息主体(最近一次去重统计)', en: 'natural persons (latest count)' }, 'SubjectsResolved', field('subjects')),
    counter(1, { zh: '送达', en: 'notices delivered' }, ['NoticeResultsImported'], field('delivered')),
    counter(1, { zh: '退回', en: 'notices bounced' }, ['NoticeResultsImported'], field('bounced')),
    counter(1, { zh: '以公告告知', en: 'told by announcement' }, ['NoticeResultsImported'], field('announced')),
    counter(2, { zh: '同意', en: 'agreements' }, ['ChoiceRecorded'], choice('agree-transfer', 'agree-sensitive', 'agree-guardian', 'agree-export')),
    counter(2, { zh: '反对与撤回同意', en: 'objections and withdrawals' }, ['ChoiceRecorded'], choice('object', 'withdraw')),
    counter(2, { zh: '删除请求', en: 'requests to delete' }, ['ChoiceRecorded'], choice('delete')),
    counter(2, { zh: '查阅、复制、更正请求', en: 'requests to see, copy or correct' }, ['ChoiceRecorded'], choice('ask', 'copy', 'correct')),
    counter(2, { zh: '支持的请求(记录)', en: 'requests accepted (records)' }, ['ChoiceDecided'], decided('accepted')),
    counter(2, { zh: '拒绝的请求(记录)', en: 'requests refused (records)' }, ['ChoiceDecided'], decided('refused')),
    counter(3, { zh: '签发移交包', en: 'packages issued' }, ['PackageIssued'], one),
    counter(3, { zh: '双方签认对账', en: 'reconciliations signed by both' }, ['Reconciled'], one),
    counter(3, { zh: '移交的字段值', en: 'values transferred' }, ['Reconciled', 'DispositionsPosted'], posted('transferred')),
    counter(4, { zh: '封存的字段值', en: 'values sealed' }, ['Reconciled', 'DispositionsPosted', 'RecordsDestroyed'], posted('sealed')),
    counter(4, { zh: '匿名化的字段值', en: 'values anonymised' }, ['DispositionsPosted', 'RecordsDestroyed'], posted('anonymised')),
    counter(4, { zh: '销毁的字段值', en: 'values destroyed' }, ['RecordsDestroyed'], posted('destroyed')),
    counter(4, { zh: '终定的销毁证明', en: 'final certificates' }, ['CertificateIssued'], (body) => (body['status'] === 'final' ? 1 : 0)),
    counter(5, { zh: '登记的事实', en: 'facts signed' }, ['FactRecorded'], one),
    counter(5, { zh: '两人审批', en: 'approvals by two people' }, ['ApprovalGranted'], one),
    counter(5, { zh: '关卡改判', en: 'gate overrides' }, ['GateOverridden'], one),
    counter(5, { zh: '法律意见', en: "counsel's opinions" }, ['OpinionFiled'], one),
    counter(5, { zh: '来函', en: 'letters that came in' }, ['LetterRecorded'], (body) => (body['direction'] === 'in' ? 1 : 0)),
    counter(5, { zh: '去函', en: 'letters sent' }, ['LetterRecorded'], (body) => (body['direction'] === 'out' ? 1 : 0)),
  ]
}

function counter(section: number, words: Words, types: readonly EventType[], of: CountOf): Counter {
  let count = 0
  let events: ReportLine['events'] = null
  return {
    section,
    take(event) {
      if (!types.includes(event.type)) return
      const n = of(bodyOfEvent(event.json))
      if (n === 0) return
      count += n
      events = { first: events?.first ?? event.seq, last: event.seq, number: (events?.number ?? 0) + 1 }
    },
    line: () => ({ ...words, count, events }),
  }
}

/** Like a counter, but the newest event alone counts: a number of persons does not add up. */
function latest(section: number, words: Words, type: EventType, of: CountOf): Counter {
  let found: ReportLine = { ...words, count: null, events: null }
  return { section, take: (event) => { if (event.type === type) found = { ...words, count: of(bodyOfEvent(event.json)), events: { first: event.seq, last: event.seq, number: 1 } } }, line: () => found }
}
