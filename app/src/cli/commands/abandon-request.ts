// SPDX-License-Identifier: Apache-2.0
import { abandonParameters, abandonReasons } from '../../lifecycle/prove/index.ts'
import { refuseEnded, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover abandon request` */
export const command: Command = {
  name: 'abandon request',
  summary: { zh: '交易未成:为终止事项申请批准(须两人)', en: 'the deal failed: ask for approval to abandon the matter (two people)' },
  usage: 'handover abandon request --reason REASON --key FILE',
  example: 'handover abandon request --reason financing-failed --key 李明.key',
  options: {
    reason: { type: 'string', doc: { zh: `原因:${abandonReasons.join('、')}`, en: `reason: ${abandonReasons.join(', ')}` } },
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
  },
  run: async (call) => {
    const reason = oneOf(neededFlag(call, 'reason', 'abandon request'), abandonReasons, { what: '--reason', command: 'abandon request' })
    const keyFile = neededFlag(call, 'key', 'abandon request')
    const { ctx, matter } = await matterOf(call)
    refuseEnded(matter)
    refuseUnlessBookkeeper(matter)
    const { request, repeated } = await requestApproval(ctx, matter, { act: 'abandon', parameters: await abandonParameters(ctx, matter, reason), keyFile })
    call.out.result({ request: request.id, reason, repeated }, [
      `✔ ${request.id}`,
      call.out.lang === 'zh' ? '  批准后运行 handover abandon:未签认的移交包全部作废,对方持有的副本须销毁并出具证明,本方记录留存' : '  once approved, handover abandon voids all packages that are not reconciled; copies in other hands must be destroyed with proof; the records here stay',
    ])
    call.out.next(`handover approve ${request.id} --key FILE`)
    return 0
  },
}
