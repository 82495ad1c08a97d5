// SPDX-License-Identifier: Apache-2.0
import { reviewSubjects } from '../../law/index.ts'
import { reviewLawChange } from '../../stewardship/law-packs/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover law review SUBJECT --key FILE` */
export const command: Command = {
  name: 'law review',
  summary: { zh: '登记:法规变更所影响的告知、制度、培训等已由人复核', en: 'record that a person looked again at the notices, policies, training … that a change of the law affects' },
  usage: `handover law review ${reviewSubjects.join('|')} --key FILE`,
  example: 'handover law review notices --key counsel.key',
  options: { key: { type: 'string', doc: { zh: '复核人的个人密钥文件', en: 'key file of the person who looked' } } },
  run: async (call) => {
    const subject = neededArgument(call, 0, { zh: '内容', en: 'The subject', command: 'law review' })
    const keyFile = neededFlag(call, 'key', 'law review')
    const { ctx, matter } = await matterOf(call)
    const done = await reviewLawChange(ctx, matter, { subject, keyFile })
    call.out.result({ subject, ...done }, `✔ ${subject} (${done.settled})`)
    call.out.next('handover duties')
    return 0
  },
}
