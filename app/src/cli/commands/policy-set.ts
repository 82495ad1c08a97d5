// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { currentMatter, refuseEnded, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { readPolicyText } from '../../ledger/index.ts'
import { changePolicy, requestPolicy } from '../../stewardship/access/index.ts'
import { witnessKeyOf } from '../../witness/index.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover policy set FILE`: registers the trust policy of the matter; its digest becomes an event. A policy that asks for less than the one in force takes two people. */
export const command: Command = {
  name: 'policy set',
  summary: { zh: '登记信任策略(日志钥、见证方、当事方与审批人);比现行策略宽的须两人', en: 'registers the trust policy (log key, witnesses, parties, approvers); a weaker one than before takes two people' },
  usage: 'handover policy set FILE [--key FILE] [-m MATTER]',
  example: 'handover policy set policy.txt',
  options: { key: { type: 'string', doc: { zh: '为放宽现行策略提出申请的人的个人密钥文件(只申请,不登记)', en: 'key file of who asks for a weaker policy (asks only, registers nothing)' } } },
  run: async (call) => {
    const [file] = call.positionals
    if (file === undefined) throw cliFailures.MISSING_ARGUMENT({ what: 'FILE', command: 'policy set' })
    const text = readFileSync(file, 'utf8')
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    refuseEnded(matter)
    const ownWitness = witnessKeyOf(ctx.home.path)
    const { digest, policy, witnesses } = readPolicyText(text)
    const keyFile = textFlag(call, 'key')
    if (keyFile !== undefined) {
      const asked = await requestPolicy(ctx, matter, { text, keyFile })
      call.out.result({ digest, ...asked }, `✔ ${call.out.lang === 'zh' ? '已申请放宽信任策略' : 'asked for a weaker trust policy'}  ${asked.request}`)
      call.out.next(`handover approve ${asked.request} --key FILE`)
      return 0
    }
    const { seq, repeated } = await changePolicy(ctx, matter, { text, ownKeys: ownWitness === null ? [] : [ownWitness] })
    const document = { seq, repeated, digest, quorum: policy.quorum, witnesses: witnesses.map((witness) => ({ name: witness.name, url: witness.url })) }
    const zh = call.out.lang === 'zh'
    const lines = zh
      ? [repeated ? '该策略此前已登记' : `信任策略已登记(第 ${seq} 号事件)`, `见证方: ${witnesses.map((witness) => witness.name).join('、') || '无'}`]
      : [repeated ? 'This policy was registered before' : `The trust policy is registered (event ${seq})`, `Witnesses: ${witnesses.map((witness) => witness.name).join(', ') || 'none'}`]
    call.out.result(document, lines)
    if (policy.quorum === 'none') call.out.say({ zh: '注意: 该策略不要求任何见证,外人无法发现日志被回滚', en: 'Note: this policy asks for no witness; nobody outside can tell if the log is rolled back' })
    call.out.next('handover log publish')
    return 0
  },
}
