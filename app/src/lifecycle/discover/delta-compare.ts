// SPDX-License-Identifier: Apache-2.0
// The comparison of a source with the books: both sides as hashes in the database, so that memory does not grow with the records.
import type { KeyObject } from 'node:crypto'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { idBytes } from '../../kit/ids.ts'
import { addHours } from '../../kit/time.ts'
import { accountCode } from '../../law/nouns.ts'
import { readDatabase, readSource, type SourceRow } from '../../sources/index.ts'
import type { Tx } from '../../store/index.ts'
import { compartments, type ReadGrant } from '../../vault/index.ts'
import { deltaFailures } from './delta-failures.ts'
import { differingCells, hashCells, hashKeyOf } from './delta-hash.ts'
import { valuesOfRow, type Comparing } from './delta-rows.ts'
import { isUnknown, meetSuperseded, supersededOf, unmetSuperseded, type Superseded } from './delta-superseded.ts'
import { clearChanges, countRepeatedKeys, holdDeltaScan, insertBase, insertChanges, insertRows, nextOrdinal, recordPlacesById, streamPairs, updateDeltaScan, type ChangeRow, type Pair } from './delta.store.ts'
import type { DeltaReport } from './delta-report.ts'
import { doneEffects, insertStep, type Scope } from './ingest.store.ts'
import { recordIdOf, type InventoryDataSet } from './inventory.ts'

/** Counts of one data set. */
export interface DataSetDelta {
  ds: string
  /** Rows that the source has now. */
  rows: number
  unchanged: number
  changed: number
  added: number
  gone: number
  /** Gone by an earlier comparison, and still. */
  goneBefore: number
  /** In how many records each field changed, by position. */
  fields: Record<string, number>
}

const rowsPerBatch = 1000

/** Hashes both sides; batches that took effect before an interruption are passed over. Refuses a file that changes meanwhile, and records whose key was destroyed. */
export async function stageHashes(ctx: Context, scope: Scope, order: Comparing): Promise<void> {
  const key = hashKeyOf(await ctx.vault.matterKey(scope.matterId, 'ids'), order.scanId)
  const done = await doneEffects(ctx.db, scope, `delta/${order.scanId}/rows/`)
  for (const dataSet of order.dataSets) if (!done.has(baseEffect(order.scanId, dataSet.id))) await stageBase(ctx, scope, { order, key, dataSet })
  await stageRows(ctx, scope, { order, key, done })
}

function baseEffect(scanId: string, dataSetId: string): string {
  return `delta/${scanId}/rows/${dataSetId}/base`
}

async function stageBase(ctx: Context, scope: Scope, { order, key, dataSet }: { order: Comparing; key: KeyObject; dataSet: InventoryDataSet }): Promise<void> {
  // Comparing before sealing anew is part of storing (个人信息保护法 第四十七条第二款), so sealed records are compared too.
  const grant: ReadGrant = { person: ctx.signer.vkey.name, purpose: 'delta-scan', compartments, until: addHours(ctx.now(), 24), approval: null }
  let [unreadable, seen] = [0, 0]
  for await (const records of ctx.vault.read(grant, { matterId: scope.matterId, dataSetId: dataSet.id, batchRecords: rowsPerBatch })) {
    const places = await recordPlacesById(ctx.db, scope, records.map((record) => record.recordId))
    const hashed = records.map((record) => {
      const place = required(places.get(record.recordId.toString('hex')), 'an open record is in the books')
      const { keyHash, cellHashes, isKeyGone } = hashCells(key, record.values, order.keyColumns.get(dataSet.id) ?? null)
      if (isKeyGone) unreadable += 1
      return { dataSetId: dataSet.id, recordId: record.recordId, ordinal: record.ordinal, rowBefore: place.row, version: record.version, vector: record.dispositions, keyHash, cellHashes }
    })
    await ctx.db.transaction(async (tx) => {
      await refuseDiscarded(tx, scope, order.scanId)
      await insertBase(tx, scope, order.scanId, hashed)
    })
    seen += records.length
    ctx.progress({ zh: '比对:读账内记录', en: 'comparing: records in the books' }, seen, dataSet.rows)
  }
  if (unreadable > 0) throw deltaFailures.DELTA_ERASED_IN_SOURCE({ where: order.plan.name, records: unreadable })
  await ctx.db.transaction((tx) => insertStep(tx, scope, { effect: baseEffect(order.scanId, dataSet.id), result: { records: seen }, at: ctx.now() }))
}

/** Refuses to write into a comparison that another command gave up, finished or booked meanwhile; until the transaction ends nobody can. */
async function refuseDiscarded(tx: Tx, scope: Scope, scanId: string, how: 'shared' | 'alone' = 'shared'): Promise<void> {
  if ((await holdDeltaScan(tx, scope, scanId, how)) !== 'staging') throw deltaFailures.DELTA_OVERTAKEN()
}

interface RowStaging {
  order: Comparing
  key: KeyObject
  done: ReadonlySet<string>
}

async function stageRows(ctx: Context, scope: Scope, staging: RowStaging): Promise<void> {
  const { order } = staging
  const waiting = new Map<string, Superseded>()
  for (const dataSet of order.dataSets) {
    const found = await supersededOf(ctx, scope, order, dataSet)
    if (found !== null) waiting.set(dataSet.id, found)
  }
  let seen = 0
  for await (const { dataSet, rows } of rowsOfSource(order)) {
    await stageBatch(ctx, scope, staging, { dataSet, rows, waiting: waiting.get(dataSet.id) ?? null })
    seen += rows.length
    ctx.progress({ zh: '比对:读数据源', en: 'comparing: rows of the source' }, seen, order.plan.dataSets.reduce((sum, set) => sum + set.rows, 0))
  }
  for (const dataSet of order.dataSets) {
    const unmet = waiting.has(dataSet.id) ? await supersededOf(ctx, scope, order, dataSet) : null
    if (unmet === null) continue
    await ctx.db.transaction(async (tx) => {
      await refuseDiscarded(tx, scope, order.scanId)
      await insertBase(tx, scope, order.scanId, unmetSuperseded(dataSet, unmet.all))
    })
  }
}

/** The rows of the source by data set, in batches of a fixed size; refuses other bytes than those that were scanned. */
export async function* rowsOfSource(order: Pick<Comparing, 'plan' | 'options' | 'login' | 'dataSets'>): AsyncGenerator<{ dataSet: InventoryDataSet; rows: SourceRow[] }, void, undefined> {
  const byIndex = new Map<number, { dataSet: InventoryDataSet; waiting: SourceRow[] }>()
  for await (const event of order.login === null ? readSource(order.plan.path, order.options) : readDatabase(order.login)) {
    if (event.kind === 'source' && event.source.sha256 !== order.plan.sha256) throw deltaFailures.DELTA_CHANGED_HALFWAY({ where: order.plan.name })
    if (event.kind === 'dataSet') {
      const dataSet = order.dataSets[byIndex.size]
      if (dataSet === undefined) throw deltaFailures.DELTA_CHANGED_HALFWAY({ where: order.plan.name })
      byIndex.set(event.dataSet.index, { dataSet, waiting: [] })
    }
    if (event.kind !== 'rows' && event.kind !== 'dataSetEnd') continue
    const part = required(byIndex.get(event.dataSet), 'rows follow their data set')
    if (event.kind === 'rows') {
      for (const row of event.rows) if (part.waiting.push(row) === rowsPerBatch) yield { dataSet: part.dataSet, rows: part.waiting.splice(0) }
    } else if (part.waiting.length > 0) yield { dataSet: part.dataSet, rows: part.waiting.splice(0) }
  }
}

interface RowBatch {
  dataSet: InventoryDataSet
  rows: readonly SourceRow[]
  /** Superseded records of the data set, when there are any. */
  waiting: Superseded | null
}

async function stageBatch(ctx: Context, scope: Scope, { order, key, done }: RowStaging, { dataSet, rows, waiting }: RowBatch): Promise<void> {
  const effect = `delta/${order.scanId}/rows/${dataSet.id}/${Math.floor((rows[0]?.ordinal ?? 0) / rowsPerBatch)}`
  if (done.has(effect)) return
  const hashed = rows.map((row) => {
    const { keyHash, cellHashes } = hashCells(key, valuesOfRow(dataSet, row), order.keyColumns.get(dataSet.id) ?? null)
    return { row, dataSetId: dataSet.id, sourceRow: row.ordinal, keyHash, cellHashes }
  })
  const met = waiting === null ? [] : await meetSuperseded(ctx, scope, { order, dataSet, waiting }, hashed)
  await ctx.db.transaction(async (tx) => {
    await refuseDiscarded(tx, scope, order.scanId)
    await insertStep(tx, scope, { effect, result: { rows: rows.length }, at: ctx.now() })
    await insertRows(tx, scope, order.scanId, hashed)
    if (met.length > 0) await insertBase(tx, scope, order.scanId, met)
  })
}

/** Whether the values of a field ended (destroyed or anonymised): its record keeps that end whatever the source says. */
export function isEnded(code: number | undefined): boolean {
  return code === accountCode.destroyed || code === accountCode.anonymised
}

/** Decides what became of every record and writes the report made of it, all or nothing. Refuses a declared column that does not tell records apart, and a comparison that another command gave up or finished. */
export async function classifyPairs(ctx: Context, scope: Scope, order: Comparing, reportOf: (deltas: DataSetDelta[]) => DeltaReport): Promise<DeltaReport> {
  const idsKey = await ctx.vault.matterKey(scope.matterId, 'ids')
  if (order.isDeclared) {
    for (const dataSet of order.dataSets) {
      const rows = (order.keyColumns.get(dataSet.id) ?? null) === null ? 0 : await countRepeatedKeys(ctx.db, scope, order.scanId, dataSet.id)
      if (rows > 0) throw deltaFailures.DELTA_KEY_NOT_UNIQUE({ where: order.plan.name, rows })
    }
  }
  return ctx.db.transaction(async (tx) => {
    await refuseDiscarded(tx, scope, order.scanId, 'alone')
    await clearChanges(tx, scope, order.scanId)
    const deltas: DataSetDelta[] = []
    for (const dataSet of order.dataSets) {
      const counts: DataSetDelta = { ds: dataSet.id, rows: 0, unchanged: 0, changed: 0, added: 0, gone: 0, goneBefore: 0, fields: {} }
      const given = { idsKey, dataSet, counts, ordinal: await nextOrdinal(tx, scope, dataSet.id) }
      for await (const pairs of streamPairs(ctx.db, scope, order.scanId, dataSet.id)) {
        await insertChanges(tx, scope, order.scanId, pairs.flatMap((pair) => changeOf(given, pair)))
      }
      deltas.push(counts)
    }
    const report = reportOf(deltas)
    await updateDeltaScan(tx, scope, order.scanId, { status: 'compared', report })
    return report
  })
}

interface Classifying {
  idsKey: KeyObject
  dataSet: InventoryDataSet
  counts: DataSetDelta
  /** The next new record's ordinal. */
  ordinal: number
}

function changeOf(given: Classifying, pair: Pair): ChangeRow[] {
  const { counts, dataSet } = given
  if (pair.source_row !== null) counts.rows += 1
  if (pair.record_id === null) {
    counts.added += 1
    const ordinal = given.ordinal++
    return [{ dataSetId: dataSet.id, recordId: recordIdOf(given.idsKey, idBytes('ds', dataSet.id), ordinal), kind: 'new', sourceRow: pair.source_row, ordinal, oldVersion: 0, fields: null }]
  }
  const known = { dataSetId: dataSet.id, recordId: pair.record_id, sourceRow: pair.source_row, ordinal: pair.ordinal ?? 0, oldVersion: pair.version ?? 0 }
  if (pair.source_row === null || pair.before === null || pair.after === null) {
    if (pair.before !== null && isUnknown(pair.before)) {
      counts.changed += 1
      return [{ ...known, kind: 'changed', fields: bitmapOf(dataSet.fields.map((_, position) => position), dataSet.fields.length) }]
    }
    const isNews = (pair.row_before ?? 0) >= 0
    counts[isNews ? 'gone' : 'goneBefore'] += 1
    return isNews ? [{ ...known, kind: 'gone', fields: null }] : []
  }
  const fields = differingCells(pair.before, pair.after, (position) => isEnded(pair.vector?.[position]))
  if (fields.length === 0) {
    counts.unchanged += 1
    return pair.row_before === pair.source_row ? [] : [{ ...known, kind: 'moved', fields: null }]
  }
  counts.changed += 1
  for (const position of fields) counts.fields[position] = (counts.fields[position] ?? 0) + 1
  return [{ ...known, kind: 'changed', fields: bitmapOf(fields, dataSet.fields.length) }]
}

function bitmapOf(positions: readonly number[], width: number): Buffer {
  const bitmap = Buffer.alloc(Math.ceil(width / 8))
  for (const position of positions) bitmap[position >> 3] = (bitmap[position >> 3] ?? 0) | (1 << (position & 7))
  return bitmap
}
