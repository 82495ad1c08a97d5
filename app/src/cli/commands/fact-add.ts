// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isFactName } from '../../law/index.ts'
import { addFact, assessFailures, factValueOfPairs } from '../../lifecycle/assess/index.ts'
import { matterOf, neededArgument, neededFlag, pairsOf } from '../call.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover fact add NAME` */
export const command: Command = {
  name: 'fact add',
  summary: { zh: '登记一项签名的事实(关卡需要)', en: 'record a signed fact that a gate needs' },
  usage: 'handover fact add NAME --set KEY=VALUE… [--evidence FILE] --key FILE',
  example: 'handover fact add child-assessment --set report=@儿童信息评估.pdf --set assessedOn=2026-11-20 --set by=self --evidence 儿童信息评估.pdf --key 王芳.key',
  options: {
    set: { type: 'string', multiple: true, doc: { zh: '内容 KEY=VALUE;@文件 取该文件的摘要', en: 'value KEY=VALUE; @FILE takes the digest of that file' } },
    evidence: { type: 'string', doc: { zh: '证明文件(只记加盐摘要)', en: 'the document behind it (only a salted digest is recorded)' } },
    key: { type: 'string', doc: { zh: '签署人的个人密钥文件', en: 'key file of who signs' } },
  },
  run: async (call) => {
    const name = neededArgument(call, 0, { zh: '事实名', en: 'The fact', command: 'fact add' })
    if (!isFactName(name)) throw assessFailures.FACT_UNKNOWN({ name: name.slice(0, 60) })
    const keyFile = neededFlag(call, 'key', 'fact add')
    const value = factValueOfPairs(name, pairsOf(call, 'set', 'fact add').map(([key, text]) => [key, text.startsWith('@') ? digestOf(text.slice(1)) : text]))
    const { ctx, matter } = await matterOf(call)
    const { fact, repeated } = await addFact(ctx, matter, { name, value, evidenceFile: textFlag(call, 'evidence'), keyFile })
    const zh = call.out.lang === 'zh'
    call.out.result({ fact: fact.id, name, value: fact.value, signedBy: fact.signedBy, recordedAt: fact.recordedAt, replaces: fact.replaces, repeated }, [
      `✔ ${name} · ${fact.id}${repeated ? (zh ? '(此前已登记)' : ' (recorded before)') : ''}`,
      ...(fact.replaces === null ? [] : [`  ${zh ? '取代' : 'replaces'} ${fact.replaces}`]),
    ])
    call.out.next('handover gate')
    return 0
  },
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
