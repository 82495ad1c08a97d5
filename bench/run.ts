// SPDX-License-Identifier: Apache-2.0
// npm run bench [NAME…] [--size N] [--times N] [--write] [--before HISTORY]: each path of ours beside its yardstick, in turns, in the same run.
import { mkdirSync, readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadBenchmark, median, ratioOf, targetOf, type Benchmark, type Measured } from './harness.ts'
import { runInChild, type Side } from './child.ts'
import { writePerformancePage, type ResultRow } from './performance-page.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { size: { type: 'string' }, times: { type: 'string', default: '3' }, write: { type: 'boolean', default: false }, before: { type: 'string' }, folder: { type: 'string', default: join(import.meta.dirname, '..', '.bench') } } })
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bench.ts')).sort()
const names = files.map((file) => file.replace('.bench.ts', ''))
const unknown = positionals.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`没有这项基准 / no such benchmark: ${unknown.join(', ')}\n可用 / there are: ${names.join(', ')}\n`)
  process.exit(2)
}
process.stdout.write(`${cpus()[0]?.model ?? ''} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}\n`)
const rows: ResultRow[] = []
for (const name of names.filter((one) => positionals.length === 0 || positionals.includes(one))) {
  rows.push(...(await runBenchmark(await loadBenchmark(name))))
}
if (values.write) writePerformancePage(rows, values.before)

async function runBenchmark(benchmark: Benchmark): Promise<ResultRow[]> {
  process.stdout.write(`\n${benchmark.name} — ${benchmark.row} (${benchmark.compare} ${targetOf(benchmark)})\n`)
  const found: ResultRow[] = []
  for (const size of benchmark.sizes.filter((one) => values.size === undefined || one === Number(values.size))) {
    const folder = join(values.folder, benchmark.name, String(size))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const at = { name: benchmark.name, size, folder }
    await runInChild({ ...at, side: 'prepare' })
    found.push(await measure(benchmark, at, found[0]))
  }
  return found
}

/** Ours and every yardstick in turns, so that a noisy minute hits all of them. */
async function measure(benchmark: Benchmark, at: { name: string; size: number; folder: string }, smallest: ResultRow | undefined): Promise<ResultRow> {
  const sides: Side[] = ['ours', ...benchmark.yardsticks.map((_, index): Side => index)]
  const samples = new Map<Side, Measured[]>()
  for (let turn = 0; turn < Number(values.times); turn++) {
    for (const side of sides) {
      const sample = await runInChild({ ...at, side })
      if (sample !== null) samples.set(side, [...(samples.get(side) ?? []), sample])
    }
  }
  const ours = samples.get('ours') ?? []
  const middle = medianOf(ours)
  const row: ResultRow = {
    name: benchmark.name, row: benchmark.row, unit: benchmark.unit, compare: benchmark.compare, target: benchmark.target, ...(benchmark.targetRate === undefined ? {} : { targetRate: benchmark.targetRate }), size: at.size,
    seconds: middle.seconds, rate: middle.units / middle.seconds, memory: Math.max(...ours.map((sample) => sample.memory)), notes: middle.notes ?? {},
    ratios: benchmark.yardsticks.flatMap((yardstick, index) => {
      const theirs = samples.get(index)
      return theirs === undefined ? [] : [{ yardstick: yardstick.name, ratio: ratioOf(benchmark, middle, medianOf(theirs)) }]
    }),
    growth: smallest === undefined ? null : { size: at.size / smallest.size, time: middle.seconds / smallest.seconds, memory: Math.max(...ours.map((sample) => sample.memory)) / smallest.memory },
  }
  process.stdout.write(`${lineOf(row)}\n`)
  return row
}

function medianOf(samples: readonly Measured[]): Measured {
  const perUnit = median(samples.map((sample) => sample.seconds / sample.units))
  const found = samples.find((sample) => sample.seconds / sample.units === perUnit)
  if (found === undefined) throw new Error('no sample')
  return found
}

function lineOf(row: ResultRow): string {
  const ratios = row.ratios.map(({ yardstick, ratio }) => `${ratio.toPrecision(3)} × ${yardstick}`).join(' · ')
  const growth = row.growth === null ? '' : ` · size ×${row.growth.size.toPrecision(3)} → time ×${row.growth.time.toPrecision(3)}, memory ×${row.growth.memory.toPrecision(3)}`
  const notes = Object.entries(row.notes).map(([name, figure]) => `${name} ${typeof figure === 'number' ? Number(figure.toPrecision(4)) : figure}`).join(', ')
  return `  ${row.size.toLocaleString('en')} ${row.unit}: ${row.seconds.toFixed(3)} s, ${Math.round(row.rate).toLocaleString('en')} ${row.unit}/s, ${Math.round(row.memory)} MiB · ${ratios === '' ? 'no yardstick here' : ratios}${growth}${notes === '' ? '' : ` · ${notes}`}`
}
