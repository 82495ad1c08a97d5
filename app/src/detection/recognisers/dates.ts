// SPDX-License-Identifier: Apache-2.0
import { isPastDay } from '../check-digits.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

const form = /^(\d{4})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2})日?)?月?(?:[T\s]+([\d:.]+)(?:Z|[+-]\d\d:?\d\d)?)?$/
const compact = /^((?:18|19|20)\d{2})(\d{2})(\d{2})$/
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+([\d:.]+))?$/

/** A date as written in files, as ISO text without its time; null when it is none. */
export function isoDate(text: string): string | null {
  const match = form.exec(text) ?? compact.exec(text)
  if (match?.[1] !== undefined && match[2] !== undefined) return `${match[1]}-${match[2].padStart(2, '0')}-${(match[3] ?? '01').padStart(2, '0')}`
  const other = american.exec(text)
  return other?.[1] === undefined || other[2] === undefined || other[3] === undefined ? null : `${other[3]}-${other[1].padStart(2, '0')}-${other[2].padStart(2, '0')}`
}

/** 出生日期. A date from 1850 to today; that it is a *birth* date is told by the header, or by the spread of the years in the column. */
export const birthDate: Recogniser = {
  type: 'birth-date', chance: 0.02, isSoft: false, lengths: [6, 29], needs: chars.digit, never: chars.at | chars.star, shareAlone: 0.9,
  check(text, options): Check {
    const iso = isoDate(text)
    if (iso === null) return fail('BAD_FORMAT')
    return isPastDay(iso.replaceAll('-', ''), options.today) ? pass(iso) : fail('BAD_DATE')
  },
}

/** 年龄: 0 to 120, only with a header. */
export const age: Recogniser = {
  type: 'age', chance: 1, isSoft: false, lengths: [1, 6], needs: chars.digit, never: chars.latin | chars.at | chars.star, shareAlone: 1.1,
  check(text): Check {
    const match = /^(\d{1,3})(?:\.0+)?\s?(?:岁|周岁)?$/.exec(text)
    return match?.[1] !== undefined && Number(match[1]) <= 120 ? pass(match[1]) : fail('BAD_FORMAT')
  },
}
