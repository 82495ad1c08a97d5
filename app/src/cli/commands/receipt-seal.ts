// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { sealReceipts } from '../../lifecycle/prove/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import type { Command } from '../command.ts'

/** `handover receipt seal` */
export const command: Command = {
  name: 'receipt seal',
  summary: { zh: '销毁之前为全部客户封存回执,各用一个回执码(码表发给本人后应销毁)', en: 'before a destruction: seal a receipt for every customer under a code of their own' },
  usage: 'handover receipt seal -o CODES.csv',
  example: 'handover receipt seal -o 回执码.csv',
  options: { output: { type: 'string', short: 'o', doc: { zh: '回执码表(主体,回执码);谁有码谁能领取该回执', en: 'the codes (subject, code); whoever has a code can get that receipt' } } },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'receipt seal')
    if (existsSync(file)) throw cliFailures.FILE_EXISTS({ file })
    const { ctx, matter } = await matterOf(call)
    const done = await sealReceipts(ctx, matter, { file })
    call.out.result(done, call.out.lang === 'zh' ? `✔ 已封存 ${done.receipts} 份回执(${done.records} 条记录)  → ${file}` : `✔ ${done.receipts} receipts sealed (${done.records} records)  → ${file}`)
    return 0
  },
}
