// SPDX-License-Identifier: Apache-2.0
import type { InformationType } from './information-types.ts'
import { columnCheck } from './recogniser.ts'
import { residentId } from './recognisers/resident-id.ts'

const stars = (count: number): string => '*'.repeat(Math.max(0, count))
const keep = (text: string, start: number, end: number): string =>
  [...text].length <= start + end ? stars([...text].length) : `${[...text].slice(0, start).join('')}${stars([...text].length - start - end)}${end === 0 ? '' : [...text].slice(-end).join('')}`

const other = (text: string): string => keep(text, Math.min(2, Math.floor([...text].length / 4)), 0)

const maskByType = new Map<InformationType, (text: string) => string>([
  ['mobile', (text) => keep(text.replace(/[\s-]/g, '').replace(/^(?:\+|00)?86(?=1\d{10}$)/, ''), 3, 4)],
  ['landline', (text) => keep(text, Math.min(4, Math.max(0, text.length - 7)), 2)],
  ['resident-id', (text) => keep(text.replace(/[\s-]/g, ''), 3, 4)],
  ['bank-card', (text) => keep(text.replace(/[\s-]/g, ''), 4, 4)],
  ['person-name', (text) => keep(text.trim(), 1, 0)],
  ['email', (text) => (/^[^@]+@[^@]+$/.test(text) ? `${keep(text.slice(0, text.indexOf('@')), 1, 0)}${text.slice(text.indexOf('@'))}` : other(text))],
  ['address', (text) => keep(text.trim(), Math.min(6, Math.floor([...text].length / 3)), 0)],
  ['licence-plate', (text) => keep(text.trim(), 2, 2)],
  ['birth-date', maskBirth],
  ['ip-address', maskIp],
  ['region', (text) => (/^[\p{Script=Han}\s/·-]{1,15}$/u.test(text) ? text : other(text))],
  ['gender', (text) => ([...text].length <= 6 ? text : other(text))],
  ['organisation-name', (text) => keep(text.trim(), isCompany.test(text.trim()) ? 2 : 0, 2)],
  ['none', (text) => keep(text, 1, 0)],
])

/** What is not called a company may be a sole trader, whose name begins with that of a person (张三餐馆). */
const isCompany = /(?:公司|集团|银行|大学|医院|合作社|委员会|研究院)$/

/** At most the year, wherever it stands; what is written in another way shows nothing. */
function maskBirth(text: string): string {
  const year = /(?<!\d)(?:1[89]|20)\d{2}(?=\d{4}(?!\d)|\D|$)/.exec(text)
  const covered = (part: string): string => part.replace(/[\p{L}\p{N}]/gu, (char) => ('年月日'.includes(char) ? char : '*'))
  return year === null ? stars([...text].length) : `${covered(text.slice(0, year.index))}${year[0]}${covered(text.slice(year.index + 4))}`
}

/** The first half of an IPv4 address, the first two groups of an IPv6 address; no zone, port or rest. */
function maskIp(text: string): string {
  const four = /^\s*(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(text)
  if (four !== null) return `${four[1] ?? ''}.*.*`
  const six = /^\s*([\da-f]{1,4}):(?:([\da-f]{1,4}):)?[\da-f:.]*(?:[%/].*)?$/i.exec(text)
  return six === null ? other(text) : `${[six[1], six[2]].filter((group) => group !== undefined).join(':')}:*`
}

const hidden = new Set<InformationType>(['password', 'secret', 'medical', 'biometric', 'religion', 'free-text-personal', 'preference', 'photo'])

/** A value as it may be shown: 138****5678, 张*, 110***********1234; passwords and sensitive words not at all. Long values are cut. */
export function maskValue(type: InformationType, text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
  if (hidden.has(type)) return stars(Math.min(8, [...line].length))
  const mask = maskByType.get(type) ?? other
  const shown = mask(line)
  return shown.length > 40 ? `${[...shown].slice(0, 39).join('')}…` : shown
}

const star = '[*＊xX×•●#]'
const maskedForms: readonly (readonly [InformationType, RegExp])[] = [
  ['resident-id', new RegExp(`^\\d{1,10}${star}{4,16}[\\dXx]{0,6}$`)],
  ['mobile', new RegExp(`^1[3-9]\\d{0,2}[\\s-]?${star}{4,8}[\\s-]?\\d{0,4}$`)],
  ['bank-card', new RegExp(`^(?:\\d{4,6}[\\s-]?)?(?:${star}{2,12}[\\s-]?){1,4}\\d{3,4}$`)],
  ['email', /^[\p{L}\p{N}._-]{0,10}[*＊]{2,20}[\p{L}\p{N}._-]{0,10}@[\p{L}\p{N}.*-]+$/u],
  ['person-name', /^(?:[\u4e00-\u9fff][*＊某]{1,3}[\u4e00-\u9fff]?|[*＊]{1,3}[\u4e00-\u9fff]{1,2})$/],
  ['address', /^[\u4e00-\u9fff]{2,20}[*＊]{2,}[\u4e00-\u9fff\d]{0,10}$/],
  ['licence-plate', /^[\u4e00-\u9fff][A-Z][A-Z\d]?[*＊]{2,5}[A-Z\d]{0,3}$/],
  ['landline', new RegExp(`^(?:0\\d{2,3}[\\s-]?)?\\d{0,4}${star}{3,6}\\d{0,4}$`)],
  ['passport', /^[EGPSDKHM][A-Z]?\d{0,3}[*＊]{3,6}\d{0,4}$/],
  ['hk-mo-travel-permit', /^[CWLT][A-Z]?\d{0,3}[*＊]{3,6}\d{0,4}$/],
  ['mainland-travel-permit', /^[HM]\d{0,3}[*＊]{3,8}\d{0,4}$/],
  ['uscc', /^9[1-3][\dA-Z]{0,6}[*＊]{6,14}[\dA-Z]{0,6}$/],
  ['vin', /^[A-HJ-NPR-Z\d]{3,11}[*＊]{4,12}[A-HJ-NPR-Z\d]{0,6}$/],
  ['ip-address', /^\d{1,3}\.\d{1,3}\.(?:\d{1,3}|[*＊]{1,3})\.[*＊]{1,3}$/],
  ['birth-date', /^(?:1[89]|20)[\d*＊]{2}[-/.年](?:\d{1,2}|[*＊]{1,2})[-/.月][*＊]{1,2}日?$/],
  ['online-id', /^(?:wx|[a-zA-Z])[\w-]{0,6}[*＊]{3,10}[\w-]{0,6}$/],
  ['organisation-name', /^[\u4e00-\u9fff]{1,6}[*＊]{2,10}(?:有限)?公司$/],
]

/** The types whose masked form a value has; masked values are personal information still (DETECTION.md §5.4). */
export function maskedTypes(text: string): InformationType[] {
  if (text.length > 60) return []
  return maskedForms.flatMap(([type, form]) => (form.test(text) && isLengthOfType(type, text) ? [type] : []))
}

function isLengthOfType(type: InformationType, text: string): boolean {
  const length = text.replace(/[\s-]/g, '').length
  if (type === 'resident-id') return length === 15 || length === 18
  if (type === 'mobile') return length === 11
  if (type === 'landline') return text.startsWith('0') ? length >= 10 && length <= 12 : length === 7 || length === 8
  if (type === 'passport' || type === 'hk-mo-travel-permit') return length === 9
  if (type === 'mainland-travel-permit') return length === 9 || length === 11
  if (type === 'uscc') return length === 18
  if (type === 'vin') return length === 17
  if (type === 'bank-card') return (length >= 16 && length <= 19) || /^[*＊]+\d{4}$/.test(text)
  return true
}

// Fifteen digits kept and three zeros: region and birth are right, the check digit is not.
function isSpoiltId(text: string): boolean {
  if (text.length !== 18 || !text.endsWith('000') || !/^\d{18}$/.test(text)) return false
  const check = residentId.check(text, columnCheck())
  return !check.valid && check.code === 'BAD_CHECKSUM'
}

/** The type of a number that a spreadsheet spoilt: 1.10101E+17, 1.38E+10, or a long number whose last digits became zeros (DETECTION.md §5.3). */
export function damagedType(text: string, isPrecisionLost: boolean): InformationType | null {
  const match = /^(\d)(?:\.(\d+))?E\+?(\d{1,2})$/i.exec(text)
  if (match !== null) {
    const exponent = Number(match[3])
    if (exponent === 17 || exponent === 14) return 'resident-id'
    return exponent === 10 && match[1] === '1' ? 'mobile' : exponent >= 15 && exponent <= 18 ? 'bank-card' : null
  }
  if (/^[1-9]\d{16}$/.test(text) && /(?:19|20)\d{2}(?:0[1-9]|1[0-2])/.test(text.slice(5, 12))) return 'resident-id' // a digit is missing
  if (/^1[3-9]\d{9}\.0+$/.test(text)) return 'mobile' // a program took it for a number with decimals
  if (isSpoiltId(text)) return 'resident-id'
  if (!isPrecisionLost) return null
  if (/^\d{18}$/.test(text)) return 'resident-id'
  return /^\d{16,19}$/.test(text) ? 'bank-card' : null
}
