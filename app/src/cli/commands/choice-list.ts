// SPDX-License-Identifier: Apache-2.0
import { summariseAnswers } from '../../lifecycle/classify/index.ts'
import { listChoiceRequests } from '../../lifecycle/notify/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover choice list` */
export const command: Command = {
  name: 'choice list',
  summary: { zh: '选择的统计与待裁定的请求', en: 'what was answered, and the requests that wait' },
  usage: 'handover choice list [--all]',
  example: 'handover choice list --json',
  options: { all: { type: 'boolean', doc: { zh: '已裁定的请求也列出', en: 'list decided requests too' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const { choices } = await summariseAnswers(ctx, matter.id)
    const requests = await listChoiceRequests(ctx, matter, call.flags['all'] === true ? {} : { status: 'open' })
    const zh = call.out.lang === 'zh'
    call.out.result({ choices, requests }, [
      ...choices.map((one) => `${one.choice} · ${one.status}: ${one.subjects} ${zh ? '人' : 'persons'} / ${one.records} ${zh ? '条记录' : 'records'}`),
      ...(requests.length === 0 ? [zh ? '没有待裁定的请求' : 'no request waits'] : requests.map((one) => `${one.status === 'open' ? '○' : '●'} ${one.choice} ${one.subject ?? '—'} ${one.batch} ${one.madeAt.slice(0, 10)} ${one.status}`)),
    ])
    return 0
  },
}
