// SPDX-License-Identifier: Apache-2.0
// Records that a delta had revised before the database was restored from an older backup (CONTRACTS §10): the replayed list says that their former version is gone, and only the source can say what came after it.
import { randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { normaliseKey } from '../../detection/index.ts'
import type { SourceRow } from '../../sources/index.ts'
import { hashBytes } from './delta-hash.ts'
import { valuesOfRow, type Comparing } from './delta-rows.ts'
import { waitingSuperseded, type SupersededRow } from './delta-superseded.store.ts'
import type { HashedRecord } from './delta.store.ts'
import { isIdentityKeyType, keyWithScope } from './identity-keys.rules.ts'
import type { Scope } from './ingest.store.ts'
import type { InventoryDataSet } from './inventory.ts'

/** 待补记录. Superseded records of one data set, by the blind index of the key by which this comparison finds records. */
export interface Superseded {
  byBlind: Map<string, SupersededRow>
  all: readonly SupersededRow[]
}

/** The superseded records of a data set that a comparison has not met yet, or null when there are none. */
export async function supersededOf(ctx: Context, scope: Scope, order: Comparing, dataSet: InventoryDataSet): Promise<Superseded | null> {
  const column = order.keyColumns.get(dataSet.id) ?? null
  const all = await waitingSuperseded(ctx.db, scope, order.scanId, { dataSetId: dataSet.id, keyType: column?.type ?? null })
  if (all.length === 0) return null
  return { all, byBlind: new Map(all.flatMap((row) => (row.blind === null ? [] : [[row.blind.toString('hex'), row] as const]))) }
}

/** The superseded records whose key these rows have, as records that differ from them in every cell: the rows are their later version. */
export async function meetSuperseded(ctx: Context, scope: Scope, { order, dataSet, waiting }: { order: Comparing; dataSet: InventoryDataSet; waiting: Superseded }, hashed: readonly { row: SourceRow; keyHash: Buffer }[]): Promise<HashedRecord[]> {
  const column = order.keyColumns.get(dataSet.id) ?? null
  if (column === null || !isIdentityKeyType(column.type) || waiting.byBlind.size === 0) return []
  const { type, position } = column
  const keyed = hashed.flatMap(({ row, keyHash }) => {
    const value = valuesOfRow(dataSet, row)[position]
    const normalised = typeof value === 'string' ? normaliseKey(type, value) : null
    return normalised === null ? [] : [{ keyHash, keyType: type, normalised: keyWithScope(type, normalised, order.sourceId) }]
  })
  const blinds = await ctx.vault.blindMany(scope.matterId, keyed.map(({ keyType, normalised }) => ({ keyType, normalised })))
  return keyed.flatMap(({ keyHash }, at) => {
    const id = blinds[at]?.toString('hex') ?? ''
    const record = waiting.byBlind.get(id)
    waiting.byBlind.delete(id)
    return record === undefined ? [] : [unknownRecord(dataSet, record, keyHash)]
  })
}

/** Superseded records that no row has the key of: nobody knows their values any more, so they stay in the books without any. */
export function unmetSuperseded(dataSet: InventoryDataSet, rows: readonly SupersededRow[]): HashedRecord[] {
  return rows.map((record) => unknownRecord(dataSet, record, randomBytes(hashBytes)))
}

function unknownRecord(dataSet: InventoryDataSet, record: SupersededRow, keyHash: Buffer): HashedRecord {
  return { dataSetId: dataSet.id, recordId: record.id, ordinal: record.ordinal, rowBefore: record.row, version: record.version, vector: record.vector, keyHash, cellHashes: Buffer.alloc(dataSet.fields.length * hashBytes) }
}

/** Whether these are the cells of a superseded record: no hash of a cell is zero. */
export function isUnknown(cellHashes: Buffer): boolean {
  return cellHashes.length > 0 && cellHashes.every((byte) => byte === 0)
}
