// SPDX-License-Identifier: Apache-2.0
import { concat, digestOf, ProofError, u16be, view } from './bytes.ts'
import { leafHash, nodeHash, rootOfLeaves, splitPoint } from './merkle.ts'

/** Reads one tile of the log's static files (FORMATS §8): `width` hashes of 32 bytes. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Uint8Array>
/** One tile to be written. */
export type Tile = { level: number; index: number; width: number; path: string; bytes: Uint8Array }

const TILE_WIDTH = 256
const HASH_BYTES = 32
const ENTRY_BYTES_MAX = 65_535

/** Path of a tile: `tile/L/N[.p/W]` (FORMATS §8). */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${numberPath(index)}${partialSuffix(width)}`
}

/** Path of an entry bundle: `tile/entries/N[.p/W]` (FORMATS §8). */
export function entryBundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${numberPath(index)}${partialSuffix(width)}`
}

/** Entries as u16 length and bytes, one after the other; refuses more than 256 entries or one above 65,535 bytes. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH || entries.some((entry) => entry.length > ENTRY_BYTES_MAX)) throw new ProofError('BAD_TILE', 'an entry bundle is too large')
  return concat(...entries.flatMap((entry) => [u16be(entry.length), entry]))
}

/** The entries of a bundle; refuses one that is cut or has more than 256. */
export function decodeEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const buffer = view(bytes)
  const entries: Uint8Array[] = []
  let at = 0
  while (at < buffer.length) {
    if (at + 2 > buffer.length) throw new ProofError('BAD_TILE', 'an entry bundle is cut')
    const length = buffer.readUInt16BE(at)
    if (at + 2 + length > buffer.length || entries.length === TILE_WIDTH) throw new ProofError('BAD_TILE', 'an entry bundle is cut or too long')
    entries.push(buffer.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return entries
}

/** How many of the 256 places of a tile are filled when the tree has `size` leaves; 0 when the tile is not there. */
export function tileWidth(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level)
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/**
 * All tiles that are new or wider when leaves are appended to a tree of `oldSize` (FORMATS §8).
 * Reads the old tree only through its right-most partial tiles.
 */
export async function* tilesForRange(oldSize: number, newLeafHashes: readonly Uint8Array[], readTile: ReadTile): AsyncGenerator<Tile> {
  let before = oldSize
  let fresh = newLeafHashes
  for (let level = 0; fresh.length > 0; level += 1) {
    const first = Math.floor(before / TILE_WIDTH)
    const kept = before % TILE_WIDTH
    const old = kept === 0 ? [] : splitHashes(await readTile(level, first, kept), kept)
    const hashes = [...old, ...fresh]
    const parents: Uint8Array[] = []
    for (let at = 0; at < hashes.length; at += TILE_WIDTH) {
      const part = hashes.slice(at, at + TILE_WIDTH)
      const index = first + at / TILE_WIDTH
      yield { level, index, width: part.length, path: tilePath(level, index, part.length), bytes: concat(...part) }
      if (part.length === TILE_WIDTH) parents.push(rootOfLeaves(part))
    }
    before = first
    fresh = parents
  }
}

/** All static files of a log with these entries: tiles of every level and entry bundles, partial ones at its size only (FORMATS §8). */
export async function logTiles(entries: readonly Uint8Array[]): Promise<{ path: string; bytes: Uint8Array }[]> {
  const files: { path: string; bytes: Uint8Array }[] = []
  for (let at = 0; at < entries.length; at += TILE_WIDTH) {
    const part = entries.slice(at, at + TILE_WIDTH)
    files.push({ path: entryBundlePath(at / TILE_WIDTH, part.length), bytes: encodeEntryBundle(part) })
  }
  const unread: ReadTile = () => Promise.reject(new ProofError('BAD_TILE', 'an empty tree has no tiles'))
  for await (const tile of tilesForRange(0, entries.map(leafHash), unread)) files.push({ path: tile.path, bytes: tile.bytes })
  return files
}

/** The tree of a log read through its tiles: roots and proofs for one size, each tile read once. */
export class TileTree {
  readonly #size: number
  readonly #readTile: ReadTile
  readonly #tiles = new Map<string, Promise<Uint8Array>>()

  constructor(size: bigint | number, readTile: ReadTile) {
    this.#size = Number(size)
    if (!Number.isSafeInteger(this.#size)) throw new ProofError('BAD_TILE', 'the tree is too large')
    this.#readTile = readTile
  }

  /** Root of the whole tree. */
  async root(): Promise<Uint8Array> {
    return this.#size === 0 ? rootOfLeaves([]) : this.#range(0, this.#size)
  }

  /** Audit path of a leaf (RFC 6962 §2.1.1); refuses an index outside. */
  async inclusionPath(index: bigint | number): Promise<Uint8Array[]> {
    const at = Number(index)
    if (at < 0 || at >= this.#size) throw new ProofError('INDEX_OUTSIDE', 'the index is outside the tree')
    const path: Uint8Array[] = []
    let [from, to] = [0, this.#size]
    while (to - from > 1) {
      const middle = from + splitPoint(to - from)
      const isLeft = at < middle
      path.push(isLeft ? await this.#range(middle, to) : await this.#range(from, middle))
      ;[from, to] = isLeft ? [from, middle] : [middle, to]
    }
    return path.reverse()
  }

  /** Proof that the tree of `first` leaves is a prefix (RFC 6962 §2.1.2); refuses a size beyond the tree. */
  async consistencyPath(first: bigint | number): Promise<Uint8Array[]> {
    const m = Number(first)
    if (m < 0 || m > this.#size) throw new ProofError('INDEX_OUTSIDE', 'the first size is outside the tree')
    if (m === 0) return []
    const path: Uint8Array[] = []
    let [from, to] = [0, this.#size]
    while (m !== to) {
      const middle = from + splitPoint(to - from)
      const isLeft = m <= middle
      path.push(isLeft ? await this.#range(middle, to) : await this.#range(from, middle))
      ;[from, to] = isLeft ? [from, middle] : [middle, to]
    }
    if (from !== 0) path.push(await this.#range(from, to))
    return path.reverse()
  }

  async #range(from: number, to: number): Promise<Uint8Array> {
    const count = to - from
    const k = splitPoint(count)
    if (count === 1 || k * 2 === count) return this.#complete(from, count)
    return nodeHash(await this.#range(from, from + k), await this.#range(from + k, to))
  }

  /** Hash of an aligned subtree of a power of two leaves: some hashes of one tile. */
  async #complete(from: number, count: number): Promise<Uint8Array> {
    let level = 0
    let [first, width] = [from, count]
    while (width >= TILE_WIDTH) [level, first, width] = [level + 1, first / TILE_WIDTH, width / TILE_WIDTH]
    const tile = await this.#tile(level, Math.floor(first / TILE_WIDTH))
    const at = (first % TILE_WIDTH) * HASH_BYTES
    return rootOfHashes(tile.subarray(at, at + width * HASH_BYTES))
  }

  #tile(level: number, index: number): Promise<Uint8Array> {
    const key = `${level}/${index}`
    const known = this.#tiles.get(key)
    if (known !== undefined) return known
    const width = tileWidth(this.#size, level, index)
    const read = this.#readTile(level, index, width).then((bytes) => {
      refuseOtherSize(bytes, width)
      return bytes
    })
    this.#tiles.set(key, read)
    return read
  }
}

/** The hashes of a tile; refuses another number of them. */
export function splitHashes(tile: Uint8Array, width: number): Uint8Array[] {
  refuseOtherSize(tile, width)
  return Array.from({ length: width }, (_, at) => tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
}

function refuseOtherSize(tile: Uint8Array, width: number): void {
  if (tile.length !== width * HASH_BYTES) throw new ProofError('BAD_TILE', 'a tile has another size than it must have')
}

/** Root over a power of two of hashes that lie one after the other, level by level in one buffer: a proof hashes some hundred nodes out of each tile. */
function rootOfHashes(hashes: Uint8Array): Uint8Array {
  const level = Buffer.from(hashes)
  const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1)
  for (let bytes = level.length; bytes > HASH_BYTES; bytes /= 2) {
    for (let at = 0; at < bytes; at += 2 * HASH_BYTES) {
      level.copy(node, 1, at, at + 2 * HASH_BYTES)
      level.set(digestOf(node), at / 2)
    }
  }
  return level.subarray(0, HASH_BYTES)
}

function numberPath(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  return groups.join('/')
}

function partialSuffix(width: number): string {
  if (width < 1 || width > TILE_WIDTH) throw new ProofError('BAD_TILE', 'a tile has 1 to 256 hashes')
  return width === TILE_WIDTH ? '' : `.p/${width}`
}
