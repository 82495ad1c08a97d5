// SPDX-License-Identifier: Apache-2.0
import { gateFor, guardedSteps, hasRoom, lawMark, ruleWords, spellObstacle, standingFor, stepWords, type GateReport, type GateResult, type Rule, type RuleWords, type StandingReport } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { matterOf, oneOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover gate` */
export const command: Command = {
  name: 'gate',
  summary: { zh: '逐条法律规则:✔ 为何通过,✗ 为何不行、有多少、怎么办', en: 'every rule of law: ✔ why, ✗ why not, how many, what to do' },
  usage: `handover gate [${guardedSteps.join('|')}|standing]`,
  example: 'handover gate pack',
  options: { all: { type: 'boolean', doc: { zh: '也列出不适用的规则', en: 'list rules that do not apply as well' } } },
  run: async (call) => {
    const asked = call.positionals[0]
    const chosen = asked === undefined ? undefined : oneOf(asked, [...guardedSteps, 'standing'], { what: asked.slice(0, 40), command: 'gate' })
    const { ctx, matter } = await matterOf(call)
    const state = await loadMatterState(ctx, matter)
    const steps = chosen !== undefined ? [chosen] : guardedSteps.filter((step) => step !== 'room-open' || hasRoom(state))
    const reports = steps.map((step) => (step === 'standing' ? standingFor(state) : gateFor(step, state)))
    const spelled = reports.map((report) => ({ ...report, results: report.results.map((result) => ({ ...result, ...ruleSays(state.law.ruleById.get(result.rule)), obstacles: result.obstacles.map(spellObstacle) })), obstacles: report.obstacles.map(spellObstacle), warnings: report.warnings.map(spellObstacle) }))
    call.out.result({ steps: spelled }, reports.flatMap((report) => reportLines(report, call.out.lang, call.flags['all'] === true)))
    if (asked === undefined) call.out.say({ zh: '不属于任何一步、常年适用的义务:handover gate standing', en: 'Duties that belong to no step and stand all the year: handover gate standing' })
    return reports.every((report) => report.open) ? 0 : 15
  },
}

/** What the register says beside, in both languages: until when, who, and what follows otherwise. */
function ruleSays(rule: Rule | undefined): Pick<RuleWords, 'deadline' | 'who' | 'consequence'> | Record<string, never> {
  if (rule === undefined) return {}
  const { deadline, who, consequence } = ruleWords(rule)
  return { deadline, who, consequence }
}

function reportLines(report: GateReport | StandingReport, lang: 'zh' | 'en', all: boolean): string[] {
  const zh = lang === 'zh'
  const shown = report.results.filter((result) => all || result.status !== 'not-applicable')
  return [
    `■ ${zh ? (report.step === 'standing' ? '常年义务' : `${stepWords[report.step].zh}(${report.step})`) : report.step}  ${report.open ? (zh ? (report.step === 'standing' ? '✔ 没有必须立即补办的义务' : '✔ 可以进行') : '✔ open') : zh ? `✗ ${report.obstacles.length} 项障碍` : `✗ ${report.obstacles.length} obstacles`}`,
    ...shown.flatMap((result) => resultLines(result, lang)),
    '',
  ]
}

const marks = { satisfied: '✔', unmet: '✗', overridden: '!', 'not-applicable': '–' } as const

function resultLines(result: GateResult, lang: 'zh' | 'en'): string[] {
  const mark = result.status === 'unmet' && !result.stops ? '⚠' : marks[result.status]
  return [
    `  ${mark} ${result.rule} ${lang === 'zh' ? result.title : result.titleEn}  ${lawMark(result, lang)}`,
    ...result.satisfiedBy.map((evidence) => `      ${evidence[lang]}`),
    ...(result.note === null ? [] : [`      ${result.note[lang]}`]),
    ...result.obstacles.map(spellObstacle).flatMap((found) => [`      ${found[lang]}${Object.entries(found.counts ?? {}).map(([what, n]) => ` [${what} ${n}]`).join('')} ${lawMark(found, lang)}`, `      → ${found.remedy[lang]}`]),
  ]
}
