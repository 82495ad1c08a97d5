// SPDX-License-Identifier: Apache-2.0
import { currentMatter, refuseUnlessBookkeeper } from '../../matter/index.ts'
import { haltForBooks } from '../../kit/halt.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover log verify`: recounts the books against the postings, the inventory and the events; changes nothing. */
export const command: Command = {
  name: 'log verify',
  summary: { zh: '重新核对账簿、清查根与事件承诺(只读)', en: 'recounts books, inventory roots and event commitments (changes nothing)' },
  usage: 'handover log verify [-m MATTER]',
  example: 'handover log verify',
  options: {},
  run: async (call) => {
    const ctx = await call.context()
    const matter = await currentMatter(ctx, textFlag(call, 'matter'))
    refuseUnlessBookkeeper(matter)
    const check = await ctx.ledger.verifyBooks(matter.id)
    if (!check.balanced) haltForBooks(ctx.home, check.problems, 'log verify')
    const zh = call.out.lang === 'zh'
    const found = check.problems.map((problem) => `✗ ${[problem.ds, problem.f, problem.account].filter((word) => word !== '').join(' ')}: ${problem.why}`)
    const last = check.balanced ? (zh ? '✔ 账平' : '✔ The books balance') : zh ? '✗ 账不平' : '✗ The books do not balance'
    const counts = zh ? `${check.events} 个事件,${check.records} 条记录,${check.lines.length} 个字段` : `${check.events} events, ${check.records} records, ${check.lines.length} fields`
    call.out.result(check, [...found, counts, last])
    return check.balanced ? 0 : 14
  },
}
