// SPDX-License-Identifier: Apache-2.0
import { noReceiptReasons, requestDelta } from '../../lifecycle/discover/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { databaseLogins, databaseOptions } from '../database-logins.ts'
import { linesOfDelta } from '../delta-lines.ts'
import { readOptions } from '../read-options.ts'

/** `handover delta request SOURCE` */
export const command: Command = {
  name: 'delta request',
  summary: { zh: '为按差异入账申请批准(旧值的密钥将销毁或有记录消失,须申请人以外两人)', en: 'ask for approval to book a delta with changed or gone records (two people besides the requester)' },
  usage: 'handover delta request SOURCE --key FILE [--by COLUMN] [--large] [--without-receipts REASON]',
  example: 'handover delta request 客户登记表.csv --key 李明.key',
  options: {
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
    by: { type: 'string', doc: { zh: '按哪一列认定同一条记录(同 ingest --delta 的 --key)', en: 'column that tells records apart (as --key of ingest --delta)' } },
    large: { type: 'boolean', doc: { zh: '过半记录变更或消失时仍然申请', en: 'ask although more than half of the records changed or are gone' } },
    'without-receipts': { type: 'string', doc: { zh: '不能先封存回执的理由:nobody-to-reach 无从联系、no-persons 不涉个人、ordered-by-authority 主管机关要求', en: 'why no receipts can be sealed before: nobody-to-reach, no-persons, ordered-by-authority' } },
    ...databaseOptions,
    encoding: { type: 'string', doc: { zh: '文本编码(默认自动)', en: 'text encoding (default: detected)' } },
    delimiter: { type: 'string', doc: { zh: '分隔符(默认自动)', en: 'separator (default: detected)' } },
    'no-header': { type: 'boolean', doc: { zh: '第一行就是数据', en: 'the first row is data' } },
  },
  run: async (call) => {
    const path = neededArgument(call, 0, { zh: '数据源', en: 'A source', command: 'delta request' })
    const keyFile = neededFlag(call, 'key', 'delta request')
    const by = textFlag(call, 'by')
    const reason = textFlag(call, 'without-receipts')
    const without = reason === undefined ? {} : { withoutReceipts: oneOf(reason, noReceiptReasons, { what: '--without-receipts', command: 'delta request' }) }
    const login = (await databaseLogins(call, { isFull: true, isForBooks: true })).get(path)
    const { ctx, matter } = await matterOf(call)
    const { found, request, repeated } = await requestDelta(ctx, matter, { path, options: readOptions(call, 'delta request'), ...(login === undefined ? {} : { login }), large: call.flags['large'] === true, ...(by === undefined ? {} : { key: by }), ...without }, keyFile)
    call.out.result({ ...found, request, repeated }, [...linesOfDelta(found, call.out.lang === 'zh'), `✔ ${call.out.lang === 'zh' ? '审批申请' : 'request'} ${request}`])
    call.out.next(`handover approve ${request} --key FILE`)
    return 0
  },
}
