// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'

// What passes between the packing thread and its workers: bytes and numbers, never a value.

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** What a worker knows from its start: whose records, to which key, what may be opened (only custody opens what is sealed, 个人信息保护法 第四十七条第二款), and the fields of the data sets. */
export const segmentWorkerData = z.object({
  tenant: z.string(), matterId: z.string(), packageId: z.string(), recipientKey: z.string(), mayOpenSealed: z.boolean(),
  dataSets: z.array(z.object({ id: bytes, fieldIds: bytes })),
})
/** See `segmentWorkerData`. */
export type SegmentWorkerData = z.infer<typeof segmentWorkerData>

/** One segment to make: its records, sealed, with the secret of each; which data set and which fields of each. */
export interface SegmentJob {
  index: number
  rows: Uint8Array
  secrets: Uint8Array
  /** For each record the number of its shape. */
  shapeOf: Uint16Array
  shapes: readonly { dataSet: number; positions: readonly number[] }[]
}

/** Codes with which a worker refuses; the record is named by its id. */
export type SegmentRefusal = 'CIPHERTEXT_REFUSED' | 'RECORD_SEALED' | 'RECORD_ERASED' | 'FIELD_MISSING'

/** A segment as it goes to the disk, and what the books and the manifest need of it. */
export interface MadeSegment {
  index: number
  bytes: Uint8Array
  sha256: string
  leaves: Uint8Array
  roots: Uint8Array
  values: number
}

/** What a worker answers. */
export type SegmentAnswer = { say: 'made'; segment: MadeSegment } | { say: 'refused'; index: number; code: SegmentRefusal; record: string } | { say: 'bug'; index: number; kind: string }
