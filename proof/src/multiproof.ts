// SPDX-License-Identifier: Apache-2.0
import { ProofError } from './bytes.ts'
import { nodeHash, rootOfLeaves, splitPoint } from './merkle.ts'

/** One leaf with its place. */
export type PlacedLeaf = { index: number; leafHash: Uint8Array }
/** Some leaves of a tree and the hashes of all that lies between them (CONTRACTS §14). */
export type Multiproof = { size: number; leaves: readonly PlacedLeaf[]; path: readonly Uint8Array[] }

/** Hashes that lead from the leaves at `indices` to the root, left to right; refuses indices that repeat or lie outside. */
export function buildMultiproof(indices: readonly number[], leafHashes: readonly Uint8Array[]): Uint8Array[] {
  return multiproofRanges(indices, leafHashes.length).map(({ from, to }) => rootOfLeaves(leafHashes.slice(from, to)))
}

/** The subtrees whose roots a multiproof consists of, left to right; for trees that are not in memory. Refuses indices that repeat or lie outside. */
export function multiproofRanges(indices: readonly number[], size: number): Range[] {
  const sorted = [...indices].sort((a, b) => a - b)
  refuseBadIndices(sorted, size)
  const ranges: Range[] = []
  collect(sorted, { from: 0, to: size }, (from, to) => ranges.push({ from, to }))
  return ranges
}

/** Root that the leaves and the path lead to; refuses a path that is too short or too long and leaves out of order. */
export function rootFromMultiproof(proof: Multiproof): Uint8Array {
  refuseBadIndices(proof.leaves.map((leaf) => leaf.index), proof.size)
  let used = 0
  let placed = 0
  const climb = (from: number, to: number): Uint8Array => {
    const next = proof.leaves[placed]
    if (next === undefined || next.index >= to) {
      const given = proof.path[used]
      if (given === undefined || given.length !== 32) throw new ProofError('MULTIPROOF', 'the path is too short or a hash is not 32 bytes')
      used += 1
      return given
    }
    if (to - from === 1) {
      placed += 1
      return next.leafHash
    }
    const middle = from + splitPoint(to - from)
    const left = climb(from, middle)
    return nodeHash(left, climb(middle, to))
  }
  const root = climb(0, proof.size)
  if (used !== proof.path.length) throw new ProofError('MULTIPROOF', 'the path is too long')
  return root
}

/** Leaves from one index up to, not including, another. */
export type Range = { from: number; to: number }

/** Walks the tree left to right and reports each largest subtree without a wanted leaf. */
function collect(sorted: readonly number[], range: Range, report: (from: number, to: number) => void): void {
  if (sorted.length === 0) return report(range.from, range.to)
  if (range.to - range.from === 1) return
  const middle = range.from + splitPoint(range.to - range.from)
  collect(sorted.filter((index) => index < middle), { from: range.from, to: middle }, report)
  collect(sorted.filter((index) => index >= middle), { from: middle, to: range.to }, report)
}

function refuseBadIndices(sorted: readonly number[], size: number): void {
  if (!Number.isSafeInteger(size) || sorted.length === 0) throw new ProofError('MULTIPROOF', 'a multiproof needs at least one leaf')
  let last = -1
  for (const index of sorted) {
    if (!Number.isSafeInteger(index) || index <= last || index >= size) throw new ProofError('MULTIPROOF', 'leaves are out of order or outside the tree')
    last = index
  }
}
