// SPDX-License-Identifier: Apache-2.0

/** Cells of a block at most, and rows. */
export const blockCells = 65_536
/** Rows of a block at most. */
export const blockRows = 1024
/** Bytes that are looked at together. */
export const windowBytes = 1024 * 1024
/** How far instructions may read behind the window. */
export const windowMargin = 64
/** Outcomes whose times the kernel counts; those with higher numbers are counted outside. */
export const outcomesMax = 1024
/** Places for what is remembered about forms. */
export const formSlots = 8192
/** How many places are looked at for one form. */
export const formLooks = 4
/** Places for domains of mail addresses. */
export const domainSlots = 64
/** The longest domain that is remembered. */
export const domainBytes = 60
/** Pairs of Chinese characters with a meaning: places. */
export const pairSlots = 32_768
/** Bits of flags of a pair; above them stands where its regions begin. */
export const pairFlagBits = 9
/** Numbers of a listed cell: row, key of its form, hash, outcome (-1 when it is not known), hash for counting different ones. */
export const listedNumbers = 5
/** Characters of a value that is read as Chinese. */
export const unitsMax = 80

const sizes = {
  keepMask: 32, lowHalf1: 16, highHalf1: 16, lowHalf2: 16, highHalf2: 16, class1: 256, class2: 256, control: 64, emailParts: 256,
  prefectures: 10_000, monthDays: 10_000, cardStarts: 10_000, luhnSums: 10_000, creditValues: 256, marks: 131_072, pairFilter: 65_536, pairKeys: 4 * pairSlots, pairFlags: 4 * pairSlots, regions: 131_072,
  formKeys: 4 * (formSlots + formLooks), formOutcomes: 4 * (formSlots + formLooks), domains: domainSlots * 80, units: 2 * (unitsMax + 8), marked: 2 * (unitsMax + 8), evidentAt: 2 * (unitsMax + 8),
  found: 64, starts: 4 * blockCells, metas: 4 * blockCells, places: 4 * blockRows, rowLow: 4 * blockRows, rowHigh: 4 * blockRows, listed: 4 * listedNumbers * blockRows, window: windowBytes + windowMargin, columns: 0,
}

/** Where everything stands in the kernel's memory. */
export const at = place()

function place(): Readonly<Record<keyof typeof sizes, number>> {
  const places = { ...sizes }
  let next = 1024 // nothing stands at 0, so that a place that was forgotten shows
  for (const name of Object.keys(sizes)) if (isName(name)) {
    places[name] = next
    next += Math.ceil(sizes[name] / 64) * 64
  }
  return places
}

function isName(name: string): name is keyof typeof sizes {
  return name in sizes
}

/** Where the control numbers of a split stand, as indices of 32 bits. */
export const control = { length: 0, last: 1, next: 2, rows: 3, capacity: 4, width: 5, named: 6, base: 7, row: 8, widest: 9, counted: 10, blank: 11, short: 12, long: 13, delimiter: 14 } as const
/** Where the numbers of a column stand in its memory, in bytes. */
export const columnAt = { sketchMax: 0, values: 4, empty: 8, looked: 12, memoMask: 16, isNamed: 20, filter: 64, settled: 64 + 1024, times: 64 + 1024 + outcomesMax, memo: 64 + 1024 + 5 * outcomesMax } as const
/** A remembered value: hash, length, outcome, hash for counting different ones; then its bytes. */
export const memoSlot = { bytes: 80, longest: 64 } as const
