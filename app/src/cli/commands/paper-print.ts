// SPDX-License-Identifier: Apache-2.0
import { draftPaper, isPaperName, needOf, paperFailures, paperNames } from '../../stewardship/papers/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { loadPaperFacts } from '../paper-facts.ts'
import { paperLines, paperOptions, writePaper } from '../write-paper.ts'

/** `handover paper print NAME -o FILE` */
export const command: Command = {
  name: 'paper print',
  summary: { zh: '打印一份文书(PDF、DOCX):由事项填写,缺的标〔待填〕,留公章位置', en: 'print a paper (PDF, DOCX): filled from the matter, gaps marked, room for the seal' },
  usage: 'handover paper print NAME -o FILE.pdf|FILE.docx [--pdf] [--docx] [--lang zh|en]',
  example: 'handover paper print notice-art22 -o 告知书.pdf --docx --pdf',
  options: paperOptions,
  run: async (call) => {
    const name = neededArgument(call, 0, { zh: '文书名', en: 'The paper', command: 'paper print' })
    if (!isPaperName(name)) throw paperFailures.PAPER_UNKNOWN({ name: name.slice(0, 40), names: paperNames.join(', ') })
    const file = neededFlag(call, 'output', 'paper print')
    const { ctx, matter } = await matterOf(call)
    const { facts } = await loadPaperFacts(ctx, matter)
    call.out.say({ zh: '排版…', en: 'Typesetting…' })
    const written = await writePaper(call, draftPaper(name, facts, call.out.lang), file)
    const asked = needOf(name, facts)
    call.out.result({ name, ...written, ...asked }, [...paperLines(written, call.out.lang), ...(asked.need === 'not' ? [call.out.lang === 'zh' ? `  ⚠ 本事项不用这份文书:${asked.because.zh};不要发出` : `  ⚠ this matter does not use this paper: ${asked.because.en}; do not send it`] : [])])
    call.out.next(written.blanks.length > 0 ? 'handover paper list' : `handover paper check ${written.files.at(-1) ?? ''} ${written.code}`)
    return 0
  },
}
