// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { ageEncrypt, encodeSegmentLines, once, readAll } from '@handover/proof'
import { accountCode } from '../../../law/nouns.ts'
import { RecordOpener, rowBytesAt, type OpenedRow } from '../../../vault/sealed-batch/index.ts'
import type { SegmentAnswer, SegmentJob, SegmentRefusal, SegmentWorkerData } from './segment-job.ts'
import { SegmentWriter, type SentShape } from './segment-writer.ts'

/** Ciphertext of the largest single record with its padding stays below this. */
const segmentBytesMax = 256 * 1024 * 1024

/** 打包. Makes segments one after the other: opens each record, checks its commitments against its root, writes its line, compresses and encrypts the whole (CONTRACTS §7). Refuses a record that does not open, and fields that this purpose may not open. */
export function segmentMaker(data: SegmentWorkerData): (job: SegmentJob) => Promise<SegmentAnswer> {
  const opener = new RecordOpener(data)
  const writer = new SegmentWriter()
  return async (job) => {
    const refused = collect(data, job, { opener, writer })
    Buffer.from(job.secrets.buffer, job.secrets.byteOffset, job.secrets.byteLength).fill(0)
    const { lines, leaves, roots, values } = writer.take()
    if (refused !== null) return { say: 'refused', index: job.index, ...refused }
    const plain = encodeSegmentLines({ package: data.packageId, index: job.index }, lines, job.shapeOf.length)
    const bytes = await readAll(ageEncrypt(once(plain), [data.recipientKey]), segmentBytesMax)
    lines.fill(0)
    plain.fill(0)
    return { say: 'made', segment: { index: job.index, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), leaves, roots, values } }
  }
}

function collect(data: SegmentWorkerData, job: SegmentJob, { opener, writer }: { opener: RecordOpener; writer: SegmentWriter }): { code: SegmentRefusal; record: string } | null {
  const rows = Buffer.from(job.rows.buffer, job.rows.byteOffset, job.rows.byteLength)
  const shapes = job.shapes.map(({ dataSet, positions }): SentShape & { ids: Buffer } => {
    const set = data.dataSets[dataSet]
    if (set === undefined) throw new Error('assertion failed: a shape names a data set of the package')
    return { dataSetId: set.id, fieldIds: set.fieldIds, ids: Buffer.from(set.fieldIds), positions }
  })
  let at = 0
  for (const [place, shapeAt] of job.shapeOf.entries()) {
    const shape = shapes[shapeAt]
    if (shape === undefined) throw new Error('assertion failed: every record has a shape')
    const row = opener.open(rows, at, job.secrets.subarray(place * 32, place * 32 + 32), shape.ids)
    const code = row === null ? 'CIPHERTEXT_REFUSED' : (closedField(row, shape, data.mayOpenSealed) ?? (writer.add(row, shape) ? null : 'FIELD_MISSING'))
    if (code !== null) return { code, record: rows.toString('hex', at, at + 16) }
    at += rowBytesAt(rows, at)
  }
  return null
}

/** What was destroyed or anonymised is given to nobody, and what is sealed only into custody. */
function closedField(row: OpenedRow, { positions }: SentShape, mayOpenSealed: boolean): SegmentRefusal | null {
  for (const position of positions) {
    const code = row.dispositions[position]
    if (code === accountCode.destroyed || code === accountCode.anonymised) return 'RECORD_ERASED'
    if (code === accountCode.sealed && !mayOpenSealed) return 'RECORD_SEALED'
  }
  return null
}
