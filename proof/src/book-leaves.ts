// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError, u16be, u32be, u64be, view } from './bytes.ts'
import { leafHash } from './merkle.ts'

/** 去向. What became of a field, by its byte in a disposition vector (CONTRACTS §3); `empty` is a field without a value. */
export const DISPOSITIONS = ['empty', 'transferred', 'kept', 'sealed', 'anonymised', 'destroyed', 'pending', 'in-transit'] as const
/** 去向. One of the dispositions. */
export type DispositionName = (typeof DISPOSITIONS)[number]
/** The five that may stand at the close (CONTRACTS §4). */
export const FINAL_DISPOSITIONS = ['transferred', 'kept', 'sealed', 'anonymised', 'destroyed'] as const

/** 清单叶. One record of the inventory: what was discovered (CONTRACTS §3). */
export type InventoryEntry = { index: bigint; recordId: Uint8Array; dataSetId: Uint8Array; presence: Uint8Array; recordRoot: Uint8Array }
/** 账簿叶. The same record in the books: one disposition byte a field (CONTRACTS §3). */
export type BooksEntry = { index: bigint; recordId: Uint8Array; vector: Uint8Array }
/** A record rewritten under a new secret (STACK: erasing single fields). */
export type RewriteEntry = { index: bigint; recordId: Uint8Array; version: number; recordRoot: Uint8Array }
/** 墓碑. One record version whose key was erased: the record's random id and the slot of its key (CONTRACTS §10). */
export type TombstoneEntry = { recordId: Uint8Array; version: number; slot: bigint }

/** Byte of a disposition in a vector. */
export function dispositionCode(name: DispositionName): number {
  return DISPOSITIONS.indexOf(name)
}

/** Disposition of a byte in a vector; refuses unknown bytes. */
export function dispositionOfCode(code: number | undefined): DispositionName {
  const name = code === undefined ? undefined : DISPOSITIONS[code]
  if (name === undefined) throw new ProofError('BAD_VECTOR', 'a disposition byte is not known')
  return name
}

/** Presence bitmap: one bit a field, field 0 is the lowest bit of byte 0; bits after the last field are 0. */
export function presenceBitmap(present: readonly boolean[]): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(present.length / 8))
  present.forEach((is, at) => {
    if (is) bitmap[at >> 3] = (bitmap[at >> 3] ?? 0) | (1 << (at & 7))
  })
  return bitmap
}

/** Whether the field at `index` is set in a presence bitmap. */
export function isPresent(bitmap: Uint8Array, index: number): boolean {
  return ((bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

/** Entry bytes: u64 index ‖ record id ‖ data set id ‖ u16 length ‖ bitmap ‖ record root. Its leaf hash is `leafHash` of these. */
export function encodeInventoryEntry(entry: InventoryEntry): Uint8Array {
  refuseLengths([entry.recordId, 16], [entry.dataSetId, 16], [entry.recordRoot, 32])
  return concat(u64be(entry.index), entry.recordId, entry.dataSetId, u16be(entry.presence.length), entry.presence, entry.recordRoot)
}

/** The inventory entry of its bytes; refuses any other length. */
export function decodeInventoryEntry(bytes: Uint8Array): InventoryEntry {
  const buffer = view(bytes)
  const width = buffer.length < 42 ? -1 : buffer.readUInt16BE(40)
  if (buffer.length !== 42 + width + 32) throw new ProofError('BAD_LEAF', 'an inventory leaf has a wrong length')
  return {
    index: buffer.readBigUInt64BE(0),
    recordId: buffer.subarray(8, 24),
    dataSetId: buffer.subarray(24, 40),
    presence: buffer.subarray(42, 42 + width),
    recordRoot: buffer.subarray(42 + width),
  }
}

/** Entry bytes: u64 index ‖ record id ‖ u16 fields ‖ vector; refuses unknown disposition bytes. */
export function encodeBooksEntry(entry: BooksEntry): Uint8Array {
  refuseLengths([entry.recordId, 16])
  entry.vector.forEach(dispositionOfCode)
  return concat(u64be(entry.index), entry.recordId, u16be(entry.vector.length), entry.vector)
}

/** The books entry of its bytes; refuses any other length and unknown disposition bytes. */
export function decodeBooksEntry(bytes: Uint8Array): BooksEntry {
  const buffer = view(bytes)
  const width = buffer.length < 26 ? -1 : buffer.readUInt16BE(24)
  if (buffer.length !== 26 + width) throw new ProofError('BAD_LEAF', 'a books leaf has a wrong length')
  const vector = buffer.subarray(26)
  vector.forEach(dispositionOfCode)
  return { index: buffer.readBigUInt64BE(0), recordId: buffer.subarray(8, 24), vector }
}

/** Entry bytes: u64 index ‖ record id ‖ u32 version ‖ record root. */
export function encodeRewriteEntry(entry: RewriteEntry): Uint8Array {
  refuseLengths([entry.recordId, 16], [entry.recordRoot, 32])
  return concat(u64be(entry.index), entry.recordId, u32be(entry.version), entry.recordRoot)
}

/** The rewrite entry of its bytes; refuses any other length. */
export function decodeRewriteEntry(bytes: Uint8Array): RewriteEntry {
  const buffer = view(bytes)
  if (buffer.length !== 60) throw new ProofError('BAD_LEAF', 'a rewrite leaf has a wrong length')
  return { index: buffer.readBigUInt64BE(0), recordId: buffer.subarray(8, 24), version: buffer.readUInt32BE(24), recordRoot: buffer.subarray(28) }
}

/** Entry bytes: record id (16) ‖ u32 record version ‖ u64 key slot. */
export function encodeTombstone(entry: TombstoneEntry): Uint8Array {
  refuseLengths([entry.recordId, 16])
  return concat(entry.recordId, u32be(entry.version), u64be(entry.slot))
}

/** The tombstone of its bytes; refuses any other length. */
export function decodeTombstone(bytes: Uint8Array): TombstoneEntry {
  const buffer = view(bytes)
  if (buffer.length !== 28) throw new ProofError('BAD_LEAF', 'a tombstone has a wrong length')
  return { recordId: buffer.subarray(0, 16), version: buffer.readUInt32BE(16), slot: buffer.readBigUInt64BE(20) }
}

/** Leaf hash of an inventory entry. */
export function inventoryLeaf(entry: InventoryEntry): Uint8Array {
  return leafHash(encodeInventoryEntry(entry))
}

/** Leaf hash of a books entry. */
export function booksLeaf(entry: BooksEntry): Uint8Array {
  return leafHash(encodeBooksEntry(entry))
}

/** Leaf hash of a rewrite entry. */
export function rewriteLeaf(entry: RewriteEntry): Uint8Array {
  return leafHash(encodeRewriteEntry(entry))
}

/** Leaf hash of a tombstone. */
export function tombstoneLeaf(entry: TombstoneEntry): Uint8Array {
  return leafHash(encodeTombstone(entry))
}

/** One entry with its u32 length before it, as the .bin files of a bundle hold them. */
export function frameEntry(entry: Uint8Array): Uint8Array {
  return concat(u32be(entry.length), entry)
}

/** The entries of a .bin file; refuses one that is cut. */
export function* unframeEntries(file: Uint8Array): Generator<Uint8Array> {
  const buffer = view(file)
  let at = 0
  while (at < buffer.length) {
    const end = at + 4 > buffer.length ? Number.POSITIVE_INFINITY : at + 4 + buffer.readUInt32BE(at)
    if (end > buffer.length) throw new ProofError('CUT', 'a list of entries is cut')
    yield buffer.subarray(at + 4, end)
    at = end
  }
}

function refuseLengths(...wanted: [Uint8Array, number][]): void {
  for (const [bytes, length] of wanted) if (bytes.length !== length) throw new ProofError('BAD_ID', `expected ${length} bytes`)
}
