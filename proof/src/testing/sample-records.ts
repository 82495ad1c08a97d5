// SPDX-License-Identifier: Apache-2.0
import { presenceBitmap } from '../book-leaves.ts'
import type { BooksEntry, DispositionName, InventoryEntry } from '../book-leaves.ts'
import { dispositionCode } from '../book-leaves.ts'
import { toHex } from '../bytes.ts'
import { deriveSalts, fieldLeaf, isValue, recordRoot } from '../values.ts'
import type { CanonicalValue } from '../values.ts'
import { sampleBytes, sampleId } from './sample-keys.ts'

/** One invented record: values and where they end. */
export type SampleRecord = { id: Uint8Array; ds: SampleDataSet; index: number; values: CanonicalValue[]; fates: DispositionName[]; salts: Uint8Array[]; leaves: Uint8Array[]; root: Uint8Array }
/** One invented data set. */
export type SampleDataSet = { id: Uint8Array; fields: Uint8Array[] }

const customers: SampleDataSet = { id: sampleId('customers'), fields: [sampleId('c0'), sampleId('c1'), sampleId('c2')] }
const orders: SampleDataSet = { id: sampleId('orders'), fields: [sampleId('o0'), sampleId('o1')] }

const T = 'transferred'
const rows: [SampleDataSet, CanonicalValue[], DispositionName[]][] = [
  [customers, ['测试甲', '+8600000000001', ''], [T, T, 'empty']],
  [customers, ['测试乙', null, '备注"引号"\n换行'], [T, 'empty', T]],
  [customers, ['测试丙', Uint8Array.of(0, 255, 254), '=cmd'], [T, T, 'sealed']],
  [customers, ['测试丁', '000123', null], ['destroyed', 'destroyed', 'empty']],
  [customers, ['测试戊', '', ''], ['kept', 'empty', 'empty']],
  [orders, ['订单一', '99'], [T, 'sealed']],
  [orders, ['订单二', null], ['destroyed', 'empty']],
]

/** The invented records in inventory order. */
export const sampleRecords: readonly SampleRecord[] = rows.map(([ds, values, fates], index) => {
  const id = sampleId(`record ${index}`)
  const salts = deriveSalts(sampleBytes(`secret ${index}`), 1, values.length)
  const leaves = values.map((value, at) => fieldLeaf({ salt: salts[at] ?? new Uint8Array(0), recordId: id, fieldId: ds.fields[at] ?? new Uint8Array(0), value }))
  return { id, ds, index, values, fates, salts, leaves, root: recordRoot(leaves) }
})

/** The data sets in inventory order. */
export const sampleDataSets: readonly SampleDataSet[] = [customers, orders]

/** Text id of a data set in events. */
export function dsText(ds: SampleDataSet): string {
  return `ds_${toHex(ds.id)}`
}

/** Inventory entry of a record. */
export function inventoryOf(record: SampleRecord): InventoryEntry {
  return { index: BigInt(record.index), recordId: record.id, dataSetId: record.ds.id, presence: presenceBitmap(record.values.map(isValue)), recordRoot: record.root }
}

/** Books entry of a record at the close. */
export function booksOf(record: SampleRecord): BooksEntry {
  return { index: BigInt(record.index), recordId: record.id, vector: Uint8Array.from(record.fates, dispositionCode) }
}

/** Postings that move all values with this fate between two accounts. */
export function sampleMoves(fate: DispositionName | null, from: string, to: string): { ds: string; f: string; from: string; to: string; n: number }[] {
  return sampleDataSets.flatMap((ds) =>
    ds.fields.flatMap((field, at) => {
      const n = sampleRecords.filter((record) => record.ds === ds && isValue(record.values[at] ?? null) && (fate === null || record.fates[at] === fate)).length
      return n === 0 ? [] : [{ ds: dsText(ds), f: `fld_${toHex(field)}`, from, to, n }]
    }),
  )
}
