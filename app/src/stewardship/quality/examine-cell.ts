// SPDX-License-Identifier: Apache-2.0
import { damagedType, inspectValue, type CheckCode, type InformationType } from '../../detection/index.ts'
import type { Cell } from '../../sources/index.ts'
import { isGarbled } from './garbled-text.ts'
import type { QualityRuleCode } from './quality-rules.ts'
import { readDate } from './read-date.rules.ts'

/** What is wrong with a cell by itself. */
export interface CellFinding {
  rule: QualityRuleCode
  code?: CheckCode
}

/** The types whose form anybody can check, and those whose rules know exceptions. */
const firmTypes: ReadonlySet<InformationType> = new Set<InformationType>([
  'resident-id', 'foreign-permanent-resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'mobile', 'landline', 'email', 'uscc', 'licence-plate', 'vin', 'imei', 'imsi', 'iccid', 'ip-address', 'mac-address', 'postcode', 'age', 'birth-date',
])
const looseTypes: ReadonlySet<InformationType> = new Set<InformationType>(['bank-card', 'gender', 'driver-licence', 'business-registration-number'])

/** Columns of one kind often hold a neighbour's values rightly: a passport among ID numbers, a mobile among telephones. */
const alsoFits: Partial<Record<InformationType, readonly InformationType[]>> = {
  'resident-id': ['foreign-permanent-resident-id', 'passport', 'hk-mo-travel-permit', 'mainland-travel-permit', 'military-id'],
  landline: ['mobile'], mobile: ['landline'], 'driver-licence': ['resident-id'],
}

/** Whether values of this type are checked for validity. */
export function isCheckable(type: InformationType): boolean {
  return firmTypes.has(type) || looseTypes.has(type)
}

/** Types where 无, 未知 or 0 is an answer, and columns that are nobody's. */
const wordsAllowed: ReadonlySet<InformationType> = new Set<InformationType>(['none', 'gender', 'religion', 'medical', 'preference', 'free-text-personal', 'marital-status', 'organisation-name', 'age'])
const placeholderWords = /^(?:无|不详|未知|未填|未填写|暂无|没有|空|待补|待补充|待定|不明|略|同上|测试|n\/?a|#n\/a|na|nil|none|null|nan|unknown|undefined|test|tbd|-+|—+|_+|\/+|\.+|\?+|？+|x{2,})$/i
const placeholderDigits = /^(?:0{4,}|(\d)\1{7,}|12345678?9?0?1?2?3?4?5?6?7?8?|1380013800[01]|1[3-9]0{9})$/

/** What one cell shows by itself; at most one finding, the one that explains most. `text` is its plain text. */
export function examineCell(cell: Cell, text: string, type: InformationType, today: string): CellFinding | null {
  const flag = cell.extras?.flag
  if (flag === 'error-value' || flag === 'formula-without-value' || flag === 'not-text' || typeof cell.value !== 'string') return { rule: 'UNREADABLE_CELL' }
  if (flag === 'impossible-date') return { rule: 'IMPOSSIBLE_DATE' }
  if (type !== 'none' && isDamaged(text, type, flag === 'precision-lost')) return { rule: 'DAMAGED_NUMBER' }
  if (!wordsAllowed.has(type) && (placeholderWords.test(text) || placeholderDigits.test(text))) return { rule: 'PLACEHOLDER' }
  if (type !== 'password' && type !== 'secret' && isGarbled(cell.value)) return { rule: 'MOJIBAKE' }
  if (type !== 'none' && /[*＊●]{2,}|^[\u4e00-\u9fff][*＊]/.test(text)) return { rule: 'MASKED_VALUE' }
  if (type === 'birth-date') return birthFinding(text, today)
  return isCheckable(type) ? validityFinding(text, type, today) : null
}

function isDamaged(text: string, type: InformationType, isPrecisionLost: boolean): boolean {
  if (!/^[\d.Ee+]+$/.test(text)) return false
  const damaged = damagedType(text, isPrecisionLost)
  return damaged !== null && (type === damaged || isPrecisionLost || /e/i.test(text)) && !inspectValue(type, text).valid
}

function birthFinding(text: string, today: string): CellFinding | null {
  const date = readDate(text)
  if (date === null) {
    const check = inspectValue('birth-date', text, { today }) // a year and month alone
    return check.valid ? null : { rule: 'INVALID_VALUE', code: check.code }
  }
  if (date === 'impossible') return { rule: 'IMPOSSIBLE_DATE' }
  if (date.day > today) return { rule: 'BIRTH_IN_FUTURE' }
  return date.day < '1900-01-01' ? { rule: 'BIRTH_BEFORE_1900' } : null
}

function validityFinding(text: string, type: InformationType, today: string): CellFinding | null {
  const check = inspectValue(type, text, { today })
  if (check.valid || (alsoFits[type] ?? []).some((other) => inspectValue(other, text, { today }).valid)) return null
  if (type === 'postcode' && /^\d{5}$/.test(text)) return { rule: 'LOST_ZERO' }
  if (type === 'landline' && /^[1-9]\d{1,2}-\d{7,8}$/.test(text) && inspectValue('landline', `0${text}`, { today }).valid) return { rule: 'LOST_ZERO' }
  return { rule: looseTypes.has(type) ? 'SUSPECT_VALUE' : 'INVALID_VALUE', code: check.code }
}
