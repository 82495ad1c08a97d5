// SPDX-License-Identifier: Apache-2.0

/** Eight bytes of a subject's id: ids are 128 random bits, so that two of ten million share them once in 370,000 matters. */
const keyDigits = 16
const digitsAt = 4

/** How many different subjects there are among millions of ids (`sub_…`), in 16 to 32 bytes each. */
export class SubjectSet {
  #slots = new BigUint64Array(1 << 10)
  #size = 0
  #hasZero = false

  get size(): number {
    return this.#size
  }

  add(subjectId: string): void {
    const key = BigInt(`0x${subjectId.slice(digitsAt, digitsAt + keyDigits)}`)
    if (key === 0n) {
      if (!this.#hasZero) this.#size += 1
      this.#hasZero = true
      return
    }
    if (place(this.#slots, key)) this.#size += 1
    if (this.#size * 2 > this.#slots.length) this.#grow()
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2)
    for (const key of this.#slots) if (key !== 0n) place(larger, key)
    this.#slots = larger
  }
}

/** Puts a key at its place, which its own bits choose; false when it was there. */
function place(slots: BigUint64Array, key: bigint): boolean {
  const mask = slots.length - 1
  for (let at = Number(key & 0xffff_ffffn) & mask; ; at = (at + 1) & mask) {
    if (slots[at] === key) return false
    if (slots[at] !== 0n) continue
    slots[at] = key
    return true
  }
}
