// SPDX-License-Identifier: Apache-2.0
import { isPresent } from '../book-leaves.ts'
import { ProofError, view } from '../bytes.ts'
import { eventsOf } from './matter-events.ts'
import type { BodyOf, MatterEvent } from './matter-events.ts'

/** One committed batch of the inventory: consecutive records of one data set. */
export type Batch = { ds: string; dataSetId: Uint8Array; first: number; records: number; root: string; counts: readonly number[]; fields: readonly string[]; bitsAt: number; width: number }

const ID_BYTES = 16
const ROOT_BYTES = 32
/** The smallest inventory entry with its length: index, ids, bitmap length, root. */
const ENTRY_BYTES_MIN = 4 + 8 + 2 * ID_BYTES + 2 + ROOT_BYTES

/**
 * The records of a bundle in flat columns, about 90 bytes each: what the checks of books, tombstones and packages need of a million records
 * without an object for any. A bit a field tells whether it has a value, and whether that ended as transferred or sealed.
 */
export class RecordColumns {
  readonly batches: readonly Batch[]
  readonly count: number
  readonly ids: Buffer
  readonly roots: Buffer
  readonly presence: Uint8Array
  readonly transferred: Uint8Array
  readonly sealed: Uint8Array
  /** Bit 0: a value was destroyed; bit 1: a value was not. */
  readonly ends: Uint8Array
  readonly #places: Int32Array
  readonly #seeds = crypto.getRandomValues(new Uint32Array(4))

  /** Room for what the events commit to; refuses gaps, and more records than the file can hold. */
  constructor(events: readonly MatterEvent[], inventoryBytes: number) {
    const { batches, count, bits } = layOut(events)
    if (count * ENTRY_BYTES_MIN > inventoryBytes) throw new ProofError('COUNTS', 'the inventory has fewer records than was committed')
    this.batches = batches
    this.count = count
    this.ids = Buffer.alloc(count * ID_BYTES)
    this.roots = Buffer.alloc(count * ROOT_BYTES)
    this.presence = new Uint8Array(bits)
    this.transferred = new Uint8Array(bits)
    this.sealed = new Uint8Array(bits)
    this.ends = new Uint8Array(count)
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(count * 2 + 2))).fill(-1)
  }

  /** Takes in a record at its index; refuses an id that is there already: it would be counted twice. */
  addRecord(index: number, recordId: Buffer, root: Buffer): void {
    recordId.copy(this.ids, index * ID_BYTES)
    root.copy(this.roots, index * ROOT_BYTES)
    const mask = this.#places.length - 1
    for (let at = this.#hashOf(recordId) & mask; ; at = (at + 1) & mask) {
      const known = this.#places[at] ?? -1
      if (known < 0) {
        this.#places[at] = index
        return
      }
      if (this.isRecord(known, recordId)) throw new ProofError('ORDER', 'a record is in the inventory twice')
    }
  }

  /** Index of a record, or -1. */
  indexOf(recordId: Buffer): number {
    const mask = this.#places.length - 1
    for (let at = this.#hashOf(recordId) & mask; ; at = (at + 1) & mask) {
      const known = this.#places[at] ?? -1
      if (known < 0 || this.isRecord(known, recordId)) return known
    }
  }

  /** Whether the record at an index has this id. */
  isRecord(index: number, recordId: Buffer): boolean {
    if (index < 0 || index >= this.count) return false
    const at = index * ID_BYTES
    // Four words in place: a call of Buffer.compare costs as much as a hash here.
    for (let byte = 0; byte < ID_BYTES; byte += 4) if (recordId.readUInt32LE(byte) !== this.ids.readUInt32LE(at + byte)) return false
    return true
  }

  /** Root of a record as inventoried. */
  rootOf(index: number): Buffer {
    return this.roots.subarray(index * ROOT_BYTES, (index + 1) * ROOT_BYTES)
  }

  /** Hexadecimal id, for a message. */
  idText(index: number): string {
    return this.ids.toString('hex', index * ID_BYTES, (index + 1) * ID_BYTES)
  }

  /** The batch of an index; batches ascend. */
  batchOf(index: number): Batch | undefined {
    let [low, high] = [0, this.batches.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.batches[middle]?.first ?? 0) <= index) low = middle
      else high = middle - 1
    }
    return this.batches[low]
  }

  /** Where the bits of a record begin in the three bit columns. */
  bitsOf(batch: Batch, index: number): number {
    return batch.bitsAt + (index - batch.first) * batch.width
  }

  /** Ids are the writer's choice: a secret of our own keeps a chosen set from falling into one place. */
  #hashOf(recordId: Buffer): number {
    let hash = 0
    for (let word = 0; word < 4; word += 1) {
      hash = Math.imul(hash ^ recordId.readUInt32LE(word * 4) ^ (this.#seeds[word] ?? 0), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return Math.imul(hash, 0x85ebca6b) >>> 0
  }
}

/** Whether a bit of a column is set for a field. */
export function hasBit(column: Uint8Array, at: number, field: number): boolean {
  return ((column[at + (field >> 3)] ?? 0) & (1 << (field & 7))) !== 0
}

/** Sets the bit of a field. */
export function setBit(column: Uint8Array, at: number, field: number): void {
  column[at + (field >> 3)] = (column[at + (field >> 3)] ?? 0) | (1 << (field & 7))
}

/** Adds one to the counter of each field whose bit is set. */
export function countBits(bits: Uint8Array, counts: number[]): void {
  for (let field = 0; field < counts.length; field += 1) if (isPresent(bits, field)) counts[field] = (counts[field] ?? 0) + 1
}

function layOut(events: readonly MatterEvent[]): { batches: Batch[]; count: number; bits: number } {
  const fieldsOf = new Map<string, string>()
  const batches: Batch[] = []
  let [next, bits] = [0, 0]
  for (const { body } of eventsOf(events, 'InventoryCommitted').sort((a, b) => a.body.first - b.body.first || a.body.records - b.body.records)) {
    if (body.records > 0 && body.first !== next) throw new ProofError('ORDER', `the inventory has a gap at ${next}`)
    refuseOtherFields(body, fieldsOf)
    const width = Math.ceil(body.fields.length / 8)
    if (body.records > 0) batches.push(batchOf(body, { bitsAt: bits, width }))
    else if (body.root !== EMPTY_ROOT || body.fields.some(({ values }) => values > 0)) throw new ProofError('COUNTS', `an inventory of ${body.ds} without records has values`)
    next += body.records
    bits += body.records * width
    if (!Number.isSafeInteger(next) || !Number.isSafeInteger(bits) || bits > BITS_MAX) throw new ProofError('TOO_LARGE', 'more records than can be checked')
  }
  return { batches, count: next, bits }
}

const EMPTY_ROOT = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const BITS_MAX = 2 ** 31

/** Counts are kept by field, so a later batch of the same data set may not name its fields otherwise. */
function refuseOtherFields(body: BodyOf<'InventoryCommitted'>, fieldsOf: Map<string, string>): void {
  const fields = body.fields.map(({ f }) => f).join(' ')
  if ((fieldsOf.get(body.ds) ?? fields) !== fields) throw new ProofError('ORDER', `the fields of ${body.ds} changed`)
  fieldsOf.set(body.ds, fields)
}

function batchOf(body: BodyOf<'InventoryCommitted'>, room: { bitsAt: number; width: number }): Batch {
  const hex = /^ds_([0-9a-f]{32})$/.exec(body.ds)?.[1]
  if (hex === undefined) throw new ProofError('BAD_ID', 'a data set id')
  return { ds: body.ds, dataSetId: view(Buffer.from(hex, 'hex')), first: body.first, records: body.records, root: body.root, counts: body.fields.map(({ values }) => values), fields: body.fields.map(({ f }) => f), ...room }
}

/** How many values of each field were counted. */
export class FieldCounts {
  readonly #columns: RecordColumns
  readonly #byBatch = new Map<Batch, number[]>()

  constructor(columns: RecordColumns) {
    this.#columns = columns
  }

  /** Adds one to each field of a record whose bit is set in the column; returns how many there were. */
  addRecord(index: number, bits: Uint8Array): number {
    const batch = this.#columns.batchOf(index)
    if (batch === undefined) return 0
    const counts = this.#byBatch.get(batch) ?? batch.fields.map(() => 0)
    this.#byBatch.set(batch, counts)
    const at = this.#columns.bitsOf(batch, index)
    let found = 0
    for (let field = 0; field < counts.length; field += 1) {
      if (!hasBit(bits, at, field)) continue
      counts[field] = (counts[field] ?? 0) + 1
      found += 1
    }
    return found
  }

  /** The counts by data set and field. */
  byKey(): Map<string, number> {
    const sums = new Map<string, number>()
    for (const [batch, counts] of this.#byBatch) counts.forEach((count, field) => sums.set(fieldKey(batch, field), (sums.get(fieldKey(batch, field)) ?? 0) + count))
    return sums
  }
}

/** Name of a field in messages and balances: data set and field. */
export function fieldKey(batch: Batch, field: number): string {
  return `${batch.ds} ${batch.fields[field] ?? '?'}`
}
