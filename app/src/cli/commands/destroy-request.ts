// SPDX-License-Identifier: Apache-2.0
import { noReceiptReasons, requestDestruction, scopeOfWord } from '../../lifecycle/destroy/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover destroy request` */
export const command: Command = {
  name: 'destroy request',
  summary: { zh: '按已批准的方案申请销毁(须申请人以外两人批准,另有冷静期)', en: 'ask to destroy what the approved plan ends (two people besides the requester, and a cooling-off)' },
  usage: 'handover destroy request --scope vault|originals|original:COPY --key FILE [--without-receipts REASON]',
  example: 'handover destroy request --scope originals --key 李明.key',
  options: {
    scope: { type: 'string', doc: { zh: 'vault 密库、originals 全部原始文件、original:副本编号(该副本所在的整个文件)', en: 'vault, originals (all files), or original:COPY (the whole file it stands in)' } },
    'without-receipts': { type: 'string', doc: { zh: '不能先封存回执的理由:nobody-to-reach 无从联系、no-persons 不涉个人、ordered-by-authority 主管机关要求', en: 'why no receipts can be sealed before: nobody-to-reach, no-persons, ordered-by-authority' } },
    key: { type: 'string', doc: { zh: '申请人的个人密钥文件', en: 'key file of who asks' } },
  },
  run: async (call) => {
    const word = neededFlag(call, 'scope', 'destroy request')
    const keyFile = neededFlag(call, 'key', 'destroy request')
    const reason = textFlag(call, 'without-receipts')
    const without = reason === undefined ? {} : { withoutReceipts: oneOf(reason, noReceiptReasons, { what: '--without-receipts', command: 'destroy request' }) }
    const { ctx, matter } = await matterOf(call)
    const { order, request, repeated } = await requestDestruction(ctx, matter, { scope: await scopeOfWord(ctx, matter, word), keyFile, ...without })
    const { records, values, ended, rewrites, unsettled, copies } = order.facts
    const zh = call.out.lang === 'zh'
    const n = (count: number): string => count.toLocaleString('en')
    call.out.result({ order: order.id, request, status: order.status, scope: order.scope, recordSet: order.recordSet.toString('hex'), records, values, ended, rewrites, unsettled, copies, repeated }, [
      `✔ ${zh ? '销毁命令' : 'destruction order'} ${order.id}  ${zh ? '审批申请' : 'request'} ${request}${repeated ? (zh ? '(此前已申请)' : ' (asked before)') : ''}`,
      zh ? `  ${n(records)} 条记录 / ${n(values)} 个字段值离开这一副本,其中账上转为销毁 ${n(ended)} 个;部分留存重写 ${n(rewrites)} 条` : `  ${n(records)} records / ${n(values)} values leave this copy, ${n(ended)} of them are posted as destroyed; ${n(rewrites)} records stay in part`,
      ...(unsettled === 0 ? [] : [zh ? `  未决或冻结、不动的记录 ${n(unsettled)} 条(所在副本不能了结)` : `  ${n(unsettled)} records are not settled or on hold and are left alone (their copies stay open)`]),
    ])
    call.out.next(order.status === 'requested' ? `handover approve ${request} --key FILE` : `handover destroy run ${order.id}`)
    return 0
  },
}
