// SPDX-License-Identifier: Apache-2.0
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover key list` */
export const command: Command = {
  name: 'key list',
  summary: { zh: '列出各代密钥及其状态', en: 'list the epochs of keys and their state' },
  usage: 'handover key list',
  example: 'handover key list',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const epochs = await ctx.vault.epochs(matter.id)
    const kek = ctx.vault.keyEncryption()
    call.out.result({ keyEncryption: kek, epochs }, [`${kek.kind}  ${kek.id}`, ...epochs.map((epoch) => `${epoch.epoch}  ${epoch.state}  ${epoch.openedAt}${epoch.droppedAt === null ? '' : ` → ${epoch.droppedAt}`}`)])
    return 0
  },
}
