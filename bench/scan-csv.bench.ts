// SPDX-License-Identifier: Apache-2.0
import { createReadStream, existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { generateRows } from '../tools/generate-rows.ts'
import { isInstalled, timeCommand, type Benchmark, type Sample } from './harness.ts'
import { duckdb, peer } from './peers.ts'
import { loadScan } from './scan-program.ts'

const fileOf = (size: number, folder: string): string => join(folder, `customers-${size}.csv`)

// A straightforward scan of whole lines by one pattern of all the validated forms, without checks; what a careful script would do.
const combined = /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{16,19}(?!\d)|[\w.%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5}|(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|[\u4e00-\u9fff]{2,4}(?:省|市|区|路|号)/gu

// The same for engines that know no looking around: cells instead of lines, so that nothing stands beside.
const byCell = '^([1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]|1[3-9][0-9]{9}|[0-9]{16,19}|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}([.][A-Za-z0-9-]{1,63}){1,5}|(19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|.*[一-鿿]{2,4}(省|市|区|路|号).*)$'

/** Every cell against one pattern, all columns, two threads. */
async function matchWithDuckdb(size: number, folder: string): Promise<Sample | null> {
  const connection = await duckdb(folder)
  if (connection === null) return null
  await connection.run('SET threads = 2')
  const columns = Array.from({ length: 12 }, (_, i) => `count_if(regexp_matches(c${i}, '${byCell}'))`)
  const names = Array.from({ length: 12 }, (_, i) => `'c${i}': 'VARCHAR'`)
  const started = performance.now()
  const found = await connection.runAndReadAll(`SELECT ${columns.join(' + ')} FROM read_csv('${fileOf(size, folder).replaceAll("'", "''")}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {${names.join(', ')}})`)
  return { seconds: (performance.now() - started) / 1000, units: size, notes: { found: Number(found.getRows()[0]?.[0] ?? 0) } }
}

const redactorModule = z.looseObject({ Redactor: z.custom<new () => { redact(text: string): string }>((value) => typeof value === 'function') })
const REDACTED_LINES = 20_000

/** Line after line; a library of five English patterns, without checks. The first lines stand for all: it is slow. */
async function redactLines(size: number, folder: string): Promise<Sample | null> {
  const loaded = await peer('@redactpii/node')
  if (loaded === null) return null
  const { Redactor } = redactorModule.parse(loaded)
  const redactor = new Redactor()
  const started = performance.now()
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(fileOf(size, folder)) })) {
    redactor.redact(line)
    if (++lines === REDACTED_LINES) break
  }
  return { seconds: (performance.now() - started) / 1000, units: Math.min(size, lines) }
}

/** Scan of a CSV file of 12 columns: whole report with digest, validated types, masked evidence and repeated rows, against the digest alone. */
export const benchmark: Benchmark = {
  name: 'scan-csv',
  row: 'scan CSV, 1 M rows × 12 columns, 211 MB, validated types, whole report',
  compare: 'cost',
  target: 2.5,
  unit: 'rows',
  sizes: [10_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    const file = fileOf(size, folder)
    if (existsSync(file)) return
    generateRows({ rows: size, seed: 'scan', file: `${file}.new` })
    renameSync(`${file}.new`, file)
  },
  async ours(size, folder) {
    const file = fileOf(size, folder)
    const scanSources = await loadScan()
    const started = performance.now()
    const report = await scanSources([file])
    const seconds = (performance.now() - started) / 1000
    const fields = report.sources.flatMap((source) => source.dataSets.flatMap((dataSet) => dataSet.fields))
    return { seconds, units: size, notes: { 'MB/s': Math.round(statSync(file).size / 1e6 / seconds), 'personal columns': fields.filter((field) => field.grade !== 'none').length } }
  },
  yardsticks: [
    { name: 'openssl dgst -sha256', run: async (size, folder) => (isInstalled('openssl') ? { seconds: await timeCommand('openssl', ['dgst', '-sha256', fileOf(size, folder)]), units: size } : null) },
    {
      name: 'one combined pattern over lines (ours, node)',
      async run(size, folder) {
        const started = performance.now()
        let found = 0
        for await (const line of createInterface({ input: createReadStream(fileOf(size, folder)) })) for (const _ of line.matchAll(combined)) found++
        return { seconds: (performance.now() - started) / 1000, units: size, notes: { found } }
      },
    },
    { name: 'DuckDB, every cell against one pattern, 2 threads', run: matchWithDuckdb },
    { name: '@redactpii/node, line by line (five English patterns)', run: redactLines },
  ],
}
