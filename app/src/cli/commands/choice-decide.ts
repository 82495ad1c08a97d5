// SPDX-License-Identifier: Apache-2.0
import { choices } from '../../law/index.ts'
import { decideRequests } from '../../lifecycle/notify/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'
import { wordsFlag } from '../words-flag.ts'

/** `handover choice decide accept|refuse` */
export const command: Command = {
  name: 'choice decide',
  summary: { zh: '裁定待办的个人请求(删除、更正、副本、咨询)', en: 'decide open requests (delete, correct, copy, ask)' },
  usage: 'handover choice decide accept|refuse --choice KIND (--batch BATCH | --subject SUBJECT | --all) [--reason @FILE]',
  example: 'handover choice decide accept --choice delete --subject sub_0123456789abcdef0123456789abcdef',
  options: {
    choice: { type: 'string', doc: { zh: '请求种类: delete correct copy ask', en: 'kind of request: delete correct copy ask' } },
    batch: { type: 'string', doc: { zh: '只裁定这次导入的', en: 'only those of this import' } },
    subject: { type: 'string', doc: { zh: '只裁定这个主体的', en: 'only those of this person' } },
    all: { type: 'boolean', doc: { zh: '裁定这一种的全部', en: 'all of this kind' } },
    reason: { type: 'string', doc: { zh: '写有理由的文件 @文件,或 @- 取自标准输入(拒绝时必填,加密保存)', en: 'file with the reason: @FILE, or @- for standard input (needed for a refusal; kept encrypted)' } },
  },
  run: async (call) => {
    const decision = oneOf(neededArgument(call, 0, { zh: 'accept 或 refuse', en: 'accept or refuse', command: 'choice decide' }), ['accept', 'refuse'], { what: 'choice decide', command: 'choice decide' })
    const choice = oneOf(neededFlag(call, 'choice', 'choice decide'), choices, { what: '--choice', command: 'choice decide' })
    const batch = textFlag(call, 'batch') ?? null
    const subject = textFlag(call, 'subject') ?? null
    // Deciding everything at once must be said, not left out.
    if (batch === null && subject === null && call.flags['all'] !== true) throw cliFailures.MISSING_ARGUMENT({ what: '--batch | --subject | --all', command: 'choice decide' })
    const reason = wordsFlag(call, 'reason', 'choice decide') ?? null
    const { ctx, matter } = await matterOf(call)
    const done = await decideRequests(ctx, matter, { choice, batch, subject, decision: decision === 'accept' ? 'accepted' : 'refused', reason })
    call.out.result({ choice, decision, ...done }, call.out.lang === 'zh' ? `✔ ${choice} ${decision === 'accept' ? '成立' : '不成立'}: ${done.records} 条记录` : `✔ ${choice} ${decision}ed: ${done.records} records`)
    call.out.next('handover plan')
    return 0
  },
}
