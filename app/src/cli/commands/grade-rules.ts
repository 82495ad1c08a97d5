// SPDX-License-Identifier: Apache-2.0
import { gradingRuleSets, isInForce, typeLabel, type GradingRule } from '../../detection/index.ts'
import { readRuleSet } from '../../lifecycle/classify/index.ts'
import { readTextFile } from '../call.ts'
import type { Command } from '../command.ts'
import { gradeName } from '../grade-lines.ts'
import { markOf } from '../law-lines.ts'

/** `handover grade rules [SET]` */
export const command: Command = {
  name: 'grade rules',
  summary: { zh: '分级规则集:来源、生效日期、把握程度;给出名称则逐条列出', en: 'grading rule sets: source, date, how sure; with a name, every rule' },
  usage: 'handover grade rules [SET|FILE.json]',
  example: 'handover grade rules gbt45574-2025',
  options: {},
  run: async (call) => {
    const { lang } = call.out
    const name = call.positionals[0]
    // Rules of today's law; a matter's declared time does not matter for what is in force.
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    if (name === undefined) {
      const sets = gradingRuleSets.map(({ id, version, title, source, effectiveFrom, basedOn, rules }, at) => ({ id, version, title, source, effectiveFrom, inForce: isInForce({ effectiveFrom }, today), basedOn: basedOn ?? null, rules: rules.length, isDefault: at === 0 }))
      call.out.result({ ruleSets: sets }, sets.map((set) => `${set.isDefault ? '●' : ' '} ${set.id}  ${set.title[lang]}  ${set.effectiveFrom}${set.inForce ? '' : lang === 'zh' ? '(未生效)' : ' (not yet in force)'}${set.basedOn === null ? '' : `  ⊃ ${set.basedOn}`}`))
      call.out.next('handover grade rules SET')
      return 0
    }
    const { all, ...set } = readRuleSet(name, readTextFile)
    call.out.result({ ...set, rules: all.map(({ set: from, rule }) => ({ set: from, ...rule })) }, [
      `${set.id} ${set.version} · ${set.title[lang]} · ${lang === 'zh' ? set.source : (set.sourceEn ?? set.source)} · ${set.effectiveFrom}`,
      ...all.map(({ set: from, rule }) => `  ${from}/${rule.id} ${markOf(rule.conf, lang)} ${saidBy(rule, lang)} — ${whySaid(rule, lang)}`),
    ])
    return 0
  },
}

/** Source and note of a rule; a set of somebody's own that says them in one language is shown in that. */
function whySaid({ source, sourceEn, note, noteEn }: GradingRule, lang: 'zh' | 'en'): string {
  const said = lang === 'zh' ? [source, note] : [sourceEn ?? source, noteEn ?? note]
  return said.filter((part) => part !== undefined).join(lang === 'zh' ? ';' : '; ')
}

function saidBy(rule: GradingRule, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh'
  const names = (types: readonly Parameters<typeof typeLabel>[0][]): string => types.map((type) => typeLabel(type)[lang]).join(zh ? '、' : ', ')
  const to = [('grade' in rule && rule.grade !== undefined ? gradeName(rule.grade, lang) : undefined), rule.level === undefined ? undefined : gradeName(rule.level, lang)].filter((word) => word !== undefined).join(' ')
  switch (rule.kind) {
    case 'type': return `${names(rule.types)} → ${to}`
    case 'image': return `${names(rule.types)}${zh ? '的影像' : ' as a picture'} → ${to}`
    case 'together': return `${rule.groups.map((group) => `(${names(group)})`).join(' + ')} → ${to}`
    case 'minors': return `${zh ? '不满十四周岁' : 'people below 14'} → ${to}`
    case 'scale': return `≥ ${rule.subjects.toLocaleString('en')} ${zh ? '人' : 'persons'}${rule.of === 'sensitive' ? (zh ? '(敏感)' : ' (sensitive)') : ''} → ${to}`
    case 'level': return `${rule.grades.map((grade) => gradeName(grade, lang)).join(' ')} → ${to}`
  }
}
