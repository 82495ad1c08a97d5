// SPDX-License-Identifier: Apache-2.0
import type { SourceRow } from '../../sources/index.ts'
import { HashMemory, PairHash } from './remember-hashes.ts'

const ROWS_MAX = 2_000_000

/** 整行重复. Rows of one data set that repeat an earlier one in every cell, by 64 bits of hash. */
export class DuplicateRows {
  readonly #memory = new HashMemory(ROWS_MAX)
  readonly #hash = new PairHash()

  /** Rows for which there was no room. */
  get turnedAway(): number {
    return this.#memory.turnedAway
  }

  /** The place of the first row that is the same, or null. */
  firstTwin(row: SourceRow): number | null {
    this.#hash.begin()
    for (const { value } of row.cells) this.#hash.cell(value)
    return this.#memory.meet(this.#hash.low, this.#hash.high, { low: 0, high: 0, dataSet: 0, place: row.place })?.place ?? null
  }
}
