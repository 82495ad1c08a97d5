// SPDX-License-Identifier: Apache-2.0
import type { Classes, Demands } from './coded-table.ts'
import type { Units } from './group-rows.ts'

/**
 * Makes classes within one block of neighbours: each begins with the unit nearest to the class before, and takes the unit that makes it least wider until the demands hold.
 * What stays over goes to the class of the block that it widens least; where the block has none, it is answered for the next block to take along.
 * Deterministic: nothing but the order of the units decides between equals.
 */
export function clusterBlock(at: Clustering, block: Int32Array): number[] {
  return new Block(at, block).cluster(at.demands)
}

/** What all blocks share; `places` has room for a number of each leaf and is used again for every column. */
export interface Clustering {
  classes: Classes
  units: Units
  demands: Demands
  places: Int32Array
}

class Block {
  readonly #classes: Classes
  readonly #units: Units
  readonly #ids: Int32Array
  readonly #columns: number
  /** Of every unit and column: where its leaf stands in `#extended`. */
  readonly #place: Int32Array
  /** Different leaves of the block, column by column; column c begins at `#offset[c]`. */
  readonly #leaves: Int32Array
  readonly #offset: Int32Array
  /** What the class under work would cost in that column if it also held that leaf. */
  readonly #extended: Float64Array
  readonly #alive: Int32Array
  #living: number
  readonly #left: Int32Array
  #rowsLeft = 0
  /** Values of the class under work. */
  readonly #values = new Set<number>()

  constructor({ classes, units, places }: Clustering, block: Int32Array) {
    const { hierarchies, codes } = classes.table
    this.#classes = classes
    this.#units = units
    this.#ids = block
    this.#columns = hierarchies.length
    this.#alive = Int32Array.from(block, (_, at) => at)
    this.#living = block.length
    this.#left = Int32Array.from(block, (unit) => units.count[unit] ?? 0)
    for (const count of this.#left) this.#rowsLeft += count
    this.#place = new Int32Array(block.length * this.#columns)
    this.#offset = new Int32Array(this.#columns + 1)
    const all: number[] = []
    for (let column = 0; column < this.#columns; column++) {
      const own = new Int32Array(block.length)
      for (let at = 0; at < block.length; at++) own[at] = codes[this.#firstRow(block[at] ?? 0) * this.#columns + column] ?? 0
      const sorted = own.slice().sort()
      for (let at = 0; at < sorted.length; at++) {
        const leaf = sorted[at] ?? 0
        if (at > 0 && leaf === sorted[at - 1]) continue
        places[leaf] = all.length
        all.push(leaf)
      }
      for (let at = 0; at < block.length; at++) this.#place[at * this.#columns + column] = places[own[at] ?? 0] ?? 0
      this.#offset[column + 1] = all.length
    }
    this.#leaves = Int32Array.from(all)
    this.#extended = new Float64Array(all.length)
  }

  cluster(demands: Demands): number[] {
    const made: number[] = []
    const given: number[] = []
    while (this.#rowsLeft >= demands.k) {
      const one = this.#grow(this.#nearest(() => true), demands)
      if (one === null) break
      made.push(one)
    }
    for (let at = 0; at < this.#living; at++) {
      const unit = this.#alive[at] ?? 0
      if (made.length === 0) given.push(this.#ids[unit] ?? 0)
      else while ((this.#left[unit] ?? 0) > 0) addToNearest(this.#classes, made, this.#takeRow(unit))
    }
    return given
  }

  /** A class that begins with this unit; null, and everything as before, when no other unit brings the values that diversity asks for. */
  #grow(begin: number, { k, l }: Demands): number | null {
    const before = { alive: this.#alive.slice(0, this.#living), left: this.#left.slice(), rows: this.#rowsLeft, classes: this.#classes.count }
    this.#values.clear()
    let one = -1
    let size = 0
    const plenty = this.#plentiful(k, l)
    for (let at = begin; at >= 0; at = this.#nextFor(k - size, l, plenty)) {
      const unit = this.#alive[at] ?? 0
      this.#values.add(this.#valueOf(unit))
      const missing = Math.max(0, l - this.#values.size)
      for (let most = Math.max(1, k - size - missing); most > 0 && (this.#left[unit] ?? 0) > 0; most--, size++) {
        const row = this.#takeRow(unit)
        if (one < 0) one = this.#classes.open(row)
        else this.#classes.add(one, row)
      }
      if ((this.#left[unit] ?? 0) === 0) this.#alive[at] = this.#alive[--this.#living] ?? 0
      this.#extend(one)
      if (size >= k && this.#values.size >= l) return one
    }
    this.#alive.set(before.alive)
    this.#living = before.alive.length
    this.#left.set(before.left)
    this.#rowsLeft = before.rows
    this.#classes.count = before.classes
    return null
  }

  /** The unit that goes on with the class under work: one of a further value where all places left are needed for such, one of the plentiful value where others are scarce, else any. */
  #nextFor(places: number, l: number, plenty: number | null): number {
    if (this.#values.size < l && places <= l - this.#values.size) return this.#nearest((value) => !this.#values.has(value))
    const found = plenty === null ? -1 : this.#nearest((value) => value === plenty)
    return found >= 0 ? found : this.#nearest(() => true)
  }

  /** The most frequent sensitive value, where rows of the others are too few to spend more than l - 1 of them on a class; null where diversity is not asked for or not scarce. */
  #plentiful(k: number, l: number): number | null {
    if (l <= 1) return null
    const rows = new Map<number, number>()
    for (let at = 0; at < this.#living; at++) {
      const unit = this.#alive[at] ?? 0
      const value = this.#valueOf(unit)
      rows.set(value, (rows.get(value) ?? 0) + (this.#left[unit] ?? 0))
    }
    let [most, plenty] = [0, 0]
    for (const [value, count] of rows) if (count > most) [most, plenty] = [count, value]
    return (this.#rowsLeft - most) / (l - 1) < this.#rowsLeft / k ? plenty : null
  }

  /** Place among the living of the unit with such a value that widens the class under work least; -1 when there is none. */
  #nearest(fits: (value: number) => boolean): number {
    const columns = this.#columns
    const place = this.#place
    const extended = this.#extended
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let at = 0; at < this.#living; at++) {
      const unit = this.#alive[at] ?? 0
      let cost = 0
      for (let column = unit * columns, end = column + columns; column < end; column++) cost += extended[place[column] ?? 0] ?? 0
      if (cost < least && fits(this.#valueOf(unit))) {
        least = cost
        best = at
      }
    }
    return best
  }

  #extend(one: number): void {
    const { low, high, table } = this.#classes
    for (let column = 0; column < this.#columns; column++) {
      const from = low[one * this.#columns + column] ?? 0
      const to = high[one * this.#columns + column] ?? 0
      const hierarchy = table.hierarchies[column]
      if (hierarchy === undefined) continue
      for (let at = this.#offset[column] ?? 0, end = this.#offset[column + 1] ?? 0; at < end; at++) {
        const leaf = this.#leaves[at] ?? 0
        this.#extended[at] = hierarchy.costOf(leaf < from ? leaf : from, leaf > to ? leaf : to)
      }
    }
  }

  #firstRow(unit: number): number {
    return this.#units.rows[this.#units.start[unit] ?? 0] ?? 0
  }

  #valueOf(at: number): number {
    return this.#classes.table.sensitive?.[this.#firstRow(this.#ids[at] ?? 0)] ?? 0
  }

  /** The unit's last row that is in no class. */
  #takeRow(at: number): number {
    const left = (this.#left[at] ?? 0) - 1
    this.#left[at] = left
    this.#rowsLeft--
    return this.#units.rows[(this.#units.start[this.#ids[at] ?? 0] ?? 0) + left] ?? 0
  }
}

/** Puts a row into the class among these whose rows together cost least more with it. */
export function addToNearest(classes: Classes, among: Iterable<number>, row: number): void {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (const one of among) {
    const size = classes.size[one] ?? 0
    const more = (size + 1) * classes.costWith(one, row) - size * classes.costOf(one)
    if (more < least) {
      least = more
      best = one
    }
  }
  classes.add(best, row)
}
