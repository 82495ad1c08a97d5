// SPDX-License-Identifier: Apache-2.0
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, Recogniser } from '../recogniser.ts'

// Ranges in use (工信部; libphonenumber): 14x without 140–144, 15x without 154, 161 (China Broadnet), 16x, 170–178, 190–193, 195–199.
const mobileForm = /^1(?:3\d|4[5-9]|5[0-35-9]|6[125-7]|7[0-8]|8\d|9[0-35-9])\d{8}$/
// Internet of things: 13 digits.
const machineForm = /^1(?:400|410|440|46\d|48\d)\d{9}$/
const stripped = (text: string): string => text.replace(/[\s\-().]/g, '').replace(/^(?:\+|00)?86(?=1\d{10})/, '')

/** 手机号, with or without +86, spaces and dashes. Normal form: 11 digits (13 for machines). */
export const mobile: Recogniser = {
  type: 'mobile',
  chance: 0.138,
  isSoft: false,
  lengths: [11, 20],
  needs: chars.digit,
  never: chars.latin | chars.han | chars.at | chars.star,
  shareAlone: 0.7,
  check(text): Check {
    const number = stripped(text)
    if (mobileForm.test(number)) return pass(number)
    if (!/^\d+$/.test(number)) return fail('BAD_CHARACTER')
    if (number.length === 13 && machineForm.test(number)) return pass(number)
    return fail(number.length === 11 ? 'BAD_PREFIX' : 'BAD_LENGTH')
  },
}

// National numbering plan: 10 and 2x have 8 digits after the area code; others 7 or 8. After an area code any first digit is let pass, without one 2–8.
const withArea = /^(?:\+?86|0086)?[\s-]*\(?(0?(?:10|2[0-57-9])|0?[3-9]\d{2})\)?[\s-]*([1-9]\d{6,7})(?:(?:[\s-]|转|ext\.?|x|,)+(\d{1,6}))?$/i
const local = /^([2-8]\d{6,7})(?:(?:-|转)(\d{1,6}))?$/
const service = /^[48]00[\s-]?\d{3,4}[\s-]?\d{3,4}$/
const foreign = /^\+(?!86)[1-9](?:[\s().-]*\d){6,14}$/

// North American numbers as they are written, and numbers with the area in brackets; digits alone are not taken.
const american = /^(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[.\s-])\d{3}[.\s-]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?$/i
const bracketed = /^(?:1\s)?\(\d{1,4}\)[\s-]?\d{2,4}[\s.-]\d{2,4}(?:[\s.-]\d{2,4}){0,2}$/

/** 固定电话 with area code and extension, 400/800 numbers, and numbers of other countries that begin with + or are written in the American way. */
export const landline: Recogniser = {
  type: 'landline',
  chance: 0.3,
  isSoft: false,
  lengths: [7, 30],
  needs: chars.digit,
  never: chars.at | chars.star,
  shareAlone: 0.7,
  check(text): Check {
    if (service.test(text) && text.replace(/\D/g, '').length === 10) return pass(text.replace(/\D/g, ''))
    if (foreign.test(text)) return pass(`+${text.replace(/\D/g, '')}`)
    if (american.test(text) || (bracketed.test(text) && !withArea.test(text))) return pass(text.replace(/(?:x|ext).*$/i, '').replace(/\D/g, ''))
    const full = withArea.exec(text)
    if (full?.[1] !== undefined && full[2] !== undefined) {
      const area = full[1].startsWith('0') ? full[1] : `0${full[1]}`
      const isWritten = full[1].startsWith('0') || /[+()\s-]/.test(text)
      if (isWritten && (area.length === 3 ? full[2].length === 8 : true)) return pass(`${area}-${full[2]}${full[3] === undefined ? '' : `-${full[3]}`}`)
    }
    const near = local.exec(text)
    if (near?.[1] !== undefined) return pass(`${near[1]}${near[2] === undefined ? '' : `-${near[2]}`}`)
    const digits = text.replace(/\D/g, '').length
    return fail(digits < 7 || digits > 18 ? 'BAD_LENGTH' : 'BAD_FORMAT')
  },
}

/** Whether a landline was written so that nothing else looks like it: with 0 and area code, +, brackets, 400 or 800, or in the American way; eight bare digits may be a date or a number of any kind. */
export function isTellingLandline(text: string): boolean {
  return /^(?:\+|0\d{2,3}[\s-]?\d{7}|(?:1[\s.-]?)?\(\d{1,4}\)|[48]00-?\d|(?:1[\s.-])?\d{3}[.\s-]\d{3}[.\s-]\d{4}(?:$|[\sxe]))/.test(text)
}
