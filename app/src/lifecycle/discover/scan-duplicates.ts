// SPDX-License-Identifier: Apache-2.0

const ROWS_REMEMBERED = 1_000_000

/** Rows that repeat an earlier one, by 64 bits of hash; null once there are more different rows than are remembered. Grows with the rows, to 16 MiB. */
export class DuplicateRows {
  private table = new Int32Array(2 * 4096)
  private known = 0
  private repeated: number | null = 0

  get count(): number | null {
    return this.repeated
  }

  /** Makes room for so many rows at once, where their number is known. */
  expect(rows: number): void {
    const wanted = Math.min(rows, ROWS_REMEMBERED) * 4
    if (this.repeated !== null && wanted > this.table.length) this.grow(2 ** Math.ceil(Math.log2(wanted)))
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
    if (this.known * 4 > this.table.length) this.grow(this.table.length * 2)
  }

  private insert(low: number, high: number): boolean {
    const { table } = this
    const mask = table.length / 2 - 1
    for (let slot = (low ^ (high >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const kept = table[slot * 2] ?? 0
      const keptHigh = table[slot * 2 + 1] ?? 0
      if (kept === low && keptHigh === high) return false
      if (kept !== 0 || keptHigh !== 0) continue
      table[slot * 2] = low
      table[slot * 2 + 1] = high
      return true
    }
  }

  private grow(length: number): void {
    const before = this.table
    this.table = new Int32Array(length)
    for (let i = 0; i < before.length; i += 2) if (before[i] !== 0 || before[i + 1] !== 0) this.insert(before[i] ?? 0, before[i + 1] ?? 0)
  }
}
