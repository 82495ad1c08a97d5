// SPDX-License-Identifier: Apache-2.0
import { explainObstacle, lawMark, outcomeWords as outcomes } from '../../law/index.ts'
import { labelKinds } from '../../lifecycle/discover/index.ts'
import { computePlan, type PlanLine } from '../../lifecycle/hand-over/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover plan` */
export const command: Command = {
  name: 'plan',
  summary: { zh: '拟定每个字段值的去向,附理由、条文与计数', en: 'compute the disposition of every value, with reasons, articles and counts' },
  usage: 'handover plan [-m CODE] [--json]',
  example: 'handover plan',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const plan = await computePlan(ctx, matter)
    const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
    const { lang } = call.out
    const sums = Object.fromEntries(Object.keys(outcomes).map((outcome) => [outcome, plan.lines.filter((line) => line.outcome === outcome).reduce((sum, line) => sum + line.values, 0)]))
    const pending = sums['pending'] ?? 0
    const head = Object.entries(outcomes).map(([outcome, words]) => `${words[lang]} ${sums[outcome] ?? 0}`).join(' · ')
    call.out.result({ plan: plan.id, digest: plan.digest, approved: plan.approved, repeated: plan.repeated, values: sums, lines: plan.lines }, [
      `${lang === 'zh' ? '去向方案' : 'Plan'} ${plan.id}${plan.approved ? (lang === 'zh' ? ' (已批准)' : ' (approved)') : ''}`,
      head,
      ...[...Map.groupBy(plan.lines, (line) => line.ds)].flatMap(([ds, lines]) => ['', `■ ${names.get(ds) ?? ds}`, ...shownLines(lines).flatMap((line) => linesOf(line, lang))]),
    ])
    call.out.next(pending > 0 ? 'handover gate plan' : 'handover plan request --key FILE')
    return pending > 0 ? 3 : 0
  },
}

/** Lines that read the same are shown as one; the document keeps them apart (flags, residual copies). */
function shownLines(lines: readonly PlanLine[]): PlanLine[] {
  const shown = Map.groupBy(lines, (line) => JSON.stringify([line.outcome, line.why.en, line.rule, line.alsoRules, line.override, line.conditions, line.residual, line.residual === 'seal' ? line.until : null]))
  return [...shown.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [{ ...first, records: [first, ...rest].reduce((sum, line) => sum + line.records, 0), values: [first, ...rest].reduce((sum, line) => sum + line.values, 0) }]))
}

function linesOf(line: PlanLine, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const seal = line.residual === 'seal' ? (zh ? ' · 本方副本封存' : " · the giver's copy is sealed") : ''
  const counts = zh ? `${line.records} 条 / ${line.values} 值` : `${line.records} records / ${line.values} values`
  return [
    `  ${outcomes[line.outcome][lang]} ${counts}  ${line.why[lang]}${seal}`,
    `     ${[line.rule, ...line.alsoRules].join('+')} ${lawMark(line, lang)}${line.override === null ? '' : zh ? ' · 已改判' : ' · overridden'}`,
    ...line.conditions.flatMap((code) => {
      const words = explainObstacle(code)
      return words === undefined ? [] : [`     ${zh ? '待' : 'waits'}: ${words[lang]} ${lawMark(words, lang)} → ${words.remedy[lang]}`]
    }),
  ]
}
