// SPDX-License-Identifier: Apache-2.0
import { lawMark, type ImpactChange } from '../law/index.ts'
import { plannedMoves } from '../lifecycle/hand-over/index.ts'
import { levelWords, loadImpact, questions, type AssessedRisk, type ImpactStanding } from '../lifecycle/assess/index.ts'
import { matterOf } from './call.ts'
import type { CommandCall } from './command.ts'
import { loadPaperFacts } from './paper-facts.ts'

/** The assessment of the matter a command is about, over the state that was just read. */
export async function impactOf(call: CommandCall) {
  const { ctx, matter } = await matterOf(call)
  const { facts, state } = await loadPaperFacts(ctx, matter)
  return { ctx, matter, standing: await loadImpact(ctx, matter, { state, about: facts }), planned: await plannedMoves(ctx, matter, 'may-move'), changes: state.impactChanges }
}

/** What follows an assessment with nothing open: its approval, or the gates while what was approved still stands. */
export function afterImpact({ approved }: ImpactStanding, changes: readonly ImpactChange[]): string {
  return approved.length > 0 && changes.length === 0 ? 'handover gate' : 'handover impact approve -o FILE.pdf --key FILE'
}

/** The questions with their answers. */
export function questionLines({ said, content, open }: ImpactStanding, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return questions.filter((question) => question.asked(content.state)).flatMap((question) => {
    const answer = said.answers.get(question.id)
    const choices = Object.entries(question.choices).map(([id, words]) => `${id}=${words[lang]}`).join(' | ')
    return [
      `${open.questions.includes(question.id) ? '?' : '✔'} ${question.id}  ${question[lang]}  ${lawMark(question, lang)}`,
      ...(answer === undefined ? (choices === '' ? [] : [`    ${zh ? '可选' : 'choices'}: ${choices}`]) : [`    ${answer.choice === null ? '' : `${question.choices[answer.choice]?.[lang] ?? ''}: `}${answer.text}`]),
    ]
  })
}

/** The risks with what lessens them. */
export function riskLines(risks: readonly AssessedRisk[], lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  return risks.flatMap((risk) => [
    `${risk.closed ? '✔' : risk.needsTreatment ? '✗' : '⚠'} ${risk.kind.id} ${risk.kind[lang]} [${risk.count.toLocaleString('en-US')}]  ${levelWords[risk.before.level][lang]} → ${levelWords[risk.after.level][lang]}  ${lawMark(risk, lang)}`,
    ...risk.reliefs.map((relief) => `    ${relief.closes ? '✔' : '·'} ${relief[lang]}`),
    ...(risk.treatment === null ? [] : [`    ${zh ? '处置' : 'treatment'}: ${risk.treatment.measure} · ${risk.treatment.owner}${risk.treatment.due === null ? '' : ` · ${risk.treatment.due}`}`]),
    ...(risk.needsTreatment ? [`    → handover impact answer ${risk.kind.id} --text @${zh ? '措施.txt' : 'MEASURE.txt'} --owner @${zh ? '负责人.txt' : 'OWNER.txt'} --due YYYY-MM-DD --key FILE`] : []),
  ])
}

const changeWords = {
  plan: { zh: '方案有评估时没有的移交', en: 'the plan moves what was not assessed' }, treatment: { zh: '处理登记(目的、基础、来源、接收方)已变', en: 'the registered treatment is another' }, recipients: { zh: '接收方已变', en: 'the recipients are others' },
  risks: { zh: '有风险上升或新出现', en: 'a risk grew or came up' }, answers: { zh: '批准后又有回答', en: 'somebody answered since' }, unbound: { zh: '旧版本的批准,没有记下评估的对象', en: 'an approval of an earlier version that names nothing' },
} as const satisfies Record<ImpactChange, { zh: string; en: string }>

/** Why the newest approval no longer counts, or nothing. */
export function changeLines(changes: readonly ImpactChange[], lang: 'zh' | 'en'): string[] {
  return changes.length === 0 ? [] : [`✗ ${lang === 'zh' ? '批准之后有变化,须重新批准' : 'changed since the approval, approve again'}: ${changes.map((one) => changeWords[one][lang]).join(lang === 'zh' ? ';' : '; ')}`]
}

/** Counts in one line. */
export function standingLine({ open, risks, approved }: ImpactStanding, lang: 'zh' | 'en'): string {
  const last = approved.at(-1)
  return lang === 'zh'
    ? `未回答 ${open.questions.length} 个问题,${open.risks.length} 项高风险没有处置,共 ${risks.length} 项风险${last === undefined ? ',尚未批准' : `,已批准的报告 ${last.digest.slice(0, 16)}…(${last.fact})`}`
    : `${open.questions.length} questions unanswered, ${open.risks.length} high risks without treatment, ${risks.length} risks in all${last === undefined ? ', not approved' : `, approved report ${last.digest.slice(0, 16)}… (${last.fact})`}`
}

/** The standing as one document. */
export function standingDocument({ said, risks, open, approved }: ImpactStanding) {
  return {
    started: said.started, answers: Object.fromEntries(said.answers), treatments: Object.fromEntries(said.treatments), open, approved,
    risks: risks.map(({ kind, count, before, after, closed, needsTreatment, reliefs, law, conf }) => ({ id: kind.id, rule: kind.rule, zh: kind.zh, en: kind.en, count, before, after, closed, needsTreatment, reliefs, law, conf })),
  }
}
