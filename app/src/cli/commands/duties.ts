// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { dutiesOf, dutyHolders, lawMark, severityWords, type Duty } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { calendarFile } from '../../stewardship/duties/index.ts'
import { matterOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover duties` */
export const command: Command = {
  name: 'duties',
  summary: { zh: '本事项的义务日历:起算、到期、依据、怎样计算的;可导出 iCalendar', en: 'the duties of the matter: start, due time, reason, how it was counted; as an iCalendar file too' },
  usage: 'handover duties [--all] [--ics FILE]',
  example: 'handover duties --ics duties.ics',
  options: {
    all: { type: 'boolean', doc: { zh: '也列出已办妥的、等待期和保存期', en: 'list what is done, waits and keeping times as well' } },
    ics: { type: 'string', doc: { zh: '写成日历文件(不含个人信息;重写同名文件)', en: 'write a calendar file (nothing personal in it; replaces the file)' } },
  },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const state = await loadMatterState(ctx, matter)
    const duties = dutiesOf(state).filter((duty) => call.flags['all'] === true || (duty.kind === 'duty' ? duty.status !== 'done' : duty.kind === 'wait' && duty.status === 'open'))
    const file = textFlag(call, 'ics')
    if (file !== undefined) writeFileSync(file, calendarFile(duties, { matterId: matter.id, now: ctx.now(), lang: call.out.lang }))
    const overdue = duties.filter(({ status }) => status === 'overdue').length
    const zh = call.out.lang === 'zh'
    call.out.result({ now: ctx.now(), law: state.law.version, duties, overdue, ics: file ?? null }, [
      ...duties.flatMap((duty) => dutyText(duty, call.out.lang)),
      zh ? `共 ${duties.length} 项,逾期 ${overdue} 项${file === undefined ? '' : `;已写入 ${file}`}` : `${duties.length} entries, ${overdue} overdue${file === undefined ? '' : `; written to ${file}`}`,
    ])
    call.out.next(overdue > 0 ? 'handover gate close' : 'handover gate')
    return 0
  },
}

const marks = { open: '○', done: '✔', overdue: '✗' } as const
const kindWords = { duty: { zh: '办理', en: 'due' }, wait: { zh: '等待', en: 'wait' }, keep: { zh: '保存', en: 'keep' }, ends: { zh: '到期', en: 'ends' } } as const
const forceWords = { legal: { zh: '法定', en: 'by law' }, standard: { zh: '国家标准,非法定', en: 'by a standard, not by law' }, product: { zh: '本产品默认,法律未定', en: 'a default of this product, not by law' } } as const

function dutyText(duty: Duty, lang: 'zh' | 'en'): string[] {
  const { deadline } = duty
  const zh = lang === 'zh'
  const state = duty.status === 'overdue' ? (zh ? ' 逾期' : ' overdue') : duty.doneOn === null ? '' : `${zh ? ' 办妥' : ' done'} ${duty.doneOn}${duty.late ? (zh ? '(迟延)' : ' (late)') : ''}`
  return [
    `${marks[duty.status]} ${deadline.dueDay}${state}  ${kindWords[duty.kind][lang]} ${deadline.what[lang]}${duty.count === null ? '' : ` [${duty.count}]`}  ${lawMark({ law: deadline.source, conf: deadline.conf }, lang)}`,
    `    ${deadline.counted[lang]} · ${forceWords[deadline.force][lang]}${deadline.lawSays === null ? '' : ` · ${zh ? '法律原词' : "the law's word"}: ${deadline.lawSays}`}`,
    `    ${duty.rule} ${severityWords[duty.sev][lang]} · ${dutyHolders[duty.who][lang]} · ${duty.id}${duty.endsBy === null || duty.status === 'done' ? '' : ` → ${duty.endsBy}`}`,
  ]
}
