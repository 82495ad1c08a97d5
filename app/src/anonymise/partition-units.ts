// SPDX-License-Identifier: Apache-2.0
import type { CodedTable } from './coded-table.ts'
import type { Units } from './group-rows.ts'
import type { Hierarchy } from './hierarchy.ts'

/** The parts of a segment that one column would make: how much of the cost it would take away, and which parts are large enough to stand alone. */
interface Cut {
  column: number
  low: number
  high: number
  gain: number
  /** Number of the final part by the leaf at which a part of the hierarchy begins; parts that are too small share the last one. */
  partAt: Map<number, number>
  parts: number
}

/** Room that is used again for every segment: a part of each unit, and a number of each leaf (0 between uses). */
interface Scratch {
  parts: Int32Array
  counts: Int32Array
}

/** Units of a segment that fall in one part, with their least and greatest leaf. */
interface Seen {
  count: number
  low: number
  high: number
}

/**
 * Sorts open units into blocks of near neighbours, top down: each time by the column whose next finer step takes away most of the cost.
 * No block has more than `most` units, and none has fewer than an eighth of it unless there are no more.
 */
export function partitionUnits(table: CodedTable, units: Units, most: number): Int32Array[] {
  const order = Int32Array.from(units.start, (_, unit) => unit)
  const leaves = table.hierarchies.reduce((greatest, hierarchy) => Math.max(greatest, hierarchy.leaves), 0)
  const scratch: Scratch = { parts: new Int32Array(order.length), counts: new Int32Array(leaves) }
  const blocks: Int32Array[] = []
  const waiting: Int32Array[] = order.length === 0 ? [] : [order]
  for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
    if (segment.length <= most) {
      blocks.push(segment)
      continue
    }
    const cut = bestCut(table, units, { segment, least: most >> 3, scratch })
    const parts = cut === null ? inPieces(table, units, segment, most) : byCut(table, units, { segment, cut, scratch })
    for (const part of parts.toReversed()) waiting.push(part)
  }
  return blocks
}

/** The cut that takes away most; null when no column makes two parts that are large enough. */
function bestCut(table: CodedTable, units: Units, at: { segment: Int32Array; least: number; scratch: Scratch }): Cut | null {
  let best: Cut | null = null
  for (let column = 0; column < table.hierarchies.length; column++) {
    const cut = cutOf(table, units, { ...at, column })
    if (cut !== null && (best === null || cut.gain > best.gain)) best = cut
  }
  return best
}

function cutOf(table: CodedTable, { rows, start }: Units, { segment, column, least, scratch }: { segment: Int32Array; column: number; least: number; scratch: Scratch }): Cut | null {
  const { hierarchies, codes } = table
  const hierarchy = hierarchies[column]
  if (hierarchy === undefined) return null
  const columns = hierarchies.length
  // Leaves are far fewer than units as a rule: what is asked of a hierarchy is asked once a leaf.
  const touched: number[] = []
  for (const unit of segment) {
    const leaf = codes[(rows[start[unit] ?? 0] ?? 0) * columns + column] ?? 0
    const count = scratch.counts[leaf] ?? 0
    if (count === 0) touched.push(leaf)
    scratch.counts[leaf] = count + 1
  }
  const low = touched.reduce((least, leaf) => Math.min(least, leaf), hierarchy.leaves)
  const high = touched.reduce((most, leaf) => Math.max(most, leaf), 0)
  const seen = new Map<number, Seen>()
  for (const leaf of touched) {
    const count = scratch.counts[leaf] ?? 0
    scratch.counts[leaf] = 0
    if (low === high) continue
    const begin = hierarchy.partOf(low, high, leaf)
    const part = seen.get(begin)
    if (part === undefined) seen.set(begin, { count, low: leaf, high: leaf })
    else {
      part.count += count
      if (leaf < part.low) part.low = leaf
      if (leaf > part.high) part.high = leaf
    }
  }
  return weighed({ column, low, high, hierarchy }, seen, least)
}

/** Parts that are too small go together, with the smallest of the others when even together they are too few. */
function weighed({ column, low, high, hierarchy }: { column: number; low: number; high: number; hierarchy: Hierarchy }, seen: Map<number, Seen>, least: number): Cut | null {
  const large = [...seen].filter(([, { count }]) => count >= least).toSorted(([, a], [, b]) => b.count - a.count)
  let rest = [...seen.values()].reduce((sum, { count }) => sum + (count < least ? count : 0), 0)
  if (rest > 0 && rest < least) rest += large.pop()?.[1].count ?? 0
  const parts = large.length + (rest > 0 ? 1 : 0)
  if (parts < 2) return null
  const gain = large.reduce((sum, [, part]) => sum + part.count * (hierarchy.costOf(low, high) - hierarchy.costOf(part.low, part.high)), 0)
  const partAt = new Map(large.map(([begin], index) => [begin, index]))
  for (const begin of seen.keys()) if (!partAt.has(begin)) partAt.set(begin, large.length)
  return { column, low, high, gain, partAt, parts }
}

/** The segment's parts, each in the units' former order, in place. */
function byCut(table: CodedTable, { rows, start }: Units, { segment, cut, scratch }: { segment: Int32Array; cut: Cut; scratch: Scratch }): Int32Array[] {
  const columns = table.hierarchies.length
  const hierarchy = table.hierarchies[cut.column]
  // Parts by leaf, plus 1; taken back to 0 below.
  const { counts: partOfLeaf, parts } = scratch
  const leafOf = (unit: number): number => table.codes[(rows[start[unit] ?? 0] ?? 0) * columns + cut.column] ?? 0
  const ends = new Int32Array(cut.parts + 1)
  segment.forEach((unit, at) => {
    const leaf = leafOf(unit)
    const known = partOfLeaf[leaf] ?? 0
    const part = known > 0 ? known - 1 : cut.partAt.get(hierarchy?.partOf(cut.low, cut.high, leaf) ?? 0) ?? 0
    partOfLeaf[leaf] = part + 1
    parts[at] = part
    ends[part + 1] = (ends[part + 1] ?? 0) + 1
  })
  for (let part = 0; part < cut.parts; part++) ends[part + 1] = (ends[part + 1] ?? 0) + (ends[part] ?? 0)
  const next = ends.slice()
  const former = segment.slice()
  former.forEach((unit, at) => {
    const part = parts[at] ?? 0
    partOfLeaf[leafOf(unit)] = 0
    const to = next[part] ?? 0
    segment[to] = unit
    next[part] = to + 1
  })
  return Array.from({ length: cut.parts }, (_, part) => segment.subarray(ends[part], ends[part + 1]))
}

/** Where no hierarchy tells the units apart any more (many equal words): sorted by their leaves and cut into pieces of even length. */
function inPieces({ hierarchies, codes }: CodedTable, { rows, start }: Units, segment: Int32Array, most: number): Int32Array[] {
  const columns = hierarchies.length
  const at = (unit: number): number => (rows[start[unit] ?? 0] ?? 0) * columns
  segment.sort((a, b) => {
    for (let column = 0; column < columns; column++) {
      const difference = (codes[at(a) + column] ?? 0) - (codes[at(b) + column] ?? 0)
      if (difference !== 0) return difference
    }
    return a - b
  })
  const pieces = Math.ceil(segment.length / most)
  return Array.from({ length: pieces }, (_, piece) => segment.subarray(Math.round((piece * segment.length) / pieces), Math.round(((piece + 1) * segment.length) / pieces)))
}
