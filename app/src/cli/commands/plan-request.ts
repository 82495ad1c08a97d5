// SPDX-License-Identifier: Apache-2.0
import { computePlan, planApprovalParameters, recipientsOf, refuseAmbiguousRecipients, transfereesOf } from '../../lifecycle/hand-over/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover plan request` */
export const command: Command = {
  name: 'plan request',
  summary: { zh: '为现行方案申请批准(须两人)', en: 'ask for approval of the present plan (two people)' },
  usage: 'handover plan request --key FILE',
  example: 'handover plan request --key 李明.key',
  options: { key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } } },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'plan request')
    const { ctx, matter } = await matterOf(call)
    const plan = await computePlan(ctx, matter)
    refuseAmbiguousRecipients(transfereesOf(matter), plan.lines)
    const { request, repeated } = await requestApproval(ctx, matter, { act: 'hand-over', parameters: planApprovalParameters(plan, recipientsOf(matter)), keyFile })
    call.out.result({ request: request.id, plan: plan.id, digest: plan.digest, repeated }, `✔ ${request.id}  ${plan.id}`)
    call.out.next(`handover approve ${request.id} --key FILE`)
    return 0
  },
}
