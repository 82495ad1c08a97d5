// SPDX-License-Identifier: Apache-2.0
import { encodeBooksEntry, encodeInventoryEntry, isPresent, MerkleAccumulator, toHex } from '@handover/proof'
import { assert } from '../kit/assert.ts'
import { idBytes } from '../kit/ids.ts'
import type { Queryable, Tx } from '../store/index.ts'
import { copyInventory, fieldPlaces, streamRecords, type BookRecord } from './books.store.ts'
import type { EventBodies } from './events.ts'
import type { MatterScope } from './events.store.ts'

/** 清单叶. Inventory entries of all records in inventory order (of one data set, when given), as the bundle holds them (CONTRACTS §3). */
export async function* inventoryEntries(db: Queryable, scope: MatterScope, dataSetId: string | null = null, range: InventoryRange | null = null): AsyncGenerator<Buffer, void, undefined> {
  for await (const records of streamRecords(db, scope, dataSetId)) for (const record of records) if (isWithin(record, range)) yield inventoryEntryOf(record)
}

/** Records of one inventory event: a data set that grew by a delta scan has several. */
export interface InventoryRange {
  first: number
  records: number
}

function isWithin(record: BookRecord, range: InventoryRange | null): boolean {
  return range === null || (record.index >= range.first && record.index < range.first + range.records)
}

/** 账簿叶. Books entries of all records in inventory order: the present disposition vectors (CONTRACTS §3). */
export async function* booksEntries(db: Queryable, scope: MatterScope): AsyncGenerator<Buffer, void, undefined> {
  for await (const records of streamRecords(db, scope)) for (const record of records) yield booksEntryOf(record)
}

/** Inventory entry of one record: its root is that of version 1, whatever happened since. */
export function inventoryEntryOf(record: BookRecord): Buffer {
  return Buffer.from(encodeInventoryEntry({
    index: BigInt(record.index), recordId: record.id, dataSetId: idBytes('ds', record.ds), presence: record.inventoryPresence, recordRoot: record.inventoryRoot,
  }))
}

/** Books entry of one record. */
export function booksEntryOf(record: BookRecord): Buffer {
  return Buffer.from(encodeBooksEntry({ index: BigInt(record.index), recordId: record.id, vector: record.vector }))
}

/** Root over entries in their order, hexadecimal. */
export async function rootOfEntries(entries: AsyncIterable<Uint8Array>): Promise<string> {
  const tree = new MerkleAccumulator()
  for await (const entry of entries) tree.pushEntry(entry)
  return toHex(tree.root())
}

/**
 * 清查. What `InventoryCommitted` says of a data set whose records are all stored: first index, root over the inventory entries in index order,
 * values per field, and the postings discovered→pending. Refuses a data set whose indexes have gaps (two inventories at once).
 */
export async function inventoryOf(tx: Tx, scope: MatterScope, dataSetId: string, range: InventoryRange | null = null): Promise<EventBodies['InventoryCommitted']> {
  const fields = await fieldPlaces(tx, scope, dataSetId)
  const tree = new MerkleAccumulator()
  const values = new Float64Array(fields.reduce((most, field) => Math.max(most, field.position + 1), 0))
  const ds = idBytes('ds', dataSetId)
  let first: number | null = null
  let records = 0
  for await (const rows of copyInventory(tx, scope, dataSetId, range)) {
    for (let row = 0; row < rows.rows; row += 1) {
      const index = rows.int(row, 0)
      const presence = rows.bytes(row, 2)
      first ??= index
      assert(index === first + records, 'the records of a data set have consecutive inventory indexes')
      tree.pushEntry(encodeInventoryEntry({ index: BigInt(index), recordId: rows.bytes(row, 1), dataSetId: ds, presence, recordRoot: rows.bytes(row, 3) }))
      for (let position = 0; position < values.length; position += 1) if (isPresent(presence, position)) values[position] = (values[position] ?? 0) + 1
      records += 1
    }
  }
  const counted = fields.map((field) => ({ f: field.f, values: values[field.position] ?? 0 }))
  return {
    ds: dataSetId, first: first ?? 0, records, root: toHex(tree.root()), fields: counted,
    postings: counted.filter((field) => field.values > 0).map((field) => ({ ds: dataSetId, f: field.f, from: 'discovered', to: 'pending', n: field.values })),
  }
}
