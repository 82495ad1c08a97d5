// SPDX-License-Identifier: Apache-2.0
import { toHex } from '@handover/proof'
import { eventLabels } from '../../ledger/index.ts'
import { currentMatter, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover log show`: the events of the matter, the log's verifier key and the newest checkpoint. */
export const command: Command = {
  name: 'log show',
  summary: { zh: '列出事件、日志验证钥与最新检查点', en: "lists the events, the log's verifier key and the newest checkpoint" },
  usage: 'handover log show [-m MATTER]',
  example: 'handover log show --json',
  options: {},
  run: async (call) => {
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    const vkey = (await ctx.ledger.logVkey(matter.id)).text
    const published = await ctx.ledger.latestCheckpoint(matter.id)
    const size = published === null ? 0 : Number(published.checkpoint.size)
    const events = (await Array.fromAsync(ctx.ledger.events(matter.id))).map(({ seq, type, at, leafIndex }) => ({ seq, type, at, leaf: leafIndex, published: leafIndex !== null && leafIndex < size }))
    const zh = call.out.lang === 'zh'
    const lines = events.map((event) => `${event.published ? '✔' : '…'} ${String(event.seq).padStart(4)}  ${event.at}  ${zh ? eventLabels[event.type] : event.type}`)
    const head = published === null ? null : { size, root: toHex(published.checkpoint.root), witnesses: published.witnesses }
    call.out.result({ log: vkey, checkpoint: head, events }, [...lines, `${zh ? '日志验证钥' : 'Verifier key'}: ${vkey}`, summary(head, zh)])
    if (events.some((event) => !event.published)) call.out.next('handover log publish')
    return 0
  },
}

function summary(head: { size: number; witnesses: string[] } | null, zh: boolean): string {
  if (head === null) return zh ? '尚未公布检查点' : 'No checkpoint has been published'
  return zh ? `最新检查点: 大小 ${head.size},副署 ${head.witnesses.join('、') || '无'}` : `Newest checkpoint: size ${head.size}, cosigned by ${head.witnesses.join(', ') || 'nobody'}`
}
