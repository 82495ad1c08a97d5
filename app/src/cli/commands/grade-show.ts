// SPDX-License-Identifier: Apache-2.0
import { defaultRuleSetId, typeLabel } from '../../detection/index.ts'
import { readRuleSet, type GradedSet, type GradedView } from '../../lifecycle/classify/index.ts'
import { readTextFile } from '../call.ts'
import { textFlag, type Command } from '../command.ts'
import { gradedViews, gradeText, printable } from '../grade-lines.ts'
import { writeNewFile } from '../write-new-file.ts'

/** `handover grade show [REPORT.json]` */
export const command: Command = {
  name: 'grade show',
  summary: { zh: '按规则集给清查报告或事项定级:每个级别由哪条规则得出、组合、未成年人、规模、汇聚', en: 'grade a scan report or the matter by a rule set: the rule behind every grade, combinations, minors, scale, merged sets' },
  usage: 'handover grade show [REPORT.json] [--rules SET|FILE.json] [--overrides PACK.json] [-o NEW-REPORT.json]',
  example: 'handover scan ./exports --json > report.json && handover grade show report.json --rules gbt45574-2025',
  options: {
    rules: { type: 'string', doc: { zh: `分级规则集名称或规则集文件(默认 ${defaultRuleSetId})`, en: `name of a rule set, or a rule set file (default ${defaultRuleSetId})` } },
    overrides: { type: 'string', doc: { zh: '改判包:把人的认定用于这份报告', en: 'a pack of decisions to apply to the report' } },
    output: { type: 'string', short: 'o', doc: { zh: '把重新定级后的报告写入文件', en: 'write the report with its new grades' } },
  },
  run: async (call) => {
    const rules = readRuleSet(textFlag(call, 'rules') ?? defaultRuleSetId, readTextFile)
    const { views, reports } = await gradedViews(call, call.positionals[0], [rules])
    const [view] = views
    if (view === undefined) throw new Error('assertion failed: one rule set gives one view')
    const output = textFlag(call, 'output')
    if (output !== undefined && reports[0] !== undefined) writeNewFile(output, `${JSON.stringify(reports[0], null, 2)}\n`)
    call.out.result(view, humanLines(view, call.out.lang))
    call.out.next('handover grade diff SET1 SET2 [REPORT.json]')
    return 0
  },
}

function humanLines(view: GradedView, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    `${zh ? '规则集' : 'Rule set'} ${view.ruleSet}${view.subjects === null ? '' : ` · ${view.subjects.toLocaleString('en')} ${zh ? '人' : 'persons'}`}`,
    ...view.sets.flatMap((set) => setLines(set, lang)),
    ...(view.merged.length === 0 ? [] : [zh ? '汇聚后升级(合在一处才成立):' : 'Raised when merged (met only together):']),
    ...view.merged.map((one) => `  ${one.sets.map(printable).join(' + ')}  ${zh ? '经' : 'by'} ${typeLabel(one.by)[lang]}  → ${one.rule}`),
  ]
}

function setLines(set: GradedSet, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    `${printable(set.source)}!${printable(set.name)} · ${set.rows.toLocaleString('en')} ${zh ? '行' : 'rows'} · ${gradeText(set, lang)}  ${set.rule}${set.levelRule === null ? '' : `  ${set.levelRule}`}${set.under14 === 0 ? '' : ` · ${zh ? '不满十四周岁' : 'below 14'} ${set.under14.toLocaleString('en')}`}`,
    ...set.fields.filter(({ type, level }) => type !== 'none' || level !== null).map((field) => `    #${field.index + 1} ${printable(field.name).slice(0, 24)}  ${typeLabel(field.type)[lang]}  ${gradeText(field, lang)}  ${field.rule}${field.levelRule === null || field.levelRule === field.rule ? '' : `  ${field.levelRule}`}`),
  ]
}
