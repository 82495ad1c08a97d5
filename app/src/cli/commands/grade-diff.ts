// SPDX-License-Identifier: Apache-2.0
import { isInformationType, typeLabel, type MergedSets } from '../../detection/index.ts'
import { compareViews, readRuleSet, type GradeChange } from '../../lifecycle/classify/index.ts'
import { neededArgument, readTextFile } from '../call.ts'
import type { Command } from '../command.ts'
import { gradedViews, gradeText, printable } from '../grade-lines.ts'

/** `handover grade diff SET1 SET2 [REPORT.json]` */
export const command: Command = {
  name: 'grade diff',
  summary: { zh: '两个规则集对同一份清查报告或事项的定级有何不同', en: 'what another rule set would change for a scan report or the matter' },
  usage: 'handover grade diff SET1 SET2 [REPORT.json] [--overrides PACK.json]',
  example: 'handover grade diff gbt35273-2020 gbt45574-2025 report.json',
  options: { overrides: { type: 'string', doc: { zh: '改判包:人的认定优先于两个规则集', en: 'a pack of decisions, which go before both sets' } } },
  run: async (call) => {
    const ruleSets = [0, 1].map((at) => readRuleSet(neededArgument(call, at, { zh: '规则集', en: 'A rule set', command: 'grade diff' }), readTextFile))
    const [before, after] = (await gradedViews(call, call.positionals[2], ruleSets)).views
    if (before === undefined || after === undefined) throw new Error('assertion failed: two rule sets give two views')
    const changes = compareViews(before, after)
    const onlyIn = (view: typeof before, other: typeof before): typeof before.merged => view.merged.filter((one) => !other.merged.some((two) => two.sets.join() === one.sets.join()))
    const merged = { from: onlyIn(before, after), to: onlyIn(after, before) }
    call.out.result({ from: before.ruleSet, to: after.ruleSet, changes, merged }, [...changes.map((change) => changeLine(change, call.out.lang)), ...mergedLines(merged, call.out.lang), summary(changes, call.out.lang)])
    return 0
  },
}

function changeLine(change: GradeChange, lang: 'zh' | 'en'): string {
  const what = change.index === null ? (lang === 'zh' ? '整条记录' : 'records as a whole') : `#${change.index + 1} ${printable(change.name).slice(0, 24)} ${change.type !== null && isInformationType(change.type) ? typeLabel(change.type)[lang] : ''}`
  return `${printable(change.source)}!${printable(change.dataSet)}  ${what}: ${gradeText(change.from, lang)} (${change.from.rule}) → ${gradeText(change.to, lang)} (${change.to.rule})`
}

function mergedLines(merged: { from: readonly MergedSets[]; to: readonly MergedSets[] }, lang: 'zh' | 'en'): string[] {
  const line = (one: MergedSets, sign: string): string => `${sign} ${one.sets.map(printable).join(' + ')}  ${lang === 'zh' ? '汇聚' : 'merged'}  ${one.rule}`
  return [...merged.from.map((one) => line(one, '−')), ...merged.to.map((one) => line(one, '+'))]
}

function summary(changes: readonly GradeChange[], lang: 'zh' | 'en'): string {
  const fields = changes.filter(({ index }) => index !== null)
  const up = fields.filter(({ from, to }) => to.grade === 'sensitive' && from.grade !== 'sensitive').length
  const down = fields.filter(({ from, to }) => from.grade === 'sensitive' && to.grade !== 'sensitive').length
  return lang === 'zh' ? `共 ${fields.length} 个字段、${changes.length - fields.length} 个数据集不同;升为敏感 ${up} 个,降为非敏感 ${down} 个` : `${fields.length} fields and ${changes.length - fields.length} data sets differ; ${up} become sensitive, ${down} no longer are`
}
