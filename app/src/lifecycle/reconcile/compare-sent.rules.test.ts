// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { compareSent, isWholeMatch } from './compare-sent.rules.ts'

const id = (n: number): Uint8Array => Buffer.alloc(16, n)
const root = (n: number): Uint8Array => Buffer.alloc(32, n)
const hex = (n: number): string => Buffer.alloc(16, n).toString('hex')
const sent = [1, 2, 3].map((n) => ({ recordId: id(n), sentRoot: root(n) }))
const seen = (n: number, more: Partial<{ root: Uint8Array; seen: number }> = {}) => ({ recordId: id(n), root: root(n), seen: 1, ...more })

describe('comparing what was sent with what was read back', () => {
  test('matches when every record is there once with its root', () => {
    const found = compareSent(sent, [1, 2, 3].map((n) => seen(n)), [])
    expect(found).toMatchObject({ matched: 3, missing: 0, extra: 0, changed: 0, duplicate: 0 })
    expect(isWholeMatch(found)).toBe(true)
  })

  test.each([
    ['a missing record', [seen(1), seen(3)], [{ recordId: hex(2), kind: 'missing', fields: [] }]],
    ['one before, between and after', [seen(0), seen(1), seen(2), seen(3), seen(9)], [{ recordId: hex(0), kind: 'extra', fields: [] }, { recordId: hex(9), kind: 'extra', fields: [] }]],
    ['a doubled one', [seen(1), seen(2, { seen: 2 }), seen(3)], [{ recordId: hex(2), kind: 'duplicate', fields: [] }]],
    ['another root', [seen(1), seen(2, { root: root(7) }), seen(3)], [{ recordId: hex(2), kind: 'changed', fields: [] }]],
    ['nothing at all', [], [1, 2, 3].map((n) => ({ recordId: hex(n), kind: 'missing', fields: [] }))],
  ])('finds %s', (_, accepted, differences) => {
    expect(compareSent(sent, accepted, []).differences).toEqual(differences)
  })

  test('takes the names of fields from the recipient, but not its word that nothing differs', () => {
    const accepted = [seen(1), seen(2, { root: root(7) }), seen(3)]
    expect(compareSent(sent, accepted, [{ recordId: hex(2), kind: 'changed', fields: [4] }]).differences).toEqual([{ recordId: hex(2), kind: 'changed', fields: [4] }])
    expect(isWholeMatch(compareSent(sent, accepted, []))).toBe(false)
  })

  test('a change that the recipient reports counts even when the root is right', () => {
    expect(compareSent(sent, [seen(1), seen(2), seen(3)], [{ recordId: hex(1), kind: 'changed', fields: [0] }])).toMatchObject({ matched: 2, changed: 1 })
  })
})
