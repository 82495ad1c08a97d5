// SPDX-License-Identifier: Apache-2.0
import { idText, randomIds } from '../../kit/ids.ts'
import { makeSigningKey } from '../../matter/index.ts'
import { neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover user key -o FILE`: on the person's own device, without a home. */
export const command: Command = {
  name: 'user key',
  summary: { zh: '为自己生成个人签名密钥(在自己的设备上)', en: 'make a signing key for yourself (on your own device)' },
  usage: 'handover user key -o FILE',
  example: 'handover user key -o 张三.key',
  options: { output: { type: 'string', short: 'o', doc: { zh: '密钥文件(勿交给他人)', en: 'key file (give it to nobody)' } } },
  run: async ({ flags, out, ...call }) => {
    const file = neededFlag({ ...call, flags, out }, 'output', 'user key')
    const { vkey } = makeSigningKey(file, idText('per', randomIds.bytes('per')))
    out.result({ file, person: vkey.name, vkey: vkey.text }, [`✔ ${file}`, `  ${out.lang === 'zh' ? '公钥(交给当事方登记)' : 'Public key (for the party to register)'}: ${vkey.text}`])
    out.next(`handover user add --name @FILE --role ROLE --vkey ${vkey.text}`)
    return 0
  },
}
