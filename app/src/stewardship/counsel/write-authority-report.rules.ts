// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import { blank, dayText, facts as factRows, heading, para, plain, say, signatures, small, table, type Piece } from '../../kit/paper/compose.ts'
import type { Block, Paper } from '../../kit/paper/paper.ts'
import type { Instant } from '../../kit/time.ts'
import { authorities, letterSubjects } from '../../law/index.ts'
import type { DraftReport, ReportLine } from './authority-report.ts'
import type { Letter } from './letter.ts'

/** Who reports, as the party's own file names it; null prints as 〔待填〕. */
export interface Reporter {
  name: string | null
  creditCode: string | null
  contact: string | null
}

/** 印制定期报告. The drafted report as a paper in the official layout, ready to be completed and stamped; what only people know is a blank, and a number that nobody counted is no nought. */
export function authorityReportPaper(draft: DraftReport, reporter: Reporter, how: { lang: 'zh' | 'en'; now: Instant }): Paper {
  const { lang } = how
  const zh = lang === 'zh'
  const about = zh ? `事项 ${draft.matter}` : `Matter ${draft.matter}`
  const s = (chinese: string, english: string): string => (zh ? chinese : english)
  const ask = (chinese: string, english: string): Piece => blank(s(chinese, english))
  const named = (value: string | null, chinese: string, english: string): Piece => (value === null || value === '' ? ask(chinese, english) : plain(value))
  const { period } = draft
  return {
    template: 'authority-report/1', lang, layout: 'official', title: s('个人信息处理情况定期报告（草稿）', 'Regular report on the processing of personal information (draft)'), subtitle: about, about, created: how.now,
    blocks: [
      factRows([
        [s('报送人', 'Reported by'), named(reporter.name, '报送人名称', 'name of who reports')], [s('统一社会信用代码', 'Unified social credit code'), named(reporter.creditCode, '统一社会信用代码', 'credit code')],
        [s('联系方式', 'Contact'), named(reporter.contact, '联系方式', 'contact')], [s('个人信息保护负责人', 'Protection officer'), ask('姓名、职务、联系方式', 'name, post, contact')],
        [s('期间', 'Period'), `${dayText(period.from, lang)}${s('至', ' to ')}${dayText(period.to, lang)}`], [s('依据', 'Drawn from'), s(`账簿第 1 至 ${draft.drawnUpTo} 号事件`, `events 1 to ${draft.drawnUpTo} of the ledger`)],
      ]),
      ...draft.sections.flatMap(({ title, lines }) => [heading(title[lang]), countTable(lines, lang)]),
      heading(s('监管往来', 'Correspondence')),
      draft.letters.length === 0 ? para(s('本期没有往来。', 'None in this period.')) : letterTable(draft.letters, lang),
      heading(s('安全事件、问题与整改', 'Incidents, shortcomings and their mending')),
      para(ask('安全事件及处置', 'incidents and what was done')), para(ask('存在的问题和整改', 'shortcomings and their mending')),
      para(small(s('草稿由账簿生成，每个数字旁是它所依据的事件；不代替报送人的判断，请核对、补充并由有权人员签署。', 'A draft made from the ledger; beside each number stand its events. It does not replace judgement: check it, complete it, have it signed by who may.')), { indent: false }),
      signatures({ title: s('报送人', 'Reported by'), name: say`${named(reporter.name, '报送人名称', 'name of who reports')}`, lines: [s('代表签字', 'Signed by')], seal: true, day: null }),
    ],
  }
}

function countTable(lines: readonly ReportLine[], lang: 'zh' | 'en'): Block {
  const zh = lang === 'zh'
  return table([[zh ? '项目' : 'Item', 5], [zh ? '数量' : 'Count', 2, 'right'], [zh ? '账簿事件' : 'Events', 3]], lines.map((line) => [line[lang], line.count === null ? (zh ? '本期未统计' : 'not counted in this period') : line.count.toLocaleString('en-US'), eventsText(line, zh)]))
}

function eventsText({ events }: ReportLine, zh: boolean): string {
  if (events === null) return '—'
  if (events.number === 1) return `#${events.first}`
  return zh ? `#${events.first}–#${events.last}（${events.number} 件）` : `#${events.first}–#${events.last} (${events.number})`
}

function letterTable(letters: readonly Letter[], lang: 'zh' | 'en'): Block {
  const words = (of: Readonly<Record<string, Words>>, key: string): string => of[key]?.[lang] ?? key
  const titles = lang === 'zh' ? ['日期', '方向', '部门', '事由', '文号', '答复期限'] : ['Day', 'Direction', 'Authority', 'Subject', 'Number', 'Answer due']
  const shares = [2, 1.2, 2.4, 2.4, 2.4, 2]
  return table(titles.map((title, at) => [title, shares[at] ?? 2]), letters.map(({ dated, direction, authority, subject, number, due }) => [dayText(dated, lang), direction === 'in' ? (lang === 'zh' ? '来' : 'in') : lang === 'zh' ? '去' : 'out', words(authorities, authority), words(letterSubjects, subject), number ?? '—', due === null ? '—' : dayText(due, lang)]))
}
