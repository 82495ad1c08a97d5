// SPDX-License-Identifier: Apache-2.0
import { decodeEntryBundle, encodeEntryBundle, entryBundlePath, equalBytes, leafHash, logTiles, ProofError, rootOfLeaves, sha256, tilePath, tilesForRange, TileTree, tileWidth, toHex, utf8, type Checkpoint } from '@handover/proof'
import { join } from 'node:path'
import { readIfThere, writeManyDurable } from './durable-file.ts'
import { ledgerFailures } from './ledger-failures.ts'

const TILE_WIDTH = 256
const HASH_BYTES = 32
const FILES_AT_ONCE = 64

/** The folder of a log's public files: checkpoint, tiles, entry bundles (FORMATS §8); any static web server may serve it. */
export function logFolder(objects: string, origin: string): string {
  return join(objects, 'log', toHex(sha256(utf8(origin))))
}

/** Entry bundles and hash tiles for the entries that follow `oldSize`, all durable on return. The checkpoint comes later and elsewhere; `written` is called after each file that was not there. */
export async function writeTiles(folder: string, oldSize: number, entries: readonly Uint8Array[], written: () => void): Promise<void> {
  const firstBundle = Math.floor(oldSize / TILE_WIDTH)
  const kept = oldSize % TILE_WIDTH
  const old = kept === 0 ? [] : decodeEntryBundle(readPart(folder, entryBundlePath(firstBundle, kept)))
  const all = [...old, ...entries]
  const files: { file: string; bytes: Uint8Array }[] = []
  // What is wrong on disk or left over from an unsigned batch is replaced: the caller's entries are those that the log signs.
  const add = (path: string, bytes: Uint8Array): void => {
    if (readIfThere(join(folder, path))?.equals(bytes) !== true) files.push({ file: join(folder, path), bytes })
  }
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    const part = all.slice(at, at + TILE_WIDTH)
    add(entryBundlePath(firstBundle + at / TILE_WIDTH, part.length), encodeEntryBundle(part))
  }
  for await (const tile of tilesForRange(oldSize, entries.map(leafHash), readTileOf(folder))) add(tile.path, tile.bytes)
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) await writeManyDurable(files.slice(at, at + FILES_AT_ONCE), written)
}

/** Root that a log has after these entries, from the tiles on disk and without writing any. */
export async function rootAfter(folder: string, oldSize: number, entries: readonly Uint8Array[]): Promise<Uint8Array> {
  const fresh = new Map<string, Uint8Array>()
  const readTile = readTileOf(folder)
  for await (const tile of tilesForRange(oldSize, entries.map(leafHash), readTile)) fresh.set(tile.path, tile.bytes)
  const overlay = async (level: number, index: number, width: number) => fresh.get(tilePath(level, index, width)) ?? readTile(level, index, width)
  return new TileTree(oldSize + entries.length, overlay).root()
}

/** The tree of that size read from the tiles on disk. */
export function treeOf(folder: string, size: number): TileTree {
  return new TileTree(size, readTileOf(folder))
}

/** The entries from `first` up to `size`, or null when the files do not hold them all. */
export function readEntries(folder: string, first: number, size: number): Uint8Array[] | null {
  const entries: Uint8Array[] = []
  for (let bundle = Math.floor(first / TILE_WIDTH); bundle * TILE_WIDTH < size; bundle += 1) {
    const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)
    const bytes = readIfThere(join(folder, entryBundlePath(bundle, width))) ?? (width < TILE_WIDTH ? readIfThere(join(folder, entryBundlePath(bundle))) : null)
    if (bytes === null) return null
    const from = Math.max(0, first - bundle * TILE_WIDTH)
    entries.push(...decodeEntryBundle(bytes).slice(from, width))
  }
  return entries.length === size - first ? entries : null
}

/**
 * Whether the public files are exactly those of the log with this size and root (FORMATS §8): every entry bundle and every tile of every level, read whole.
 * The root alone would not tell: it is computed from the upper tiles, and proofs and later bundles from the lower ones.
 */
export async function isWhole(folder: string, { size, root }: Pick<Checkpoint, 'size' | 'root'>): Promise<boolean> {
  try {
    const entries = readEntries(folder, 0, Number(size))
    if (entries === null || !equalBytes(rootOfLeaves(entries.map(leafHash)), root)) return false
    return (await logTiles(entries)).every(({ path, bytes }) => readTilePart(folder, path, bytes.length)?.equals(bytes) === true)
  } catch (error) {
    if (error instanceof ProofError) return false // an entry bundle is cut
    throw error
  }
}

/** Paths of all tiles and entry bundles that a log of this size consists of, in a fixed order (FORMATS §8). */
export function* tilePathsOf(size: number): Generator<string> {
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level += 1) {
    for (let index = 0; tileWidth(size, level, index) > 0; index += 1) yield tilePath(level, index, tileWidth(size, level, index))
  }
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle += 1) yield entryBundlePath(bundle, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH))
}

/** The bytes of a public file of the log; refuses when it is gone. */
export function readPart(folder: string, path: string): Buffer {
  const bytes = readIfThere(join(folder, path))
  if (bytes === null) throw ledgerFailures.LOG_IO({ file: path, why: 'ENOENT' })
  return bytes
}

/** A file of the log, or as many bytes of the full one that has taken the place of the partial one. */
function readTilePart(folder: string, path: string, bytes: number): Buffer | null {
  return readIfThere(join(folder, path)) ?? readIfThere(join(folder, path.replace(/\.p\/\d+$/, '')))?.subarray(0, bytes) ?? null
}

function readTileOf(folder: string): (level: number, index: number, width: number) => Promise<Uint8Array> {
  return async (level, index, width) => {
    const partial = readIfThere(join(folder, tilePath(level, index, width)))
    // Partial tiles may be cleared away once the full one is there.
    return partial ?? readPart(folder, tilePath(level, index)).subarray(0, width * HASH_BYTES)
  }
}
