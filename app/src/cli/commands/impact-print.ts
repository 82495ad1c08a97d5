// SPDX-License-Identifier: Apache-2.0
import { approvedReport, reportOf } from '../../lifecycle/assess/index.ts'
import type { Paper } from '../../kit/paper/paper.ts'
import { matterOf, neededFlag, nextInOpen } from '../call.ts'
import type { Command, CommandCall } from '../command.ts'
import { afterImpact, impactOf } from '../impact-lines.ts'
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
    if (call.flags['approved'] === true) {
      const { ctx, matter } = await matterOf(call)
      await print(call, file, await approvedReport(ctx, matter, null))
      return 0
    }
    const { matter, standing, changes } = await impactOf(call)
    const blanks = await print(call, file, reportOf(standing, call.out.lang))
    nextInOpen(call, matter, blanks > 0 ? 'handover impact show' : afterImpact(standing, changes))
    return 0
  },
}

/** Writes the report, says what was written, and how many blanks it has. */
async function print(call: CommandCall, file: string, paper: Paper): Promise<number> {
  const written = await writePaper(call, paper, file)
  call.out.result(written, paperLines(written, call.out.lang))
  return written.blanks.length
}
