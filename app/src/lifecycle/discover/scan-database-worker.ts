// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { byteClasses } from '../../detection/index.ts'
import { Failure } from '../../kit/failure.ts'
import { answerParent, openDatabase, planOfTable, shareOf, whyOf, type ForeignDatabase, type ForeignTable, type TableReading, type WhyNotRead } from '../../sources/index.ts'
import { BlocksCounter } from './scan-blocks.ts'
import type { DatabaseEvent, DatabaseWork } from './scan-database.ts'
import { SourceScan } from './scan-one-source.ts'
import type { ScanReport } from './scan-report.ts'

/** With so many first rows, its columns and what the server tells of changes, a table is recognised again. */
const FINGERPRINT_ROWS = 256

// Started by our own code with plain data of its own making; nothing of it comes from a database.
const isWork = (value: unknown): value is DatabaseWork => typeof value === 'object' && value !== null && 'login' in value && 'task' in value
const given: unknown = workerData
if (!isWork(given)) throw new Error('not a worker of a scan')
const work = given

async function* scanAll(alive: (msNeeded?: number) => void): AsyncGenerator<DatabaseEvent> {
  const { limits } = work.login
  alive(2 * limits.connectMs + limits.statementSeconds * 1000)
  const database = await openDatabase(work.login, byteClasses, () => alive(limits.statementSeconds * 1000))
  try {
    const { kind, server, asOf } = database
    const tables = database.tables.map((table) => ({ name: table.name, bytes: Math.ceil(table.estimatedBytes * shareOf(table, limits)), rows: Math.ceil(table.estimatedRows * shareOf(table, limits)) }))
    yield { kind: 'opened', of: { kind, server, asOf }, tables, notRead: database.unread.map(({ where, why }) => entryOf(placeIn(where), why)) }
    for (const table of database.tables) {
      if (work.only !== null && !work.only.includes(table.name)) continue
      try {
        const fingerprint = work.isKept ? await fingerprintOf(database, table) : ''
        if (work.task === 'scan') yield* scanTable(database, table, fingerprint)
        else yield { kind: 'fingerprint', table: table.name, fingerprint }
      } catch (error) {
        if (!(error instanceof Failure) || isLost(error)) throw error
        yield { kind: 'table', table: table.name, fingerprint: '', outcome: { bytes: 0, sha256: '', dataSet: null, notRead: [entryOf(placeIn(table.name), whyOf(error))] } }
      }
    }
  } finally {
    await database.close()
  }
}

/** The server is gone, and with it the snapshot: what is left cannot be read. */
const isLost = (failure: Failure): boolean => failure.code === 'CONNECTOR_UNREACHABLE' || failure.code === 'CONNECTOR_ASKED_FOR_FILE'

const placeIn = (where: string): string => (where === '*' ? work.login.place : `${work.login.place}!${where}`)

function entryOf(where: string, why: WhyNotRead): ScanReport['notRead'][number] {
  return { where, why: why.zh, whyEn: why.en, code: why.code }
}

/** Reads one table and classifies its columns. */
async function* scanTable(database: ForeignDatabase, table: ForeignTable, fingerprint: string): AsyncGenerator<DatabaseEvent> {
  const { place, limits } = work.login
  const scan = new SourceScan({ index: 0, path: place, place, kind: database.kind, bytes: 0, sha256: '' }, { ruleSet: work.ruleSet, isByCells: false, alive: () => undefined })
  scan.begin({
    index: 0, source: 0, name: table.name, kind: database.kind, hidden: false, fields: table.fields, headerRow: null, blankHeaders: 0, duplicateHeaders: 0,
    ...(table.comment === '' ? {} : { comment: table.comment }), ...(table.isNumberKey ? { placeUnit: 'key' } : {}),
  })
  const counter = new BlocksCounter(table.fields.length)
  const reading = database.read(table, planOfTable(table, limits))
  let rows = 0
  for await (const block of reading.blocks()) {
    counter.add(block)
    rows += block.rows
    yield { kind: 'rows', table: table.name, rows: block.rows }
  }
  const columns = counter.end()
  const oddCells = columns.reduce((sum, column, i) => sum + (table.fields[i]?.form === 'bytes' ? 0 : column.notText), 0)
  scan.end({ rows, blankRows: 0, shortRows: 0, longRows: 0, oddCells, mergedRanges: 0 }, { columns, duplicateRows: counter.duplicates.count })
  const [dataSet = null] = scan.report().dataSets
  yield { kind: 'table', table: table.name, fingerprint, outcome: { bytes: reading.bytes(), sha256: reading.digest().toString('hex'), dataSet: dataSet === null ? null : { ...dataSet, asOf: database.asOf, estimatedRows: table.estimatedRows, ...(table.key.length === 0 ? {} : { key: table.key }) }, notRead: notReadOf(reading, table) } }
}

function notReadOf(reading: TableReading, table: ForeignTable): ScanReport['notRead'] {
  return reading.unread().map((why) => entryOf(placeIn(table.name), why))
}

/** A digest that only a reader of the table can know, and that changes with it as far as can be seen. */
async function fingerprintOf(database: ForeignDatabase, table: ForeignTable): Promise<string> {
  const first = database.read(table, { rows: FINGERPRINT_ROWS, take: 'first', isOrdered: true })
  for await (const _ of first.blocks());
  const { comment, fields, changes, key } = table
  return createHash('sha256').update(JSON.stringify([table.schema, table.bare, comment, fields, key, changes])).update(first.digest()).digest('hex')
}

await answerParent(scanAll)
