// SPDX-License-Identifier: Apache-2.0
// The one file that meets zstd. Node 20 has none, so it is looked up at run time and refused with words where it is missing.
import { isUtf8 } from 'node:buffer'
import * as zlib from 'node:zlib'
import { compareBytes, concat, equalBytes, fromBase64Strict, fromHex, ProofError, toBase64, toHex, utf8, view } from './bytes.ts'
import type { ManifestDataSet } from './statements.ts'
import { isCount, isDigest, isHexId, isList, isText, objectOf, oneOf, readShape } from './shape.ts'
import { contentLeaf, fieldLeaf, recordRoot } from './values.ts'
import type { CanonicalValue } from './values.ts'

/** First line of a segment; `index` counts the package's segments from 0. */
export type SegmentHeader = { package: string; index: number }
/** One record as it travels: handed-over fields with value and salt, the others as leaf hashes only (CONTRACTS §7). */
export type SegmentRecord = {
  dataSetId: Uint8Array
  recordId: Uint8Array
  version: number
  root: Uint8Array
  fields: { index: number; value: CanonicalValue; salt: Uint8Array }[]
  leaves: { index: number; leafHash: Uint8Array }[]
}

const FORMAT = 'handover-segment/v1'
const PAD_BYTES = 64 * 1024
const LINE_FEED = 10
const SKIPPABLE_MAGIC = 0x184d2a50
const SKIPPABLE_HEAD_BYTES = 8
/** A reader's limit against a segment that unpacks without end; writers keep to 4 MiB. */
const PLAIN_BYTES_MAX = 64 * 1024 * 1024

/**
 * The plaintext of `segments/NNNNN.age`: a zstd skippable frame of zeros that pads the whole to a multiple of 64 KiB, then one zstd frame
 * of lines: header, one record a line, end. Padding stands outside the compression, else it would hide nothing.
 */
export function encodeSegment(header: SegmentHeader, records: readonly SegmentRecord[]): Uint8Array {
  return encodeSegmentLines(header, utf8(records.map((record) => `${recordLine(record)}\n`).join('')), records.length)
}

/** The same from lines that were written as bytes already, each record's JSON with its line feed: for packers that make no string of a value. */
export function encodeSegmentLines(header: SegmentHeader, lines: Uint8Array, records: number): Uint8Array {
  const head = utf8(`${JSON.stringify({ format: FORMAT, package: header.package, index: header.index })}\n`)
  const frame = compress(concat(head, lines, utf8(`${JSON.stringify({ end: records })}\n`)))
  const bytes = SKIPPABLE_HEAD_BYTES + frame.length
  const pad = (PAD_BYTES - (bytes % PAD_BYTES)) % PAD_BYTES
  const skipped = Buffer.alloc(SKIPPABLE_HEAD_BYTES + pad)
  skipped.writeUInt32LE(SKIPPABLE_MAGIC, 0)
  skipped.writeUInt32LE(pad, 4)
  return concat(skipped, frame)
}

/** Header and records of a segment's plaintext; refuses wrong padding, unknown lines, a missing end, more than 64 MiB unpacked. */
export function decodeSegment(plain: Uint8Array): { header: SegmentHeader; records: SegmentRecord[] } {
  const { header, lines } = openSegment(plain)
  return { header, records: Array.from(lines(), (line) => parseRecordLine(line)) }
}

/** The same with the lines of records one at a time, for readers that keep none: `parseRecordLine` reads one. Everything but the records is checked before the first. */
export function openSegment(plain: Uint8Array): { header: SegmentHeader; count: number; lines: () => Generator<string> } {
  const bytes = view(decompress(unpad(plain)))
  if (!isUtf8(bytes)) throw new ProofError('BAD_UTF8', 'not valid UTF-8')
  if (bytes.at(-1) !== LINE_FEED) throw new ProofError('BAD_SEGMENT', 'a segment ends with a line feed')
  const start = bytes.indexOf(LINE_FEED) + 1
  const last = bytes.lastIndexOf(LINE_FEED, bytes.length - 2) + 1
  const end = readShape(objectOf({ end: isCount }), jsonLine(bytes.toString('utf8', last, bytes.length - 1)), 'the end of a segment')
  const header = readShape(objectOf({ format: oneOf(FORMAT), package: isText, index: isCount }), jsonLine(bytes.toString('utf8', 0, start - 1)), 'the head of a segment')
  if (last < start || end.end !== countOfLines(bytes, start, last)) throw new ProofError('BAD_SEGMENT', 'a segment has another number of records than it says')
  return { header: { package: header.package, index: header.index }, count: end.end, lines: () => linesOf(bytes, start, last) }
}

function* linesOf(bytes: Buffer, from: number, to: number): Generator<string> {
  for (let at = from; at < to; ) {
    const feed = bytes.indexOf(LINE_FEED, at)
    yield bytes.toString('utf8', at, feed)
    at = feed + 1
  }
}

function countOfLines(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at = bytes.indexOf(LINE_FEED, at) + 1) count += 1
  return count
}

/**
 * Checks a record against its own root and its data set's fields: every field is there exactly once, as value or as leaf hash, and the
 * leaves lead to the root. Throws RECORD_ROOT or RECORD_FIELDS; the detail never contains a value.
 */
export function verifySegmentRecord(record: SegmentRecord, dataSet: ManifestDataSet): void {
  const leaves: (Uint8Array | undefined)[] = dataSet.fields.map(() => undefined)
  const place = (index: number, leaf: Uint8Array): void => {
    if (index >= leaves.length || leaves[index] !== undefined) throw new ProofError('RECORD_FIELDS', `record ${toHex(record.recordId)}: a field is unknown or occurs twice`)
    leaves[index] = leaf
  }
  const ids = fieldIds(dataSet)
  for (const { index, leafHash } of record.leaves) place(index, leafHash)
  for (const { index, value, salt } of record.fields) place(index, fieldLeaf({ salt, recordId: record.recordId, fieldId: idAt(ids, index), value }))
  const found = leaves.filter((leaf) => leaf !== undefined)
  if (found.length !== leaves.length) throw new ProofError('RECORD_FIELDS', `record ${toHex(record.recordId)}: a field is missing`)
  if (!equalBytes(recordRoot(found), record.root)) throw new ProofError('RECORD_ROOT', `record ${toHex(record.recordId)}: its values do not lead to its root`)
}

/** The record's leaf under the package's content root: handed-over fields in field order (CONTRACTS §7). */
export function segmentContentLeaf(record: SegmentRecord, dataSet: ManifestDataSet): Uint8Array {
  const ids = fieldIds(dataSet)
  const fields = [...record.fields].sort((a, b) => a.index - b.index)
  return contentLeaf({ recordId: record.recordId, fields: fields.map(({ index, value }) => ({ fieldId: idAt(ids, index), value })) })
}

/** The order of records in a package: data set id, then record id, as bytes. */
export function compareRecords(a: { dataSetId: Uint8Array; recordId: Uint8Array }, b: { dataSetId: Uint8Array; recordId: Uint8Array }): number {
  return compareBytes(a.dataSetId, b.dataSetId) || compareBytes(a.recordId, b.recordId)
}

/** Whether this Node can open segments; Node 20 cannot. */
export function hasZstd(): boolean {
  return typeof zlib.zstdDecompressSync === 'function'
}

const idsOfDataSet = new WeakMap<ManifestDataSet, Uint8Array[]>()

function fieldIds(dataSet: ManifestDataSet): Uint8Array[] {
  const known = idsOfDataSet.get(dataSet)
  if (known !== undefined) return known
  const ids = dataSet.fields.map((field) => fromHex(field.id))
  idsOfDataSet.set(dataSet, ids)
  return ids
}

function idAt(ids: readonly Uint8Array[], index: number): Uint8Array {
  const id = ids[index]
  if (id === undefined) throw new ProofError('RECORD_FIELDS', 'a record has a field that its data set has not')
  return id
}

function recordLine(record: SegmentRecord): string {
  return JSON.stringify({
    d: toHex(record.dataSetId),
    r: toHex(record.recordId),
    v: record.version,
    root: toHex(record.root),
    f: record.fields.map(({ index, value, salt }) => [index, ...encodedValue(value), toBase64(salt)]),
    l: record.leaves.map(({ index, leafHash }) => [index, toBase64(leafHash)]),
  })
}

function encodedValue(value: CanonicalValue): [string, string | null] {
  if (value === null) return ['n', null]
  return typeof value === 'string' ? ['t', value] : ['b', toBase64(value)]
}

/** A record's line, as read from JSON. */
export const isSegmentLine = objectOf({ d: isHexId, r: isHexId, v: isCount, root: isDigest, f: isList, l: isList })

/** The record of a line; refuses any other form. */
export function parseRecordLine(text: string): SegmentRecord {
  const line = readShape(isSegmentLine, jsonLine(text), 'a record of a segment')
  return {
    dataSetId: fromHex(line.d),
    recordId: fromHex(line.r),
    version: line.v,
    root: fromHex(line.root),
    fields: line.f.map(parseField),
    leaves: line.l.map(parseLeaf),
  }
}

function parseField(item: unknown): { index: number; value: CanonicalValue; salt: Uint8Array } {
  const [index, kind, value, salt, ...more] = isList(item) ? item : []
  if (!isCount(index) || !isText(salt) || more.length > 0) throw new ProofError('BAD_SEGMENT', 'a field of a record is malformed')
  return { index, value: parseValue(kind, value), salt: fromBase64Strict(salt) }
}

function parseValue(kind: unknown, value: unknown): CanonicalValue {
  if (kind === 'n' && value === null) return null
  if (kind === 't' && isText(value)) return value
  if (kind === 'b' && isText(value)) return fromBase64Strict(value)
  throw new ProofError('BAD_SEGMENT', 'a value of a record is malformed')
}

function parseLeaf(item: unknown): { index: number; leafHash: Uint8Array } {
  const [index, hash, ...more] = isList(item) ? item : []
  if (!isCount(index) || !isText(hash) || more.length > 0) throw new ProofError('BAD_SEGMENT', 'a leaf of a record is malformed')
  const leafHash = fromBase64Strict(hash)
  if (leafHash.length !== 32) throw new ProofError('BAD_SEGMENT', 'a leaf of a record is not 32 bytes')
  return { index, leafHash }
}

/** Plain JSON.parse: every byte here is under the signed manifest and everything read is checked against a root. */
function jsonLine(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new ProofError('BAD_SEGMENT', 'a line of a segment is not JSON')
  }
}

function unpad(plain: Uint8Array): Uint8Array {
  const buffer = view(plain)
  if (buffer.length === 0 || buffer.length % PAD_BYTES !== 0 || buffer.readUInt32LE(0) !== SKIPPABLE_MAGIC) throw new ProofError('BAD_SEGMENT', 'a segment is not padded as it must be')
  const start = SKIPPABLE_HEAD_BYTES + buffer.readUInt32LE(4)
  if (start > buffer.length || start >= PAD_BYTES + SKIPPABLE_HEAD_BYTES || buffer.subarray(SKIPPABLE_HEAD_BYTES, start).some((byte) => byte !== 0)) {
    throw new ProofError('BAD_SEGMENT', 'the padding of a segment is not zero')
  }
  return buffer.subarray(start)
}

function compress(bytes: Uint8Array): Uint8Array {
  if (!hasZstd()) throw noZstd()
  // A third of a record is salts, which no level makes smaller; the fast one costs half the time.
  return zlib.zstdCompressSync(bytes, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } })
}

function decompress(bytes: Uint8Array): Uint8Array {
  if (!hasZstd()) throw noZstd()
  try {
    return zlib.zstdDecompressSync(bytes, { maxOutputLength: PLAIN_BYTES_MAX })
  } catch {
    throw new ProofError('BAD_SEGMENT', 'a segment does not unpack, or to more than 64 MiB')
  }
}

/** Says which Node can open packages. */
export function noZstd(): ProofError {
  return new ProofError('NO_ZSTD', `Node ${process.versions.node} cannot unpack zstd; use Node 22.15 or newer to open packages`)
}
