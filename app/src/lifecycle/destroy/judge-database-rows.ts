// SPDX-License-Identifier: Apache-2.0
// How rows of a live database stand to the inventory: each found by its key and compared with its own commitments, never by what it looks like (CONTRACTS §§3, 9).
import { fieldLeaf, type CanonicalValue } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import type { EditableDatabase, EditableTable, EditCell, EditSession, RowKey } from '../../sources/index.ts'
import { compartments, type OpenRecord } from '../../vault/index.ts'
import { grantHours } from './destruction-order.ts'
import type { ExpectedRow } from './expected-rows.ts'
import type { ExpectedSet } from './original-file.ts'
import { isSet, stays } from './row-fate.rules.ts'

/** A table of a database with the data set that it is in the inventory. */
export interface TableOfOrder {
  set: ExpectedSet
  table: EditableTable
}

/** 行的判定. `inventoried`: as it was entered (or as an earlier order left it). `done`: as the order wants it, or gone. `changed`: something else; `unknown`: it cannot be compared. */
export interface JudgedRow {
  row: ExpectedRow
  key: RowKey
  verdict: 'inventoried' | 'done' | 'changed' | 'unknown'
  /** A row with this key stands in the table. */
  isThere: boolean
}

/** What rows are compared with, and where. */
export interface Judging {
  /** By record id in hexadecimal. */
  records: ReadonlyMap<string, OpenRecord>
  database: EditableDatabase
  of: TableOfOrder
}

/** Finds the rows of these records and says how each stands; in a writing session they are locked until its end. */
export async function judgeDatabaseRows(judging: Judging, session: EditSession, rows: readonly ExpectedRow[]): Promise<JudgedRow[]> {
  const { database, of, records } = judging
  const keyed = rows.map((row) => {
    const record = records.get(row.recordId.toString('hex'))
    const key = of.table.key.map((position) => record?.values[position] ?? null)
    return { row, record, key, canFind: record !== undefined && database.canFind(of.table, key) }
  })
  const wanted = keyed.filter(({ canFind }) => canFind).map(({ key }) => key)
  const found = wanted.length === 0 ? [] : await session.find(of.table, wanted)
  const byKey = new Map(found.map((cells) => [identityOf(of.table.key.map((position) => cells[position] ?? null)), cells]))
  const hasOthers = keyed.filter(({ canFind, key }) => canFind && byKey.has(identityOf(key))).length < found.length
  const judged: JudgedRow[] = []
  for (const { row, record, key, canFind } of keyed) {
    if (!canFind || record === undefined) judged.push({ row, key, verdict: 'unknown', isThere: false })
    else {
      // A key that the server takes for the same although it is written otherwise (A1, a1) is not the row of the inventory, and not gone either.
      const live = byKey.get(identityOf(key)) ?? (hasOthers ? (await session.find(of.table, [key]))[0] : undefined)
      judged.push(live === undefined ? { row, key, verdict: 'done', isThere: false } : { row, key, verdict: verdictOf({ set: of.set, table: of.table, row, record, live }), isThere: true })
    }
  }
  return judged
}

/** The records of these rows as the vault knows them, by record id in hexadecimal; those whose keys are gone are not among them. */
export async function openRecords(ctx: Context, matter: Matter, approval: string, rows: readonly ExpectedRow[]): Promise<Map<string, OpenRecord>> {
  const recordIds = rows.filter((row) => !row.isErased).map((row) => row.recordId)
  const records = new Map<string, OpenRecord>()
  if (recordIds.length === 0) return records
  const grant = { person: ctx.signer.vkey.name, purpose: 'destroy-original' as const, compartments, until: addHours(ctx.now(), grantHours), approval }
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds, withLeaves: true })) for (const record of batch) records.set(record.recordId.toString('hex'), record)
  return records
}

interface Comparison {
  set: ExpectedSet
  table: EditableTable
  row: ExpectedRow
  record: OpenRecord
  live: readonly EditCell[]
}

/** Every cell by its own leaf: what should still stand is the committed value, what went before is empty. */
function verdictOf(given: Comparison): JudgedRow['verdict'] {
  const { row, set, table } = given
  const before = row.inOriginal
  const asEntered = judgeCells(given, (position) => before === null || isSet(before, position))
  if (asEntered === 'unknown' || row.fate === 'stays') return asEntered === 'same' ? 'inventoried' : asEntered
  const asWanted = row.fate === 'goes' ? 'changed' : judgeCells(given, (position) => stays(row.fate, position), (position) => table.emptying[position] === 'follows')
  const hasNothingToLose = set.dataSet.fields.every(({ position }) => stays(row.fate, position) || (given.live[position] ?? '').length === 0)
  if (asWanted === 'same' && (asEntered !== 'same' || hasNothingToLose)) return 'done'
  return asEntered === 'same' ? 'inventoried' : 'changed'
}

function judgeCells({ set, record, live }: Comparison, stands: (position: number) => boolean, isPassedOver: (position: number) => boolean = () => false): 'same' | 'changed' | 'unknown' {
  let verdict: 'same' | 'changed' | 'unknown' = 'same'
  for (const { id, position } of set.dataSet.fields) {
    const value: CanonicalValue = live[position] ?? null
    if (isPassedOver(position)) continue
    if (!stands(position)) {
      if (value !== null && value.length > 0) return 'changed'
      continue
    }
    const [salt, leaf] = [record.salts[position], record.leaves?.[position]]
    if (salt === undefined || leaf === undefined) verdict = 'unknown'
    else if (!leaf.equals(fieldLeaf({ salt, recordId: record.recordId, fieldId: idBytes('fld', id), value }))) return 'changed'
  }
  return verdict
}

/** Whether a field of a row should still stand in the original, by what earlier orders did. */
export function isCellThere(row: ExpectedRow, position: number): boolean {
  return isSet(row.presence, position) && (row.inOriginal === null || isSet(row.inOriginal, position))
}

/** A key as one text in which no two keys meet. */
export function identityOf(key: RowKey): string {
  return key.map((cell) => (cell === null ? 'n' : typeof cell === 'string' ? `t${cell.length}:${cell}` : `b${Buffer.from(cell).toString('hex')}:`)).join('')
}
