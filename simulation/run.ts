// SPDX-License-Identifier: Apache-2.0
// `npm run simulate -- --seeds N --steps M --from SEED`: plays seeds by hand for as long as one likes; a failure prints its seed and the shortest schedule found.
import { parseArgs } from 'node:util'
import { preparePhases, simulate, type RunResult } from './simulate.ts'
import { makeWorld } from './world.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10' }, steps: { type: 'string', default: '60' }, from: { type: 'string', default: '1' }, actors: { type: 'string', default: '6' }, verbose: { type: 'boolean', default: false } } })
const [seeds, steps, from, actors] = [Number(values.seeds), Number(values.steps), Number(values.from), Number(values.actors)]
const world = await makeWorld()
let failed = 0
try {
  await preparePhases(world)
  for (let seed = from; seed < from + seeds; seed++) {
    const started = Date.now()
    const result = await simulate(world, { seed, steps, actors, ...(values.verbose ? { say: (line) => process.stderr.write(`${line}\n`) } : {}) })
    process.stdout.write(`${seed}: ${result.steps} steps, ${((Date.now() - started) / 1000).toFixed(1)} s, ${result.digest.slice(0, 16)} ${result.breaches.length === 0 ? 'ok' : 'BROKEN'} ${doneLine(result)}\n`)
    if (result.breaches.length > 0) {
      failed += 1
      report(result)
    }
  }
} finally {
  await world.remove()
}
process.exitCode = failed === 0 ? 0 : 1

function doneLine(result: RunResult): string {
  return [...result.done].map(([name, times]) => `${name}×${times}`).join(' ')
}

/** A run stops where it breaks, so what follows is cut already; the schedule up to there is all that is needed. */
function report(result: RunResult): void {
  process.stdout.write(`\nseed ${result.seed} breaks at step ${result.steps}; play it again with: npm run simulate -- --seeds 1 --from ${result.seed} --steps ${result.steps} --actors ${actors}\n`)
  for (const breach of result.breaches) process.stdout.write(`  ✗ ${breach.invariant}: ${breach.where}\n`)
  for (const line of result.trace) process.stdout.write(`    ${line}\n`)
}
