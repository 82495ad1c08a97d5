// SPDX-License-Identifier: Apache-2.0
import { partCount, type CsvParts } from '../../sources/byte-rows/index.ts'
import type { CheckOptions } from '../../detection/counting/index.ts'
import { CsvPartCounter, type PartCounts } from './scan-csv-part.ts'

/** What the threads of one scan share. `control`: the next part that nobody took; how many parts were put together; 1 when all is to stop. */
export interface PartsWork {
  parts: CsvParts
  options: CheckOptions
  control: Int32Array
  /** By column: hashes from here on are not among the smallest of what was put together, so that parts need not keep them. */
  sketchLimits: Uint32Array
}

/** Places in `control`. */
export const controlAt = { next: 0, merged: 1, stop: 2 } as const
/** How many parts a thread may be ahead of what was put together, so that memory stays flat. */
const AHEAD = 16

/** Takes the next part that nobody took; -1 when there is none. */
export function takePart(work: PartsWork): number {
  if (Atomics.load(work.control, controlAt.stop) === 1) return -1
  const part = Atomics.add(work.control, controlAt.next, 1)
  return part < partCount(work.parts) ? part : -1
}

/** Counts part after part until none is left; for a helping thread. */
export function countParts(work: PartsWork, tell: (counts: PartCounts) => void, alive: () => void): void {
  const counter = new CsvPartCounter(work.parts, work)
  for (let part = takePart(work); part >= 0; part = takePart(work)) {
    for (let merged = Atomics.load(work.control, controlAt.merged); part - merged >= AHEAD; merged = Atomics.load(work.control, controlAt.merged)) {
      if (Atomics.load(work.control, controlAt.stop) === 1) return
      Atomics.wait(work.control, controlAt.merged, merged, 200)
    }
    tell(counter.count(part, null, alive))
  }
}
