// SPDX-License-Identifier: Apache-2.0
import { lawMark, sizeTier, tierWords } from '../../law/index.ts'
import { reportSubjects, resolveSubjects, type ResolveResult, type SubjectReport } from '../../lifecycle/discover/index.ts'
import { matterOf } from '../call.ts'
import type { Command } from '../command.ts'

const reasons: Record<string, { zh: string; en: string }> = {
  placeholder: { zh: '占位号码', en: 'placeholder' },
  'too-many-names': { zh: '多于 8 个姓名共用(总机、门店)', en: 'more than 8 names (switchboard, shop)' },
  'different-names': { zh: '不同姓名共用(家庭号码),仅同名归并', en: 'different names (family number); joins equal names only' },
  'different-births': { zh: '出生日期不同的人共用,仅一致者归并', en: 'different birth days; joins only those who agree' },
  'conflicting-ids': { zh: '会把两个身份证号并成一人,不予归并', en: 'would join two resident IDs; joins nobody' },
}

/** `handover subjects` */
export const command: Command = {
  name: 'subjects',
  summary: { zh: '归并个人信息主体,统计人数与法定门槛', en: 'resolve natural persons; counts and legal thresholds' },
  usage: 'handover subjects',
  example: 'handover subjects -m WEIYU-2026 --json',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const resolved = await resolveSubjects(ctx, matter)
    const report = await reportSubjects(ctx, matter.id)
    call.out.result({ ...resolved, report }, humanLines(resolved, report, call.out.lang))
    call.out.next('handover treat --template -o 处理情况.json')
    return 0
  },
}

function humanLines(resolved: ResolveResult, report: SubjectReport, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const n = (count: number): string => count.toLocaleString('en')
  const size = sizeTier(report.persons)
  return [
    zh ? `✔ ${n(resolved.records)} 条记录归并为 ${n(resolved.subjects)} 个自然人${resolved.repeated ? '(与上次相同)' : ''};${n(resolved.impersonal)} 条记录不含自然人` : `✔ ${n(resolved.records)} records are ${n(resolved.subjects)} natural persons${resolved.repeated ? ' (as before)' : ''}; ${n(resolved.impersonal)} records hold nobody`,
    zh ? `  其中 敏感个人信息 ${n(report.sensitive)} 人 · 不满14岁 ${n(report.byAge.under14)} · 14–17岁 ${n(report.byAge.under18)} · 成年 ${n(report.byAge.adult)} · 年龄未知 ${n(report.byAge.unknown)}` : `  sensitive ${n(report.sensitive)} · under 14 ${n(report.byAge.under14)} · 14 to 17 ${n(report.byAge.under18)} · adult ${n(report.byAge.adult)} · age unknown ${n(report.byAge.unknown)}`,
    zh ? `  规模档次 ${tierWords[size.tier].zh},含本数 ${lawMark(size, lang)}(触发的义务见 handover tiers)` : `  size ${tierWords[size.tier].en}, thresholds include the number ${lawMark(size, lang)} (what it switches on: handover tiers)`,
    ...report.demoted.map((key) => `  ⚠ ${key.type} ${n(key.keys)} ${zh ? '个' : 'keys'} / ${n(key.records)} ${zh ? '条记录' : 'records'}: ${reasons[key.why]?.[lang] ?? key.why}`),
  ]
}
