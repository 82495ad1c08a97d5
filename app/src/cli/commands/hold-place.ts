// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import type { Context } from '../../context.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { namedDataSets } from '../../lifecycle/classify/index.ts'
import { holdReasons, isHoldReason, placeHold } from '../../lifecycle/notify/index.ts'
import type { Matter } from '../../matter/index.ts'
import { matterOf, neededFlag, pairsOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command, type CommandCall } from '../command.ts'

/** `handover hold place` */
export const command: Command = {
  name: 'hold place',
  summary: { zh: '冻结记录(司法冻结、诉讼保全等),优先于一切处置', en: 'hold records (litigation and the like); comes before every disposition' },
  usage: 'handover hold place --reason REASON [--until DAY] (--data-set N [--facet NAME=VALUE] | --subject ID | --keys FILE)',
  example: 'handover hold place --reason litigation --until 2028-06-30 --keys 涉诉客户.csv',
  options: {
    reason: { type: 'string', doc: { zh: `原因: ${Object.keys(holdReasons).join(' ')}`, en: `reason: ${Object.keys(holdReasons).join(' ')}` } },
    until: { type: 'string', doc: { zh: '到期日(默认直到解冻)', en: 'end (default: until released)' } },
    'data-set': { type: 'string', doc: { zh: '数据集编号或名称', en: 'number or name of a data set' } },
    facet: { type: 'string', doc: { zh: '只限该分面值 名=值', en: 'only this facet value NAME=VALUE' } },
    subject: { type: 'string', doc: { zh: '主体编号', en: 'id of a person' } },
    keys: { type: 'string', doc: { zh: '标识文件(列: 标识类型,标识)', en: 'file of keys' } },
  },
  run: async (call) => {
    const reason = neededFlag(call, 'reason', 'hold place')
    if (!isHoldReason(reason)) throw cliFailures.WRONG_ARGUMENT({ what: '--reason', why: expects(Object.keys(holdReasons).join(' | ')), command: 'hold place' })
    const { ctx, matter } = await matterOf(call)
    const [facet] = pairsOf(call, 'facet', 'hold place').map(([name, value]) => ({ name, value }))
    const done = await placeHold(ctx, matter, {
      reason, until: endOf(call), dataSetId: await dataSetOf(ctx, matter, textFlag(call, 'data-set')), facet: facet ?? null, subject: textFlag(call, 'subject') ?? null, keyFile: textFlag(call, 'keys') ?? null,
    })
    const zh = call.out.lang === 'zh'
    call.out.result(done, [
      zh ? `✔ 已冻结 ${done.records} 条记录(${holdReasons[reason]}): ${done.id}${done.repeated ? ',此前已冻结' : ''}` : `✔ ${done.records} records on hold (${reason}): ${done.id}${done.repeated ? ', held before' : ''}`,
      ...(done.unmatched === 0 ? [] : [zh ? `⚠ ${done.unmatched} 个标识没有匹配到人` : `⚠ ${done.unmatched} keys matched nobody`]),
    ])
    return done.unmatched > 0 ? 3 : 0
  },
}

function endOf(call: CommandCall): Day | null {
  const until = textFlag(call, 'until')
  if (until === undefined) return null
  try {
    return dayOf(until)
  } catch (error) {
    throw cliFailures.WRONG_ARGUMENT({ what: '--until', why: expects('YYYY-MM-DD'), command: 'hold place' }, { cause: error })
  }
}

async function dataSetOf(ctx: Context, matter: Matter, address: string | undefined): Promise<string | null> {
  if (address === undefined) return null
  const sets = await namedDataSets(ctx, matter.id)
  const found = sets.filter((set) => set.id === address || set.name === address || String(set.number) === address)
  const only = found.length === 1 ? found[0] : undefined
  if (only === undefined) throw cliFailures.WRONG_ARGUMENT({ what: '--data-set', why: expects(sets.map((set) => `${set.number} ${set.name}`).join(' | ')), command: 'hold place' })
  return only.id
}
