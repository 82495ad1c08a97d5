// SPDX-License-Identifier: Apache-2.0
import { ScratchFile } from './scratch-file.ts'

/** Partitions of a spill: the first ten bits of the record id. */
export const spillPartitions = 1024
/** A partition's rows go to disk in pieces of at least this size; all partitions together hold at most 16 MiB. */
const pieceBytes = 16 * 1024
const firstBytes = 512

/** The partition of a row: ids are keyed hashes, so partitions are of even size, and their order is the order of ids. */
export function partitionOf(row: Uint8Array, at = 0): number {
  return ((row[at] ?? 0) << 2) | ((row[at + 1] ?? 0) >> 6)
}

/**
 * 分区溢写. Rows that begin with a record id, radix-partitioned by it, in memory while they are few and in one file of the scratch folder when they
 * are many. Holds ids, roots and counts only, never a value (CONTRACTS §18).
 */
export class RecordSpill {
  readonly #folder: string
  readonly #buffers: (Buffer | null)[] = Array.from({ length: spillPartitions }, () => null)
  readonly #used = new Uint32Array(spillPartitions)
  readonly #sizes = new Float64Array(spillPartitions)
  readonly #extents: number[][] = Array.from({ length: spillPartitions }, () => [])
  #file: ScratchFile | null = null
  #rows = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows
  }

  /** Takes a row of any length, in `length` bytes from `at`; its first 16 bytes are the record id. Copies it. */
  add(row: Uint8Array, at = 0, length = row.length): void {
    const partition = partitionOf(row, at)
    let used = this.#used[partition] ?? 0
    let buffer = this.#buffers[partition] ?? null
    if (buffer === null || used + length > buffer.length) {
      buffer = this.#room(partition, length)
      used = this.#used[partition] ?? 0
    }
    for (let byte = 0; byte < length; byte++) buffer[used + byte] = row[at + byte] ?? 0
    this.#used[partition] = used + length
    this.#rows += 1
  }

  /** All rows of a partition in the order in which they came, in memory of their own that begins at an even address. */
  partition(partition: number): Buffer {
    const [used, size] = [this.#used[partition] ?? 0, this.#sizes[partition] ?? 0]
    const rows = Buffer.from(new ArrayBuffer(size + used))
    let at = 0
    const extents = this.#extents[partition] ?? []
    for (let extent = 0; extent < extents.length; extent += 2) {
      const [from, length] = [extents[extent] ?? 0, extents[extent + 1] ?? 0]
      this.#read(rows.subarray(at, at + length), from)
      at += length
    }
    this.#buffers[partition]?.copy(rows, at, 0, used)
    return rows
  }

  /** Forgets everything; the file is gone. */
  close(): void {
    this.#file?.close()
    this.#file = null
  }

  /** Room for a row: a larger buffer, or an empty one after its content went to the file. */
  #room(partition: number, length: number): Buffer {
    const [old, used] = [this.#buffers[partition] ?? null, this.#used[partition] ?? 0]
    if (used + length <= pieceBytes) {
      const grown = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(firstBytes, 2 * (used + length))))
      old?.copy(grown, 0, 0, used)
      this.#buffers[partition] = grown
      return grown
    }
    if (old !== null && used > 0) this.#write(partition, old.subarray(0, used))
    this.#used[partition] = 0
    const buffer = old !== null && old.length >= length ? old : Buffer.allocUnsafe(Math.max(pieceBytes, length))
    this.#buffers[partition] = buffer
    return buffer
  }

  #write(partition: number, bytes: Buffer): void {
    this.#file ??= new ScratchFile(this.#folder, 'spill')
    this.#extents[partition]?.push(this.#file.size, bytes.length)
    this.#sizes[partition] = (this.#sizes[partition] ?? 0) + bytes.length
    this.#file.append(bytes)
  }

  #read(into: Buffer, from: number): void {
    if (this.#file === null) throw new Error('assertion failed: what was spilled is read before the spill is closed')
    this.#file.read(into, from)
  }
}
