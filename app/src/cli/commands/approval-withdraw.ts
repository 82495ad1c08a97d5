// SPDX-License-Identifier: Apache-2.0
import { withdrawRequest } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover approval withdraw REQUEST --key FILE` */
export const command: Command = {
  name: 'approval withdraw',
  summary: { zh: '撤回尚未使用的申请', en: 'take back a request that was not used' },
  usage: 'handover approval withdraw REQUEST --key FILE',
  example: 'handover approval withdraw apr_0123… --key 王芳.key',
  options: { key: { type: 'string', doc: { zh: '撤回人的个人密钥文件', en: 'key file of who withdraws it' } } },
  run: async (call) => {
    const requestId = neededArgument(call, 0, { zh: '申请编号', en: 'The request', command: 'approval withdraw' })
    const keyFile = neededFlag(call, 'key', 'approval withdraw')
    const { ctx, matter } = await matterOf(call)
    const request = await withdrawRequest(ctx, matter, { requestId, keyFile })
    call.out.result({ request: request.id, status: request.status }, `✔ ${request.id} · ${request.status}`)
    return 0
  },
}
