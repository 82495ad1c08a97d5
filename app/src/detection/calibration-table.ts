// SPDX-License-Identifier: Apache-2.0
// Written by `npm run evaluate -- --fit`; do not edit.
// oxlint-disable oxc/approx-constant -- shares of right verdicts may look like any number

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
  name: [[0.693, 0.829], [0.738, 0.829], [0.839, 0.973], [0.87, 0.973], [0.887, 0.973], [0.928, 0.994], [0.966, 0.997], [0.99, 0.997]],
  values: [[0.3, 0.809], [0.397, 0.809], [0.446, 0.809], [0.5, 0.949], [0.58, 0.976], [0.661, 0.991], [0.885, 0.997]],
  text: [[0.7, 0.565], [0.861, 0.775]],
  nothing: [[0.4, 0.957], [0.7, 0.992], [0.9, 0.993]],
}
