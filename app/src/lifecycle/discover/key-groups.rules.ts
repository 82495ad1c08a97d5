// SPDX-License-Identifier: Apache-2.0
import { identityKeyTypes, type IdentityKeyType } from './identity-keys.rules.ts'

const blindBytes = 16

/** One key with the records that hold it; records are numbers from 0, ascending. */
export interface KeyGroup {
  type: IdentityKeyType
  records: ArrayLike<number>
  isPlaceholder: boolean
}

/** Keys that several records hold, or that are nobody's, as columns: one object for none of them. */
export class KeyGroups {
  #types = new Uint8Array(1024)
  #placeholder = new Uint8Array(1024)
  #ends = new Uint32Array(1024)
  #members = new Uint32Array(4096)
  #blinds = Buffer.alloc(1024 * blindBytes)
  #size = 0
  #used = 0

  get size(): number {
    return this.#size
  }

  add(group: KeyGroup, blind: Uint8Array = new Uint8Array(blindBytes)): void {
    if (this.#size === this.#types.length) this.#enlarge()
    while (this.#used + group.records.length > this.#members.length) this.#members = twice(this.#members)
    this.#members.set(group.records, this.#used)
    this.#used += group.records.length
    this.#types[this.#size] = identityKeyTypes.indexOf(group.type)
    this.#placeholder[this.#size] = group.isPlaceholder ? 1 : 0
    this.#ends[this.#size] = this.#used
    this.#blinds.set(blind, this.#size * blindBytes)
    this.#size += 1
  }

  typeOf(key: number): IdentityKeyType {
    return identityKeyTypes[this.#types[key] ?? 0] ?? 'email'
  }

  isPlaceholder(key: number): boolean {
    return this.#placeholder[key] === 1
  }

  /** A view. */
  recordsOf(key: number): Uint32Array {
    return this.#members.subarray(key === 0 ? 0 : this.#ends[key - 1], this.#ends[key])
  }

  blindOf(key: number): Buffer {
    return this.#blinds.subarray(key * blindBytes, (key + 1) * blindBytes)
  }

  #enlarge(): void {
    this.#types = twice(this.#types)
    this.#placeholder = twice(this.#placeholder)
    this.#ends = twice(this.#ends)
    this.#blinds = Buffer.concat([this.#blinds], this.#blinds.length * 2)
  }
}

function twice<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(numbers: T): T
function twice(numbers: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Uint8Array | Uint32Array {
  const larger = numbers instanceof Uint8Array ? new Uint8Array(numbers.length * 2) : new Uint32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

/** The order of blind indexes that lie one after the other, by two passes over their first four bytes and a comparison where those are equal. */
export function orderOfBlinds(blinds: Buffer, count: number): Uint32Array {
  const prefix = new Uint32Array(count)
  for (let at = 0; at < count; at += 1) prefix[at] = blinds.readUInt32BE(at * blindBytes)
  const order = sortedBy(prefix, sortedBy(prefix, Uint32Array.from({ length: count }, (_, at) => at), 0), 16)
  for (let at = 1; at < count; at += 1) {
    const mine = order[at] ?? 0
    let before = at - 1
    while (before >= 0 && prefix[order[before] ?? 0] === prefix[mine] && compareBlinds(blinds, order[before] ?? 0, mine) > 0) {
      order[before + 1] = order[before] ?? 0
      before -= 1
    }
    order[before + 1] = mine
  }
  return order
}

/** How two blind indexes of a list stand to each other. */
export function compareBlinds(blinds: Buffer, left: number, right: number): number {
  return blinds.compare(blinds, right * blindBytes, (right + 1) * blindBytes, left * blindBytes, (left + 1) * blindBytes)
}

/** One stable pass by sixteen bits. */
function sortedBy(prefix: Uint32Array, order: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(1 << 16)
  for (const value of prefix) next[(value >>> shift) & 0xffff] = (next[(value >>> shift) & 0xffff] ?? 0) + 1
  let sum = 0
  for (let digit = 0; digit < next.length; digit += 1) {
    const mine = next[digit] ?? 0
    next[digit] = sum
    sum += mine
  }
  const sorted = new Uint32Array(order.length)
  for (const item of order) {
    const digit = ((prefix[item] ?? 0) >>> shift) & 0xffff
    const place = next[digit] ?? 0
    sorted[place] = item
    next[digit] = place + 1
  }
  return sorted
}
