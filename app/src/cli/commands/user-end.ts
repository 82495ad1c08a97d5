// SPDX-License-Identifier: Apache-2.0
import { endPerson } from '../../stewardship/access/index.ts'
import { neededArgument, neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover user end PERSON` */
export const command: Command = {
  name: 'user end',
  summary: { zh: '立即终止一个人员的权限', en: "end a person's rights at once" },
  usage: 'handover user end PERSON --key FILE',
  example: 'handover user end per_0123… --key 王芳.key',
  options: { key: { type: 'string', doc: { zh: '办理人的个人密钥文件', en: 'key file of who does it' } } },
  run: async (call) => {
    const id = neededArgument(call, 0, { zh: '人员编号', en: 'The person', command: 'user end' })
    const keyFile = neededFlag(call, 'key', 'user end')
    const person = await endPerson(await call.context(), { id, keyFile })
    call.out.result({ person: person.id, endedAt: person.endedAt }, `✔ ${person.id} · ${person.endedAt ?? ''}`)
    return 0
  },
}
