// SPDX-License-Identifier: Apache-2.0
import { readTable } from './read-table.ts'

/** 实测. What a copy really is, counted from its bytes: the classes as a reader sees them and what their sensitive values tell. */
export interface CopyFigures {
  rows: number
  sizes: number[]
  /** The least number of different sensitive values in a class, the least entropy of them as an effective number (2^H), and the classes of one value; null without a sensitive column. */
  diversity: { l: number; entropyL: number; homogeneousClasses: number; homogeneousRows: number; t: number } | null
}

/** Where the columns stand in the copy that is looked at. */
export interface CopyColumns {
  quasi: readonly number[]
  sensitive: number | null
  delimiter: string
  hasHeader: boolean
}

/** Reads a written copy again and counts its classes; the rows of a class are those with the same text in all quasi-identifiers. */
export async function verifyCopy(file: string, where: string, at: CopyColumns, done: (rows: number) => void): Promise<CopyFigures> {
  const count = new ClassCount(at)
  let isHeader = at.hasHeader
  for await (const part of readTable({ path: file, where, isDelimited: true, options: { encoding: 'utf-8', delimiter: at.delimiter, header: 'none' } })) {
    if (part.kind === 'rows') {
      for (const { cells } of part.rows) {
        if (isHeader) isHeader = false
        else count.add(cells)
      }
      done(count.rows)
    }
    // A row of nothing but empty cells is a row of the copy all the same.
    if (part.kind === 'end') for (let row = 0; row < part.blankRows; row++) count.add([])
  }
  return count.figures()
}

/** Counts rows by their quasi-identifiers, and sensitive values within. */
class ClassCount {
  readonly #at: CopyColumns
  readonly #numbers = new Map<string, number>()
  readonly #sizes: number[] = []
  readonly #values = new Map<string, number>()
  /** Rows by class and sensitive value: `class * 2^26 + value`. */
  readonly #pairs = new Map<number, number>()
  rows = 0

  constructor(at: CopyColumns) {
    this.#at = at
  }

  add(cells: readonly string[]): void {
    let key = ''
    for (const index of this.#at.quasi) key += `${cells[index] ?? ''}\u0000`
    let one = this.#numbers.get(key)
    if (one === undefined) {
      one = this.#sizes.length
      this.#numbers.set(key, one)
      this.#sizes.push(0)
    }
    this.#sizes[one] = (this.#sizes[one] ?? 0) + 1
    this.rows++
    if (this.#at.sensitive === null) return
    const text = cells[this.#at.sensitive] ?? ''
    let value = this.#values.get(text)
    if (value === undefined) this.#values.set(text, (value = this.#values.size))
    const pair = one * valuesMax + value
    this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + 1)
  }

  figures(): CopyFigures {
    return { rows: this.rows, sizes: this.#sizes, diversity: this.#at.sensitive === null ? null : this.#diversity() }
  }

  #diversity(): NonNullable<CopyFigures['diversity']> {
    const totals = new Float64Array(this.#values.size)
    const different = new Int32Array(this.#sizes.length)
    const entropy = new Float64Array(this.#sizes.length)
    for (const [pair, rows] of this.#pairs) {
      const one = Math.floor(pair / valuesMax)
      const value = pair % valuesMax
      const share = rows / (this.#sizes[one] ?? 1)
      totals[value] = (totals[value] ?? 0) + rows
      different[one] = (different[one] ?? 0) + 1
      entropy[one] = (entropy[one] ?? 0) - share * Math.log2(share)
    }
    // Total variation: half the sum of differences; values that a class does not have add their share of the whole.
    const near = new Float64Array(this.#sizes.length)
    for (const [pair, rows] of this.#pairs) {
      const one = Math.floor(pair / valuesMax)
      near[one] = (near[one] ?? 0) + Math.min(rows / (this.#sizes[one] ?? 1), (totals[pair % valuesMax] ?? 0) / this.rows)
    }
    const homogeneous = this.#sizes.filter((_, one) => different[one] === 1)
    return {
      l: least(different), entropyL: 2 ** least(entropy), t: 1 - least(near),
      homogeneousClasses: homogeneous.length, homogeneousRows: homogeneous.reduce((sum, size) => sum + size, 0),
    }
  }
}

const valuesMax = 2 ** 26

function least(figures: Int32Array | Float64Array): number {
  let low = Number.POSITIVE_INFINITY
  for (const figure of figures) low = Math.min(low, figure)
  return low
}
