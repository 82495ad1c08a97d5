// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ProofError } from '../bytes.ts'
import { SegmentChecker } from './check-segment.ts'
import type { CheckedSegment, SegmentsOf } from './check-segment.ts'
import type { SegmentAnswer, SegmentOrder } from './segment-thread.ts'

const THREADS_MAX = 4
/** Fewer segments are done before a thread has started. */
const SEGMENTS_MIN = 6
/** Segments that wait in memory for a thread, beside those under way. */
const WAITING = 1

/** Something that checks segments one after the other or several at a time; answers come in the order of the orders. */
export type SegmentPool = { check: (file: Uint8Array, index: number) => Promise<CheckedSegment>; close: () => Promise<void>; atOnce: number }

/** Threads for a package of many segments on a machine of many cores; this thread alone otherwise. */
export function segmentPool(of: SegmentsOf): SegmentPool {
  const threads = Math.min(THREADS_MAX, availableParallelism())
  if (threads < 2 || of.records.length < SEGMENTS_MIN) {
    const checker = new SegmentChecker(of)
    return { check: (file, index) => checker.check(file, index), close: () => Promise.resolve(), atOnce: 1 }
  }
  return new SegmentThreads(of, threads)
}

type Waiting = { resolve: (checked: CheckedSegment) => void; reject: (error: Error) => void }

class SegmentThreads implements SegmentPool {
  readonly atOnce: number
  readonly #workers: Worker[]
  readonly #waiting = new Map<number, Waiting>()
  #next = 0
  #isClosing = false

  constructor(of: SegmentsOf, threads: number) {
    this.atOnce = threads + WAITING
    // The same file as built or as source, whichever this is.
    const file = new URL(`./segment-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
    this.#workers = Array.from({ length: threads }, () => new Worker(file, { workerData: of }))
    for (const worker of this.#workers) {
      worker.on('message', (answer: SegmentAnswer) => this.#answered(answer))
      worker.on('error', (error) => this.#failed(error instanceof Error ? error : new Error('a thread of the verifier failed')))
      worker.on('exit', () => {
        if (!this.#isClosing) this.#failed(new Error('a thread of the verifier ended'))
      })
    }
  }

  check(file: Uint8Array, index: number): Promise<CheckedSegment> {
    const worker = this.#workers[this.#next++ % this.#workers.length]
    if (worker === undefined) throw new Error('assertion failed: there is a thread')
    const order: SegmentOrder = { index, file: new Uint8Array(file) }
    const answer = new Promise<CheckedSegment>((resolve, reject) => this.#waiting.set(index, { resolve, reject }))
    answer.catch(() => undefined) // whoever waits for an earlier one learns of this later
    worker.postMessage(order, [order.file.buffer])
    return answer
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #answered(answer: SegmentAnswer): void {
    const waiting = this.#waiting.get(answer.index)
    this.#waiting.delete(answer.index)
    if ('checked' in answer) waiting?.resolve(answer.checked)
    else waiting?.reject(new ProofError(answer.code, answer.detail))
  }

  #failed(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
