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
    if (!isForeignPrefix(number.slice(0, 6))) return fail('BAD_REGION')
    if (!isPastDay(number.slice(6, 14), options.today)) return fail('BAD_DATE')
    return residentIdCheck(number) === number[17] ? pass(number) : fail('BAD_CHECKSUM')
  },
}

// ISO 3166-1 numeric codes, by hundreds; entries that were withdrawn stay, since people born there carry them.
const countryCodes = new Set(
  `004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188 191 192 196
  203 204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 398
  400 404 408 410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500 504 508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 585 586 591 598
  600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663 666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716 724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798
  800 804 807 810 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 891 894`.trim().split(/\s+/),
)
const issuingProvinces = new Set('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'.split(' '))

/** Whether six digits may begin a permanent resident's number of 2023: 9, the province that accepted the request, the country of nationality (ISO 3166-1). */
export function isForeignPrefix(digits: string): boolean {
  return digits.startsWith('9') && issuingProvinces.has(digits.slice(1, 3)) && countryCodes.has(digits.slice(3, 6))
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
