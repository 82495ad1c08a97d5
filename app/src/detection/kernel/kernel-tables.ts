// SPDX-License-Identifier: Apache-2.0
import { byteClasses, complexByte } from '../byte-classes.ts'
import { chars } from '../normalise-text.ts'
import { emailParts } from '../read-ascii.rules.ts'
import { marks, pairFlag, pairs, regionsByPair, roadEnds } from '../read-chinese.rules.ts'
import { creditValues, isCardStart, isMonthDay, isPrefecture, luhnSums } from '../read-digits.rules.ts'
import { at, pairFlagBits, pairSlots } from './kernel-layout.ts'

// A byte's class is found by its two halves: each half names the groups it may belong to, and a byte belongs to those that both name. Sixteen groups in two tables are enough.
const groups: readonly (readonly [number, string, string])[] = [
  [chars.digit, '3', '0123456789'], [chars.latin, '46', '123456789abcdef'], [chars.latin, '57', '0123456789a'], [chars.at, '4', '0'], [chars.star, '2', 'a'], [chars.han, 'e', '456789'], [complexByte, '01cdf', '0123456789abcdef'], [complexByte, 'e', '0123abcdef'],
  [chars.other, '2', '0123456789bcdef'], [chars.other, '3', 'abcdef'], [chars.other, '57', 'bcde'], [chars.other, '5', 'f'], [chars.other, '6', '0'], [complexByte, '7', 'f'],
]

/** Writes what the kernel looks up; made from the tables of the rules themselves. */
export function writeTables(memory: Uint8Array): void {
  memory.fill(255, at.keepMask, at.keepMask + 16)
  groups.forEach(([type, highs, lows], i) => {
    const [low, high, classes] = i < 8 ? [at.lowHalf1, at.highHalf1, at.class1] : [at.lowHalf2, at.highHalf2, at.class2]
    const bit = 1 << (i % 8)
    for (const half of highs) memory[high + Number.parseInt(half, 16)] = (memory[high + Number.parseInt(half, 16)] ?? 0) | bit
    for (const half of lows) memory[low + Number.parseInt(half, 16)] = (memory[low + Number.parseInt(half, 16)] ?? 0) | bit
    for (let all = 0; all < 256; all++) if ((all & bit) !== 0) memory[classes + all] = (memory[classes + all] ?? 0) | type
  })
  for (const [table, place] of [[emailParts, at.emailParts], [isPrefecture, at.prefectures], [isMonthDay, at.monthDays], [isCardStart, at.cardStarts], [luhnSums, at.luhnSums]] as const) memory.set(table, place)
  memory.set(Uint8Array.from(creditValues, (value) => value & 255), at.creditValues)
  new Uint16Array(memory.buffer, at.marks, marks.length).set(marks)
  writePairs(memory)
}

function writePairs(memory: Uint8Array): void {
  const keys = new Int32Array(memory.buffer, at.pairKeys, pairSlots)
  const flags = new Int32Array(memory.buffer, at.pairFlags, pairSlots)
  const regions = new Uint16Array(memory.buffer, at.regions, 65_536)
  let next = 0
  const all = new Map(pairs)
  for (const pair of roadEnds) all.set(pair, (all.get(pair) ?? 0) | pairFlag.roadEnd)
  for (const pair of regionsByPair.keys()) all.set(pair, all.get(pair) ?? 0)
  for (const [pair, known] of all) {
    let slot = Math.imul(pair, 0x9e3779b1) >>> (32 - Math.log2(pairSlots))
    while (keys[slot] !== 0) slot = (slot + 1) % pairSlots
    keys[slot] = pair
    flags[slot] = known | ((next * 2) << pairFlagBits)
    memory[at.pairFilter + (((pair >>> 16) * 31 + (pair & 0xffff)) & 0xffff)] = 1
    for (const region of regionsByPair.get(pair) ?? []) {
      regions[next++] = region.length
      for (let i = 0; i < region.length; i++) regions[next++] = region.charCodeAt(i)
    }
    if (regionsByPair.has(pair)) next++
  }
  if (next >= regions.length) throw new RangeError('assertion failed: the names of regions fit')
}

/** Whether the two look-ups give the class of every byte; for the test. */
export function classByHalves(memory: Uint8Array, byte: number): number {
  const group = (low: number, high: number): number => (memory[low + (byte & 15)] ?? 0) & (memory[high + (byte >>> 4)] ?? 0)
  return (memory[at.class1 + group(at.lowHalf1, at.highHalf1)] ?? 0) | (memory[at.class2 + group(at.lowHalf2, at.highHalf2)] ?? 0)
}

/** What `classByHalves` has to equal. */
export const classesOfBytes = byteClasses
