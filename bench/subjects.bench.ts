// SPDX-License-Identifier: Apache-2.0
import { resolveSubjects } from '../app/src/lifecycle/discover/index.ts'
import { customerTable, enterCustomers, inFreshHome } from './customer-rows.ts'
import type { Benchmark } from './harness.ts'

/** Persons out of a million records: edges read back, grouped, united, stored. Entering the records is not timed. */
export const benchmark: Benchmark = {
  name: 'subjects',
  row: 'subjects (edges, union, persons stored)',
  compare: 'cost',
  target: 1,
  unit: 'records',
  sizes: [20_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    customerTable(size, folder)
  },
  async ours(size, folder) {
    return inFreshHome(async (at) => {
      await enterCustomers(at, customerTable(size, folder))
      const started = performance.now()
      const result = await resolveSubjects(at.ctx, at.matter)
      const seconds = (performance.now() - started) / 1000
      const again = performance.now()
      if (!(await resolveSubjects(at.ctx, at.matter)).repeated) throw new Error('the same edges gave another result')
      return { seconds, units: size, notes: { persons: result.subjects, 'again s': Number(((performance.now() - again) / 1000).toFixed(2)) } }
    })
  },
  yardsticks: [{
    name: 'entering the same records',
    run: async (size, folder) => inFreshHome(async (at) => ({ seconds: await enterCustomers(at, customerTable(size, folder)), units: size })),
  }],
}
