// SPDX-License-Identifier: Apache-2.0
import { compareLaws } from '../../law/index.ts'
import { lawOf, loadMatters } from '../../matter/index.ts'
import { neededArgument } from '../call.ts'
import type { Command, CommandCall } from '../command.ts'
import { differenceLines } from '../law-lines.ts'
import { lawNamed } from '../law-source.ts'

/** `handover law diff OLD NEW` */
export const command: Command = {
  name: 'law diff',
  summary: { zh: '两套法规的条文级差异,及其影响的规则、告知、保存、制度、培训和在办事项', en: 'the difference of two laws by article, and the rules, notices, retention, policies, training and open matters it affects' },
  usage: 'handover law diff OLD NEW [--matters]',
  example: 'handover law diff built-in update.json --matters',
  options: { matters: { type: 'boolean', doc: { zh: '列出仍在使用其他法规的在办事项', en: 'list the open matters that still use another law' } } },
  run: async (call) => {
    const [old, now] = [0, 1].map((at) => neededArgument(call, at, { zh: '法规(built-in、matter、文件夹或法规包)', en: 'A law (built-in, matter, a folder or a pack)', command: 'law diff' }))
    const [before, after] = [await lawNamed(call, old ?? '', 'law diff'), await lawNamed(call, now ?? '', 'law diff')]
    const difference = compareLaws(before, after)
    const matters = call.flags['matters'] === true ? await mattersUnder(call, after.version) : []
    const zh = call.out.lang === 'zh'
    call.out.result({ ...difference, matters }, [
      ...differenceLines(difference, call.out.lang), ...(matters.length === 0 ? [] : [zh ? '使用其他法规的在办事项:' : 'Open matters under another law:', ...matters.map(({ code, law }) => `  ${code}  ${law.slice(0, 12)}…`)]),
    ])
    call.out.next('handover law import PACK --dry-run')
    return 0
  },
}

/** The open matters of the home that use another law than this version. */
async function mattersUnder(call: CommandCall, version: string): Promise<{ matter: string; code: string; law: string }[]> {
  const ctx = await call.context()
  const found: { matter: string; code: string; law: string }[] = []
  for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
    const law = (await lawOf(ctx, matter)).version
    if (matter.status === 'open' && law !== version) found.push({ matter: matter.id, code: matter.code, law })
  }
  return found
}
