// SPDX-License-Identifier: Apache-2.0
import type { Classes, CodedTable, Demands } from './coded-table.ts'

/** Rows that are alike in all quasi-identifiers (and, where diversity is asked for, in the sensitive value): rows `rows[start]` to `rows[start + count - 1]`. */
export interface Units {
  rows: Int32Array
  start: Int32Array
  count: Int32Array
}

/** Puts rows that are alike together. Those that satisfy the demands by themselves become classes at once, at no cost; the others are returned as open units. */
export function groupRows(table: CodedTable, demands: Demands, classes: Classes): Units {
  const { groupOf, groups } = alike(table)
  const { rows, start } = sorted(groupOf, groups)
  const starts: number[] = []
  const counts: number[] = []
  for (let group = 0; group < groups; group++) {
    const from = start[group] ?? 0
    const to = start[group + 1] ?? 0
    if (to - from >= demands.k && differing(table, rows.subarray(from, to)) >= demands.l) {
      const made = classes.open(rows[from] ?? 0)
      for (let at = from + 1; at < to; at++) classes.add(made, rows[at] ?? 0)
    } else cutBySensitive(table, demands, rows.subarray(from, to), (at, count) => void (starts.push(from + at), counts.push(count)))
  }
  return { rows, start: Int32Array.from(starts), count: Int32Array.from(counts) }
}

/** A number for every row, the same for rows that are alike in all quasi-identifiers; an open hash table over the rows themselves. */
function alike({ rows, hierarchies, codes }: CodedTable): { groupOf: Int32Array; groups: number } {
  const columns = hierarchies.length
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 1.5))) - 1
  const firstRow = new Int32Array(mask + 1).fill(-1)
  const groupOf = new Int32Array(rows)
  let groups = 0
  for (let row = 0; row < rows; row++) {
    let hash = 0
    for (let column = 0; column < columns; column++) hash = Math.imul(hash ^ (codes[row * columns + column] ?? 0), 0x9e3779b1) ^ (hash >>> 15)
    let slot = (hash ^ (hash >>> 13)) & mask
    let known = firstRow[slot] ?? -1
    while (known >= 0 && !areAlike(codes, known * columns, row * columns, columns)) {
      slot = (slot + 1) & mask
      known = firstRow[slot] ?? -1
    }
    if (known < 0) firstRow[slot] = row
    groupOf[row] = known < 0 ? groups++ : groupOf[known] ?? 0
  }
  return { groupOf, groups }
}

function areAlike(codes: Int32Array, one: number, other: number, columns: number): boolean {
  for (let column = 0; column < columns; column++) if (codes[one + column] !== codes[other + column]) return false
  return true
}

/** Rows by their group, in their own order within each. */
function sorted(groupOf: Int32Array, groups: number): { rows: Int32Array; start: Int32Array } {
  const start = new Int32Array(groups + 1)
  for (const group of groupOf) start[group + 1] = (start[group + 1] ?? 0) + 1
  for (let group = 0; group < groups; group++) start[group + 1] = (start[group + 1] ?? 0) + (start[group] ?? 0)
  const rows = new Int32Array(groupOf.length)
  const next = start.slice()
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row] ?? 0
    const at = next[group] ?? 0
    rows[at] = row
    next[group] = at + 1
  }
  return { rows, start }
}

/** How many sensitive values some rows have; 1 where none are asked for. */
function differing({ sensitive }: CodedTable, rows: Int32Array): number {
  if (sensitive === null) return 1
  return new Set(Array.from(rows, (row) => sensitive[row])).size
}

/** Tells the parts of alike rows that are also alike in the sensitive value; sorts the rows in place. */
function cutBySensitive({ sensitive }: CodedTable, { l }: Demands, rows: Int32Array, tell: (at: number, count: number) => void): void {
  if (sensitive === null || l <= 1) {
    tell(0, rows.length)
    return
  }
  rows.sort((a, b) => (sensitive[a] ?? 0) - (sensitive[b] ?? 0) || a - b)
  let from = 0
  for (let at = 1; at <= rows.length; at++) {
    if (at < rows.length && sensitive[rows[at] ?? 0] === sensitive[rows[from] ?? 0]) continue
    tell(from, at - from)
    from = at
  }
}
