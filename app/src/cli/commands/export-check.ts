// SPDX-License-Identifier: Apache-2.0
import { lawMark, lawSentence, type ExportCounts, type ExportRoute, type ExportState, type PersonsAbroad } from '../../law/index.ts'
import { checkExport, type ExportCheck } from '../../lifecycle/hand-over/index.ts'
import { matterOf, nextInOpen } from '../call.ts'
import type { Command } from '../command.ts'

/** `handover export-check` */
export const command: Command = {
  name: 'export-check',
  summary: { zh: '出境自查:当年累计人数、须走哪条路径、还缺什么(不写入任何东西)', en: "going abroad: this year's persons, the route they need, what is missing; writes nothing" },
  usage: 'handover export-check [-m CODE] [--json]',
  example: 'handover export-check',
  options: {},
  run: async (call) => {
    const { ctx, matter } = await matterOf(call)
    const check = await checkExport(ctx, matter)
    call.out.result(check, linesOf(check, call.out.lang))
    if (check.answers.abroadAccess === null) nextInOpen(call, matter, 'handover fact add abroad-access --set viewers=… --set processors=… --set persons=… --set sensitive=… --key FILE')
    else if (check.obstacles.length > 0) nextInOpen(call, matter, check.answers.export === null ? 'handover fact add export-answers --set ciio=… --key FILE' : 'handover fact add export-route-done --set route=… --evidence FILE --key FILE')
    return check.obstacles.length > 0 ? 15 : 0
  },
}

const routeWords: Record<ExportRoute, { zh: string; en: string }> = {
  exempt: { zh: '免予三种机制', en: 'exempt from the three mechanisms' }, 'standard-contract': { zh: '标准合同', en: 'standard contract' },
  certification: { zh: '认证', en: 'certification' }, 'security-assessment': { zh: '安全评估', en: 'security assessment' },
}

function linesOf(check: ExportCheck, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const people = (persons: PersonsAbroad): string => (zh ? `${persons.persons.toLocaleString('en')} 人(敏感 ${persons.sensitive.toLocaleString('en')})` : `${persons.persons.toLocaleString('en')} persons (sensitive ${persons.sensitive.toLocaleString('en')})`)
  const sent = zh ? `${check.year} 年 1 月 1 日起,本方各事项经移交包出境 ${people(check.sentThisYear)}` : `since 1 January ${check.year}, packages of all matters of this home took ${people(check.sentThisYear)} abroad`
  if (check.state === null && check.answers.abroadAccess === null) return [...accessLines(check, lang), zh ? '  没有境外接收方' : '  no recipient abroad', `  ${sent}`]
  if (check.state === null) return [zh ? '✔ 没有境外接收方,也没有境外查看者' : '✔ no recipient and no viewer abroad', `  ${sent}`]
  const { state } = check
  return [
    zh ? `境外接收方 ${state.recipients} · 境外查看者 ${state.viewers}` : `recipients abroad ${state.recipients} · viewers abroad ${state.viewers}`,
    ...accessLines(check, lang), ...countLines(state.counts, people, lang), ...answerLines(check, lang),
    '', ...resultLines(state, lang), '',
    ...check.obstacles.flatMap((found) => [`✗ ${found.rule} ${found[lang]} ${lawMark(found, lang)}`, `  → ${found.remedy[lang]}`]),
    ...(check.obstacles.length === 0 ? [zh ? '✔ 路径已完成' : '✔ the route is completed'] : []),
    '', zh ? '无论走哪条路径:' : 'Whatever the route:', ...check.duties.map((duty) => `  · ${lawSentence(duty, lang)}`),
    zh ? '  · 见证方只收到承诺值和签名,看不到个人信息,不计入 〔产品判断 · J · 未核实〕' : '  · witnesses see commitments and signatures, no personal information, and are not counted [product · J · unverified]',
  ]
}

function accessLines({ answers }: ExportCheck, lang: 'zh' | 'en'): string[] {
  if (answers.abroadAccess !== null) return []
  return [lang === 'zh' ? '  ? 是否有人从境外查看,没有答复(境外查看即出境;港澳台属境外)→ handover fact add abroad-access' : '  ? nobody answered whether anybody looks from abroad (which is an export; Hong Kong, Macau and Taiwan are abroad) → handover fact add abroad-access']
}

function countLines(counts: ExportCounts, people: (persons: PersonsAbroad) => string, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const rows: [string, PersonsAbroad][] = [
    [zh ? '本事项拟移交和已移交' : 'this matter, planned and sent', counts.planned], [zh ? '本事项待定(从严计入)' : 'this matter, undecided (counted in)', counts.undecided],
    [zh ? '本方其他事项' : 'other matters of this home', counts.otherMatters], [zh ? '境外查看' : 'seen from abroad', counts.seen], [zh ? '本系统以外及集团内其他主体' : 'outside this system and in the group', counts.elsewhere],
  ]
  return [zh ? `${counts.year} 年 1 月 1 日起累计(按自然人,含本数):` : `Since 1 January ${counts.year} (natural persons, inclusive):`, ...rows.map(([label, persons]) => `  ${label}  ${people(persons)}`)]
}

function answerLines({ answers, year }: ExportCheck, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const open = zh ? '? 未答复' : '? not answered'
  const answered = answers.export?.year === year ? answers.export : null
  const late = answers.export !== null && answered === null ? (zh ? `(${answers.export.year} 年的答复已过期)` : ` (answers of ${answers.export.year} no longer count)`) : ''
  const yesNo = (yes: boolean): string => (yes ? (zh ? '是' : 'yes') : zh ? '否' : 'no')
  return [
    `  ${zh ? '关键信息基础设施运营者' : 'critical-infrastructure operator'}: ${answered === null ? open + late : yesNo(answered.ciio)}`,
    `  ${zh ? '主张的免予情形' : 'exemption claimed'}: ${answered === null ? open : answered.exemption}`,
    `  ${zh ? '重要数据' : 'important data'}: ${answers.importantData ?? open}`,
  ]
}

function resultLines({ result }: ExportState, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const total = `${result.total.persons.toLocaleString('en')} / ${result.total.sensitive.toLocaleString('en')}`
  const head = result.allowed.length === 0 ? (zh ? '路径:尚不能判定' : 'Route: open') : `${zh ? '路径' : 'Route'}: ${result.allowed.map((route) => routeWords[route][lang]).join(zh ? ' 或 ' : ' or ')}`
  return [`${head}  (${zh ? '累计人数/敏感' : 'persons/sensitive'} ${total})`, ...result.reasons.map((reason) => `  · ${lawSentence(reason, lang)}`)]
}
