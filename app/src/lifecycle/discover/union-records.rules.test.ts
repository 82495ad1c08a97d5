// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { IdentityKeyType } from './identity-keys.rules.ts'
import { KeyGroups, orderOfBlinds, type KeyGroup } from './key-groups.rules.ts'
import { keepSubjects, unionRecords } from './union-records.rules.ts'

const key = (type: IdentityKeyType, ...records: number[]): KeyGroup => ({ type, records, isPlaceholder: false })
const unknown = (records: number): Int32Array => new Int32Array(records).fill(-1)
const traits = (names: number[], ids: number[]) => ({ records: names.length, nameTag: Int32Array.from(names), birthTag: unknown(names.length), residentId: Int32Array.from(ids) })
const groupsOf = (keys: readonly KeyGroup[]): KeyGroups => {
  const groups = new KeyGroups()
  for (const one of keys) groups.add(one)
  return groups
}
const union = (records: number, keys: KeyGroup[], given: { names?: number[]; births?: number[]; ids?: number[] } = {}) =>
  unionRecords(groupsOf(keys), { records, nameTag: Int32Array.from(given.names ?? unknown(records)), birthTag: Int32Array.from(given.births ?? unknown(records)), residentId: Int32Array.from(given.ids ?? unknown(records)) })

describe('union of records', () => {
  it('joins records over several data sets by any identity key, and names a component by its smallest record', () => {
    const { component, demoted } = union(5, [key('customer-id', 3, 4), key('mobile', 0, 3), key('email', 1)])
    expect([...component]).toEqual([0, 1, 2, 0, 0])
    expect(demoted).toEqual([])
  })

  it('joins nobody by a placeholder number', () => {
    const { component, demoted } = union(3, [{ ...key('mobile', 0, 1, 2), isPlaceholder: true }])
    expect([...component]).toEqual([0, 1, 2])
    expect(demoted).toEqual([{ key: 0, degree: 3, why: 'placeholder' }])
  })

  it('keeps a family apart that shares one phone, and joins what bears the same name', () => {
    const { component, demoted } = union(4, [key('mobile', 0, 1, 2, 3)], { names: [7, 8, 7, -1] })
    expect([...component]).toEqual([0, 1, 0, 3])
    expect(demoted).toEqual([{ key: 0, degree: 4, why: 'different-names' }])
  })

  it('joins a record without a name when only one name stands on the phone', () => {
    expect([...union(3, [key('mobile', 0, 1, 2)], { names: [7, -1, 7] }).component]).toEqual([0, 0, 0])
  })

  it('keeps two people apart whose birth days differ, even when a name is missing', () => {
    const { component, demoted } = union(4, [key('mobile', 0, 1, 2, 3)], { names: [7, -1, 7, -1], births: [19, 20, 19, -1] })
    expect([...component]).toEqual([0, 1, 0, 3])
    expect(demoted).toEqual([{ key: 0, degree: 4, why: 'different-births' }])
  })

  it('demotes a switchboard with more than eight names entirely', () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]
    const { component, demoted } = union(10, [key('mobile', ...names.keys())], { names })
    expect(new Set(component).size).toBe(10)
    expect(demoted[0]?.why).toBe('too-many-names')
  })

  it('never joins two resident IDs by a phone, even when the names are equal', () => {
    const { component, demoted } = union(3, [key('mobile', 0, 1, 2), key('resident-id', 0), key('resident-id', 1)], { names: [7, 7, 7], ids: [1, 2, -1] })
    expect([...component]).toEqual([0, 1, 2])
    expect(demoted).toEqual([{ key: 0, degree: 3, why: 'conflicting-ids' }])
  })

  it('takes the force from weak keys that put two resident IDs into one person by a chain', () => {
    const keys = [key('mobile', 0, 1), key('email', 1, 2), key('customer-id', 0, 3), key('mobile', 4, 5)]
    const { component, demoted } = union(6, keys, { ids: [1, -1, 2, -1, -1, -1] })
    expect([...component]).toEqual([0, 1, 2, 0, 4, 4])
    expect(demoted.map((one) => one.key)).toEqual([0, 1])
  })

  it('takes the force from a customer number that holds two resident IDs', () => {
    const { component } = union(4, [key('customer-id', 0, 1), key('resident-id', 0, 2), key('resident-id', 1, 3)], { ids: [1, 2, 1, 2] })
    expect([...component]).toEqual([0, 1, 0, 1])
  })

  it('gives the same components in whatever order keys arrive', () => {
    const random = mulberry(20_261_121)
    const keys = Array.from({ length: 120 }, (_, at) =>
      key(at % 3 === 0 ? 'customer-id' : 'mobile', ...[...new Set([random(80), random(80), random(80)])].sort((a, b) => a - b)))
    const people = traits(Array.from({ length: 80 }, (_, at) => at % 9), Array.from({ length: 80 }, (_, at) => (at % 5 === 0 ? at : -1)))
    const forward = unionRecords(groupsOf(keys), people)
    const backward = unionRecords(groupsOf([...keys].reverse()), people)
    expect([...backward.component]).toEqual([...forward.component])
  })
})

describe('subject ids after a change', () => {
  it('lets the largest fragment keep the id, and the smallest record decide a tie', () => {
    expect([...keepSubjects(Int32Array.from([0, 0, 0, 3, 4, 5]), Int32Array.from([0, 0, 0, 0, 1, 1]))]).toEqual([0, -1, -1, -1, 1, -1])
  })

  it('lets the larger of two merged subjects name the whole', () => {
    expect([...keepSubjects(Int32Array.from([0, 0, 0]), Int32Array.from([0, 1, 1]))]).toEqual([1, -1, -1])
  })
})

describe('grouping of blind indexes', () => {
  it('orders them byte by byte, also where the first four bytes are equal', () => {
    const random = mulberry(7)
    const list = Array.from({ length: 3000 }, (_, at) => Buffer.from(Array.from({ length: 16 }, (_, byte) => (byte < 4 && at % 3 === 0 ? 9 : random(256)))))
    const order = orderOfBlinds(Buffer.concat(list), list.length)
    expect([...order].map((at) => list[at]?.toString('hex'))).toEqual(list.map((one) => one.toString('hex')).sort())
  })
})

function mulberry(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
