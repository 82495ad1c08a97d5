// SPDX-License-Identifier: Apache-2.0
import { listHolds } from '../../lifecycle/notify/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover hold list` */
export const command: Command = {
  name: 'hold list',
  summary: { zh: '全部冻结', en: 'all holds' },
  usage: 'handover hold list',
  example: 'handover hold list --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const holds = (await listHolds(ctx, matter)).map(({ digest: _digest, seq: _seq, ...hold }) => hold)
    const zh = call.out.lang === 'zh'
    call.out.result({ holds }, holds.length === 0 ? (zh ? '没有冻结' : 'no holds') : holds.map((hold) => `${hold.released ? '○' : '●'} ${hold.id} ${hold.reason} ${hold.records} ${zh ? '条' : 'records'} ${hold.until ?? (zh ? '直到解冻' : 'until released')}`))
    return 0
  },
}
