// SPDX-License-Identifier: Apache-2.0
import { isPastDay, residentIdCheck } from '../check-digits.ts'
import { chars } from '../normalise-text.ts'
import { fail, pass } from '../recogniser.ts'
import type { Check, CheckOptions, Recogniser } from '../recogniser.ts'
import { prefectureExisted, regionExisted } from '../regions.ts'

// Residence permits of people from Hong Kong, Macao and Taiwan (港澳台居民居住证申领发放办法, 国办发〔2018〕81号).
const residencePermitRegions = new Set(['810000', '820000', '830000'])

/** 居民身份证号 (GB 11643-1999), old 15-digit numbers, and residence permits of HK, Macao and Taiwan people. Normal form: 18 characters. */
export const residentId: Recogniser = {
  type: 'resident-id',
  chance: 0.00003,
  isSoft: false,
  lengths: [15, 26],
  needs: chars.digit,
  never: chars.han | chars.at | chars.star,
  shareAlone: 0.3,
  check(text, options): Check {
    const number = text.replace(/[\s-]/g, '').toUpperCase()
    if (number.length === 15) return checkOld(number, options)
    if (number.length !== 18) return fail('BAD_LENGTH')
    if (!/^\d{17}[\dX]$/.test(number)) return fail('BAD_CHARACTER')
    if (!isRegion(number.slice(0, 6), Number(number.slice(6, 10)), options)) return fail('BAD_REGION')
    if (!isPastDay(number.slice(6, 14), options.today)) return fail('BAD_DATE')
    return residentIdCheck(number) === number[17] ? pass(number) : fail('BAD_CHECKSUM')
  },
}

// Old numbers carry no check; they were issued until 1999 to people born in the 20th century.
function checkOld(number: string, options: CheckOptions): Check {
  if (!/^\d{15}$/.test(number)) return fail('BAD_CHARACTER')
  const body = `${number.slice(0, 6)}19${number.slice(6)}`
  if (!isRegion(number.slice(0, 6), Number(body.slice(6, 10)), options)) return fail('BAD_REGION')
  if (!isPastDay(body.slice(6, 14), options.today)) return fail('BAD_DATE')
  return pass(body + residentIdCheck(body))
}

function isRegion(code: string, birthYear: number, options: CheckOptions): boolean {
  if (residencePermitRegions.has(code)) return true
  if (code.endsWith('00') && code.endsWith('0000')) return false
  if (options.region === 'prefecture-existed') return prefectureExisted(code)
  return regionExisted(code, options.region === 'existed-at-birth' ? birthYear : null)
}

/** 外国人永久居留身份证号: 15 characters until 2023, 18 digits beginning with 9 since 2023-12-01 (国家移民管理局公告 2023 年第 5 号). */
export const foreignPermanentResidentId: Recogniser = {
  type: 'foreign-permanent-resident-id',
  chance: 0.0001,
  isSoft: false,
  lengths: [15, 18],
  needs: chars.digit,
  never: chars.han | chars.at | chars.star | chars.other,
  shareAlone: 0.5,
  check(text, options): Check {
    const number = text.toUpperCase()
    if (/^[A-Z]{3}\d{12}$/.test(number)) return checkOldForeign(number, options)
    if (!/^9\d{16}[\dX]$/.test(number)) return fail(number.length === 15 || number.length === 18 ? 'BAD_FORMAT' : 'BAD_LENGTH')
    if (!isPastDay(number.slice(6, 14), options.today)) return fail('BAD_DATE')
    return residentIdCheck(number) === number[17] ? pass(number) : fail('BAD_CHECKSUM')
  },
}

// ICAO 9303 weights 7-3-1 over all but the last digit, letters counting from A = 10.
function checkOldForeign(number: string, options: CheckOptions): Check {
  const century = Number(number.slice(7, 9)) > Number(options.today.slice(2, 4)) ? '19' : '20'
  if (!isPastDay(century + number.slice(7, 13), options.today) && !isPastDay(`19${number.slice(7, 13)}`, options.today)) return fail('BAD_DATE')
  let sum = 0
  for (let i = 0; i < 14; i++) {
    const unit = number.charCodeAt(i)
    sum += (unit >= 65 ? unit - 55 : unit - 48) * ([7, 3, 1][i % 3] ?? 0)
  }
  return sum % 10 === Number(number[14]) ? pass(number) : fail('BAD_CHECKSUM')
}
