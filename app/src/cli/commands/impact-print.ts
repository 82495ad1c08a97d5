// SPDX-License-Identifier: Apache-2.0
import { approvedReport, reportOf } from '../../lifecycle/assess/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import type { Command, CommandCall } from '../command.ts'
import { impactOf } from '../impact-lines.ts'
import { paperLines, paperOptions, writePaper } from '../write-paper.ts'

/** `handover impact print -o FILE` */
export const command: Command = {
  name: 'impact print',
  summary: { zh: '打印影响评估报告(DOCX、PDF,可盖章);--approved 打印已批准的原文', en: 'print the assessment report (DOCX, PDF, ready for the seal); --approved prints the approved one word for word' },
  usage: 'handover impact print -o REPORT.pdf|REPORT.docx [--approved]',
  example: 'handover impact print -o 评估报告.docx',
  options: { ...paperOptions, approved: { type: 'boolean', doc: { zh: '已批准的报告原文', en: 'the approved report' } } },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'impact print')
    const written = await writePaper(call, await paperOf(call), file)
    call.out.result(written, paperLines(written, call.out.lang))
    call.out.next(written.blanks.length > 0 ? 'handover impact show' : 'handover impact approve -o FILE.pdf --key FILE')
    return 0
  },
}

async function paperOf(call: CommandCall) {
  if (call.flags['approved'] !== true) return reportOf((await impactOf(call)).standing, call.out.lang)
  const { ctx, matter } = await matterOf(call)
  return approvedReport(ctx, matter, null)
}
