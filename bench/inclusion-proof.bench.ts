// SPDX-License-Identifier: Apache-2.0
import { MerkleAccumulator, sha256, tilePath, TileTree, tileWidth, toHex, u64be, verifyInclusion } from '@handover/proof'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Benchmark, Sample } from './harness.ts'

const TILE_WIDTH = 256
const HASH_BYTES = 32
const PROOFS = 1000
/** As many tiles as a proof at ten million entries reads. */
const TILES_A_PROOF = 3

/** The proof of one event out of static tiles: a cold tree each time, as for a customer who comes once. */
export const benchmark: Benchmark = {
  name: 'inclusion-proof',
  row: 'inclusion proof',
  compare: 'cost',
  target: 4,
  unit: 'proofs',
  sizes: [10_000, 1_000_000, 10_000_000],
  async prepare(size, folder) {
    if (!existsSync(join(folder, 'root.txt'))) writeTree(size, folder)
  },
  async ours(size, folder) {
    const root = Buffer.from(readFileSync(join(folder, 'root.txt'), 'utf8'), 'hex')
    const times: number[] = []
    for (let n = 0; n < PROOFS; n += 1) {
      const index = indexOf(n, size)
      const before = performance.now()
      const path = await new TileTree(size, async (level, at, width) => readFileSync(join(folder, tilePath(level, at, width)))).inclusionPath(index)
      times.push(performance.now() - before)
      if (n % 100 === 0) verifyInclusion({ index: BigInt(index), size: BigInt(size), leafHash: leafOf(index), path, root })
    }
    const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000
    return { seconds, units: PROOFS, notes: { p99ms: times.sort((a, b) => a - b)[Math.floor(PROOFS * 0.99)] ?? 0 } }
  },
  yardsticks: [{ name: 'three tile reads', run: async (size, folder) => readsAlone(size, folder) }],
}

/** Spread over the whole tree, the same in every run. */
function indexOf(n: number, size: number): number {
  return (n * 7_919_777) % size
}

function leafOf(index: number): Uint8Array {
  return sha256(u64be(index))
}

/** All tiles of a log of that size, level by level, with memory for one tile a level. */
function writeTree(size: number, folder: string): void {
  const tree = new MerkleAccumulator()
  const tiles: Buffer[] = []
  const used: number[] = []
  const counts: number[] = []
  const put = (level: number, hash: Uint8Array): void => {
    const tile = (tiles[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES))
    tile.set(hash, (used[level] ?? 0) * HASH_BYTES)
    used[level] = (used[level] ?? 0) + 1
    if (used[level] === TILE_WIDTH) flush(level)
  }
  const flush = (level: number): void => {
    const [tile, width] = [tiles[level], used[level] ?? 0]
    if (tile === undefined || width === 0) return
    const index = counts[level] ?? 0
    counts[level] = index + 1
    used[level] = 0
    const path = join(folder, tilePath(level, index, width))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, tile.subarray(0, width * HASH_BYTES))
    if (width < TILE_WIDTH) return
    const part = new MerkleAccumulator()
    for (let at = 0; at < TILE_WIDTH; at += 1) part.push(Buffer.from(tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)))
    put(level + 1, part.root())
  }
  for (let n = 0; n < size; n += 1) {
    const leaf = leafOf(n)
    tree.push(leaf)
    put(0, leaf)
  }
  for (let level = 0; level < tiles.length; level += 1) flush(level)
  writeFileSync(join(folder, 'root.txt'), toHex(tree.root()))
}

/** Opening and reading three tiles, with nothing made of them. */
function readsAlone(size: number, folder: string): Sample {
  const buffer = Buffer.alloc(TILE_WIDTH * HASH_BYTES)
  const started = performance.now()
  for (let n = 0; n < PROOFS; n += 1) {
    let index = indexOf(n, size)
    for (let level = 0; level < TILES_A_PROOF; level += 1) {
      index = Math.floor(index / TILE_WIDTH)
      const width = tileWidth(size, level, index)
      if (width === 0) continue
      const handle = openSync(join(folder, tilePath(level, index, width)), 'r')
      readSync(handle, buffer)
      closeSync(handle)
    }
  }
  return { seconds: (performance.now() - started) / 1000, units: PROOFS }
}
