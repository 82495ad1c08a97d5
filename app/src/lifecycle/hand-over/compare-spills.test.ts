// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Difference } from '@handover/proof'
import { afterAll, describe, expect, test } from 'vitest'
import { compareSpills, digestRowBytes, writeDigestRow, type DifferenceCounts } from './compare-spills.ts'
import { RecordSpill } from './record-spill.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-spill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Row {
  recordId: Uint8Array
  root: Uint8Array
  seen: number
}

function spillOf(rows: readonly Row[]): RecordSpill {
  const spill = new RecordSpill(folder)
  const bytes = Buffer.alloc(digestRowBytes)
  for (const row of rows) {
    writeDigestRow(bytes, row)
    spill.add(bytes)
  }
  return spill
}

function compareSent(before: readonly Row[], after: readonly Row[], reported: readonly Difference[]): DifferenceCounts & { differences: Difference[] } {
  const found = { matched: 0, missing: 0, extra: 0, changed: 0, duplicate: 0, differences: Array.of<Difference>() }
  const changes = new Map(reported.map(({ recordId, fields }) => [recordId, fields]))
  const [a, b] = [spillOf(before), spillOf(after)]
  for (const { counts, differences } of compareSpills(a, b, () => changes)) {
    for (const kind of ['matched', 'missing', 'extra', 'changed', 'duplicate'] as const) found[kind] += counts[kind]
    found.differences.push(...differences)
  }
  a.close()
  b.close()
  return found
}

const id = (n: number): Uint8Array => Buffer.alloc(16, n)
const root = (n: number): Uint8Array => Buffer.alloc(32, n)
const hex = (n: number): string => Buffer.alloc(16, n).toString('hex')
const seen = (n: number, more: Partial<{ root: Uint8Array; seen: number }> = {}) => ({ recordId: id(n), root: root(n), seen: 1, ...more })
const sent = [1, 2, 3].map((n) => seen(n))

describe('comparing what was sent with what was read back', () => {
  test('matches when every record is there once with its root', () => {
    const found = compareSent(sent, [1, 2, 3].map((n) => seen(n)), [])
    expect(found).toMatchObject({ matched: 3, missing: 0, extra: 0, changed: 0, duplicate: 0 })
    expect(found.differences).toEqual([])
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
    expect(compareSent(sent, accepted, [])).toMatchObject({ matched: 2, changed: 1 })
  })

  test('a change that the recipient reports counts even when the root is right', () => {
    expect(compareSent(sent, [seen(1), seen(2), seen(3)], [{ recordId: hex(1), kind: 'changed', fields: [0] }])).toMatchObject({ matched: 2, changed: 1 })
  })

  test('adds up rows of one id that come apart, and sees when their roots differ', () => {
    expect(compareSent(sent, [seen(1), seen(2), seen(3), seen(2)], []).differences).toEqual([{ recordId: hex(2), kind: 'duplicate', fields: [] }])
    expect(compareSent(sent, [seen(1), seen(2), seen(3), seen(2, { root: root(9) })], []).differences.map(({ kind }) => kind)).toEqual(['changed', 'duplicate'])
    expect(compareSent(sent, [seen(1), seen(2), seen(3), seen(8), seen(8)], []).differences.map(({ kind }) => kind)).toEqual(['duplicate', 'extra'])
  })
})

describe('rows that do not fit into memory', () => {
  const random = (n: number): Buffer => {
    const bytes = Buffer.alloc(16)
    // A cheap spread over all partitions; the last word makes ids differ.
    bytes.writeUInt32BE(Math.imul(n, 0x9e3779b1) >>> 0, 0)
    bytes.writeUInt32BE(n, 12)
    return bytes
  }
  const rows = Array.from({ length: 400_000 }, (_, n) => ({ recordId: random(n), root: root(n & 255), seen: 1 }))

  test('are compared exactly: each fault is named once and nothing else is, in the order of ids', () => {
    const after = rows.filter((_, n) => n % 100_000 !== 7).map((row, n) => (n % 100_000 === 11 ? { ...row, root: root(77) } : row))
    after.push({ recordId: random(900_000), root: root(1), seen: 1 }, ...rows.slice(500, 502))
    const found = compareSent(rows, after, [])
    expect(found).toMatchObject({ missing: 4, changed: 4, extra: 1, duplicate: 2, matched: rows.length - 10 })
    expect(found.differences.map(({ recordId }) => recordId)).toEqual(found.differences.map(({ recordId }) => recordId).sort())
  })

  test('leave no file behind, not even while they are spilled', () => {
    const spill = spillOf(rows)
    expect(readdirSync(folder)).toEqual([]) // POSIX: the file has no name
    expect(Array.from({ length: 1024 }, (_, partition) => spill.partition(partition).length).reduce((a, b) => a + b, 0)).toBe(rows.length * digestRowBytes)
    spill.close()
    expect(readdirSync(folder)).toEqual([])
  })

  test('of any length come back whole and in the order in which they came', () => {
    const spill = new RecordSpill(folder)
    const long = Buffer.alloc(40_000, 5)
    const short = Buffer.alloc(17, 5)
    for (const row of [short, long, short, long]) spill.add(row)
    expect(spill.partition(20).equals(Buffer.concat([short, long, short, long]))).toBe(true)
    spill.close()
  })
})
