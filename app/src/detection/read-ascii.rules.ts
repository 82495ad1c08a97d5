// SPDX-License-Identifier: Apache-2.0
import { byteClasses } from './byte-classes.ts'
import { isUnder14, outcomeNumber, plainOutcome } from './cell-outcome.ts'
import type { CellOutcome } from './cell-outcome.ts'
import { vinCheck } from './check-digits.ts'
import type { InformationType } from './information-types.ts'
import { chars } from './normalise-text.ts'
import { isCreditCode, isDayUntil, isForeignId, isResidentId } from './read-digits.rules.ts'
import { areDigits, fourDigits, sameBytes, twoDigits } from './read-words.rules.ts'

// The forms of `recognisers/` once more, on bytes, for the values in ASCII that tables are full of. -1: not decided here, the recognisers are asked.

const undecided = -1
const outcomeOfTypes = (types: readonly InformationType[], year: number | null = null, hasTime = false): CellOutcome =>
  ({ ...plainOutcome, found: types.map((type) => ({ type, how: 'matched' })), year, hasTime })
const nothing = outcomeNumber(plainOutcome)
/** The outcome of a mail address. */
export const emailOnly = outcomeNumber(outcomeOfTypes(['email']))
const onlineIdOnly = outcomeNumber(outcomeOfTypes(['online-id']))
const mainlandOnly = outcomeNumber(outcomeOfTypes(['mainland-travel-permit']))
const longestWord = 14 // no word of a dictionary or list is longer: `representative`

const part = { local: 1, label: 2, inner: 4 } as const
/** What a byte may be in an address: 1 before the @, 2 at an end of a label, 4 inside one. */
export const emailParts = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if (/[A-Za-z0-9]/.test(char)) return part.local | part.label | part.inner
  if (char === '-') return part.local | part.inner
  return /[!#$%&'*+/=?^_`{|}~]/.test(char) && byte < 0x80 ? part.local : 0
})

/** The domain of the last address that passed, with its @: the next one mostly has the same. */
const lastDomain = new DataView(new ArrayBuffer(64 + 4))
let lastDomainLength = 0

/** The outcome of an ASCII value with an @ (recognisers/electronic.ts, email); other types never hold one. */
export function readEmail(view: DataView, start: number, length: number): number {
  const end = start + length
  if (length > lastDomainLength && length - lastDomainLength <= 64 && lastDomainLength > 0) {
    const at = end - lastDomainLength
    if (sameBytes(view, at, lastDomain, 0, lastDomainLength) && isLocalPart(view, start, at)) return emailOnly
  }
  let at = end - 1
  while (view.getUint8(at) !== 0x40) at--
  for (let i = start; i < end; i++) if (view.getUint8(i) === 0x20) return undecided
  if (length < 5 || length > 254) return nothing
  if (!isLocalPart(view, start, at) || !isDomain(view, at + 1, end)) return nothing
  if (end - at <= 64) {
    lastDomainLength = end - at
    for (let i = 0; i < lastDomainLength; i++) lastDomain.setUint8(i, view.getUint8(at + i))
  }
  return emailOnly
}

function isLocalPart(view: DataView, start: number, end: number): boolean {
  if (end === start || end - start > 64) return false
  let before = 0x2e
  for (let i = start; i < end; i++) {
    const byte = view.getUint8(i)
    if (((emailParts[byte] ?? 0) & part.local) === 0 && (byte !== 0x2e || before === 0x2e)) return false
    before = byte
  }
  return before !== 0x2e
}

function isDomain(view: DataView, start: number, end: number): boolean {
  let labelStart = start
  let labels = 0
  let isNumber = true
  for (let i = start; i <= end; i++) {
    if (i < end && view.getUint8(i) !== 0x2e) continue
    if (!isLabel(view, labelStart, i)) return false
    labels++
    isNumber = true
    for (let k = labelStart; k < i && isNumber; k++) isNumber = byteClasses[view.getUint8(k)] === chars.digit
    labelStart = i + 1
  }
  return labels >= 2 && !isNumber
}

function isLabel(view: DataView, start: number, end: number): boolean {
  if (end === start || end - start > 63) return false
  if (((emailParts[view.getUint8(start)] ?? 0) & part.label) === 0 || ((emailParts[view.getUint8(end - 1)] ?? 0) & part.label) === 0) return false
  for (let i = start + 1; i < end - 1; i++) if (((emailParts[view.getUint8(i)] ?? 0) & part.inner) === 0) return false
  return true
}

/** The outcome of digits with signs: dates, dates with a time, decimal numbers. */
export function readNumeric(view: DataView, start: number, length: number, today: number): number {
  if (length >= 10 && areDigits(view.getInt32(start, true)) && (view.getUint8(start + 4) === 0x2d || view.getUint8(start + 4) === 0x2f)) return readDate(view, start, length, today)
  let digits = 0
  while (digits < length && isDigit(view.getUint8(start + digits))) digits++
  if (digits === 0 || digits === length || view.getUint8(start + digits) !== 0x2e) return undecided
  return readDecimal(view, { start, length, digits }, today)
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

// yyyy-mm-dd or yyyy/mm/dd, alone or with hh:mm or hh:mm:ss after a space. Dashes and digits are an account's form too.
function readDate(view: DataView, start: number, length: number, today: number): number {
  const sign = view.getUint8(start + 4)
  if ((length !== 10 && length !== 16 && length !== 19) || view.getUint8(start + 7) !== sign) return undecided
  if (!areTwoDigits(view, start + 5) || !areTwoDigits(view, start + 8)) return undecided
  const year = fourDigits(view, start)
  const born = isDayUntil(year, twoDigits(view, start + 5) * 100 + twoDigits(view, start + 8), today) ? year : 0
  if (length === 10) return dateNumber(born, sign === 0x2d ? 1 : 0)
  if (view.getUint8(start + 10) !== 0x20 || view.getUint8(start + 13) !== 0x3a || (length === 19 && view.getUint8(start + 16) !== 0x3a)) return undecided
  if (!areTwoDigits(view, start + 11) || !areTwoDigits(view, start + 14) || (length === 19 && !areTwoDigits(view, start + 17))) return undecided
  const isMidnight = twoDigits(view, start + 11) === 0 && twoDigits(view, start + 14) === 0
  return dateNumber(born, isMidnight ? 0 : 2)
}

const areTwoDigits = (view: DataView, at: number): boolean => isDigit(view.getUint8(at)) && isDigit(view.getUint8(at + 1))

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
function readDecimal(view: DataView, cell: Decimal, today: number): number {
  const { start, length, digits } = cell
  const rest = length - digits - 1
  if (rest === 0) return undecided
  let areZeros = true
  for (let i = start + digits + 1; i < start + length; i++) {
    if (!isDigit(view.getUint8(i))) return undecided
    areZeros &&= view.getUint8(i) === 0x30
  }
  if (length > 10 || (digits <= 3 && areZeros && length <= 6)) return undecided
  if (length === 9) return mainlandOnly
  if (length === 10) return view.getUint8(start) === 0x31 ? undecided : nothing
  if (digits !== 4 || rest > 2 || length < 6) return nothing
  const year = fourDigits(view, start)
  const month = rest === 1 ? view.getUint8(start + 5) - 48 : twoDigits(view, start + 5)
  return dateNumber(isDayUntil(year, month * 100 + 1, today) ? year : 0, 0)
}

const alnum = { account: 1, taxId: 2, onlineId: 4, driver: 8, residentId: 16, foreignId: 32, uscc: 64, vin: 128, passport: 256, hkMo: 512, mainland: 1024, nationalId: 2048, childsId: 4096 } as const
const alnumTypes: readonly (readonly [number, InformationType])[] = [
  [alnum.account, 'bank-account'], [alnum.taxId, 'tax-id'], [alnum.onlineId, 'online-id'], [alnum.driver, 'driver-licence'], [alnum.residentId, 'resident-id'], [alnum.foreignId, 'foreign-permanent-resident-id'], [alnum.uscc, 'uscc'],
  [alnum.vin, 'vin'], [alnum.passport, 'passport'], [alnum.hkMo, 'hk-mo-travel-permit'], [alnum.mainland, 'mainland-travel-permit'], [alnum.nationalId, 'national-id-foreign'],
]
const alnumNumbers = new Int32Array(8192).fill(undecided)

function alnumNumber(flags: number): number {
  let number = alnumNumbers[flags] ?? undecided
  if (number === undecided) {
    number = outcomeNumber({ ...outcomeOfTypes(alnumTypes.flatMap(([bit, type]) => ((flags & bit) === 0 ? [] : [type]))), isChildsId: (flags & alnum.childsId) !== 0 })
    alnumNumbers[flags] = number
  }
  return number
}

/** Outcomes of one or two letters and digits where no check digit counts, by the letters and the length. */
const plainCodes = new Int32Array(256).fill(undecided)
const plainCodeKeys = new Int32Array(256)

/** The outcome of letters and digits without anything else: codes, and documents with letters. */
export function readCode(view: DataView, start: number, length: number, today: number): number {
  const first = view.getUint8(start)
  const second = view.getUint8(start + 1)
  const letters = (first & 0x40) === 0 ? 0 : (second & 0x40) === 0 ? 1 : (view.getUint8(start + 2) & 0x40) === 0 ? 2 : 3
  // Of these forms the check digits are looked at: ten (Taiwan), seventeen (VIN), eighteen (credit code).
  const isPlain = (letters === 1 || letters === 2) && length > 4 && length !== 10 && length !== 17 && length !== 18 && !holdsLetter(view, start + letters, start + length)
  if (!isPlain) return readAnyCode(view, start, length, today)
  const key = (length << 16) | (first << 8) | (letters === 1 ? 0 : second)
  const slot = (key ^ (key >>> 5) ^ (key >>> 11)) & 255
  if (plainCodeKeys[slot] !== key) {
    plainCodes[slot] = readAnyCode(view, start, length, today)
    plainCodeKeys[slot] = key
  }
  return plainCodes[slot] ?? undecided
}

// Among letters and digits only letters have this bit.
function holdsLetter(view: DataView, from: number, end: number): boolean {
  let at = from
  for (; at + 4 <= end; at += 4) if ((view.getInt32(at, true) & 0x40404040) !== 0) return true
  for (; at < end; at++) if ((view.getUint8(at) & 0x40) !== 0) return true
  return false
}

function readAnyCode(view: DataView, start: number, length: number, today: number): number {
  if (length <= 4) return undecided
  const end = start + length
  let letters = 0
  while (!isDigit(view.getUint8(start + letters))) letters++
  let digits = 0
  while (start + letters + digits < end && isDigit(view.getUint8(start + letters + digits))) digits++
  for (let i = start + 1; i < end; i++) if ((view.getUint8(i) | 0x20) === 0x78 && (view.getUint8(i - 1) | 0x20) === 0x78) return undecided // may be masked
  const after = view.getUint8(start + letters + digits) | 0x20
  if (letters === 0 && digits <= 16 && digits >= 7 && (after === 0x78 || after === 0x65)) return undecided // an extension
  if (mayBeKey(view, start, length)) return undecided
  let flags = isTaiwanId(view, start, { length, letters, digits }) ? alnum.nationalId : 0
  if (length === 9 && letters >= 1 && letters <= 2 && letters + digits === 8) return undecided // numbers of Singapore and Britain end in a letter
  if (letters <= 2 && digits >= 8 && length <= 34) flags |= alnum.account
  if (length >= 15 && length <= 20) flags |= alnum.taxId
  if (letters > 0 && length >= 6 && length <= 40) flags |= alnum.onlineId
  if (length === 15) return letters === 3 && digits === 12 ? undecided : alnumNumber(flags)
  if (length === 17) return alnumNumber(flags | (isVin(view, start) ? alnum.vin : 0))
  if (length === 18) return alnumNumber(flags | codeFlags18(view, start, { letters, digits }, today))
  if ((length === 19 || length === 20) && digits >= 4 && letters === 0 && fourDigits(view, start) === 8986) return undecided
  if (letters + digits === length && letters > 0 && letters <= 2) flags |= documentFlags(view, start, letters, digits)
  return alnumNumber(flags)
}

// LTAI…, AKIA…, AKID…, ASIA…: access keys (recognisers/credentials.ts).
function mayBeKey(view: DataView, start: number, length: number): boolean {
  if (length < 16) return false
  const [first, second, third] = [view.getUint8(start), view.getUint8(start + 1), view.getUint8(start + 2)]
  return (first === 0x4c && second === 0x54 && third === 0x41) || (first === 0x41 && (second === 0x4b || second === 0x53) && third === 0x49)
}

const taiwanArea = Int32Array.from({ length: 26 }, (_, i) => 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(String.fromCharCode(65 + i)) + 10)

// A letter and nine digits with their check (recognisers/national-ids.ts).
function isTaiwanId(view: DataView, start: number, form: { length: number; letters: number; digits: number }): boolean {
  if (form.length !== 10 || form.letters !== 1 || form.digits !== 9) return false
  const kind = view.getUint8(start + 1)
  if (kind !== 0x31 && kind !== 0x32 && kind !== 0x38 && kind !== 0x39) return false
  const area = taiwanArea[(view.getUint8(start) & 0xdf) - 65] ?? 0
  let sum = Math.floor(area / 10) + (area % 10) * 9 + view.getUint8(start + 9) - 48
  for (let i = 1; i <= 8; i++) sum += (view.getUint8(start + i) - 48) * (9 - i)
  return sum % 10 === 0
}

function codeFlags18(view: DataView, start: number, form: { letters: number; digits: number }, today: number): number {
  const isCredit = isCreditCode(view, start) ? alnum.uscc : 0
  const isWithX = form.letters === 0 && form.digits === 17 && (view.getUint8(start + 17) | 0x20) === 0x78
  if (!isWithX) return isCredit
  const isChilds = isUnder14(fourDigits(view, start + 6) * 10_000 + fourDigits(view, start + 10), today) ? alnum.childsId : 0
  return isCredit | alnum.driver | (isResidentId(view, start, today) ? alnum.residentId | isChilds : 0) | (isForeignId(view, start, today) ? alnum.foreignId : 0)
}

function isVin(view: DataView, start: number): boolean {
  const ninth = view.getUint8(start + 8) & (view.getUint8(start + 8) > 0x40 ? 0xdf : 0xff)
  if (ninth !== 0x58 && !isDigit(ninth)) return false
  let text = ''
  for (let i = start; i < start + 17; i++) text += String.fromCharCode(view.getUint8(i))
  const vin = text.toUpperCase()
  return vinCheck(vin) === vin[8]
}

// The forms of recognisers/travel-documents.ts: one or two letters and digits.
function documentFlags(view: DataView, start: number, letters: number, digits: number): number {
  const first = String.fromCharCode(view.getUint8(start) & 0xdf)
  const second = letters === 2 ? String.fromCharCode(view.getUint8(start + 1) & 0xdf) : ''
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
export function readLetters(view: DataView, start: number, length: number): number {
  if (length <= longestWord || mayBeKey(view, start, length)) return undecided
  for (let i = start + 1; i < start + length; i++) if ((view.getUint8(i) | 0x20) === 0x78 && (view.getUint8(i - 1) | 0x20) === 0x78) return undecided
  return length <= 40 ? onlineIdOnly : nothing
}
