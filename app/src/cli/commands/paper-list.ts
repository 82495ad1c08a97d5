// SPDX-License-Identifier: Apache-2.0
import { lawMark } from '../../law/index.ts'
import { missingOf, paperNames, paperTemplates, sources } from '../../stewardship/papers/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'
import { loadPaperFacts } from '../paper-facts.ts'

/** `handover paper list` */
export const command: Command = {
  name: 'paper list',
  summary: { zh: '可打印的文书:依据,以及本事项还缺什么', en: 'papers that can be printed: their sources, and what this matter still lacks' },
  usage: 'handover paper list [-m CODE]',
  example: 'handover paper list --json',
  options: { bare: { type: 'boolean', doc: { zh: '只列模板,不读事项', en: 'list the templates only, without a matter' } } },
  run: async (call) => {
    const { lang } = call.out
    const facts = call.flags['bare'] === true ? null : (await factsOf(call)).facts
    const papers = paperNames.map((name) => {
      const { zh, en, layout, version, basis } = paperTemplates[name]
      return { name, zh, en, layout, version, basis: basis.map((one) => sources[one]), missing: facts === null ? null : missingOf(name, facts, lang) }
    })
    const further = [{ name: 'impact print', zh: '个人信息保护影响评估报告', en: 'impact assessment report' }, { name: 'audit print', zh: '合规审计报告', en: 'compliance audit report' }]
    call.out.result({ papers, further }, [
      ...papers.flatMap((paper) => [
        `${paper.name}  ${paper[lang]}${paper.missing === null ? '' : paper.missing.length === 0 ? '  ✔' : lang === 'zh' ? `  〔待填 ${paper.missing.length} 处〕` : `  〔${paper.missing.length} to fill in〕`}`,
        `    ${paper.basis.map((source) => lawMark(source, lang)).join(' ')}`,
      ]),
      ...further.map((paper) => `→ handover ${paper.name}  ${paper[lang]}`),
    ])
    call.out.next('handover paper print NAME -o FILE.pdf')
    return 0
  },
}

async function factsOf(call: Parameters<Command['run']>[0]) {
  const { ctx, matter } = await matterOf(call)
  return loadPaperFacts(ctx, matter)
}
