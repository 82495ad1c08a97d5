// SPDX-License-Identifier: Apache-2.0
import { releaseHold } from '../../lifecycle/notify/index.ts'
import { matterOf, neededArgument } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover hold release HOLD` */
export const command: Command = {
  name: 'hold release',
  summary: { zh: '解除冻结', en: 'release a hold' },
  usage: 'handover hold release HOLD',
  example: 'handover hold release bat_0123456789abcdef0123456789abcdef',
  options: {},
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '冻结编号', en: 'The hold', command: 'hold release' })
    const { ctx, matter } = await matterOf(call)
    const done = await releaseHold(ctx, matter, id)
    call.out.result({ hold: id, ...done }, call.out.lang === 'zh' ? `✔ 已解冻 ${done.records} 条记录` : `✔ ${done.records} records released`)
    call.out.next('handover plan')
    return 0
  },
}
