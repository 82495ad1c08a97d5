// SPDX-License-Identifier: Apache-2.0
import { required } from '../../kit/assert.ts'
import { rowBytesAt, type SealedBatch } from '../../vault/sealed-batch/index.ts'
import type { SegmentJob } from './segment/index.ts'
import type { SendingRecord, SendingShape } from './sending-records.ts'

/** A segment to be made, and its records. */
export interface CutSegment {
  job: SegmentJob
  records: readonly SendingRecord[]
}

/** Fixed numbers, so that the same records are cut at the same places. */
const recordsPerSegment = 1000
/** A reader refuses more than 64 MiB unpacked; JSON makes a value at most six times longer. */
const sealedBytesPerSegment = 4 * 1024 * 1024

interface Open {
  records: SendingRecord[]
  rows: Buffer[]
  secrets: Buffer[]
  bytes: number
}

/** Where the cutting stands: records that do not fill a segment yet. */
export interface Cut {
  /** What is left at the end. */
  rest(): CutSegment[]
  add(record: SendingRecord, row: Buffer, secret: Buffer): CutSegment | null
}

/** Begins to cut; `first` is the number of the first segment. Long texts and documents fill a segment before it has its number of records. */
export function newCut(dataSetAt: ReadonlyMap<string, number>, first: number): Cut {
  let open: Open = { records: [], rows: [], secrets: [], bytes: 0 }
  let index = first
  const close = (): CutSegment => {
    const cut = segmentOf(open, dataSetAt, index)
    for (const secret of open.secrets) secret.fill(0)
    open = { records: [], rows: [], secrets: [], bytes: 0 }
    index += 1
    return cut
  }
  return {
    rest: () => (open.records.length === 0 ? [] : [close()]),
    add(record, row, secret) {
      const isFull = open.records.length === recordsPerSegment || (open.records.length > 0 && open.bytes + row.length > sealedBytesPerSegment)
      const cut = isFull ? close() : null
      open.records.push(record)
      open.rows.push(row)
      open.secrets.push(Buffer.from(secret))
      open.bytes += row.length
      return cut
    },
  }
}

/** The segments that this batch fills. */
export function* cutSegments(cut: Cut, batch: SealedBatch, records: readonly SendingRecord[]): Generator<CutSegment, void, undefined> {
  let at = 0
  for (const [place, record] of records.entries()) {
    const bytes = rowBytesAt(batch.rows, at)
    const full = cut.add(record, batch.rows.subarray(at, at + bytes), batch.secrets.subarray(place * 32, place * 32 + 32))
    at += bytes
    if (full !== null) yield full
  }
}

function segmentOf(open: Open, dataSetAt: ReadonlyMap<string, number>, index: number): CutSegment {
  const shapes = new Map<SendingShape, number>()
  const shapeOf = Uint16Array.from(open.records, ({ shape }) => {
    const known = shapes.get(shape) ?? shapes.size
    shapes.set(shape, known)
    return known
  })
  const job: SegmentJob = {
    index, rows: joined(open.rows), secrets: joined(open.secrets), shapeOf,
    shapes: [...shapes.keys()].map(({ dataSetId, positions }) => ({ dataSet: required(dataSetAt.get(dataSetId), 'a record belongs to a data set'), positions })),
  }
  return { job, records: open.records }
}

/** All parts in memory of their own, so that it can be moved to a worker. */
function joined(parts: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
