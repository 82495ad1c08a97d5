// SPDX-License-Identifier: Apache-2.0
import { attestReasons, endCopyByProof, keepReasons, outOfReachReasons } from '../../lifecycle/destroy/index.ts'
import { matterOf, neededArgument, neededFlag, oneOf, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'

const hows = ['destroyed', 'attested', 'out-of-reach', 'kept'] as const
const reasonsOf = { attested: attestReasons, 'out-of-reach': outOfReachReasons, kept: keepReasons } as const

/** `handover copies end COPY` */
export const command: Command = {
  name: 'copies end',
  summary: { zh: '了结程序够不着的副本:凭他方签名的证明,或由具名人员签字说明(会印在证明上)', en: "end a copy out of the program's reach: by the holder's signed certificate, or by a named person's signed word (it is printed on certificates)" },
  usage: 'handover copies end COPY --how destroyed --proof FILE | --how attested|out-of-reach|kept --reason CODE --key FILE',
  example: 'handover copies end cpy_0123… --how out-of-reach --reason medium-lost --key 李明.key',
  options: {
    how: { type: 'string', doc: { zh: hows.join(' '), en: hows.join(' ') } },
    proof: { type: 'string', doc: { zh: '持有方签名的销毁证明', en: "the holder's signed certificate" } },
    reason: { type: 'string', doc: { zh: [...attestReasons, ...outOfReachReasons, ...keepReasons].join(' '), en: [...attestReasons, ...outOfReachReasons, ...keepReasons].join(' ') } },
    key: { type: 'string', doc: { zh: '说明人的个人密钥文件', en: 'key file of who states it' } },
  },
  run: async (call) => {
    const copy = neededArgument(call, 0, { zh: '副本编号', en: 'The copy', command: 'copies end' })
    const how = oneOf(neededFlag(call, 'how', 'copies end'), hows, { what: '--how', command: 'copies end' })
    const { ctx, matter } = await matterOf(call)
    const ended = how === 'destroyed'
      ? await endCopyByProof(ctx, matter, { copy, how, proof: readTextFile(neededFlag(call, 'proof', 'copies end')) })
      : await endCopyByProof(ctx, matter, { copy, how, reason: oneOf(neededFlag(call, 'reason', 'copies end'), reasonsOf[how], { what: '--reason', command: 'copies end' }), keyFile: neededFlag(call, 'key', 'copies end') })
    call.out.result(ended, `✔ ${ended.copy}  ${ended.how}`)
    call.out.next('handover copies')
    return 0
  },
}
