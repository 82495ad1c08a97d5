// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { BundleIndex } from '../bundle-file.ts'
import { isLargeFile } from '../bundle-file.ts'
import { readAll } from '../byte-reader.ts'
import { decodeUtf8Strict, ProofError, toHex } from '../bytes.ts'
import type { Policy } from '../policy.ts'
import { readTar } from '../tar.ts'
import type { MatterEvent } from './matter-events.ts'

/** A file that can be read from its beginning more than once; with `slice` from any place, so that large bundles need not be read through for each part. */
export type FileSource = { open: () => AsyncIterable<Uint8Array>; slice?: (from: number, to: number) => AsyncIterable<Uint8Array> }
/** A file of a bundle: its digest and place; `bytes` is null for one that is never held in memory. */
export type BundleFile = { name: string; from: number; size: number; sha256: string; bytes: Uint8Array | null }
/** All files of a bundle in order, read once. */
export type ReadBundle = { source: FileSource; files: Map<string, BundleFile> }
/** A bundle whose form, seal, log and events held: what the checks of books and flows work on. */
export type OpenedBundle = ReadBundle & { index: BundleIndex; events: MatterEvent[]; policy: Policy; isGiven: boolean }

const BLOCK = 512
/** No small file comes near to this; together they may not fill the memory either. */
const FILE_BYTES_MAX = 64 * 1024 * 1024
const SMALL_BYTES_MAX = 256 * 1024 * 1024

/** Reads a bundle once from its beginning to its end: digests of all files, content of the small ones. Refuses a tar that is not strict and small files that are not small. */
export async function readBundle(source: FileSource): Promise<ReadBundle> {
  const files = new Map<string, BundleFile>()
  let from = 0
  let held = 0
  for await (const { name, size, content } of readTar(source.open())) {
    from += BLOCK
    const hash = createHash('sha256')
    let bytes: Uint8Array | null = null
    if (isLargeFile(name)) {
      for await (const part of content) hash.update(part)
    } else {
      held += size
      if (held > SMALL_BYTES_MAX) throw new ProofError('TOO_LARGE', `more than ${SMALL_BYTES_MAX} bytes beside the books`)
      bytes = await readAll(content, FILE_BYTES_MAX)
      hash.update(bytes)
    }
    files.set(name, { name, from, size, sha256: toHex(hash.digest()), bytes })
    from += Math.ceil(size / BLOCK) * BLOCK
  }
  return { source, files }
}

/** A small file of the bundle; refuses a bundle without it. */
export function fileOf({ files }: ReadBundle, name: string): Uint8Array {
  const bytes = files.get(name)?.bytes
  if (bytes === undefined || bytes === null) throw new ProofError('FILE_MISSING', name)
  return bytes
}

/** A small file of the bundle as text. */
export function textOf(bundle: ReadBundle, name: string): string {
  return decodeUtf8Strict(fileOf(bundle, name))
}

/** A large file of the bundle, read again; refuses at its end when it is not what was read first. */
export async function* largeFile({ source, files }: ReadBundle, name: string): AsyncGenerator<Uint8Array> {
  const file = files.get(name)
  if (file === undefined) throw new ProofError('FILE_MISSING', name)
  const hash = createHash('sha256')
  let size = 0
  for await (const part of contentOf(source, file)) {
    hash.update(part)
    size += part.length
    yield part
  }
  // Somebody may write to the file while we read it.
  if (size !== file.size || toHex(hash.digest()) !== file.sha256) throw new ProofError('DIGEST', name)
}

async function* contentOf(source: FileSource, { name, from, size }: BundleFile): AsyncGenerator<Uint8Array> {
  if (source.slice !== undefined) {
    if (size > 0) yield* source.slice(from, from + size)
    return
  }
  for await (const entry of readTar(source.open())) {
    if (entry.name !== name) continue
    yield* entry.content
    return
  }
}

/**
 * The entries of a framed file (u32 length before each) as its chunks come; `onEntry` gets one entry with the byte 0x00 before it, which
 * together are what the leaf hash is over. Both are valid only during the call. Refuses a file that is cut and entries above a megabyte.
 */
export async function forEachEntry(chunks: AsyncIterable<Uint8Array>, onEntry: (entry: Buffer, leafInput: Buffer) => void): Promise<void> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    // A copy in any case: the length's last byte is written over, and the chunk is not ours.
    const buffer = Buffer.concat([rest, chunk])
    let at = 0
    while (at + 4 <= buffer.length) {
      const length = buffer.readUInt32BE(at)
      if (length > ENTRY_BYTES_MAX) throw new ProofError('BAD_LEAF', 'an entry is too long')
      const end = at + 4 + length
      if (end > buffer.length) break
      buffer[at + 3] = 0
      onEntry(buffer.subarray(at + 4, end), buffer.subarray(at + 3, end))
      at = end
    }
    rest = buffer.subarray(at)
  }
  if (rest.length > 0) throw new ProofError('CUT', 'a list of entries is cut')
}

const ENTRY_BYTES_MAX = 1024 * 1024
