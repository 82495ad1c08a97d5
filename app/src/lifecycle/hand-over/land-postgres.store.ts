// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { SegmentRecord } from '@handover/proof'
import { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { landRow, type LandedRow, type Landing, type LandingSegment, type LandingTable } from './landing.ts'
import { receiveFailures } from './receive-failures.ts'

const columnsMax = 1500
const fetchRows = 2000
const copyPieceLength = 256 * 1024
const schema = 'handover'

/** A PostgreSQL database as landing place: text columns with binary collation in the schema `handover`, one transaction a segment. Refuses another encoding than UTF8; the password comes from PGPASSWORD, ~/.pgpass or a file, never from the address (CONTRACTS §18). */
export async function openPostgresLanding(address: string, passwordFile: string | undefined): Promise<Landing> {
  // Whatever the server sends is taken as its own text: no driver turns a number or a date into something else (CONTRACTS §1).
  const client = new Client({ connectionString: withPassword(address, passwordFile), types: { getTypeParser: () => (text: unknown) => text } })
  client.on('error', () => undefined) // the statement under way reports it
  await guarded(() => client.connect().catch((error: unknown) => {
    // The driver itself has no code for a missing password.
    throw error instanceof Error && 'code' in error ? error : receiveFailures.DESTINATION_TROUBLE({ why: 'PostgreSQL login' }, { cause: error })
  }))
  try {
    const encoding = await textOf(client, 'show server_encoding')
    if (encoding !== 'UTF8') throw receiveFailures.DESTINATION_ENCODING({ encoding })
    await guarded(() => client.query(`set client_encoding = 'UTF8'; set search_path = pg_catalog`))
  } catch (error) {
    await client.end()
    throw error
  }
  return {
    kind: 'postgresql',
    prepare: (tables) => inTransaction(client, () => prepare(client, tables)),
    loaded: async (packageId) => {
      const { rows } = await guarded(() => client.query<{ position: string; sha256: string }>(`select position, sha256 from ${schema}.handover_segments where package = $1`, [packageId]))
      return new Map(rows.map((row) => [Number(row.position), row.sha256]))
    },
    load: (packageId, segment, tables) => inTransaction(client, () => load(client, packageId, { segment, tables })),
    readBack: (packageId, table) => readBack(client, packageId, table),
    takeBack: (packageId, recordIds) => inTransaction(client, async () => {
      const { rows } = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = '${schema}' and tablename ~ '^ds_[0-9a-f]{8,32}$'`)
      for (const { name } of rows) await client.query(`delete from ${schema}.${name} where record_id = any($1::text[]) and package <> $2`, [recordIds, packageId])
    }),
    destroy: (packageIds) => destroyRows(client, packageIds),
    forget: (packageId, tables) => inTransaction(client, async () => {
      for (const { name } of tables) await forgetTable(client, name, packageId)
      await client.query(`delete from ${schema}.handover_segments where package = $1`, [packageId])
    }),
    finish: () => Promise.resolve([]),
    close: () => client.end(),
  }
}

/** Deleted rows stay in the files of a PostgreSQL server until the table is written anew, so it is. */
async function destroyRows(client: Client, packageIds: readonly string[]): Promise<{ rows: number; left: number }> {
  const { rows: tables } = await guarded(() => client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = '${schema}' and tablename ~ '^ds_[0-9a-f]{8,32}$' order by 1`))
  let [rows, left] = [0, 0]
  await inTransaction(client, async () => {
    for (const { name } of tables) rows += (await client.query(`delete from ${schema}.${name} where package = any($1::text[])`, [packageIds])).rowCount ?? 0
    if (tables.length > 0) await client.query(`delete from ${schema}.handover_segments where package = any($1::text[])`, [packageIds])
  })
  for (const { name } of tables) {
    await guarded(() => client.query(`vacuum full ${schema}.${name}`))
    left += Number((await guarded(() => client.query<{ n: string }>(`select count(*) as n from ${schema}.${name} where package = any($1::text[])`, [packageIds]))).rows[0]?.n)
  }
  return { rows, left }
}

function withPassword(address: string, passwordFile: string | undefined): string {
  if (!URL.canParse(address)) throw receiveFailures.DESTINATION_KIND({ into: 'postgres://…' })
  const url = new URL(address)
  if (passwordFile !== undefined) url.password = encodeURIComponent(readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, ''))
  return url.href
}

async function prepare(client: Client, tables: readonly LandingTable[]): Promise<void> {
  if (tables.some(({ dataSet }) => dataSet.fields.length > columnsMax)) throw receiveFailures.DATA_SET_TOO_WIDE({ max: columnsMax })
  // "If not exists" asks for the right to create even when the schema is there.
  if ((await textOf(client, `select count(*) from pg_namespace where nspname = '${schema}'`)) === '0') await client.query(`create schema ${schema}`)
  const text = 'text collate "C"'
  await client.query(`create table if not exists ${schema}.handover_segments (package ${text} not null, position int not null, sha256 ${text} not null, records int not null, primary key (package, position))`)
  await client.query(`create table if not exists ${schema}.handover_columns (table_name ${text} not null, column_name ${text} not null, data_set ${text} not null, data_set_title ${text} not null, field ${text} not null, title ${text} not null, type ${text} not null, grade ${text} not null, primary key (table_name, column_name))`)
  for (const { name, dataSet } of tables) {
    const columns = ['package', 'record_id', 'kinds', ...dataSet.fields.map(({ index }) => `f${index}`)].map((column) => `${column} ${text}`)
    // Only a new table gets its index: over rows that somebody doubled it could not be made.
    if ((await columnsOf(client, name)).size === 0) {
      await client.query(`create table ${schema}.${name} (${columns.join(', ')})`)
      await client.query(`create unique index ${name}_once on ${schema}.${name} (record_id, package)`)
    }
    for (const field of dataSet.fields) {
      await client.query(
        `insert into ${schema}.handover_columns values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (table_name, column_name) do update set data_set_title = excluded.data_set_title, title = excluded.title, type = excluded.type, grade = excluded.grade`,
        [name, `f${field.index}`, dataSet.id, dataSet.name, field.id, field.name, field.type, field.grade])
    }
  }
}

/** A segment by COPY, which takes rows several times faster than statements do. */
async function load(client: Client, packageId: string, { segment, tables }: { segment: LandingSegment; tables: ReadonlyMap<string, LandingTable> }): Promise<void> {
  for (const { table, records } of byTable(segment.records, tables)) {
    const columns = ['package', 'record_id', 'kinds', ...table.dataSet.fields.map(({ index }) => `f${index}`)]
    await pipeline(Readable.from(copyLines(packageId, table, records), { objectMode: false }), client.query(copyFrom(`copy ${schema}.${table.name} (${columns.join(', ')}) from stdin`)))
  }
  await client.query(`insert into ${schema}.handover_segments values ($1, $2, $3, $4)`, [packageId, segment.position, segment.sha256, segment.count])
}

/** Records of a segment come table by table. Each part is read to its end before the next one is asked for. */
export function* byTable(records: Iterable<SegmentRecord>, tables: ReadonlyMap<string, LandingTable>): Generator<{ table: LandingTable; records: Iterable<SegmentRecord> }, void, undefined> {
  const iterator = records[Symbol.iterator]()
  let next = iterator.next()
  while (next.done !== true) {
    const { dataSetId } = next.value
    const table = tables.get(Buffer.from(dataSetId).toString('hex'))
    if (table === undefined) throw new Error('assertion failed: a verified record is of a data set of the manifest')
    yield { table, records: whileSame() }
    function* whileSame(): Generator<SegmentRecord, void, undefined> {
      for (; next.done !== true && Buffer.compare(next.value.dataSetId, dataSetId) === 0; next = iterator.next()) yield next.value
    }
  }
}

function* copyLines(packageId: string, { dataSet }: LandingTable, records: Iterable<SegmentRecord>): Generator<Buffer, void, undefined> {
  let lines = ''
  for (const record of records) {
    const { recordId, kinds, cells } = landRow(record, dataSet.fields.length)
    lines += `${packageId}\t${recordId}\t${kinds}`
    for (const cell of cells) lines += cell === null ? '\t\\N' : `\t${copyText(cell)}`
    lines += '\n'
    if (lines.length < copyPieceLength) continue
    yield Buffer.from(lines)
    lines = ''
  }
  yield Buffer.from(lines)
}

/** A text as COPY takes it: what would end a cell or a line stands behind a backslash. */
function copyText(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r') : text
}

/** Reads whatever type the columns have by now as the server's text, by a cursor in the order of bytes; a column that is gone reads as unreadable. */
async function* readBack(client: Client, packageId: string, { name, dataSet }: LandingTable): AsyncGenerator<LandedRow, void, undefined> {
  const there = await guarded(() => columnsOf(client, name))
  if (there.size === 0) return
  const column = (of: string): string => (there.has(of) ? `${of}::text collate "C"` : 'null::text')
  const cells = dataSet.fields.map(({ index }) => `${column(`f${index}`)} as c${index}`)
  const isThere = dataSet.fields.map(({ index }) => there.has(`f${index}`))
  // As we made it, the column is ordered by its index; rows without an id come last then, which is as good as first.
  const order = there.get('record_id') === 'text C' ? 'record_id' : `coalesce(${column('record_id')}, '') collate "C"`
  await guarded(() => client.query('begin isolation level repeatable read read only'))
  try {
    await guarded(() => client.query(
      `declare landed no scroll cursor for select coalesce(${column('record_id')}, '') as r, coalesce(${column('kinds')}, '') as k, ${cells.join(', ')} from ${schema}.${name}
        where ${column('package')} = $1 or ${column('package')} is null or ${column('package')} not in (select package from ${schema}.handover_segments) order by ${order}`, [packageId]))
    for (;;) {
      const { rows } = await guarded(() => client.query<(string | null)[]>({ text: `fetch ${fetchRows} from landed`, rowMode: 'array' }))
      for (const [recordId, kinds, ...texts] of rows) yield { recordId: recordId ?? '', kinds: kinds ?? '', cells: texts.map((text, at) => (isThere[at] === true ? text : undefined)) }
      if (rows.length < fetchRows) break
    }
  } finally {
    await guarded(() => client.query('rollback'))
  }
}

/** The columns of a table with their types; `text C` is the type that we gave them. */
async function columnsOf(client: Client, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, case when atttypid = 'text'::regtype and attcollation = '"C"'::regcollation then 'text C' else 'other' end as type
       from pg_attribute where attrelid = to_regclass('${schema}.${table}') and attnum > 0 and not attisdropped`)
  return new Map(rows.map((row) => [row.name, row.type]))
}

/** Rows of this package and of nobody go; a table that is empty then is made anew, with its columns and its index. */
async function forgetTable(client: Client, name: string, packageId: string): Promise<void> {
  if ((await columnsOf(client, name)).has('package')) await client.query(`delete from ${schema}.${name} where package = $1 or package is null or package not in (select package from ${schema}.handover_segments)`, [packageId])
  if ((await columnsOf(client, name)).size > 0 && (await client.query(`select 1 from ${schema}.${name} limit 1`)).rows.length === 0) await client.query(`drop table ${schema}.${name}`)
}

async function textOf(client: Client, statement: string): Promise<string> {
  const { rows } = await guarded(() => client.query<Record<string, string>>(statement))
  return Object.values(rows[0] ?? {})[0] ?? ''
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await guarded(() => client.query('begin'))
  try {
    await guarded(work)
    await guarded(() => client.query('commit'))
  } catch (error) {
    await client.query('rollback').catch(() => undefined) // the first error is the one to report
    throw error
  }
}

/** The server's own message may quote a value, so only its code is told. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && !('words' in error)) throw receiveFailures.DESTINATION_TROUBLE({ why: `PostgreSQL ${error.code}` }, { cause: error })
    throw error
  }
}
