// SPDX-License-Identifier: Apache-2.0
import { complexByte, precisionLostBit } from '../byte-classes.ts'
import { chars } from '../normalise-text.ts'
import { at, columnAt, formLooks, formSlots, listedNumbers, memoSlot, outcomesMax } from './kernel-layout.ts'

// The same mixing as in hash-cell.ts.
const hashing = `
      let end = start + length
      let lo = 0x811c9dc5 ^ length
      let hi = 0x9e3779b9
      let p = start
      while (p + 8 <= end) {
        lo = (lo ^ load32(p)) * 0x9e3779b1
        hi = (hi ^ load32(p, 4)) * 0x85ebca77
        lo = lo ^ (hi >>> 15)
        hi = hi ^ (lo >>> 13)
        p = p + 8
      }
      let left = end - p
      if (left >= 4) {
        lo = (lo ^ load32(p)) * 0x9e3779b1
        hi = (hi ^ load32(end - 4)) * 0x85ebca77
      } else { if (left > 0) { hi = (hi ^ (load32(p) & ((1 << (left << 3)) - 1))) * 0x85ebca77 } }
      mixRow(row << 2, lo, hi)`

/**
 * Takes the cells of one column: mixes each into its row, and counts those whose outcome is known and of which nothing more is wanted (no evidence, no new hash). It lists all others as row, key of the form, hash; how many there are is given back.
 */
export const takeSource = `
fn formOutcome(key): i32 {
  let slot = ((key * 0x9e3779b1) >>> ${32 - Math.log2(formSlots)}) << 2
  let last = slot + ${formLooks * 4}
  while (slot < last) {
    if (load32(slot, ${at.formKeys}) == key) { return load32(slot, ${at.formOutcomes}) }
    slot = slot + 4
  }
  return -1
}
fn keyOf(start, length, bits): i32 {
  if (bits == ${chars.digit}) { return digitKey(start, length) }
  if (bits & ${complexByte | chars.star | precisionLostBit}) { return 0 }
  if (bits & ${chars.han}) {
    if (load8(start) == 32 || load8(start + length - 1) == 32 || (bits & ${chars.at})) { return 0 }
    return readChinese(start, length, bits)
  }
  if (load8(start) == 32 || load8(start + length - 1) == 32) { return 0 }
  if (bits & ${chars.at}) { return emailKey(start, length) }
  if (bits == ${chars.digit | chars.other}) { return numericKey(start, length) }
  if (bits == ${chars.digit | chars.latin}) { return codeKey(start, length) }
  return 0
}
fn mixRow(row, lo, hi) {
  let rowLo = (load32(row, ${at.rowLow}) ^ lo) * 0x9e3779b1
  let rowHi = (load32(row, ${at.rowHigh}) ^ hi ^ (rowLo >>> 15)) * 0x85ebca77
  store32(row, rowLo ^ (rowHi >>> 13), ${at.rowLow})
  store32(row, rowHi, ${at.rowHigh})
}
fn take(column, cells, stride, row, rows, base): i32 {
  let listed = 0
  let looked = 0
  let values = 0
  let empty = 0
  let isNamed = load32(column, ${columnAt.isNamed})
  let sketchMax = load32(column, ${columnAt.sketchMax})
  let memoMask = load32(column, ${columnAt.memoMask})
  while (row < rows) {
    let start = load32(cells, ${at.starts})
    let meta = load32(cells, ${at.metas})
    cells = cells + stride
    if (start < 0) {
      if (start == -1 || isNamed) { empty = empty + 1 }
      if (start == -1) { mixRow(row << 2, 0, 0) }
    } else {
      start = start + base
      let length = meta >>> 8
      let bits = meta & 255${hashing}
      if (length == 0) { empty = empty + 1 } else {
        values = values + 1
        looked = looked + length
        let hash = lo ^ rotate(hi, 15)
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35
        hash = hash ^ (hash >>> 16)
        let sketch = hash
        let outcome = -1
        let key = keyOf(start, length, bits)
        if (key) { outcome = formOutcome(key) } else {
          let slot = column + ${columnAt.memo} + (hash & memoMask) * ${memoSlot.bytes}
          if (load32(slot) == hash && load32(slot, 4) == length && bits != 0 && (bits & ${precisionLostBit}) == 0) {
            if (isSame(start, slot + 16, length)) {
              outcome = load32(slot, 8)
              sketch = load32(slot, 12)
            }
          }
        }
        let isCounted = 0
        if (outcome >= 0 && outcome < ${outcomesMax}) {
          if (load8(column + outcome, ${columnAt.settled})) { isCounted = (below(sketch, sketchMax) | (sketchMax == -1)) == 0 || load32(column + ((sketch & 255) << 2), ${columnAt.filter}) == sketch }
        }
        if (isCounted) {
          let times = column + (outcome << 2)
          store32(times, load32(times, ${columnAt.times}) + 1, ${columnAt.times})
        } else {
          store32(listed, row, ${at.listed})
          store32(listed, key, ${at.listed + 4})
          store32(listed, hash, ${at.listed + 8})
          store32(listed, outcome, ${at.listed + 12})
          store32(listed, sketch, ${at.listed + 16})
          listed = listed + ${4 * listedNumbers}
        }
      }
    }
    row = row + 1
  }
  store32(column, load32(column, ${columnAt.values}) + values, ${columnAt.values})
  store32(column, load32(column, ${columnAt.empty}) + empty, ${columnAt.empty})
  store32(column, load32(column, ${columnAt.looked}) + looked, ${columnAt.looked})
  return listed
}
`
