// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { dayOf, type Day } from '../../kit/time.ts'
import { notices } from '../../law/index.ts'
import { announceToUnreached } from '../../lifecycle/notify/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import type { Command } from '../command.ts'

/** `handover notice announce` */
export const command: Command = {
  name: 'notice announce',
  summary: { zh: '对未能逐一送达的人登记公告(最后手段)', en: 'record an announcement for those whom no notice reached (last resort)' },
  usage: 'handover notice announce --notice NOTICE --on DAY [--no-contacts]',
  example: 'handover notice announce --notice art22 --on 2026-12-01',
  options: {
    notice: { type: 'string', doc: { zh: `告知: ${notices.join(' ')}`, en: `notice: ${notices.join(' ')}` } },
    on: { type: 'string', doc: { zh: '公告发布日', en: 'day of publication' } },
    'no-contacts': { type: 'boolean', doc: { zh: '没有任何可用的联系方式,未曾逐一告知', en: 'there is no contact data, so nobody was told one by one' } },
  },
  run: async (call) => {
    const notice = oneOf(neededFlag(call, 'notice', 'notice announce'), notices, { what: '--notice', command: 'notice announce' })
    const publishedOn = readDay(neededFlag(call, 'on', 'notice announce'), 'notice announce')
    const { ctx, matter } = await matterOf(call)
    if (publishedOn > ctx.today()) throw cliFailures.WRONG_ARGUMENT({ what: '--on', why: { zh: `在今天(${ctx.today()})之后`, en: `is after today (${ctx.today()})` }, command: 'notice announce' })
    const done = await announceToUnreached(ctx, matter, { notice, publishedOn, noContacts: call.flags['no-contacts'] === true })
    call.out.result(done, call.out.lang === 'zh' ? `✔ 已登记公告覆盖 ${done.persons} 人(${done.records} 条记录)` : `✔ announced to ${done.persons} persons (${done.records} records)`)
    call.out.next('handover fact add announcement-published …')
    return 0
  },
}

function readDay(text: string, name: string): Day {
  try {
    return dayOf(text)
  } catch (error) {
    throw cliFailures.WRONG_ARGUMENT({ what: '--on', why: expects('YYYY-MM-DD'), command: name }, { cause: error })
  }
}
