// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurable } from '../../ledger/index.ts'
import { landRow, type LandedRow, type Landing, type LandingSegment, type LandingTable } from './landing.ts'
import { LandedFolder } from './landed-folder.ts'
import { writePeoplesTables } from './write-peoples-tables.ts'

/** A folder as landing place: `exact/<package>/NNNNN.ndjson` is the truth, one whole file a segment; `tables/` has CSV and XLSX for people. */
export function openFolderLanding(folder: string): Landing {
  const exact = (packageId: string): string => join(folder, 'exact', packageId)
  let names: string[] = []
  // What was found when the files were read through serves every table; whoever changes them afterwards is found when they are read.
  let known: { packageId: string; files: LandedFolder } | null = null
  const rowsOf = (packageId: string, table: LandingTable): AsyncIterable<LandedRow> => {
    if (known?.packageId !== packageId) known = { packageId, files: new LandedFolder(exact(packageId), names) }
    return known.files.rows(table)
  }
  // People look at one table, whatever packages it came with.
  async function* rowsOfAll(newest: string, table: LandingTable): AsyncGenerator<LandedRow, void, undefined> {
    const all = existsSync(join(folder, 'exact')) ? readdirSync(join(folder, 'exact')).filter((name) => name !== newest).sort() : []
    for (const packageId of [...all, newest]) yield* rowsOf(packageId, table)
  }
  return {
    kind: 'folder',
    prepare: (tables) => {
      names = tables.map(({ name }) => name)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const columns = tables.flatMap(({ name, dataSet }) => dataSet.fields.map((field) => ({ table: name, column: field.index, dataSet: dataSet.id, dataSetTitle: dataSet.name, field: field.id, title: field.name, type: field.type, grade: field.grade })))
      writeDurable(join(folder, 'columns.json'), Buffer.from(`${JSON.stringify(mergeColumns(join(folder, 'columns.json'), columns), null, 1)}\n`), 0o600)
      return Promise.resolve()
    },
    loaded: (packageId) => Promise.resolve(new LandedFolder(exact(packageId), names).segments()),
    load: (packageId, segment, tables) => {
      known = null
      return Promise.resolve(writeDurable(join(exact(packageId), segmentFile(segment.position)), Buffer.from(segmentText(segment, tables)), 0o600))
    },
    readBack: rowsOf,
    takeBack: (packageId, recordIds) => {
      known = null
      return Promise.resolve(takeBackFromFiles(join(folder, 'exact'), packageId, new Set(recordIds)))
    },
    destroy: (packageIds) => {
      known = null
      return Promise.resolve(destroyFiles(folder, packageIds))
    },
    forget: (packageId) => {
      known = null
      return Promise.resolve(rmSync(exact(packageId), { recursive: true, force: true }))
    },
    finish: (packageId, tables) => writePeoplesTables(join(folder, 'tables'), tables, (table) => rowsOfAll(packageId, table)),
    close: () => Promise.resolve(),
  }
}

/** The exact files of the packages, and the tables for people, which were made of them. */
function destroyFiles(folder: string, packageIds: readonly string[]): { rows: number; left: number } {
  const wanted = new Set(packageIds)
  const found = existsSync(join(folder, 'exact')) ? readdirSync(join(folder, 'exact')).filter((name) => wanted.has(name)) : []
  let rows = 0
  for (const packageId of found) {
    const place = join(folder, 'exact', packageId)
    for (const file of readdirSync(place)) rows += Math.max(0, readFileSync(join(place, file), 'utf8').split('\n').length - 2)
    rmSync(place, { recursive: true, force: true })
  }
  rmSync(join(folder, 'tables'), { recursive: true, force: true })
  return { rows, left: found.filter((packageId) => existsSync(join(folder, 'exact', packageId))).length }
}

const lineSchema = z.looseObject({ record: z.string() })

/** Rewrites the files of other packages without these records; the first line of a file stays, it says what the segment was. */
function takeBackFromFiles(exact: string, keep: string, ids: ReadonlySet<string>): void {
  for (const packageId of existsSync(exact) ? readdirSync(exact).filter((name) => name !== keep) : []) {
    for (const name of readdirSync(join(exact, packageId)).filter((file) => file.endsWith('.ndjson'))) {
      const file = join(exact, packageId, name)
      const lines = readFileSync(file, 'utf8').split('\n')
      const left = lines.filter((line, at) => at === 0 || line === '' || !ids.has(recordOf(line)))
      if (left.length < lines.length) writeDurable(file, Buffer.from(left.join('\n')), 0o600)
    }
  }
}

/** A line that nobody can read is nobody's record and stays for the read-back to find. */
function recordOf(line: string): string {
  try {
    const read = lineSchema.safeParse(JSON.parse(line))
    return read.success ? read.data.record : ''
  } catch {
    return ''
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
  const lines = Array.from(segment.records, (record) => {
    const table = tables.get(Buffer.from(record.dataSetId).toString('hex'))
    if (table === undefined) throw new Error('assertion failed: a verified record is of a data set of the manifest')
    const { recordId, kinds, cells } = landRow(record, table.dataSet.fields.length)
    return JSON.stringify({ table: table.name, record: recordId, kinds, cells })
  })
  return `${[JSON.stringify({ segment: segment.position, sha256: segment.sha256, records: lines.length }), ...lines].join('\n')}\n`
}
