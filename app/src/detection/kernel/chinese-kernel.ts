// SPDX-License-Identifier: Apache-2.0
import { mark, pairFlag } from '../read-chinese.rules.ts'
import { formKind } from './form-kernel.ts'
import { at, pairFlagBits, pairSlots, unitsMax } from './kernel-layout.ts'

const kind = `${formKind.chinese << 24}`
/** What ends a key of a Chinese value. */
export const chineseKey = { nothing: 1, words: 2, name: 3, address: 4 } as const
const evident = mark.road | mark.roadEnd | mark.area | mark.numbered | mark.counted
const letter = (text: string): string => `${text.charCodeAt(0)}`

/** Keys of names, addresses and sentences: `read-chinese.rules.ts` once more, rule by rule. What comes near a listed word has no key and is read there. */
export const chineseSource = `
fn unit(i): i32 { return load16(i << 1, ${at.units}) }
fn markOf(i): i32 { return load16(i << 1, ${at.marked}) }
// Flags of a pair of characters, and where the regions stand that begin with it.
fn pairAt(i): i32 {
  let first = unit(i)
  let second = unit(i + 1)
  if (load8((first * 31 + second) & 0xffff, ${at.pairFilter}) == 0) { return 0 }
  let pair = (first << 16) | second
  let slot = (pair * 0x9e3779b1) >>> ${32 - Math.log2(pairSlots)}
  while (1) {
    let known = load32(slot << 2, ${at.pairKeys})
    if (known == pair) { return load32(slot << 2, ${at.pairFlags}) }
    if (known == 0) { return 0 }
    slot = (slot + 1) & ${pairSlots - 1}
  }
}
fn isDigitAt(i): i32 { return markOf(i) & ${mark.digit} }
fn regionLength(pair, count): i32 {
  let p = ${at.regions} + (pair >>> ${pairFlagBits})
  while (1) {
    let length = load16(p)
    if (length == 0) { return 0 }
    if (length <= count) {
      let same = 2
      while (same < length && load16(p + (same << 1), 2) == unit(same)) { same = same + 1 }
      if (same == length) { return length }
    }
    p = p + 2 + (length << 1)
  }
}
fn isOne(i, count): i32 { return unit(i) == ${letter('单')} && i + 1 < count && unit(i + 1) == ${letter('元')} }
fn isNumbered(i, count): i32 {
  if (i >= count) { return 0 }
  if ((markOf(i) & ${mark.numbered}) == 0) { return 0 }
  return unit(i) != ${letter('单')} || isOne(i, count)
}
fn isCounted(i, count): i32 {
  if ((markOf(i) & ${mark.counted}) == 0) { return 0 }
  return unit(i) != ${letter('单')} || isOne(i, count)
}
fn isRoadEnd(i, lead): i32 {
  if (i - 1 < lead) { return 0 }
  if (pairAt(i - 1) & ${pairFlag.roadEnd}) { return 1 }
  if (i - 2 < lead) { return 0 }
  let two = unit(i - 2)
  let before = unit(i - 1)
  let last = unit(i)
  return (two == ${letter('工')} && before == ${letter('业')} && last == ${letter('园')}) || (two == ${letter('开')} && before == ${letter('发')} && last == ${letter('区')})
}
fn evidence(count, lead, isWithoutDigits, evidents): i32 {
  let hasArea = lead > 0
  let hasRoad = 0
  let hasNumber = 0
  let next = 0
  while (next < evidents) {
    let i = load16(next << 1, ${at.evidentAt})
    next = next + 1
    if (hasArea + hasRoad + hasNumber > 1) { return 2 }
    let bits = markOf(i)
    if (bits & ${mark.odd}) {
      if (isWithoutDigits == 0 && i > lead && hasNumber == 0) {
        if (isDigitAt(i - 1)) {
          let here = unit(i)
          let after = unit(i + 1)
          if (here == 35) { hasNumber = 1 }
          if (here == 45 && isDigitAt(i + 1)) { hasNumber = 1 }
          if (here == 32) { if (isNumbered(i + 1, count) || after == 35 || (after == 45 && isDigitAt(i + 2))) { hasNumber = 1 } }
        }
      }
      continue
    }
    if (bits & ${mark.area}) { if (unit(i + 1) != ${letter('场')} || i == count - 1) { hasArea = 1 } }
    if (i < lead) { continue }
    if (bits & ${mark.road}) { hasRoad = 1 }
    if (hasRoad == 0 && (bits & ${mark.roadEnd}) != 0) { hasRoad = isRoadEnd(i, lead) }
    if (hasNumber || i == lead) { continue }
    if (isDigitAt(i - 1)) { hasNumber = isNumbered(i, count) } else { if (markOf(i - 1) & ${mark.numeral}) { hasNumber = isCounted(i, count) } }
  }
  return hasArea + hasRoad + hasNumber
}
fn isTelling(count, all, digitRun): i32 {
  if (unit(count - 1) >= 128) { if ((markOf(count - 1) & ${mark.organisationEnd}) || (pairAt(count - 2) & ${pairFlag.organisationEnd | pairFlag.anyEnd})) { return 1 } }
  if (digitRun >= 7 || (all & ${mark.leave})) { return 1 }
  if ((all & ${mark.odd}) == 0) { return 0 }
  let i = 1
  while (i < count) {
    if (markOf(i) & ${mark.odd}) {
      let here = unit(i)
      if (here == 40 || here == 33 || here == 63 || here == 59) { return 1 }
      if (here == 35 || (here | 32) == 120) {
        let before = unit(i - 1)
        if (before == 35 || (before | 32) == 120) { return 1 }
      } else { if (isDigitAt(i - 1) && isDigitAt(i + 1) && isDigitAt(i + 2) && isDigitAt(i + 3)) { return 1 } }
    }
    i = i + 1
  }
  return 0
}
fn wordsKey(count, all, evidents): i32 {
  let start = pairAt(0)
  if (start & ${pairFlag.listedLonger | pairFlag.region | pairFlag.country | pairFlag.minority}) { return 0 }
  if (count == 2 && (start & ${pairFlag.listed})) { return 0 }
  if ((pairAt(count - 2) & ${pairFlag.organisationEnd | pairFlag.anyEnd}) || (markOf(count - 1) & ${mark.organisationEnd | mark.anyEnd})) { return 0 }
  let leave = ${mark.leave}
  if (count <= 4) { leave = ${mark.mask} }
  if (all & leave) { return 0 }
  if (count <= 5) {
    let given = count - 1
    let isName = (markOf(0) & ${mark.surname}) != 0
    if (start & ${pairFlag.compound}) {
      given = count - 2
      isName = given <= 2
    } else { if (given > 3 || (given == 3 && (markOf(1) & ${mark.surname}) == 0)) { isName = 0 } }
    if (given < 1 || (given > 1 && (markOf(count - 1) & ${mark.placeEnd}))) { isName = 0 }
    if (isName) {
      if (count == 5) { return 0 }
      return ${kind} | ${chineseKey.name}
    }
  }
  if (count < 5) { return ${kind} | ${chineseKey.nothing} }
  if (all & ${evident}) { if (evidence(count, 0, 1, evidents) >= 2) { return 0 } }
  if (count >= 8) { return ${kind} | ${chineseKey.words} }
  return ${kind} | ${chineseKey.nothing}
}
fn readChinese(start, length, bits): i32 {
  if (length < 6 || length > 240) { return 0 }
  let end = start + length
  let p = start
  let count = 0
  let all = 0
  let run = 0
  let longest = 0
  let isRare = 0
  let evidents = 0
  while (p < end) {
    if (count == ${unitsMax}) { return 0 }
    let word = load32(p)
    let here = word & 127
    if (word & 128) {
      here = ((word & 15) << 12) | ((word & 0x3f00) >>> 2) | ((word >>> 16) & 63)
      isRare = isRare | (here < 0x4e00)
      p = p + 3
    } else { p = p + 1 }
    let found = load16(here << 1, ${at.marks})
    store16(count << 1, here, ${at.units})
    store16(count << 1, found, ${at.marked})
    all = all | found
    // without branches: what follows what in an address cannot be foreseen
    store16(evidents << 1, count, ${at.evidentAt})
    evidents = evidents + ((found & ${evident | mark.odd}) != 0)
    run = select(run + 1, 0, found & ${mark.digit})
    longest = select(run, longest, run > longest)
    count = count + 1
  }
  if (count < 2 || (isRare && (count > 4 || length != count * 3))) { return 0 }
  store32(count << 1, 0, ${at.units})
  store32(count << 1, 0, ${at.marked})
  if (unit(0) < 128) { return 0 }
  if ((bits & 1) == 0) {
    if (bits == 4) { return wordsKey(count, all, evidents) }
    return 0
  }
  if (count <= 14 || isTelling(count, all, longest)) { return 0 }
  let lead = 0
  let pair = pairAt(0)
  if (pair & ${pairFlag.region}) { lead = regionLength(pair, count) }
  if (evidence(count, lead, 0, evidents) >= 2) { return ${kind} | ${chineseKey.address} }
  return ${kind} | ${chineseKey.words}
}
`
