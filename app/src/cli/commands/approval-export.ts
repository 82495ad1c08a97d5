// SPDX-License-Identifier: Apache-2.0
import { exportApproval } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover approval export REQUEST -o FILE` */
export const command: Command = {
  name: 'approval export',
  summary: { zh: '导出申请,供他人在自己的设备上签', en: 'write a request to a file, to be signed on another device' },
  usage: 'handover approval export REQUEST -o FILE',
  example: 'handover approval export apr_0123… -o 销毁申请.json',
  options: { output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件', en: 'file to write' } } },
  run: async (call) => {
    const requestId = neededArgument(call, 0, { zh: '申请编号', en: 'The request', command: 'approval export' })
    const file = neededFlag(call, 'output', 'approval export')
    const { ctx, matter } = await matterOf(call)
    writeNewFile(file, await exportApproval(ctx, matter, requestId))
    call.out.result({ file, request: requestId }, `✔ ${file}`)
    call.out.next(`handover approve ${file} --key FILE -o SIGNED`)
    return 0
  },
}
