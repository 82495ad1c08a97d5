// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { SlotPacker, unpackSlots } from './erased-slots.ts'

test('slots come back as they were packed, by order and epoch, whatever the gaps', () => {
  const rows = [0, 1, 2, 130, 16_600, 16_601, 3_000_000, 4_294_967_296].flatMap((slot, at) => [{ slot: slot * 2, order_id: 'ord_a', epoch: 1 }, { slot: slot * 2 + 1, order_id: at % 2 === 0 ? 'ord_b' : 'ord_a', epoch: at % 2 === 0 ? 1 : 2 }])
  const packer = new SlotPacker()
  for (const row of rows) packer.add(row)
  const back = packer.lists().flatMap((list) => [...unpackSlots(list, 3)].flatMap((batch) => batch.map((slot) => ({ slot, order_id: list.order_id, epoch: list.epoch }))))
  expect(back.toSorted((a, b) => a.slot - b.slot)).toEqual(rows)
})

test('a million neighbouring slots take a byte each', () => {
  const packer = new SlotPacker()
  for (let slot = 0; slot < 1_000_000; slot++) packer.add({ slot, order_id: 'ord_a', epoch: 1 })
  const [list] = packer.lists()
  expect(Buffer.from(list?.slots ?? '', 'base64')).toHaveLength(1_000_000)
  expect(list === undefined ? 0 : [...unpackSlots(list)].reduce((sum, batch) => sum + batch.length, 0)).toBe(1_000_000)
})

test('slots out of order and a list that was cut are refused', () => {
  const packer = new SlotPacker()
  packer.add({ slot: 5, order_id: 'ord_a', epoch: 1 })
  expect(() => packer.add({ slot: 5, order_id: 'ord_a', epoch: 1 })).toThrow('ascending')
  expect(() => [...unpackSlots({ order_id: 'ord_a', epoch: 1, slots: Buffer.of(1, 0x85).toString('base64') })]).toThrow('cut')
})
