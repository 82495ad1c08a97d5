// SPDX-License-Identifier: Apache-2.0
// In what a changed line of the law protects less than before. Where a program cannot tell, it says so and asks for two people: a false alarm costs a signature, a missed one a safeguard.
import type { Words } from '../../kit/failure.ts'
import { canonicalText, type LawFileName } from '../law-book.ts'
import { isCertain } from '../law-data.ts'
import { ruleSchema, type RetentionRow, type Rule } from '../law-schemas.ts'
import { severityWords } from '../register-words.ts'

/** 放宽. The reasons why a line loosens; empty where it does not. Penalties, summaries and open positions protect nothing by themselves. */
export function loosenings(file: LawFileName, before: object | undefined, after: object | undefined): Words[] {
  if (before === undefined) return ofAdded(file)
  if (after === undefined) return removable.includes(file) ? [] : [{ zh: '这一行没有了', en: 'the line is gone' }]
  const surer = markOf(before) !== null && !isCertain(markOf(before) ?? '') && isCertain(markOf(after) ?? '') ? [{ zh: '可信度改为已核实', en: 'it now claims to be verified' }] : []
  return [...surer, ...ofFile(file, before, after)]
}

/** A row that is tried before others, and a year of holidays that moves every deadline counted in working days, can undo a safeguard without touching its line. */
function ofAdded(file: LawFileName): Words[] {
  if (file === 'decisions') return [{ zh: '新增的判定行可能先于其他行适用', en: 'an added row may apply before others' }]
  if (file === 'calendar') return [{ zh: '新增年份的放假安排会推迟按工作日计算的期限', en: 'the holidays of an added year move deadlines counted in working days' }]
  return []
}

const removable: readonly LawFileName[] = ['penalties', 'positions', 'articles', 'instruments']

function ofFile(file: LawFileName, before: object, after: object): Words[] {
  switch (file) {
    case 'rules':
      return ofRule(ruleSchema.parse(before), ruleSchema.parse(after))
    case 'retention':
      return changedIn(['period', 'clock', 'boundKind'], before, after) && !isOnlyLonger(before, after) ? [{ zh: '保存期限或其起算、义务人变了', en: 'the period, its start or whom it binds is another' }] : []
    case 'deadlines':
      return changedIn(['period', 'direction', 'force'], before, after) ? [{ zh: '期限变了(程序不判断长短何者为严)', en: 'the length is another (a program does not judge which is stricter)' }] : []
    case 'decisions':
      return changedIn(['kind', 'appliesTo', 'successor', 'outcome', 'action'], before, after) ? [{ zh: '判定行的适用或结果变了', en: 'when the row applies or what it gives is another' }] : []
    case 'audit-points':
      return changedIn(['rules'], before, after) ? [{ zh: '审计要点所对应的规则变了', en: 'the rules behind the audit point are others' }] : []
    case 'calendar':
      return changedIn(['holidays', 'workdays'], before, after) ? [{ zh: '已公布年份的放假安排变了', en: 'the holidays of a published year are others' }] : []
    default:
      return []
  }
}

const severities: readonly Rule['sev'][] = ['LOW', 'MED', 'HIGH', 'BLOCK']

function ofRule(before: Rule, after: Rule): Words[] {
  const missing = (name: 'guards' | 'appliesTo' | 'facts'): string[] => before[name].filter((word) => !after[name].some((each) => each === word))
  const said = (words: string[], zh: string, en: string): Words[] => (words.length === 0 ? [] : [{ zh: `${zh}:${words.join('、')}`, en: `${en}: ${words.join(', ')}` }])
  return [
    ...(severities.indexOf(after.sev) < severities.indexOf(before.sev) ? [{ zh: `严重度由${severityWords[before.sev].zh}降为${severityWords[after.sev].zh}`, en: `severity falls from ${before.sev} to ${after.sev}` }] : []),
    ...said(missing('guards'), '不再把守', 'no longer guards'), ...said(missing('appliesTo'), '不再适用于', 'no longer applies to'), ...said(missing('facts'), '不再要求', 'no longer asks for'),
  ]
}

function changedIn(names: readonly string[], before: object, after: object): boolean {
  const [old, now] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))]
  return names.some((name) => canonicalText(old.get(name) ?? null) !== canonicalText(now.get(name) ?? null))
}

/** Whether only a plain number of years and months, or of days, grew: days against months or years are not compared, because no month has a length that makes both sides certain. */
function isOnlyLonger(before: object, after: object): boolean {
  if (changedIn(['clock', 'boundKind'], before, after)) return false
  const [old, now] = [lengthOf(before), lengthOf(after)]
  return old !== null && now !== null && (now.unit === 'forever' || now.unit === old.unit) && now.n > old.n
}

/** A period in months or in days; for ever is longer than both. */
function lengthOf(line: object): { unit: 'months' | 'days' | 'forever'; n: number } | null {
  const period: RetentionRow['period'] | undefined = 'period' in line ? readPeriod(line.period) : undefined
  if (period === undefined) return null
  if ('permanent' in period) return { unit: 'forever', n: Number.MAX_SAFE_INTEGER }
  if ('years' in period) return { unit: 'months', n: period.years * 12 }
  if ('months' in period) return { unit: 'months', n: period.months }
  return 'days' in period ? { unit: 'days', n: period.days } : null
}

function readPeriod(value: unknown): RetentionRow['period'] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('years' in value && typeof value.years === 'number') return { years: value.years }
  if ('months' in value && typeof value.months === 'number') return { months: value.months }
  if ('days' in value && typeof value.days === 'number') return { days: value.days }
  return 'permanent' in value ? { permanent: true } : undefined
}

function markOf(line: object): string | null {
  return 'conf' in line && typeof line.conf === 'string' ? line.conf : null
}
