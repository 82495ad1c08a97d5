// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { SegmentWriter } from '../app/src/lifecycle/hand-over/segment/index.ts'
import { sealSegment } from './pack-kernel.ts'

const { file, recipient } = z.object({ file: z.string(), recipient: z.string() }).parse(workerData)
const records = openSync(file, 'r')
const writer = new SegmentWriter()

parentPort?.on('message', (job: { index: number; from: number; to: number } | null) => {
  if (job === null) {
    closeSync(records)
    process.exit(0)
  }
  const segment = Buffer.alloc(job.to - job.from)
  readSync(records, segment, 0, segment.length, job.from)
  void sealSegment(job.index, segment, recipient, writer).then((made) => parentPort?.postMessage({ ...made, index: job.index }))
})
