// SPDX-License-Identifier: Apache-2.0
import { nextInOpen } from '../call.ts'
import type { Command } from '../command.ts'
import { afterImpact, impactOf, riskLines, standingDocument, standingLine } from '../impact-lines.ts'

/** `handover impact risks` */
export const command: Command = {
  name: 'impact risks',
  summary: { zh: '由事实提出和消除的风险,处置前后的等级', en: 'risks that facts raise and close, with levels before and after measures' },
  usage: 'handover impact risks [-m CODE]',
  example: 'handover impact risks --json',
  options: {},
  run: async (call) => {
    const { matter, standing, changes } = await impactOf(call)
    call.out.result(standingDocument(standing), [standingLine(standing, call.out.lang), ...riskLines(standing.risks, call.out.lang)])
    nextInOpen(call, matter, standing.open.risks.length + standing.open.questions.length > 0 ? 'handover impact show' : afterImpact(standing, changes))
    return standing.open.risks.length > 0 ? 3 : 0
  },
}
