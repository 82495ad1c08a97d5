// SPDX-License-Identifier: Apache-2.0
import { equalBytes, ProofError, utf8 } from './bytes.ts'
import { ByteReader, once } from './byte-reader.ts'

/** One file of a tar. When read, `content` must be taken before the next entry; what is left is skipped. */
export type TarEntry = { name: string; size: number; content: AsyncIterable<Uint8Array> }

const BLOCK = 512
const ZERO_BLOCK = new Uint8Array(BLOCK)
const NAME_BYTES_MAX = 100
/** Eleven octal digits. */
const SIZE_MAX = 8 * 1024 ** 3 - 1
const READ_BYTES = 256 * 1024

/** An entry of bytes in memory. */
export function tarFile(name: string, bytes: Uint8Array): TarEntry {
  return { name, size: bytes.length, content: once(bytes) }
}

/**
 * Strict ustar with fixed metadata: the same entries always give the same bytes (CONTRACTS §12, FORMATS §13).
 * Refuses names outside ^[a-z0-9_./-]+$, repeated names, 8 GiB and more, and content of another length than announced.
 */
export async function* writeTar(entries: AsyncIterable<TarEntry> | Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  const names = new Set<string>()
  for await (const entry of entries) {
    refuseRepeated(entry.name, names)
    yield tarHeader(entry.name, entry.size)
    let written = 0
    for await (const part of entry.content) {
      written += part.length
      if (written > entry.size) break
      yield part
    }
    if (written !== entry.size) throw new ProofError('TAR_SIZE', 'an entry has another length than announced')
    yield ZERO_BLOCK.subarray(0, padding(entry.size))
  }
  yield ZERO_BLOCK
  yield ZERO_BLOCK
}

/**
 * The entries of a tar that `writeTar` could have written. Every deviation is refused: other metadata, links, repeated names,
 * dirty padding, anything after the two zero blocks.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source)
  const names = new Set<string>()
  try {
    for (;;) {
      const block = await reader.exactly(BLOCK)
      if (equalBytes(block, ZERO_BLOCK)) break
      const { name, size } = readHeader(block)
      refuseRepeated(name, names)
      const content = contentOf(reader, size)
      yield { name, size, content }
      for await (const part of content) void part
      if (!isZero(await reader.exactly(padding(size)))) throw new ProofError('TAR_FORM', 'padding is not zero')
    }
    if (!equalBytes(await reader.exactly(BLOCK), ZERO_BLOCK)) throw new ProofError('TAR_FORM', 'the end is not two zero blocks')
    if ((await reader.some(1)) !== null) throw new ProofError('TAR_FORM', 'there are bytes after the end')
  } finally {
    await reader.close()
  }
}

/** One generator for taking and for skipping, so that bytes are counted once. */
async function* contentOf(reader: ByteReader, size: number): AsyncGenerator<Uint8Array> {
  let left = size
  try {
    while (left > 0) {
      const part = await reader.some(Math.min(left, READ_BYTES))
      if (part === null) throw new ProofError('CUT', 'the file ends too early')
      left -= part.length
      yield part
    }
  } finally {
    // The consumer may stop early; the next header still starts where this content ends.
    while (left > 0) {
      const part = await reader.some(Math.min(left, READ_BYTES))
      if (part === null) break
      left -= part.length
    }
  }
}

function tarHeader(name: string, size: number): Uint8Array {
  refuseBadName(name)
  if (!Number.isSafeInteger(size) || size < 0 || size > SIZE_MAX) throw new ProofError('TAR_SIZE', 'an entry of a tar is below 8 GiB')
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0, 'latin1')
  block.write('0000644\0', 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('00000000000\0', 136, 'latin1')
  block.write('        ', 148, 'latin1')
  block.write('0', 156, 'latin1')
  block.write('ustar\u000000', 257, 'latin1')
  block.write('0000000\0', 329, 'latin1')
  block.write('0000000\0', 337, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** Reads name and size, then writes the header again: whatever is not byte for byte ours is refused. */
function readHeader(block: Uint8Array): { name: string; size: number } {
  const text = Buffer.from(block).toString('latin1')
  const name = text.slice(0, NAME_BYTES_MAX).replace(/\0+$/, '')
  const octal = text.slice(124, 135)
  if (!/^[0-7]{11}$/.test(octal)) throw new ProofError('TAR_FORM', 'a header is not in the strict form')
  const size = Number.parseInt(octal, 8)
  if (!equalBytes(tarHeader(name, size), block)) throw new ProofError('TAR_FORM', 'a header is not in the strict form')
  return { name, size }
}

function refuseBadName(name: string): void {
  const isSafe = /^[a-z0-9_./-]+$/.test(name) && utf8(name).length <= NAME_BYTES_MAX
  if (!isSafe || name.split('/').some((part) => part === '' || part === '.' || part === '..')) throw new ProofError('TAR_NAME', 'a file name is not allowed')
}

function refuseRepeated(name: string, names: Set<string>): void {
  if (names.has(name)) throw new ProofError('TAR_NAME', 'a file name occurs twice')
  names.add(name)
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
