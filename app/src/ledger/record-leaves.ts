// SPDX-License-Identifier: Apache-2.0
import { encodeBooksEntry, encodeInventoryEntry, isPresent, leafHash, MerkleAccumulator, toHex } from '@handover/proof'
import { assert } from '../kit/assert.ts'
import { idBytes } from '../kit/ids.ts'
import type { Queryable } from '../store/index.ts'
import { fieldPlaces, streamRecords, type BookRecord } from './books.store.ts'
import type { EventBodies } from './events.ts'
import type { MatterScope } from './events.store.ts'

/** 清单叶. Inventory entries of all records in inventory order (of one data set, when given), as the bundle holds them (CONTRACTS §3). */
export async function* inventoryEntries(db: Queryable, scope: MatterScope, dataSetId: string | null = null): AsyncGenerator<Buffer, void, undefined> {
  for await (const records of streamRecords(db, scope, dataSetId)) for (const record of records) yield inventoryEntryOf(record)
}

/** 账簿叶. Books entries of all records in inventory order: the present disposition vectors (CONTRACTS §3). */
export async function* booksEntries(db: Queryable, scope: MatterScope): AsyncGenerator<Buffer, void, undefined> {
  for await (const records of streamRecords(db, scope)) for (const record of records) yield booksEntryOf(record)
}

/** Inventory entry of one record: its root is that of version 1, whatever happened since. */
export function inventoryEntryOf(record: BookRecord): Buffer {
  return Buffer.from(encodeInventoryEntry({
    index: BigInt(record.index), recordId: record.id, dataSetId: idBytes('ds', record.ds), presence: record.presence, recordRoot: record.inventoryRoot,
  }))
}

/** Books entry of one record. */
export function booksEntryOf(record: BookRecord): Buffer {
  return Buffer.from(encodeBooksEntry({ index: BigInt(record.index), recordId: record.id, vector: record.vector }))
}

/** Root over entries in their order, hexadecimal. */
export async function rootOfEntries(entries: AsyncIterable<Uint8Array>): Promise<string> {
  const tree = new MerkleAccumulator()
  for await (const entry of entries) tree.push(leafHash(entry))
  return toHex(tree.root())
}

/**
 * 清查. What `InventoryCommitted` says of a data set whose records are all stored: first index, root over the inventory entries in index order,
 * values per field, and the postings discovered→pending. Refuses a data set whose indexes have gaps (two inventories at once).
 */
export async function inventoryOf(db: Queryable, scope: MatterScope, dataSetId: string): Promise<EventBodies['InventoryCommitted']> {
  const fields = await fieldPlaces(db, scope, dataSetId)
  const tree = new MerkleAccumulator()
  const values = fields.map(() => 0)
  let first: number | null = null
  let records = 0
  for await (const batch of streamRecords(db, scope, dataSetId)) {
    for (const record of batch) {
      first ??= record.index
      assert(record.index === first + records, 'the records of a data set have consecutive inventory indexes')
      tree.push(leafHash(inventoryEntryOf(record)))
      for (const { position } of fields) if (isPresent(record.presence, position)) values[position] = (values[position] ?? 0) + 1
      records += 1
    }
  }
  const counted = fields.map((field) => ({ f: field.f, values: values[field.position] ?? 0 }))
  return {
    ds: dataSetId, first: first ?? 0, records, root: toHex(tree.root()), fields: counted,
    postings: counted.filter((field) => field.values > 0).map((field) => ({ ds: dataSetId, f: field.f, from: 'discovered', to: 'pending', n: field.values })),
  }
}
