// SPDX-License-Identifier: Apache-2.0
import { dayOf } from '../../kit/time.ts'
import { draftReport } from '../../stewardship/counsel/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { dayFlag, matterOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover authority report` */
export const command: Command = {
  name: 'authority report',
  summary: { zh: '由账簿起草定期报告(草稿),每个数字附所依据的事件', en: 'draft the regular report from the ledger, every number with its events' },
  usage: 'handover authority report [--from DAY] [--to DAY] [-o FILE.md]',
  example: 'handover authority report --from 2026-01-01 --to 2026-12-31 -o 定期报告.md',
  options: {
    from: { type: 'string', doc: { zh: '期间第一天(默认本年 1 月 1 日)', en: 'first day (default: 1 January of this year)' } },
    to: { type: 'string', doc: { zh: '期间最后一天(默认今天)', en: 'last day (default: today)' } },
    output: { type: 'string', short: 'o', doc: { zh: '写成 Markdown 文件', en: 'write it as Markdown' } },
  },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const to = dayFlag(call, 'to', 'authority report') ?? ctx.today()
    const from = dayFlag(call, 'from', 'authority report') ?? dayOf(`${to.slice(0, 4)}-01-01`)
    if (from > to) throw cliFailures.WRONG_ARGUMENT({ what: '--from', why: `${from} > ${to}`, command: 'authority report' })
    const { markdown, ...draft } = await draftReport(ctx, matter, { from, to })
    const output = textFlag(call, 'output')
    const text = markdown[call.out.lang]
    if (output !== undefined) writeNewFile(output, text)
    const zh = call.out.lang === 'zh'
    call.out.result({ ...draft, file: output ?? null }, output === undefined ? text.split('\n') : [`✔ ${output}`, zh ? '  草稿:请核对、补充并由有权人员签署' : '  a draft: check it, complete it, have it signed'])
    return 0
  },
}
