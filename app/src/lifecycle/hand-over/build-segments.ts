// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { once, segmentName } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import type { Matter } from '../../matter/index.ts'
import { compartments, type ReadGrant } from '../../vault/index.ts'
import { cutSegments, newCut, type CutSegment } from './cut-segments.ts'
import { keepFinished } from './keep-finished.ts'
import { contentPlace, packageFolder, type Building, type BuiltSegments, type SegmentOrder } from './package-parts.ts'
import { insertSegment, noSentRecords, type SegmentRow } from './package.store.ts'
import { startSegmentWorkers, type MadeSegment, type SegmentWorkers } from './segment/index.ts'
import type { SendingRecord } from './sending-records.ts'
import { writeStream } from './write-stream.ts'

/** So many records' secrets are opened at once: in a package the order of records has nothing to do with that of the key pages, and each part opens nearly every page. */
const recordsAtOnce = 100_000
/** Segments on their way through the workers. */
const segmentsAhead = 6

/** Makes the segments of a package in worker threads (CONTRACTS §7). A finished segment, on the disk and in the books, is kept when its records, fields and recipient are still those of today; an unfinished one is discarded and encrypted again. The content root is the same however often it was interrupted; memory does not grow with the records. */
export async function buildSegments(ctx: Context, matter: Matter, order: SegmentOrder): Promise<BuiltSegments> {
  mkdirSync(join(packageFolder(ctx, order.row.id), dirname(segmentName(0))), { recursive: true, mode: 0o700 })
  const building = await keepFinished(ctx, matter, order)
  const workers = startSegmentWorkers({
    tenant: ctx.tenant, matterId: matter.id, packageId: order.row.id, recipientKey: order.recipientKey, mayOpenSealed: order.purpose === 'custody',
    dataSets: order.dataSets.map((set) => ({ id: idBytes('ds', set.id), fieldIds: Buffer.concat(set.fields.map((field) => idBytes('fld', field.id))) })),
  })
  const making: Making = { order, building, workers, waiting: new Map() }
  try {
    const cut = newCut(new Map(order.dataSets.map((set, at) => [set.id, at])), building.segments.length)
    let left = building.records
    for await (const part of inParts(order.records(), (records) => countRecords(building, records))) {
      const fresh = part.slice(left)
      left -= part.length - fresh.length
      await sealPart(ctx, matter, making, { records: fresh, cut })
    }
    for (const segment of cut.rest()) await giveSegment(ctx, matter, making, segment)
    while (workers.waiting > 0) await keepSegment(ctx, matter, making, await workers.take())
  } finally {
    await workers.end()
  }
  const { content, ...built } = building
  return { ...built, contentRoot: content.root() }
}

async function* inParts(records: AsyncGenerator<SendingRecord[], void, undefined>, note: (records: readonly SendingRecord[]) => void): AsyncGenerator<SendingRecord[], void, undefined> {
  let part: SendingRecord[] = []
  for await (const batch of records) {
    note(batch)
    for (const record of batch) part.push(record)
    if (part.length < recordsAtOnce) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

function countRecords(building: Building, records: readonly SendingRecord[]): void {
  for (const { shape, values } of records) {
    const count = building.counts.get(shape.dataSetId) ?? { records: 0, values: 0 }
    building.counts.set(shape.dataSetId, count)
    count.records += 1
    count.values += values
  }
}

interface Making {
  order: SegmentOrder
  building: Building
  workers: SegmentWorkers
  /** The records of segments on their way through the workers. */
  waiting: Map<number, readonly SendingRecord[]>
}

async function sealPart(ctx: Context, matter: Matter, making: Making, { records, cut }: { records: readonly SendingRecord[]; cut: ReturnType<typeof newCut> }): Promise<void> {
  if (records.length === 0) return
  const { order } = making
  const recordIds = Buffer.concat(records.map((record) => record.recordId))
  const slots = Float64Array.from(records, (record) => record.slot)
  const grant: ReadGrant = { ...order.grant, purpose: order.purpose === 'custody' ? 'custody' : 'pack', compartments, until: addHours(ctx.now(), 1) }
  let at = 0
  for await (const batch of ctx.vault.readSealed(grant, { matterId: matter.id, recordIds, slots })) {
    for (const segment of cutSegments(cut, batch, records.slice(at, at + batch.records))) await giveSegment(ctx, matter, making, segment)
    batch.secrets.fill(0)
    at += batch.records
  }
}

async function giveSegment(ctx: Context, matter: Matter, making: Making, { job, records }: CutSegment): Promise<void> {
  making.waiting.set(job.index, records)
  await making.workers.give(job)
  while (making.workers.waiting > segmentsAhead) await keepSegment(ctx, matter, making, await making.workers.take())
}

/** On the disk first, then in the books: a row always has its file. */
async function keepSegment(ctx: Context, matter: Matter, { order, building, waiting }: Making, made: MadeSegment): Promise<void> {
  const records = required(waiting.get(made.index), 'a made segment was cut before')
  waiting.delete(made.index)
  await writeStream(join(packageFolder(ctx, order.row.id), segmentName(made.index)), once(made.bytes))
  const segment: SegmentRow = { position: made.index, firstRecord: building.records, records: records.length, bytes: made.bytes.length, sha256: made.sha256 }
  const sent = noSentRecords()
  for (const [at, record] of records.entries()) {
    sent.recordIds.bytes(record.recordId)
    sent.roots.bytes(made.roots, at * 32, at * 32 + 32)
    sent.fields.bytes(record.shape.fields)
    building.content.push(Buffer.from(made.leaves.subarray(at * 32, at * 32 + 32)))
  }
  const contentSealed = await ctx.vault.sealText(matter.id, contentPlace(order.row.id, made.index), Buffer.from(made.leaves).toString('base64'))
  await ctx.db.transaction((tx) => insertSegment(tx, { tenant: ctx.tenant, matterId: matter.id }, order.row.id, { segment: { ...segment, values: made.values, contentSealed }, sent, at: ctx.now() }))
  building.segments.push(segment)
  building.records += records.length
  building.values += made.values
  ctx.progress({ zh: '加密移交包', en: 'encrypting the package' }, building.records, Math.max(order.total, building.records))
}
