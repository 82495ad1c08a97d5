// SPDX-License-Identifier: Apache-2.0
import { disarmed } from '../../kit/formula-cell.rules.ts'
import { instantOf, type Instant } from '../../kit/time.ts'
import type { ChoiceKind } from '../../law/nouns.ts'
import type { IdentityKeyType } from '../discover/index.ts'

/** Columns that a file of results or choices may have, by the titles that gateways and clerks use. */
const columnTitles = {
  keyType: ['标识类型', '键类型', 'key_type', 'keytype', 'key type'],
  key: ['标识', '键', 'key'],
  result: ['结果', '发送结果', '送达结果', '状态', 'result', 'status'],
  choice: ['选择', '答复', '回复', 'choice', 'answer', 'reply'],
  time: ['时间', '送达时间', '回执时间', '答复时间', '日期', 'time', 'at', 'date'],
  channel: ['渠道', '方式', 'channel'],
  source: ['数据源', '来源', 'source'],
} as const
/** One column of such a file. */
export type ColumnRole = keyof typeof columnTitles

const keyTypeTitles: Record<string, IdentityKeyType> = {
  mobile: 'mobile', 手机: 'mobile', 手机号: 'mobile', 手机号码: 'mobile', 联系电话: 'mobile', phone: 'mobile',
  'resident-id': 'resident-id', 身份证: 'resident-id', 身份证号: 'resident-id', 身份证号码: 'resident-id', resident_id: 'resident-id',
  email: 'email', 'e-mail': 'email', 邮箱: 'email', 电子邮箱: 'email', 邮件: 'email',
  'customer-id': 'customer-id', customer_id: 'customer-id', 客户编号: 'customer-id', 客户号: 'customer-id', 会员号: 'customer-id', 会员编号: 'customer-id', 用户编号: 'customer-id',
}

/** Where each column of a file stands; `keyTypeOfColumn` when the key's column is titled by its type (手机号). */
export interface KeyFileLayout {
  at: Partial<Record<ColumnRole, number>>
  keyTypeOfColumn: IdentityKeyType | null
}

/** Reads the header of a file of keys. */
export function layoutOf(header: readonly string[]): KeyFileLayout {
  const titles = header.map(plain)
  const at: Partial<Record<ColumnRole, number>> = {}
  for (const [role, names] of Object.entries(columnTitles)) {
    const found = titles.findIndex((title) => names.some((name) => name === title))
    if (found !== -1 && isRole(role)) at[role] = found
  }
  if (at.key !== undefined) return { at, keyTypeOfColumn: null }
  const typed = titles.findIndex((title) => keyTypeOf(title) !== null)
  if (typed === -1) return { at, keyTypeOfColumn: null }
  return { at: { ...at, key: typed }, keyTypeOfColumn: keyTypeOf(titles[typed] ?? '') }
}

function isRole(name: string): name is ColumnRole {
  return name in columnTitles
}

/** The key type that a cell or title names, or null; titles of a foreign file may be anything, `constructor` too. */
export function keyTypeOf(text: string): IdentityKeyType | null {
  return Object.hasOwn(keyTypeTitles, plain(text)) ? (keyTypeTitles[plain(text)] ?? null) : null
}

/** 告知结果. Results of one delivery. */
export const noticeResults = ['delivered', 'bounced', 'announced'] as const
/** One result. */
export type DeliveryResult = (typeof noticeResults)[number]

const resultWords: Record<DeliveryResult, readonly string[]> = {
  delivered: ['delivered', '送达', '已送达', '成功', '发送成功', '已读', 'ok', 'success', 'delivrd', 'read'],
  bounced: ['bounced', '退回', '失败', '未送达', '发送失败', '空号', '停机', '拒收', 'failed', 'undeliv', 'undelivered', 'expired', 'rejectd'],
  announced: ['announced', '公告', '已公告'],
}

/** The result that a cell names, or null. */
export function resultOf(text: string): DeliveryResult | null {
  return noticeResults.find((result) => resultWords[result].includes(plain(text))) ?? null
}

const choiceWords: Record<ChoiceKind, readonly string[]> = {
  'agree-transfer': ['agree-transfer', 'agree', 'yes', '同意', '同意移交', '同意转移'],
  'agree-sensitive': ['agree-sensitive', '同意敏感', '同意敏感信息', '单独同意敏感信息'],
  'agree-guardian': ['agree-guardian', '监护人同意', '家长同意'],
  'agree-export': ['agree-export', '同意出境', '同意向境外提供', '单独同意出境'],
  object: ['object', 'no', '不同意', '反对', '拒绝', '不同意移交'],
  delete: ['delete', '删除', '删除我的信息', '注销'],
  withdraw: ['withdraw', '撤回', '撤回同意', '退订'],
  correct: ['correct', '更正', '修改'],
  copy: ['copy', '副本', '复制', '查询', '查阅'],
  ask: ['ask', '咨询', '联系人工', '投诉', '疑问'],
}

/** The choices that a cell names (several are separated by ; 、 or +), or null when one is unknown. */
export function choicesOf(text: string): ChoiceKind[] | null {
  const words = text.split(/[;;、+,,/]/).map(plain).filter((word) => word !== '')
  const kinds = words.map(choiceOf)
  const known = kinds.flatMap((kind) => kind ?? [])
  return known.length === 0 || known.length !== words.length ? null : [...new Set(known)]
}

function choiceOf(word: string): ChoiceKind | null {
  for (const [kind, words] of Object.entries(choiceWords)) if (words.includes(word) && isChoice(kind)) return kind
  return null
}

function isChoice(kind: string): kind is ChoiceKind {
  return kind in choiceWords
}

/** A time as files write it: RFC 3339, or `2026-01-05 09:30` and `2026/1/5` in China's time; empty gives the fallback, the unreadable and the future null. */
export function timeOf(text: string, now: Instant): Instant | null {
  const trimmed = text.normalize('NFKC').trim()
  if (trimmed === '') return now
  const local = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(trimmed)
  const iso = local === null ? trimmed : chinaTime(local)
  if (!/^\d{4}-\d{2}-\d{2}T/.test(iso) || !/(Z|[+-]\d{2}:\d{2})$/.test(iso) || Number.isNaN(Date.parse(iso))) return null
  // 30 February is no day, although it would be read as one in March.
  if (!instantOf(`${iso.slice(0, 10)}T00:00:00Z`).startsWith(iso.slice(0, 10))) return null
  const instant = instantOf(iso)
  return instant > now ? null : instant
}

function chinaTime(match: RegExpExecArray): string {
  const [, year = '', month = '', day = '', hour = '0', minute = '00', second = '00'] = match
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${hour.padStart(2, '0')}:${minute}:${second}+08:00`
}

/** A row as it goes back to the clerk, quoted, and with formulas disarmed, those of a phone number with + too (UX §7, SECURITY.md P24); `rearmed` takes the apostrophe away again. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(text: string): string {
  const safe = disarmed(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
