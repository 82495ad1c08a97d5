// SPDX-License-Identifier: Apache-2.0
import { approvePlan } from '../../lifecycle/hand-over/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover plan approve` */
export const command: Command = {
  name: 'plan approve',
  summary: { zh: '使经两人批准的方案生效,留用与自行封存的值入账', en: 'put the approved plan in force; post what is kept and what is sealed here' },
  usage: 'handover plan approve [-m CODE]',
  example: 'handover plan approve',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const { plan, seq, repeated } = await approvePlan(ctx, matter)
    call.out.result({ plan: plan.id, digest: plan.digest, seq, repeated }, call.out.lang === 'zh' ? `✔ 方案已批准 ${plan.id}` : `✔ plan approved ${plan.id}`)
    call.out.next('handover gate pack')
    return 0
  },
}
