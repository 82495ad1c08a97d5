// SPDX-License-Identifier: Apache-2.0
import type { Difference } from '@handover/proof'
import { spillPartitions, type RecordSpill } from './record-spill.ts'

/** Bytes of a row that is compared: record id (16) ‖ root (32) ‖ how often it is there (4, of this computer's own order). */
export const digestRowBytes = 52
const words = digestRowBytes / 4
const seenAt = 12

/** How many records of each kind a comparison found. */
export interface DifferenceCounts {
  matched: number
  missing: number
  extra: number
  changed: number
  duplicate: number
}

/** What the recipient itself names as changed within a partition, by record id. */
export type ReportedChanges = ReadonlyMap<string, readonly number[]>

/** Writes a row for `compareSpills` at the beginning of `into`. */
export function writeDigestRow(into: Buffer, row: { recordId: Uint8Array; root: Uint8Array; seen: number }): void {
  into.set(row.recordId, 0)
  into.set(row.root, 16)
  into.writeUInt32LE(row.seen, 48)
}

/**
 * 分区对账. Compares what was sent with what was read back by record id, one partition after the other (CONTRACTS §8; PERFORMANCE §3.6): every record that is
 * missing, extra, there more than once, or there with another root is named, in the order of ids. What the recipient reports only adds names of fields and
 * changes of its own: it cannot make a difference go away. Memory holds one partition of each side.
 */
export function* compareSpills(sent: RecordSpill, accepted: RecordSpill, reported: (partition: number) => ReportedChanges = () => none): Generator<{ counts: DifferenceCounts; differences: Difference[] }, void, undefined> {
  for (let partition = 0; partition < spillPartitions; partition++) {
    yield comparePartition(sent.partition(partition), accepted.partition(partition), reported(partition))
  }
}

const none: ReportedChanges = new Map()

/** An index over the rows of one side by id: open addressing in one array, since a map of strings is ten times slower (PERFORMANCE §3.6). */
class RowIndex {
  readonly rows: Int32Array
  readonly count: number
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(bytes: Buffer) {
    this.rows = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    this.count = bytes.length / digestRowBytes
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, this.count * 2)))
    this.#slots = new Int32Array(size)
    this.#mask = size - 1
  }

  /** The row with the id that stands at `at` of `of`, or -1; `slot` is where it would go. */
  find(of: Int32Array, at: number): number {
    const { rows } = this
    for (let slot = this.#slotOf(of, at); ; slot = (slot + 1) & this.#mask) {
      const row = (this.#slots[slot] ?? 0) - 1
      if (row < 0) return -1
      const own = row * words
      if (rows[own] === of[at] && rows[own + 1] === of[at + 1] && rows[own + 2] === of[at + 2] && rows[own + 3] === of[at + 3]) return row
    }
  }

  /** Enters a row that is not there yet. */
  enter(row: number): void {
    let slot = this.#slotOf(this.rows, row * words)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
    this.#slots[slot] = row + 1
  }

  isSameRoot(row: number, of: Int32Array, at: number): boolean {
    const own = row * words
    for (let word = 4; word < seenAt; word++) if (this.rows[own + word] !== of[at + word]) return false
    return true
  }

  #slotOf(of: Int32Array, at: number): number {
    const mixed = Math.imul((of[at + 1] ?? 0) ^ (of[at + 2] ?? 0), 0x9e3779b1)
    return (mixed ^ (mixed >>> 15)) & this.#mask
  }
}

/** Rows of a side with each id once: how often it is there is added up, and whether its roots differ. */
function indexed(bytes: Buffer): { index: RowIndex; kept: Int32Array; isMixed: Uint8Array } {
  const index = new RowIndex(bytes)
  const kept = new Int32Array(index.count)
  const isMixed = new Uint8Array(index.count)
  let count = 0
  for (let row = 0; row < index.count; row++) {
    const known = index.find(index.rows, row * words)
    if (known < 0) {
      index.enter(row)
      kept[count++] = row
      continue
    }
    if (!index.isSameRoot(known, index.rows, row * words)) isMixed[known] = 1
    index.rows[known * words + seenAt] = (index.rows[known * words + seenAt] ?? 0) + (index.rows[row * words + seenAt] ?? 0)
  }
  return { index, kept: kept.subarray(0, count), isMixed }
}

function comparePartition(sentBytes: Buffer, acceptedBytes: Buffer, reported: ReportedChanges): { counts: DifferenceCounts; differences: Difference[] } {
  const [sent, accepted] = [indexed(sentBytes), indexed(acceptedBytes)]
  const counts: DifferenceCounts = { matched: 0, missing: 0, extra: 0, changed: 0, duplicate: 0 }
  const differences: Difference[] = []
  const note = (bytes: Buffer, row: number, kind: Difference['kind']): void => {
    const recordId = bytes.toString('hex', row * digestRowBytes, row * digestRowBytes + 16)
    counts[kind] += 1
    differences.push({ recordId, kind, fields: kind === 'changed' ? [...(reported.get(recordId) ?? [])] : [] })
  }
  const isReported = (row: number): boolean => reported.size > 0 && reported.has(sentBytes.toString('hex', row * digestRowBytes, row * digestRowBytes + 16))
  const met = new Uint8Array(accepted.index.count)
  for (const row of sent.kept) {
    const found = accepted.index.find(sent.index.rows, row * words)
    if (found < 0) {
      note(sentBytes, row, 'missing')
      continue
    }
    met[found] = 1
    const isChanged = accepted.isMixed[found] === 1 || !accepted.index.isSameRoot(found, sent.index.rows, row * words) || isReported(row)
    const isDoubled = (accepted.index.rows[found * words + seenAt] ?? 0) > 1
    if (isChanged) note(sentBytes, row, 'changed')
    if (isDoubled) note(sentBytes, row, 'duplicate')
    if (!isChanged && !isDoubled) counts.matched += 1
  }
  for (const row of accepted.kept) {
    if (met[row] === 1) continue
    note(acceptedBytes, row, 'extra')
    if ((accepted.index.rows[row * words + seenAt] ?? 0) > 1) note(acceptedBytes, row, 'duplicate')
  }
  return { counts, differences: differences.sort(byRecord) }
}

/** The order of `differences.ndjson`: record id, then the name of the kind. */
function byRecord(a: Difference, b: Difference): number {
  if (a.recordId !== b.recordId) return a.recordId < b.recordId ? -1 : 1
  return a.kind < b.kind ? -1 : 1
}
