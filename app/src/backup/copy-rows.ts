// SPDX-License-Identifier: Apache-2.0
import { ProofError } from '@handover/proof'

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const headBytes = signature.length + 8

/** One row of a table as PostgreSQL's binary COPY format has it: the bytes of each column, null where there is none. */
export type CopyRow = readonly (Buffer | null)[]

/** Reads rows in PostgreSQL's binary COPY format from parts of any size; gives the rows that became whole, or only counts them. Refuses what is not of the format. */
export class CopyReader {
  /** Rows so far. */
  rows = 0
  readonly #columns: number
  readonly #isCounting: boolean
  #left: Buffer = Buffer.alloc(0)
  #isBegun = false
  #isEnded = false

  constructor(columns: number, isCounting: boolean) {
    this.#columns = columns
    this.#isCounting = isCounting
  }

  /** Takes the next bytes; the rows are views of them and of what was left, to be used before the next call. */
  take(part: Uint8Array): CopyRow[] {
    const bytes = this.#left.length === 0 ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : Buffer.concat([this.#left, part])
    const found: CopyRow[] = []
    let at = this.#begin(bytes)
    for (let end = this.#rowEnd(bytes, at); end > at; end = this.#rowEnd(bytes, at)) {
      if (this.#isEnded) throw new ProofError('COPY', 'there are bytes behind the last row')
      if (end - at === 2 && bytes.readInt16BE(at) === -1) this.#isEnded = true
      else {
        this.rows += 1
        if (!this.#isCounting) found.push(this.#row(bytes, at))
      }
      at = end
    }
    this.#left = Buffer.from(bytes.subarray(at)) // a copy: the part may be reused
    return found
  }

  /** Refuses rows that do not end. */
  end(): void {
    if (!this.#isEnded || this.#left.length > 0) throw new ProofError('COPY', 'the rows do not end')
  }

  #begin(bytes: Buffer): number {
    if (this.#isBegun || bytes.length < headBytes) return 0
    if (!bytes.subarray(0, signature.length).equals(signature) || bytes.readUInt32BE(signature.length) !== 0 || bytes.readUInt32BE(signature.length + 4) !== 0) throw new ProofError('COPY', 'not rows in the binary format')
    this.#isBegun = true
    return headBytes
  }

  /** Where the row that begins here ends, or `at` when it is not whole yet. */
  #rowEnd(bytes: Buffer, at: number): number {
    if (!this.#isBegun || at + 2 > bytes.length) return at
    const columns = bytes.readInt16BE(at)
    if (columns === -1) return at + 2
    if (columns !== this.#columns) throw new ProofError('COPY', 'a row has another number of columns')
    let end = at + 2
    for (let column = 0; column < columns; column++) {
      if (end + 4 > bytes.length) return at
      const length = bytes.readInt32BE(end)
      if (length < -1) throw new ProofError('COPY', 'a value has no length')
      end += 4 + Math.max(0, length)
    }
    return end > bytes.length ? at : end
  }

  #row(bytes: Buffer, start: number): CopyRow {
    let at = start + 2
    return Array.from({ length: this.#columns }, () => {
      const length = bytes.readInt32BE(at)
      at += 4 + Math.max(0, length)
      return length === -1 ? null : bytes.subarray(at - length, at)
    })
  }
}
