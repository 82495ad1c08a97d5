// SPDX-License-Identifier: Apache-2.0
// A table without any key: its rows are told apart only by all of their cells, so it is compared as a bag of rows and goes as a whole.
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import type { EditCell, EditSession } from '../../sources/index.ts'
import { isCellThere, openRecords, type TableOfOrder } from './judge-database-rows.ts'
import type { RowFate } from './row-fate.rules.ts'

/** How the rows of a table without a key stand. */
export interface KeylessRows {
  /** Rows that the order ends and that are still there. */
  going: number
  /** Rows that are none of the inventory's. */
  extra: number
  /** Records whose values cannot be opened any more. */
  unknown: number
  /** Ids of the records that the order ends. */
  recordIds: Buffer[]
}

/** Compares all rows of the table with all records of the data set, by their cells; duplicates count as often as they occur. */
export async function compareKeyless(ctx: Context, matter: Matter, { approval, of, session }: { approval: string; of: TableOfOrder; session: EditSession }): Promise<KeylessRows> {
  const found: KeylessRows = { going: 0, extra: 0, unknown: 0, recordIds: [] }
  const expected = { going: new Map<string, number>(), staying: new Map<string, number>() }
  for await (const rows of of.set.rows()) {
    const records = await openRecords(ctx, matter, approval, rows)
    for (const row of rows) {
      if (row.fate !== 'stays') found.recordIds.push(row.recordId)
      const record = records.get(row.recordId.toString('hex'))
      const cells = record === undefined ? null : of.set.dataSet.fields.map(({ position }) => (isCellThere(row, position) ? record.values[position] : null))
      if (cells === null || cells.includes(undefined)) found.unknown += 1
      else add(expected[bagOf(row.fate)], cells.map((cell) => cell ?? null))
    }
  }
  await session.each(of.table, (rows) => {
    for (const cells of rows) {
      if (take(expected.staying, cells)) continue
      if (take(expected.going, cells)) found.going += 1
      else found.extra += 1
    }
  })
  return found
}

// A row that loses cells stands in the table as it was, or is not there.
const bagOf = (fate: RowFate): 'going' | 'staying' => (fate === 'stays' ? 'staying' : 'going')

function add(bag: Map<string, number>, cells: readonly EditCell[]): void {
  const id = digestOf(cells)
  bag.set(id, (bag.get(id) ?? 0) + 1)
}

function take(bag: Map<string, number>, cells: readonly EditCell[]): boolean {
  const id = digestOf(cells)
  const count = bag.get(id) ?? 0
  if (count > 0) bag.set(id, count - 1)
  return count > 0
}

/** The cells of a row as one digest; empty cells are alike, as in the books. */
function digestOf(cells: readonly EditCell[]): string {
  const hash = createHash('sha256')
  for (const cell of cells) {
    if (cell === null || cell.length === 0) hash.update('n')
    else hash.update(typeof cell === 'string' ? `t${Buffer.byteLength(cell, 'utf8')}:` : `b${cell.length}:`).update(cell)
  }
  return hash.digest('base64').slice(0, 24)
}
