// SPDX-License-Identifier: Apache-2.0
import { expects } from '../../kit/failure.ts'
import { lawMark, lawSentence, tierWords } from '../../law/index.ts'
import { reportTiers, type SideOfTiers, type TierReport } from '../../lifecycle/hand-over/index.ts'
import { matterOf } from '../call.ts'
import { cliFailures } from '../cli-failures.ts'
import { textFlag, type Command } from '../command.ts'

/** `handover tiers` */
export const command: Command = {
  name: 'tiers',
  summary: { zh: '人数门槛:现在持有多少自然人,触发哪些义务(含本数)', en: 'thresholds: how many natural persons are held now, and what that switches on (inclusive)' },
  usage: 'handover tiers [--receiver-holds N]',
  example: 'handover tiers --receiver-holds 80000',
  options: {
    'receiver-holds': { type: 'string', doc: { zh: '受让方自己已有多少自然人(交割后双方都要重新计算)', en: 'how many natural persons the transferee holds itself (both sides are counted again)' } },
    all: { type: 'boolean', doc: { zh: '也列出没有触发的义务', en: 'list duties that are off as well' } },
  },
  run: async (call) => {
    const given = textFlag(call, 'receiver-holds')
    if (given !== undefined && !/^\d{1,10}$/.test(given)) throw cliFailures.WRONG_ARGUMENT({ what: '--receiver-holds', why: expects('0, 1, 2 …'), command: 'tiers' })
    const { ctx, matter } = await matterOf(call)
    const report = await reportTiers(ctx, matter, given === undefined ? null : Number(given))
    call.out.result(report, linesOf(report, call.out.lang, call.flags['all'] === true))
    call.out.next('handover export-check')
    return 0
  },
}

function linesOf(report: TierReport, lang: 'zh' | 'en', all: boolean): string[] {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en')
  return [
    zh ? `${n(report.records)} 条记录 = ${n(report.transferor.counts.persons)} 个自然人(${report.countedOn} 去重,已删除的不计)` : `${n(report.records)} records are ${n(report.transferor.counts.persons)} natural persons (de-duplicated ${report.countedOn}, deleted ones out)`,
    ...(report.stale ? [zh ? '⚠ 计数之后又有记录入账:先运行 handover subjects' : '⚠ records came in after the count: run handover subjects first'] : []),
    '', ...sideLines(zh ? '转让方' : 'Transferor', report.transferor, lang, all),
    '', zh ? `拟移交 ${n(report.moving.persons)} 人(敏感 ${n(report.moving.sensitive)})` : `To be transferred: ${n(report.moving.persons)} persons (sensitive ${n(report.moving.sensitive)})`,
    ...(report.transferee === null ? [zh ? '  受让方自己的人数未给出:--receiver-holds N' : '  the transferee’s own number was not given: --receiver-holds N'] : ['', ...sideLines(zh ? '受让方(自有人数 + 拟移交;重叠未知,取上限;敏感和未成年人只计拟移交的)' : 'Transferee (its own + to be transferred; overlap unknown, the upper bound; sensitive: the transfer only)', report.transferee, lang, all)]),
  ]
}

function sideLines(title: string, side: SideOfTiers, lang: 'zh' | 'en', all: boolean): string[] {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en')
  const { counts } = side
  return [
    `■ ${title}  ${tierWords[side.tier][lang]} ${lawMark({ law: side.tierLaw, conf: side.tierConf }, lang)}`,
    zh
      ? `  自然人 ${n(counts.persons)} · 敏感 ${n(counts.sensitive)} · 不满14岁 ${n(counts.under14)} · 不满18岁 ${n(counts.under18)} · 年龄不明 ${n(counts.unknownAge)} · 人脸 ${n(counts.face)}`
      : `  persons ${n(counts.persons)} · sensitive ${n(counts.sensitive)} · under 14 ${n(counts.under14)} · under 18 ${n(counts.under18)} · age unknown ${n(counts.unknownAge)} · faces ${n(counts.face)}`,
    ...side.duties.filter((duty) => all || duty.on).map((duty) => `  ${duty.on ? '●' : '○'} ${duty.rule} ${lawSentence(duty, lang)}  (${n(counts[duty.counter])} ${duty.below ? '<' : '≥'} ${n(duty.from)}${duty.on ? '' : zh ? ' 未触发' : ' off'})`),
  ]
}
