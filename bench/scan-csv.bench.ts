// SPDX-License-Identifier: Apache-2.0
import { createReadStream, existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { scanSources } from '../app/src/lifecycle/discover/index.ts'
import { generateRows } from '../tools/generate-rows.ts'
import { isInstalled, timeCommand, type Benchmark } from './harness.ts'

const fileOf = (size: number, folder: string): string => join(folder, `customers-${size}.csv`)

// A straightforward scan of whole lines by one pattern of all the validated forms, without checks; what a careful script would do.
const combined = /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{16,19}(?!\d)|[\w.%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5}|(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|[\u4e00-\u9fff]{2,4}(?:省|市|区|路|号)/gu

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
  ],
}
