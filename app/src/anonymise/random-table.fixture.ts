// SPDX-License-Identifier: Apache-2.0
import type { CodedTable } from './coded-table.ts'
import { IntervalHierarchy, treeOf, type Hierarchy } from './hierarchy.ts'

/** A seeded stream of numbers below a bound, for tables of tests. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A hierarchy of random words over up to three steps, or of numbers. */
export function randomHierarchy(next: (below: number) => number): Hierarchy {
  const leaves = 1 + next(14)
  if (next(4) === 0) {
    const odd = next(2)
    const positions = Array.from({ length: leaves + 1 }, (_, at) => at * (1 + next(3)) + at)
    return new IntervalHierarchy([...(odd === 1 ? [''] : []), ...positions.map(String)], Float64Array.from([...(odd === 1 ? [Number.NaN] : []), ...positions]))
  }
  const steps = next(3)
  return treeOf(Array.from({ length: leaves }, (_, leaf) => [`v${leaf}`, ...Array.from({ length: steps }, (_, step) => `s${step}-${Math.floor(leaf / (2 + next(2)) ** (step + 1))}`)])).hierarchy
}

/** A random table with random hierarchies; sensitive values are few. */
export function randomTable(seed: number, shape: { rows: number; columns: number; values: number | null }): CodedTable {
  const next = numbersFrom(seed)
  const hierarchies = Array.from({ length: shape.columns }, () => randomHierarchy(next))
  return {
    rows: shape.rows, hierarchies,
    codes: Int32Array.from({ length: shape.rows * shape.columns }, (_, at) => Math.min(next(hierarchies[at % shape.columns]?.leaves ?? 1), next(hierarchies[at % shape.columns]?.leaves ?? 1))),
    sensitive: shape.values === null ? null : Int32Array.from({ length: shape.rows }, () => next(shape.values ?? 1)),
  }
}
