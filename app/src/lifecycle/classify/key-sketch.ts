// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'

/** How many of the smallest hashes of a column are kept: up to so many different values inclusion is exact, beyond that a random sample. */
export const sketchValues = 4096
const bitsPerValue = 32
const probes = 16

/** Hashes of values under a seed of this run: they serve to compare columns with each other and mean nothing afterwards (DETECTION §5 trap 10). */
export class RunHash {
  readonly #seedA: number
  readonly #seedB: number
  low = 0
  high = 0

  constructor(seed: Buffer = randomBytes(8)) {
    this.#seedA = seed.readUInt32LE(0)
    this.#seedB = seed.readUInt32LE(4)
  }

  /** Hashes a value as keys are compared: without spaces around it, full width as half width, capitals. */
  take(value: string): void {
    const text = comparableKey(value)
    let a = this.#seedA
    let b = this.#seedB
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      a = Math.imul(a ^ unit, 0x85eb_ca6b)
      a = (a << 13) | (a >>> 19)
      b = Math.imul(b ^ unit, 0xc2b2_ae35)
      b = (b << 15) | (b >>> 17)
    }
    this.low = finish(a ^ text.length)
    this.high = finish(b ^ Math.imul(a, 0x9e37_79b1))
  }
}

/** A value as a key of another table may write it. */
export function comparableKey(value: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII needs no normalising
  const plain = /^[\u0000-\u007f]*$/.test(value) ? value : value.normalize('NFKC')
  return plain.trim().toUpperCase()
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x7feb_352d)
  h ^= h >>> 15
  h = Math.imul(h, 0x846c_a68b)
  return (h ^ (h >>> 16)) >>> 0
}

/** The smallest hashes of a column's values: all of them while they are few, else a sample that does not depend on how often a value occurs. */
export class KeySketch {
  #kept = new Set<number>()
  #limit = 2 ** 53

  add(low: number, high: number): void {
    const hash = (high & 0x1f_ffff) * 2 ** 32 + low
    if (hash >= this.#limit || this.#kept.has(hash)) return
    this.#kept.add(hash)
    if (this.#kept.size > sketchValues * 2) this.#cut()
  }

  #cut(): void {
    const smallest = Float64Array.from(this.#kept).sort().subarray(0, sketchValues)
    this.#limit = smallest.at(-1) ?? this.#limit
    this.#kept = new Set(smallest)
  }

  /** The sampled hashes and whether they are all. */
  values(): { hashes: Float64Array; isAll: boolean; distinct: number } {
    const isAll = this.#limit === 2 ** 53 && this.#kept.size <= sketchValues
    if (!isAll) this.#cut()
    const hashes = Float64Array.from(this.#kept)
    // The k-th smallest of n random numbers stands at about k/n (Bar-Yossef and others 2002).
    return { hashes, isAll, distinct: isAll ? hashes.length : Math.round(((hashes.length - 1) / this.#limit) * 2 ** 53) }
  }
}

/** Which values a column has, in a few bits each (Bloom 1970); says very seldom yes for one that it has not (about 1 in 3 million). */
export class KeyFilter {
  readonly #bits: Uint32Array
  readonly #size: number

  constructor(expected: number) {
    this.#size = Math.max(1024, expected * bitsPerValue)
    this.#bits = new Uint32Array(Math.ceil(this.#size / 32))
  }

  add(low: number, high: number): void {
    for (let i = 0; i < probes; i++) {
      const at = this.#place(low, high, i)
      this.#bits[at >>> 5] = (this.#bits[at >>> 5] ?? 0) | (1 << (at & 31))
    }
  }

  has(low: number, high: number): boolean {
    for (let i = 0; i < probes; i++) {
      const at = this.#place(low, high, i)
      if (((this.#bits[at >>> 5] ?? 0) & (1 << (at & 31))) === 0) return false
    }
    return true
  }

  #place(low: number, high: number, i: number): number {
    return (low + i * ((high & 0x1f_ffff) | 1)) % this.#size
  }
}

/** The values of a column as another is looked up in them: its own few hashes, or the filter of a column with more than a sketch keeps. */
export interface KeySet {
  has(low: number, high: number): boolean
}

/** A column's values to look up in: exactly while its sketch holds all of them, else by its filter. */
export function keySetOf(sample: { hashes: Float64Array; isAll: boolean }, filter: KeyFilter): KeySet {
  if (!sample.isAll) return filter
  const all = new Set(sample.hashes)
  return { has: (low, high) => all.has((high & 0x1f_ffff) * 2 ** 32 + low) }
}

/** Share of a column's sampled values that another column has. */
export function inclusionOf(hashes: Float64Array, other: KeySet): number {
  if (hashes.length === 0) return 0
  let found = 0
  for (const hash of hashes) if (other.has(hash % 2 ** 32, Math.floor(hash / 2 ** 32))) found++
  return found / hashes.length
}
