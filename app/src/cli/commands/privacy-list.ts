// SPDX-License-Identifier: Apache-2.0
import { loadPrivacyNotices } from '../../stewardship/promises/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover privacy list` */
export const command: Command = {
  name: 'privacy list',
  summary: { zh: '已登记的各版隐私政策', en: 'the privacy notices on file' },
  usage: 'handover privacy list [--all]',
  example: 'handover privacy list --json',
  options: { all: { type: 'boolean', doc: { zh: '被取代的记录也列出', en: 'list replaced records too' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const notices = (await loadPrivacyNotices(ctx, matter)).filter((one) => call.flags['all'] === true || one.supersededBy === null)
    const zh = call.out.lang === 'zh'
    call.out.result({ notices }, notices.length === 0 ? (zh ? '没有登记隐私政策' : 'no privacy notice on file') : notices.map((one) =>
      `${one.supersededBy === null ? '●' : '○'} ${one.version}  ${one.from} – ${one.until ?? (zh ? '至今' : 'now')}  ${one.clauses} ${zh ? '条款' : 'clauses'}  ${one.promises.length} ${zh ? '处承诺' : 'promises'}  SHA-256 ${one.document.slice(0, 12)}…  ${one.id}`))
    return 0
  },
}
