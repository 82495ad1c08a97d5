// SPDX-License-Identifier: Apache-2.0
// A thread that checks segments; `SegmentThreads` starts it.
import { parentPort, workerData } from 'node:worker_threads'
import { ProofError } from '../bytes.ts'
import { SegmentChecker } from './check-segment.ts'
import type { CheckedSegment, SegmentsOf } from './check-segment.ts'

/** A segment to check. */
export type SegmentOrder = { index: number; file: Uint8Array<ArrayBuffer> }
/** What became of it: checked, or what did not hold. */
export type SegmentAnswer = { index: number; checked: CheckedSegment } | { index: number; code: string; detail: string }

const given: unknown = workerData
if (!isSegmentsOf(given)) throw new Error('assertion failed: a thread is started by SegmentThreads')
const checker = new SegmentChecker(given)

parentPort?.on('message', (order: SegmentOrder) => {
  void answer(order).then((said) => parentPort?.postMessage(said, 'checked' in said ? [said.checked.leaves.buffer] : []))
})

async function answer({ index, file }: SegmentOrder): Promise<SegmentAnswer> {
  try {
    return { index, checked: await checker.check(file, index) }
  } catch (error) {
    if (error instanceof ProofError) return { index, code: error.code, detail: error.message }
    throw error // ends the thread: no verdict follows from a fault of ours
  }
}

function isSegmentsOf(value: unknown): value is SegmentsOf {
  return typeof value === 'object' && value !== null && 'package' in value && 'dataSets' in value && 'records' in value && 'identities' in value
}
