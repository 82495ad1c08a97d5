// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import type { LandedRow, LandingTable } from './landing.ts'
import { cellForPeople, csvLine } from './peoples-cell.rules.ts'
import { writeStream } from './write-stream.ts'

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
    else await writeSheet(join(folder, `${table.name}.xlsx`), table, rowsOf(table))
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
  for await (const row of rows) yield Buffer.from(csvLine(cellsOf(row)))
}

async function writeSheet(file: string, table: LandingTable, rows: AsyncIterable<LandedRow>): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: `${file}.part`, useSharedStrings: false, useStyles: true })
  const sheet = book.addWorksheet(table.name)
  sheet.addRow(titlesOf(table)).commit()
  for await (const row of rows) sheet.addRow(cellsOf(row).map((text) => (text.length > sheetTextMax ? `${text.slice(0, sheetTextMax)}…` : text))).commit()
  sheet.commit()
  await book.commit()
  renameSync(`${file}.part`, file)
}
