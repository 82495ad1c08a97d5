// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import { factKind, factNames, isFactName, type FactName } from '../../law/index.ts'
import { assessFailures, factsOfActs, isFactOfAct } from '../../lifecycle/assess/index.ts'
import type { Command } from '../command.ts'

/** `handover fact names [NAME]` */
export const command: Command = {
  name: 'fact names',
  summary: { zh: '可登记的事实和所需内容', en: 'facts that can be recorded and what they need' },
  usage: 'handover fact names [NAME]',
  example: 'handover fact names child-assessment',
  options: {},
  run: async ({ positionals: [given], out }) => {
    if (given !== undefined && !isFactName(given)) throw assessFailures.FACT_UNKNOWN({ name: given.slice(0, 60) })
    const names: readonly FactName[] = given === undefined ? factNames : [given]
    const facts = names.map((name) => {
      const { zh, en, evidence, signers, per, rules, value } = factKind(name)
      return { name, zh, en, evidence, signers, per, rules, recordedBy: isFactOfAct(name) ? factsOfActs[name].command : null, value: z.toJSONSchema(value, { unrepresentable: 'any', io: 'input' }) }
    })
    const zh = out.lang === 'zh'
    out.result({ facts }, facts.flatMap((fact) => [
      `${fact.name}  ${fact[out.lang]}  [${fact.rules.join(' ')}]${fact.recordedBy === null ? '' : `  → ${fact.recordedBy}`}`,
      ...(given === undefined ? [] : [
        `  ${zh ? '签署方' : 'signers'}: ${fact.signers.join(', ')}`,
        `  ${zh ? '证明文件' : 'evidence'}: ${fact.evidence === 'required' ? (zh ? '必须' : 'required') : zh ? '可选' : 'optional'}`,
        `  ${zh ? '内容' : 'value'}: ${JSON.stringify(fact.value)}`,
      ]),
    ]))
    return 0
  },
}
