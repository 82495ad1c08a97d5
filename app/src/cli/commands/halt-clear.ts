// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { haltFailures, haltOf, lastLifted, liftHalt, type LiftedHalt } from '../../kit/halt.ts'
import { loadMatters } from '../../matter/index.ts'
import { signingPersonOfHome } from '../../stewardship/access/index.ts'
import { neededFlag } from '../call.ts'
import type { Command } from '../command.ts'
import { neededWords } from '../words-flag.ts'

/** Who lifted it and why, in the books of every open matter: the text itself stays in the file beside the mark, the event holds its digest. Nothing is booked while a home is halted, so this comes after; a crash in between is made good by the same command. */
async function bookLifted(ctx: Context, { halt, lifted }: LiftedHalt): Promise<string[]> {
  const reason = createHash('sha256').update(lifted.reason, 'utf8').digest('hex')
  const booked: string[] = []
  for (const matter of await loadMatters(ctx.db, ctx.tenant)) {
    if (!matter.keepsBooks || matter.status !== 'open') continue
    const body = { code: halt.code, haltedAt: halt.at, by: lifted.person, reason }
    await ctx.db.transaction((tx) => ctx.ledger.append(tx, matter.id, { type: 'HaltLifted', body }, `halt/${halt.at}/${lifted.at}/${lifted.person}`))
    booked.push(matter.id)
  }
  return booked
}

/** `handover halt clear`: a named person lifts the halt of a home; refused while the books of any matter do not balance. */
export const command: Command = {
  name: 'halt clear',
  summary: { zh: '查清后由具名人员解除停止状态(账不平则拒绝)', en: 'lift a halt in the name of a person, after examination (refused while books do not balance)' },
  usage: 'handover halt clear --reason @FILE --key FILE',
  example: 'handover halt clear --reason @查明的原因.txt --key 王芳.key',
  options: {
    reason: { type: 'string', doc: { zh: '写有查明的原因的文件 @文件,或 @- 取自标准输入;在终端上不给则询问(只留在本机,不要写个人信息)', en: 'file with what was found: @FILE, or @- for standard input; asked for at a terminal (stays on this machine; no personal data)' } },
    key: { type: 'string', doc: { zh: '办理人的个人密钥文件', en: 'key file of who does it' } },
  },
  run: async (call) => {
    const keyFile = neededFlag(call, 'key', 'halt clear')
    const reason = await neededWords(call, 'reason', 'halt clear', { zh: '查明的原因:', en: 'What was found:' })
    const ctx = await call.context()
    const zh = call.out.lang === 'zh'
    const halt = haltOf(ctx.home)
    if (halt === null) {
      const last = lastLifted(ctx.home)
      if (last !== null) await bookLifted(ctx, last)
      call.out.result({ halted: false, file: null }, zh ? '✔ 本来没有停止' : '✔ It was not stopped')
      return 0
    }
    const { person } = await signingPersonOfHome(ctx, keyFile)
    let problems = 0
    for (const matter of await loadMatters(ctx.db, ctx.tenant)) if (matter.keepsBooks) problems += (await ctx.ledger.verifyBooks(matter.id)).problems.length
    if (problems > 0) throw haltFailures.STILL_BROKEN({ problems })
    const lifted = { person: person.id, reason, at: new Date().toISOString() }
    const file = liftHalt(ctx.home, lifted)
    const booked = await bookLifted(ctx, { halt, lifted })
    call.out.result({ halted: false, file, booked }, zh ? `✔ 已解除(${halt.code});经过记在 ${file},并记入 ${booked.length} 个事项的账簿` : `✔ Lifted (${halt.code}); kept in ${file} and booked in ${booked.length} matters`)
    return 0
  },
}
