// SPDX-License-Identifier: Apache-2.0
import { closeParameters, refuseOpenBooks, sheetLines } from '../../lifecycle/prove/index.ts'
import { refuseEnded, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover close request` */
export const command: Command = {
  name: 'close request',
  summary: { zh: '为按现在的平衡表办结申请批准(须两人)', en: 'ask for approval to close on the present balance sheet (two people)' },
  usage: 'handover close request --key FILE',
  example: 'handover close request --key 李明.key',
  options: { key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } } },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'close request')
    const { ctx, matter } = await matterOf(call)
    refuseEnded(matter)
    refuseUnlessBookkeeper(matter)
    const sheet = await refuseOpenBooks(ctx, matter)
    const parameters = closeParameters(sheet.balance)
    const { request, repeated } = await requestApproval(ctx, matter, { act: 'close', parameters, keyFile })
    call.out.result({ request: request.id, parameters, repeated }, [...sheetLines(sheet, call.out.lang), '', `✔ ${request.id}`])
    call.out.next(`handover approve ${request.id} --key FILE`)
    return 0
  },
}
