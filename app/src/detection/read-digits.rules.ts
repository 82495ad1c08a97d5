// SPDX-License-Identifier: Apache-2.0
import { outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import type { InformationType } from './information-types.ts'
import type { Recogniser } from './recogniser.ts'
import { cardIssuer } from './recognisers/financial.ts'
import { postcode } from './recognisers/places.ts'
import { isForeignPrefix } from './recognisers/resident-id.ts'
import { mobile } from './recognisers/telephone.ts'
import { prefectureExisted } from './regions.ts'

// The checks of `recognisers/` once more, on bytes, for values of digits alone; a differential test holds the two equal.

const isPrefecture = Uint8Array.from({ length: 10_000 }, (_, code) => (prefectureExisted(String(code).padStart(4, '0')) ? 1 : 0))
const idWeights = Int32Array.of(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
const creditWeights = Int32Array.from({ length: 17 }, (_, i) => Number(3n ** BigInt(i) % 31n))
const orgWeights = Int32Array.of(3, 7, 9, 10, 5, 8, 4, 2)
const daysInMonth = Int32Array.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
const creditValues = new Int32Array(256).fill(-1)
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
const isCardStart = Uint8Array.from({ length: 10_000 }, (_, start) => (cardIssuer.test(String(start).padStart(4, '0')) ? 1 : 0))

const flag = {
  residentId: 1, foreignId: 2, passport: 4, mobile: 8, landline: 16, telling: 32, bankCard: 64, uscc: 128, registration: 256, imei: 512, imsi: 1024, iccid: 2048, onlineId: 4096, postcode: 8192, age: 16_384, gender: 32_768,
  damaged: 65_536,
} as const
const flagTypes: readonly (readonly [number, InformationType])[] = [
  [flag.residentId, 'resident-id'], [flag.foreignId, 'foreign-permanent-resident-id'], [flag.passport, 'passport'], [flag.mobile, 'mobile'], [flag.landline, 'landline'], [flag.bankCard, 'bank-card'], [flag.uscc, 'uscc'],
  [flag.registration, 'business-registration-number'], [flag.imei, 'imei'], [flag.imsi, 'imsi'], [flag.iccid, 'iccid'], [flag.onlineId, 'online-id'], [flag.postcode, 'postcode'], [flag.age, 'age'], [flag.gender, 'gender'],
]

/** The number that the digits from `at` on spell. */
export function numberAt(bytes: Uint8Array, at: number, digits: number): number {
  let number = 0
  for (let i = at; i < at + digits; i++) number = number * 10 + (bytes[i] ?? 0) - 48
  return number
}

/** Whether a day exists and is not later than `today` (both as yyyymmdd); from 1850 on. */
export function isDayUntil(day: number, today: number): boolean {
  const month = Math.floor(day / 100) % 100
  const year = Math.floor(day / 10_000)
  if (year < 1850 || day > today || month < 1 || month > 12) return false
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day % 100 >= 1 && day % 100 <= (daysInMonth[month - 1] ?? 0) + (isLeap ? 1 : 0)
}

/** Whether 17 digits and a check digit or X are a citizen number in form, region, date and check (recognisers/resident-id.ts). */
export function isResidentId(bytes: Uint8Array, at: number, today: number): boolean {
  return isIdRegion(bytes, at) && isDayUntil(numberAt(bytes, at + 6, 8), today) && hasIdCheck(bytes, at)
}

function isIdRegion(bytes: Uint8Array, at: number): boolean {
  const prefecture = numberAt(bytes, at, 4)
  const county = numberAt(bytes, at + 4, 2)
  if (county === 0 && (prefecture === 8100 || prefecture === 8200 || prefecture === 8300)) return true
  if (county === 0 && prefecture % 100 === 0) return false
  return isPrefecture[prefecture] === 1
}

/** Whether the 18th character is the MOD 11-2 check of the 17 digits before it. */
export function hasIdCheck(bytes: Uint8Array, at: number): boolean {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += ((bytes[at + i] ?? 0) - 48) * (idWeights[i] ?? 0)
  const check = (12 - (sum % 11)) % 11
  const last = bytes[at + 17] ?? 0
  return check === 10 ? (last | 0x20) === 0x78 : last === check + 48
}

/** Whether 17 digits and a check digit or X are a foreign permanent resident's number (recognisers/resident-id.ts). */
export function isForeignId(bytes: Uint8Array, at: number, today: number): boolean {
  return bytes[at] === 0x39 && isForeignProvince[numberAt(bytes, at + 1, 2)] === 1 && isForeignCountry[numberAt(bytes, at + 3, 3)] === 1 && isDayUntil(numberAt(bytes, at + 6, 8), today) && hasIdCheck(bytes, at)
}

/** Whether 18 characters are a credit code, with the organisation code inside (recognisers/financial.ts). */
export function isCreditCode(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] ?? 0
  const isFirst = (first >= 0x31 && first <= 0x39) || (first | 0x20) === 0x61 || (first | 0x20) === 0x6e || (first | 0x20) === 0x79
  if (!isFirst) return false
  let sum = 0
  for (let i = 0; i < 18; i++) {
    const value = creditValues[bytes[at + i] ?? 0] ?? -1
    if (value < 0 || (i >= 2 && i < 8 && value > 9)) return false
    if (i < 17) sum += value * (creditWeights[i] ?? 0)
  }
  if ((31 - (sum % 31)) % 31 !== creditValues[bytes[at + 17] ?? 0]) return false
  let org = 0
  for (let i = 0; i < 8; i++) {
    const unit = bytes[at + 8 + i] ?? 0
    org += (unit <= 57 ? unit - 48 : (unit & 0xdf) - 55) * (orgWeights[i] ?? 0)
  }
  const check = 11 - (org % 11)
  const last = bytes[at + 16] ?? 0
  return check === 10 ? (last | 0x20) === 0x78 : last === 48 + (check === 11 ? 0 : check)
}

function passesLuhnBytes(bytes: Uint8Array, at: number, length: number): boolean {
  let sum = 0
  for (let i = at + length - 1; i >= at; i -= 2) sum += (bytes[i] ?? 0) - 48
  for (let i = at + length - 2; i >= at; i -= 2) {
    const doubled = ((bytes[i] ?? 0) - 48) * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

function passesMod1110Bytes(bytes: Uint8Array, at: number): boolean {
  let product = 10
  for (let i = at; i < at + 14; i++) {
    const sum = (product + (bytes[i] ?? 0) - 48) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (product + (bytes[at + 14] ?? 0) - 48) % 10 === 1
}

function isOneDigit(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at + 1; i < at + length; i++) if (bytes[i] !== bytes[at]) return false
  return true
}

function isCard(bytes: Uint8Array, at: number, length: number): boolean {
  return isCardStart[numberAt(bytes, at, 4)] === 1 && passesLuhnBytes(bytes, at, length) && !isOneDigit(bytes, at, length)
}

function landlineFlags(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0
  const isService = length >= 4 && (first === 0x34 || first === 0x38) && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x30
  if (length === 10 && isService) return flag.landline | flag.telling
  let start = at
  if (first === 0x38 && bytes[at + 1] === 0x36) start = at + 2
  else if (first === 0x30 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x38 && bytes[at + 3] === 0x36) start = at + 4
  if (isAreaNumber(bytes, start, at + length - start)) return first === 0x30 && length >= 10 ? flag.landline | flag.telling : flag.landline
  if ((length === 7 || length === 8) && first >= 0x32 && first <= 0x38) return isService ? flag.landline | flag.telling : flag.landline
  return 0
}

/** 0, an area code and 7 or 8 digits; of the areas with two digits only 8. */
function isAreaNumber(bytes: Uint8Array, at: number, length: number): boolean {
  if (bytes[at] !== 0x30) return false
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  const isShort = (second === 0x31 && third === 0x30) || (second === 0x32 && third !== 0x36 && third >= 0x30 && third <= 0x39)
  if (isShort) return length === 11 && bytes[at + 3] !== 0x30
  return second >= 0x33 && second <= 0x39 && (length === 11 || length === 12) && bytes[at + 4] !== 0x30
}

function isMobileNumber(bytes: Uint8Array, at: number, length: number): boolean {
  let start = at
  let left = length
  if (length >= 15 && bytes[at] === 0x30 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x38 && bytes[at + 3] === 0x36 && bytes[at + 4] === 0x31) {
    start = at + 4
    left = length - 4
  } else if (length >= 13 && bytes[at] === 0x38 && bytes[at + 1] === 0x36 && bytes[at + 2] === 0x31) {
    start = at + 2
    left = length - 2
  }
  return left === 11 ? isMobileStart[numberAt(bytes, start, 3)] === 1 : left === 13 && isMachineStart[numberAt(bytes, start, 4)] === 1
}

const hasDamagedDate = (bytes: Uint8Array, at: number): boolean => {
  // Two digits of a century, two of a year, a month: at any place of the 7 digits from the sixth on.
  for (let i = at + 5; i <= at + 6; i++) {
    const century = numberAt(bytes, i, 2)
    const month = numberAt(bytes, i + 4, 2)
    if ((century === 19 || century === 20) && month >= 1 && month <= 12) return true
  }
  return false
}

/** The outcome of a value of digits alone; `today` as yyyymmdd. */
export function readDigits(bytes: Uint8Array, at: number, length: number, today: number): number {
  if (length > 34) return numberOf(0, 35, 0)
  let flags = 0
  let year = 0
  const first = bytes[at] ?? 0
  if (length >= 7 && length <= 16) flags = landlineFlags(bytes, at, length)
  if (length >= 11 && length <= 17 && isMobileNumber(bytes, at, length)) flags |= flag.mobile
  if (length >= 5 && length <= 11 && first !== 0x30) flags |= flag.onlineId
  if (length >= 13 && length <= 19 && isCard(bytes, at, length)) flags |= flag.bankCard
  if (length <= 3) flags |= shortFlags(bytes, at, length)
  else if (length === 6) flags |= isPostStart[numberAt(bytes, at, 2)] === 1 ? flag.postcode : 0
  else if (length === 8) year = compactYear(numberAt(bytes, at, 8), today)
  else if (length === 9) flags |= first === 0x31 && (bytes[at + 1] === 0x34 || bytes[at + 1] === 0x35) ? flag.passport : 0
  else if (length === 15) flags |= flags15(bytes, at, today)
  else if (length === 17 && first !== 0x30 && hasDamagedDate(bytes, at)) flags = flag.damaged
  else if (length === 18) flags = flags18(bytes, at, today) | (flags & flag.bankCard)
  else if (length === 19 || length === 20) flags |= numberAt(bytes, at, 4) === 8986 ? flag.iccid : 0
  return numberOf(flags, length, year)
}

function compactYear(day: number, today: number): number {
  const century = Math.floor(day / 1_000_000)
  return century >= 18 && century <= 20 && isDayUntil(day, today) ? Math.floor(day / 10_000) : 0
}

function shortFlags(bytes: Uint8Array, at: number, length: number): number {
  const number = numberAt(bytes, at, length)
  const isGender = length === 1 && (number <= 2 || number === 9)
  return (number <= 120 ? flag.age : 0) | (isGender ? flag.gender : 0)
}

function flags15(bytes: Uint8Array, at: number, today: number): number {
  const prefecture = numberAt(bytes, at, 4)
  const isRegistered = (isPrefecture[prefecture] === 1 || prefecture === 1000) && passesMod1110Bytes(bytes, at)
  const isPhone = numberAt(bytes, at, 2) > 0 && !isOneDigit(bytes, at, 15) && passesLuhnBytes(bytes, at, 15)
  const isOldId = isIdRegion(bytes, at) && isDayUntil(19_000_000 + numberAt(bytes, at + 6, 6), today)
  return (isRegistered ? flag.registration : 0) | (isPhone ? flag.imei : 0) | (numberAt(bytes, at, 3) === 460 ? flag.imsi : 0) | (isOldId ? flag.residentId : 0)
}

// A spreadsheet kept fifteen digits and wrote zeros for the rest; the check digit tells it from a number that ends so (mask-value.ts).
function isSpoiltId(bytes: Uint8Array, at: number, today: number): boolean {
  if (bytes[at + 15] !== 0x30 || bytes[at + 16] !== 0x30 || bytes[at + 17] !== 0x30) return false
  return isIdRegion(bytes, at) && isDayUntil(numberAt(bytes, at + 6, 8), today) && !hasIdCheck(bytes, at)
}

function flags18(bytes: Uint8Array, at: number, today: number): number {
  if (isSpoiltId(bytes, at, today)) return flag.damaged
  return (isResidentId(bytes, at, today) ? flag.residentId : 0) | (isForeignId(bytes, at, today) ? flag.foreignId : 0) | (isCreditCode(bytes, at) ? flag.uscc : 0)
}

const lastFlags = new Int32Array(64).fill(-1)
const lastNumber = new Int32Array(64)
const numbers = new Map<number, number>()

/** The number of the outcome of so many digits with these flags; most values of a column have the same. */
function numberOf(flags: number, length: number, year: number): number {
  const key = flags + year * 131_072
  if (key === lastFlags[length]) return lastNumber[length] ?? 0
  const whole = key * 64 + length
  let number = numbers.get(whole)
  if (number === undefined) {
    number = outcomeNumber(outcomeOfDigits(flags, length, year))
    numbers.set(whole, number)
  }
  if (key < 2 ** 31) {
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
  if (year > 0) types.push('birth-date')
  return {
    ...base, found: types.map((type) => ({ type, how: 'matched' })), year: year > 0 ? year : null,
    isOldId: length === 15 && (flags & flag.residentId) !== 0, isTellingLandline: (flags & flag.telling) !== 0,
  }
}
