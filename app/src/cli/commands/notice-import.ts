// SPDX-License-Identifier: Apache-2.0
import { notices } from '../../law/index.ts'
import { channels, importNoticeResults } from '../../lifecycle/notify/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { importLines } from '../import-lines.ts'

/** `handover notice import FILE` */
export const command: Command = {
  name: 'notice import',
  summary: { zh: '导入告知的送达结果', en: 'import delivery results of a notice' },
  usage: 'handover notice import FILE --notice NOTICE --channel CHANNEL [--errors FILE]',
  example: 'handover notice import 短信回执.csv --notice art23 --channel sms   (列: 手机号,结果,时间)',
  options: {
    notice: { type: 'string', doc: { zh: `告知: ${notices.join(' ')}`, en: `notice: ${notices.join(' ')}` } },
    channel: { type: 'string', doc: { zh: `渠道: ${channels.join(' ')}`, en: `channel: ${channels.join(' ')}` } },
    errors: { type: 'string', doc: { zh: '错误清单(默认在原文件旁)', en: 'list of errors (default: beside the file)' } },
  },
  run: async (call) => {
    const path = neededArgument(call, 0, { zh: '文件', en: 'The file', command: 'notice import' })
    const notice = oneOf(neededFlag(call, 'notice', 'notice import'), notices, { what: '--notice', command: 'notice import' })
    const channel = oneOf(neededFlag(call, 'channel', 'notice import'), channels, { what: '--channel', command: 'notice import' })
    const { ctx, matter } = await matterOf(call)
    const done = await importNoticeResults(ctx, matter, { path, notice, channel, errorFile: textFlag(call, 'errors') })
    const counts = done.repeated ? [] : [call.out.lang === 'zh' ? `  送达 ${done.results.delivered} · 退回 ${done.results.bounced} · 公告 ${done.results.announced}` : `  delivered ${done.results.delivered} · bounced ${done.results.bounced} · announced ${done.results.announced}`]
    call.out.result(done, [...importLines(done, call.out.lang), ...counts])
    return done.unmatched > 0 ? 3 : 0
  },
}
