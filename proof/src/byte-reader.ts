// SPDX-License-Identifier: Apache-2.0
import { concat, ProofError } from './bytes.ts'

/** Reads exact amounts from a stream of chunks of any size. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #left: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Between one byte and `max` bytes, as they come; null at the end of the stream. */
  async some(max: number): Promise<Uint8Array | null> {
    while (this.#left.length === 0) {
      const next = await this.#source.next()
      if (next.done === true) return null
      this.#left = next.value
    }
    const part = this.#left.subarray(0, max)
    this.#left = this.#left.subarray(part.length)
    return part
  }

  /** Up to `max` bytes; fewer only at the end of the stream. */
  async upTo(max: number): Promise<Uint8Array> {
    const first = await this.some(max)
    if (first === null || first.length === max) return first ?? new Uint8Array(0)
    const parts = [first]
    let have = first.length
    while (have < max) {
      const part = await this.some(max - have)
      if (part === null) break
      parts.push(part)
      have += part.length
    }
    return concat(...parts)
  }

  /** Exactly `count` bytes; refuses a stream that ends before. */
  async exactly(count: number): Promise<Uint8Array> {
    const bytes = await this.upTo(count)
    if (bytes.length !== count) throw new ProofError('CUT', 'the file ends too early')
    return bytes
  }

  /** Lets the source release what it holds. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }
}

/** All bytes of a stream; refuses more than `max`. */
export async function readAll(source: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let have = 0
  for await (const part of source) {
    have += part.length
    if (have > max) throw new ProofError('TOO_LARGE', `more than ${max} bytes`)
    parts.push(part)
  }
  return concat(...parts)
}

/** A stream of one array. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
