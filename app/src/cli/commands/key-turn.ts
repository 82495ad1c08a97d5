// SPDX-License-Identifier: Apache-2.0
import { turnKeys } from '../../lifecycle/destroy/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover key turn` */
export const command: Command = {
  name: 'key turn',
  summary: { zh: '密钥换代:清除旧代密钥,待定的销毁证明转为终定', en: 'turn the epoch key: old keys are cleared, pending certificates become final' },
  usage: 'handover key turn',
  example: 'handover key turn',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const turned = await turnKeys(ctx, matter)
    const zh = call.out.lang === 'zh'
    call.out.result(turned, [
      turned.repeated ? (zh ? `没有等待换代的销毁(现为第 ${turned.epoch} 代)` : `no erasure waits for a turn (epoch ${turned.epoch})`) : (zh ? `✔ 已换到第 ${turned.epoch} 代密钥,旧代已从各密钥槽清除并回读` : `✔ epoch ${turned.epoch}; the old one was cleared from every slot and read back`),
      ...(turned.revised ? [zh ? '  差异入账更新的旧值,旧密钥的任何副本都不能再打开' : '  former values that deltas revised open with no copy of the old keys any more'] : []),
      ...turned.final.map((order) => `  ${zh ? '终定' : 'final'} ${order}`),
      ...turned.pending.map((order) => `  ${zh ? '仍待定' : 'still pending'} ${order}`),
    ])
    call.out.next('handover copies')
    return 0
  },
}
