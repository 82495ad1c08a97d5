// SPDX-License-Identifier: Apache-2.0
import type { DatabaseLimits, ForeignTable, TablePlan } from './foreign-table.ts'

/** The share of a table that will be read: all of a small one, a sample of a big one. */
export function shareOf(table: ForeignTable, limits: DatabaseLimits): number {
  const rows = sampleOf(table, limits)
  return rows === null ? 1 : Math.min(1, rows / Math.max(1, table.estimatedRows))
}

/** How a table is read within the limits: whole, or a sample spread over it. */
export function planOfTable(table: ForeignTable, limits: DatabaseLimits): TablePlan {
  const rows = sampleOf(table, limits)
  return rows === null ? { rows: null, take: 'whole', isOrdered: limits.isOrdered } : { rows, take: 'spread', isOrdered: false }
}

/** Rows of the sample; null when the table is read whole. */
function sampleOf(table: ForeignTable, limits: DatabaseLimits): number | null {
  if (limits.sampleRows === null) return null
  const bytesARow = table.estimatedBytes / Math.max(1, table.estimatedRows)
  const byBytes = table.estimatedBytes > limits.sampleBytes ? Math.max(1000, Math.floor(limits.sampleBytes / Math.max(1, bytesARow))) : Infinity
  const rows = Math.min(limits.sampleRows, byBytes)
  return table.estimatedRows > rows ? rows : null
}
