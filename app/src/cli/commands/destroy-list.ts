// SPDX-License-Identifier: Apache-2.0
import { envelopeText, readErasureCertificate, statementDigest, unverifiedStatement } from '@handover/proof'
import { loadOrders, type OrderStatus } from '../../lifecycle/destroy/index.ts'
import { matterOf } from '../call.ts'
import { certificateLines } from '../certificate-lines.ts'
import { textFlag, type Command } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

const statusWords = {
  requested: { zh: '待批准或待执行', en: 'waits for approval or run' }, running: { zh: '执行中(可继续)', en: 'running (can be continued)' },
  'pending-final': { zh: '已销毁,待换代', en: 'destroyed, waits for the turn' }, final: { zh: '终定', en: 'final' },
} as const satisfies Record<OrderStatus, { zh: string; en: string }>

/** `handover destroy list [ORDER]` */
export const command: Command = {
  name: 'destroy list',
  summary: { zh: '列出销毁命令;给出编号时显示其证明', en: 'list destruction orders; with an order, show its certificate' },
  usage: 'handover destroy list [ORDER] [-o FILE]',
  example: 'handover destroy list',
  options: { output: { type: 'string', short: 'o', doc: { zh: '证明写到哪个文件', en: 'file for the certificate' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const { lang } = call.out
    const wanted = call.positionals[0]
    const orders = (await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).filter((order) => wanted === undefined || order.id === wanted)
    const newest = wanted === undefined ? null : (orders[0]?.finalCertificate ?? orders[0]?.certificate ?? null)
    const file = textFlag(call, 'output')
    if (file !== undefined && newest !== null) writeNewFile(file, `${envelopeText(newest)}\n`)
    const document = orders.map((order) => ({
      order: order.id, scope: order.scope, status: order.status, records: order.facts.records, values: order.facts.values, request: order.approvalRequest, requestedAt: order.facts.requestedAt,
      pending: order.certificate === null ? null : statementDigest(order.certificate), final: order.finalCertificate === null ? null : statementDigest(order.finalCertificate),
    }))
    const lines = orders.map((order) => `${order.id}  ${order.scope.kind === 'vault' ? 'vault' : `originals(${order.scope.copies.length})`}  ${order.facts.records}  ${statusWords[order.status][lang]}  ${order.approvalRequest}`)
    const shown = newest === null ? [] : certificateLines(readErasureCertificate(unverifiedStatement(newest)), lang)
    call.out.result(document, [...(lines.length === 0 ? [lang === 'zh' ? '没有销毁命令' : 'no destruction orders'] : lines), ...shown])
    return 0
  },
}
