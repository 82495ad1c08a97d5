// SPDX-License-Identifier: Apache-2.0
import { dayInChina, type Instant } from '../../kit/time.ts'
import { copyEnds, coveredText, dispositions, markedArticle, type CopyEnd, type CopyKind, type Disposition } from '../../law/index.ts'
import type { NoReceiptReason } from '../destroy/index.ts'
import { differenceOf, isBalanced, type BalanceSheet } from './balance-sheet.ts'

type Lang = 'zh' | 'en'

/** Chinese and English names of the dispositions as the sheet prints them (PRODUCT §2). */
export const dispositionWords = {
  transferred: { zh: '移交', en: 'transferred' }, kept: { zh: '留用', en: 'kept' }, sealed: { zh: '封存', en: 'sealed' }, anonymised: { zh: '匿名化', en: 'anonymised' }, destroyed: { zh: '销毁', en: 'destroyed' },
} as const satisfies Record<Disposition, Record<Lang, string>>

/** Names of the kinds of copy (CONTRACTS §4). */
export const copyWords = {
  original: { zh: '原始文件', en: 'original' }, vault: { zh: '密文库', en: 'vault' }, backup: { zh: '备份', en: 'backup' }, processor: { zh: '受托方', en: 'processor' }, export: { zh: '导出', en: 'export' },
  room: { zh: '资料室', en: 'data room' }, package: { zh: '移交包', en: 'package' }, transferee: { zh: '受让方', en: 'transferee' }, custodian: { zh: '保管人', en: 'custodian' }, device: { zh: '设备', en: 'device' }, paper: { zh: '纸质', en: 'paper' },
} as const satisfies Record<CopyKind, Record<Lang, string>>

/** How copies ended, as the sheet prints it. */
export const endWords = {
  'handed-over': { zh: '已移交', en: 'handed over' }, kept: { zh: '留用', en: 'kept' }, destroyed: { zh: '已销毁', en: 'destroyed' }, sealed: { zh: '已封存', en: 'sealed' }, attested: { zh: '书面保证', en: 'attested' }, 'out-of-reach': { zh: '无法触及', en: 'out of reach' },
} as const satisfies Record<CopyEnd, Record<Lang, string>>

const plain = new Intl.NumberFormat('en-US')

/** A number with thousands separators. */
export function numberText(count: number): string {
  return plain.format(count)
}

/** The one line of PRODUCT §1: 收 … 条 / … 个字段值 = 移交 … + 留用 … 差额 0 账平. */
export function equationLine(sheet: BalanceSheet, lang: Lang): string {
  const { balance } = sheet
  const parts = [
    ...dispositions.map((name) => `${dispositionWords[name][lang]} ${numberText(balance.dispositions[name])}`),
    ...(sheet.pending > 0 ? [`${lang === 'zh' ? '待定' : 'pending'} ${numberText(sheet.pending)}`] : []),
    ...(sheet.inTransit > 0 ? [`${lang === 'zh' ? '在途' : 'in transit'} ${numberText(sheet.inTransit)}`] : []),
  ].join(' + ')
  const received = lang === 'zh' ? `收 ${numberText(balance.records)} 条 / ${numberText(balance.discovered)} 个字段值` : `received ${numberText(balance.records)} records / ${numberText(balance.discovered)} field values`
  return `${received} = ${parts}      ${lang === 'zh' ? '差额' : 'difference'} ${numberText(differenceOf(sheet))}   ${verdictWord(sheet, lang)}`
}

/** 账平, or what it is not. */
export function verdictWord(sheet: BalanceSheet, lang: Lang): string {
  if (isBalanced(sheet)) return lang === 'zh' ? '账平' : 'balanced'
  const isOnlyUnfinished = differenceOf(sheet) === 0 && sheet.problems === 0
  if (isOnlyUnfinished) return lang === 'zh' ? '未了结' : 'not finished'
  return lang === 'zh' ? '账不平' : 'NOT BALANCED'
}

/** A rule that named people overrode, with counsel's opinion, its article and how sure the law data is of it, and its last day. */
export function gateOverrideText({ rule, counts, article, conf, opinion, on, until, approval }: BalanceSheet['gateOverrides'][number], lang: Lang): string {
  return lang === 'zh'
    ? `改判关卡 ${rule}(${coveredText(counts)}):${on} 起至 ${until} 止,律师意见 ${opinion.slice(0, 16)}…(${markedArticle({ article, conf }, lang)}),审批 ${approval}`
    : `gate rule ${rule} overridden (${coveredText(counts)}): from ${on} until ${until}, counsel's opinion ${opinion.slice(0, 16)}… (${markedArticle({ article, conf }, lang)}), approval ${approval}`
}

/** The sheet as lines for a terminal. */
export function sheetLines(sheet: BalanceSheet, lang: Lang): string[] {
  const zh = lang === 'zh'
  const { balance } = sheet
  const subjects = Object.values(balance.subjectsBy).reduce((sum, count) => sum + count, 0)
  return [
    zh ? `平衡表 · ${sheet.matter.code} · ${sheet.closedAt === null ? '尚未办结' : `办结 ${closedText(sheet.closedAt, 'zh')}`}` : `Balance sheet · ${sheet.matter.code} · ${sheet.closedAt === null ? 'not closed' : `closed ${closedText(sheet.closedAt, 'en')}`}`,
    '',
    equationLine(sheet, lang),
    `${zh ? '记录' : 'records'}  ${numberText(balance.records)} = ${mixedText(balance.recordsBy, lang)}`,
    `${zh ? '主体' : 'subjects'}  ${numberText(subjects)} = ${mixedText(balance.subjectsBy, lang)}`,
    ...copyTexts(sheet, lang),
    zh ? `去向组合最小的一组:${numberText(sheet.smallestGroup)} 条(证据包给各方时可见)` : `smallest group of equal dispositions: ${numberText(sheet.smallestGroup)} records (visible to the parties in the bundle)`,
    ...(sheet.receiptsSealed === 0 ? [] : [zh ? `已封存回执 ${numberText(sheet.receiptsSealed)} 份` : `receipts sealed: ${numberText(sheet.receiptsSealed)}`]),
    ...sheet.withoutReceipts.map((one) => withoutReceiptsText(one, lang)),
    ...sheet.gateOverrides.map((one) => gateOverrideText(one, lang)),
    ...(sheet.matter.demo ? [demoClockText(lang)] : []),
    ...(sheet.log === null ? [] : [zh ? `账簿根 ${balance.booksRoot} · 日志 ${sheet.log.origin} 大小 ${sheet.log.size} · 见证 ${sheet.log.witnesses.length} 方` : `books root ${balance.booksRoot} · log ${sheet.log.origin} size ${sheet.log.size} · ${sheet.log.witnesses.length} witnesses`]),
  ]
}

const waiverWords = {
  'nobody-to-reach': { zh: '无从联系', en: 'nobody can be reached' }, 'no-persons': { zh: '不涉个人', en: 'no persons are concerned' }, 'ordered-by-authority': { zh: '主管机关要求', en: 'ordered by an authority' },
} as const satisfies Record<NoReceiptReason, Record<Lang, string>>

const isDelta = (id: string): boolean => id.startsWith('dlt_')

/** Records that were destroyed or revised without sealed receipts, and why: whoever misses one must find it on the sheet (CONTRACTS §9). */
export function withoutReceiptsText({ order, reason, records }: BalanceSheet['withoutReceipts'][number], lang: Lang): string {
  return lang === 'zh' ? `未封存回执即${isDelta(order) ? '更新' : '销毁'} ${numberText(records)} 条:${waiverWords[reason].zh}(两人批准,${order})` : `${isDelta(order) ? 'revised' : 'destroyed'} without sealed receipts: ${numberText(records)} records, ${waiverWords[reason].en} (approved by two people, ${order})`
}

/** The day of the close as it counts in China, where every legal deadline runs. */
export function closedText(closedAt: Instant, lang: Lang): string {
  const day = dayInChina(closedAt)
  return lang === 'zh' ? `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日` : `${day} (China)`
}

/** What every document of a demo says about its clock (CONTRACTS §11). */
export function demoClockText(lang: Lang): string {
  return lang === 'zh' ? '演示事项:法定时间为注入时钟,不是真实时间;见证时间是真实的' : 'Demo matter: the legal time is declared, not real; witness time is real'
}

function mixedText(by: BalanceSheet['balance']['recordsBy'], lang: Lang): string {
  return [...dispositions.map((name) => `${dispositionWords[name][lang]} ${numberText(by[name])}`), `${lang === 'zh' ? '混合' : 'mixed'} ${numberText(by.mixed)}`].join(' + ')
}

function copyTexts(sheet: BalanceSheet, lang: Lang): string[] {
  const zh = lang === 'zh'
  const all = sheet.copies.reduce((sum, line) => sum + line.open + Object.values(line.ended).reduce((ended, count) => ended + count, 0), 0)
  return [
    zh ? `副本  ${numberText(all)} 处,未了结 ${numberText(sheet.copiesOpen)}` : `copies  ${numberText(all)}, open ${numberText(sheet.copiesOpen)}`,
    ...sheet.copies.map((line) => `  ${copyWords[line.kind][lang]}:${copyEndText(line, lang)}`),
  ]
}

/** How the copies of one kind stand, e.g. 已销毁 3 · 未了结 1. */
export function copyEndText(line: BalanceSheet['copies'][number], lang: Lang): string {
  const ended = copyEnds.flatMap((how) => (line.ended[how] === undefined ? [] : [`${endWords[how][lang]} ${line.ended[how]}`]))
  return [...ended, ...(line.open > 0 ? [`${lang === 'zh' ? '未了结' : 'open'} ${line.open}`] : [])].join(' · ')
}

/** The document of `close --json` (PRODUCT §5); the fields after `witnesses` are ours. */
export function sheetDocument(sheet: BalanceSheet): Record<string, unknown> {
  const { balance } = sheet
  return {
    balanced: isBalanced(sheet), unit: 'field-values', discovered: balance.discovered, dispositions: balance.dispositions, records: balance.recordsBy, subjects: balance.subjectsBy,
    copiesOpen: sheet.copiesOpen, root: balance.booksRoot, witnesses: sheet.log?.witnesses.length ?? 0,
    matter: sheet.matter.id, code: sheet.matter.code, closed: sheet.closedAt !== null, closedAt: sheet.closedAt, clock: sheet.matter.demo ? 'declared' : 'real', recordsTotal: balance.records, difference: differenceOf(sheet),
    pending: sheet.pending, inTransit: sheet.inTransit, problems: sheet.problems, copies: sheet.copies, smallestGroup: sheet.smallestGroup, receiptsSealed: sheet.receiptsSealed, withoutReceipts: sheet.withoutReceipts, gateOverrides: sheet.gateOverrides, log: sheet.log,
  }
}
