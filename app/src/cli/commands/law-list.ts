// SPDX-License-Identifier: Apache-2.0
import type { LawBook } from '../../law/index.ts'
import { oneOf } from '../call.ts'
import type { Command } from '../command.ts'
import { listLines } from '../law-lines.ts'
import { lawInUse } from '../law-source.ts'

const kinds = ['instruments', 'articles', 'rules', 'decisions', 'deadlines', 'retention', 'penalties', 'positions', 'calendar'] as const

/** `handover law list` */
export const command: Command = {
  name: 'law list',
  summary: { zh: '法规清单(施行日、状态、可信度),或其中一类', en: 'the laws with date of force, status and how sure we are, or one kind of entry' },
  usage: `handover law list [${kinds.join('|')}]`,
  example: 'handover law list rules',
  options: { 'built-in': { type: 'boolean', doc: { zh: '看随程序附带的法规,而非本事项采用的', en: 'the shipped law, not the one that the matter adopted' } } },
  run: async (call) => {
    const kind = oneOf(call.positionals[0] ?? 'instruments', kinds, { what: (call.positionals[0] ?? '').slice(0, 40), command: 'law list' })
    const law = await lawInUse(call)
    call.out.result({ law: law.version, origin: law.origin, [kind]: entriesOf(law, kind) }, [...listLines(law, kind, call.out.lang), `${call.out.lang === 'zh' ? '规则版本' : 'rules version'} ${law.version} (${law.origin})`])
    call.out.next('handover law show ID')
    return 0
  },
}

function entriesOf(law: LawBook, kind: (typeof kinds)[number]): unknown {
  const lists = { instruments: law.instruments, articles: law.articles, rules: law.rules, decisions: law.decisionRows, deadlines: law.deadlines, retention: law.retentionRows, penalties: law.penalties, positions: law.positions, calendar: law.calendarYears }
  return lists[kind]
}
