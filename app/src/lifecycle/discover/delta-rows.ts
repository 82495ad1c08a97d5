// SPDX-License-Identifier: Apache-2.0
import type { CanonicalValue } from '@handover/proof'
import type { DatabaseLogin, ReadOptions, SourceRow } from '../../sources/index.ts'
import { deltaFailures } from './delta-failures.ts'
import type { KeyColumn } from './delta-hash.ts'
import type { InventoryDataSet } from './inventory.ts'
import type { SourcePlan } from './source-plans.ts'

/** What is compared: one source of the books with its file as it is now. */
export interface Comparing {
  scanId: string
  sourceId: string
  plan: SourcePlan
  options: ReadOptions
  /** How to log in, where the source is a database. */
  login: DatabaseLogin | null
  dataSets: readonly InventoryDataSet[]
  /** By data set. */
  keyColumns: ReadonlyMap<string, KeyColumn | null>
  /** The column was named by a person, so it must tell every record apart. */
  isDeclared: boolean
}

/** One canonical value a field; a short row ends in empty cells. */
export function valuesOfRow(dataSet: InventoryDataSet, row: SourceRow): CanonicalValue[] {
  if (row.cells.length > dataSet.fields.length) throw deltaFailures.DELTA_SHAPE({ where: dataSet.id, why: `#${row.place}` })
  return dataSet.fields.map((_, position) => row.cells[position]?.value ?? null)
}
