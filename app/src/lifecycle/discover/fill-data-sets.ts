// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { readSource, type ReadOptions, type SourceRow } from '../../sources/index.ts'
import { isUniqueViolation } from '../../store/index.ts'
import { discoverFailures } from './discover-failures.ts'
import { doneEffects, insertKeys, insertPlaceholders, insertRecords, insertStep, type Scope } from './ingest.store.ts'
import type { InventoryDataSet } from './inventory.ts'
import { sealBatch, type RecordPlan, type SealedBatch } from './seal-batch.ts'
import type { SourcePlan } from './source-plans.ts'

/** Rows that one transaction stores. The place of a row decides its batch, so that an interrupted run finds the same batches again. */
export const batchRows = 1000

/** What is filled from where. */
export interface FillOrder {
  plan: SourcePlan
  options: ReadOptions
  sourceId: string
  dataSets: readonly InventoryDataSet[]
}

interface Filling {
  record: RecordPlan
  rows: number
  seen: number
  waiting: SourceRow[]
}

/** Reads the source a second time and stores every row as a sealed record, batch by batch; batches that took effect before an interruption are passed over. Refuses bytes or a shape that are not those of the scan. */
export async function fillDataSets(ctx: Context, scope: Scope, order: FillOrder): Promise<void> {
  const run: FillRun = { ctx, scope, order, done: await doneEffects(ctx.db, scope, `ingest/${order.sourceId}/batch/`), byIndex: new Map(), rows: 0, storing: Promise.resolve() }
  for await (const event of readSource(order.plan.path, order.options)) {
    if (event.kind === 'source' && event.source.sha256 !== order.plan.sha256) throw discoverFailures.INGEST_CHANGED_HALFWAY({ where: order.plan.name })
    if (event.kind === 'dataSet') run.byIndex.set(event.dataSet.index, startFilling(run))
    if (event.kind === 'rows') await takeRows(run, fillingOf(run, event.dataSet), event.rows)
    if (event.kind === 'dataSetEnd') await endFilling(run, fillingOf(run, event.dataSet))
  }
  await run.storing
  if (run.byIndex.size !== order.dataSets.length) throw wrongShape(run, `${run.byIndex.size} ≠ ${order.dataSets.length} data sets`)
}

interface FillRun {
  ctx: Context
  scope: Scope
  order: FillOrder
  done: ReadonlySet<string>
  byIndex: Map<number, Filling>
  rows: number
  /** The batch that the database is busy with, while the next one is sealed. */
  storing: Promise<void>
}

function startFilling(run: FillRun): Filling {
  const { sourceId, dataSets, plan } = run.order
  const position = run.byIndex.size
  const dataSet = dataSets[position]
  const scanned = plan.dataSets[position]
  if (dataSet === undefined || scanned === undefined) throw wrongShape(run, 'more data sets')
  const fields = dataSet.fields.map((field) => ({ id: field.id, type: field.type, grade: field.grade, name: scanned.fields[field.position]?.name ?? '' }))
  return { record: { matterId: run.scope.matterId, dataSetId: dataSet.id, sourceId, firstIndex: dataSet.firstIndex, fields }, rows: dataSet.rows, seen: 0, waiting: [] }
}

function fillingOf(run: FillRun, index: number): Filling {
  const filling = run.byIndex.get(index)
  if (filling === undefined) throw wrongShape(run, 'rows without a data set')
  return filling
}

async function takeRows(run: FillRun, filling: Filling, rows: readonly SourceRow[]): Promise<void> {
  for (const row of rows) {
    if (row.ordinal !== filling.seen || row.cells.length > filling.record.fields.length) throw wrongShape(run, `row ${row.place}`)
    filling.seen += 1
    filling.waiting.push(row)
    if (filling.waiting.length === batchRows) await storeBatch(run, filling)
  }
}

async function endFilling(run: FillRun, filling: Filling): Promise<void> {
  await storeBatch(run, filling)
  if (filling.seen !== filling.rows) throw wrongShape(run, `${filling.seen} ≠ ${filling.rows} rows`)
}

async function storeBatch(run: FillRun, filling: Filling): Promise<void> {
  const { ctx } = run
  const first = filling.waiting[0]
  if (first === undefined) return
  const rows = filling.waiting
  filling.waiting = []
  const effect = `ingest/${run.order.sourceId}/batch/${filling.record.dataSetId}/${Math.floor(first.ordinal / batchRows)}`
  if (run.done.has(effect)) return noteProgress(run, rows.length)
  const batch = await sealBatch(ctx, filling.record, rows)
  await run.storing
  run.storing = storeSealed(run, { effect, dataSetId: filling.record.dataSetId, batch }).then(() => noteProgress(run, rows.length))
  run.storing.catch(() => undefined) // thrown where the next batch, or the end, waits for it
}

async function storeSealed(run: FillRun, given: { effect: string; dataSetId: string; batch: SealedBatch }): Promise<void> {
  const { ctx, scope } = run
  const { effect, dataSetId, batch } = given
  try {
    await ctx.db.transaction(async (tx) => {
      await insertStep(tx, scope, { effect, result: { records: batch.records.length }, at: ctx.now() })
      await insertRecords(tx, scope, dataSetId, batch.records)
      await ctx.vault.storeCiphertext(tx, scope.matterId, batch.ciphertext)
      await insertKeys(tx, scope, batch.keys)
      await insertPlaceholders(tx, scope, batch.placeholders)
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
