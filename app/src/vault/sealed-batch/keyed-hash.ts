// SPDX-License-Identifier: Apache-2.0
import { hash, type KeyObject } from 'node:crypto'

const blockBytes = 64
const hashBytes = 32

/** HMAC-SHA256 (RFC 2104) of many short texts under one key, by one-shot hashes: three times faster than `createHmac` for each. Refuses keys longer than a block. */
export class KeyedHash {
  #inner = Buffer.alloc(blockBytes + 256, 0)
  readonly #outer = Buffer.alloc(blockBytes + hashBytes, 0)

  constructor(key: KeyObject) {
    const bytes = key.export()
    if (bytes.length > blockBytes) throw new RangeError('a key is longer than a block of the hash')
    for (let at = 0; at < blockBytes; at += 1) {
      this.#inner[at] = (bytes[at] ?? 0) ^ 0x36
      this.#outer[at] = (bytes[at] ?? 0) ^ 0x5c
    }
    bytes.fill(0)
  }

  /** Where the text is to be written, with room for so many bytes. */
  room(bytes: number): { into: Buffer; at: number } {
    if (this.#inner.length < blockBytes + bytes) {
      const larger = Buffer.alloc(blockBytes + bytes * 2)
      this.#inner.copy(larger)
      this.#inner.fill(0)
      this.#inner = larger
    }
    return { into: this.#inner, at: blockBytes }
  }

  /** The first bytes of the HMAC of the text that was written into `room`. */
  digest(textBytes: number, into: Buffer, at: number, bytes: number): void {
    this.#outer.write(hash('sha256', this.#inner.subarray(0, blockBytes + textBytes), 'binary'), blockBytes, hashBytes, 'latin1')
    into.write(hash('sha256', this.#outer, 'binary').slice(0, bytes), at, bytes, 'latin1')
  }

  /** Forgets the key. */
  wipe(): void {
    this.#inner.fill(0)
    this.#outer.fill(0)
  }
}
