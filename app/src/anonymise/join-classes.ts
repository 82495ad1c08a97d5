// SPDX-License-Identifier: Apache-2.0
import type { Classes } from './coded-table.ts'

/** How many classes on either side are looked at for a partner. */
const neighbours = 150

/**
 * t-接近性. Joins classes whose sensitive values are spread further than t from the whole table's (half the sum of the differences of shares) with the neighbour that widens both least and brings them nearer,
 * until none is left: at the latest all rows are one class, whose distance is 0. Numbers the classes anew.
 */
export function joinDistantClasses(classes: Classes, t: number): void {
  const { sensitive } = classes.table
  if (sensitive === null || t >= 1) return
  new Joining(classes, sensitive, t).run()
}

class Joining {
  readonly #classes: Classes
  readonly #t: number
  readonly #whole: Float64Array
  readonly #counts: Map<number, number>[]
  /** The class that a class was joined to; itself while it stands. */
  readonly #joined: Int32Array
  /** Standing classes before and after, in their order. */
  readonly #next: Int32Array
  readonly #previous: Int32Array

  constructor(classes: Classes, sensitive: Int32Array, t: number) {
    this.#classes = classes
    this.#t = t + 1e-12
    this.#whole = new Float64Array(sensitive.reduce((most, value) => Math.max(most, value), 0) + 1)
    this.#counts = Array.from({ length: classes.count }, () => new Map<number, number>())
    for (let row = 0; row < sensitive.length; row++) {
      const value = sensitive[row] ?? 0
      this.#whole[value] = (this.#whole[value] ?? 0) + 1 / sensitive.length
      const counts = this.#counts[classes.classOf[row] ?? 0]
      counts?.set(value, (counts.get(value) ?? 0) + 1)
    }
    this.#joined = Int32Array.from({ length: classes.count }, (_, one) => one)
    this.#next = Int32Array.from({ length: classes.count }, (_, one) => (one + 1 < classes.count ? one + 1 : -1))
    this.#previous = Int32Array.from({ length: classes.count }, (_, one) => one - 1)
  }

  run(): void {
    for (let one = 0; one < this.#classes.count; one++) {
      while (this.#joined[one] === one && this.#distance(one, -1) > this.#t) {
        const partner = this.#partnerOf(one)
        if (partner < 0) break
        this.#join(one, partner)
      }
    }
    this.#renumber()
  }

  /** Distance of the values of one class, or of two together, from the whole table's. */
  #distance(one: number, other: number): number {
    const { size } = this.#classes
    const rows = (size[one] ?? 0) + (other < 0 ? 0 : size[other] ?? 0)
    const [first, second] = [this.#counts[one], other < 0 ? undefined : this.#counts[other]]
    let near = 0
    first?.forEach((count, value) => (near += Math.min((count + (second?.get(value) ?? 0)) / rows, this.#whole[value] ?? 0)))
    second?.forEach((count, value) => {
      if (first?.has(value) !== true) near += Math.min(count / rows, this.#whole[value] ?? 0)
    })
    return 1 - near
  }

  /** The standing neighbour that is joined at the least cost for each unit of distance that it takes away; the nearest in order when none takes any away. */
  #partnerOf(one: number): number {
    const before = this.#distance(one, -1)
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (const walk of [this.#previous, this.#next]) {
      let other = walk[one] ?? -1
      for (let step = 0; step < neighbours && other >= 0; step++, other = walk[other] ?? -1) {
        const nearer = before - Math.max(this.#t, this.#distance(one, other))
        const price = nearer <= 0 ? Number.POSITIVE_INFINITY : this.#costTogether(one, other) / nearer
        if (price < least) {
          least = price
          best = other
        }
      }
    }
    if (best >= 0) return best
    const previous = this.#previous[one] ?? -1
    return previous >= 0 ? previous : this.#next[one] ?? -1
  }

  #costTogether(one: number, other: number): number {
    const { low, high, size, table } = this.#classes
    const columns = table.hierarchies.length
    let cost = 0
    for (let column = 0; column < columns; column++) {
      const [a, b] = [one * columns + column, other * columns + column]
      cost += table.hierarchies[column]?.costOf(Math.min(low[a] ?? 0, low[b] ?? 0), Math.max(high[a] ?? 0, high[b] ?? 0)) ?? 0
    }
    const [first, second] = [size[one] ?? 0, size[other] ?? 0]
    return (first + second) * cost - first * this.#classes.costOf(one) - second * this.#classes.costOf(other) + 1e-6
  }

  /** Takes the partner into the class. */
  #join(one: number, other: number): void {
    const { low, high, size, table } = this.#classes
    const columns = table.hierarchies.length
    for (let column = 0; column < columns; column++) {
      const [a, b] = [one * columns + column, other * columns + column]
      low[a] = Math.min(low[a] ?? 0, low[b] ?? 0)
      high[a] = Math.max(high[a] ?? 0, high[b] ?? 0)
    }
    size[one] = (size[one] ?? 0) + (size[other] ?? 0)
    const counts = this.#counts[one]
    this.#counts[other]?.forEach((count, value) => counts?.set(value, (counts.get(value) ?? 0) + count))
    this.#joined[other] = one
    const [previous, next] = [this.#previous[other] ?? -1, this.#next[other] ?? -1]
    if (previous >= 0) this.#next[previous] = next
    if (next >= 0) this.#previous[next] = previous
  }

  /** The class that a class is part of now; remembered, so that long chains are walked once. */
  #standing(one: number): number {
    let root = one
    while (this.#joined[root] !== root) root = this.#joined[root] ?? root
    for (let at = one; at !== root;) {
      const above = this.#joined[at] ?? root
      this.#joined[at] = root
      at = above
    }
    return root
  }

  #renumber(): void {
    const { classOf, low, high, size, table, count } = this.#classes
    const columns = table.hierarchies.length
    const numbers = new Int32Array(count)
    let standing = 0
    for (let one = 0; one < count; one++) {
      if (this.#joined[one] !== one) continue
      numbers[one] = standing
      low.copyWithin(standing * columns, one * columns, (one + 1) * columns)
      high.copyWithin(standing * columns, one * columns, (one + 1) * columns)
      size[standing] = size[one] ?? 0
      standing++
    }
    for (let row = 0; row < classOf.length; row++) {
      classOf[row] = numbers[this.#standing(classOf[row] ?? 0)] ?? 0
    }
    this.#classes.count = standing
  }
}
