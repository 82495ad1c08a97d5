// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads'
import { segmentMaker } from './make-segment.ts'
import { segmentWorkerData, type SegmentAnswer, type SegmentJob } from './segment-job.ts'

const port = parentPort
if (port === null) throw new Error('not a worker')
const make = segmentMaker(segmentWorkerData.parse(workerData))

// One job after the other: a short segment must not overtake a long one, since the answers are taken in the order of the jobs.
let last = Promise.resolve()
port.on('message', (job: SegmentJob) => {
  last = last.then(() => make(job)).then(
    (answer) => port.postMessage(answer, answer.say === 'made' ? [whole(answer.segment.bytes)] : []),
    (error: unknown) => port.postMessage({ say: 'bug', index: job.index, kind: error instanceof Error ? error.name : 'unknown' } satisfies SegmentAnswer),
  )
})

/** Large results are handed over, not copied. */
function whole(bytes: Uint8Array): ArrayBuffer {
  if (!(bytes.buffer instanceof ArrayBuffer)) throw new Error('assertion failed: not shared memory')
  return bytes.buffer
}
