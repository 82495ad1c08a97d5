// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurable } from '../../ledger/index.ts'
import { landRow, type LandedRow, type Landing, type LandingSegment, type LandingTable } from './landing.ts'
import { writePeoplesTables } from './write-peoples-tables.ts'

const rowSchema = z.strictObject({ table: z.string(), record: z.string(), kinds: z.string(), cells: z.array(z.string().nullable().or(z.undefined())) })
const headSchema = z.object({ sha256: z.string() })

/** A folder as landing place: `exact/<package>/NNNNN.ndjson` is the truth, one whole file a segment; `tables/` has CSV and XLSX for people. */
export function openFolderLanding(folder: string): Landing {
  const exact = (packageId: string): string => join(folder, 'exact', packageId)
  let names: string[] = []
  const rowsOf = (packageId: string, table: LandingTable): AsyncIterable<LandedRow> => readBack(exact(packageId), table, names)
  return {
    kind: 'folder',
    prepare: (tables) => {
      names = tables.map(({ name }) => name)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const columns = tables.flatMap(({ name, dataSet }) => dataSet.fields.map((field) => ({ table: name, column: field.index, dataSet: dataSet.id, dataSetTitle: dataSet.name, field: field.id, title: field.name, type: field.type, grade: field.grade })))
      writeDurable(join(folder, 'columns.json'), Buffer.from(`${JSON.stringify(mergeColumns(join(folder, 'columns.json'), columns), null, 1)}\n`), 0o600)
      return Promise.resolve()
    },
    loaded: (packageId) => Promise.resolve(loadedSegments(exact(packageId))),
    load: (packageId, segment, tables) => Promise.resolve(writeDurable(join(exact(packageId), segmentFile(segment.position)), Buffer.from(segmentText(segment, tables)), 0o600)),
    readBack: rowsOf,
    forget: (packageId) => Promise.resolve(rmSync(exact(packageId), { recursive: true, force: true })),
    finish: (packageId, tables) => writePeoplesTables(join(folder, 'tables'), tables, (table) => rowsOf(packageId, table)),
    close: () => Promise.resolve(),
  }
}

type Columns = { table: string; column: number }[]

/** Columns of earlier packages stay listed. */
function mergeColumns(file: string, columns: Columns): unknown[] {
  const before = existsSync(file) ? z.array(z.looseObject({ table: z.string(), column: z.int() })).parse(JSON.parse(readFileSync(file, 'utf8'))) : []
  const now = new Set(columns.map(({ table, column }) => `${table} ${column}`))
  return [...before.filter(({ table, column }) => !now.has(`${table} ${column}`)), ...columns]
}

function segmentFile(position: number): string {
  return `${String(position).padStart(5, '0')}.ndjson`
}

function segmentText(segment: LandingSegment, tables: ReadonlyMap<string, LandingTable>): string {
  const lines = segment.records.map((record) => {
    const table = tables.get(Buffer.from(record.dataSetId).toString('hex'))
    if (table === undefined) throw new Error('assertion failed: a verified record is of a data set of the manifest')
    const { recordId, kinds, cells } = landRow(record, table.dataSet.fields.length)
    return JSON.stringify({ table: table.name, record: recordId, kinds, cells })
  })
  return `${[JSON.stringify({ segment: segment.position, sha256: segment.sha256, records: lines.length }), ...lines].join('\n')}\n`
}

function filesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ndjson')).sort() : []
}

/** A segment file is there whole or not at all; its first line says of which ciphertext. One whose first line somebody changed is there as something else. */
function loadedSegments(folder: string): Map<number, string> {
  return new Map(filesOf(folder).flatMap((name) => {
    const position = /^(\d{5})\.ndjson$/.exec(name)?.[1]
    const head = headSchema.safeParse(parseLine(readFileSync(join(folder, name), 'utf8').split('\n', 1)[0] ?? ''))
    return position === undefined ? [] : [[Number(position), head.success ? head.data.sha256 : ''] as const]
  }))
}

/** Folders are for recipients without a database: the rows of one table fit into memory. */
async function* readBack(folder: string, { name, dataSet }: LandingTable, names: readonly string[]): AsyncGenerator<LandedRow, void, undefined> {
  const rows: LandedRow[] = []
  for (const file of filesOf(folder)) {
    for (const [at, line] of linesOf(readFileSync(join(folder, file))).entries()) {
      const row = rowOfLine(line)
      const isKnown = row !== null && names.includes(row.table)
      if (isKnown && row.table === name) rows.push({ recordId: row.record, kinds: row.kinds, cells: dataSet.fields.map(({ index }) => row.cells[index]) })
      // A line that nobody can read, or of no table, is nobody's record; it is shown once, with the first table.
      if (!isKnown && at > 0 && line.length > 0 && names[0] === name) rows.push({ recordId: line.toString('latin1'), kinds: '', cells: [] })
    }
  }
  yield* rows.sort((a, b) => Buffer.compare(Buffer.from(a.recordId), Buffer.from(b.recordId)))
}

/** Lines of a file as bytes, so that damage in one does not hide the others. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    lines.push(bytes.subarray(at, end < 0 ? bytes.length : end))
    at = end < 0 ? bytes.length : end + 1
  }
  return lines
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** A line as a row. Where bytes are no UTF-8 the structure is still ASCII: the line is parsed byte by byte and only the damaged cells are unreadable. */
function rowOfLine(bytes: Buffer): z.infer<typeof rowSchema> | null {
  const text = decoded(bytes)
  const row = rowSchema.safeParse(parseLine(text ?? bytes.toString('latin1')))
  if (!row.success) return null
  if (text !== undefined) return row.data
  const cells = row.data.cells.map((cell) => (typeof cell !== 'string' ? cell : /^[\0-\xff]*$/.test(cell) ? decoded(Buffer.from(cell, 'latin1')) : undefined))
  return { ...row.data, cells }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
