// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { vaultFailures } from '../../../vault/index.ts'
import type { MadeSegment, SegmentAnswer, SegmentJob, SegmentWorkerData } from './segment-job.ts'

const workersMax = 4
/** Segments live outside the heap; what a worker keeps in it does not grow. */
const heapMegabytesMax = 256
/** Jobs that wait in a worker while it makes another one. */
const jobsAhead = 2

/** Worker threads that make segments; answers come in the order of the jobs. */
export interface SegmentWorkers {
  /** Hands a job on; resolves when there is room for the next one. Its secrets and rows are moved, not copied. */
  give(job: SegmentJob): Promise<void>
  /** The next segment in order; waits for it. Throws the refusal of a record. */
  take(): Promise<MadeSegment>
  /** Jobs that were given and not taken. */
  readonly waiting: number
  end(): Promise<void>
}

interface Pending {
  index: number
  answer: Promise<SegmentAnswer>
}

/** Starts as many workers as there are cores (up to four). Call `end` also after a failure: it takes their memory with it. */
export function startSegmentWorkers(data: SegmentWorkerData): SegmentWorkers {
  const workers = Array.from({ length: Math.min(workersMax, availableParallelism()) }, () => openWorker(data))
  const queue: Pending[] = []
  let turn = 0
  return {
    async give(job) {
      const worker = turn++ % workers.length
      const chosen = workers[worker]
      if (chosen === undefined) throw new Error('assertion failed: there is a worker')
      queue.push({ index: job.index, answer: chosen.make(job) })
      await chosen.hasRoom()
    },
    async take() {
      const next = queue.shift()
      if (next === undefined) throw new Error('assertion failed: nothing was given')
      const answer = await next.answer
      if (answer.say === 'made' && answer.segment.index === next.index) return answer.segment
      if (answer.say === 'made') throw new Error(`assertion failed: segment ${next.index} was made before segment ${answer.segment.index}`)
      if (answer.say === 'bug' || answer.code === 'FIELD_MISSING') throw new Error(`assertion failed: a segment was not made (${answer.say === 'bug' ? answer.kind : `a planned field of ${answer.record} is not in the vault`})`)
      throw vaultFailures[answer.code]({ record: answer.record })
    },
    get waiting() {
      return queue.length
    },
    async end() {
      await Promise.allSettled([...workers.map((worker) => worker.end()), ...queue.map((pending) => pending.answer)])
    },
  }
}

interface OpenWorker {
  make(job: SegmentJob): Promise<SegmentAnswer>
  hasRoom(): Promise<void>
  end(): Promise<void>
}

function openWorker(data: SegmentWorkerData): OpenWorker {
  const worker = new Worker(new URL('./segment-worker.ts', import.meta.url), { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: heapMegabytesMax }, stdout: true, stderr: true })
  const waiting: { resolve(answer: SegmentAnswer): void; reject(error: Error): void }[] = []
  let room: (() => void) | null = null
  worker.on('message', (answer: SegmentAnswer) => {
    waiting.shift()?.resolve(answer)
    if (waiting.length < jobsAhead) room?.()
  })
  const fail = (kind: string): void => {
    for (const one of waiting.splice(0)) one.reject(new Error(`assertion failed: a worker of the packing ended (${kind})`))
    room?.()
  }
  worker.on('error', (error: unknown) => fail(error instanceof Error ? error.name : 'unknown'))
  worker.on('exit', () => fail('exit'))
  return {
    make: (job) => {
      const answer = new Promise<SegmentAnswer>((resolve, reject) => waiting.push({ resolve, reject }))
      answer.catch(() => undefined) // whoever takes it hears of it; nobody may after another failure
      worker.postMessage(job, [moved(job.rows), moved(job.secrets)])
      return answer
    },
    hasRoom: async () => {
      if (waiting.length < jobsAhead) return
      await new Promise<void>((resolve) => (room = resolve))
      room = null
    },
    end: async () => void (await worker.terminate()),
  }
}

function moved(bytes: Uint8Array): ArrayBuffer {
  if (!(bytes.buffer instanceof ArrayBuffer) || bytes.byteLength !== bytes.buffer.byteLength) throw new Error('assertion failed: only a whole buffer can be moved')
  return bytes.buffer
}
