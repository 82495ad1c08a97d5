// SPDX-License-Identifier: Apache-2.0
// Written by `npm run evaluate -- --fit`; do not edit.
// oxlint-disable oxc/approx-constant -- shares of right verdicts may look like any number

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
  name: [[0.692, 0.859], [0.738, 0.859], [0.839, 0.976], [0.87, 0.976], [0.887, 0.976], [0.928, 0.994], [0.966, 0.997], [0.99, 0.997]],
  values: [[0.3, 0.808], [0.482, 0.936], [0.577, 0.98], [0.661, 0.991], [0.886, 0.997]],
  text: [[0.7, 0.589], [0.859, 0.782]],
  nothing: [[0.4, 0.958], [0.7, 0.992], [0.9, 0.994]],
}
