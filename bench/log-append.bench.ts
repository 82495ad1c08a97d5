// SPDX-License-Identifier: Apache-2.0
import { logEntry, sha256, u64be } from '@handover/proof'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { writeTiles } from '../app/src/ledger/index.ts'
import type { Benchmark, Sample } from './harness.ts'

const BATCH = 1024

/** Entries and tiles of a growing log, durable after each batch, as the sequencer writes them before a checkpoint is signed. */
export const benchmark: Benchmark = {
  name: 'log-append',
  row: 'log append (durable batches of 1,024: entry bundles and tiles of all levels)',
  compare: 'cost',
  target: 4,
  unit: 'leaves',
  sizes: [16_384, 65_536, 262_144],
  async prepare() {},
  async ours(size, folder) {
    const log = mkdtempSync(join(folder, 'log-'))
    const times: number[] = []
    try {
      for (let at = 0; at < size; at += BATCH) {
        const entries = batchAt(at)
        const before = performance.now()
        await writeTiles(log, at, entries, () => undefined)
        times.push(performance.now() - before)
      }
    } finally {
      rmSync(log, { recursive: true, force: true })
    }
    const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000
    return { seconds, units: size, notes: { p99ms: times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0 } }
  },
  yardsticks: [{ name: 'one write and fsync a batch', run: async (size, folder) => fsyncAlone(size, folder) }],
}

function batchAt(first: number): Uint8Array[] {
  return Array.from({ length: BATCH }, (_, n) => logEntry(sha256(u64be(first + n))))
}

function fsyncAlone(size: number, folder: string): Sample {
  const file = join(folder, `yardstick-${process.pid}`)
  const handle = openSync(file, 'w')
  let ms = 0
  for (let at = 0; at < size; at += BATCH) {
    const bytes = Buffer.concat(batchAt(at))
    const before = performance.now()
    writeSync(handle, bytes)
    fsyncSync(handle)
    ms += performance.now() - before
  }
  closeSync(handle)
  rmSync(file)
  return { seconds: ms / 1000, units: size }
}
