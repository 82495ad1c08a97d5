// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { authorities, letterSubjects } from '../../law/index.ts'
import { isAuthority, isLetterSubject, recordLetter, type NewLetter } from '../../stewardship/counsel/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { dayFlag, matterOf, neededDay, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'

/** Options that a letter and a reply share. */
export const letterOptions = {
  authority: { type: 'string', doc: { zh: `部门:${Object.keys(authorities).join('、')}`, en: `authority: ${Object.keys(authorities).join(', ')}` } },
  subject: { type: 'string', doc: { zh: `事由:${Object.keys(letterSubjects).join('、')}`, en: `subject: ${Object.keys(letterSubjects).join(', ')}` } },
  number: { type: 'string', doc: { zh: '文号', en: 'its number as printed' } },
  dated: { type: 'string', doc: { zh: '落款或收到之日', en: 'day of the letter' } },
  document: { type: 'string', doc: { zh: '文件(加密保存)', en: 'the document (kept encrypted)' } },
  note: { type: 'string', doc: { zh: '写有摘要的文件 @文件(加密保存)', en: 'file with a short note: @FILE (kept encrypted)' } },
  key: { type: 'string', doc: { zh: '登记人的个人密钥文件', en: 'key file of who records it' } },
} as const

/** What the options say of a letter, before its direction and what it answers are known. */
export function letterOf(call: CommandCall, name: string): Pick<NewLetter, 'authority' | 'subject' | 'number' | 'dated' | 'file' | 'note' | 'keyFile'> {
  const authority = neededFlag(call, 'authority', name)
  const subject = neededFlag(call, 'subject', name)
  if (!isAuthority(authority)) throw cliFailures.WRONG_ARGUMENT({ what: '--authority', why: expects(Object.keys(authorities).join(' | ')), command: name })
  if (!isLetterSubject(subject)) throw cliFailures.WRONG_ARGUMENT({ what: '--subject', why: expects(Object.keys(letterSubjects).join(' | ')), command: name })
  return { authority, subject, number: textFlag(call, 'number') ?? null, dated: neededDay(call, 'dated', name), file: textFlag(call, 'document') ?? null, note: wordsFlag(call, 'note', name) ?? '', keyFile: neededFlag(call, 'key', name) }
}

/** `handover authority add in|out` */
export const command: Command = {
  name: 'authority add',
  summary: { zh: '登记与主管部门的往来:来函、报送', en: 'record a letter from or to an authority' },
  usage: 'handover authority add in|out --authority A --subject S --dated DAY [--due DAY] [--number N] [--document FILE] [--note @FILE] --key FILE',
  example: 'handover authority add in --authority cac-city --subject audit-order --number 沪网信〔2026〕12号 --dated 2026-11-02 --due 2026-11-30 --document 来函.pdf --key 王芳.key',
  options: { ...letterOptions, due: { type: 'string', doc: { zh: '要求答复的最后一天(来函)', en: 'last day for our answer (of a letter that came in)' } } },
  run: async (call) => {
    const direction = oneOf(call.positionals[0] ?? '', ['in', 'out'], { what: 'in|out', command: 'authority add' })
    const due = dayFlag(call, 'due', 'authority add')
    if (direction === 'out' && due !== null) throw cliFailures.WRONG_ARGUMENT({ what: '--due', why: { zh: '只用于来函(authority add in)', en: 'for a letter received only (authority add in)' }, command: 'authority add' })
    const given = { ...letterOf(call, 'authority add'), direction, due, answers: null }
    const { ctx, matter } = await matterOf(call)
    const { letter, repeated } = await recordLetter(ctx, matter, given)
    const zh = call.out.lang === 'zh'
    call.out.result({ ...letter, repeated }, [
      `✔ ${letter.letter} · ${authorities[given.authority][call.out.lang]} · ${letterSubjects[given.subject][call.out.lang]}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
      ...(letter.due === null ? [] : [zh ? `  应于 ${letter.due} 前答复` : `  answer due by ${letter.due}`]),
    ])
    call.out.next('handover authority list')
    return 0
  },
}
