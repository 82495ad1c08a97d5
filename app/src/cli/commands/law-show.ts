// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { lawEntry } from '../../law/index.ts'
import { neededArgument } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import type { Command } from '../command.ts'
import { entryLines } from '../law-lines.ts'
import { lawInUse } from '../law-source.ts'

/** `handover law show PIPL-22` */
export const command: Command = {
  name: 'law show',
  summary: { zh: '条文、规则、判定行、期限、保存、罚则:摘要、施行、可信度,及其所涉', en: 'an article, rule, row, deadline, retention, penalty: summary, in force, how sure, and what hangs on it' },
  usage: 'handover law show ID [--built-in]',
  example: 'handover law show PIPL-22',
  options: { 'built-in': { type: 'boolean', doc: { zh: '看随程序附带的法规,而非本事项采用的', en: 'the shipped law, not the one that the matter adopted' } } },
  run: async (call) => {
    const asked = neededArgument(call, 0, { zh: '条文或编号', en: 'An article or id', command: 'law show' })
    const law = await lawInUse(call)
    const found = lawEntry(call.positionals.join(' '), law) ?? lawEntry(asked, law)
    if (found === undefined) throw cliFailures.WRONG_ARGUMENT({ what: asked.slice(0, 60), why: expects('PIPL-22 | J02 | X13 | S01 | T07 | RT01 | AU07 | PN01 | asset_deal | PIPL'), command: 'law show' })
    call.out.result({ law: law.version, origin: law.origin, ...found }, entryLines(found, call.out.lang, law))
    return 0
  },
}
