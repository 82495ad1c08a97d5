// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path'
import { playDemo, stories } from '../../demo/index.ts'
import { oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover demo` */
export const command: Command = {
  name: 'demo',
  summary: { zh: '示例事项全程:三方、五千名虚构客户、账平、可离线验证', en: 'the whole sample matter: three parties, 5,000 invented customers, balanced, verifiable offline' },
  usage: 'handover demo [--story asset-transfer|liquidation] [--folder DIR] [--customers N] [--seed TEXT]',
  example: 'handover demo --customers 300 --folder /tmp/示例',
  options: {
    story: { type: 'string', doc: { zh: '故事: asset-transfer(默认)或 liquidation', en: 'story: asset-transfer (default) or liquidation' } },
    folder: { type: 'string', doc: { zh: '放在哪个文件夹(默认 .handover-demo)', en: 'folder (default .handover-demo)' } },
    customers: { type: 'string', doc: { zh: '虚构客户数(默认 5000)', en: 'number of invented customers (default 5000)' } },
    seed: { type: 'string', doc: { zh: '种子(默认 1)', en: 'seed (default 1)' } },
  },
  run: async (call) => {
    const story = oneOf(textFlag(call, 'story') ?? 'asset-transfer', stories, { what: '--story', command: 'demo' })
    const customers = Number(textFlag(call, 'customers') ?? '5000')
    if (!Number.isInteger(customers) || customers < 20 || customers > 20_000) oneOf('', ['20–20000'], { what: '--customers', command: 'demo' })
    const folder = resolve(textFlag(call, 'folder') ?? (story === 'asset-transfer' ? '.handover-demo' : '.handover-demo-liquidation'))
    const played = await playDemo({ story, folder, customers, seed: textFlag(call, 'seed') ?? '1', lang: call.out.lang, say: (line) => call.out.say(line), stop: call.stop })
    call.out.result(played.document, played.human)
    call.out.next(`npx handover-verify ${played.bundle} --policy ${played.policy}`)
    return 0
  },
}
