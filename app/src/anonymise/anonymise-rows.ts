// SPDX-License-Identifier: Apache-2.0
import { Classes, type CodedTable, type Demands } from './coded-table.ts'
import { addToNearest, clusterBlock } from './cluster-block.ts'
import { groupRows } from './group-rows.ts'
import { improveClasses } from './improve-classes.ts'
import { joinDistantClasses } from './join-classes.ts'
import { partitionUnits } from './partition-units.ts'

/** How far the work is, in rows. */
export type RowsDone = (rows: number) => void

/**
 * 划分等价类. Puts every row of a table into a class that satisfies the demands, with little loss: alike rows first, then neighbours block by block, then rows change places where that costs less.
 * Same table, same classes, byte for byte: bounded by steps, never by the clock. Null when no division can satisfy the demands (fewer rows than k, fewer sensitive values than l).
 */
export function anonymiseRows(table: CodedTable, demands: Demands, done: RowsDone = () => undefined): Classes | null {
  done(0)
  const classes = new Classes(table, Math.max(16, Math.ceil(table.rows / demands.k)))
  const units = groupRows(table, demands, classes)
  const at = { classes, units, demands, places: new Int32Array(table.hierarchies.reduce((most, { leaves }) => Math.max(most, leaves), 0)) }
  let carried: number[] = []
  const values = new Set<number | undefined>()
  let rows = table.rows - units.count.reduce((sum, count) => sum + count, 0)
  const firstOpen = classes.count
  for (const block of partitionUnits(table, units, blockOf(demands.k))) {
    done(rows)
    for (const unit of block) {
      rows += units.count[unit] ?? 0
      carried.push(unit)
      if (table.sensitive !== null) values.add(table.sensitive[units.rows[units.start[unit] ?? 0] ?? 0])
    }
    // Rows of too few sensitive values wait for a block that brings others; trying them again each time would be endless.
    if (table.sensitive !== null && values.size < demands.l) continue
    carried = clusterBlock(at, Int32Array.from(carried))
    values.clear()
    if (table.sensitive !== null) for (const unit of carried) values.add(table.sensitive[units.rows[units.start[unit] ?? 0] ?? 0])
  }
  if (carried.length > 0 && classes.count === 0) return null
  const all = Array.from({ length: classes.count }, (_, one) => one)
  for (const unit of carried) for (let row = 0; row < (units.count[unit] ?? 0); row++) addToNearest(classes, all, units.rows[(units.start[unit] ?? 0) + row] ?? 0)
  improveClasses(classes, demands, firstOpen)
  joinDistantClasses(classes, demands.t)
  return classes
}

/** Units a block may hold: enough to find good neighbours, few enough to look at all of them. */
function blockOf(k: number): number {
  return Math.max(160, 16 * k)
}
