// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { fieldLeaf, recordRoot } from '@handover/proof'
import { recordKeys, sealRecord } from '../../../vault/seal-record.ts'
import type { SegmentJob } from './segment-job.ts'
import { startSegmentWorkers } from './segment-workers.ts'

const scope = { tenant: '00000000-0000-4000-8000-000000000001', matterId: `mat_${'1'.repeat(32)}` }
const fieldIds = Buffer.alloc(16, 5)

/** A job of one record with a value of so many bytes. */
function jobOf(index: number, bytes: number): SegmentJob {
  const [secret, recordId, value] = [randomBytes(32), randomBytes(16), randomBytes(bytes)]
  const { salts } = recordKeys(secret, 1, 1)
  const leaf = fieldLeaf({ salt: salts[0] ?? secret, recordId, fieldId: fieldIds, value })
  const [sealed] = sealRecord(scope, { recordId, version: 1, secret, values: [value], compartmentOf: () => 'general' })
  const cipher = sealed?.sealed ?? expect.fail('it is sealed')
  const row = Buffer.alloc(64 + 1 + 12 + cipher.length)
  recordId.copy(row)
  row.writeUInt32BE(1, 16)
  Buffer.from(recordRoot([leaf])).copy(row, 28)
  row.writeUInt32BE(1, 60)
  row.writeUInt8(6, 64)
  row.writeInt32BE(cipher.length, 65)
  cipher.copy(row, 69)
  row.fill(0xff, 69 + cipher.length)
  return { index, rows: new Uint8Array(row), secrets: new Uint8Array(secret), shapeOf: Uint16Array.of(0), shapes: [{ dataSet: 0, positions: [0] }] }
}

it('gives segments in the order of the jobs, also when several are under way in one worker', async () => {
  const recipientKey = await identityToRecipient(await generateX25519Identity())
  const workers = startSegmentWorkers({ ...scope, packageId: 'pkg_1', recipientKey, mayOpenSealed: false, dataSets: [{ id: Buffer.alloc(16, 1), fieldIds }] })
  const jobs = Array.from({ length: 600 }, (_, index) => jobOf(index, index % 5 === 0 ? 20_000 : 10))
  const made: number[] = []
  try {
    for (const job of jobs) {
      await workers.give(job)
      while (workers.waiting > 6) made.push((await workers.take()).index)
    }
    while (workers.waiting > 0) made.push((await workers.take()).index)
  } finally {
    await workers.end()
  }
  expect(made).toEqual(jobs.map(({ index }) => index))
})
