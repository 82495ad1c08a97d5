// SPDX-License-Identifier: Apache-2.0
import { issuePackage } from '../../lifecycle/hand-over/index.ts'
import { partiesOf } from '../../matter/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover pack` */
export const command: Command = {
  name: 'pack',
  summary: { zh: '签发加密、签名的移交包(或保管包)', en: 'issue the encrypted, signed package' },
  usage: 'handover pack --to transferee|custodian [--purpose transfer|custody] -o FILE',
  example: 'handover pack --to transferee -o 移交包.tar',
  options: {
    to: { type: 'string', doc: { zh: '接收方:角色或当事方编号', en: 'recipient: role or party id' } },
    purpose: { type: 'string', doc: { zh: 'transfer 移交(默认)或 custody 封存保管', en: 'transfer (default) or custody' } },
    output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件', en: 'file to write' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'pack')
    const given = neededFlag(call, 'to', 'pack')
    const { ctx, matter } = await matterOf(call)
    const candidates = partiesOf(matter, 'transferee', 'custodian')
    const to = candidates.find((party) => party.id === given || party.role === given)
    if (to === undefined) oneOf(given, candidates.flatMap((party) => [party.role, party.id]), { what: '--to', command: 'pack' })
    const purpose = oneOf(textFlag(call, 'purpose') ?? (to?.role === 'custodian' ? 'custody' : 'transfer'), ['transfer', 'custody'], { what: '--purpose', command: 'pack' })
    if (to === undefined) return 2
    const issued = await issuePackage(ctx, matter, { to, purpose, file })
    const zh = call.out.lang === 'zh'
    call.out.result({ ...issued, package: issued.id, purpose }, [
      `✔ ${zh ? '移交包已签发' : 'package issued'} ${issued.id}${issued.repeated ? (zh ? '(再次写出)' : ' (written again)') : ''}`,
      `  ${zh ? `${issued.records} 条 / ${issued.values} 个字段值 · ${issued.bytes} 字节` : `${issued.records} records / ${issued.values} values · ${issued.bytes} bytes`}  → ${file}`,
    ])
    call.out.next(`handover receive ${file} --into DEST -o ACCEPTANCE`)
    return 0
  },
}
