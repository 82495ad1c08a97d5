// SPDX-License-Identifier: Apache-2.0
import { gateFor, lawMark, obstacleTable, spellObstacle, standsAgainst, type Clause, type MatterState, type PrivacyVersionState, type SpelledObstacle } from '../../law/index.ts'
import { loadMatterState } from '../../lifecycle/hand-over/index.ts'
import { exceptionWords, loadPrivacyNotices, openClauses, promiseWords } from '../../stewardship/promises/index.ts'
import { matterOf, nextInOpen } from '../call.ts'
import type { Command } from '../command.ts'
import { printable } from '../grade-lines.ts'

/** `handover privacy check` */
export const command: Command = {
  name: 'privacy check',
  summary: { zh: '隐私政策的承诺对照本事项:哪一条、原文、影响多少人', en: "the privacy notices' promises against this matter: which clause, its words, how many persons" },
  usage: 'handover privacy check [--all]',
  example: 'handover privacy check --json',
  options: { all: { type: 'boolean', doc: { zh: '与本事项不冲突的承诺也列出', en: 'list promises that are not in the way as well' } } },
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const state = await loadMatterState(ctx, matter)
    const names = new Map((await loadPrivacyNotices(ctx, matter)).map((notice) => [notice.id, notice.version]))
    const versions = []
    for (const version of state.promises?.versions ?? []) versions.push(checkVersion(version, { name: names.get(version.id) ?? version.id, clauses: await openClauses(ctx, matter, version.id), state }))
    const open = versions.filter((version) => !version.reviewed).reduce((sum, version) => sum + version.inTheWay, 0)
    const shown = versions.map((version) => ({ ...version, promises: version.promises.filter((promise) => promise.inTheWay || call.flags['all'] === true) }))
    const obstacles = askRuleOf(state)
    call.out.result({ versions, personsWithoutVersion: state.promises?.personsWithoutVersion ?? null, undecided: open, obstacles }, [...lines(shown, state, call.out.lang), ...obstacles.flatMap((found) => [`✗ ${found[call.out.lang]} ${lawMark(found, call.out.lang, state.law)}`, `  → ${found.remedy[call.out.lang]}`])])
    if (obstacles.length > 0) nextInOpen(call, matter, 'handover fact add promises-reviewed --set version=… --set decidedOn=… --set decision=… --evidence FILE --key FILE')
    return obstacles.length > 0 ? 15 : 0
  },
}

/** What rule E15 says of all this. */
function askRuleOf(state: MatterState): SpelledObstacle[] {
  return (gateFor('plan', state).results.find(({ rule }) => rule === 'E15')?.obstacles ?? []).map(spellObstacle)
}

interface CheckedPromise {
  kind: PrivacyVersionState['promises'][number]['kind']
  clause: number
  place: number | null
  text: string
  exceptions: PrivacyVersionState['promises'][number]['exceptions']
  days: number | null
  inTheWay: boolean
}

interface CheckedVersion {
  notice: string
  version: string
  from: string
  until: string | null
  persons: number
  reviewed: boolean
  read: boolean
  inTheWay: number
  promises: CheckedPromise[]
}

function checkVersion(version: PrivacyVersionState, { name, clauses, state }: { name: string; clauses: readonly Clause[]; state: MatterState }): CheckedVersion {
  const byNumber = new Map(clauses.map((clause) => [clause.number, clause]))
  const promises = version.promises.map((promise) => {
    const clause = byNumber.get(promise.clause)
    return { ...promise, place: clause?.place ?? null, text: clause?.text ?? '', inTheWay: standsAgainst(promise, state) }
  })
  return { notice: version.id, version: name, from: version.from, until: version.until, persons: version.persons, reviewed: version.reviewed, read: version.read, inTheWay: promises.filter(({ inTheWay }) => inTheWay).length, promises }
}

function lines(versions: readonly CheckedVersion[], state: MatterState, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  if (state.promises === null) return [zh ? `✗ 没有登记隐私政策 ${lawMark(obstacleTable.PROMISES_NOT_CHECKED, lang)}` : `✗ no privacy notice on file ${lawMark(obstacleTable.PROMISES_NOT_CHECKED, lang)}`]
  return [
    lawMark(obstacleTable.PROMISE_IN_THE_WAY, lang),
    ...versions.flatMap((version) => [
      `■ ${version.version} ${version.from} – ${version.until ?? (zh ? '至今' : 'now')} · ${version.persons} ${zh ? '人接受' : 'persons accepted it'} · ${version.inTheWay} ${zh ? '处与本事项冲突' : 'in the way'}${version.reviewed ? (zh ? ' · 已决定' : ' · decided') : version.read ? (zh ? ' · 已通读' : ' · read') : zh ? ' · 尚未有人通读' : ' · read by nobody yet'}  ${version.notice}`,
      ...version.promises.flatMap((promise) => [
        `  ${promise.inTheWay ? (version.reviewed ? '!' : '✗') : '–'} ${zh ? `第 ${promise.clause} 条款(位置 ${promise.place ?? '?'})` : `clause ${promise.clause} (place ${promise.place ?? '?'})`} ${promiseWords[promise.kind][lang]}${exceptionsText(promise, lang)}`,
        `      “${printable(promise.text).slice(0, 300)}”`,
      ]),
    ]),
    zh ? `${state.promises.personsWithoutVersion} 人不知接受的是哪一版(登记分面 privacy-version 或 consent-year)` : `Of ${state.promises.personsWithoutVersion} persons the accepted version is not known (treat with the facet privacy-version or consent-year)`,
  ]
}

function exceptionsText({ exceptions, days }: CheckedPromise, lang: 'zh' | 'en'): string {
  const named = exceptions.map((exception) => exceptionWords[exception][lang]).join(lang === 'zh' ? '、' : ', ')
  return `${named === '' ? '' : lang === 'zh' ? `;例外:${named}` : `; except: ${named}`}${days === null ? '' : lang === 'zh' ? `;约 ${days} 天` : `; about ${days} days`}`
}
