// SPDX-License-Identifier: Apache-2.0
import { coveredText, lawMark, obstacle, spellObstacle } from '../../law/index.ts'
import { generalWords } from '../general-words.ts'
import { checkGateOverride, gateOverrideParameters, overrideGate } from '../../lifecycle/hand-over/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, neededDay, neededFlag, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover gate override RULE` */
export const command: Command = {
  name: 'gate override',
  summary: { zh: '改判关卡:依律师意见,三名具名人员让一条规则的现有障碍在期限内放行', en: "override a gate rule: three named people, on counsel's opinion, let its present obstacles pass until a day" },
  usage: 'handover gate override RULE --opinion FILE --article LAW-ARTICLE --until DAY --reason-file FILE [--request --key FILE]',
  example: 'handover gate override D01 --opinion 法律意见.pdf --article PIPL-55 --until 2026-12-31 --reason-file 理由.txt --request --key 李明.key',
  options: {
    opinion: { type: 'string', doc: { zh: '律师的书面意见(已用 counsel add 登记);账上只记其摘要', en: "counsel's written opinion (filed with counsel add); only its digest is recorded" } },
    article: { type: 'string', doc: { zh: '意见所依据的条文', en: 'the article that the opinion is about' } },
    until: { type: 'string', doc: { zh: '最后一天,过后不再有效(最长一年)', en: 'last day; afterwards it no longer counts (one year at most)' } },
    'reason-file': { type: 'string', doc: { zh: '写明理由的文件,加密保存', en: 'file with the reason; kept encrypted' } },
    request: { type: 'boolean', doc: { zh: '先提出申请', en: 'ask for approval first' } },
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
  },
  run: async (call) => {
    const rule = neededArgument(call, 0, { zh: '规则编号', en: 'The rule', command: 'gate override' })
    const given = {
      rule, opinionFile: neededFlag(call, 'opinion', 'gate override'), article: neededFlag(call, 'article', 'gate override'), until: neededDay(call, 'until', 'gate override'),
      reason: readTextFile(neededFlag(call, 'reason-file', 'gate override')),
    }
    const { ctx, matter } = await matterOf(call)
    const { lang } = call.out
    if (call.flags['request'] === true) {
      const checked = await checkGateOverride(ctx, matter, given)
      const { request, repeated } = await requestApproval(ctx, matter, { act: 'gate-override', parameters: gateOverrideParameters(checked), keyFile: neededFlag(call, 'key', 'gate override') })
      call.out.result({ request: request.id, rule, codes: checked.codes, counts: checked.counts, repeated }, [`✔ ${request.id}`, ...checked.codes.map((code) => spellObstacle(obstacle(code, { rule }))).map((found) => `  ${found.code}  ${generalWords(found)[lang]} ${lawMark(found, lang)}`), `  ${coveredText(checked.counts)}`])
      call.out.next(`handover approve ${request.id} --key FILE`)
      return 0
    }
    const { id, approval, codes } = await overrideGate(ctx, matter, given)
    call.out.result({ override: id, approval, rule, codes, until: given.until }, lang === 'zh' ? `✔ 规则 ${rule} 已改判至 ${given.until}(${id});障碍仍会列出,并印在平衡表上` : `✔ rule ${rule} is overridden until ${given.until} (${id}); its obstacles stay on the list and are printed on the closing sheet`)
    call.out.next('handover gate')
    return 0
  },
}
