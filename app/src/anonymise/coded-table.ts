// SPDX-License-Identifier: Apache-2.0
import type { Hierarchy } from './hierarchy.ts'

/** 准标识符表. The quasi-identifiers of a table as leaves of their hierarchies, row by row in one array, and the sensitive values as numbers where diversity is asked for. */
export interface CodedTable {
  rows: number
  hierarchies: readonly Hierarchy[]
  /** Leaf of column c in row r at `r * hierarchies.length + c`. */
  codes: Int32Array
  sensitive: Int32Array | null
}

/** What every class has to be: at least k rows, at least l different sensitive values (1 = not asked), and sensitive values spread at most t away from the whole table's (1 = not asked). */
export interface Demands {
  k: number
  l: number
  t: number
}

/** 等价类. Classes of rows while they are made: of each the least and greatest leaf of every column, and its rows' number. */
export class Classes {
  readonly table: CodedTable
  readonly classOf: Int32Array
  count = 0
  low: Int32Array
  high: Int32Array
  size: Int32Array

  constructor(table: CodedTable, expected: number) {
    const columns = table.hierarchies.length
    this.table = table
    this.classOf = new Int32Array(table.rows).fill(-1)
    this.low = new Int32Array(expected * columns)
    this.high = new Int32Array(expected * columns)
    this.size = new Int32Array(expected)
  }

  /** A new class of one row. */
  open(row: number): number {
    const { hierarchies, codes } = this.table
    const columns = hierarchies.length
    if (this.count === this.size.length) this.#grow()
    const made = this.count++
    for (let column = 0; column < columns; column++) this.low[made * columns + column] = this.high[made * columns + column] = codes[row * columns + column] ?? 0
    this.size[made] = 1
    this.classOf[row] = made
    return made
  }

  /** Puts a row that is in no class into one, which becomes as wide as it must. */
  add(to: number, row: number): void {
    const { hierarchies, codes } = this.table
    const columns = hierarchies.length
    for (let column = 0; column < columns; column++) {
      const code = codes[row * columns + column] ?? 0
      const at = to * columns + column
      if (code < (this.low[at] ?? 0)) this.low[at] = code
      if (code > (this.high[at] ?? 0)) this.high[at] = code
    }
    this.size[to] = (this.size[to] ?? 0) + 1
    this.classOf[row] = to
  }

  /** What the columns of one row of the class cost together. */
  costOf(one: number): number {
    const columns = this.table.hierarchies.length
    let cost = 0
    for (let column = 0; column < columns; column++) cost += this.table.hierarchies[column]?.costOf(this.low[one * columns + column] ?? 0, this.high[one * columns + column] ?? 0) ?? 0
    return cost
  }

  /** The same with one more row in the class. */
  costWith(one: number, row: number): number {
    const { hierarchies, codes } = this.table
    const columns = hierarchies.length
    let cost = 0
    for (let column = 0; column < columns; column++) {
      const code = codes[row * columns + column] ?? 0
      const low = this.low[one * columns + column] ?? 0
      const high = this.high[one * columns + column] ?? 0
      cost += hierarchies[column]?.costOf(code < low ? code : low, code > high ? code : high) ?? 0
    }
    return cost
  }

  #grow(): void {
    const grown = (old: Int32Array): Int32Array => {
      const made = new Int32Array(Math.max(16, old.length * 2))
      made.set(old)
      return made
    }
    this.low = grown(this.low)
    this.high = grown(this.high)
    this.size = grown(this.size)
    const columns = this.table.hierarchies.length
    if (this.low.length < this.size.length * columns) {
      this.low = sized(this.low, this.size.length * columns)
      this.high = sized(this.high, this.size.length * columns)
    }
  }
}

function sized(old: Int32Array, length: number): Int32Array {
  const made = new Int32Array(length)
  made.set(old)
  return made
}
