// SPDX-License-Identifier: Apache-2.0
import type { Classes } from './coded-table.ts'

/**
 * 效用指标. What a division into classes costs, as kaylode/k-anonymity (metrics/dm.py, cavg.py, ncp.py) and the papers behind it define it:
 * DM = Σ |class|²; CAVG = rows ÷ (classes × k); NCP = leaves below what stands in a cell over all leaves (0 for a single leaf), averaged over all cells.
 * Classes that are written alike count as one, as a reader of the copy sees them.
 */
export interface Metrics {
  dm: number
  cavg: number
  ncp: number
}

/** NCP of each column: mean over its cells. */
export function columnCosts(classes: Classes): Float64Array {
  const { hierarchies, rows } = classes.table
  const columns = hierarchies.length
  const costs = new Float64Array(columns)
  for (let one = 0; one < classes.count; one++) {
    for (let column = 0; column < columns; column++) {
      costs[column] = (costs[column] ?? 0) + (classes.size[one] ?? 0) * (hierarchies[column]?.costOf(classes.low[one * columns + column] ?? 0, classes.high[one * columns + column] ?? 0) ?? 0)
    }
  }
  return costs.map((cost) => cost / Math.max(1, rows))
}

/** Interval NCP of each column whose values are numbers in ascending order of leaves: mean width of what its class spans over the whole range; null for the others. */
export function intervalCosts(classes: Classes): (number | null)[] {
  const { hierarchies, rows, codes } = classes.table
  const columns = hierarchies.length
  return hierarchies.map(({ positions }, column) => {
    if (positions === null || positions.some((position, leaf) => leaf > 0 && position <= (positions[leaf - 1] ?? 0))) return null
    let low = positions.length
    let high = 0
    for (let row = 0; row < rows; row++) {
      const code = codes[row * columns + column] ?? 0
      if (code < low) low = code
      if (code > high) high = code
    }
    const range = (positions[high] ?? 0) - (positions[low] ?? 0)
    if (range <= 0) return 0
    let sum = 0
    for (let one = 0; one < classes.count; one++) sum += (classes.size[one] ?? 0) * ((positions[classes.high[one * columns + column] ?? 0] ?? 0) - (positions[classes.low[one * columns + column] ?? 0] ?? 0))
    return sum / range / rows
  })
}

/** DM and CAVG over the sizes of classes as they are written. */
export function sizeMetrics(sizes: Iterable<number>, k: number): { dm: number; cavg: number } {
  let dm = 0
  let rows = 0
  let classes = 0
  for (const size of sizes) {
    dm += size * size
    rows += size
    classes++
  }
  return { dm, cavg: classes === 0 ? 0 : rows / (classes * k) }
}

/** Sizes of the classes as they would be written: those with the same texts in all columns are one. */
export function writtenSizes(classes: Classes): number[] {
  const { hierarchies } = classes.table
  const columns = hierarchies.length
  const sizes = new Map<string, number>()
  for (let one = 0; one < classes.count; one++) {
    const key = hierarchies.map((hierarchy, column) => hierarchy.labelOf(classes.low[one * columns + column] ?? 0, classes.high[one * columns + column] ?? 0)).join('\u0000')
    sizes.set(key, (sizes.get(key) ?? 0) + (classes.size[one] ?? 0))
  }
  return [...sizes.values()]
}

/** Of each column: the smallest class there would be if that column alone were written as it was and all others as they are. It shows which column holds k up. */
export function leastWithout(classes: Classes): number[] {
  const { hierarchies, codes } = classes.table
  const columns = hierarchies.length
  const rowsOf = rowsByClass(classes)
  const least = hierarchies.map(() => Number.POSITIVE_INFINITY)
  for (let one = 0; one < classes.count; one++) {
    const rows = rowsOf.rows.subarray(rowsOf.start[one], rowsOf.start[one + 1])
    for (let column = 0; column < columns; column++) {
      const at = one * columns + column
      // Rows of one single leaf stay together.
      const smallest = classes.low[at] === classes.high[at] ? rows.length : smallestRun(Int32Array.from(rows, (row) => codes[row * columns + column] ?? 0).sort())
      least[column] = Math.min(least[column] ?? smallest, smallest)
    }
  }
  return least
}

function smallestRun(sorted: Int32Array): number {
  let least = sorted.length
  let from = 0
  for (let at = 1; at <= sorted.length; at++) {
    if (at < sorted.length && sorted[at] === sorted[from]) continue
    least = Math.min(least, at - from)
    from = at
  }
  return least
}

/** Rows by class: those of class c from `start[c]` to before `start[c + 1]`, in ascending order. */
export function rowsByClass({ classOf, count }: Classes): { rows: Int32Array; start: Int32Array } {
  const start = new Int32Array(count + 1)
  for (const one of classOf) start[one + 1] = (start[one + 1] ?? 0) + 1
  for (let one = 0; one < count; one++) start[one + 1] = (start[one + 1] ?? 0) + (start[one] ?? 0)
  const next = start.slice()
  const rows = new Int32Array(classOf.length)
  for (let row = 0; row < classOf.length; row++) {
    const one = classOf[row] ?? 0
    const at = next[one] ?? 0
    rows[at] = row
    next[one] = at + 1
  }
  return { rows, start }
}
