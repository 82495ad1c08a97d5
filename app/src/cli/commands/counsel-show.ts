// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { lawMark } from '../../law/index.ts'
import { lawOf } from '../../matter/index.ts'
import { counselFailures, loadOpinions, opinionDocument } from '../../stewardship/counsel/index.ts'
import { matterOf, neededArgument } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover counsel show ID` */
export const command: Command = {
  name: 'counsel show',
  summary: { zh: '一份法律意见:内容、摘要、原文件', en: 'one opinion: what it covers, its note, its document' },
  usage: 'handover counsel show ID [-o FILE]',
  example: 'handover counsel show opn_… -o 法律意见书.pdf',
  options: { output: { type: 'string', short: 'o', doc: { zh: '写出原文件', en: 'write the document' } } },
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '法律意见编号', en: 'The opinion', command: 'counsel show' })
    const { ctx, matter } = await matterOf(call)
    const opinion = (await loadOpinions(ctx, matter)).find((one) => one.id === id || one.digest === id)
    if (opinion === undefined) throw counselFailures.OPINION_UNKNOWN({ opinion: id.slice(0, 80) })
    const output = textFlag(call, 'output')
    const document = output === undefined ? undefined : await opinionDocument(ctx, matter, opinion.id)
    if (output !== undefined && document !== undefined) writeFileSync(output, document, { mode: 0o600, flag: 'wx' })
    const law = await lawOf(ctx, matter)
    const zh = call.out.lang === 'zh'
    call.out.result({ ...opinion, written: output ?? null }, [
      `■ ${opinion.id}  ${opinion.conclusion}  ${opinion.givenOn}${opinion.until === null ? '' : ` – ${opinion.until}`}`,
      ...law.articles.filter((article) => opinion.covers.articles.includes(article.id)).map((article) => `  ${article[call.out.lang]} ${lawMark({ law: article.id, conf: article.conf }, call.out.lang)}`),
      ...opinion.covers.rules.map((rule) => `  ${rule}  ${law.ruleById.get(rule)?.[call.out.lang] ?? ''} ${lawMark({ law: law.ruleById.get(rule)?.src ?? '', conf: law.ruleById.get(rule)?.conf ?? 'K' }, call.out.lang)}`),
      ...[...opinion.covers.rows, ...opinion.covers.positions].map((each) => `  ${each}`),
      ...(opinion.firm === '' ? [] : [`  ${zh ? '出具方' : 'given by'} ${printable(opinion.firm)}`]),
      ...(opinion.note === '' ? [] : [`  ${printable(opinion.note)}`]),
      `  ${printable(opinion.fileName)} · ${opinion.bytes} B · SHA-256 ${opinion.digest}`,
      ...(output === undefined ? [] : [`✔ ${output}`]),
    ])
    return 0
  },
}
