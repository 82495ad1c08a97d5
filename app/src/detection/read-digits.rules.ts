// SPDX-License-Identifier: Apache-2.0
import { isUnder14, outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import type { InformationType } from './information-types.ts'
import type { Recogniser } from './recogniser.ts'
import { cardIssuer } from './recognisers/financial.ts'
import { postcode } from './recognisers/places.ts'
import { isForeignPrefix } from './recognisers/resident-id.ts'
import { mobile } from './recognisers/telephone.ts'
import { fourDigits, fourOf, threeDigits, twoDigits, weighed, weightsOf } from './read-words.rules.ts'
import { prefectureCodes } from './regions.ts'

// The checks of `recognisers/` once more, on bytes, for values of digits alone; a differential test holds the two equal.

/** By the first four digits of a number. */
export const isPrefecture = new Uint8Array(10_000)
for (const code of prefectureCodes) isPrefecture[Number(code)] = 1
/** Weights of a citizen's number, four digits at a time (`weightsOf`). */
export const idWeights = weightsOf([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4])
const creditWeightList = Array.from({ length: 17 }, (_, i) => Number(3n ** BigInt(i) % 31n))
/** Weights of a credit code, one by one. */
export const creditWeights = Int32Array.from(creditWeightList)
/** Weights of a credit code, likewise. */
export const creditWords = weightsOf(creditWeightList)
const orgWeights = Int32Array.of(3, 7, 9, 10, 5, 8, 4, 2)
/** By month and day as a number: 1 for a day of every year, 2 for the 29th of February. */
export const isMonthDay = new Uint8Array(10_000)
;[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].forEach((days, month) => isMonthDay.fill(1, (month + 1) * 100 + 1, (month + 1) * 100 + days + 1))
isMonthDay[229] = 2
/** What four digits in a row add to a Luhn sum whose last digit is not doubled. */
export const luhnSums = new Uint8Array(10_000)
for (let first = 0; first < 100; first++) {
  for (let second = 0; second < 100; second++) luhnSums[first * 100 + second] = (luhnOfTwo(first) + luhnOfTwo(second)) % 10
}
function luhnOfTwo(two: number): number {
  const doubled = Math.floor(two / 10) * 2
  return (doubled > 9 ? doubled - 9 : doubled) + (two % 10)
}
/** What a letter or digit counts in a credit code; -1 for none. */
export const creditValues = new Int32Array(256).fill(-1)
;[...'0123456789ABCDEFGHJKLMNPQRTUWXY'].forEach((char, i) => {
  creditValues[char.charCodeAt(0)] = i
  creditValues[char.toLowerCase().charCodeAt(0)] = i
})
// Which first digits pass is asked of the recognisers themselves, once.
const passes = (recogniser: Recogniser, text: string): boolean => recogniser.check(text, { region: 'prefecture-existed', today: '2000-01-01' }).valid
const isMobileStart = Uint8Array.from({ length: 1000 }, (_, start) => (start >= 100 && start < 200 && passes(mobile, `${String(start).padStart(3, '0')}00000000`) ? 1 : 0))
const isMachineStart = Uint8Array.from({ length: 10_000 }, (_, start) => (start >= 1000 && start < 2000 && passes(mobile, `${String(start).padStart(4, '0')}000000000`) ? 1 : 0))
const isPostStart = Uint8Array.from({ length: 100 }, (_, start) => (passes(postcode, `${String(start).padStart(2, '0')}0000`) ? 1 : 0))
const isForeignProvince = Uint8Array.from({ length: 100 }, (_, province) => (isForeignPrefix(`9${String(province).padStart(2, '0')}840`) ? 1 : 0))
const isForeignCountry = Uint8Array.from({ length: 1000 }, (_, country) => (isForeignPrefix(`911${String(country).padStart(3, '0')}`) ? 1 : 0))
/** By the first four digits of a card. */
export const isCardStart = Uint8Array.from({ length: 10_000 }, (_, start) => (cardIssuer.test(String(start).padStart(4, '0')) ? 1 : 0))

const flag = {
  residentId: 1, foreignId: 2, passport: 4, mobile: 8, landline: 16, telling: 32, bankCard: 64, uscc: 128, registration: 256, imei: 512, imsi: 1024, iccid: 2048, onlineId: 4096, postcode: 8192, age: 16_384, gender: 32_768,
  damaged: 65_536,
} as const
const flagTypes: readonly (readonly [number, InformationType])[] = [
  [flag.residentId, 'resident-id'], [flag.foreignId, 'foreign-permanent-resident-id'], [flag.passport, 'passport'], [flag.mobile, 'mobile'], [flag.landline, 'landline'], [flag.bankCard, 'bank-card'], [flag.uscc, 'uscc'],
  [flag.registration, 'business-registration-number'], [flag.imei, 'imei'], [flag.imsi, 'imsi'], [flag.iccid, 'iccid'], [flag.onlineId, 'online-id'], [flag.postcode, 'postcode'], [flag.age, 'age'], [flag.gender, 'gender'],
]

/** Whether a day exists and is not later than `today` (yyyymmdd); from 1850 on. */
export function isDayUntil(year: number, monthDay: number, today: number): boolean {
  const kind = isMonthDay[monthDay] ?? 0
  if (kind === 0 || year < 1850 || year * 10_000 + monthDay > today) return false
  return kind === 1 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}

const isDayAt = (view: DataView, at: number, today: number): boolean => isDayUntil(fourDigits(view, at), fourDigits(view, at + 4), today)

/** Whether 17 digits and a check digit or X are a citizen number in form, region, date and check (recognisers/resident-id.ts). */
export function isResidentId(view: DataView, at: number, today: number): boolean {
  return isIdRegion(view, at) && isDayAt(view, at + 6, today) && hasIdCheck(view, at)
}

function isIdRegion(view: DataView, at: number): boolean {
  const prefecture = fourDigits(view, at)
  if (isPrefecture[prefecture] === 1 && prefecture % 100 !== 0) return true
  const county = twoDigits(view, at + 4)
  if (county === 0 && (prefecture === 8100 || prefecture === 8200 || prefecture === 8300)) return true
  if (county === 0 && prefecture % 100 === 0) return false
  return isPrefecture[prefecture] === 1
}

/** Whether the 18th character is the MOD 11-2 check of the 17 digits before it. */
export function hasIdCheck(view: DataView, at: number): boolean {
  let sum = (view.getUint8(at + 16) - 48) * 2
  for (let i = 0; i < 4; i++) sum += weighed(view.getInt32(at + i * 4, true), idWeights[i * 2] ?? 0, idWeights[i * 2 + 1] ?? 0)
  const check = (12 - (sum % 11)) % 11
  const last = view.getUint8(at + 17)
  return check === 10 ? (last | 0x20) === 0x78 : last === check + 48
}

/** Whether 17 digits and a check digit or X are a foreign permanent resident's number (recognisers/resident-id.ts). */
export function isForeignId(view: DataView, at: number, today: number): boolean {
  return view.getUint8(at) === 0x39 && isForeignProvince[twoDigits(view, at + 1)] === 1 && isForeignCountry[threeDigits(view, at + 3)] === 1 && isDayAt(view, at + 6, today) && hasIdCheck(view, at)
}

/** Whether 18 characters are a credit code, with the organisation code inside (recognisers/financial.ts). */
export function isCreditCode(view: DataView, at: number): boolean {
  const first = view.getUint8(at)
  const isFirst = (first >= 0x31 && first <= 0x39) || (first | 0x20) === 0x61 || (first | 0x20) === 0x6e || (first | 0x20) === 0x79
  if (!isFirst) return false
  let sum = 0
  for (let i = 0; i < 18; i++) {
    const value = creditValues[view.getUint8(at + i)] ?? -1
    if (value < 0 || (i >= 2 && i < 8 && value > 9)) return false
    if (i < 17) sum += value * (creditWeights[i] ?? 0)
  }
  return (31 - (sum % 31)) % 31 === creditValues[view.getUint8(at + 17)] && isOrganisationCode(view, at + 8)
}

function isOrganisationCode(view: DataView, at: number): boolean {
  let org = 0
  for (let i = 0; i < 8; i++) {
    const unit = view.getUint8(at + i)
    org += (unit <= 57 ? unit - 48 : (unit & 0xdf) - 55) * (orgWeights[i] ?? 0)
  }
  const check = 11 - (org % 11)
  const last = view.getUint8(at + 8)
  return check === 10 ? (last | 0x20) === 0x78 : last === 48 + (check === 11 ? 0 : check)
}

function passesLuhnBytes(view: DataView, start: number, length: number): boolean {
  let sum = 0
  let at = start + length - 4
  for (; at >= start; at -= 4) sum += luhnSums[fourDigits(view, at)] ?? 0
  const left = at + 4 - start // the first digits, fewer than four
  if (left === 1) sum += luhnSums[view.getUint8(start) - 48] ?? 0
  else if (left === 2) sum += luhnSums[twoDigits(view, start)] ?? 0
  else if (left === 3) sum += luhnSums[threeDigits(view, start)] ?? 0
  return sum % 10 === 0
}

function passesMod1110Bytes(view: DataView, at: number): boolean {
  let product = 10
  for (let i = at; i < at + 14; i++) {
    const sum = (product + view.getUint8(i) - 48) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (product + view.getUint8(at + 14) - 48) % 10 === 1
}

function isOneDigit(view: DataView, at: number, length: number): boolean {
  const first = view.getUint8(at)
  for (let i = at + 1; i < at + length; i++) if (view.getUint8(i) !== first) return false
  return true
}

function isCard(view: DataView, at: number, length: number): boolean {
  return isCardStart[fourDigits(view, at)] === 1 && passesLuhnBytes(view, at, length) && !isOneDigit(view, at, length)
}

function landlineFlags(view: DataView, at: number, length: number): number {
  const first = view.getUint8(at)
  if (first === 0x31 || first === 0x39) return 0
  const [second, third, fourth] = [view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3)]
  const isService = (first === 0x34 || first === 0x38) && second === 0x30 && third === 0x30
  if (length === 10 && isService) return flag.landline | flag.telling
  let start = at
  if (first === 0x38 && second === 0x36) start = at + 2
  else if (first === 0x30 && second === 0x30 && third === 0x38 && fourth === 0x36) start = at + 4
  if (isAreaNumber(view, start, at + length - start)) return first === 0x30 && length >= 10 ? flag.landline | flag.telling : flag.landline
  if ((length === 7 || length === 8) && first >= 0x32 && first <= 0x38) return isService ? flag.landline | flag.telling : flag.landline
  return 0
}

/** 0, an area code and 7 or 8 digits; of the areas with two digits only 8. */
function isAreaNumber(view: DataView, at: number, length: number): boolean {
  if ((length !== 11 && length !== 12) || view.getUint8(at) !== 0x30) return false
  const second = view.getUint8(at + 1)
  const third = view.getUint8(at + 2)
  const isShort = (second === 0x31 && third === 0x30) || (second === 0x32 && third !== 0x36 && third >= 0x30 && third <= 0x39)
  if (isShort) return length === 11 && view.getUint8(at + 3) !== 0x30
  return second >= 0x33 && second <= 0x39 && view.getUint8(at + 4) !== 0x30
}

function isMobileNumber(view: DataView, at: number, length: number): boolean {
  let start = at
  let left = length
  if (length >= 15 && fourDigits(view, at) === 86 && view.getUint8(at + 4) === 0x31) {
    start = at + 4
    left = length - 4
  } else if (length >= 13 && twoDigits(view, at) === 86 && view.getUint8(at + 2) === 0x31) {
    start = at + 2
    left = length - 2
  }
  return left === 11 ? isMobileStart[threeDigits(view, start)] === 1 : left === 13 && isMachineStart[fourDigits(view, start)] === 1
}

// Two digits of a century, two of a year, a month: at any place of the 7 digits from the sixth on.
function hasDamagedDate(view: DataView, at: number): boolean {
  for (let i = at + 5; i <= at + 6; i++) {
    const century = twoDigits(view, i)
    const month = twoDigits(view, i + 4)
    if ((century === 19 || century === 20) && month >= 1 && month <= 12) return true
  }
  return false
}

/** The outcome of a value of digits alone; `today` as yyyymmdd. The view reaches four bytes beyond the value. */
export function readDigits(view: DataView, at: number, length: number, today: number): number {
  if (length > 34) return numberOf(0, 35, 0)
  const first = view.getUint8(at)
  if (length === 11 && first === 0x31) return mobileNumber(threeDigits(view, at))
  if (length === 18) return number18(view, at, today)
  let flags = length >= 13 && length <= 19 && isCard(view, at, length) ? flag.bankCard : 0
  let year = 0
  if (length >= 7 && length <= 16) flags |= landlineFlags(view, at, length)
  if (length >= 11 && length <= 17 && isMobileNumber(view, at, length)) flags |= flag.mobile
  if (length >= 5 && length <= 11 && first !== 0x30) flags |= flag.onlineId
  if (length <= 3) flags |= shortFlags(view, at, length)
  else if (length === 6) flags |= isPostStart[twoDigits(view, at)] === 1 ? flag.postcode : 0
  else if (length === 8) year = compactYear(view, at, today)
  else if (length === 9) flags |= first === 0x31 && (view.getUint8(at + 1) === 0x34 || view.getUint8(at + 1) === 0x35) ? flag.passport : 0
  else if (length === 15) flags |= flags15(view, at, today)
  else if (length === 17 && first !== 0x30 && hasDamagedDate(view, at)) flags = flag.damaged
  else if (length === 19 || length === 20) flags |= fourDigits(view, at) === 8986 ? flag.iccid : 0
  return numberOf(flags, length, year)
}

/** The outcomes of eleven digits that begin with 1, by the first three. */
const mobileNumbers = new Int32Array(1000).fill(-1)

function mobileNumber(start: number): number {
  let number = mobileNumbers[start] ?? -1
  if (number < 0) {
    number = numberOf(flag.onlineId | (isMobileStart[start] === 1 ? flag.mobile : 0), 11, 0)
    mobileNumbers[start] = number
  }
  return number
}

function compactYear(view: DataView, at: number, today: number): number {
  const year = fourDigits(view, at)
  return year >= 1800 && year < 2100 && isDayUntil(year, fourDigits(view, at + 4), today) ? year : 0
}

function shortFlags(view: DataView, at: number, length: number): number {
  const number = length === 1 ? view.getUint8(at) - 48 : length === 2 ? twoDigits(view, at) : threeDigits(view, at)
  const isGender = length === 1 && (number <= 2 || number === 9)
  return (number <= 120 ? flag.age : 0) | (isGender ? flag.gender : 0)
}

function flags15(view: DataView, at: number, today: number): number {
  const prefecture = fourDigits(view, at)
  const isRegistered = (isPrefecture[prefecture] === 1 || prefecture === 1000) && passesMod1110Bytes(view, at)
  const isPhone = prefecture >= 100 && passesLuhnBytes(view, at, 15) && !isOneDigit(view, at, 15)
  const isOldId = isIdRegion(view, at) && isDayUntil(1900 + twoDigits(view, at + 6), fourDigits(view, at + 8), today)
  return (isRegistered ? flag.registration : 0) | (isPhone ? flag.imei : 0) | (threeDigits(view, at) === 460 ? flag.imsi : 0) | (isOldId ? flag.residentId : 0)
}

// Eighteen digits, in words of four: a citizen's number, a foreigner's, a credit code, or a card.
function flags18(view: DataView, at: number, today: number): number {
  const [first, second, third, fourth] = [view.getInt32(at, true), view.getInt32(at + 4, true), view.getInt32(at + 8, true), view.getInt32(at + 12, true)]
  const last = view.getUint8(at + 17) - 48
  const before = view.getUint8(at + 16) - 48
  const prefecture = fourOf(first)
  let flags = isCardStart[prefecture] === 1 && isCard(view, at, 18) ? flag.bankCard : 0
  const credit = weighed(first, creditWords[0] ?? 0, creditWords[1] ?? 0) + weighed(second, creditWords[2] ?? 0, creditWords[3] ?? 0) + weighed(third, creditWords[4] ?? 0, creditWords[5] ?? 0) + weighed(fourth, creditWords[6] ?? 0, creditWords[7] ?? 0)
  if ((31 - ((credit + before * (creditWeights[16] ?? 0)) % 31)) % 31 === last && (first & 0xff) !== 0x30 && isOrganisationCode(view, at + 8)) flags |= flag.uscc
  if (!isDayUntil(fourOf((second >>> 16) | (third << 16)), fourOf((third >>> 16) | (fourth << 16)), today)) return flags
  const sum = weighed(first, idWeights[0] ?? 0, idWeights[1] ?? 0) + weighed(second, idWeights[2] ?? 0, idWeights[3] ?? 0) + weighed(third, idWeights[4] ?? 0, idWeights[5] ?? 0) + weighed(fourth, idWeights[6] ?? 0, idWeights[7] ?? 0)
  const isChecked = (12 - ((sum + before * 2) % 11)) % 11 === last
  const isRegion = (isPrefecture[prefecture] === 1 && prefecture % 100 !== 0) || isIdRegion(view, at)
  // A spreadsheet kept fifteen digits and wrote zeros for the rest; the check digit tells it from a number that ends so (mask-value.ts).
  if (isRegion && !isChecked && last === 0 && before === 0 && view.getUint8(at + 15) === 0x30) return flag.damaged
  if (!isChecked) return flags
  if (isRegion) flags |= flag.residentId
  return (first & 0xff) === 0x39 && isForeignProvince[twoDigits(view, at + 1)] === 1 && isForeignCountry[threeDigits(view, at + 3)] === 1 ? flags | flag.foreignId : flags
}

// In the place of the year, which eighteen digits do not have.
const childsId = 1

function number18(view: DataView, at: number, today: number): number {
  const flags = flags18(view, at, today)
  const isChilds = (flags & flag.residentId) !== 0 && isUnder14(fourDigits(view, at + 6) * 10_000 + fourDigits(view, at + 10), today)
  return numberOf(flags, 18, isChilds ? childsId : 0)
}

/** By year: the number of eight digits that are a day; the second half for those that may be a telephone number too. */
const dayNumbers = new Int32Array(20_000).fill(-1)
const lastFlags = new Int32Array(64).fill(-1)
const lastNumber = new Int32Array(64)
const numbers = new Map<number, number>()

/** The number of the outcome of so many digits with these flags; most values of a column have the same. */
function numberOf(flags: number, length: number, year: number): number {
  const key = flags + year * 131_072
  if (key === lastFlags[length]) return lastNumber[length] ?? 0
  const isDay = length === 8 && (flags & ~flag.landline) === flag.onlineId
  const day = flags === flag.onlineId ? year : year + 10_000
  const known = isDay ? (dayNumbers[day] ?? -1) : -1
  if (known >= 0) return known
  const whole = key * 64 + length
  let number = numbers.get(whole)
  if (number === undefined) {
    number = outcomeNumber(outcomeOfDigits(flags, length, year))
    numbers.set(whole, number)
  }
  if (isDay) dayNumbers[day] = number
  else if (key < 2 ** 31) {
    lastFlags[length] = key
    lastNumber[length] = number
  }
  return number
}

function outcomeOfDigits(flags: number, length: number, year: number): CellOutcome {
  const base = { ...plainOutcome, isDigits: true }
  if ((flags & flag.damaged) !== 0) return { ...base, found: [{ type: 'resident-id', how: 'damaged' }] }
  const types = flagTypes.flatMap(([bit, type]) => ((flags & bit) === 0 ? [] : [type]))
  const isOneOf = (...lengths: number[]): boolean => lengths.includes(length)
  if (isOneOf(8, 10)) types.push('mainland-travel-permit')
  if (isOneOf(12, 18)) types.push('driver-licence')
  if (length >= 8 && length <= 34) types.push('bank-account')
  if (length >= 15 && length <= 20) types.push('tax-id')
  if (isOneOf(8, 10, 12, 18, 20)) types.push('invoice-number')
  const isDate = length === 8 && year > 0
  if (isDate) types.push('birth-date')
  return {
    ...base, found: types.map((type) => ({ type, how: 'matched' })), year: isDate ? year : null,
    isOldId: length === 15 && (flags & flag.residentId) !== 0, isChildsId: length === 18 && year === childsId, isTellingLandline: (flags & flag.telling) !== 0,
  }
}
