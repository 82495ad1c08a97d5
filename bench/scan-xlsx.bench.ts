// SPDX-License-Identifier: Apache-2.0
import { createReadStream, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import ExcelJS from 'exceljs'
import { generateRows } from '../tools/generate-rows.ts'
import { isInstalled, timeCommand, type Benchmark } from './harness.ts'
import { loadScan } from './scan-program.ts'

const fileOf = (size: number, folder: string): string => join(folder, `customers-${size}.xlsx`)

async function writeBook(csv: string, file: string): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true })
  const sheet = book.addWorksheet('客户')
  for await (const line of createInterface({ input: createReadStream(csv) })) sheet.addRow(line.split(',').slice(0, 12)).commit()
  await book.commit()
}

/** Scan of a workbook of 12 columns with shared strings: whole report, against unpacking alone. */
export const benchmark: Benchmark = {
  name: 'scan-xlsx',
  row: 'scan XLSX, 200 k rows × 12',
  compare: 'cost',
  target: 2,
  unit: 'rows',
  sizes: [10_000, 50_000, 200_000],
  async prepare(size, folder) {
    const file = fileOf(size, folder)
    if (existsSync(file)) return
    const csv = join(folder, `customers-${size}.csv`)
    if (!existsSync(csv)) generateRows({ rows: size, seed: 'scan', file: csv })
    await writeBook(csv, `${file}.new`)
    renameSync(`${file}.new`, file)
  },
  async ours(size, folder) {
    const scanSources = await loadScan()
    const started = performance.now()
    const report = await scanSources([fileOf(size, folder)])
    return { seconds: (performance.now() - started) / 1000, units: size, notes: { 'data sets': report.sources.reduce((sum, source) => sum + source.dataSets.length, 0) } }
  },
  yardsticks: [
    { name: 'unzip -p | wc -c', run: async (size, folder) => (isInstalled('unzip') ? { seconds: await timeCommand('sh', ['-c', 'unzip -p "$1" | wc -c', 'sh', fileOf(size, folder)]), units: size } : null) },
    {
      name: 'exceljs, reading the rows alone',
      async run(size, folder) {
        const started = performance.now()
        let rows = 0
        for await (const sheet of new ExcelJS.stream.xlsx.WorkbookReader(fileOf(size, folder), { sharedStrings: 'cache', worksheets: 'emit' })) for await (const _ of sheet) rows++
        return { seconds: (performance.now() - started) / 1000, units: size, notes: { rows } }
      },
    },
  ],
}
