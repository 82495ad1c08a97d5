// SPDX-License-Identifier: Apache-2.0
import { importApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover approval import FILE` */
export const command: Command = {
  name: 'approval import',
  summary: { zh: '收回他人签好的审批文件', en: 'take back an approval file that was signed elsewhere' },
  usage: 'handover approval import FILE',
  example: 'handover approval import 销毁申请-已签.json',
  options: {},
  run: async (call) => {
    const file = neededArgument(call, 0, { zh: '审批文件', en: 'The file', command: 'approval import' })
    const { ctx, matter } = await matterOf(call)
    const results = await importApproval(ctx, matter, readTextFile(file))
    const last = results.at(-1)
    const approvals = results.map(({ request, missing, repeated }) => ({ request: request.id, act: request.act, status: request.status, missing, repeated, coolingOffUntil: request.coolingOffUntil }))
    call.out.result({ approvals }, approvals.map(({ request, status, missing }) => `✔ ${request} · ${status} · ${call.out.lang === 'zh' ? `还缺 ${missing} 人` : `${missing} missing`}`))
    if (last !== undefined && last.missing > 0) call.out.next(`handover approval export ${last.request.id} -o FILE`)
    return 0
  },
}
