// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ageEncrypt, encodeSegment, isPresent, MerkleAccumulator, once, readAll, segmentContentLeaf, segmentName, type ManifestDataSet, type SegmentRecord } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { writeDurable } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type OpenRecord, type ReadGrant } from '../../vault/index.ts'
import { insertSegment, loadSegments, type SegmentRow, type SentRecord } from './package.store.ts'

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

/** A fixed number, so that an interrupted run cuts at the same places again. */
const recordsPerSegment = 1000
/** A reader refuses more than 64 MiB unpacked; ciphertext of that with its padding stays below this. */
const segmentBytesMax = 128 * 1024 * 1024

/** Where the ciphertext of a package lies until it is reconciled. */
export function packageFolder(ctx: Context, packageId: string): string {
  return join(ctx.home.paths.objects, 'packages', packageId)
}

/** Writes the segments of a package that are not committed yet (CONTRACTS §7): a segment counts when its whole file is on disk and its row is committed; anything less is encrypted again. The content root is the same however often it was interrupted. */
export async function buildSegments(ctx: Context, matter: Matter, order: SegmentOrder): Promise<BuiltSegments> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  mkdirSync(join(packageFolder(ctx, order.packageId), 'segments'), { recursive: true, mode: 0o700 })
  const committed = await loadSegments(ctx.db, scope, order.packageId)
  const content = new MerkleAccumulator()
  const built: BuiltSegments = { segments: [], contentRoot: new Uint8Array(), sent: [], values: 0 }
  for (let position = 0; position * recordsPerSegment < order.records.length; position++) {
    const part = order.records.slice(position * recordsPerSegment, (position + 1) * recordsPerSegment)
    const records = await openPart(ctx, matter, order, part)
    for (const record of records) {
      content.push(segmentContentLeaf(record, required(order.dataSets.get(`ds_${Buffer.from(record.dataSetId).toString('hex')}`), 'a sent data set is in the manifest')))
      built.sent.push({ recordId: Buffer.from(record.recordId), sentRoot: Buffer.from(record.root), fields: bitmapOf(record) })
    }
    built.values += part.reduce((sum, one, at) => sum + presentOf(records[at], one), 0)
    const known = committed.get(position)
    const segment = known !== undefined && isWhole(ctx, order.packageId, known) ? known : await writeSegment(ctx, order, position, records)
    if (known === undefined) await insertSegment(ctx.db, scope, order.packageId, { ...segment, firstRecord: position * recordsPerSegment, at: ctx.now() })
    built.segments.push(segment)
    ctx.progress({ zh: '加密移交包', en: 'encrypting the package' }, Math.min((position + 1) * recordsPerSegment, order.records.length), order.records.length)
  }
  return { ...built, contentRoot: content.root() }
}

async function openPart(ctx: Context, matter: Matter, order: SegmentOrder, part: readonly SendingRecord[]): Promise<SegmentRecord[]> {
  const positions = new Map(part.map((one) => [one.recordId.toString('hex'), one.positions]))
  const grant: ReadGrant = { ...order.grant, purpose: order.purpose === 'custody' ? 'custody' : 'pack', compartments, until: ctx.now() }
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

function presentOf(record: SegmentRecord | undefined, { positions }: SendingRecord): number {
  const filled = new Set((record?.fields ?? []).flatMap(({ index, value }) => (value !== null && value.length > 0 ? [index] : [])))
  return positions.filter((position) => filled.has(position)).length
}

function bitmapOf(record: SegmentRecord): Buffer {
  const width = record.fields.length + record.leaves.length
  const bitmap = Buffer.alloc(Math.ceil(width / 8))
  for (const { index } of record.fields) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7))
  return bitmap
}

async function writeSegment(ctx: Context, order: SegmentOrder, position: number, records: readonly SegmentRecord[]): Promise<SegmentRow> {
  const plain = encodeSegment({ package: order.packageId, index: position }, records)
  const bytes = await readAll(ageEncrypt(once(plain), [order.recipientKey]), segmentBytesMax)
  plain.fill(0)
  writeDurable(join(packageFolder(ctx, order.packageId), segmentName(position)), bytes, 0o600)
  return { position, records: records.length, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function isWhole(ctx: Context, packageId: string, segment: SegmentRow): boolean {
  const file = join(packageFolder(ctx, packageId), segmentName(segment.position))
  return existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === segment.sha256
}

/** Whether the record sends at least one value, not only empty cells. */
export function sendsValues(presence: Uint8Array, positions: readonly number[]): boolean {
  return positions.some((position) => isPresent(presence, position))
}
