// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { readDatabase, readSource, type DatabaseLogin, type ReadOptions, type SourceRow } from '../../sources/index.ts'
import { isUniqueViolation } from '../../store/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { doneEffects, insertStep, type Scope } from './ingest.store.ts'
import type { InventoryDataSet } from './inventory.ts'
import { packRows, type PackedRows, type RowPlace } from './pack-rows.ts'
import { SealingThread } from './seal-in-worker.ts'
import type { SealedRows, SealPlan } from './seal-rows.ts'
import type { SourcePlan } from './source-plans.ts'
import { storeSealed } from './store-sealed.ts'

/** Rows that one transaction stores. The place of a row decides its batch, so that an interrupted run finds the same batches again. */
export const batchRows = 2000
/** The same in earlier versions, whose effects do not say it; what they left unfinished goes on with it. */
const earlierBatchRows = 1000

/** What is filled from where. */
export interface FillOrder {
  plan: SourcePlan
  options: ReadOptions
  /** How to log in, where the source is a database. */
  login: DatabaseLogin | null
  sourceId: string
  dataSets: readonly InventoryDataSet[]
}

interface Filling {
  plan: SealPlan
  firstIndex: number
  batchRows: number
  rows: number
  seen: number
  waiting: RowPlace[]
}

/** Reads the source a second time and stores every row as a sealed record, batch by batch; batches that took effect before an interruption are passed over. Refuses bytes or a shape that are not those of the scan. */
export async function fillDataSets(ctx: Context, scope: Scope, order: FillOrder): Promise<void> {
  const done = await doneEffects(ctx.db, scope, `ingest/${order.sourceId}/batch/`)
  const thread = new SealingThread(await ctx.vault.sealingKeys(scope.matterId))
  const run: FillRun = { ctx, scope, order, done, thread, byIndex: new Map(), rows: 0, before: Promise.resolve(), storing: Promise.resolve() }
  try {
    for await (const event of order.login === null ? readSource(order.plan.path, order.options) : readDatabase(order.login)) {
      if (event.kind === 'source' && event.source.sha256 !== order.plan.sha256) throw discoverFailures.INGEST_CHANGED_HALFWAY({ where: order.plan.name })
      if (event.kind === 'dataSet') run.byIndex.set(event.dataSet.index, startFilling(run))
      if (event.kind === 'rows') await takeRows(run, fillingOf(run, event.dataSet), event.rows)
      if (event.kind === 'dataSetEnd') await endFilling(run, fillingOf(run, event.dataSet))
    }
    await run.storing
  } finally {
    await run.storing.catch(() => undefined) // nothing of ours is still being written when the caller goes on
    await thread.end()
  }
  if (run.byIndex.size !== order.dataSets.length) throw wrongShape(run, `${run.byIndex.size} ≠ ${order.dataSets.length} data sets`)
}

interface FillRun {
  ctx: Context
  scope: Scope
  order: FillOrder
  done: ReadonlySet<string>
  thread: SealingThread
  byIndex: Map<number, Filling>
  rows: number
  /** The batch before the one that the database is busy with or waits for. */
  before: Promise<void>
  storing: Promise<void>
}

function startFilling(run: FillRun): Filling {
  const { sourceId, dataSets, plan } = run.order
  const position = run.byIndex.size
  const dataSet = dataSets[position]
  const scanned = plan.dataSets[position]
  if (dataSet === undefined || scanned === undefined) throw wrongShape(run, 'more data sets')
  const fields = dataSet.fields.map((field) => ({ id: field.id, type: field.type, grade: field.grade, name: scanned.fields[field.position]?.name ?? '' }))
  const isEarlier = run.done.has(effectOf(sourceId, { dataSetId: dataSet.id, ordinal: 0, batchRows: earlierBatchRows }))
  return { plan: { dataSetId: dataSet.id, sourceId, fields }, firstIndex: dataSet.firstIndex, batchRows: isEarlier ? earlierBatchRows : batchRows, rows: dataSet.rows, seen: 0, waiting: [] }
}

function effectOf(sourceId: string, batch: { dataSetId: string; ordinal: number; batchRows: number }): string {
  const number = Math.floor(batch.ordinal / batch.batchRows)
  return `ingest/${sourceId}/batch/${batch.dataSetId}/${batch.batchRows === earlierBatchRows ? '' : `${batch.batchRows}/`}${number}`
}

function fillingOf(run: FillRun, index: number): Filling {
  const filling = run.byIndex.get(index)
  if (filling === undefined) throw wrongShape(run, 'rows without a data set')
  return filling
}

async function takeRows(run: FillRun, filling: Filling, rows: readonly SourceRow[]): Promise<void> {
  for (const row of rows) {
    if (row.ordinal !== filling.seen || row.cells.length > filling.plan.fields.length) throw wrongShape(run, `row ${row.place}`)
    filling.seen += 1
    filling.waiting.push({ row, index: filling.firstIndex + row.ordinal })
    if (filling.waiting.length === filling.batchRows) await takeBatch(run, filling)
  }
}

async function endFilling(run: FillRun, filling: Filling): Promise<void> {
  await takeBatch(run, filling)
  if (filling.seen !== filling.rows) throw wrongShape(run, `${filling.seen} ≠ ${filling.rows} rows`)
}

async function takeBatch(run: FillRun, filling: Filling): Promise<void> {
  const rows = filling.waiting
  const first = rows[0]?.row
  if (first === undefined) return
  filling.waiting = []
  const effect = effectOf(run.order.sourceId, { dataSetId: filling.plan.dataSetId, ordinal: first.ordinal, batchRows: filling.batchRows })
  if (run.done.has(effect)) return noteProgress(run, rows.length)
  const sealing = sealRows(run, filling.plan, packRows(rows, filling.plan.fields.length))
  sealing.catch(() => undefined) // thrown where the batch is stored
  // One batch is stored, one is sealed, and one is read: more would only wait in memory.
  await run.before
  run.before = run.storing
  run.storing = storeAfter(run.storing, async () => {
    await storeBatch(run, { effect, dataSetId: filling.plan.dataSetId, sealed: await sealing })
    noteProgress(run, rows.length)
  })
  run.storing.catch(() => undefined) // thrown where a later batch, or the end, waits for it
}

async function storeAfter(earlier: Promise<void>, store: () => Promise<void>): Promise<void> {
  await earlier
  await store()
}

/** Keys before ciphertext: the secrets are committed in the key store before the thread has them (CONTRACTS §5). */
async function sealRows(run: FillRun, plan: SealPlan, rows: PackedRows): Promise<SealedRows> {
  const { first, secrets } = await run.ctx.vault.newSecretRun(run.scope.matterId, rows.ordinals.length)
  return run.thread.seal({ plan, rows, firstSlot: first, secrets, today: run.ctx.today() })
}

async function storeBatch(run: FillRun, given: { effect: string; dataSetId: string; sealed: SealedRows }): Promise<void> {
  const { ctx, scope } = run
  try {
    await ctx.db.transaction(async (tx) => {
      await insertStep(tx, scope, { effect: given.effect, result: { records: given.sealed.rows }, at: ctx.now() })
      await storeSealed(ctx, tx, { scope, dataSetId: given.dataSetId, sealed: given.sealed })
    })
  } catch (error) {
    throw isUniqueViolation(error) ? discoverFailures.INGEST_RUNNING({ where: run.order.plan.name }, { cause: error }) : error
  }
}

function noteProgress(run: FillRun, rows: number): void {
  run.rows += rows
  run.ctx.progress({ zh: '入账', en: 'Entering' }, run.rows, run.order.dataSets.reduce((sum, set) => sum + set.rows, 0))
}

function wrongShape(run: FillRun, why: string): Error {
  return discoverFailures.INGEST_SHAPE({ where: run.order.plan.name, why })
}
