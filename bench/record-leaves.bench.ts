// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { encodeInventoryEntry, MerkleAccumulator, toHex } from '@handover/proof'
import type { Benchmark } from './harness.ts'

const entryOf = (index: number): Uint8Array => {
  const bytes = Buffer.alloc(32, index & 0xff)
  bytes.writeUInt32BE(index)
  return encodeInventoryEntry({ index: BigInt(index), recordId: bytes.subarray(0, 16), dataSetId: bytes.subarray(16), presence: bytes.subarray(4, 6), recordRoot: bytes })
}

/** The entries of a size, made before the clock starts: both sides hash the same bytes. */
function entriesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, index) => entryOf(index))
}

/** Inventory leaves and their Merkle root, beside one createHash for each leaf and each node. */
export const benchmark: Benchmark = {
  name: 'record-leaves',
  row: 'record leaves and Merkle root',
  compare: 'rate',
  target: 4,
  unit: 'records',
  sizes: [20_000, 200_000, 1_000_000],
  async prepare() {
    // Entries are made in memory.
  },
  async ours(size) {
    const entries = entriesOf(size)
    const started = performance.now()
    const tree = new MerkleAccumulator()
    for (const entry of entries) tree.pushEntry(entry)
    tree.root()
    return { seconds: (performance.now() - started) / 1000, units: size }
  },
  yardsticks: [{
    name: 'createHash for each leaf and node',
    async run(size) {
      const entries = entriesOf(size)
      const started = performance.now()
      let level: Buffer[] = entries.map((entry) => createHash('sha256').update(leafMark).update(entry).digest())
      while (level.length > 1) level = pairsOf(level)
      const seconds = (performance.now() - started) / 1000
      const tree = new MerkleAccumulator()
      for (const entry of entries) tree.pushEntry(entry)
      if (level[0]?.toString('hex') !== toHex(tree.root())) throw new Error('the two roots differ')
      return { seconds, units: size }
    },
  }],
}

const leafMark = Buffer.of(0)
const nodeMark = Buffer.of(1)

function pairsOf(level: readonly Buffer[]): Buffer[] {
  const next: Buffer[] = []
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]]
    if (left !== undefined) next.push(right === undefined ? left : createHash('sha256').update(nodeMark).update(left).update(right).digest())
  }
  return next
}
