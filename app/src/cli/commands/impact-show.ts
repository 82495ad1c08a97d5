// SPDX-License-Identifier: Apache-2.0
import { nextInOpen } from '../call.ts'
import type { Command } from '../command.ts'
import { changeLines, impactOf, questionLines, standingDocument, standingLine } from '../impact-lines.ts'

/** `handover impact show` */
export const command: Command = {
  name: 'impact show',
  summary: { zh: '影响评估:待回答的问题、已有的回答、是否可以批准', en: 'the impact assessment: questions, answers, and whether it can be approved' },
  usage: 'handover impact show [-m CODE]',
  example: 'handover impact show',
  options: {},
  run: async (call) => {
    const { matter, standing, changes } = await impactOf(call)
    call.out.result({ ...standingDocument(standing), changes }, [standingLine(standing, call.out.lang), ...changeLines(changes, call.out.lang), ...questionLines(standing, call.out.lang)])
    const [question] = standing.open.questions
    nextInOpen(call, matter, standing.said.started === null ? 'handover impact start --key FILE' : question === undefined ? 'handover impact risks' : `handover impact answer ${question} --text @FILE --key FILE`)
    return 0
  },
}
