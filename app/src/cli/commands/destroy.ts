// SPDX-License-Identifier: Apache-2.0
import { loadOrders } from '../../lifecycle/destroy/index.ts'
import { ownParty } from '../../matter/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover destroy`: where destruction stands and what comes next. */
export const command: Command = {
  name: 'destroy',
  summary: { zh: '销毁进行到哪一步,下一步做什么', en: 'where destruction stands and what comes next' },
  usage: 'handover destroy',
  example: 'handover destroy',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const own = ownParty(matter).id
    const open = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === null)
    const count = (kind: string): number => open.filter((copy) => copy.kind === kind && copy.holder === own).length
    const orders = await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
    const unfinished = orders.filter((order) => order.status === 'running' || order.status === 'requested')
    const pending = orders.filter((order) => order.status === 'pending-final')
    const zh = call.out.lang === 'zh'
    const document = { openOriginals: count('original'), openVault: count('vault'), openElsewhere: open.length - count('original') - count('vault'), unfinished: unfinished.map((order) => order.id), pending: pending.map((order) => order.id) }
    call.out.result(document, [
      zh ? `未了结副本: 原始 ${document.openOriginals} · 密库 ${document.openVault} · 其他 ${document.openElsewhere}` : `open copies: ${document.openOriginals} originals · ${document.openVault} vault · ${document.openElsewhere} other`,
      zh ? `销毁命令: 未执行或未完成 ${unfinished.length} · 待换代 ${pending.length} · 共 ${orders.length}` : `orders: ${unfinished.length} unfinished · ${pending.length} wait for the turn · ${orders.length} in all`,
    ])
    const first = unfinished[0]
    call.out.next(first !== undefined ? `handover destroy run ${first.id}` : pending.length > 0 ? 'handover key turn' : document.openOriginals > 0 ? 'handover destroy request --scope originals --key FILE' : document.openVault > 0 ? 'handover destroy request --scope vault --key FILE' : 'handover copies')
    return 0
  },
}
