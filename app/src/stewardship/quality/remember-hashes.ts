// SPDX-License-Identifier: Apache-2.0

/** Where a value was met first. */
export interface FirstSeen {
  low: number
  high: number
  dataSet: number
  place: number
}

const WORDS = 6

/**
 * A memory of hashes with an upper bound: 64 bits of what is asked for, 64 bits of what was met, and where. Two different ones among two million agree by chance once in ten thousand runs.
 * Beyond its bound it takes nothing new and says how many it turned away, so that a result can say what was not compared. It never leaves the process.
 */
export class HashMemory {
  readonly #entriesMax: number
  #table = new Int32Array(WORDS * 1024)
  #entries = 0
  #turnedAway = 0

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  /** How many were not remembered for want of room. */
  get turnedAway(): number {
    return this.#turnedAway
  }

  /** What was met under this key before; if nothing was, this is remembered and null is given. */
  meet(keyLow: number, keyHigh: number, now: FirstSeen): FirstSeen | null {
    const low = keyLow === 0 && keyHigh === 0 ? 1 : keyLow
    const at = this.#slot(this.#table, low, keyHigh)
    const table = this.#table
    if (table[at] !== 0 || table[at + 1] !== 0) return { low: table[at + 2] ?? 0, high: table[at + 3] ?? 0, dataSet: table[at + 4] ?? 0, place: table[at + 5] ?? 0 }
    if (this.#entries >= this.#entriesMax) {
      this.#turnedAway++
      return null
    }
    table.set([low, keyHigh, now.low, now.high, now.dataSet, now.place], at)
    this.#entries++
    if (this.#entries * 2 * WORDS > table.length) this.#grow()
    return null
  }

  #slot(table: Int32Array, low: number, high: number): number {
    const slots = table.length / WORDS
    for (let slot = ((low ^ (high >>> 7)) >>> 0) % slots; ; slot = slot + 1 === slots ? 0 : slot + 1) {
      const at = slot * WORDS
      if ((table[at] === low && table[at + 1] === high) || (table[at] === 0 && table[at + 1] === 0)) return at
    }
  }

  #grow(): void {
    const before = this.#table
    this.#table = new Int32Array(before.length * 2)
    for (let at = 0; at < before.length; at += WORDS) {
      const [low, high] = [before[at] ?? 0, before[at + 1] ?? 0]
      if (low !== 0 || high !== 0) this.#table.set(before.subarray(at, at + WORDS), this.#slot(this.#table, low, high))
    }
  }
}

/** Two 32-bit sums over what is taken, piece by piece, for counting only: they tell equal from unequal and never leave memory. */
export class PairHash {
  low = 0
  high = 0

  /** Begins anew. */
  begin(): this {
    this.low = 0x811c9dc5 | 0
    this.high = 0x9e3779b9 | 0
    return this
  }

  /** Takes a text; what was taken before and after stays apart from it. */
  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i))
    this.#mix(0x10000 + text.length)
    return this
  }

  /** Takes a cell as it stands: a text, bytes, or nothing, which are three different things. */
  cell(value: string | Uint8Array | null): this {
    if (typeof value === 'string') return this.text(value)
    if (value === null) this.#mix(0x20000)
    else {
      for (const byte of value) this.#mix(0x40000 + byte)
      this.#mix(0x30000)
    }
    return this
  }

  #mix(unit: number): void {
    this.low = Math.imul(this.low ^ unit, 0x9e3779b1)
    this.low ^= this.high >>> 15
    this.high = Math.imul(this.high ^ unit, 0x85ebca77)
    this.high ^= this.low >>> 13
  }
}
