// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { featureCount } from './features.ts'
import { labelCount } from './labels.ts'
import { RowSums } from './row-sums.ts'

const rowCount = 1000
const longest = 40

/** What the kernel is to find, by plain arithmetic. */
function sumsByArithmetic(weights: Uint8Array, rows: Int32Array, length: number): number[] {
  return Array.from({ length: length * labelCount }, (_, at) => {
    const mine = rows.subarray(Math.floor(at / labelCount) * featureCount, (Math.floor(at / labelCount) + 1) * featureCount)
    return mine.reduce((sum, row) => sum + (weights[row * labelCount + (at % labelCount)] ?? 0), 0)
  })
}

it('the kernel adds up the rows of every position as plain arithmetic does', () => {
  const weights = Uint8Array.from({ length: rowCount * labelCount }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24)
  const kernel = new RowSums(weights, longest)
  for (let at = 0; at < kernel.rows.length; at++) kernel.rows[at] = (Math.imul(at + 7, 0x85ebca6b) >>> 8) % rowCount
  for (const length of [0, 1, 2, 17, longest]) {
    kernel.sums.fill(0)
    kernel.add(length)
    expect(Array.from(kernel.sums.subarray(0, length * labelCount))).toEqual(sumsByArithmetic(weights, kernel.rows, length))
    expect(kernel.sums.subarray(length * labelCount).every((sum) => sum === 0)).toBe(true)
  }
})

it('the largest sums do not run into their neighbours', () => {
  const kernel = new RowSums(new Uint8Array(rowCount * labelCount).fill(255), longest)
  kernel.rows.fill(rowCount - 1)
  kernel.add(longest)
  expect(new Set(kernel.sums)).toEqual(new Set([255 * featureCount]))
})

it('weights that do not begin at a multiple of four are the same weights', () => {
  const weights = new Uint8Array(rowCount * labelCount + 1).fill(3).subarray(1)
  const kernel = new RowSums(weights, longest)
  kernel.add(1)
  expect(kernel.sums[0]).toBe(3 * featureCount)
})
