// SPDX-License-Identifier: Apache-2.0
import { customerTable, enterCustomers, inFreshHome } from './customer-rows.ts'
import type { Benchmark, Sample } from './harness.ts'
import { copyIntoPlainTable } from './plain-table.store.ts'

/** A table into the vault: scan, read again, seal every value under its record's secret, store, and commit the inventory. */
export const benchmark: Benchmark = {
  name: 'ingest',
  row: 'ingest (scan, commitments, encryption, blind indexes, inventory)',
  compare: 'cost',
  target: 20,
  unit: 'records',
  sizes: [20_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    customerTable(size, folder)
  },
  async ours(size, folder) {
    return inFreshHome(async (at) => {
      const seconds = await enterCustomers(at, customerTable(size, folder))
      return { seconds, units: size, notes: { 'records a second': Math.round(size / seconds) } }
    })
  },
  yardsticks: [{ name: 'COPY of the same file into a plain table', run: copyAlone }],
}

async function copyAlone(size: number, folder: string): Promise<Sample> {
  return inFreshHome(async ({ ctx }) => ({ seconds: await copyIntoPlainTable(ctx.db, customerTable(size, folder)), units: size }))
}
