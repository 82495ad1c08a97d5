// SPDX-License-Identifier: Apache-2.0
const KEPT_BYTES = 64
const LOOKS = 512

/** Remembers what became of recent values of a column, by their bytes: most columns repeat themselves. It gives up while it finds little. */
export class CellMemo {
  /** The sketch hash of the value that was found last. */
  sketch = 0
  private readonly slots: number
  private readonly bytes: Uint8Array
  private readonly lengths: Uint8Array
  private readonly highs: Int32Array
  private readonly outcomes: Int32Array
  private readonly sketches: Int32Array
  private looks = 0
  private hits = 0
  /** Looks to skip before the next try. */
  private rest = 0

  /** `slots` is a power of two. */
  constructor(slots: number) {
    this.slots = slots
    this.bytes = new Uint8Array(slots * KEPT_BYTES)
    this.lengths = new Uint8Array(slots)
    this.highs = new Int32Array(slots)
    this.outcomes = new Int32Array(slots)
    this.sketches = new Int32Array(slots)
  }

  /** The outcome of the same bytes seen before; -1 when not remembered. */
  // oxlint-disable-next-line max-params -- called for every cell
  find(cell: Uint8Array, start: number, length: number, low: number, high: number): number {
    if (this.rest > 0) {
      this.rest--
      return -1
    }
    if (++this.looks === LOOKS) {
      if (this.hits < LOOKS / 8) this.rest = LOOKS * 16
      this.looks = 0
      this.hits = 0
    }
    const slot = low & (this.slots - 1)
    if (this.lengths[slot] !== length || this.highs[slot] !== high) return -1
    const kept = slot * KEPT_BYTES
    for (let i = 0; i < length; i++) if (this.bytes[kept + i] !== cell[start + i]) return -1
    this.hits++
    this.sketch = this.sketches[slot] ?? 0
    return this.outcomes[slot] ?? -1
  }

  /** Keeps an outcome, in the place of another. */
  keep(cell: Uint8Array, start: number, length: number, kept: { low: number; high: number; outcome: number; sketch: number }): void {
    if (this.rest > 0 || length > KEPT_BYTES) return
    const slot = kept.low & (this.slots - 1)
    this.lengths[slot] = length
    this.highs[slot] = kept.high
    this.outcomes[slot] = kept.outcome
    this.sketches[slot] = kept.sketch
    const to = slot * KEPT_BYTES
    for (let i = 0; i < length; i++) this.bytes[to + i] = cell[start + i] ?? 0
  }
}
