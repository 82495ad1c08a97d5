// SPDX-License-Identifier: Apache-2.0
// What an order does to the rows of a file, in typed arrays: a file of a million rows costs some tens of bytes a row, not objects.
import type { RowFate } from './row-fate.rules.ts'

/** One row of a file that does not stay as it is. */
export interface RowEdit {
  /** Its number among the rows of its data set, from 0. */
  index: number
  place: number
  /** Bytes in a text file. */
  range: { start: number; end: number } | undefined
  fate: RowFate
}

const columnsPerRow = 4

/** The edits of one data set in the order of its rows. Rows that stay are only counted, unless all are to be kept (title rows: one record a cell). */
export class RowEdits {
  /** All rows seen, with those that stay. */
  rows = 0
  #numbers = new Float64Array(1024 * columnsPerRow)
  #fateAt = new Uint32Array(1024)
  #length = 0
  readonly #fates: RowFate[] = []
  readonly #fateByKey = new Map<string, number>()
  readonly #keepsAll: boolean

  constructor(keepsAll: boolean) {
    this.#keepsAll = keepsAll
  }

  get length(): number {
    return this.#length
  }

  add(row: { place: number; range?: { start: number; end: number } | undefined }, fate: RowFate): void {
    const index = this.rows
    this.rows += 1
    if (fate === 'stays' && !this.#keepsAll) return
    if (this.#length === this.#fateAt.length) this.#grow()
    this.#numbers.set([index, row.place, row.range?.start ?? -1, row.range?.end ?? -1], this.#length * columnsPerRow)
    this.#fateAt[this.#length] = this.#numberOf(fate)
    this.#length += 1
  }

  at(number: number): RowEdit {
    const base = number * columnsPerRow
    const [index = 0, place = 0, start = -1, end = -1] = this.#numbers.subarray(base, base + columnsPerRow)
    return { index, place, range: start < 0 ? undefined : { start, end }, fate: this.#fates[this.#fateAt[number] ?? 0] ?? 'stays' }
  }

  *[Symbol.iterator](): Generator<RowEdit, void, undefined> {
    for (let number = 0; number < this.#length; number += 1) yield this.at(number)
  }

  /** Whether any row goes or loses a cell. */
  get changes(): boolean {
    return this.#fates.some((fate) => fate !== 'stays')
  }

  #numberOf(fate: RowFate): number {
    const key = typeof fate === 'string' ? fate : fate.toString('hex')
    const known = this.#fateByKey.get(key) ?? this.#fates.push(fate) - 1
    this.#fateByKey.set(key, known)
    return known
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2)
    numbers.set(this.#numbers)
    this.#numbers = numbers
    const fates = new Uint32Array(this.#fateAt.length * 2)
    fates.set(this.#fateAt)
    this.#fateAt = fates
  }
}

/** A set of keyed digests, 64 bits of each: open addressing in one typed array. By chance it takes one for another once in ten billion files of a million rows. */
export class DigestSet {
  #slots = new BigUint64Array(1024)
  #size = 0

  add(digest: Buffer): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    if (this.#put(valueOf(digest))) this.#size += 1
  }

  has(digest: Buffer): boolean {
    const value = valueOf(digest)
    return this.#slots[this.#find(value)] === value
  }

  /** Puts a value into its place; false when it was there. */
  #put(value: bigint): boolean {
    const at = this.#find(value)
    if (this.#slots[at] === value) return false
    this.#slots[at] = value
    return true
  }

  #find(value: bigint): number {
    const mask = this.#slots.length - 1
    let at = Number(value & BigInt(mask))
    while (this.#slots[at] !== 0n && this.#slots[at] !== value) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new BigUint64Array(old.length * 2)
    for (const value of old) if (value !== 0n) this.#put(value)
  }
}

/** 0 marks an empty place. */
function valueOf(digest: Buffer): bigint {
  return digest.readBigUInt64LE(0) | 1n << 63n
}
