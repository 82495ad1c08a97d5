// SPDX-License-Identifier: Apache-2.0
// Written by `npm run evaluate -- --fit`; do not edit.
// oxlint-disable oxc/approx-constant -- shares of right verdicts may look like any number

/** Points of an increasing function, one for each way a type was told: how much speaks for a verdict, and how often such verdicts were right. */
export const calibrationTable: Readonly<Record<'name' | 'values' | 'text' | 'nothing', readonly (readonly [number, number])[]>> = {
  name: [[0.7, 0.885], [0.838, 0.979], [0.962, 0.998]],
  values: [[0.3, 0.707], [0.417, 0.786], [0.56, 0.95], [0.648, 0.972], [0.881, 0.996]],
  text: [[0.853, 0.781]],
  nothing: [[0.4, 0.939], [0.7, 0.984], [0.9, 0.988]],
}
