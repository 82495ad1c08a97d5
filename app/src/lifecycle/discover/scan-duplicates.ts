// SPDX-License-Identifier: Apache-2.0

const ROWS_REMEMBERED = 1_000_000

/** How full the table becomes at most. */
const FULL = 0.8
const FIRST_SLOTS = 4096
/** Numbers of rows that are looked up together. */
const TOGETHER = 1024

/** Rows that repeat an earlier one, by 64 bits of hash; null once there are more different rows than are remembered. Grows with the rows, to 10 MiB. */
export class DuplicateRows {
  private slots = FIRST_SLOTS
  private table = new Int32Array(2 * FIRST_SLOTS)
  private known = 0
  /** Nobody needs it, but what is computed for nobody is not computed. */
  touched = 0
  private repeated: number | null = 0

  get count(): number | null {
    return this.repeated
  }

  /** Makes room for so many rows at once, where their number is known. */
  expect(rows: number): void {
    const wanted = Math.ceil(Math.min(rows, ROWS_REMEMBERED) / FULL) + 1
    if (this.repeated !== null && wanted > this.slots) this.grow(wanted)
  }

  /** Takes the next rows of the file, two numbers a row. */
  addAll(rows: Int32Array): void {
    for (let from = 0; from < rows.length && this.repeated !== null; from += TOGETHER) {
      const end = Math.min(rows.length, from + TOGETHER)
      this.touch(rows, from, end)
      for (let i = from; i < end; i += 2) this.add(rows[i] ?? 0, rows[i + 1] ?? 0)
    }
  }

  // The table is larger than the caches: places that are looked at before they are needed, one independent of the other, cost a fraction of places that are waited for one by one.
  private touch(rows: Int32Array, from: number, end: number): void {
    const { table, slots } = this
    let sum = 0
    for (let i = from; i < end; i += 2) sum ^= table[Math.floor((((rows[i] ?? 0) >>> 0) * slots) / 2 ** 32) * 2] ?? 0
    this.touched = sum
  }

  /** Takes the next row of the file. */
  add(low: number, high: number): void {
    if (this.repeated === null) return
    if (this.known >= ROWS_REMEMBERED) {
      this.repeated = null
      this.table = new Int32Array(2)
      return
    }
    if (!this.insert(low === 0 && high === 0 ? 1 : low, high)) {
      this.repeated++
      return
    }
    this.known++
    if (this.known > this.slots * FULL) this.grow(this.slots * 2)
  }

  private insert(low: number, high: number): boolean {
    const { table, slots } = this
    for (let slot = Math.floor(((low >>> 0) * slots) / 2 ** 32) * 2; ; slot = slot + 2 === slots * 2 ? 0 : slot + 2) {
      const kept = table[slot] ?? 0
      const keptHigh = table[slot + 1] ?? 0
      if (kept === low && keptHigh === high) return false
      if (kept !== 0 || keptHigh !== 0) continue
      table[slot] = low
      table[slot + 1] = high
      return true
    }
  }

  private grow(slots: number): void {
    const before = this.table
    this.slots = slots
    this.table = new Int32Array(2 * slots)
    for (let i = 0; i < before.length; i += 2) if (before[i] !== 0 || before[i + 1] !== 0) this.insert(before[i] ?? 0, before[i + 1] ?? 0)
  }
}
