// SPDX-License-Identifier: Apache-2.0
import { emptyRoot, nodeHash } from '@handover/proof'

const hashBytes = 32

/** 销毁名单树. An RFC 6962 tree that can be put away and taken up again: its size, and the hash of each whole subtree, largest first. */
export class TombstoneTree {
  #peaks: Uint8Array[]
  #size: number

  /** Takes up a tree that was put away; refuses a number of hashes that its size cannot have. */
  constructor(kept: { size: number; peaks: Uint8Array } = { size: 0, peaks: new Uint8Array(0) }) {
    this.#size = kept.size
    this.#peaks = Array.from({ length: kept.peaks.length / hashBytes }, (_, at) => kept.peaks.slice(at * hashBytes, (at + 1) * hashBytes))
    if (this.#peaks.length !== subtreesOf(kept.size)) throw new RangeError('a tree of this size has another number of subtrees')
  }

  get size(): number {
    return this.#size
  }

  push(leaf: Uint8Array): void {
    let carry = leaf
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) carry = nodeHash(this.#peaks.pop() ?? carry, carry)
    this.#peaks.push(carry)
    this.#size += 1
  }

  root(): Uint8Array {
    const smallest = this.#peaks.at(-1)
    return smallest === undefined ? emptyRoot() : this.#peaks.slice(0, -1).reduceRight((root, peak) => nodeHash(peak, root), smallest)
  }

  /** The hashes to be put away. */
  peaks(): Uint8Array {
    const bytes = new Uint8Array(this.#peaks.length * hashBytes)
    for (const [at, peak] of this.#peaks.entries()) bytes.set(peak, at * hashBytes)
    return bytes
  }
}

/** One whole subtree for each 1 in the binary number. */
function subtreesOf(size: number): number {
  let subtrees = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) subtrees += rest % 2
  return subtrees
}
