// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads'
import type { SealingKeys } from '../../vault/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { asBuffer, ownMemory, type SealAnswer, type SealQuestion } from './seal-messages.ts'
import type { SealedRows, SealOrder } from './seal-rows.ts'

interface Waiting {
  resolve(sealed: SealedRows): void
  reject(error: Error): void
}

/** 封存线程. A thread that seals rows while this one reads and stores. Secrets and cells are handed over, not copied; the thread wipes them. */
export class SealingThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #failure: Error | null = null
  #count = 0

  constructor(keys: SealingKeys) {
    this.#worker = new Worker(new URL('./seal-worker.ts', import.meta.url), { workerData: keys, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } })
    this.#worker.on('message', (answer: SealAnswer) => this.#take(answer))
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error.name : 'unknown'))
    this.#worker.on('exit', () => this.#fail('exit'))
  }

  /** Seals rows; orders are answered in turn. Refuses when the thread ended by a mistake of ours. */
  async seal(order: SealOrder): Promise<SealedRows> {
    if (this.#failure !== null) throw this.#failure
    const number = this.#count++
    const question: SealQuestion = { say: 'seal', number, order }
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      this.#worker.postMessage(question, ownMemory([order.secrets, order.rows.plain]))
    })
  }

  /** Ends the thread, which wipes its keys. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    if (this.#failure !== null) return
    this.#worker.postMessage({ say: 'end' } satisfies SealQuestion)
    await ended
  }

  #take(answer: SealAnswer): void {
    const waiting = this.#waiting.get(answer.number)
    this.#waiting.delete(answer.number)
    if (answer.say === 'sealed') waiting?.resolve(withBuffers(answer.sealed))
    else waiting?.reject(discoverFailures.SEALING_FAILED({ kind: answer.kind }))
  }

  #fail(kind: string): void {
    this.#failure ??= discoverFailures.SEALING_FAILED({ kind })
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure)
    this.#waiting.clear()
  }
}

function withBuffers(sealed: SealedRows): SealedRows {
  const { record, ciphertext, traits } = sealed
  return {
    rows: sealed.rows,
    record: { id: asBuffer(record.id), ordinal: asBuffer(record.ordinal), index: asBuffer(record.index), slot: asBuffer(record.slot), presence: asBuffer(record.presence), dispositions: asBuffer(record.dispositions), root: asBuffer(record.root), ageGroup: asBuffer(record.ageGroup) },
    ciphertext: { recordId: asBuffer(ciphertext.recordId), compartment: asBuffer(ciphertext.compartment), sealed: asBuffer(ciphertext.sealed) },
    traits: { ...traits, inner: asBuffer(traits.inner), keyRecord: asBuffer(traits.keyRecord), keyType: asBuffer(traits.keyType), keyProven: asBuffer(traits.keyProven), tagRecords: asBuffer(traits.tagRecords) },
  }
}
