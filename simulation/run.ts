// SPDX-License-Identifier: Apache-2.0
// `npm run simulate -- --seeds N --steps M --from SEED`: plays seeds by hand for as long as one likes; a failure prints its seed and the shortest schedule that was found within `--shorten` seconds.
import { parseArgs } from 'node:util'
import { shorten } from './shorten.ts'
import { preparePhases, simulate, type RunOrder, type RunResult } from './simulate.ts'
import { makeWorld } from './world.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' }, steps: { type: 'string', default: '60' }, from: { type: 'string', default: '1' }, actors: { type: 'string', default: '6' }, skip: { type: 'string', default: '' }, shorten: { type: 'string', default: '180' }, verbose: { type: 'boolean', default: false } } })
const [seeds, steps, from, actors] = [Number(values.seeds), Number(values.steps), Number(values.from), Number(values.actors)]
const skip = new Set(values.skip.split(',').filter((step) => step !== '').map(Number))
const world = await makeWorld()
let failed = 0
try {
  await preparePhases(world)
  for (let seed = from; seed < from + seeds; seed++) {
    const started = Date.now()
    const order: RunOrder = { seed, steps, actors, skip, ...(values.verbose ? { say: (line) => process.stderr.write(`${line}\n`) } : {}) }
    const result = await simulate(world, order)
    process.stdout.write(`${seed}: ${result.steps} steps, ${((Date.now() - started) / 1000).toFixed(1)} s, ${result.digest.slice(0, 16)} ${result.breaches.length === 0 ? 'ok' : 'BROKEN'} ${doneLine(result)}\n`)
    if (result.breaches.length > 0) {
      failed += 1
      report(result, skip)
      const short = await shorten(world, order, result, Number(values.shorten) * 1000)
      process.stdout.write(`\nafter ${short.runs} shorter runs: ${short.result.trace.length} of ${result.trace.length} acts are enough\n`)
      if (short.result.trace.length < result.trace.length) report(short.result, short.skip)
    }
  }
} finally {
  await world.remove()
}
process.exitCode = failed === 0 ? 0 : 1

function doneLine(result: RunResult): string {
  return [...result.done].map(([name, times]) => `${name}×${times}`).join(' ')
}

/** A run stops where it breaks, so what would follow is cut already. */
function report(result: RunResult, left: ReadonlySet<number>): void {
  const words = left.size === 0 ? '' : ` --skip ${[...left].toSorted((one, other) => one - other).join(',')}`
  process.stdout.write(`\nseed ${result.seed} breaks at step ${result.steps}; play it again with: npm run simulate -- --seeds 1 --from ${result.seed} --steps ${result.steps} --actors ${actors}${words}\n`)
  for (const breach of result.breaches) process.stdout.write(`  ✗ ${breach.invariant}: ${breach.where}\n`)
  for (const line of result.trace) process.stdout.write(`    ${line}\n`)
}
