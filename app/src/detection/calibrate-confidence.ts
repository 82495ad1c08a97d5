// SPDX-License-Identifier: Apache-2.0
import { calibrationTable } from './calibration-table.ts'

/** What told the type of a column: its name, its values alone, the texts in it; `nothing` for verdicts that it is not personal. */
export type ToldBy = 'name' | 'values' | 'text' | 'nothing'

/** The probability that a verdict is right, in hundredths, from how much speaks for it: an increasing table fitted by `npm run evaluate -- --fit` (docs/accuracy.md). */
export function calibrated(told: ToldBy, raw: number): number {
  return Math.min(0.99, Math.round(readCurve(calibrationTable[told], raw) * 100) / 100)
}

/** Reads an increasing function given by points, straight between them. */
export function readCurve(steps: readonly (readonly [number, number])[], raw: number): number {
  let before = steps[0] ?? [0, raw]
  for (const step of steps) {
    if (step[0] >= raw) {
      const width = step[0] - before[0]
      const part = width <= 0 ? 1 : Math.max(0, (raw - before[0]) / width)
      return before[1] + (step[1] - before[1]) * part
    }
    before = step
  }
  return before[1]
}
