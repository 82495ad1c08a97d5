// SPDX-License-Identifier: Apache-2.0
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover key slots` */
export const command: Command = {
  name: 'key slots',
  summary: { zh: '列出密钥槽:在哪里,能否打开,能证明到什么程度', en: 'list the key slots: where they are, whether they open, what they certify' },
  usage: 'handover key slots',
  example: 'handover key slots',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const slots = await ctx.vault.slots(matter.id)
    call.out.result(slots, slots.map((slot) => `${slot.opens ? '✔' : '✗'} ${slot.slot}  ${slot.kind}  ${slot.certifies}  [${slot.epochs.join(', ')}]  ${slot.place}`))
    return slots.every((slot) => slot.opens) ? 0 : 3
  },
}
