// SPDX-License-Identifier: Apache-2.0
// Advice as Markdown, for the screen and for the file.
import { factsOfActs, isFactOfAct } from '../lifecycle/assess/index.ts'
import { adviceQuestions, lawMark, lawSentence, matterTypeWords, outcomeWords, severityWords, stepWords, tierWords, type Advice, type AdvisedDuty, type Estimate, type EstimatedPart, type NeededFact } from '../law/index.ts'

/** What can be said of an advice: how the estimate was weighed, and on which day. */
export interface AdviceOccasion {
  on: string
  byValues: boolean
}

/** An advice as Markdown lines; every sentence about the law carries its article and its mark. */
export function adviceLines(advice: Advice & { estimate: Estimate }, { on, byValues }: AdviceOccasion, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return [
    zh ? `# 事前咨询(${on})` : `# Advice (${on})`, '',
    zh ? '依据答复和本程序的法规登记簿得出,不是法律意见;标〔…未核实〕的须由律师确认。' : 'From the answers and this program’s law register; no legal opinion. What is marked unverified is for counsel to confirm.', '',
    `## ${zh ? '事项类型' : 'Type of matter'}: ${matterTypeWords[advice.type][lang]} (${advice.type})`, '',
    ...advice.reasons.map((reason) => `- ${lawSentence(reason, lang)}`),
    '', `    handover init ${zh ? '名称' : 'NAME'} --type ${advice.type}`, '',
    ...(advice.size === null ? [] : [`## ${zh ? '人数档次' : 'Size'}: ${tierWords[advice.size.tier][lang]} ${lawMark(advice.size, lang)}`, '', ...advice.size.duties.map((duty) => `- ${duty.rule} ${lawSentence(duty, lang)}`), '']),
    `## ${zh ? '注意' : 'Mind'}`, '', ...advice.warnings.map((warning) => `- ${lawSentence(warning, lang)}`), '',
    ...estimateLines(advice.estimate, byValues, lang), '',
    `## ${zh ? '日程' : 'Dates'}`, '', ...advice.duties.map((duty) => dutyLine(duty, lang)), '',
    `## ${zh ? '还缺的事实和文件' : 'Facts and papers that are missing'}`, '',
    zh ? '- 阻断的挡住所列步骤,重要的挡住办结,其余提醒;用 `handover fact add 名称` 登记,另写了命令的用那条命令' : '- BLOCK stops the steps named, HIGH the close, the others warn; record with `handover fact add NAME`, or with the command named', ...advice.facts.map((fact) => factLine(fact, lang)), '',
    ...(advice.open.length === 0 ? [] : [`## ${zh ? '没有答复的问题(按谨慎的默认处理)' : 'Questions left open (taken cautiously)'}`, '', ...advice.open.map((key) => `- ${adviceQuestions.find((question) => question.key === key)?.[lang] ?? key}`), '']),
  ]
}

const moveWords: Record<EstimatedPart['moves'], { zh: string; en: string }> = {
  'by-notice': { zh: '告知后可移交', en: 'moves by notice' }, 'with-consent': { zh: '单独同意后可移交', en: 'moves with separate consent' }, 'with-guardian': { zh: '监护人同意后可移交', en: "moves with the guardian's consent" },
  stays: { zh: '留用,不移交', en: 'stays' }, not: { zh: '不能移交', en: 'does not move' }, open: { zh: '取决于没有答复的问题', en: 'turns on a question that nobody answered' },
}

function estimateLines(estimate: Estimate, byValues: boolean, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const unit = byValues ? (zh ? '字段值' : 'values') : zh ? '客户' : 'customers'
  const expected = estimate.expected === null ? (zh ? '预计:同意比例或者客户的基础没有答复,不估' : 'expected: cannot be said, nobody answered how many will agree or what the basis is') : `${zh ? '预计' : 'expected'} ${estimate.expected} %`
  return [
    `## ${zh ? '可移交比例(估计)' : 'Part that can be transferred (estimate)'}: ${estimate.atLeast} %–${estimate.atMost} % ${unit}`, '',
    `- ${expected}`, `- ${estimate.assumes[lang]}`,
    ...estimate.parts.map((part) => `- ${part.label[lang]}: ${Math.round(part.share * 1000) / 10} % · ${moveWords[part.moves][lang]}${part.moves === 'by-notice' || part.moves === 'stays' ? '' : zh ? `;其余 ${outcomeWords[part.otherwise].zh}` : `; otherwise ${outcomeWords[part.otherwise].en}`} · ${part.rule} ${lawMark(part, lang)}`),
  ]
}

function dutyLine(duty: AdvisedDuty, lang: 'zh' | 'en'): string {
  return `- ${duty.due ?? (lang === 'zh' ? '待定' : 'open')}  ${duty.id} ${duty[lang]} (${duty.counted[lang]}) ${lawMark(duty, lang)}`
}

function factLine(fact: NeededFact, lang: 'zh' | 'en'): string {
  const evidence = fact.evidence === 'required' ? (lang === 'zh' ? ' · 须附文件' : ' · document required') : ''
  return `- [ ] ${severityWords[fact.sev][lang]} \`${fact.fact}\` ${fact[lang]}${evidence} · ${fact.rules.join(' ')}${fact.maybe ? (lang === 'zh' ? ' · 视情形' : ' · only if it happens') : ''}${isFactOfAct(fact.fact) ? ` · \`${factsOfActs[fact.fact].command}\`` : ''} → ${fact.steps.map((step) => stepWords[step][lang]).join(lang === 'zh' ? '、' : ' ')} ${lawMark(fact, lang)}`
}
