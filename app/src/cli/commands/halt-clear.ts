// SPDX-License-Identifier: Apache-2.0
import { haltFailures, haltOf, liftHalt } from '../../kit/halt.ts'
import { loadMatters } from '../../matter/index.ts'
import { signingPerson } from '../../stewardship/access/index.ts'
import { neededFlag } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover halt clear`: a named person lifts the halt of a home; refused while the books of any matter do not balance. */
export const command: Command = {
  name: 'halt clear',
  summary: { zh: '查清后由具名人员解除停止状态(账不平则拒绝)', en: 'lift a halt in the name of a person, after examination (refused while books do not balance)' },
  usage: 'handover halt clear --reason TEXT --key FILE',
  example: 'handover halt clear --reason 已恢复正确的备份 --key 王芳.key',
  options: {
    reason: { type: 'string', doc: { zh: '查明的原因(只留在本机,不要写个人信息)', en: 'what was found (stays on this machine; no personal data)' } },
    key: { type: 'string', doc: { zh: '办理人的个人密钥文件', en: 'key file of who does it' } },
  },
  run: async (call) => {
    const [reason, keyFile] = [neededFlag(call, 'reason', 'halt clear'), neededFlag(call, 'key', 'halt clear')]
    const ctx = await call.context()
    const zh = call.out.lang === 'zh'
    const halt = haltOf(ctx.home)
    if (halt === null) {
      call.out.result({ halted: false, file: null }, zh ? '✔ 本来没有停止' : '✔ It was not stopped')
      return 0
    }
    const { person } = await signingPerson(ctx, keyFile)
    let problems = 0
    for (const matter of await loadMatters(ctx.db, ctx.tenant)) if (matter.keepsBooks) problems += (await ctx.ledger.verifyBooks(matter.id)).problems.length
    if (problems > 0) throw haltFailures.STILL_BROKEN({ problems })
    const file = liftHalt(ctx.home, { person: person.id, reason, at: new Date().toISOString() })
    call.out.result({ halted: false, file }, zh ? `✔ 已解除(${halt.code});经过记在 ${file}` : `✔ Lifted (${halt.code}); kept in ${file}`)
    return 0
  },
}
