// SPDX-License-Identifier: Apache-2.0
import { toHex } from '@handover/proof'
import { currentMatter, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover log publish`: publishes all booked events with the witnesses' cosignatures. */
export const command: Command = {
  name: 'log publish',
  summary: { zh: '公布已入账的事件,并取得见证方副署', en: 'publishes the booked events, cosigned by the witnesses' },
  usage: 'handover log publish [-m MATTER]',
  example: 'handover log publish',
  options: {},
  run: async (call) => {
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    const { checkpoint, witnesses, text } = await ctx.ledger.publish(matter.id)
    const document = { origin: checkpoint.origin, size: Number(checkpoint.size), root: toHex(checkpoint.root), witnesses, checkpoint: text }
    const human = call.out.lang === 'zh'
      ? [`已公布: 日志大小 ${document.size},根 ${document.root.slice(0, 16)}…`, `副署: ${witnesses.join('、') || '无(策略未要求)'}`]
      : [`Published: log size ${document.size}, root ${document.root.slice(0, 16)}…`, `Cosigned by: ${witnesses.join(', ') || 'nobody (the policy asks for none)'}`]
    call.out.result(document, human)
    return 0
  },
}
