// SPDX-License-Identifier: Apache-2.0
import { loadOpinions, type Opinion } from '../../stewardship/counsel/index.ts'
import { matterOf } from '../call.ts'
import { listFlag, type Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover counsel list` */
export const command: Command = {
  name: 'counsel list',
  summary: { zh: '已登记的法律意见', en: "counsel's opinions on file" },
  usage: 'handover counsel list [--about PIPL-22|E01|X12|asset_deal …]',
  example: 'handover counsel list --about asset_deal',
  options: { about: { type: 'string', multiple: true, doc: { zh: '只列针对它的', en: 'only those that cover this' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const about = listFlag(call, 'about')
    const opinions = (await loadOpinions(ctx, matter)).filter((opinion) => about.length === 0 || about.some((each) => coversOf(opinion).includes(each)))
    const zh = call.out.lang === 'zh'
    call.out.result({ opinions }, opinions.length === 0 ? (zh ? '没有法律意见' : 'no opinion') : opinions.map((opinion) => {
      const ended = opinion.until !== null && opinion.until < ctx.today()
      return `${ended ? '○' : '●'} ${opinion.id}  ${opinion.givenOn}${opinion.until === null ? '' : ` – ${opinion.until}`}  ${opinion.conclusion}  ${coversOf(opinion).join(', ')}  ${printable(opinion.firm)}`
    }))
    return 0
  },
}

function coversOf({ covers }: Opinion): string[] {
  return [...covers.articles, ...covers.rules, ...covers.rows, ...covers.positions]
}
