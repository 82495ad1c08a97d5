// SPDX-License-Identifier: Apache-2.0

/**
 * 泛化层级. How the values of one column may be made coarser. Values are leaves, numbered so that everything below one step of the hierarchy stands side by side;
 * what generalises a set of values is therefore told by its least and its greatest leaf alone.
 */
export interface Hierarchy {
  readonly leaves: number
  /** Tree NCP of what covers these leaves: 0 for a single leaf, 1 for everything; else leaves covered over all leaves (numbers without a hierarchy: width over the whole range). */
  costOf(low: number, high: number): number
  /** The text that stands for these leaves. */
  labelOf(low: number, high: number): string
  /** The part in which a leaf falls when what covers these leaves is taken one step finer: the leaf at which that part begins. */
  partOf(low: number, high: number, leaf: number): number
  /** Numbers behind the leaves, where all of them are numbers: for the interval NCP. */
  readonly positions: Float64Array | null
}

/** What stands for every value. */
export const anything = '*'

const tableLeavesMax = 256

/** A hierarchy of words: a tree with `*` at its top. Nodes are numbered: first the leaves, then what lies above them. */
export class TreeHierarchy implements Hierarchy {
  readonly leaves: number
  readonly positions: Float64Array | null
  readonly #labels: readonly string[]
  readonly #parent: Int32Array
  readonly #first: Int32Array
  readonly #last: Int32Array
  /** Costs of all pairs of leaves, where they are few. */
  readonly #table: Float64Array | null

  constructor(tree: { leaves: number; labels: readonly string[]; parent: Int32Array; first: Int32Array; last: Int32Array }) {
    this.leaves = tree.leaves
    this.#labels = tree.labels
    this.#parent = tree.parent
    this.#first = tree.first
    this.#last = tree.last
    this.positions = numbersOf(tree.labels.slice(0, tree.leaves))
    this.#table = tree.leaves <= tableLeavesMax ? this.#costs() : null
  }

  costOf(low: number, high: number): number {
    if (low === high) return 0
    return this.#table === null ? this.#walkCost(low, high) : this.#table[low * this.leaves + high] ?? 1
  }

  labelOf(low: number, high: number): string {
    return this.#labels[this.#nodeOf(low, high)] ?? anything
  }

  partOf(low: number, high: number, leaf: number): number {
    const top = this.#nodeOf(low, high)
    let node = leaf
    for (let above = this.#parent[node] ?? -1; above !== top && above >= 0; above = this.#parent[node] ?? -1) node = above
    return this.#first[node] ?? 0
  }

  /** The lowest node above all leaves from low to high. */
  #nodeOf(low: number, high: number): number {
    let node = low
    while ((this.#last[node] ?? high) < high) node = this.#parent[node] ?? -1
    return node
  }

  #walkCost(low: number, high: number): number {
    const node = this.#nodeOf(low, high)
    return ((this.#last[node] ?? 0) - (this.#first[node] ?? 0) + 1) / this.leaves
  }

  #costs(): Float64Array {
    const table = new Float64Array(this.leaves * this.leaves)
    for (let low = 0; low < this.leaves; low++) for (let high = low + 1; high < this.leaves; high++) table[low * this.leaves + high] = this.#walkCost(low, high)
    return table
  }
}

/** Numbers without a hierarchy: a set of them becomes the interval from its least to its greatest. What is no number (an empty cell, 未知) is a leaf of its own before all numbers and goes with others only as `*`. */
export class IntervalHierarchy implements Hierarchy {
  readonly leaves: number
  readonly positions: Float64Array | null
  readonly #texts: readonly string[]
  readonly #at: Float64Array
  readonly #span: number
  readonly #odd: number

  /** Positions ascend; those of what is no number are NaN and come first. */
  constructor(texts: readonly string[], positions: Float64Array) {
    this.leaves = texts.length
    this.#texts = texts
    this.#at = positions
    this.#odd = positions.reduce((count, position) => count + (Number.isNaN(position) ? 1 : 0), 0)
    this.#span = (positions.at(-1) ?? 0) - (positions[this.#odd] ?? 0)
    this.positions = this.#odd > 0 ? null : positions
  }

  costOf(low: number, high: number): number {
    if (low === high) return 0
    return low < this.#odd ? 1 : ((this.#at[high] ?? 0) - (this.#at[low] ?? 0)) / this.#span
  }

  labelOf(low: number, high: number): string {
    if (low === high) return this.#texts[low] ?? anything
    return low < this.#odd ? anything : `${this.#texts[low]}~${this.#texts[high]}`
  }

  partOf(low: number, high: number, leaf: number): number {
    if (low < this.#odd) return Math.min(leaf, this.#odd)
    const middle = (low + high) >> 1
    return leaf > middle ? middle + 1 : low
  }
}

/** A step above a value while a tree is built. */
interface Branch {
  below: Map<string, Branch>
  /** The value itself, where this is a leaf. */
  value: string | null
}

/** The tree over chains of steps, each from the value up to just below `*`, and the leaf of every value. Values keep their order within a step; a value given twice counts once. */
export function treeOf(chains: Iterable<readonly string[]>): { hierarchy: TreeHierarchy; leafOf: Map<string, number> } {
  const top: Branch = { below: new Map(), value: null }
  for (const chain of chains) {
    let at = top
    for (let step = chain.length - 1; step > 0; step--) at = branch(at, `/${chain[step]}`, null)
    const value = chain[0] ?? ''
    branch(at, `=${value}`, value)
  }
  return numbered(top)
}

function branch(at: Branch, key: string, value: string | null): Branch {
  const known = at.below.get(key)
  if (known !== undefined) return known
  const made: Branch = { below: new Map(), value }
  at.below.set(key, made)
  return made
}

function numbered(top: Branch): { hierarchy: TreeHierarchy; leafOf: Map<string, number> } {
  const leafOf = new Map<string, number>()
  const inner: { label: string; parent: number; first: number; last: number }[] = []
  const parentOfLeaf: number[] = []
  const visit = (at: Branch, label: string, parent: number): void => {
    const me = inner.length
    const node = { label, parent, first: parentOfLeaf.length, last: 0 }
    inner.push(node)
    for (const [key, below] of at.below) {
      if (below.value === null) visit(below, key.slice(1), me)
      else {
        leafOf.set(below.value, parentOfLeaf.length)
        parentOfLeaf.push(me)
      }
    }
    node.last = parentOfLeaf.length - 1
  }
  visit(top, anything, -1)
  const leaves = parentOfLeaf.length
  return {
    leafOf,
    hierarchy: new TreeHierarchy({
      leaves,
      labels: [...leafOf.keys(), ...inner.map(({ label }) => label)],
      parent: Int32Array.from([...parentOfLeaf.map((parent) => parent + leaves), ...inner.map(({ parent }) => (parent < 0 ? -1 : parent + leaves))]),
      first: Int32Array.from([...parentOfLeaf.map((_, leaf) => leaf), ...inner.map(({ first }) => first)]),
      last: Int32Array.from([...parentOfLeaf.map((_, leaf) => leaf), ...inner.map(({ last }) => last)]),
    }),
  }
}

/** The numbers that all texts are; null when one is none. */
function numbersOf(texts: readonly string[]): Float64Array | null {
  const numbers = Float64Array.from(texts, (text) => (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN))
  return numbers.length === 0 || numbers.some((number) => Number.isNaN(number)) ? null : numbers
}
