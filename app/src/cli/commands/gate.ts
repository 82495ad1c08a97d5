// SPDX-License-Identifier: Apache-2.0
import { gateFor, guardedSteps, spellObstacle, type GateReport, type GateResult } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { matterOf, oneOf } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover gate` */
export const command: Command = {
  name: 'gate',
  summary: { zh: '逐条法律规则:✔ 为何通过,✗ 为何不行、有多少、怎么办', en: 'every rule of law: ✔ why, ✗ why not, how many, what to do' },
  usage: 'handover gate [plan|pack|reconcile|destroy|close]',
  example: 'handover gate pack',
  options: { all: { type: 'boolean', doc: { zh: '也列出不适用的规则', en: 'list rules that do not apply as well' } } },
  run: async (call) => {
    const asked = call.positionals[0]
    const steps = asked === undefined ? guardedSteps : [oneOf(asked, guardedSteps, { what: asked.slice(0, 40), command: 'gate' })]
    const { ctx, matter } = await matterOf(call)
    const state = await loadMatterState(ctx, matter)
    const reports = steps.map((step) => gateFor(step, state))
    const spelled = reports.map((report) => ({ ...report, results: report.results.map((result) => ({ ...result, obstacles: result.obstacles.map(spellObstacle) })), obstacles: report.obstacles.map(spellObstacle), warnings: report.warnings.map(spellObstacle) }))
    call.out.result({ steps: spelled }, reports.flatMap((report) => reportLines(report, call.out.lang, call.flags['all'] === true)))
    return reports.every((report) => report.open) ? 0 : 15
  },
}

function reportLines(report: GateReport, lang: 'zh' | 'en', all: boolean): string[] {
  const zh = lang === 'zh'
  const shown = report.results.filter((result) => all || result.status !== 'not-applicable')
  return [
    `■ ${report.step}  ${report.open ? (zh ? '✔ 可以进行' : '✔ open') : zh ? `✗ ${report.obstacles.length} 项障碍` : `✗ ${report.obstacles.length} obstacles`}`,
    ...shown.flatMap((result) => resultLines(result, lang)),
    '',
  ]
}

const marks = { satisfied: '✔', unmet: '✗', overridden: '!', 'not-applicable': '–', 'not-built': '?' } as const

function resultLines(result: GateResult, lang: 'zh' | 'en'): string[] {
  const mark = result.status === 'unmet' && !result.stops ? '⚠' : marks[result.status]
  return [
    `  ${mark} ${result.rule} ${result.title}  (${result.law} · ${result.conf})`,
    ...result.satisfiedBy.map((evidence) => `      ${evidence[lang]}`),
    ...(result.note === null ? [] : [`      ${result.note[lang]}`]),
    ...result.obstacles.map(spellObstacle).flatMap((found) => [`      ${found[lang]}${Object.entries(found.counts ?? {}).map(([what, n]) => ` [${what} ${n}]`).join('')}`, `      → ${found.remedy[lang]}`]),
  ]
}
