// SPDX-License-Identifier: Apache-2.0
// Written by `npm run evaluate -- --fit`; do not edit.

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
  name: [[0.829, 0.987], [0.964, 0.995]],
  values: [[0.568, 0.865], [0.62, 0.893], [0.872, 0.993]],
  text: [[0.851, 0.773]],
  nothing: [[0.7, 0.958], [0.9, 0.995]],
}
