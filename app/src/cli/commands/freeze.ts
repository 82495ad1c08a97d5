// SPDX-License-Identifier: Apache-2.0
import { databasePaths } from '../../lifecycle/discover/index.ts'
import { freezeSources } from '../../lifecycle/hand-over/index.ts'
import { matterOf, neededFlag } from '../call.ts'
import { databaseLogins, writerOptions } from '../database-logins.ts'
import type { Command } from '../command.ts'

/** `handover freeze` */
export const command: Command = {
  name: 'freeze',
  summary: { zh: '封库:记录从何时起数据源不得再变(负责人签字,重读摘要)', en: 'record from when on the sources must not change (signed, digests read again)' },
  usage: 'handover freeze --key FILE',
  example: 'handover freeze --key 李明.key',
  options: { ...writerOptions, key: { type: 'string', doc: { zh: '负责人的个人密钥文件', en: 'key file of the person who answers for it' } } },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'freeze')
    const { ctx, matter } = await matterOf(call)
    const databases = await databasePaths(ctx, { tenant: ctx.tenant, matterId: matter.id })
    const logins = [...(await databaseLogins(call, { isFull: true, isForBooks: true }, [...databases.values()])).values()]
    const frozen = await freezeSources(ctx, matter, { keyFile, logins })
    const zh = call.out.lang === 'zh'
    const changed = frozen.sources.filter((source) => source.changedSinceEntered)
    call.out.result(frozen, [
      `✔ ${zh ? '已封库' : 'frozen'} ${frozen.freeze}${frozen.repeated ? (zh ? '(此前已封,内容相同)' : ' (before, with the same content)') : ''}  ${frozen.at}  ${zh ? '签字' : 'signed by'} ${frozen.by}`,
      ...frozen.sources.map((source) => `  ${source.name}  ${source.bytes.toLocaleString('en')} ${zh ? '字节' : 'bytes'}  ${source.sha256.slice(0, 16)}…${source.changedSinceEntered ? (zh ? '  ← 入账后有变动' : '  ← changed since it was entered') : ''}`),
    ])
    call.out.next(changed.length > 0 ? `handover scan --delta SOURCE` : 'handover plan')
    return 0
  },
}
