// SPDX-License-Identifier: Apache-2.0
import { startImpact } from '../../lifecycle/assess/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover impact start` */
export const command: Command = {
  name: 'impact start',
  summary: { zh: '开始个人信息保护影响评估(自动预填,只问人须判断的问题)', en: 'begin the impact assessment (prefilled; asks only what people must judge)' },
  usage: 'handover impact start --key FILE',
  example: 'handover impact start --key 王芳.key',
  options: { key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } } },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'impact start')
    const { ctx, matter } = await matterOf(call)
    const { id, repeated } = await startImpact(ctx, matter, keyFile)
    call.out.result({ assessment: id, repeated }, `✔ ${id}${repeated ? (call.out.lang === 'zh' ? '(此前已开始)' : ' (begun before)') : ''}`)
    call.out.next('handover impact show')
    return 0
  },
}
