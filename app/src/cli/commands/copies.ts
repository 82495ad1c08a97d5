// SPDX-License-Identifier: Apache-2.0
import { copyEnding, lawMark } from '../../law/index.ts'
import { labelKinds } from '../../lifecycle/discover/index.ts'
import { copyWords, endWords } from '../../lifecycle/prove/index.ts'
import { lawOf } from '../../matter/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover copies` */
export const command: Command = {
  name: 'copies',
  summary: { zh: '副本簿:每一份副本在谁手里,如何了结', en: 'the copies book: who holds each copy and how it ended' },
  usage: 'handover copies',
  example: 'handover copies',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const copies = await ctx.ledger.copies(matter.id)
    const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
    // What was handed over makes the giver's own copies residual ones (law register §10.2).
    const handedOver = (await ctx.ledger.eventsOfType(matter.id, 'Reconciled')).length > 0
    const law = await lawOf(ctx, matter)
    const open = copies.filter((copy) => copy.endedHow === null).length
    const zh = call.out.lang === 'zh'
    call.out.result({ copies, open }, [
      ...copies.map((copy) => {
        const holder = matter.parties.find((party) => party.id === copy.holder)
        const until = copy.ended?.until ?? null
        const end = copy.endedHow === null ? (zh ? '未了结' : 'open') : `${endWords[copy.endedHow][call.out.lang]}${until === null ? '' : ` → ${until}`}`
        const due = copy.endedHow === null ? copyEnding({ kind: copy.kind, holder: holder?.role ?? null, handedOver }, { type: matter.type, transferorSurvives: matter.settings.seller_survives }, law) : null
        const dueLine = due === null ? '' : `\n    ${due.rule} ${due[call.out.lang]} ${lawMark(due, call.out.lang)}`
        return `${copy.endedHow === null ? '·' : '✔'} ${copy.id}  ${copyWords[copy.kind][call.out.lang]}  ${holder?.file.name ?? copy.holder}  ${copy.values.toLocaleString('en')}  ${end}  ${names.get(copy.dataSetId ?? '') ?? ''}${dueLine}`
      }),
      zh ? `共 ${copies.length} 份,未了结 ${open} 份` : `${copies.length} copies, ${open} open`,
    ])
    return 0
  },
}
