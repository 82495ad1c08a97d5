// SPDX-License-Identifier: Apache-2.0
import { dayOf } from '../../kit/time.ts'
import { authorityReportPaper, draftReport } from '../../stewardship/counsel/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { dayFlag, matterOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { paperLines, paperOptions, writePaper } from '../write-paper.ts'

/** `handover authority report` */
export const command: Command = {
  name: 'authority report',
  summary: { zh: '由账簿起草定期报告(草稿),每个数字附所依据的事件', en: 'draft the regular report from the ledger, every number with its events' },
  usage: 'handover authority report [--from DAY] [--to DAY] [-o FILE.pdf|FILE.docx] [--pdf] [--docx]',
  example: 'handover authority report --from 2026-01-01 --to 2026-12-31 -o 定期报告.docx',
  options: {
    from: { type: 'string', doc: { zh: '期间第一天(默认本年 1 月 1 日)', en: 'first day (default: 1 January of this year)' } },
    to: { type: 'string', doc: { zh: '期间最后一天(默认今天)', en: 'last day (default: today)' } },
    ...paperOptions,
  },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const to = dayFlag(call, 'to', 'authority report') ?? ctx.today()
    const from = dayFlag(call, 'from', 'authority report') ?? dayOf(`${to.slice(0, 4)}-01-01`)
    if (from > to) throw cliFailures.WRONG_ARGUMENT({ what: '--from', why: { zh: `起日 ${from} 在止日 ${to} 之后`, en: `${from} is after ${to}` }, command: 'authority report' })
    const draft = await draftReport(ctx, matter, { from, to })
    const self = matter.parties.find(({ isSelf }) => isSelf)?.file
    const { lang } = call.out
    const paper = authorityReportPaper(draft, { name: self?.name ?? null, creditCode: self?.creditCode ?? null, contact: self?.contact ?? null }, { lang, now: ctx.now() })
    const output = textFlag(call, 'output')
    const written = output === undefined ? null : await writePaper(call, paper, output)
    const lines = draft.sections.flatMap(({ title, lines: counted }) => [title[lang], ...counted.map((line) => `  ${line[lang]}  ${line.count ?? '—'}${line.events === null ? '' : `  #${line.events.first}–#${line.events.last}`}`)])
    const hint = lang === 'zh' ? '草稿:请核对、补充并由有权人员签署' : 'a draft: check it, complete it, have it signed'
    call.out.result({ ...draft, ...written }, [...(written === null ? lines : paperLines(written, lang)), `  ${hint}`])
    if (written === null) call.out.next('handover authority report -o 定期报告.docx')
    return 0
  },
}
