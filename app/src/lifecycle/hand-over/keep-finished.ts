// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { MerkleAccumulator, segmentName } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { Matter } from '../../matter/index.ts'
import { contentPlace, dropSegments, packageFolder, type Building, type SegmentOrder } from './package-parts.ts'
import { deleteSegments, streamKeptSegments, streamSentInOrder, type KeptSegment } from './package.store.ts'
import type { SendingRecord } from './sending-records.ts'

/** What an interrupted attempt finished and today would make again: segments with their files whole, of the same records, roots and fields. Anything else of it is taken away: it is never continued, and nothing of a record that changed in between is sent (CONTRACTS §7). */
export async function keepFinished(ctx: Context, matter: Matter, order: SegmentOrder): Promise<Building> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const kept = await wholeSegments(ctx, matter, order)
  if (kept.segments.length > 0 && (await areOfToday(ctx, matter, order, kept.records))) {
    dropStray(ctx, order.row.id, kept.segments.length)
    return kept
  }
  dropSegmentFiles(ctx, order.row.id)
  await ctx.db.transaction((tx) => deleteSegments(tx, scope, order.row.id))
  return emptyBuilding()
}

function emptyBuilding(): Building {
  return { segments: [], records: 0, values: 0, counts: new Map(), content: new MerkleAccumulator() }
}

/** The finished segments; none when one of them is damaged, for then the disk is not to be trusted with the others. */
async function wholeSegments(ctx: Context, matter: Matter, { row }: SegmentOrder): Promise<Building> {
  const building = emptyBuilding()
  for await (const segment of streamKeptSegments(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, row.id)) {
    const isNext = segment.position === building.segments.length && segment.firstRecord === building.records
    if (!isNext || !(await isWhole(ctx, row.id, segment))) return emptyBuilding()
    const leaves = Buffer.from(await ctx.vault.openText(matter.id, contentPlace(row.id, segment.position), segment.contentSealed), 'base64')
    for (let at = 0; at < leaves.length; at += 32) building.content.push(leaves.subarray(at, at + 32))
    const { values, contentSealed: _sealed, ...kept } = segment
    building.segments.push(kept)
    building.records += segment.records
    building.values += values
  }
  return building
}

async function isWhole(ctx: Context, packageId: string, segment: KeptSegment): Promise<boolean> {
  const file = join(packageFolder(ctx, packageId), segmentName(segment.position))
  if (!existsSync(file)) return false
  const digest = createHash('sha256')
  let bytes = 0
  const parts: AsyncIterable<Buffer> = createReadStream(file)
  for await (const part of parts) {
    digest.update(part)
    bytes += part.length
  }
  return bytes === segment.bytes && digest.digest('hex') === segment.sha256
}

/** Whether the kept segments hold the first records of today's package, in their present versions and with the same fields. */
async function areOfToday(ctx: Context, matter: Matter, order: SegmentOrder, records: number): Promise<boolean> {
  const today = oneByOne(order.records())
  let same = 0
  try {
    for await (const batch of streamSentInOrder(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, order.row.id)) {
      for (const sent of batch) {
        const next = await today.next()
        if (next.done === true || !next.value.recordId.equals(sent.recordId) || !next.value.root.equals(sent.sentRoot) || !next.value.shape.fields.equals(sent.fields)) return false
        same += 1
      }
    }
  } finally {
    await today.return()
  }
  return same === records
}

async function* oneByOne(batches: AsyncGenerator<SendingRecord[], void, undefined>): AsyncGenerator<SendingRecord, void, undefined> {
  for await (const batch of batches) yield* batch
}

function dropSegmentFiles(ctx: Context, packageId: string): void {
  const folder = packageFolder(ctx, packageId)
  if (!existsSync(join(folder, 'segments'))) return dropSegments(ctx, packageId)
  dropStray(ctx, packageId, 0)
}

/** Files of unfinished segments: without a row, and temporary ones. */
function dropStray(ctx: Context, packageId: string, kept: number): void {
  const names = new Set(Array.from({ length: kept }, (_, at) => basename(segmentName(at))))
  const folder = join(packageFolder(ctx, packageId), 'segments')
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name), { force: true })
}
