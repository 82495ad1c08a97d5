// SPDX-License-Identifier: Apache-2.0
import { authorities, authorityStateOf, letterSubjects, openLetters } from '../../law/index.ts'
import { isAuthority, isLetterSubject, loadLetters, type Letter } from '../../stewardship/counsel/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover authority list` */
export const command: Command = {
  name: 'authority list',
  summary: { zh: '与主管部门的往来;待答复的在前', en: 'letters from and to authorities, those that wait first' },
  usage: 'handover authority list [--open]',
  example: 'handover authority list --open',
  options: { open: { type: 'boolean', doc: { zh: '只列待答复的', en: 'only those that wait for an answer' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const all = await loadLetters(ctx, matter)
    const open = new Set(openLetters(all).map(({ letter }) => letter))
    const state = authorityStateOf(all, ctx.today())
    const letters = [...all.filter(({ letter }) => open.has(letter)), ...(call.flags['open'] === true ? [] : all.filter(({ letter }) => !open.has(letter)))]
    const zh = call.out.lang === 'zh'
    call.out.result({ ...state, letters }, [
      zh ? `待答复 ${state.open} 件,其中逾期 ${state.overdue} 件` : `${state.open} wait for an answer, ${state.overdue} of them overdue`,
      ...letters.map((letter) => lineOf(letter, { open: open.has(letter.letter), late: open.has(letter.letter) && letter.due !== null && letter.due < ctx.today(), lang: call.out.lang })),
    ])
    return state.overdue > 0 ? 15 : 0
  },
}

function lineOf(letter: Letter, { open, late, lang }: { open: boolean; late: boolean; lang: 'zh' | 'en' }): string {
  const authority = isAuthority(letter.authority) ? authorities[letter.authority][lang] : letter.authority
  const subject = isLetterSubject(letter.subject) ? letterSubjects[letter.subject][lang] : letter.subject
  const due = letter.due === null ? '' : lang === 'zh' ? `  期限 ${letter.due}` : `  due ${letter.due}`
  return `${late ? '✗' : open ? '○' : '●'} ${letter.dated} ${letter.direction === 'in' ? '←' : '→'} ${authority} · ${subject}${letter.number === null ? '' : ` · ${printable(letter.number)}`}${due}  ${letter.letter}${letter.note === '' ? '' : `  ${printable(letter.note).slice(0, 60)}`}`
}
