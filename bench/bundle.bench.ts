// SPDX-License-Identifier: Apache-2.0
import { exitCodeOf, verifyFile } from '@handover/proof'
import { hash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { timeCommand, type Benchmark, type Sample } from './harness.ts'
import { writeSampleBundle } from './sample-bundle.ts'

/** A stranger verifies a closed matter of a million records: every leaf hashed, counted and held against the log. */
export const benchmark: Benchmark = {
  name: 'bundle',
  row: 'verify a proof bundle (every inventory and books leaf, accepted lists, log)',
  compare: 'cost',
  target: 3,
  unit: 'records',
  sizes: [10_000, 100_000, 1_000_000],
  async prepare(size, folder) {
    if (!existsSync(join(folder, 'policy.txt'))) await writeSampleBundle(size, folder)
  },
  async ours(size, folder) {
    const started = performance.now()
    const verdict = await verifyFile(join(folder, 'bundle.tar'), { policy: readFileSync(join(folder, 'policy.txt'), 'utf8'), language: 'en' })
    const seconds = (performance.now() - started) / 1000
    if (exitCodeOf(verdict) !== 0) throw new Error(JSON.stringify(verdict))
    return { seconds, units: size, notes: { megabytes: statSync(join(folder, 'bundle.tar')).size / 1e6 } }
  },
  yardsticks: [
    { name: 'crypto.hash of as many leaves and nodes', run: async (size) => hashAlone(size) },
    { name: 'openssl dgst -sha256', run: async (size, folder) => ({ seconds: await timeCommand('openssl', ['dgst', '-sha256', join(folder, 'bundle.tar')]), units: size }) },
  ],
}

/** Inventory, books and half as many accepted records: each a leaf and a node. */
function hashAlone(size: number): Sample {
  const input = Buffer.alloc(80, 1)
  const started = performance.now()
  for (let n = 0; n < size * 5; n += 1) {
    input.writeUInt32BE(n, 1)
    hash('sha256', input, 'binary')
  }
  return { seconds: (performance.now() - started) / 1000, units: size }
}
