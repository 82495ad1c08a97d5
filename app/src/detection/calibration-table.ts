// SPDX-License-Identifier: Apache-2.0
// Written by `npm run evaluate -- --fit`; do not edit.
// oxlint-disable oxc/approx-constant -- shares of right verdicts may look like any number

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
  name: [[0.692, 0.82], [0.839, 0.979], [0.963, 0.998]],
  values: [[0.3, 0.781], [0.403, 0.791], [0.557, 0.97], [0.647, 0.983], [0.879, 0.997]],
  text: [[0.7, 0.623], [0.864, 0.785]],
  nothing: [[0.4, 0.943], [0.699, 0.986], [0.9, 0.991]],
}
