// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ageEncrypt, ageRecipient, newAgeIdentity } from '../age.ts'
import { once, readAll } from '../byte-reader.ts'
import { sha256, toHex, utf8 } from '../bytes.ts'
import { compareRecords, encodeSegment, segmentContentLeaf, verifySegmentRecord } from '../segment.ts'
import type { SegmentRecord } from '../segment.ts'
import type { ManifestDataSet } from '../statements.ts'
import { seededNumbers } from '../testing/seeded-numbers.ts'
import { fieldLeaf, isValue, recordRoot } from '../values.ts'
import type { CanonicalValue } from '../values.ts'
import { SegmentChecker } from './check-segment.ts'
import type { CheckedSegment, SegmentsOf } from './check-segment.ts'
import { segmentPool } from './segment-threads.ts'

const SEED = 5
const PACKAGE = 'pkg_1'
const next = seededNumbers(SEED)
const id = (text: string): Uint8Array => sha256(utf8(text)).subarray(0, 16)
const texts: CanonicalValue[] = ['', null, '张三', 'a\0b', '"\\\u2028', '𠮷', 'x'.repeat(5000), '汉'.repeat(3000), new Uint8Array([0, 255]), new Uint8Array(0), '\ufeff0123']

/** Data sets of 1 to 13 fields: trees of every shape. */
const dataSets: ManifestDataSet[] = [1, 2, 3, 5, 7, 8, 12, 13].map((width) => ({
  id: toHex(id(`set ${width}`)), name: `表${width}`, kind: 'csv', records: 0, values: 0,
  fields: Array.from({ length: width }, (_, index) => ({ id: toHex(id(`field ${width} ${index}`)), index, name: `列${index}`, type: 'text', grade: 'general' })),
}))

function randomRecord(number: number): SegmentRecord {
  const dataSet = dataSets[number % dataSets.length]
  if (dataSet === undefined) throw new Error('no data set')
  const recordId = id(`record ${number}`)
  const fields = dataSet.fields.map((field, index) => ({ index, value: texts[next(texts.length)] ?? null, salt: id(`salt ${number} ${index}`), fieldId: Buffer.from(field.id, 'hex') }))
  const leaves = fields.map(({ fieldId, value, salt }) => fieldLeaf({ salt, recordId, fieldId, value }))
  const isSent = fields.map(() => next(3) > 0)
  return {
    dataSetId: Buffer.from(dataSet.id, 'hex'), recordId, version: 1, root: recordRoot(leaves),
    fields: fields.filter((_, at) => isSent[at]).map(({ index, value, salt }) => ({ index, value, salt })),
    leaves: leaves.flatMap((leafHash, index) => (isSent[index] === true ? [] : [{ index, leafHash }])),
  }
}

const records = Array.from({ length: 400 }, (_, number) => randomRecord(number)).sort(compareRecords)
const parts = Array.from({ length: 8 }, (_, at) => records.slice(at * 50, at * 50 + 50))

async function encrypted(segments: readonly (readonly SegmentRecord[])[]): Promise<{ files: Uint8Array[]; of: SegmentsOf }> {
  const identity = await newAgeIdentity()
  const recipient = await ageRecipient(identity)
  const files = await Promise.all(segments.map((part, index) => readAll(ageEncrypt(once(encodeSegment({ package: PACKAGE, index }, part)), [recipient]), 1e8)))
  return { files, of: { package: PACKAGE, dataSets, records: segments.map((part) => part.length), identities: [identity] } }
}

async function checkAll(files: readonly Uint8Array[], of: SegmentsOf): Promise<CheckedSegment[]> {
  const pool = segmentPool(of)
  try {
    return await Promise.all(files.map((file, index) => pool.check(file, index)))
  } finally {
    await pool.close()
  }
}

function dataSetOf(record: SegmentRecord): ManifestDataSet {
  const found = dataSets.find((dataSet) => dataSet.id === toHex(record.dataSetId))
  if (found === undefined) throw new Error('no data set')
  return found
}

describe('checking segments', () => {
  it(`gives the leaves and counts of the plain definition, whatever the values and the shape of the tree (seed ${SEED})`, async () => {
    const { files, of } = await encrypted(parts)
    const found = await checkAll(files, of)
    for (const record of records) verifySegmentRecord(record, dataSetOf(record))
    expect(found.map(({ leaves }) => toHex(leaves)).join('')).toBe(records.map((record) => toHex(segmentContentLeaf(record, dataSetOf(record)))).join(''))
    const values = found.flatMap(({ sums }) => [...sums.values()]).reduce((all, sum) => all + sum.values, 0)
    expect(values).toBe(records.reduce((all, { fields }) => all + fields.filter(({ value }) => isValue(value)).length, 0))
  })

  it('finds the same alone as with threads', async () => {
    const { files, of } = await encrypted(parts)
    const alone = new SegmentChecker(of)
    expect(await checkAll(files, of)).toEqual(await Promise.all(files.map((file, index) => alone.check(file, index))))
  })

  it('takes fields out of order as what they are', async () => {
    const turned = parts.map((part) => part.map((record) => ({ ...record, fields: record.fields.toReversed() })))
    const [plain, reversed] = [await encrypted(parts), await encrypted(turned)]
    expect(await checkAll(reversed.files, reversed.of)).toEqual(await checkAll(plain.files, plain.of))
  })

  const bends: [string, string, (record: SegmentRecord) => SegmentRecord][] = [
    ['another value', 'RECORD_ROOT', (record) => ({ ...record, fields: record.fields.map((field, at) => (at === 0 ? { ...field, value: '改' } : field)) })],
    ['another salt', 'RECORD_ROOT', (record) => ({ ...record, fields: record.fields.map((field, at) => (at === 0 ? { ...field, salt: id('other') } : field)) })],
    ['another root', 'RECORD_ROOT', (record) => ({ ...record, root: sha256(record.root) })],
    ['a field twice', 'RECORD_FIELDS', (record) => ({ ...record, fields: [...record.fields, ...record.fields.slice(0, 1)] })],
    ['a field less', 'RECORD_FIELDS', (record) => ({ ...record, fields: record.fields.slice(1) })],
    ['a null for an empty text', 'RECORD_ROOT', (record) => ({ ...record, fields: record.fields.map((field, at) => (at === 0 ? { ...field, value: field.value === null ? '' : null } : field)) })],
  ]
  it.each(bends)('refuses %s with %s, in a thread as anywhere', async (_, code, bend) => {
    const place = parts[6]?.findIndex((record) => record.fields.length > 1) ?? 0
    const bent = parts.map((part, at) => (at === 6 ? part.map((record, row) => (row === place ? bend(record) : record)) : part))
    const { files, of } = await encrypted(bent)
    await expect(checkAll(files, of)).rejects.toMatchObject({ code })
    await expect(new SegmentChecker(of).check(files[6] ?? new Uint8Array(0), 6)).rejects.toMatchObject({ code })
  })

  it('refuses a segment in another place, and one that is cut', async () => {
    const { files, of } = await encrypted(parts)
    const alone = new SegmentChecker(of)
    await expect(alone.check(files[1] ?? new Uint8Array(0), 2)).rejects.toMatchObject({ code: 'BAD_SEGMENT' })
    await expect(alone.check((files[1] ?? new Uint8Array(0)).subarray(0, -20), 1)).rejects.toMatchObject({ code: 'AGE_PAYLOAD' })
  })
})
