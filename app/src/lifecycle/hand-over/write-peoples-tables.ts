// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LandedRow, LandingTable } from './landing.ts'
import { cellForPeople, csvLine } from './peoples-cell.rules.ts'
import { writeStream } from './write-stream.ts'
import { SheetTooLarge, writeXlsx } from './write-xlsx.ts'

const pieceLength = 64 * 1024
const sheetRowsMax = 1_048_575
const sheetColumnsMax = 16_384
/** Excel cuts longer texts itself; the exact text stands in the exact file. */
const sheetTextMax = 32_000

/** 给人看的表. Writes one CSV and one XLSX a data set with titles, formulas made harmless (SECURITY P24); the exact files stay the truth. Returns what could not be written. */
export async function writePeoplesTables(folder: string, tables: readonly LandingTable[], rowsOf: (table: LandingTable) => AsyncIterable<LandedRow>): Promise<string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const notes: string[] = []
  await writeStream(join(folder, 'index.csv'), textBytes([csvLine(['file', 'title']), ...tables.map(({ name, dataSet }) => csvLine([name, cellForPeople('t', dataSet.name)]))]))
  for (const table of tables) {
    await writeStream(join(folder, `${table.name}.csv`), csvBytes(table, rowsOf(table)))
    if (table.dataSet.records > sheetRowsMax || table.dataSet.fields.length > sheetColumnsMax) notes.push(`${table.name}.xlsx: > ${sheetRowsMax}`)
    else if (!(await writeSheet(join(folder, `${table.name}.xlsx`), table, rowsOf(table)))) notes.push(`${table.name}.xlsx: > 4 GiB`)
  }
  return notes
}

function titlesOf({ dataSet }: LandingTable): string[] {
  return ['record_id', ...dataSet.fields.map((field) => cellForPeople('t', field.name))]
}

function cellsOf(row: LandedRow): string[] {
  return [row.recordId, ...row.cells.map((cell, index) => cellForPeople(row.kinds[index] ?? '', cell ?? null))]
}

async function* textBytes(lines: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(`\ufeff${lines.join('')}`)
}

/** UTF-8 with a mark at the beginning, without which Excel guesses. */
async function* csvBytes(table: LandingTable, rows: AsyncIterable<LandedRow>): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(`\ufeff${csvLine(titlesOf(table))}`)
  let lines = ''
  for await (const row of rows) {
    lines += csvLine(cellsOf(row))
    if (lines.length < pieceLength) continue
    yield Buffer.from(lines)
    lines = ''
  }
  yield Buffer.from(lines)
}

async function writeSheet(file: string, table: LandingTable, rows: AsyncIterable<LandedRow>): Promise<boolean> {
  try {
    await writeXlsx(file, table.name, sheetRows(table, rows))
    return true
  } catch (error) {
    if (error instanceof SheetTooLarge) return false
    throw error
  }
}

async function* sheetRows(table: LandingTable, rows: AsyncIterable<LandedRow>): AsyncGenerator<string[], void, undefined> {
  yield titlesOf(table)
  for await (const row of rows) yield cellsOf(row).map((text) => (text.length > sheetTextMax ? `${text.slice(0, sheetTextMax).replace(/[\ud800-\udbff]$/, '')}…` : text))
}
