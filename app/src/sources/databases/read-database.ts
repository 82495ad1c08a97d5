// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { Failure } from '../../kit/failure.ts'
import { runLimitedWorker } from '../limited-worker.ts'
import { noRows, type ReadEvent } from '../source-events.ts'
import { usualLimits } from '../source-limits.ts'
import { whyOf } from '../why-of.ts'
import type { DatabaseLogin, ForeignTable, TableReading } from './foreign-table.ts'
import { openDatabase } from './open-database.ts'
import { planOfTable } from './plan-table.rules.ts'
import { rowsOfBlock, type TableBlock } from './table-block.ts'

/** Silence after the time that the server itself has for a statement. */
const GRACE_MS = 30_000
// Values are wanted, not what their bytes are.
const anyClass = new Uint8Array(256).fill(1)

/** Reads a database for the books, in a limited worker: every table as its limits say, its rows in the order of its key; the source with its digest comes last, when all of it was read. Refuses as `openDatabase` does. */
export function readDatabase(login: DatabaseLogin): AsyncGenerator<ReadEvent> {
  const { limits, place } = login
  return runLimitedWorker<ReadEvent>({
    program: new URL('./database-worker.ts', import.meta.url), input: login, where: place,
    limits: { ...usualLimits, silenceMsMax: limits.statementSeconds * 1000 + 2 * limits.connectMs + GRACE_MS },
  })
}

/** The same in this thread. A table that cannot be read is listed; one that ends early keeps the rows that were read, and is listed too. */
export async function* readDatabaseHere(login: DatabaseLogin, alive: () => void): AsyncGenerator<ReadEvent> {
  const database = await openDatabase(login, anyClass, alive)
  const digests: [string, string][] = []
  let bytes = 0
  let index = 0
  try {
    for (const { where, why } of database.unread) yield { kind: 'notRead', where: where === '*' ? login.place : `${login.place}!${where}`, why }
    for (const table of database.tables) {
      const reading = database.read(table, planOfTable(table, login.limits))
      try {
        yield* rowsOfTable(login, { table, reading, index, kind: database.kind })
        digests.push([table.name, reading.digest().toString('hex')])
        bytes += reading.bytes()
        index++
      } catch (error) {
        if (!(error instanceof Failure) || error.code === 'CONNECTOR_UNREACHABLE') throw error
        digests.push([table.name, ''])
        yield { kind: 'notRead', where: `${login.place}!${table.name}`, why: whyOf(error) }
      }
    }
  } finally {
    await database.close()
  }
  yield { kind: 'source', source: { index: 0, path: login.place, place: login.place, kind: database.kind, bytes, sha256: digestOfTables(digests) } }
}

/** The digest of a database: over the names and digests of its tables, in their order. */
export function digestOfTables(tables: Iterable<readonly [string, string]>): string {
  const hash = createHash('sha256')
  for (const [name, sha256] of tables) hash.update(`${name.length} ${name} ${sha256}\n`)
  return hash.digest('hex')
}

async function* rowsOfTable(login: DatabaseLogin, of: { table: ForeignTable; reading: TableReading; index: number; kind: DatabaseLogin['address']['kind'] }): AsyncGenerator<ReadEvent> {
  const { table, reading, index, kind } = of
  const where = `${login.place}!${table.name}`
  const counts = noRows()
  // Only a table that can be read is a data set: nothing is said of it before its first block.
  const blocks = reading.blocks()
  let next = await blocks.next()
  const comment = table.comment === '' ? {} : { comment: table.comment }
  yield { kind: 'dataSet', dataSet: { index, source: 0, name: table.name, kind, hidden: false, fields: table.fields, headerRow: null, blankHeaders: 0, duplicateHeaders: 0, ...comment } }
  for (; next.done !== true; next = await blocks.next()) {
    yield rowsEvent(next.value, { table, where, index, ordinal: counts.rows })
    counts.rows += next.value.rows
  }
  yield { kind: 'dataSetEnd', dataSet: index, counts }
  for (const why of reading.unread()) yield { kind: 'notRead', where, why }
}

function rowsEvent(block: TableBlock, of: { table: ForeignTable; where: string; index: number; ordinal: number }): ReadEvent {
  return { kind: 'rows', dataSet: of.index, rows: rowsOfBlock(block, of.table, { ordinal: of.ordinal, where: of.where }) }
}
