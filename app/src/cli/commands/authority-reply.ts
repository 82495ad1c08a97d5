// SPDX-License-Identifier: Apache-2.0
import { counselFailures, isAuthority, isLetterSubject, loadLetters, recordLetter } from '../../stewardship/counsel/index.ts'
import { matterOf, neededArgument, neededDay, neededFlag } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'
import { letterOptions } from './authority-add.ts'

/** `handover authority reply LETTER` */
export const command: Command = {
  name: 'authority reply',
  summary: { zh: '登记对来函的答复,了结其期限', en: 'record the answer to a letter and end its duty' },
  usage: 'handover authority reply LETTER --dated DAY [--number N] [--document FILE] [--note @FILE] --key FILE',
  example: 'handover authority reply ltr_… --dated 2026-11-28 --document 审计整改报告.pdf --key 王芳.key',
  options: { number: letterOptions.number, dated: letterOptions.dated, document: letterOptions.document, note: letterOptions.note, key: letterOptions.key },
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '来函编号', en: 'The letter', command: 'authority reply' })
    const given = { dated: neededDay(call, 'dated', 'authority reply'), number: textFlag(call, 'number') ?? null, file: textFlag(call, 'document') ?? null, note: wordsFlag(call, 'note', 'authority reply') ?? '', keyFile: neededFlag(call, 'key', 'authority reply') }
    const { ctx, matter } = await matterOf(call)
    const asked = (await loadLetters(ctx, matter)).find(({ letter, direction }) => letter === id && direction === 'in')
    if (asked === undefined || !isAuthority(asked.authority) || !isLetterSubject(asked.subject)) throw counselFailures.LETTER_UNKNOWN({ letter: id.slice(0, 40) })
    const { letter, repeated } = await recordLetter(ctx, matter, { ...given, direction: 'out', authority: asked.authority, subject: asked.subject, due: null, answers: id })
    const zh = call.out.lang === 'zh'
    const late = asked.due !== null && letter.dated > asked.due
    call.out.result({ ...letter, late, repeated }, [
      `✔ ${letter.letter} → ${id}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
      ...(late ? [zh ? `  ⚠ 晚于期限 ${asked.due ?? ''}` : `  ⚠ after the day asked for, ${asked.due ?? ''}`] : []),
    ])
    call.out.next('handover authority list')
    return 0
  },
}
