// SPDX-License-Identifier: Apache-2.0
import { escapeIdentifier } from 'pg'
import type { SqlValue } from './sql-values.ts'
import { WireArray, type WireType } from './wire/index.ts'

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

/** Columns of these types go over the wire in binary; the others as the driver's text arrays. */
const binaryTypes: Readonly<Record<string, WireType>> = { bytea: 'bytea', bigint: 'int8', integer: 'int4', text: 'text', boolean: 'bool', uuid: 'uuid' }

/** The rows turned into one parameter a column, in batches whose memory is bounded by rows and by bytes; refuses a row of another width. */
export async function* columnBatches(rows: BulkRows, columns: readonly BulkColumn[]): AsyncGenerator<SqlValue[], void, undefined> {
  let batch = columns.map(collectorOf)
  let count = 0
  let bytes = 0
  for await (const row of rows) {
    if (row.length !== columns.length) throw new Error(`assertion failed: a row has ${row.length} values for ${columns.length} columns`)
    for (const [index, value] of row.entries()) {
      batch[index]?.add(value)
      bytes += bytesOf(value)
    }
    count += 1
    if (count < batchRowsMax && bytes < batchBytesMax) continue
    yield batch.map((column) => column.end())
    batch = columns.map(collectorOf)
    count = bytes = 0
  }
  if (count > 0) yield batch.map((column) => column.end())
}

interface Collector {
  add(value: SqlValue): void
  end(): SqlValue
}

function collectorOf(column: BulkColumn): Collector {
  const type = binaryTypes[column.type]
  if (type === undefined) {
    const values: SqlValue[] = []
    return { add: (value) => void values.push(Array.isArray(value) ? arrayText(value) : value), end: () => values }
  }
  const array = new WireArray(type)
  return { add: (value) => (value === null ? array.null() : addTo[type](array, value)), end: () => array.end() }
}

/** How a value reaches a column of each type; what does not fit it is refused here, as the server would. */
const addTo: Record<WireType, (array: WireArray, value: Exclude<SqlValue, null>) => void> = {
  bytea: (array, value) => array.bytes(value instanceof Uint8Array ? value : byteaOfText(String(value))),
  text: (array, value) => (value instanceof Uint8Array ? array.bytes(value) : array.text(String(value))),
  int8: (array, value) => array.int8(BigInt(String(value))),
  int4: (array, value) => array.int4(Number(value)),
  bool: (array, value) => array.bool(value === true || value === 'true' || value === 't'),
  uuid: (array, value) => array.bytes(Buffer.from(String(value).replaceAll('-', ''), 'hex')),
}

function byteaOfText(text: string): Uint8Array {
  if (!text.startsWith('\\x')) throw new TypeError('bytes were given as text')
  return Buffer.from(text.slice(2), 'hex')
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
