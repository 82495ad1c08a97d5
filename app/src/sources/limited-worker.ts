// SPDX-License-Identifier: Apache-2.0
import { parentPort, Worker } from 'node:worker_threads'
import { explainFailure, Failure } from '../kit/failure.ts'
import type { SaidFacts } from '../kit/failure.ts'
import { workerEnvironment } from './compiled-code.ts'
import type { SourceLimits } from './source-limits.ts'
import { sourceFailures } from './sources-failures.ts'

/** What a limited worker says to its parent. */
type WorkerMessage<T> =
  | { say: 'item'; item: T }
  | { say: 'alive'; msNeeded: number }
  | { say: 'failure'; code: string; facts: SaidFacts }
  | { say: 'bug'; kind: string }
  | { say: 'end' }

/** The program of a worker, what it works on, what to call it in messages, and its limits. */
export interface LimitedWork {
  program: URL
  input: unknown
  where: string
  limits: SourceLimits
}

const CREDITS = 4
/** Buffers lie outside the heap and are not limited by it: a stream that unpacks to gigabytes fills those. */
const BUFFER_MEGABYTES_MAX = 288
const WATCH_EVERY_MS = 150
/** Until its first word a worker only loads our own program; no file can make it slow. */
const START_MS_MAX = 60_000
const ENDING_MS_MAX = 5000

/** A thread inside a native call ends only after it; nobody waits for that. */
async function endWorker(worker: Worker): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([worker.terminate(), new Promise((resolve) => (timer = setTimeout(resolve, ENDING_MS_MAX)))])
  clearTimeout(timer)
  worker.unref()
}

/** Runs a program of ours in a worker with a bounded heap and hands on what it makes, as fast as it is taken (SECURITY.md P23). The worker is ended when it is silent too long, when memory runs out, and when the reader stops early. */
export async function* runLimitedWorker<T>(work: LimitedWork): AsyncGenerator<T> {
  const worker = new Worker(work.program, {
    workerData: work.input,
    env: workerEnvironment(),
    resourceLimits: { maxOldGenerationSizeMb: work.limits.heapMegabytesMax, maxYoungGenerationSizeMb: 16 },
    stdout: true, // a foreign file must not be able to print through us
    stderr: true,
  })
  const inbox = new Inbox<WorkerMessage<T>>()
  worker.on('message', (message: WorkerMessage<T>) => inbox.put(message))
  worker.on('error', (error) => inbox.fail(workerFailure(error, work)))
  worker.on('exit', () => inbox.fail(sourceFailures.READER_FAILED({ where: work.where, kind: 'exit' })))
  const watch = watchBuffers(worker, () => inbox.fail(sourceFailures.READER_OUT_OF_MEMORY({ where: work.where, megabytes: BUFFER_MEGABYTES_MAX })))
  try {
    let patience = Math.max(START_MS_MAX, work.limits.silenceMsMax)
    for (;;) {
      const message = await inbox.take(patience)
      if (message === null) throw sourceFailures.READER_TOO_SLOW({ where: work.where, seconds: Math.round(patience / 1000) })
      patience = message.say === 'alive' ? Math.max(message.msNeeded, work.limits.silenceMsMax) : work.limits.silenceMsMax
      if (message.say === 'end') return
      if (message.say === 'failure') throw rebuiltFailure(message.code, message.facts, work.where)
      if (message.say === 'bug') throw sourceFailures.READER_FAILED({ where: work.where, kind: message.kind })
      if (message.say === 'item') {
        yield message.item
        worker.postMessage('more')
      }
    }
  } finally {
    clearInterval(watch)
    await endWorker(worker)
  }
}

/** Looks at the buffers of a worker while it works; asking stops it for microseconds. */
function watchBuffers(worker: Worker, exceeded: () => void): NodeJS.Timeout {
  let isAsking = false
  const look = async (): Promise<void> => {
    if (isAsking) return
    isAsking = true
    const memory = await worker.getHeapStatistics().catch(() => null) // it has ended
    isAsking = false
    if (memory !== null && memory.external_memory > BUFFER_MEGABYTES_MAX * 1024 * 1024) exceeded()
  }
  return setInterval(() => void look(), WATCH_EVERY_MS).unref()
}

function workerFailure(error: unknown, work: LimitedWork): Failure {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return sourceFailures.READER_OUT_OF_MEMORY({ where: work.where, megabytes: work.limits.heapMegabytesMax })
  }
  return sourceFailures.READER_FAILED({ where: work.where, kind: error instanceof Error ? error.name : 'unknown' })
}

function rebuiltFailure(code: string, facts: SaidFacts, where: string): Failure {
  const words = explainFailure(code)
  return words === undefined ? sourceFailures.READER_FAILED({ where, kind: code }) : new Failure(code, words, facts)
}

/** Messages that wait to be taken, one taker at a time. */
class Inbox<T> {
  private readonly waiting: T[] = []
  private failure: Failure | null = null
  private wake: (() => void) | null = null

  put(message: T): void {
    this.waiting.push(message)
    this.wake?.()
  }

  fail(failure: Failure): void {
    this.failure ??= failure
    this.wake?.()
  }

  /** The next message; null when none came in time. Messages that were sent before a failure come first. */
  async take(ms: number): Promise<T | null> {
    if (this.waiting.length === 0 && this.failure === null) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.wake = () => (clearTimeout(timer), resolve())
      })
      this.wake = null
    }
    const message = this.waiting.shift()
    if (message !== undefined) return message
    if (this.failure !== null) throw this.failure
    return null
  }
}

/** The worker's side: sends what a generator makes, at most a few items ahead of the parent. Errors go as code and facts, or as the bare name of a bug; never as text that could hold a value. */
export async function answerParent<T>(make: (alive: (msNeeded?: number) => void) => AsyncIterable<T>): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('not a worker')
  const send = (message: WorkerMessage<T>): void => port.postMessage(message)
  let credits = CREDITS
  let wake: (() => void) | null = null
  port.on('message', () => {
    credits++
    wake?.()
  })
  let lastAlive = 0
  const alive = (msNeeded = 0): void => {
    const now = performance.now()
    if (msNeeded === 0 && now - lastAlive < 500) return
    lastAlive = now
    send({ say: 'alive', msNeeded })
  }
  send({ say: 'alive', msNeeded: 0 })
  try {
    for await (const item of make(alive)) {
      if (credits === 0) await new Promise<void>((resolve) => (wake = resolve))
      credits--
      send({ say: 'item', item })
    }
    send({ say: 'end' })
  } catch (error) {
    if (error instanceof Failure) send({ say: 'failure', code: error.code, facts: error.facts })
    else send({ say: 'bug', kind: error instanceof Error ? error.name : 'unknown' })
  }
  port.removeAllListeners('message')
  port.unref()
}
