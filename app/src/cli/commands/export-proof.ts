// SPDX-License-Identifier: Apache-2.0
import { checkWords } from '@handover/proof'
import { exportProof } from '../../lifecycle/prove/index.ts'
import { matterOf, neededFlag, oneOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover export proof` */
export const command: Command = {
  name: 'export proof',
  summary: { zh: '导出可离线核验的证据包(写出之前先自行核验)', en: 'write the evidence bundle that anybody can verify offline (verified before it is written)' },
  usage: 'handover export proof [--kind parties|public] -o FILE',
  example: 'handover export proof -o 证据包.tar',
  options: {
    kind: { type: 'string', doc: { zh: 'parties 给各当事方(默认),public 只含合计与根', en: 'parties (default), or public: totals and roots only' } },
    output: { type: 'string', short: 'o', doc: { zh: '写到哪个文件', en: 'file to write' } },
  },
  run: async (call) => {
    const file = neededFlag(call, 'output', 'export proof')
    const kind = oneOf(textFlag(call, 'kind') ?? 'parties', ['parties', 'public'], { what: '--kind', command: 'export proof' })
    const { ctx, matter } = await matterOf(call)
    const { lang } = call.out
    const { verdict, ...proof } = await exportProof(ctx, matter, { kind, file, language: lang })
    call.out.result({ ...proof, checks: verdict.checks, unchecked: verdict.unchecked }, [
      `✔ ${lang === 'zh' ? `证据包 ${proof.events} 个事件,日志大小 ${proof.size},${proof.bytes} 字节` : `bundle of ${proof.events} events, log size ${proof.size}, ${proof.bytes} bytes`}  → ${file}`,
      ...verdict.checks.map((check) => `  ✔ ${checkWords[check.name][lang]}${check.detail === '' ? '' : ` — ${check.detail}`}`),
    ])
    call.out.next(`npx handover-verify ${file} --policy policy.txt`)
    return 0
  },
}
