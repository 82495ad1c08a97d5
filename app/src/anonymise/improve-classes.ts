// SPDX-License-Identifier: Apache-2.0
import type { Classes, CodedTable, Demands } from './coded-table.ts'
import { rowsByClass } from './measure-classes.ts'

/** Rows that are compared with each other at one time: enough for good partners, few enough to try every pair. */
const windowRows = 64
const leastGain = 1e-9
const highestLeaf = 2 ** 31 - 1

/**
 * Lets rows of neighbouring classes change places where that costs less altogether, from class `from` on (classes of alike rows before it cost nothing). Sizes stay, so DM and CAVG do as far as texts differ.
 * One pass over overlapping windows of neighbours: bounded by steps, the same every time. A change that would take a class below l sensitive values is not made.
 */
export function improveClasses(classes: Classes, demands: Demands, from: number): void {
  const { rows, start } = rowsByClass(classes)
  const columns = classes.table.hierarchies.length
  for (let first = from; first < classes.count;) {
    let last = first
    while (last < classes.count && ((start[last + 1] ?? 0) - (start[first] ?? 0) <= windowRows || last < first + 2)) last++
    const members = rows.subarray(start[first], start[last])
    // A class far larger than the others would make the window endless work; such classes stay as they are.
    if (members.length <= windowRows * 4) new Window(classes, members, columns, demands).improve()
    if (last >= classes.count) break
    first = Math.max(first + 1, first + ((last - first) >> 1))
  }
}

/** Neighbouring classes with their rows, and of every row what its class would be without it. */
class Window {
  readonly #classes: Classes
  readonly #table: CodedTable
  readonly #rows: Int32Array
  readonly #columns: number
  readonly #demands: Demands
  /** Class of each row of the window, by its place in the window. */
  readonly #classOf: Int32Array
  readonly #low: Int32Array
  readonly #high: Int32Array
  /** What a row's class costs, and what it would cost without it. */
  readonly #cost: Float64Array
  readonly #without: Float64Array

  constructor(classes: Classes, rows: Int32Array, columns: number, demands: Demands) {
    this.#classes = classes
    this.#table = classes.table
    this.#rows = rows
    this.#columns = columns
    this.#demands = demands
    this.#classOf = Int32Array.from(rows, (row) => classes.classOf[row] ?? 0)
    this.#low = new Int32Array(rows.length * columns)
    this.#high = new Int32Array(rows.length * columns)
    this.#cost = new Float64Array(rows.length)
    this.#without = new Float64Array(rows.length)
    for (const one of new Set(this.#classOf)) this.#measure(one)
  }

  improve(): void {
    for (let one = 0; one < this.#rows.length; one++) {
      // A row without which its class costs as much has nothing to gain by going.
      if ((this.#without[one] ?? 0) >= (this.#cost[one] ?? 0) - leastGain) continue
      const partner = this.#bestPartner(one)
      if (partner >= 0) this.#swap(one, partner)
    }
    for (const one of new Set(this.#classOf)) this.#settle(one)
    // The next window overlaps this one, so rows have to stand with their classes again; sizes are as before.
    const order = Int32Array.from(this.#rows, (_, at) => at).sort((a, b) => (this.#classOf[a] ?? 0) - (this.#classOf[b] ?? 0) || a - b)
    this.#rows.set(order.map((at) => this.#rows[at] ?? 0))
  }

  /** The row that is best changed for this one; -1 when none makes it cheaper. */
  #bestPartner(one: number): number {
    const { size } = this.#classes
    const own = this.#classOf[one] ?? 0
    const ownSize = size[own] ?? 0
    const ownCost = (this.#cost[one] ?? 0) * ownSize
    let best = -1
    let most = leastGain
    for (let other = 0; other < this.#rows.length; other++) {
      const their = this.#classOf[other] ?? 0
      if (their === own) continue
      const theirSize = size[their] ?? 0
      const theirCost = (this.#cost[other] ?? 0) * theirSize
      // The most that could come of it: both classes as if the newcomer cost nothing.
      const bound = ownCost - (this.#without[one] ?? 0) * ownSize + theirCost - (this.#without[other] ?? 0) * theirSize
      if (bound <= most) continue
      const gain = ownCost + theirCost - this.#costWith(one, other) * ownSize
      if (gain - (this.#without[other] ?? 0) * theirSize <= most) continue
      const whole = gain - this.#costWith(other, one) * theirSize
      if (whole > most && this.#mayChange(one, other)) {
        most = whole
        best = other
      }
    }
    return best
  }

  /** What the class of a row would cost with another row in its place. */
  #costWith(one: number, other: number): number {
    const { hierarchies, codes } = this.#table
    const columns = this.#columns
    const row = (this.#rows[other] ?? 0) * columns
    const at = one * columns
    let cost = 0
    for (let column = 0; column < columns; column++) {
      const code = codes[row + column] ?? 0
      const low = this.#low[at + column] ?? 0
      const high = this.#high[at + column] ?? 0
      cost += hierarchies[column]?.costOf(code < low ? code : low, code > high ? code : high) ?? 0
    }
    return cost
  }

  /** Whether both classes keep as many sensitive values as is asked for. */
  #mayChange(one: number, other: number): boolean {
    const { sensitive } = this.#table
    if (sensitive === null || this.#demands.l <= 1) return true
    const [first, second] = [sensitive[this.#rows[one] ?? 0], sensitive[this.#rows[other] ?? 0]]
    if (first === second) return true
    const keeps = (leaving: number, coming: number | undefined): boolean => {
      const values = new Set([coming])
      this.#classOf.forEach((one, at) => {
        if (at !== leaving && one === this.#classOf[leaving]) values.add(sensitive[this.#rows[at] ?? 0])
      })
      return values.size >= this.#demands.l
    }
    return keeps(one, second) && keeps(other, first)
  }

  #swap(one: number, other: number): void {
    const own = this.#classOf[one] ?? 0
    const their = this.#classOf[other] ?? 0
    this.#classOf[one] = their
    this.#classOf[other] = own
    this.#measure(own)
    this.#measure(their)
  }

  /** Finds anew what a class costs, and what it is without each of its rows: the least and greatest of the others. */
  #measure(one: number): void {
    const { hierarchies, codes } = this.#table
    const columns = this.#columns
    const members: number[] = []
    for (let at = 0; at < this.#classOf.length; at++) if (this.#classOf[at] === one) members.push(at)
    let whole = 0
    for (const at of members) this.#without[at] = 0
    for (let column = 0; column < columns; column++) {
      let low = highestLeaf
      let nextLow = highestLeaf
      let high = -1
      let nextHigh = -1
      for (const at of members) {
        const code = codes[(this.#rows[at] ?? 0) * columns + column] ?? 0
        if (code < low) {
          nextLow = low
          low = code
        } else if (code < nextLow) nextLow = code
        if (code > high) {
          nextHigh = high
          high = code
        } else if (code > nextHigh) nextHigh = code
      }
      const hierarchy = hierarchies[column]
      whole += hierarchy?.costOf(low, high) ?? 0
      for (const at of members) {
        const code = codes[(this.#rows[at] ?? 0) * columns + column] ?? 0
        const from = code === low ? nextLow : low
        const to = code === high ? nextHigh : high
        this.#low[at * columns + column] = from
        this.#high[at * columns + column] = to
        this.#without[at] = (this.#without[at] ?? 0) + (hierarchy?.costOf(from, to) ?? 0)
      }
    }
    for (const at of members) this.#cost[at] = whole
  }

  /** Writes a class of the window back. */
  #settle(one: number): void {
    const { codes } = this.#table
    const columns = this.#columns
    for (let column = 0; column < columns; column++) {
      let low = highestLeaf
      let high = -1
      for (let at = 0; at < this.#classOf.length; at++) {
        if (this.#classOf[at] !== one) continue
        const code = codes[(this.#rows[at] ?? 0) * columns + column] ?? 0
        if (code < low) low = code
        if (code > high) high = code
      }
      this.#classes.low[one * columns + column] = low
      this.#classes.high[one * columns + column] = high
    }
    for (let at = 0; at < this.#classOf.length; at++) if (this.#classOf[at] === one) this.#classes.classOf[this.#rows[at] ?? 0] = one
  }
}
