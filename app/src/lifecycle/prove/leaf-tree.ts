// SPDX-License-Identifier: Apache-2.0
import { leafHash, multiproofRanges, nodeHash, splitPoint, toHex } from '@handover/proof'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../kit/assert.ts'
import { proveFailures } from './prove-failures.ts'

const hashBytes = 32
const bufferBytes = 64 * 1024

/** A committed tree: its root, its size, and where its entries come from when it was not kept yet. */
export interface TreeOrder {
  root: string
  size: number
  entries: () => AsyncIterable<Uint8Array>
}

/**
 * 叶树. Multiproofs from a tree kept as a file, so that the receipt of one customer reads some hashes and not a million records. The file holds all complete subtrees level by level, is named by its root and
 * follows from the books: whatever happens to it, it is built again. Refuses entries that do not lead to the root: the books are not those that were committed.
 */
export async function multiproofOf(objects: string, order: TreeOrder, indices: readonly number[]): Promise<Uint8Array[]> {
  const folder = join(objects, 'trees')
  const file = join(folder, `${order.root}.tree`)
  if (!isWhole(file, order.size)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await buildTree(file, order)
  }
  const handle = openSync(file, 'r')
  try {
    const rootOf = (from: number, to: number): Uint8Array => rangeRoot(handle, order.size, { from, to })
    if (toHex(rootOf(0, order.size)) === order.root) return multiproofRanges(indices, order.size).map(({ from, to }) => rootOf(from, to))
  } finally {
    closeSync(handle)
  }
  // A damaged file is thrown away; the next call builds it anew.
  rmSync(file, { force: true })
  throw proveFailures.LEAF_TREE_DAMAGED({ file })
}

function isWhole(file: string, size: number): boolean {
  if (!existsSync(file)) return false
  const handle = openSync(file, 'r')
  const bytes = fstatSync(handle).size
  closeSync(handle)
  return bytes === levelsOf(size).reduce((sum, level) => sum + level.nodes * hashBytes, 0)
}

interface Level {
  /** Byte at which the level begins. */
  at: number
  nodes: number
}

/** The complete subtrees of each height: level 0 are the leaves. */
function levelsOf(size: number): Level[] {
  const levels: Level[] = []
  let at = 0
  for (let nodes = size; nodes > 0; nodes = Math.floor(nodes / 2)) {
    levels.push({ at, nodes })
    at += nodes * hashBytes
  }
  return levels
}

async function buildTree(file: string, order: TreeOrder): Promise<void> {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.new`
  const handle = openSync(temporary, 'wx+', 0o600)
  try {
    const writers = levelsOf(order.size).map((level) => new LevelWriter(handle, level))
    let leaves = 0
    for await (const entry of order.entries()) {
      push(writers, leafHash(entry))
      leaves += 1
    }
    for (const writer of writers) writer.flush()
    if (leaves !== order.size || toHex(rangeRoot(handle, order.size, { from: 0, to: order.size })) !== order.root) throw proveFailures.LEAVES_DIFFER({ root: order.root.slice(0, 16) })
    renameSync(temporary, file)
  } finally {
    closeSync(handle)
    rmSync(temporary, { force: true })
  }
}

/** A node is complete with its right half; then its parent may be too. */
function push(writers: readonly LevelWriter[], leaf: Uint8Array): void {
  let hash = leaf
  for (const writer of writers) {
    const left = writer.write(hash)
    if (left === null) return
    hash = nodeHash(left, hash)
  }
}

/** Writes the hashes of one level in order, in large pieces. */
class LevelWriter {
  readonly #handle: number
  readonly #buffer = Buffer.allocUnsafe(bufferBytes)
  readonly #nodes: number
  #at: number
  #used = 0
  #count = 0
  #left: Uint8Array | null = null

  constructor(handle: number, level: Level) {
    this.#handle = handle
    this.#at = level.at
    this.#nodes = level.nodes
  }

  /** Returns the left half when this hash was the right one of a pair. */
  write(hash: Uint8Array): Uint8Array | null {
    assert(this.#count < this.#nodes, 'a tree has as many leaves as was said')
    if (this.#used === bufferBytes) this.flush()
    this.#buffer.set(hash, this.#used)
    this.#used += hashBytes
    this.#count += 1
    const left = this.#left
    this.#left = left === null ? hash : null
    return left
  }

  flush(): void {
    if (this.#used > 0) writeSync(this.#handle, this.#buffer, 0, this.#used, this.#at)
    this.#at += this.#used
    this.#used = 0
  }
}

/** Root over some leaves: complete aligned subtrees are read, the others are put together (RFC 6962 §2.1). */
function rangeRoot(handle: number, size: number, { from, to }: { from: number; to: number }): Uint8Array {
  const count = to - from
  const k = splitPoint(count)
  if (count === 1 || k * 2 === count) {
    const height = Math.log2(count)
    const level = levelsOf(size)[height]
    assert(level !== undefined && from % count === 0, 'a complete subtree is aligned')
    const hash = Buffer.alloc(hashBytes)
    readSync(handle, hash, 0, hashBytes, level.at + (from / count) * hashBytes)
    return hash
  }
  return nodeHash(rangeRoot(handle, size, { from, to: from + k }), rangeRoot(handle, size, { from: from + k, to }))
}
