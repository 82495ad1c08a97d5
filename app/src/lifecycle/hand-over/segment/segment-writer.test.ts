// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeSegment, encodeSegmentLines, segmentContentLeaf, toHex, type CanonicalValue } from '@handover/proof'
import type { OpenedRow } from '../../../vault/sealed-batch/index.ts'
import { SegmentWriter } from './segment-writer.ts'

const values: CanonicalValue[] = ['', '张三', null, 'a "quoted" \\ line\u0001\u001f\n\t\b\f\r', Buffer.from([0, 255, 34]), Buffer.from([1, 2]), Buffer.from([7]), '😀 \u2028 \u007f', Buffer.alloc(0), '=1+1', 'kept back']
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const fieldIds = Buffer.concat(values.map((_, at) => digest(`field ${at}`).subarray(0, 16)))
const positions = values.map((_, at) => at).filter((at) => at !== 10)
const shape = { dataSetId: digest('set').subarray(0, 16), fieldIds, positions }

function opened(): OpenedRow {
  const parts = values.map((value) => (value === null ? Buffer.alloc(0) : Buffer.from(value)))
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, part) => sum + part.length, 0))
  return {
    recordId: digest('record').subarray(0, 16), version: 3, root: digest('root'), width: values.length, dispositions: Buffer.alloc(values.length, 6), plain: Buffer.concat(parts),
    start: Int32Array.from(starts), length: Int32Array.from(parts, (part) => part.length), tag: Uint8Array.from(values, (value) => (value === null ? 0 : typeof value === 'string' ? 1 : 2)),
    salts: Buffer.concat(values.map((_, at) => digest(`salt ${at}`).subarray(0, 16))), leaves: Buffer.concat(values.map((_, at) => digest(`leaf ${at}`))),
  }
}

describe('a segment written as bytes', () => {
  it('reads back as the same records, whatever stands in the values', () => {
    const writer = new SegmentWriter()
    expect([writer.add(opened(), shape), writer.add(opened(), { ...shape, positions: [] })]).toEqual([true, true])
    const { lines, values: count, roots, leaves } = writer.take()
    const { header, records } = decodeSegment(encodeSegmentLines({ package: 'pkg_1', index: 7 }, lines, 2))
    expect(header).toEqual({ package: 'pkg_1', index: 7 })
    const [first, second] = records
    expect(first).toMatchObject({ version: 3 })
    expect(first?.fields.map(({ index, value }) => [index, typeof value === 'object' && value !== null ? [...value] : value])).toEqual(positions.map((at) => [at, values[at] instanceof Uint8Array ? [...Buffer.from(values[at])] : values[at]]))
    expect(first?.fields.map(({ salt }) => toHex(salt))).toEqual(positions.map((at) => digest(`salt ${at}`).toString('hex', 0, 16)))
    expect(first?.leaves.map(({ index, leafHash }) => [index, toHex(leafHash)])).toEqual([[10, digest('leaf 10').toString('hex')]])
    expect([second?.fields.length, second?.leaves.length]).toEqual([0, values.length])
    expect(count, 'empty cells are no values').toBe(7)
    expect(roots.subarray(0, 32)).toEqual(digest('root'))
    const dataSet = { id: '', name: '', kind: 'csv', records: 1, values: 1, fields: values.map((_, at) => ({ id: digest(`field ${at}`).toString('hex', 0, 16), index: at, name: '', type: '', grade: '' })) }
    expect(toHex(leaves.subarray(0, 32))).toBe(toHex(segmentContentLeaf(first ?? expect.fail('there is a record'), dataSet)))
  })

  it('refuses a field that is not in the ciphertext, and starts empty again', () => {
    const writer = new SegmentWriter()
    const row = opened()
    row.tag[3] = 255
    expect(writer.add(row, shape)).toBe(false)
    expect(writer.take().lines.length).toBe(0)
  })
})
