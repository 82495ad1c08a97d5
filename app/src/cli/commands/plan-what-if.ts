// SPDX-License-Identifier: Apache-2.0
import { computeWhatIf, endSource, endWords, whatIfDay, type ComparedEnd, type PlanMove, type SettingComparison, type WhatIf } from '../../lifecycle/hand-over/index.ts'
import { lawMark } from '../../law/index.ts'
import { matterOf, neededArgument, nextInOpen } from '../call.ts'
import { listFlag, textFlag, type Command } from '../command.ts'

/** `handover plan what-if SETTING=VALUE…` */
export const command: Command = {
  name: 'plan what-if',
  summary: { zh: '试算:换一种法律立场或设置,多少条会有别的去向(不写入任何东西)', en: 'what another legal position or setting would change, on the real records; writes nothing' },
  usage: 'handover plan what-if SETTING=VALUE… [--from SETTING=VALUE…] [--on DAY]',
  example: 'handover plan what-if notice_wait_days=15 asset_deal=art22',
  options: {
    from: { type: 'string', multiple: true, doc: { zh: '与之比较的设置(默认现行设置)', en: 'the settings to compare with (default: those of the matter)' } },
    on: { type: 'string', doc: { zh: '按哪一天判定(默认今天)', en: 'judge as of this day (default: today)' } },
    all: { type: 'boolean', doc: { zh: '也列出不变的部分', en: 'list what stays as well' } },
  },
  run: async (call) => {
    neededArgument(call, 0, { zh: '要改的设置', en: 'The setting to change', command: 'plan what-if' })
    const day = textFlag(call, 'on')
    const { ctx, matter } = await matterOf(call)
    const report = await computeWhatIf(ctx, matter, { to: call.positionals, from: listFlag(call, 'from'), on: day === undefined ? undefined : whatIfDay(day) })
    call.out.result(report, linesOf(report, call.out.lang, call.flags['all'] === true))
    nextInOpen(call, matter, 'handover matter set SETTING VALUE --key FILE')
    return 0
  },
}

function linesOf(report: WhatIf, lang: 'zh' | 'en', all: boolean): string[] {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en')
  const moved = report.moves.reduce((sum, move) => sum + move.values, 0)
  return [
    zh ? `试算(${report.on} 的事实,未写入任何东西)` : `Comparison (facts as of ${report.on}; nothing was written)`,
    ...report.changed.flatMap((change) => [`  ${change.key}: ${change.from} → ${change.to}`, ...positionLines(change, lang)]),
    '',
    ...(report.moves.length === 0 ? [zh ? `对 ${n(report.records)} 条记录、${n(report.values)} 个值没有影响` : `No effect on ${n(report.records)} records and ${n(report.values)} values`] : report.moves.flatMap((move) => moveLines(move, report, lang))),
    '',
    zh ? `共 ${n(report.values)} 个值,其中 ${n(moved)} 个去向或理由改变` : `${n(report.values)} values in all, ${n(moved)} of them end otherwise or for another reason`,
    ...report.table.filter((line) => all || line.before.values !== line.after.values).map((line) => tableLine(line, lang)),
  ]
}

/** A position is an open question of law: say so wherever its effect is shown. */
function positionLines({ position }: SettingComparison, lang: 'zh' | 'en'): string[] {
  if (position === null) return []
  return [
    `    ${position[lang]} ${lawMark(position, lang)}`,
    `    ${position.from[lang]} → ${position.to[lang]}`,
    `    ${lang === 'zh' ? '法律上未决,由律师就本事项决定' : 'an open question of law; counsel decides for this matter'}: ${position.why[lang]}`,
    ...(position.decidesValues ? [] : [`    ${lang === 'zh' ? '这一立场不决定字段值的去向:它关系到告知、删除方式或注销后的联系人' : 'this position does not decide where values end: it is about notices, the way of deletion, or who answers afterwards'}`]),
  ]
}

function moveLines(move: PlanMove, report: WhatIf, lang: 'zh' | 'en'): string[] {
  const n = (count: number): string => count.toLocaleString('en')
  const to = report.changed.map((change) => `${change.key}=${change.to}`).join(' ')
  // What both wait for is no difference.
  const shared = move.from.waitsFor.filter((code) => move.to.waitsFor.includes(code))
  const [before, after] = [endWords(move.from, lang, shared), endWords(move.to, lang, shared)]
  return [
    lang === 'zh'
      ? `改为 ${to} 会使 ${n(move.records)} 条记录(${n(move.values)} 个值,${n(move.persons)} 人)从 ${before} 变为 ${after}`
      : `With ${to}, ${n(move.records)} records (${n(move.values)} values, ${n(move.persons)} persons) go from ${before} to ${after}`,
    `    ${endSource(move.from, lang, shared)} → ${endSource(move.to, lang, shared)}`,
  ]
}

function tableLine({ end, before, after }: ComparedEnd, lang: 'zh' | 'en'): string {
  const n = (count: number): string => count.toLocaleString('en')
  const unit = lang === 'zh' ? '值' : 'values'
  return `  ${endWords(end, lang)}  ${endSource(end, lang)}  ${n(before.values)} → ${n(after.values)} ${unit} (${after.values >= before.values ? '+' : ''}${n(after.values - before.values)})`
}
