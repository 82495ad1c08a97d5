// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../context.ts'
import type { Words } from '../../kit/failure.ts'
import { dayInChina, instantOf, type Day } from '../../kit/time.ts'
import { authorities, letterSubjects, matterTypes } from '../../law/index.ts'
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
  period: ReportPeriod
  drawnUpTo: number
  sections: { title: Words; lines: ReportLine[] }[]
  letters: Letter[]
  markdown: { zh: string; en: string }
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
  const draft = { matter: matter.code, period, drawnUpTo, sections, letters }
  return { ...draft, markdown: { zh: markdownOf(draft, matter, 'zh'), en: markdownOf(draft, matter, 'en') } }
}

const sectionTitles: readonly Words[] = [
  { zh: '一、规模', en: '1. Scale' }, { zh: '二、告知', en: '2. Notices' }, { zh: '三、选择与请求', en: '3. Choices and requests' }, { zh: '四、移交', en: '4. Hand-over' },
  { zh: '五、封存、匿名化与销毁', en: '5. Sealing, anonymising, destruction' }, { zh: '六、治理', en: '6. Governance' },
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
    counter(2, { zh: '同意', en: 'agreements' }, ['ChoiceRecorded'], choice('agree-transfer', 'agree-sensitive', 'agree-guardian')),
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

function markdownOf(draft: Omit<DraftReport, 'markdown'>, matter: Matter, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh'
  const { period, sections, letters } = draft
  const eventsText = (line: ReportLine): string => (line.events === null ? '—' : line.events.number === 1 ? `#${line.events.first}` : zh ? `#${line.events.first}–#${line.events.last}(${line.events.number} 件)` : `#${line.events.first}–#${line.events.last} (${line.events.number})`)
  const type = matterTypes.find((each) => each === matter.type) ?? matter.type
  return [
    zh ? '# 个人信息处理情况定期报告(草稿)' : '# Regular report on the processing of personal information (draft)', '',
    zh ? `事项 ${matter.code}(${type}),期间 ${period.from} 至 ${period.to}。由账簿第 1 至 ${draft.drawnUpTo} 号事件起草;每个数字旁注明所依据的事件。` : `Matter ${matter.code} (${type}), ${period.from} to ${period.to}. Drafted from events 1 to ${draft.drawnUpTo} of the ledger; beside each number stand its events.`,
    zh ? '草稿不代替报送人的判断:请核对、补充并由有权人员签署。' : 'A draft does not replace judgement: check it, complete it, and have it signed by who may.', '',
    ...sections.flatMap(({ title, lines }) => [
      `## ${title[lang]}`, '', zh ? '| 项目 | 数量 | 账簿事件 |' : '| item | count | events |', '|---|---:|---|', ...lines.map((line) => `| ${line[lang]} | ${line.count ?? (zh ? '〔本期未统计〕' : '〔not counted in this period〕')} | ${eventsText(line)} |`), '',
    ]),
    zh ? '## 七、监管往来' : '## 7. Correspondence', '', ...(letters.length === 0 ? [zh ? '本期没有往来。' : 'None in this period.', ''] : [zh ? '| 日期 | 方向 | 部门 | 事由 | 文号 | 答复期限 |' : '| day | direction | authority | subject | number | answer due |', '|---|---|---|---|---|---|', ...letters.map((letter) => letterRow(letter, lang)), '']),
    zh ? '## 八、需由报送人填写' : '## 8. To be filled in', '',
    ...(zh ? ['- 〔待填:安全事件及处置〕', '- 〔待填:存在的问题和整改〕', '- 〔待填:个人信息保护负责人及联系方式〕', '- 〔待填:签署人、日期、公章〕'] : ['- 〔to fill in: incidents and what was done〕', '- 〔to fill in: shortcomings and their mending〕', '- 〔to fill in: protection officer and contact〕', '- 〔to fill in: signature, date, seal〕']), '',
  ].join('\n')
}

function letterRow(letter: Letter, lang: 'zh' | 'en'): string {
  const words = (table: Readonly<Record<string, Words>>, key: string): string => table[key]?.[lang] ?? key
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return `| ${letter.dated} | ${letter.direction === 'in' ? (lang === 'zh' ? '来' : 'in') : lang === 'zh' ? '去' : 'out'} | ${words(authorities, letter.authority)} | ${words(letterSubjects, letter.subject)} | ${cell(letter.number ?? '—')} | ${letter.due ?? '—'} |`
}

