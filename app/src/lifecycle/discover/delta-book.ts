// SPDX-License-Identifier: Apache-2.0
import { encodeTombstone, leafHash, MerkleAccumulator, encodeRevisionEntry, isPresent, toHex } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { accountCode, accountOfCode, type Account } from '../../law/nouns.ts'
import type { Posting } from '../../ledger/index.ts'
import { ownParty, type Matter } from '../../matter/index.ts'
import type { Queryable, Tx } from '../../store/index.ts'
import {
  changeOverRevised, countChanges, countHeldValues, enterNewRecords, insertFormerTombstones, lastMovingSeq, noteFormerAnnounced, noteFormerErased, noteFormerRange, notePlaces, recountCopy, streamAllTombstones, streamRevised, streamRevisions, supersedeState, waitingFormerSlots,
  writeVectorsOf, type RevisedRow, type RevisedVector,
} from './delta-book.store.ts'
import { refuseUnwitnessed, useRevisionApproval } from './delta-approval.ts'
import { isEnded } from './delta-compare.ts'
import { deltaFailures } from './delta-failures.ts'
import type { DeltaReport } from './delta-report.ts'
import { bookedScans, clearStaging, countUnderway, holdDeltaScan, updateDeltaScan } from './delta.store.ts'
import { insertStep, lockMatter, nextInventoryIndex, type Scope } from './ingest.store.ts'
import type { InventoryDataSet } from './inventory.ts'
import type { SourcePlan } from './source-plans.ts'

/** What is booked: a finished comparison whose changes are sealed. */
export interface DeltaBooking {
  report: DeltaReport
  plan: SourcePlan
  sourceId: string
  dataSets: readonly InventoryDataSet[]
}

const slotsPerBatch = 5000

/**
 * 差异入账. Takes a comparison into the books, all or nothing (CONTRACTS §§2, 4, 5): new records as an inventory of their own, changed ones under their new version — former values leave the books, present ones
 * enter as pending, so that the accounts always add up to what the source holds and what is kept of what it held — and the copies as they are now. Refuses while packages are under way or a destruction runs, and when
 * the books moved since the comparison or another command gave it up, and where two people did not approve exactly this one although it erases former values (CONTRACTS §18).
 */
export async function bookDelta(ctx: Context, matter: Matter, booking: DeltaBooking): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const { report } = booking
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const status = await holdDeltaScan(tx, scope, report.scan, 'alone')
    if (status === 'booked' || status === 'done') return // by another run of the same command
    if (status !== 'compared') throw deltaFailures.DELTA_OVERTAKEN()
    await refuseUnderway(tx, scope)
    if ((await lastMovingSeq(tx, scope)) !== report.judgedAt) throw deltaFailures.DELTA_OVERTAKEN()
    const total = (of: 'unchanged' | 'changed' | 'added' | 'gone'): number => report.dataSets.reduce((sum, set) => sum + set[of], 0)
    const body = { scan: report.scan, source: booking.sourceId, foundBy: report.foundBy, freeze: report.freeze, unchanged: total('unchanged'), changed: total('changed'), added: total('added'), gone: total('gone') }
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'SourceRescanned', body }, `delta/${report.scan}/scanned`)
    await useRevisionApproval(ctx, tx, matter, { report, seq })
    for (const dataSet of booking.dataSets) await bookDataSet(ctx, tx, matter, { scope, booking, dataSet })
    await notePlaces(tx, scope, report.scan)
    for (const dataSet of booking.dataSets) await recountCopies(ctx, tx, matter, { scope, scan: report.scan, dataSet })
    const { plan } = booking
    await supersedeState(tx, scope, { id: booking.sourceId, sha256: Buffer.from(plan.sha256, 'hex'), bytes: plan.bytes, at: ctx.now(), notRead: plan.notRead.map((one) => ({ code: one.code })) }, total('changed') + total('added') > 0)
    await insertStep(tx, scope, { effect: `delta/${report.scan}/booked`, result: { ...body }, at: ctx.now() })
    await updateDeltaScan(tx, scope, report.scan, { status: 'booked' })
  })
}

/** Refuses while the books must not be revised. */
export async function refuseUnderway(tx: Tx | Context['db'], scope: Scope): Promise<void> {
  const { packages, orders } = await countUnderway(tx, scope)
  if (packages > 0) throw deltaFailures.DELTA_PACKAGE_UNDERWAY({ packages })
  if (orders > 0) throw deltaFailures.DELTA_ORDER_RUNNING()
}

/** Revision entries in their order, as the bundle holds them. */
export async function* revisionEntries(db: Queryable, scope: Scope): AsyncGenerator<Buffer, void, undefined> {
  for await (const rows of streamRevisions(db, scope)) {
    for (const row of rows) yield Buffer.from(encodeRevisionEntry({ index: BigInt(row.index), recordId: row.recordId, version: row.version, presence: row.presence, recordRoot: row.root }))
  }
}

/** After the booking: the keys of former versions go, then the working rows (CONTRACTS §5: tombstones are published and cosigned before keys are erased). Taken up again after a crash. Refuses without witnesses. */
export async function endFormerVersions(ctx: Context, matter: Matter, scanId: string): Promise<number> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  if ((await waitingFormerSlots(ctx.db, scope, scanId, 1)).length > 0) {
    await refuseUnwitnessed(ctx, matter)
    await ctx.ledger.publish(matter.id)
  }
  let erased = 0
  for (;;) {
    const slots = await waitingFormerSlots(ctx.db, scope, scanId, slotsPerBatch)
    if (slots.length === 0) break
    await ctx.vault.eraseSlots(matter.id, scanId, slots)
    if (!(await ctx.vault.confirmErased(matter.id, slots))) throw new Error('assertion failed: an erased key does not open')
    await noteFormerErased(ctx.db, scope, slots, ctx.now())
    erased += slots.length
    ctx.progress({ zh: '销毁旧值的密钥', en: 'erasing keys of former values' }, erased, null)
  }
  await ctx.db.transaction(async (tx) => {
    await clearStaging(tx, scope, scanId)
    await updateDeltaScan(tx, scope, scanId, { status: 'done' })
  })
  return erased
}

/** 了结旧值. Ends the former values of every booking that was interrupted before it had done so, whatever became of its file since; how many keys it erased. */
export async function endBookedDeltas(ctx: Context, matter: Matter): Promise<number> {
  let erased = 0
  for (const { id } of (await bookedScans(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).filter(({ status }) => status === 'booked')) erased += await endFormerVersions(ctx, matter, id)
  return erased
}

/** Whether keys of former values that a booking erased could still be opened with copies of old keys: they wait for a turn of keys (CONTRACTS §5). */
export async function awaitsTurn(ctx: Context, matter: Matter): Promise<boolean> {
  for (const { id } of await bookedScans(ctx.db, { tenant: ctx.tenant, matterId: matter.id })) {
    const { slots, final } = await ctx.vault.erasureStatus(matter.id, id)
    if (slots > 0 && !final) return true
  }
  return false
}

interface SetBooking {
  scope: Scope
  booking: DeltaBooking
  dataSet: InventoryDataSet
}

async function bookDataSet(ctx: Context, tx: Tx, matter: Matter, { scope, booking, dataSet }: SetBooking): Promise<void> {
  const { scan } = booking.report
  const counts = await countChanges(tx, scope, scan, dataSet.id)
  const said = required(booking.report.dataSets.find((set) => set.ds === dataSet.id), 'every data set was compared')
  if (counts.sealed !== counts.changed + counts.added || counts.changed !== said.changed || counts.added !== said.added || counts.gone !== said.gone) throw deltaFailures.DELTA_OVERTAKEN()
  if (counts.added > 0) {
    const first = await nextInventoryIndex(tx, scope)
    await enterNewRecords(tx, scope, scan, { id: dataSet.id, first })
    const inventory = await ctx.ledger.inventoryOf(tx, matter.id, dataSet.id, { first, records: counts.added })
    if (inventory.records !== counts.added) throw deltaFailures.DELTA_OVERTAKEN()
    await ctx.ledger.append(tx, matter.id, { type: 'InventoryCommitted', body: inventory }, `inventory/${dataSet.id}/${scan}`)
  }
  if (counts.changed > 0) await bookRevised(ctx, tx, matter, { scope, scan, dataSet, changed: counts.changed })
}

/** Vectors, tombstones, the list of revisions and the postings that say the same. */
async function bookRevised(ctx: Context, tx: Tx, matter: Matter, { scope, scan, dataSet, changed }: { scope: Scope; scan: string; dataSet: InventoryDataSet; changed: number }): Promise<void> {
  const tally = new Map<string, Posting>()
  const tree = new MerkleAccumulator()
  let seen = 0
  const vectors: RevisedVector[] = []
  for await (const rows of streamRevised(tx, scope, scan, dataSet.id)) {
    for (const row of rows) {
      const vector = revisedVector(dataSet, row, tally)
      vectors.push({ id: row.id, vector, ...heldAfter(row, vector) })
      tree.push(leafHash(encodeRevisionEntry({ index: BigInt(row.index), recordId: row.id, version: row.oldVersion + 1, presence: row.presence, recordRoot: row.root })))
    }
    seen += rows.length
  }
  if (seen !== changed) throw deltaFailures.DELTA_OVERTAKEN()
  const ended = await insertFormerTombstones(tx, scope, scan, dataSet.id)
  await writeVectorsOf(tx, scope, vectors)
  const postings = [...tally.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  const list = await rootOfTombstones(tx, scope)
  if (ended > 0) await noteFormerRange(tx, scope, scan, { first: list.tombstones - ended, last: list.tombstones - 1 })
  const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'RecordsRevised', body: { scan, ds: dataSet.id, records: seen, root: toHex(tree.root()), ...list, postings } }, `delta/${scan}/revised/${dataSet.id}`)
  await noteFormerAnnounced(tx, scope, scan, seq)
  await changeOverRevised(tx, scope, scan, { id: dataSet.id, seq })
}

function placeOf({ ds, f, from, to }: Posting): string {
  return `${ds} ${f} ${from} ${to}`
}

/** The record's vector from now on; every value of the former version that did not end leaves, every value of the present one is pending. */
function revisedVector(dataSet: InventoryDataSet, row: RevisedRow, tally: Map<string, Posting>): Buffer {
  const vector = Buffer.alloc(row.dispositions.length)
  for (const [position, code] of row.dispositions.entries()) {
    const f = required(dataSet.fields[position], 'a field of a vector').id
    if (isEnded(code)) {
      vector[position] = code
      continue
    }
    const from = accountOfCode(code)
    if (from !== undefined) count(tally, { ds: dataSet.id, f, from: leaving(from), to: 'discovered', n: 1 })
    if (!isPresent(row.presence, position)) continue
    vector[position] = accountCode.pending
    count(tally, { ds: dataSet.id, f, from: 'discovered', to: 'pending', n: 1 })
  }
  return vector
}

/** Which fields vault and original hold of a revised record; null where it is all that are present, nothing of one whose row is gone. An ended field is not in the vault, and in the original only if it was before. */
function heldAfter(row: RevisedRow, vector: Buffer): { held: Buffer | null; inOriginal: Buffer | null } {
  const held = Buffer.from(row.presence)
  const inOriginal = Buffer.from(row.presence)
  if (row.isGone) return { held: null, inOriginal: Buffer.alloc(row.presence.length) }
  for (const [position, code] of vector.entries()) {
    if (!isEnded(code)) continue
    const bit = 1 << (position & 7)
    held[position >> 3] = (held[position >> 3] ?? 0) & ~bit
    if (row.inOriginal !== null && !isPresent(row.inOriginal, position)) inOriginal[position >> 3] = (inOriginal[position >> 3] ?? 0) & ~bit
  }
  return { held: held.equals(row.presence) ? null : held, inOriginal: inOriginal.equals(row.presence) ? null : inOriginal }
}

/** Values on their way cannot be revised; that was refused before, under the same lock. */
function leaving(from: Account): Account {
  if (from === 'in-transit') throw deltaFailures.DELTA_OVERTAKEN()
  return from
}

function count(tally: Map<string, Posting>, posting: Posting): void {
  const known = tally.get(placeOf(posting))
  if (known === undefined) tally.set(placeOf(posting), posting)
  else known.n += 1
}

async function rootOfTombstones(tx: Tx, scope: Scope): Promise<{ tombstones: number; tombstoneRoot: string }> {
  const tree = new MerkleAccumulator()
  let tombstones = 0
  for await (const rows of streamAllTombstones(tx, scope)) {
    for (const row of rows) tree.push(leafHash(encodeTombstone({ recordId: row.record_id, version: row.version, slot: BigInt(row.slot) })))
    tombstones += rows.length
  }
  return { tombstones, tombstoneRoot: toHex(tree.root()) }
}

/** The copies book follows: what the original holds now (rows that are gone are not there any more), what the vault holds. */
async function recountCopies(ctx: Context, tx: Tx, matter: Matter, { scope, scan, dataSet }: { scope: Scope; scan: string; dataSet: InventoryDataSet }): Promise<void> {
  const held = await countHeldValues(tx, scope, dataSet.id)
  const own = ownParty(matter).id
  const open = (await ctx.ledger.copies(matter.id, tx)).filter((copy) => copy.dataSetId === dataSet.id && copy.holder === own && copy.endedHow === null)
  for (const copy of open) {
    const values = copy.kind === 'original' ? held.original : copy.kind === 'vault' ? held.vault : copy.values
    if (values === copy.values) continue
    await ctx.ledger.append(tx, matter.id, { type: 'CopyRecounted', body: { copy: copy.id, values, scan } }, `copy/${copy.id}/recounted/${scan}`)
    await recountCopy(tx, scope, { id: copy.id, values })
  }
}
