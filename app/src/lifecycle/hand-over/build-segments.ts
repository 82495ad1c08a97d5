// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ageEncrypt, encodeSegment, MerkleAccumulator, once, readAll, segmentContentLeaf, segmentName, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { writeDurable } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type OpenRecord, type ReadGrant } from '../../vault/index.ts'
import type { SegmentRow, SentRecord } from './package.store.ts'

/** A record of the package in its order, with the fields that go. */
export interface SendingRecord {
  recordId: Buffer
  dataSetId: string
  /** All fields of the units that go, empty cells too. */
  positions: readonly number[]
}

/** What a package is built from. */
export interface SegmentOrder {
  packageId: string
  purpose: 'transfer' | 'custody'
  recipientKey: string
  records: readonly SendingRecord[]
  dataSets: ReadonlyMap<string, ManifestDataSet>
  grant: Pick<ReadGrant, 'person' | 'approval'>
}

/** Segments on disk, and what the manifest and the books say of them. */
export interface BuiltSegments {
  segments: SegmentRow[]
  contentRoot: Uint8Array
  sent: SentRecord[]
  values: number
}

/** Fixed numbers, so that an interrupted run cuts at the same places again. */
const recordsPerSegment = 1000
/** A reader refuses more than 64 MiB unpacked. */
const plainBytesPerSegment = 4 * 1024 * 1024
/** Ciphertext of the largest single record with its padding stays below this. */
const segmentBytesMax = 128 * 1024 * 1024

/** Where the ciphertext of a package lies until it is reconciled. */
export function packageFolder(ctx: Context, packageId: string): string {
  return join(ctx.home.paths.objects, 'packages', packageId)
}

/** Writes the segments of a package anew (CONTRACTS §7): what an interrupted attempt left is discarded, never continued, since records may have changed in between. The content root is the same however often it was interrupted. */
export async function buildSegments(ctx: Context, matter: Matter, order: SegmentOrder): Promise<BuiltSegments> {
  const folder = packageFolder(ctx, order.packageId)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'segments'), { recursive: true, mode: 0o700 })
  const content = new MerkleAccumulator()
  const built: BuiltSegments = { segments: [], contentRoot: new Uint8Array(), sent: [], values: 0 }
  for (let at = 0; at < order.records.length; at += recordsPerSegment) {
    const part = order.records.slice(at, at + recordsPerSegment)
    for (const records of cutBySize(await openPart(ctx, matter, order, part))) {
      built.segments.push(await writeSegment(ctx, order, { position: built.segments.length, firstRecord: built.sent.length, records }))
      for (const record of records) {
        content.push(segmentContentLeaf(record, required(order.dataSets.get(`ds_${Buffer.from(record.dataSetId).toString('hex')}`), 'a sent data set is in the manifest')))
        built.sent.push({ recordId: Buffer.from(record.recordId), sentRoot: Buffer.from(record.root), fields: bitmapOf(record) })
        built.values += record.fields.filter(({ value }) => value !== null && value.length > 0).length
      }
    }
    ctx.progress({ zh: '加密移交包', en: 'encrypting the package' }, built.sent.length, order.records.length)
  }
  return { ...built, contentRoot: content.root() }
}

/** Long texts and documents fill a segment before it has its number of records. */
function cutBySize(records: readonly SegmentRecord[]): SegmentRecord[][] {
  const parts: SegmentRecord[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const size = record.fields.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
    if (bytes + size > plainBytesPerSegment) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(record)
    bytes += size
  }
  return parts
}

async function openPart(ctx: Context, matter: Matter, order: SegmentOrder, part: readonly SendingRecord[]): Promise<SegmentRecord[]> {
  const positions = new Map(part.map((one) => [one.recordId.toString('hex'), one.positions]))
  const grant: ReadGrant = { ...order.grant, purpose: order.purpose === 'custody' ? 'custody' : 'pack', compartments, until: addHours(ctx.now(), 1) }
  const records: SegmentRecord[] = []
  for await (const batch of ctx.vault.read(grant, { matterId: matter.id, recordIds: part.map((one) => one.recordId), withLeaves: true })) {
    for (const record of batch) records.push(toSegmentRecord(record, required(positions.get(record.recordId.toString('hex')), 'the vault opens what was asked for')))
  }
  return records
}

function toSegmentRecord(record: OpenRecord, positions: readonly number[]): SegmentRecord {
  const sent = new Set(positions)
  const leaves = required(record.leaves, 'commitments were asked for')
  return {
    dataSetId: idBytes('ds', record.dataSetId), recordId: record.recordId, version: record.version, root: record.root,
    fields: [...sent].sort((a, b) => a - b).map((index) => {
      const value = record.values[index]
      if (value === undefined) throw new Error('assertion failed: a planned field is in the vault')
      return { index, value, salt: required(record.salts[index], 'an opened field has its salt') }
    }),
    leaves: leaves.flatMap((leafHash, index) => (sent.has(index) ? [] : [{ index, leafHash }])),
  }
}

function bitmapOf(record: SegmentRecord): Buffer {
  const width = record.fields.length + record.leaves.length
  const bitmap = Buffer.alloc(Math.ceil(width / 8))
  for (const { index } of record.fields) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7))
  return bitmap
}

async function writeSegment(ctx: Context, order: SegmentOrder, { position, firstRecord, records }: { position: number; firstRecord: number; records: readonly SegmentRecord[] }): Promise<SegmentRow> {
  const plain = encodeSegment({ package: order.packageId, index: position }, records)
  const bytes = await readAll(ageEncrypt(once(plain), [order.recipientKey]), segmentBytesMax)
  plain.fill(0)
  writeDurable(join(packageFolder(ctx, order.packageId), segmentName(position)), bytes, 0o600)
  return { position, firstRecord, records: records.length, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
