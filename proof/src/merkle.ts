// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto'
import { concat, digestOf, equalBytes, ProofError, sha256 } from './bytes.ts'

const LEAF = new Uint8Array([0])
const EMPTY_ROOT = sha256(new Uint8Array(0))
const HASH_BYTES = 32
/** More leaves than 2^53 cannot be counted exactly. */
const LEVELS_MAX = 54

/** Hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concat(LEAF, entry))
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + left.length + right.length)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return digestOf(bytes)
}

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export function emptyRoot(): Uint8Array {
  return EMPTY_ROOT
}

/** Root over leaf hashes in order (RFC 6962 §2.1). */
export function rootOfLeaves(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const tree = new MerkleAccumulator()
  for (const leaf of leafHashes) tree.push(leaf)
  return tree.root()
}

/** A tree that is only appended to: keeps one hash for each complete subtree, so memory is O(log n) (RFC 6962 §2.1). */
export class MerkleAccumulator {
  // One buffer for all peaks and one for the node in work: a million leaves make no garbage but their hashes' texts.
  readonly #peaks = Buffer.alloc(LEVELS_MAX * HASH_BYTES)
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES, 1)
  #entry = Buffer.alloc(1)
  #size = 0

  get size(): bigint {
    return BigInt(this.#size)
  }

  /** Appends a leaf hash; refuses what has not its length. */
  push(leaf: Uint8Array): void {
    if (leaf.length !== HASH_BYTES) throw new ProofError('BAD_HASH', 'a leaf hash has 32 bytes')
    this.#node.set(leaf, 1 + HASH_BYTES)
    this.#carry()
  }

  /** Appends the leaf of an entry, SHA-256(0x00 ‖ entry). */
  pushEntry(entry: Uint8Array): void {
    // Entries of one list are nearly always of one length, and a view costs a tenth of its hash.
    if (entry.length + 1 !== this.#entry.length) this.#entry = Buffer.alloc(entry.length + 1)
    this.#entry.set(entry, 1)
    putHash(this.#entry, this.#node, 1 + HASH_BYTES)
    this.#carry()
  }

  root(): Uint8Array {
    let root: Uint8Array | null = null
    for (let level = 0, left = this.#size; left > 0; level += 1, left = Math.floor(left / 2)) {
      if (left % 2 === 0) continue
      const peak = this.#peaks.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES)
      root = root === null ? Buffer.from(peak) : nodeHash(peak, root)
    }
    return root ?? emptyRoot()
  }

  /** The hash at the right of the node in work goes up as long as a peak stands at its left. */
  #carry(): void {
    let level = 0
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2) {
      this.#peaks.copy(this.#node, 1, level * HASH_BYTES, (level + 1) * HASH_BYTES)
      putHash(this.#node, this.#node, 1 + HASH_BYTES)
      level += 1
    }
    this.#node.copy(this.#peaks, level * HASH_BYTES, 1 + HASH_BYTES)
    this.#size += 1
  }
}

/** Node hands a short text over three times faster than a new buffer. */
function putHash(bytes: Buffer, into: Buffer, at: number): void {
  into.write(hash('sha256', bytes, 'binary'), at, HASH_BYTES, 'latin1')
}

/** Audit path of one leaf, its sibling first (RFC 6962 §2.1.1); refuses an index outside the tree. */
export function inclusionPath(index: bigint, leafHashes: readonly Uint8Array[]): Uint8Array[] {
  const at = Number(index)
  if (index < 0n || at >= leafHashes.length) throw new ProofError('INDEX_OUTSIDE', 'the index is outside the tree')
  return pathWithin(at, leafHashes, 0, leafHashes.length)
}

/** Largest power of two below n, where a tree of n leaves splits (RFC 6962 §2.1). */
export function splitPoint(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function pathWithin(at: number, leaves: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  if (to - from === 1) return []
  const middle = from + splitPoint(to - from)
  return at < middle
    ? [...pathWithin(at, leaves, from, middle), rootOfLeaves(leaves.slice(middle, to))]
    : [...pathWithin(at, leaves, middle, to), rootOfLeaves(leaves.slice(from, middle))]
}

/** What an inclusion proof says. */
export type Inclusion = { index: bigint; size: bigint; leafHash: Uint8Array; path: readonly Uint8Array[]; root: Uint8Array }

/** Checks that a leaf is at its index in the tree of that size and root (RFC 9162 §2.1.3.2); throws INCLUSION otherwise. */
export function verifyInclusion(proof: Inclusion): void {
  refuseUnless(proof.index >= 0n && proof.index < proof.size, 'INCLUSION', 'the index is outside the tree')
  let fn = proof.index
  let sn = proof.size - 1n
  let root = checkedHash(proof.leafHash, 'INCLUSION')
  for (const hashed of proof.path) {
    const sibling = checkedHash(hashed, 'INCLUSION')
    refuseUnless(sn > 0n, 'INCLUSION', 'the path is too long')
    if (isOdd(fn) || fn === sn) {
      root = nodeHash(sibling, root)
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      root = nodeHash(root, sibling)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  refuseUnless(sn === 0n, 'INCLUSION', 'the path is too short')
  refuseUnless(equalBytes(root, proof.root), 'INCLUSION', 'the path leads to another root')
}

/** Proof that the tree of `first` leaves is a prefix of the whole (RFC 6962 §2.1.2); refuses a size beyond the tree. */
export function consistencyPath(first: bigint, leafHashes: readonly Uint8Array[]): Uint8Array[] {
  const m = Number(first)
  if (first < 0n || m > leafHashes.length) throw new ProofError('INDEX_OUTSIDE', 'the first size is outside the tree')
  return m === 0 ? [] : subproof(m, leafHashes, true)
}

function subproof(m: number, leaves: readonly Uint8Array[], isWhole: boolean): Uint8Array[] {
  if (m === leaves.length) return isWhole ? [] : [rootOfLeaves(leaves)]
  const k = splitPoint(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), rootOfLeaves(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), rootOfLeaves(leaves.slice(0, k))]
}

/** What a consistency proof says. */
export type Consistency = { first: bigint; second: bigint; path: readonly Uint8Array[]; firstRoot: Uint8Array; secondRoot: Uint8Array }

/**
 * Checks that the second tree only appended to the first (RFC 9162 §2.1.4.2); throws CONSISTENCY otherwise.
 * From an empty tree to another size there is nothing to prove: refused here, the caller decides before asking (FORMATS §3).
 */
export function verifyConsistency(proof: Consistency): void {
  const { first, second, path, firstRoot, secondRoot } = proof
  refuseUnless(first >= 0n && first <= second, 'CONSISTENCY', 'the first size is larger than the second')
  if (first === 0n || first === second) {
    refuseUnless(path.length === 0, 'CONSISTENCY', 'a path was given where nothing is to be proved')
    refuseUnless(first === second, 'CONSISTENCY', 'from an empty tree nothing can be proved')
    refuseUnless(equalBytes(firstRoot, secondRoot) && (first !== 0n || equalBytes(firstRoot, emptyRoot())), 'CONSISTENCY', 'the roots differ')
    return
  }
  refuseUnless(path.length > 0, 'CONSISTENCY', 'the path is empty')
  const isPowerOfTwo = (first & (first - 1n)) === 0n
  const [seed, ...rest] = isPowerOfTwo ? [firstRoot, ...path] : path
  if (seed === undefined) throw new ProofError('CONSISTENCY', 'the path is empty')
  climbConsistency(proof, seed, rest)
}

function climbConsistency(proof: Consistency, seed: Uint8Array, rest: readonly Uint8Array[]): void {
  let fn = proof.first - 1n
  let sn = proof.second - 1n
  while (isOdd(fn)) [fn, sn] = [fn >> 1n, sn >> 1n]
  let firstRoot = checkedHash(seed, 'CONSISTENCY')
  let secondRoot = firstRoot
  for (const hashed of rest) {
    const next = checkedHash(hashed, 'CONSISTENCY')
    refuseUnless(sn > 0n, 'CONSISTENCY', 'the path is too long')
    if (isOdd(fn) || fn === sn) {
      firstRoot = nodeHash(next, firstRoot)
      secondRoot = nodeHash(next, secondRoot)
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      secondRoot = nodeHash(secondRoot, next)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  refuseUnless(equalBytes(firstRoot, proof.firstRoot), 'CONSISTENCY', 'the path leads to another first root')
  refuseUnless(equalBytes(secondRoot, proof.secondRoot), 'CONSISTENCY', 'the path leads to another second root')
  refuseUnless(sn === 0n, 'CONSISTENCY', 'the path is too short')
}

function isOdd(n: bigint): boolean {
  return (n & 1n) === 1n
}

function checkedHash(bytes: Uint8Array, code: string): Uint8Array {
  refuseUnless(bytes.length === HASH_BYTES, code, 'a hash is not 32 bytes')
  return bytes
}

function refuseUnless(holds: boolean, code: string, detail: string): void {
  if (!holds) throw new ProofError(code, detail)
}
