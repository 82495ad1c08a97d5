// SPDX-License-Identifier: Apache-2.0
import { at, control } from './kernel-layout.ts'

const field = (which: keyof typeof control): string => `${at.control + control[which] * 4}`

/**
 * Splits usual records (sources/split-bytes.ts, `usualRecord`, of which it gives the same): sixteen bytes at once are compared with what ends a cell, and classed by two look-ups of their halves.
 * It stops before a record that is not usual: with quotes inside quotes, text behind them, more cells than the block is wide, or an end too near to the end of the bytes.
 */
export const splitSource = `
fn classOf(first: v128, second: v128): i32 {
  let a = lane64(first, 0) | lane64(first, 1)
  let b = lane64(second, 0) | lane64(second, 1)
  a = a | (a >>> 32L)
  b = b | (b >>> 32L)
  let c = (a & 0xffffffffL) | (b << 32L)
  c = c | (c >>> 16L)
  c = c | (c >>> 8L)
  return load8(low(c) & 255, ${at.class1}) | load8(low(c >>> 32L) & 255, ${at.class2})
}
fn split() {
  let length = load32(${field('length')})
  let last = load32(${field('last')})
  let next = load32(${field('next')})
  let rows = load32(${field('rows')})
  let capacity = load32(${field('capacity')})
  let width = load32(${field('width')})
  let named = load32(${field('named')})
  let base = load32(${field('base')})
  let row = load32(${field('row')})
  let delimiter = load32(${field('delimiter')})
  let stopA = splat(delimiter)
  let stopB = splat(10)
  let stopC = splat(13)
  let quote = splat(34)
  let nibble = splat(15)
  let lowA = loadV(${at.lowHalf1})
  let highA = loadV(${at.highHalf1})
  let lowB = loadV(${at.lowHalf2})
  let highB = loadV(${at.highHalf2})
  let none = splat(0)
  while (next < last && rows < capacity) {
    let cell = rows * width * 4
    let rowEnd = cell + width * 4
    let filled = 0
    let p = next
    let isUsual = 1
    while (1) {
      if (cell == rowEnd) { isUsual = 0 break }
      let from = p
      let first = none
      let second = none
      let isQuoted = load8(p) == 34
      if (isQuoted) {
        p = p + 1
        from = p
      }
      let mask = 0
      while (1) {
        let v = loadV(p)
        let lows = andV(v, nibble)
        let highs = shift8(v, 4)
        let classA = andV(nibbleOf(lowA, lows), nibbleOf(highA, highs))
        let classB = andV(nibbleOf(lowB, lows), nibbleOf(highB, highs))
        if (isQuoted) { mask = mask8(equal8(v, quote)) } else { mask = mask8(orV(equal8(v, stopA), orV(equal8(v, stopB), equal8(v, stopC)))) }
        if (mask) {
          let keep = loadV(${at.keepMask} + 16 - zeros(mask))
          first = orV(first, andV(classA, keep))
          second = orV(second, andV(classB, keep))
          break
        }
        first = orV(first, classA)
        second = orV(second, classB)
        p = p + 16
        if (p >= length) { break }
      }
      if (mask == 0) { isUsual = 0 break }
      p = p + zeros(mask)
      let bytes = p - from
      if (isQuoted) {
        p = p + 1
        let after = load8(p)
        if (p > length || (after != delimiter && after != 10 && after != 13)) { isUsual = 0 break }
      }
      store32(cell, from - base, ${at.starts})
      if (bytes) {
        filled = 1
        store32(cell, (bytes << 8) | classOf(first, second), ${at.metas})
      } else { store32(cell, 0, ${at.metas}) }
      cell = cell + 4
      if (load8(p) != delimiter) { break }
      p = p + 1
    }
    if (isUsual == 0 || p + 1 >= length) { break }
    row = row + 1
    if (filled) {
      let fields = (cell >>> 2) - rows * width
      if (fields > load32(${field('widest')})) { store32(${field('widest')}, fields) }
      if (fields < named) { store32(${field('short')}, load32(${field('short')}) + 1) }
      if (fields > named) { store32(${field('long')}, load32(${field('long')}) + 1) }
      while (fields < named && cell < rowEnd) {
        store32(cell, -1, ${at.starts})
        fields = fields + 1
        cell = cell + 4
      }
      while (cell < rowEnd) {
        store32(cell, -2, ${at.starts})
        cell = cell + 4
      }
      store32(rows << 2, row, ${at.places})
      rows = rows + 1
      store32(${field('counted')}, load32(${field('counted')}) + 1)
    } else { store32(${field('blank')}, load32(${field('blank')}) + 1) }
    next = p + 1
    if (load8(p) == 13 && load8(p, 1) == 10) { next = p + 2 }
  }
  store32(${field('next')}, next)
  store32(${field('rows')}, rows)
  store32(${field('row')}, row)
}
`
