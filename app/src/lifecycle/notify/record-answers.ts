// SPDX-License-Identifier: Apache-2.0
import { instantOf, type Instant } from '../../kit/time.ts'

const idBytes = 16

/** What a file says of records, kept as columns until all of it was read: 25 bytes for each. `code` stands for whatever the caller has a list of. */
export class RecordAnswers {
  #ids = Buffer.alloc(4096 * idBytes)
  #codes = new Uint8Array(4096)
  #times = new Float64Array(4096)
  #size = 0

  add(recordId: Uint8Array, code: number, at: Instant): void {
    if (this.#size === this.#codes.length) this.#enlarge()
    this.#ids.set(recordId, this.#size * idBytes)
    this.#codes[this.#size] = code
    this.#times[this.#size] = Date.parse(at)
    this.#size += 1
  }

  /** All of them in parts that fit one statement. */
  *parts(rows = 2000): Generator<{ recordId: Buffer; code: number; at: Instant }[]> {
    for (let from = 0; from < this.#size; from += rows) {
      yield Array.from({ length: Math.min(rows, this.#size - from) }, (_, index) => ({
        recordId: Buffer.from(this.#ids.subarray((from + index) * idBytes, (from + index + 1) * idBytes)), code: this.#codes[from + index] ?? 0,
        at: instantOf(new Date(this.#times[from + index] ?? 0).toISOString()),
      }))
    }
  }

  #enlarge(): void {
    this.#ids = Buffer.concat([this.#ids], this.#ids.length * 2)
    const [codes, times] = [new Uint8Array(this.#codes.length * 2), new Float64Array(this.#times.length * 2)]
    codes.set(this.#codes)
    times.set(this.#times)
    this.#codes = codes
    this.#times = times
  }
}
