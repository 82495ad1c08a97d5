// SPDX-License-Identifier: Apache-2.0
import { sameBytes } from './read-words.rules.ts'

const KEPT_BYTES = 64
const SLOT_BYTES = KEPT_BYTES + 4
const LOOKS = 512

/** Remembers what became of recent values of a column, by their bytes: most columns repeat themselves. It gives up while it finds little. */
export class CellMemo {
  /** The sketch hash of the value that was found last. */
  sketch = 0
  private readonly slots: number
  private readonly bytes: DataView
  private readonly lengths: Uint8Array
  private readonly hashes: Int32Array
  private readonly outcomes: Int32Array
  private readonly sketches: Int32Array
  private looks = 0
  private hits = 0
  /** Looks to skip before the next try. */
  private rest = 0

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.slots = slots
    this.bytes = new DataView(new ArrayBuffer(slots * SLOT_BYTES))
    this.lengths = new Uint8Array(slots)
    this.hashes = new Int32Array(slots)
    this.outcomes = new Int32Array(slots)
    this.sketches = new Int32Array(slots)
  }

  /** The outcome of the same bytes seen before; -1 when not remembered. */
  find(view: DataView, start: number, length: number, hash: number): number {
    if (this.rest > 0) {
      this.rest--
      return -1
    }
    if (++this.looks === LOOKS) {
      if (this.hits < LOOKS / 4) this.rest = LOOKS * 16
      this.looks = 0
      this.hits = 0
    }
    const slot = hash & (this.slots - 1)
    if (this.hashes[slot] !== hash || this.lengths[slot] !== length || !sameBytes(view, start, this.bytes, slot * SLOT_BYTES, length)) return -1
    this.hits++
    this.sketch = this.sketches[slot] ?? 0
    return this.outcomes[slot] ?? -1
  }

  /** Keeps an outcome, in the place of another. */
  // oxlint-disable-next-line max-params -- called for most cells
  keep(view: DataView, start: number, length: number, hash: number, outcome: number, sketch: number): void {
    if (this.rest > 0 || length > KEPT_BYTES) return
    const slot = hash & (this.slots - 1)
    this.lengths[slot] = length
    this.hashes[slot] = hash
    this.outcomes[slot] = outcome
    this.sketches[slot] = sketch
    const to = slot * SLOT_BYTES
    for (let i = 0; i < length; i++) this.bytes.setUint8(to + i, view.getUint8(start + i))
  }
}
