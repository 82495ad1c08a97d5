// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { canonicalJson } from '@handover/proof'
import { readSigningKey } from '../../matter/index.ts'
import { actRules, approve, signApprovalFile } from '../../stewardship/access/index.ts'
import { matterOf, neededArgument, neededFlag, readTextFile } from '../call.ts'
import type { Command, CommandCall } from '../command.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover approve REQUEST|FILE` */
export const command: Command = {
  name: 'approve',
  summary: { zh: '审批一项需要两人的申请', en: 'approve a request that needs two people' },
  usage: 'handover approve REQUEST --key FILE   |   handover approve FILE --key FILE -o SIGNED',
  example: 'handover approve apr_0123… --key 王芳.key',
  options: {
    key: { type: 'string', doc: { zh: '审批人的个人密钥文件', en: 'key file of who approves' } },
    output: { type: 'string', short: 'o', doc: { zh: '签名后的审批文件(在自己的设备上签时)', en: 'the signed file (when signing on a device of your own)' } },
  },
  run: async (call) => {
    const given = neededArgument(call, 0, { zh: '申请编号或文件', en: 'The request or file', command: 'approve' })
    const keyFile = neededFlag(call, 'key', 'approve')
    return !given.startsWith('apr_') && existsSync(given) ? signFile(call, given, keyFile) : approveHere(call, given, keyFile)
  },
}

async function approveHere(call: CommandCall, requestId: string, keyFile: string): Promise<number> {
  const { ctx, matter } = await matterOf(call)
  const { request, missing, repeated } = await approve(ctx, matter, { requestId, keyFile })
  const zh = call.out.lang === 'zh'
  const cooling = request.coolingOffUntil === null ? '' : zh ? `,冷静期至 ${request.coolingOffUntil}` : `, cooling-off until ${request.coolingOffUntil}`
  call.out.result({ request: request.id, act: request.act, status: request.status, missing, coolingOffUntil: request.coolingOffUntil, repeated }, [
    `✔ ${actRules[request.act][call.out.lang]} · ${request.id}`,
    `  ${canonicalJson(request.parameters)}`,
    missing > 0 ? `  ${zh ? `还缺 ${missing} 人审批` : `${missing} more approval(s) needed`}` : `  ${zh ? '审批齐备' : 'approved'}${cooling}`,
  ])
  return 0
}

/** Needs no home: the person sees what the file asks for and signs those bytes. */
async function signFile(call: CommandCall, file: string, keyFile: string): Promise<number> {
  const target = neededFlag(call, 'output', 'approve')
  const { asked, text } = signApprovalFile(readTextFile(file), readSigningKey(keyFile))
  writeNewFile(target, text)
  call.out.result({ file: target, request: asked.request, act: asked.act, parameters: asked.parameters }, [
    `✔ ${actRules[asked.act][call.out.lang]} · ${asked.request}`,
    ...Object.entries(asked.parameters).map(([key, value]) => `  ${key}: ${canonicalJson(value)}`),
    `  → ${target}`,
  ])
  call.out.next(`handover approval import ${target}`)
  return 0
}
