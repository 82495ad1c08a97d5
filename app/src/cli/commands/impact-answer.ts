// SPDX-License-Identifier: Apache-2.0
import { answerImpact, impactLevels, likelihoods, questionOf, type Answer, type Treatment } from '../../lifecycle/assess/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'

/** `handover impact answer ITEM` */
export const command: Command = {
  name: 'impact answer',
  summary: { zh: '回答一个问题,或写明一项风险怎么处置(签名,内容加密存放)', en: 'answer a question, or say what is done about a risk (signed; the words are kept encrypted)' },
  usage: 'handover impact answer QUESTION --text @FILE [--choice C] --key FILE | handover impact answer R07 --text @MEASURE-FILE --owner @NAME-FILE [--due DAY] [--strong] --key FILE',
  example: 'handover impact answer purpose --choice yes --text @目的.txt --key 王芳.key',
  options: {
    text: { type: 'string', doc: { zh: '写有回答、措施和理由的文件 @文件,或 @- 取自标准输入', en: 'file with the answer, or measure and reason: @FILE, or @- for standard input' } },
    choice: { type: 'string', doc: { zh: '选项(见 impact show)', en: 'the choice (see impact show)' } },
    owner: { type: 'string', doc: { zh: '写有风险处置负责人的文件 @文件(姓名不上命令行)', en: 'file with who is responsible for the treatment: @FILE (no name on the command line)' } },
    due: { type: 'string', doc: { zh: '处置期限 YYYY-MM-DD', en: 'by when, YYYY-MM-DD' } },
    strong: { type: 'boolean', doc: { zh: '强措施:可能性降一级(理由写在 --text)', en: 'a strong measure: one step less likely (reason in --text)' } },
    impact: { type: 'string', doc: { zh: '影响比事实所示更重:low|medium|high|severe', en: 'harder than the facts say: low|medium|high|severe' } },
    likelihood: { type: 'string', doc: { zh: '可能性比事实所示更大:low|medium|high|very-high', en: 'more likely than the facts say: low|medium|high|very-high' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const item = neededArgument(call, 0, { zh: '问题或风险', en: 'The question or risk', command: 'impact answer' })
    const keyFile = neededFlag(call, 'key', 'impact answer')
    const said = questionOf(item) === undefined ? treatmentOf(call) : answerOf(call)
    const { ctx, matter } = await matterOf(call)
    const { number } = await answerImpact(ctx, matter, { item, said, keyFile })
    call.out.result({ item, number }, `✔ ${item} · #${number}`)
    call.out.next('handover impact show')
    return 0
  },
}

function answerOf(call: CommandCall): Answer {
  return { choice: textFlag(call, 'choice') ?? null, text: wordsFlag(call, 'text', 'impact answer') ?? '' }
}

function treatmentOf(call: CommandCall): Treatment {
  const [impact, likelihood] = [textFlag(call, 'impact'), textFlag(call, 'likelihood')]
  return {
    measure: wordsFlag(call, 'text', 'impact answer') ?? '', owner: wordsFlag(call, 'owner', 'impact answer') ?? '', due: textFlag(call, 'due') ?? null, strength: call.flags['strong'] === true ? 'strong' : 'ordinary',
    impact: impact === undefined ? null : oneOf(impact, impactLevels, { what: '--impact', command: 'impact answer' }), likelihood: likelihood === undefined ? null : oneOf(likelihood, likelihoods, { what: '--likelihood', command: 'impact answer' }),
  }
}
