// SPDX-License-Identifier: Apache-2.0
import { matterOf } from '../call.ts'
import { auditContentOf, pointLines } from '../audit-lines.ts'
import type { Command } from '../command.ts'

/** `handover audit show` */
export const command: Command = {
  name: 'audit show',
  summary: { zh: '审计底稿:每个审计点的规则、事实、事件和结论', en: 'the audit binder: rules, facts, events and finding of every point' },
  usage: 'handover audit show [-m CODE]',
  example: 'handover audit show --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const { binder, content } = await auditContentOf(ctx, matter)
    const points = content.points.map((evidence) => ({ ...evidence.point, rules: evidence.rules.map(({ rule, status }) => ({ rule, status })), facts: evidence.facts, events: evidence.events, suggestion: evidence.suggestion, finding: content.findings.get(evidence.point.id) ?? null }))
    call.out.result({ ...binder, points }, pointLines(content, call.out.lang))
    const open = points.find(({ finding }) => finding === null)
    call.out.next(open === undefined ? 'handover audit print -o 审计报告.pdf --conclude --key FILE' : `handover audit finding ${open.id} --result conforms|does-not-conform|not-applicable --text @FILE --key FILE`)
    return [...content.findings.values()].some(({ result, fixedOn, due }) => result === 'does-not-conform' && fixedOn === null && due !== null && due < ctx.today()) ? 3 : 0
  },
}
