// SPDX-License-Identifier: Apache-2.0
// Which key slots were erased, as the key backup lists them: a million of them in a few hundred kilobytes.
import { z } from 'zod'

/** 已清除的密钥位. The slots that one order erased under one epoch, ascending: gaps to the one before as LEB128 numbers, in base64 (the first is the slot plus one). */
export const packedSlots = z.strictObject({ order_id: z.string(), epoch: z.int().min(1), slots: z.base64() })
export type PackedSlots = z.infer<typeof packedSlots>

/** One erased slot as a row of the key store. */
export interface ErasedSlot {
  slot: number
  order_id: string
  epoch: number
}

/** Packs rows that come in ascending order of slots; refuses another order, since a gap is never below one. */
export class SlotPacker {
  readonly #lists = new Map<string, { order_id: string; epoch: number; last: number; bytes: number[]; parts: Buffer[] }>()

  add({ slot, order_id, epoch }: ErasedSlot): void {
    const key = `${epoch} ${order_id}`
    const list = this.#lists.get(key) ?? { order_id, epoch, last: -1, bytes: [], parts: [] }
    this.#lists.set(key, list)
    let gap = slot - list.last
    if (gap < 1) throw new RangeError('slots are packed in ascending order')
    list.last = slot
    for (; gap > 0x7f; gap = Math.floor(gap / 0x80)) list.bytes.push((gap % 0x80) + 0x80)
    list.bytes.push(gap)
    if (list.bytes.length >= 65_536) list.parts.push(Buffer.from(list.bytes.splice(0)))
  }

  lists(): PackedSlots[] {
    return [...this.#lists.values()].map(({ order_id, epoch, bytes, parts }) => ({ order_id, epoch, slots: Buffer.concat([...parts, Buffer.from(bytes)]).toString('base64') }))
  }
}

/** The slots of a packed list in batches of at most `size`; refuses bytes that end within a number. */
export function* unpackSlots(packed: PackedSlots, size = 10_000): Generator<number[]> {
  let batch: number[] = []
  let [slot, gap, scale] = [-1, 0, 1]
  for (const byte of Buffer.from(packed.slots, 'base64')) {
    gap += (byte & 0x7f) * scale
    scale *= 0x80
    if (byte > 0x7f) continue
    slot += gap
    ;[gap, scale] = [0, 1]
    if (batch.push(slot) < size) continue
    yield batch
    batch = []
  }
  if (scale !== 1) throw new RangeError('a packed list of slots is cut')
  if (batch.length > 0) yield batch
}
