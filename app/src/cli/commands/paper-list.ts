// SPDX-License-Identifier: Apache-2.0
import type { Words } from '../../kit/failure.ts'
import { lawMark } from '../../law/index.ts'
import { missingOf, needOf, paperNames, paperTemplates, sources, type PaperNeed } from '../../stewardship/papers/index.ts'
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
      return { name, zh, en, layout, version, basis: basis.map((one) => sources[one]), missing: facts === null ? null : missingOf(name, facts, lang), ...(facts === null ? { need: null } : needOf(name, facts)) }
    })
    const further = [{ name: 'impact print', zh: '个人信息保护影响评估报告', en: 'impact assessment report' }, { name: 'audit print', zh: '合规审计报告', en: 'compliance audit report' }]
    call.out.result({ papers, further }, [
      ...papers.flatMap((paper) => [
        `${paper.name}  ${paper[lang]}${needText(paper, lang)}`,
        `    ${paper.basis.map((source) => lawMark(source, lang)).join(' ')}`,
      ]),
      ...further.map((paper) => `→ handover ${paper.name}  ${paper[lang]}`),
    ])
    call.out.next('handover paper print NAME -o FILE.pdf')
    return 0
  },
}

interface ListedPaper {
  need: PaperNeed['need'] | null
  because?: Words
  missing: readonly string[] | null
}

/** Whether the matter needs the paper and what it lacks; one that it does not need is never a tick. */
function needText({ need, because, missing }: ListedPaper, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh'
  if (missing === null) return ''
  if (because !== undefined) return `  – ${zh ? `本事项不用:${because.zh}` : `not for this matter: ${because.en}`}`
  const lacks = missing.length === 0 ? '✔' : zh ? `〔待填 ${missing.length} 处〕` : `[${missing.length} to fill in]`
  return `  ${need === 'needed' ? (zh ? '须用' : 'needed') : zh ? '视情形' : 'if it happens'} ${lacks}`
}

async function factsOf(call: Parameters<Command['run']>[0]) {
  const { ctx, matter } = await matterOf(call)
  return loadPaperFacts(ctx, matter)
}
