// SPDX-License-Identifier: Apache-2.0
import { escapeIdentifier } from 'pg'
import type { SqlValue } from './sql-values.ts'

/** Rows for a bulk insert, each with one value for each named column. */
export type BulkRows = Iterable<readonly SqlValue[]> | AsyncIterable<readonly SqlValue[]>

/** A column as the catalogue knows it. */
export interface BulkColumn {
  name: string
  type: string
  isArray: boolean
}

/** The catalogue's columns of a table, for the types of a bulk insert. */
export const columnsQuery = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typcategory = 'A' AS "isArray"
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`

/** An INSERT that takes each column as one array. (COPY is refused on tables with row-level security; many VALUES took twice the time.) */
export function bulkInsert(table: string, columns: readonly BulkColumn[]): string {
  const names = columns.map((column) => escapeIdentifier(column.name))
  const arrays = columns.map((column, index) => `$${index + 1}::${column.isArray ? 'text' : column.type}[]`)
  const selected = columns.map((column, index) => (column.isArray ? `c${index}::${column.type}` : `c${index}`))
  const aliases = columns.map((_, index) => `c${index}`)
  return `INSERT INTO ${escapeIdentifier(table)} (${names.join(', ')}) SELECT ${selected.join(', ')} FROM unnest(${arrays.join(', ')}) AS rows(${aliases.join(', ')})`
}

const batchRowsMax = 5000
const batchBytesMax = 8_000_000

/** The rows turned into columns, in batches whose memory is bounded by rows and by bytes; refuses a row of another width. */
export async function* columnBatches(rows: BulkRows, columns: readonly BulkColumn[]): AsyncGenerator<SqlValue[][], void, undefined> {
  let batch: SqlValue[][] = columns.map(() => [])
  let bytes = 0
  for await (const row of rows) {
    if (row.length !== columns.length) throw new Error(`assertion failed: a row has ${row.length} values for ${columns.length} columns`)
    row.forEach((value, index) => {
      batch[index]?.push(Array.isArray(value) ? arrayText(value) : value)
      bytes += bytesOf(value)
    })
    if ((batch[0]?.length ?? 0) < batchRowsMax && bytes < batchBytesMax) continue
    yield batch
    batch = columns.map(() => [])
    bytes = 0
  }
  if ((batch[0]?.length ?? 0) > 0) yield batch
}

function bytesOf(value: SqlValue): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
}

function arrayText(items: readonly SqlValue[]): string {
  return `{${items.map(arrayItem).join(',')}}`
}

function arrayItem(item: SqlValue): string {
  if (item === null) return 'NULL'
  if (typeof item === 'string') return `"${item.replace(/["\\]/g, '\\$&')}"`
  if (item instanceof Uint8Array) return `"\\\\x${Buffer.from(item).toString('hex')}"`
  if (typeof item === 'object') return arrayText(item)
  return String(item)
}
