// SPDX-License-Identifier: Apache-2.0
// One column of many rows as a binary array parameter (PostgreSQL's array_send form): no hexadecimal, no quoting, no text to parse on the server.

/** Element types that we write in binary, with their type numbers in pg_type. */
export const wireTypes = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, uuid: 2950 } as const
/** One element type. */
export type WireType = keyof typeof wireTypes

const headBytes = 20
const wordBytes = 4

/** 数组参数. Collects the values of one column; `end` gives the parameter. The driver sends a Buffer as a binary parameter, so cast it to its array type in the statement. */
export class WireArray {
  #bytes: Buffer
  #at = headBytes
  #items = 0
  #hasNull = false
  readonly #type: WireType

  constructor(type: WireType, capacity = 4096) {
    this.#type = type
    this.#bytes = Buffer.allocUnsafeSlow(headBytes + capacity)
  }

  get items(): number {
    return this.#items
  }

  /** Bytes of a bytea or uuid, or the UTF-8 of a text. */
  bytes(value: Uint8Array, start = 0, end = value.length): void {
    const at = this.#room(end - start)
    if (start === 0 && end === value.length) this.#bytes.set(value, at)
    else this.#bytes.set(value.subarray(start, end), at)
  }

  text(value: string): void {
    const mark = this.#at
    const at = this.#room(value.length * 3)
    const length = this.#bytes.write(value, at, 'utf8')
    this.#bytes.writeInt32BE(length, mark)
    this.#at = at + length
  }

  int4(value: number): void {
    const at = this.#room(4)
    this.#bytes.writeInt32BE(value, at)
  }

  /** Refuses numbers that are not exact. */
  int8(value: number | bigint): void {
    const at = this.#room(8) // before the buffer is named: it may be another one afterwards
    this.#bytes.writeBigInt64BE(BigInt(value), at)
  }

  bool(value: boolean): void {
    const at = this.#room(1)
    this.#bytes[at] = value ? 1 : 0
  }

  null(): void {
    this.#room(0)
    this.#bytes.writeInt32BE(-1, this.#at - wordBytes)
    this.#hasNull = true
  }

  /** Room for an item of so many bytes; the caller fills it at once. */
  room(length: number): { into: Buffer; at: number } {
    const at = this.#room(length)
    return { into: this.#bytes, at }
  }

  /** The parameter; the collector is not used after it. */
  end(): Buffer {
    const words = [1, this.#hasNull ? 1 : 0, wireTypes[this.#type], this.#items, 1]
    words.forEach((word, index) => this.#bytes.writeInt32BE(word, index * wordBytes))
    // An array without items has no dimension.
    return this.#items === 0 ? emptyArray(this.#type) : this.#bytes.subarray(0, this.#at)
  }

  #room(length: number): number {
    const need = this.#at + wordBytes + length
    if (need > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(need, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.#at)
      this.#bytes = larger
    }
    this.#bytes.writeInt32BE(length, this.#at)
    this.#at = need
    this.#items += 1
    return need - length
  }
}

function emptyArray(type: WireType): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeInt32BE(wireTypes[type], 8)
  return bytes
}

/** Items of one width that lie one after the other, e.g. 16-byte ids, as a binary array parameter. */
export function wireArrayOf(type: WireType, flat: Uint8Array, width: number): Buffer {
  const array = new WireArray(type, (flat.length / width) * (width + wordBytes))
  for (let at = 0; at < flat.length; at += width) array.bytes(flat, at, at + width)
  return array.end()
}
