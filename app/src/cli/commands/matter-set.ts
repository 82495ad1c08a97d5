// SPDX-License-Identifier: Apache-2.0
import { changeSettingSafely, signingPersonOf } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover matter set KEY VALUE --key FILE` */
export const command: Command = {
  name: 'matter set',
  summary: { zh: '变更一项事项设置(记名、入账);缩短冷静期须两人', en: 'change a setting of the matter (by name, in the ledger); a shorter cooling-off takes two people' },
  usage: 'handover matter set KEY VALUE --key FILE',
  example: 'handover matter set notice_wait_days 45 --key counsel.key',
  options: { key: { type: 'string', doc: { zh: '变更人的个人密钥文件', en: 'key file of the person who changes it' } } },
  run: async (call) => {
    const key = neededArgument(call, 0, { zh: '设置名', en: 'The setting', command: 'matter set' })
    const value = neededArgument(call, 1, { zh: '值', en: 'The value', command: 'matter set' })
    const keyFile = neededFlag(call, 'key', 'matter set')
    const { ctx, matter } = await matterOf(call)
    const { person } = await signingPersonOf(ctx, matter, keyFile)
    const done = await changeSettingSafely(ctx, matter, { key, value, by: person.id, keyFile })
    if (done.asked !== null) {
      call.out.result({ key, asked: done.asked }, call.out.lang === 'zh' ? `✔ 缩短冷静期须两人:已申请 ${done.asked};尚未变更` : `✔ a shorter cooling-off takes two people: asked as ${done.asked}; nothing was changed yet`)
      call.out.next(`handover approve ${done.asked} --key FILE`)
      return 0
    }
    call.out.result({ key, settings: done.settings, repeated: done.repeated }, `✔ ${key} = ${value}${done.repeated ? (call.out.lang === 'zh' ? '(原已如此)' : ' (was so already)') : ''}`)
    return 0
  },
}
