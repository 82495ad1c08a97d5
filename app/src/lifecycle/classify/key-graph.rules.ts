// SPDX-License-Identifier: Apache-2.0
import { nameLikeness } from './key-names.rules.ts'

/** A column that may hold keys, with what was measured of it. */
export interface KeyColumn {
  set: number
  table: string
  index: number
  title: string
  type: string
  values: number
  distinct: number
  /** Whole numbers that fill their range, as counters do: the values alone prove nothing. */
  isCounter: boolean
}

/** Which share of a column's values another column has, as measured. */
export interface Inclusion {
  child: number
  parent: number
  share: number
  sampled: number
  isExact: boolean
}

/** 键关系. A column whose values are keys of another table. */
export interface KeyEdge {
  from: number
  to: number
  inclusion: number
  /** How many different values were compared; all of them when `isExact`. */
  compared: number
  isExact: boolean
  by: 'name and values' | 'values'
  cardinality: 'n:1' | '1:1'
}

/** 唯一. Whether the values of a column tell its rows apart. */
export function isUnique(column: Pick<KeyColumn, 'values' | 'distinct'>): boolean {
  return column.values >= 2 && column.distinct >= column.values * 0.97
}

/** Which inclusions are relations of keys: by name and values together; by values alone only where many different values that are no counters agree. The best parent of each column counts, and others that are as good. */
export function keyEdges(columns: readonly KeyColumn[], measured: readonly Inclusion[]): KeyEdge[] {
  const scored = measured.flatMap((one) => {
    const [child, parent] = [columns[one.child], columns[one.parent]]
    if (child === undefined || parent === undefined) return []
    const names = nameLikeness(child, parent)
    const isWithin = child.set === parent.set
    const hasNames = names >= 0.8 ? one.share >= 0.5 : names >= 0.6 && one.share >= 0.9
    const hasValues = !isWithin && one.share >= 0.98 && child.distinct >= 20 && !(child.isCounter && parent.isCounter)
    if (isWithin ? !(hasNames && names < 1 && one.share >= 0.9) : !hasNames && !hasValues) return []
    const edge: KeyEdge = { from: one.child, to: one.parent, inclusion: one.share, compared: one.sampled, isExact: one.isExact, by: hasNames ? 'name and values' : 'values', cardinality: isUnique(child) ? '1:1' : 'n:1' }
    return [{ edge, score: names + one.share, rows: parent.values }]
  })
  const best = Map.groupBy(scored, ({ edge }) => edge.from)
  const kept = [...best.values()].flatMap((same) => {
    const top = Math.max(...same.map(({ score }) => score))
    return same.filter(({ score }) => score >= top - 0.05)
  })
  return oneWay(kept.map(({ edge }) => edge), columns)
}

/** Two columns that hold the same keys are related once: from the smaller table to the larger, from the later to the earlier. */
function oneWay(edges: readonly KeyEdge[], columns: readonly KeyColumn[]): KeyEdge[] {
  return edges.filter((edge) => {
    const back = edges.find((one) => one.from === edge.to && one.to === edge.from)
    if (back === undefined) return true
    const [from, to] = [columns[edge.from]?.distinct ?? 0, columns[edge.to]?.distinct ?? 0]
    return from < to || (from === to && edge.from > edge.to)
  })
}

/** The way from each table to the nearest table of customers, as edge numbers; [] for such a table itself, null where there is none. */
export function waysToCustomers(sets: readonly { isPersons: boolean }[], edges: readonly KeyEdge[], columns: readonly KeyColumn[]): (number[] | null)[] {
  const ways: (number[] | null)[] = sets.map(({ isPersons }) => (isPersons ? [] : null))
  for (let isMore = true; isMore; ) {
    isMore = false
    for (const [at, edge] of edges.entries()) {
      const [from, to] = [columns[edge.from]?.set ?? -1, columns[edge.to]?.set ?? -1]
      const onward = ways[to]
      if (onward === null || onward === undefined || ways[from] !== null || from === to) continue
      ways[from] = [at, ...onward]
      isMore = true
    }
  }
  return ways
}
