// SPDX-License-Identifier: Apache-2.0
import { simulate, type RunOrder, type RunResult } from './simulate.ts'
import type { World } from './world.ts'

/** A schedule that still breaks what the whole one broke. */
export interface ShortSchedule {
  result: RunResult
  /** Steps of the seed's schedule that are left out; the rest is played as it comes of that. */
  skip: ReadonlySet<number>
  /** How many runs it took to find. */
  runs: number
}

/**
 * Leaves out steps of a schedule that broke something, first halves, then ever smaller runs of them, as long as the same invariant still breaks (delta debugging, Zeller and Hildebrandt 2002). What is left out may change what comes
 * later, so the result is a short schedule, not always the shortest. Ends with the budget.
 */
export async function shorten(world: World, order: RunOrder, failed: RunResult, budgetMs: number): Promise<ShortSchedule> {
  const until = Date.now() + budgetMs
  const broken = new Set(failed.breaches.map((breach) => breach.invariant))
  const best: ShortSchedule = { result: failed, skip: new Set(order.skip), runs: 0 }
  for (let length = Math.ceil((failed.steps - 1) / 2); length >= 1; length = Math.floor(length / 2)) {
    // The step that breaks stays.
    for (let from = 1; from < best.result.steps; from += length) {
      if (Date.now() >= until) return best
      const skip = new Set([...best.skip, ...Array.from({ length: Math.min(length, best.result.steps - from) }, (_, at) => from + at)])
      if (skip.size === best.skip.size) continue
      const result = await simulate(world, { ...order, steps: best.result.steps, skip })
      best.runs += 1
      if (result.breaches.some((breach) => broken.has(breach.invariant))) Object.assign(best, { result, skip })
    }
  }
  return best
}
