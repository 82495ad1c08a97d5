// SPDX-License-Identifier: Apache-2.0
const idBytes = 16
const none = -1

/** Numbers ids of 16 random bytes from 0 in the order of their first appearance: about 24 bytes an id, no object for any of them. */
export class IdTable {
  #ids = Buffer.alloc(1024 * idBytes)
  #slots = new Int32Array(4096).fill(none)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The id's number; it gets the next one when it is new. */
  add(id: Uint8Array): number {
    const slot = this.#slotOf(id)
    const known = this.#slots[slot] ?? none
    if (known !== none) return known
    if ((this.#size + 1) * idBytes > this.#ids.length) this.#ids = Buffer.concat([this.#ids], this.#ids.length * 2)
    this.#ids.set(id, this.#size * idBytes)
    this.#slots[slot] = this.#size
    this.#size += 1
    if (this.#size * 2 > this.#slots.length) this.#enlarge()
    return this.#size - 1
  }

  /** The id's number, or −1. */
  find(id: Uint8Array): number {
    return this.#slots[this.#slotOf(id)] ?? none
  }

  /** The id of a number; a view. */
  at(number: number): Buffer {
    return this.#ids.subarray(number * idBytes, (number + 1) * idBytes)
  }

  #slotOf(id: Uint8Array): number {
    const mask = this.#slots.length - 1
    // Ids are HMACs: any four of their bytes are spread evenly.
    let slot = (((id[0] ?? 0) << 24) | ((id[1] ?? 0) << 16) | ((id[2] ?? 0) << 8) | (id[3] ?? 0)) & mask
    for (;;) {
      const number = this.#slots[slot] ?? none
      if (number === none || this.#ids.compare(id, 0, idBytes, number * idBytes, (number + 1) * idBytes) === 0) return slot
      slot = (slot + 1) & mask
    }
  }

  #enlarge(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(none)
    for (let number = 0; number < this.#size; number += 1) this.#slots[this.#slotOf(this.at(number))] = number
  }
}
