// SPDX-License-Identifier: Apache-2.0
import { creditWeights, creditWords, idWeights } from '../read-digits.rules.ts'
import { at } from './kernel-layout.ts'

/** What a key of a form begins with: values with equal keys have equal outcomes. 0 is no key. */
export const formKind = { short: 1, start: 2, eighteen: 3, card: 4, date: 5, decimal: 6, code: 7, email: 8, chinese: 9, withX: 10, day: 11, long: 12 } as const
const kind = (which: keyof typeof formKind): string => `${formKind[which] << 24}`
const weighs = (words: Int32Array, from: number): string => `${words[from] ?? 0}, ${words[from + 1] ?? 0}`

/** Keys of values in ASCII: the forms of `read-digits.rules.ts` and `read-ascii.rules.ts` that tables are full of, told apart as far as their outcomes differ. Whatever is not sure to have the outcome of its key has none and is read there. */
export const formSource = `
fn fourOf(word): i32 {
  let pairs = (((word & 0x0f0f0f0f) * 0xa01) >>> 8) & 0x00ff00ff
  return (pairs * 0x640001) >>> 16
}
fn four(p): i32 { return fourOf(load32(p)) }
fn two(p): i32 { return (load8(p) & 15) * 10 + (load8(p, 1) & 15) }
fn three(p): i32 { return (load8(p) & 15) * 100 + (load8(p, 1) & 15) * 10 + (load8(p, 2) & 15) }
fn areDigits(word): i32 { return (word & 0xf0f0f0f0) == 0x30303030 && ((word + 0x06060606) & 0xf0f0f0f0) == 0x30303030 }
fn isDigit(p): i32 { return below(load8(p) - 48, 10) }
fn weigh(word, even, odd): i32 { return ((word & 0x000f000f) * even + ((word >>> 8) & 0x000f000f) * odd) >>> 16 }
fn isDay(year, monthDay): i32 {
  let known = load8(monthDay, ${at.monthDays})
  if (known == 0 || year < 1850 || year * 10000 + monthDay > load32(${at.found})) { return 0 }
  return known == 1 || ((year & 3) == 0 && (year % 100 != 0 || year % 400 == 0))
}
fn isLuhn(p, length): i32 {
  let sum = 0
  let from = p + length - 4
  while (from >= p) {
    sum = sum + load8(four(from), ${at.luhnSums})
    from = from - 4
  }
  let left = from + 4 - p
  if (left == 1) { sum = sum + load8(load8(p) - 48, ${at.luhnSums}) }
  if (left == 2) { sum = sum + load8(two(p), ${at.luhnSums}) }
  if (left == 3) { sum = sum + load8(three(p), ${at.luhnSums}) }
  return sum % 10 == 0
}
fn isCard(p, length): i32 {
  if (load8(four(p), ${at.cardStarts}) == 0) { return 0 }
  if (isLuhn(p, length) == 0) { return 0 }
  let first = load8(p)
  let i = 1
  while (i < length) {
    if (load8(p + i) != first) { return 1 }
    i = i + 1
  }
  return 0
}
fn isOrganisation(p): i32 {
  let sum = (load8(p) - 48) * 3 + (load8(p, 1) - 48) * 7 + (load8(p, 2) - 48) * 9 + (load8(p, 3) - 48) * 10 + (load8(p, 4) - 48) * 5 + (load8(p, 5) - 48) * 8 + (load8(p, 6) - 48) * 4 + (load8(p, 7) - 48) * 2
  let check = 11 - sum % 11
  if (check == 11) { check = 0 }
  return load8(p, 8) == 48 + check
}
// A citizen's number of which the last is a digit or an X, which counts ten.
fn citizen(p, isX): i32 {
  let first = load32(p)
  let second = load32(p, 4)
  let third = load32(p, 8)
  let fourth = load32(p, 12)
  let before = load8(p, 16) - 48
  let last = load8(p, 17) - 48
  let prefecture = fourOf(first)
  let flags = 0
  if (isX == 0) { if (load8(prefecture, ${at.cardStarts})) { if (isCard(p, 18)) { flags = 1 } } }
  let credit = weigh(first, ${weighs(creditWords, 0)}) + weigh(second, ${weighs(creditWords, 2)}) + weigh(third, ${weighs(creditWords, 4)}) + weigh(fourth, ${weighs(creditWords, 6)})
  let check = (31 - (credit + before * ${creditWeights[16] ?? 0}) % 31) % 31
  if (isX) { if (check == load8(load8(p, 17), ${at.creditValues})) { return 0 } } else { if (check == last && load8(p) != 48) { if (isOrganisation(p + 8)) { flags = flags | 2 } } }
  let year = fourOf((second >>> 16) | (third << 16))
  let monthDay = fourOf((third >>> 16) | (fourth << 16))
  if (isDay(year, monthDay) == 0) { return flags | 32 }
  let sum = weigh(first, ${weighs(idWeights, 0)}) + weigh(second, ${weighs(idWeights, 2)}) + weigh(third, ${weighs(idWeights, 4)}) + weigh(fourth, ${weighs(idWeights, 6)})
  let rest = (12 - (sum + before * 2) % 11) % 11
  let isChecked = rest == last
  if (isX) { isChecked = rest == 10 }
  let isRegion = load8(prefecture, ${at.prefectures}) == 1 && prefecture % 100 != 0
  if (isRegion == 0 && (isChecked || load8(p, 15) == 48)) { return 0 } // other regions, and foreigners
  if (isX == 0 && isRegion && isChecked == 0 && last == 0 && before == 0 && load8(p, 15) == 48) { return 16 | 32 }
  if (isChecked == 0) { return flags | 32 }
  if (isRegion) {
    flags = flags | 4
    if (year * 10000 + monthDay > load32(${at.found}) - 140000) { flags = flags | 8 }
  }
  return flags | 32
}
fn digitKey(p, length): i32 {
  if (length == 18) {
    let flags = citizen(p, 0)
    if (flags == 0) { return 0 }
    return ${kind('eighteen')} | flags
  }
  if (length == 11) { return ${kind('start')} | (11 << 16) | (three(p) << 2) | ((load8(p, 3) == 48) << 1) | (load8(p, 4) == 48) }
  if (length < 4) {
    let number = load8(p) - 48
    if (length == 2) { number = two(p) }
    if (length == 3) { number = three(p) }
    return ${kind('short')} | (length << 16) | number
  }
  if (length == 8) {
    let year = four(p)
    if (year >= 1800 && year < 2100) { if (isDay(year, four(p + 4))) { return ${kind('day')} | year } }
  }
  if (length < 11) { return ${kind('start')} | (length << 16) | three(p) }
  if (length == 12) { return ${kind('start')} | (12 << 16) | (three(p) << 2) | (load8(p, 3) == 48) << 1 | (load8(p, 4) == 48) }
  if (length == 16 || length == 19) {
    if (load8(p) == 48 || four(p) == 8986) { return 0 }
    return ${kind('card')} | (length << 16) | isCard(p, length)
  }
  if (length > 20) {
    if (length > 34) { return ${kind('long')} | 35 }
    return ${kind('long')} | length
  }
  return 0
}
fn isTwo(p): i32 { return below(load8(p) - 48, 10) & below(load8(p, 1) - 48, 10) }
fn dateKey(p, length): i32 {
  let sign = load8(p, 4)
  if (length != 10 && length != 16 && length != 19) { return 0 }
  if (load8(p, 7) != sign || (isTwo(p + 5) & isTwo(p + 8)) == 0) { return 0 }
  let year = four(p)
  if (isDay(year, two(p + 5) * 100 + two(p + 8)) == 0) { year = 0 }
  if (length == 10) { return ${kind('date')} | ((sign == 45) << 14) | year }
  if (load8(p, 10) != 32 || load8(p, 13) != 58 || (isTwo(p + 11) & isTwo(p + 14)) == 0) { return 0 }
  if (length == 19) { if (load8(p, 16) != 58 || isTwo(p + 17) == 0) { return 0 } }
  if (two(p + 11) == 0 && two(p + 14) == 0) { return ${kind('date')} | year }
  return ${kind('date')} | (2 << 14) | year
}
fn numericKey(p, length): i32 {
  if (length >= 10) {
    if (areDigits(load32(p)) && (load8(p, 4) == 45 || load8(p, 4) == 47)) { return dateKey(p, length) }
    if (length > 10) { return 0 }
  }
  let digits = 0
  while (digits < length && isDigit(p + digits)) { digits = digits + 1 }
  if (digits == 0 || digits + 1 >= length) { return 0 }
  if (load8(p + digits) != 46) { return 0 }
  let areZeros = 1
  let i = digits + 1
  while (i < length) {
    if (isDigit(p + i) == 0) { return 0 }
    if (load8(p + i) != 48) { areZeros = 0 }
    i = i + 1
  }
  if (digits <= 3 && areZeros && length <= 6) { return 0 }
  if (length == 9) { return ${kind('decimal')} | 9 }
  if (length == 10) {
    if (load8(p) == 49) { return 0 }
    return ${kind('decimal')} | 10
  }
  let rest = length - digits - 1
  if (digits != 4 || rest > 2 || length < 6) { return ${kind('decimal')} | 10 }
  let year = four(p)
  let month = load8(p, 5) - 48
  if (rest == 2) { month = two(p + 5) }
  if (isDay(year, month * 100 + 1)) { return ${kind('date')} | year }
  return ${kind('date')}
}
fn codeKey(p, length): i32 {
  if (length <= 4 || length > 255) { return 0 }
  let first = load8(p)
  let second = load8(p, 1)
  if (length == 18 && (first & 64) == 0 && (load8(p, 17) | 32) == 120) {
    let all = (load32(p) | load32(p, 4) | load32(p, 8) | load32(p, 12)) & 0x40404040
    if (all != 0 || (load8(p, 16) & 64) != 0) { return 0 }
    let flags = citizen(p, 1)
    if (flags == 0) { return 0 }
    return ${kind('withX')} | flags
  }
  if (length == 10 || length == 17 || length == 18 || (first & 64) == 0) { return 0 }
  let i = 1
  if (second & 64) { i = 2 } else { second = 0 }
  while (i + 4 <= length) {
    if (load32(p + i) & 0x40404040) { return 0 }
    i = i + 4
  }
  while (i < length) {
    if (load8(p + i) & 64) { return 0 }
    i = i + 1
  }
  return ${kind('code')} | (length << 16) | (first << 8) | second
}
fn domainSlot(p, length): i32 { return ${at.domains} + ((((load32(p, 1) ^ length) * 0x9e3779b1) >>> 26) * 80) }
fn isSame(a, b, length): i32 {
  let i = 0
  while (i + 16 <= length) {
    if (anyV(xorV(loadV(a + i), loadV(b + i)))) { return 0 }
    i = i + 16
  }
  return anyV(andV(xorV(loadV(a + i), loadV(b + i)), loadV(${at.keepMask} + 16 + i - length))) == 0
}
fn emailKey(p, length): i32 {
  let end = p + length
  let before = 46
  let here = p
  while (here < end) {
    let byte = load8(here)
    if (byte == 64) { break }
    if (byte == 46) { if (before == 46) { return 0 } } else { if ((load8(byte, ${at.emailParts}) & 1) == 0) { return 0 } }
    before = byte
    here = here + 1
  }
  if (before == 46 || here - p > 64) { return 0 }
  let rest = end - here
  if (rest < 4 || rest > 60) { return 0 }
  let slot = domainSlot(here, rest)
  if (load32(slot) != rest) { return 0 }
  if (isSame(here, slot + 16, rest)) { return ${kind('email')} }
  return 0
}
`
