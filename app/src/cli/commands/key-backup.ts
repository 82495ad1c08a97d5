// SPDX-License-Identifier: Apache-2.0
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover key backup` */
export const command: Command = {
  name: 'key backup',
  summary: { zh: '写出本代密钥库备份并试开(不含代密钥,旧代不保留)', en: 'write the key backup of this epoch and test-open it (without the epoch key; older epochs are not kept)' },
  usage: 'handover key backup',
  example: 'handover key backup',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const written = await ctx.vault.backUpKeys(matter.id)
    call.out.result(written, `✔ ${written.pages} ${call.out.lang === 'zh' ? '页,已试开' : 'pages, opened as a test'}  ${written.directory}`)
    return 0
  },
}
