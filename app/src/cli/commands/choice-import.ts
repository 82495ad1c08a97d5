// SPDX-License-Identifier: Apache-2.0
import { channels, importChoices } from '../../lifecycle/notify/index.ts'
import { matterOf, neededArgument, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { importLines } from '../import-lines.ts'

/** `handover choice import FILE` */
export const command: Command = {
  name: 'choice import',
  summary: { zh: '导入客户的选择(同意、不同意、删除…)', en: 'import what customers answered' },
  usage: 'handover choice import FILE [--channel CHANNEL] [--errors FILE]',
  example: 'handover choice import 客户选择.csv --channel sms   (列: 手机号,选择,时间;多项用 ; 分开)',
  options: {
    channel: { type: 'string', doc: { zh: `渠道(默认 in-app): ${channels.join(' ')}`, en: `channel (default in-app): ${channels.join(' ')}` } },
    errors: { type: 'string', doc: { zh: '错误清单(默认在原文件旁)', en: 'list of errors (default: beside the file)' } },
  },
  run: async (call) => {
    const path = neededArgument(call, 0, { zh: '文件', en: 'The file', command: 'choice import' })
    const channel = oneOf(textFlag(call, 'channel') ?? 'in-app', channels, { what: '--channel', command: 'choice import' })
    const { ctx, matter } = await matterOf(call)
    const done = await importChoices(ctx, matter, { path, channel, errorFile: textFlag(call, 'errors') })
    const zh = call.out.lang === 'zh'
    const kinds = Object.entries(done.choices).map(([kind, count]) => `${kind} ${count}`)
    call.out.result(done, [
      ...importLines(done, call.out.lang),
      ...(kinds.length === 0 ? [] : [`  ${kinds.join(' · ')}`]),
      ...(done.open === 0 ? [] : [zh ? `⚠ ${done.open} 项请求待裁定` : `⚠ ${done.open} requests wait for a decision`]),
    ])
    if (done.open > 0) call.out.next('handover choice list')
    return done.unmatched > 0 ? 3 : 0
  },
}
