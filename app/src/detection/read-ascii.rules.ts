// SPDX-License-Identifier: Apache-2.0
import { byteClasses } from './byte-classes.ts'
import { outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import { vinCheck } from './check-digits.ts'
import type { InformationType } from './information-types.ts'
import { chars } from './normalise-text.ts'
import { isCreditCode, isDayUntil, isForeignId, isResidentId, numberAt } from './read-digits.rules.ts'

// The forms of `recognisers/` once more, on bytes, for the values in ASCII that tables are full of. -1: not decided here, the recognisers are asked.

const undecided = -1
const outcomeOfTypes = (types: readonly InformationType[], year: number | null = null, hasTime = false): CellOutcome =>
  ({ ...plainOutcome, found: types.map((type) => ({ type, how: 'matched' })), year, hasTime })
const nothing = outcomeNumber(plainOutcome)
const emailOnly = outcomeNumber(outcomeOfTypes(['email']))
const onlineIdOnly = outcomeNumber(outcomeOfTypes(['online-id']))
const mainlandOnly = outcomeNumber(outcomeOfTypes(['mainland-travel-permit']))
const longestWord = 14 // no word of a dictionary or list is longer: `representative`

const part = { local: 1, label: 2, inner: 4 } as const
const emailParts = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if (/[A-Za-z0-9]/.test(char)) return part.local | part.label | part.inner
  if (char === '-') return part.local | part.inner
  return /[!#$%&'*+/=?^_`{|}~]/.test(char) && byte < 0x80 ? part.local : 0
})

/** The outcome of an ASCII value with an @ (recognisers/electronic.ts, email); other types never hold one. */
export function readEmail(bytes: Uint8Array, start: number, length: number): number {
  const end = start + length
  let at = end - 1
  while (bytes[at] !== 0x40) at--
  for (let i = start; i < end; i++) if (bytes[i] === 0x20) return undecided
  if (length < 5 || length > 254) return nothing
  return isLocalPart(bytes, start, at) && isDomain(bytes, at + 1, end) ? emailOnly : nothing
}

function isLocalPart(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > 64) return false
  let isPartStart = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0
    if (byte === 0x2e) {
      if (isPartStart) return false
      isPartStart = true
    } else {
      if (((emailParts[byte] ?? 0) & part.local) === 0) return false
      isPartStart = false
    }
  }
  return !isPartStart
}

function isDomain(bytes: Uint8Array, start: number, end: number): boolean {
  let labelStart = start
  let labels = 0
  let isNumber = true
  for (let i = start; i <= end; i++) {
    if (i < end && bytes[i] !== 0x2e) continue
    if (!isLabel(bytes, labelStart, i)) return false
    labels++
    isNumber = true
    for (let k = labelStart; k < i && isNumber; k++) isNumber = byteClasses[bytes[k] ?? 0] === chars.digit
    labelStart = i + 1
  }
  return labels >= 2 && !isNumber
}

function isLabel(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > 63) return false
  if (((emailParts[bytes[start] ?? 0] ?? 0) & part.label) === 0 || ((emailParts[bytes[end - 1] ?? 0] ?? 0) & part.label) === 0) return false
  for (let i = start + 1; i < end - 1; i++) if (((emailParts[bytes[i] ?? 0] ?? 0) & part.inner) === 0) return false
  return true
}

/** The outcome of digits with signs: dates, dates with a time, decimal numbers. */
export function readNumeric(bytes: Uint8Array, start: number, length: number, today: number): number {
  let digits = 0
  while (digits < length && isDigit(bytes[start + digits])) digits++
  const sign = bytes[start + digits]
  if (digits === 0) return undecided
  if (sign === 0x2e) return readDecimal(bytes, { start, length, digits }, today)
  if (digits === 4 && length >= 10 && (sign === 0x2d || sign === 0x2f)) return readDate(bytes, start, length, today)
  return undecided
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

// yyyy-mm-dd or yyyy/mm/dd, alone or with hh:mm or hh:mm:ss after a space. Dashes and digits are an account's form too.
function readDate(bytes: Uint8Array, start: number, length: number, today: number): number {
  const sign = bytes[start + 4]
  if ((length !== 10 && length !== 16 && length !== 19) || bytes[start + 7] !== sign) return undecided
  for (const i of [5, 6, 8, 9]) if (!isDigit(bytes[start + i])) return undecided
  const day = numberAt(bytes, start, 4) * 10_000 + numberAt(bytes, start + 5, 2) * 100 + numberAt(bytes, start + 8, 2)
  const year = isDayUntil(day, today) ? Math.floor(day / 10_000) : 0
  if (length === 10) return dateNumber(year, sign === 0x2d ? 1 : 0)
  if (bytes[start + 10] !== 0x20 || bytes[start + 13] !== 0x3a || (length === 19 && bytes[start + 16] !== 0x3a)) return undecided
  for (const i of length === 19 ? [11, 12, 14, 15, 17, 18] : [11, 12, 14, 15]) if (!isDigit(bytes[start + i])) return undecided
  const isMidnight = numberAt(bytes, start + 11, 2) === 0 && numberAt(bytes, start + 14, 2) === 0
  return dateNumber(year, isMidnight ? 0 : 2)
}

const dateNumbers = new Int32Array(4 * 10_000).fill(undecided)

function dateNumber(year: number, form: number): number {
  const at = form * 10_000 + year
  let number = dateNumbers[at] ?? undecided
  if (number === undecided) {
    const types: InformationType[] = [...(form === 1 ? ['bank-account' as const] : []), ...(year > 0 ? ['birth-date' as const] : [])]
    number = outcomeNumber(outcomeOfTypes(types, year > 0 ? year : null, year > 0 && form === 2))
    dateNumbers[at] = number
  }
  return number
}

interface Decimal {
  start: number
  length: number
  /** Digits before the point. */
  digits: number
}

// One point between digits. Types that are written with points fit by chance: documents, mobile numbers, a year with a month.
function readDecimal(bytes: Uint8Array, cell: Decimal, today: number): number {
  const { start, length, digits } = cell
  const rest = length - digits - 1
  if (rest === 0) return undecided
  let areZeros = true
  for (let i = start + digits + 1; i < start + length; i++) {
    if (!isDigit(bytes[i])) return undecided
    areZeros &&= bytes[i] === 0x30
  }
  if (length > 10 || (digits <= 3 && areZeros && length <= 6)) return undecided
  if (length === 9) return mainlandOnly
  if (length === 10) return bytes[start] === 0x31 ? undecided : nothing
  if (digits !== 4 || rest > 2 || length < 6) return nothing
  const day = numberAt(bytes, start, 4) * 10_000 + numberAt(bytes, start + 5, rest) * 100 + 1
  return dateNumber(isDayUntil(day, today) ? Math.floor(day / 10_000) : 0, 0)
}

const alnum = { account: 1, taxId: 2, onlineId: 4, driver: 8, residentId: 16, foreignId: 32, uscc: 64, vin: 128, passport: 256, hkMo: 512, mainland: 1024, nationalId: 2048 } as const
const alnumTypes: readonly (readonly [number, InformationType])[] = [
  [alnum.account, 'bank-account'], [alnum.taxId, 'tax-id'], [alnum.onlineId, 'online-id'], [alnum.driver, 'driver-licence'], [alnum.residentId, 'resident-id'], [alnum.foreignId, 'foreign-permanent-resident-id'], [alnum.uscc, 'uscc'],
  [alnum.vin, 'vin'], [alnum.passport, 'passport'], [alnum.hkMo, 'hk-mo-travel-permit'], [alnum.mainland, 'mainland-travel-permit'], [alnum.nationalId, 'national-id-foreign'],
]
const alnumNumbers = new Int32Array(4096).fill(undecided)

function alnumNumber(flags: number): number {
  let number = alnumNumbers[flags] ?? undecided
  if (number === undecided) {
    number = outcomeNumber(outcomeOfTypes(alnumTypes.flatMap(([bit, type]) => ((flags & bit) === 0 ? [] : [type]))))
    alnumNumbers[flags] = number
  }
  return number
}

/** The outcome of letters and digits without anything else: codes, and documents with letters. */
export function readCode(bytes: Uint8Array, start: number, length: number, today: number): number {
  if (length <= 4) return undecided
  const end = start + length
  let letters = 0
  while (!isDigit(bytes[start + letters])) letters++
  let digits = 0
  while (start + letters + digits < end && isDigit(bytes[start + letters + digits])) digits++
  for (let i = start + 1; i < end; i++) if (((bytes[i] ?? 0) | 0x20) === 0x78 && ((bytes[i - 1] ?? 0) | 0x20) === 0x78) return undecided // may be masked
  const after = (bytes[start + letters + digits] ?? 0) | 0x20
  if (letters === 0 && digits <= 16 && digits >= 7 && (after === 0x78 || after === 0x65)) return undecided // an extension
  if (mayBeKey(bytes, start, length)) return undecided
  let flags = isTaiwanId(bytes, start, { length, letters, digits }) ? alnum.nationalId : 0
  if (length === 9 && letters >= 1 && letters <= 2 && letters + digits === 8) return undecided // numbers of Singapore and Britain end in a letter
  if (letters <= 2 && digits >= 8 && length <= 34) flags |= alnum.account
  if (length >= 15 && length <= 20) flags |= alnum.taxId
  if (letters > 0 && length >= 6 && length <= 40) flags |= alnum.onlineId
  if (length === 15) return letters === 3 && digits === 12 ? undecided : alnumNumber(flags)
  if (length === 17) return alnumNumber(flags | (isVin(bytes, start) ? alnum.vin : 0))
  if (length === 18) return alnumNumber(flags | codeFlags18(bytes, start, { letters, digits }, today))
  if ((length === 19 || length === 20) && digits >= 4 && letters === 0 && numberAt(bytes, start, 4) === 8986) return undecided
  if (letters + digits === length && letters > 0 && letters <= 2) flags |= documentFlags(bytes, start, letters, digits)
  return alnumNumber(flags)
}

// LTAI…, AKIA…, AKID…, ASIA…: access keys (recognisers/credentials.ts).
function mayBeKey(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < 16) return false
  const [first, second, third] = [bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes[start + 2] ?? 0]
  return (first === 0x4c && second === 0x54 && third === 0x41) || (first === 0x41 && (second === 0x4b || second === 0x53) && third === 0x49)
}

const taiwanArea = Int32Array.from({ length: 26 }, (_, i) => 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(String.fromCharCode(65 + i)) + 10)

// A letter and nine digits with their check (recognisers/national-ids.ts).
function isTaiwanId(bytes: Uint8Array, start: number, form: { length: number; letters: number; digits: number }): boolean {
  if (form.length !== 10 || form.letters !== 1 || form.digits !== 9) return false
  const kind = bytes[start + 1] ?? 0
  if (kind !== 0x31 && kind !== 0x32 && kind !== 0x38 && kind !== 0x39) return false
  const area = taiwanArea[((bytes[start] ?? 0) & 0xdf) - 65] ?? 0
  let sum = Math.floor(area / 10) + (area % 10) * 9 + (bytes[start + 9] ?? 0) - 48
  for (let i = 1; i <= 8; i++) sum += ((bytes[start + i] ?? 0) - 48) * (9 - i)
  return sum % 10 === 0
}

function codeFlags18(bytes: Uint8Array, start: number, form: { letters: number; digits: number }, today: number): number {
  const isCredit = isCreditCode(bytes, start) ? alnum.uscc : 0
  const isWithX = form.letters === 0 && form.digits === 17 && ((bytes[start + 17] ?? 0) | 0x20) === 0x78
  if (!isWithX) return isCredit
  return isCredit | alnum.driver | (isResidentId(bytes, start, today) ? alnum.residentId : 0) | (isForeignId(bytes, start, today) ? alnum.foreignId : 0)
}

function isVin(bytes: Uint8Array, start: number): boolean {
  const ninth = (bytes[start + 8] ?? 0) & ((bytes[start + 8] ?? 0) > 0x40 ? 0xdf : 0xff)
  if (ninth !== 0x58 && !isDigit(ninth)) return false
  let text = ''
  for (let i = start; i < start + 17; i++) text += String.fromCharCode(bytes[i] ?? 0)
  const vin = text.toUpperCase()
  return vinCheck(vin) === vin[8]
}

// The forms of recognisers/travel-documents.ts: one or two letters and digits.
function documentFlags(bytes: Uint8Array, start: number, letters: number, digits: number): number {
  const first = String.fromCharCode((bytes[start] ?? 0) & 0xdf)
  const second = letters === 2 ? String.fromCharCode((bytes[start + 1] ?? 0) & 0xdf) : ''
  if (letters === 1) {
    const isPassport = (digits === 8 && 'EGPSDKH'.includes(first)) || (digits === 7 && 'PSD'.includes(first))
    const isHkMo = digits === 8 && 'CWLT'.includes(first)
    const isMainland = (digits === 8 || digits === 10) && 'HM'.includes(first)
    return (isPassport ? alnum.passport : 0) | (isHkMo ? alnum.hkMo : 0) | (isMainland ? alnum.mainland : 0)
  }
  if (digits !== 7) return 0
  const isPassport = (first === 'E' && second !== 'I' && second !== 'O') || ('PSD'.includes(first) && second === 'E') || 'KH'.includes(first) || (first === 'M' && 'AB'.includes(second))
  return (isPassport ? alnum.passport : 0) | ('CW'.includes(first) ? alnum.hkMo : 0)
}

/** The outcome of letters alone, when they are too many for a word of a list. */
export function readLetters(bytes: Uint8Array, start: number, length: number): number {
  if (length <= longestWord) return undecided
  for (let i = start + 1; i < start + length; i++) if (((bytes[i] ?? 0) | 0x20) === 0x78 && ((bytes[i - 1] ?? 0) | 0x20) === 0x78) return undecided
  return length <= 40 ? onlineIdOnly : nothing
}
