// SPDX-License-Identifier: Apache-2.0
import { opinionConclusions } from '../../law/index.ts'
import { addOpinion } from '../../stewardship/counsel/index.ts'
import { dayFlag, matterOf, neededArgument, neededDay, neededFlag, oneOf } from '../call.ts'
import { listFlag, type Command } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'

/** `handover counsel add FILE` */
export const command: Command = {
  name: 'counsel add',
  summary: { zh: '登记法律意见:针对哪些条文、规则、判定行、立场', en: "file counsel's opinion with the articles, rules, rows and positions it covers" },
  usage: `handover counsel add FILE --article A… [--rule R…] [--row X…] [--position P…] --conclusion ${opinionConclusions.join('|')} --given DAY [--until DAY] [--firm @FILE] [--note @FILE] --key FILE`,
  example: 'handover counsel add 法律意见书.pdf --article PIPL-22 --position asset_deal --conclusion supports-with-conditions --given 2026-11-10 --until 2027-05-10 --key 王芳.key',
  options: {
    article: { type: 'string', multiple: true, doc: { zh: '条文,如 PIPL-22(handover law list)', en: 'article, as PIPL-22 (handover law list)' } },
    rule: { type: 'string', multiple: true, doc: { zh: '规则,如 E01', en: 'rule, as E01' } },
    row: { type: 'string', multiple: true, doc: { zh: '判定行,如 X12', en: 'row of the decision table, as X12' } },
    position: { type: 'string', multiple: true, doc: { zh: '法律立场,如 asset_deal', en: 'open position, as asset_deal' } },
    conclusion: { type: 'string', doc: { zh: `结论:${opinionConclusions.join('、')}`, en: `conclusion: ${opinionConclusions.join(', ')}` } },
    given: { type: 'string', doc: { zh: '出具日', en: 'day it was given' } },
    until: { type: 'string', doc: { zh: '此后不再适用的日子', en: 'last day on which it counts' } },
    firm: { type: 'string', doc: { zh: '写有出具方的文件 @文件(加密保存)', en: 'file with who gave it: @FILE (kept encrypted)' } },
    note: { type: 'string', doc: { zh: '写有摘要的文件 @文件(加密保存)', en: 'file with a short note: @FILE (kept encrypted)' } },
    key: { type: 'string', doc: { zh: '登记人的个人密钥文件', en: 'key file of who files it' } },
  },
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '法律意见文件', en: 'The document', command: 'counsel add' })
    const given = {
      file, covers: { articles: listFlag(call, 'article'), rules: listFlag(call, 'rule'), rows: listFlag(call, 'row'), positions: listFlag(call, 'position') },
      conclusion: oneOf(neededFlag(call, 'conclusion', 'counsel add'), opinionConclusions, { what: '--conclusion', command: 'counsel add' }), givenOn: neededDay(call, 'given', 'counsel add'), until: dayFlag(call, 'until', 'counsel add'),
      firm: wordsFlag(call, 'firm', 'counsel add') ?? '', note: wordsFlag(call, 'note', 'counsel add') ?? '', keyFile: neededFlag(call, 'key', 'counsel add'),
    }
    const { ctx, matter } = await matterOf(call)
    const { opinion, repeated } = await addOpinion(ctx, matter, given)
    const zh = call.out.lang === 'zh'
    call.out.result({ ...opinion, repeated }, [
      `✔ ${opinion.id} · ${opinion.conclusion}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
      `  ${[...opinion.covers.articles, ...opinion.covers.rules, ...opinion.covers.rows, ...opinion.covers.positions].join(', ')}`,
      `  SHA-256 ${opinion.digest}`,
    ])
    call.out.next('handover counsel list')
    return 0
  },
}
