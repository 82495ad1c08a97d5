// SPDX-License-Identifier: Apache-2.0
import { encodeReceipt, once, recordRoot, toBase64, utf8, verifySource, type Receipt, type ReceiptField, type ReceiptRecord } from '@handover/proof'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { assert, required } from '../../kit/assert.ts'
import type { StoredEvent } from '../../ledger/index.ts'
import type { Matter } from '../../matter/index.ts'
import { loadDataSets, type Scope } from '../discover/index.ts'
import { closedBalance } from './balance-sheet.ts'
import { multiproofOf } from './leaf-tree.ts'
import { proveFailures } from './prove-failures.ts'
import { recordPlaces, type RecordPlace } from './prove.store.ts'

/** A record of a receipt: its commitments as inventoried, and the fields that are opened to the subject. */
export interface ReceiptSource {
  recordId: Buffer
  leaves: readonly Buffer[]
  opened: readonly ReceiptField[]
}

const inventoryBody = z.object({ ds: z.string(), first: z.int(), records: z.int(), root: z.string() })
const committedTime = z.object({ ts: z.string() })
type Inventory = z.infer<typeof inventoryBody> & { event: StoredEvent }

/** 出具回执. Puts a receipt together from the books as they stand (CONTRACTS §14), signs it and has the verifier check it; returns the text of the file. Refuses an unsound one. */
export async function assembleReceipt(ctx: Context, matter: Matter, sources: readonly ReceiptSource[]): Promise<{ text: string; receipt: Receipt }> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const sourceById = new Map(sources.map((source) => [source.recordId.toString('hex'), source]))
  const places = await recordPlaces(ctx.db, scope, sources.map((source) => source.recordId))
  assert(places.length === sourceById.size, 'a receipt is about records of the inventory')
  const closed = await closedBalance(ctx, matter)
  const inventories = await inventoriesOf(ctx, matter, places)
  const events = [...inventories.map(({ event }) => event), ...(closed === null ? [] : [await ctx.ledger.event(matter.id, closed.seq)])]
  await publishUnlessThere(ctx, matter, events)
  const receipt: Receipt = {
    format: 'handover-receipt/v1', matter: matter.id, asOf: events.map(({ json }) => committedTime.parse(JSON.parse(json)).ts).reduce((last, ts) => (ts > last ? ts : last), ''),
    dataSets: await fieldsOf(ctx, scope, places),
    records: places.map((place) => receiptRecord(place, required(sourceById.get(place.recordId.toString('hex')), 'a place for each record asked for'), closed !== null)),
    inventory: await Promise.all(inventories.map(async (inventory, at) => ({ event: at, path: await inventoryPath(ctx, matter, inventory, places) }))),
    books: closed === null ? null : { event: inventories.length, path: await booksPath(ctx, matter, closed.balance, places) },
    events: await Promise.all(events.map(async ({ seq, json, salt }) => ({ event: json, salt: toBase64(salt), proof: await ctx.ledger.proofOf(matter.id, seq) }))),
  }
  const text = encodeReceipt(receipt, [ctx.signer.noteSigner])
  await refuseUnsound(ctx, matter, text)
  return { text, receipt }
}

/** A customer need not wait for the witnesses when all that the receipt rests on was published long ago. */
async function publishUnlessThere(ctx: Context, matter: Matter, events: readonly StoredEvent[]): Promise<void> {
  const size = (await ctx.ledger.latestCheckpoint(matter.id))?.checkpoint.size ?? 0n
  if (events.some(({ leafIndex }) => leafIndex === null || BigInt(leafIndex) >= size)) await ctx.ledger.publish(matter.id)
}

function receiptRecord(place: RecordPlace, source: ReceiptSource, isClosed: boolean): ReceiptRecord {
  // Leaves of a rewritten record belong to another root than the inventory's.
  assert(place.inventoryRoot.equals(recordRoot(source.leaves)), 'the commitments are those of the inventory')
  return {
    index: place.index, recordId: place.recordId.toString('hex'), dataSet: place.dataSetId, presence: place.presence.toString('hex'), leaves: source.leaves.map((leaf) => leaf.toString('hex')),
    vector: isClosed ? place.vector.toString('hex') : null, opened: [...source.opened],
  }
}

/** The inventories that cover the records, each once. */
async function inventoriesOf(ctx: Context, matter: Matter, places: readonly RecordPlace[]): Promise<Inventory[]> {
  const all = (await ctx.ledger.eventsOfType(matter.id, 'InventoryCommitted')).map((event) => ({ event, ...inventoryBody.parse(JSON.parse(event.json)) }))
  return all.filter(({ first, records }) => places.some(({ index }) => index >= first && index < first + records))
}

async function inventoryPath(ctx: Context, matter: Matter, { ds, first, records, root }: Inventory, places: readonly RecordPlace[]): Promise<string[]> {
  const inside = places.filter(({ index }) => index >= first && index < first + records)
  const entries = () => ctx.ledger.inventoryEntries(matter.id, ds, { first, records })
  return (await multiproofOf(ctx.home.paths.objects, { root, size: records, entries }, inside.map(({ index }) => index - first))).map(toBase64)
}

async function booksPath(ctx: Context, matter: Matter, { booksRoot, records }: { booksRoot: string; records: number }, places: readonly RecordPlace[]): Promise<string[]> {
  const entries = () => ctx.ledger.booksEntries(matter.id)
  return (await multiproofOf(ctx.home.paths.objects, { root: booksRoot, size: records, entries }, places.map(({ index }) => index))).map(toBase64)
}

async function fieldsOf(ctx: Context, scope: Scope, places: readonly RecordPlace[]): Promise<Receipt['dataSets']> {
  const wanted = new Set(places.map((place) => place.dataSetId))
  return (await loadDataSets(ctx.db, scope)).filter(({ id }) => wanted.has(id)).map(({ id, fields }) => ({ id, fields: fields.map((field) => field.id) }))
}

/** What we hand to a customer is checked first as the customer would check it. */
async function refuseUnsound(ctx: Context, matter: Matter, text: string): Promise<void> {
  const policy = required(await ctx.ledger.policy(matter.id), 'what was published has a policy').text
  const verdict = await verifySource(() => once(utf8(text)), { policy })
  const failed = verdict.checks.find((check) => !check.ok)
  if (failed !== undefined || !verdict.ok) throw proveFailures.RECEIPT_NOT_SOUND({ check: failed?.name ?? 'form', why: failed?.detail ?? '' })
}
