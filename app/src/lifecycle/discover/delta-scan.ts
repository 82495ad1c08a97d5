// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import type { DeltaKey } from '../../ledger/index.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { DatabaseLogin, ReadOptions } from '../../sources/index.ts'
import { requestApproval } from '../../stewardship/access/index.ts'
import { endsFormerValues, isTooDifferent, needsApproval, refuseUnapprovedRevision, refuseUnwitnessed, revisionParameters, waiverToAsk } from './delta-approval.ts'
import { bookDelta, endBookedDeltas, endFormerVersions, refuseUnderway } from './delta-book.ts'
import { lastMovingSeq } from './delta-book.store.ts'
import { classifyPairs, stageHashes } from './delta-compare.ts'
import { deltaFailures } from './delta-failures.ts'
import type { KeyColumn } from './delta-hash.ts'
import { deltaReportSchema, type DeltaReport } from './delta-report.ts'
import type { Comparing } from './delta-rows.ts'
import { sealChanges } from './delta-seal.ts'
import { hasSuperseded } from './delta-superseded.store.ts'
import { deleteDeltaScan, deltaScansOf, erasedInSource, findDeltaScan, holdDeltaScan, insertDeltaScan, isUniqueKey, newestFreeze, stagedSlots, updateDeltaScan, type DeltaScanRow } from './delta.store.ts'
import { discoverFailures } from './discover-failures.ts'
import { loadDataSets, loadSources, lockMatter, refreshStatistics, type Scope, type StoredSource } from './ingest.store.ts'
import { labelKinds, type InventoryDataSet } from './inventory.ts'
import { loginOfBooks } from './login-of-source.ts'
import type { NoReceiptReason } from './receipt-waiver.ts'
import { planSources, type SourcePlan } from './source-plans.ts'

/** What to compare with the books, and by which column records are found again. */
export interface DeltaOrder {
  path: string
  options?: ReadOptions
  /** How to log in, where the source is a database. */
  login?: DatabaseLogin
  /** Title of a column; without it a detected customer number or resident ID that tells all records apart, else the whole content. */
  key?: string
  /** Book it although more than half of the records changed or are gone. */
  large?: boolean
  /** For a request: why people whose records change can have no receipt of the former version (CONTRACTS §9). */
  withoutReceipts?: NoReceiptReason
}

/** 差异清查. What a comparison found in a source, with the titles for the party's own screen. */
export interface DeltaResult {
  scan: string
  source: { id: string; name: string }
  foundBy: DeltaKey
  freeze: string | null
  /** In the books. */
  booked: boolean
  repeated: boolean
  /** Keys of former versions that were erased by this run. */
  erasedKeys: number
  dataSets: (Omit<DeltaReport['dataSets'][number], 'fields'> & { name: string; fields: { name: string; records: number }[] })[]
  notRead: { where: string; why: string }[]
}

/** 差异清查. Compares a source with what is in the books, record by record, and changes nothing (CONTRACTS §2). Refuses an unknown source, other tables or columns, and a content that is not the frozen one. */
export async function scanDelta(ctx: Context, matter: Matter, order: DeltaOrder): Promise<DeltaResult> {
  const found = await compareOnce(ctx, matter, order)
  return resultOf(ctx, matter, found, { booked: isBooked(found.row), repeated: isBooked(found.row), erasedKeys: 0 })
}

/** 申请更新记录. Compares a source and asks two other people to allow booking exactly this comparison, whose former values end for good (CONTRACTS §18). The same again gives the first request. Refuses what `ingestDelta` refuses, what is booked, what only adds records, and people without sealed receipts whose former values would end, unless the order says why none is possible. */
export async function requestDelta(ctx: Context, matter: Matter, order: DeltaOrder, keyFile: string): Promise<{ found: DeltaResult; request: string; repeated: boolean }> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  await refuseUnderway(ctx.db, scope)
  const found = await compareOnce(ctx, matter, order)
  if (isBooked(found.row) || !needsApproval(found.report)) throw deltaFailures.DELTA_NOTHING_TO_APPROVE({ where: found.comparing.plan.name })
  await refuseDangerous(ctx, scope, found, order)
  if (endsFormerValues(found.report)) await refuseUnwitnessed(ctx, matter)
  const waiver = await waiverToAsk(ctx, matter, found.report, order.withoutReceipts ?? null)
  const { request, repeated } = await requestApproval(ctx, matter, { act: 'revise-records', parameters: revisionParameters(found.report, waiver), keyFile })
  return { found: await resultOf(ctx, matter, found, { booked: false, repeated, erasedKeys: 0 }), request: request.id, repeated }
}

/**
 * 差异入账. Compares a source with the books and takes what is new, changed or gone into them; interrupted anywhere, the same command goes on, and the same file again gives the first result; former values that an
 * earlier, interrupted booking left are ended first, whatever file comes now. Refuses what `scanDelta` refuses, packages under way, running destruction orders, people who would come back after their erasure, a source
 * that differs in more than half of its records unless that is meant, any with changed or gone records without the approval of two people (`requestDelta`), and former values that end without a witness.
 */
export async function ingestDelta(ctx: Context, matter: Matter, order: DeltaOrder): Promise<DeltaResult> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const erasedBefore = await endBookedDeltas(ctx, matter)
  await refuseUnderway(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const found = await compareOnce(ctx, matter, order)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const repeated = isBooked(found.row)
  if (!repeated) {
    await refuseDangerous(ctx, scope, found, order)
    if (endsFormerValues(found.report)) await refuseUnwitnessed(ctx, matter)
    await refuseUnapprovedRevision(ctx, matter, found.report)
    await sealChanges(ctx, scope, found.comparing)
    await bookDelta(ctx, matter, { report: found.report, plan: found.comparing.plan, sourceId: found.source.id, dataSets: found.comparing.dataSets })
  }
  const erasedNow = repeated ? 0 : await endFormerVersions(ctx, matter, found.row.id)
  if (!repeated) await refreshStatistics(ctx.db)
  return resultOf(ctx, matter, found, { booked: true, repeated, erasedKeys: erasedBefore + erasedNow })
}

interface Found {
  row: DeltaScanRow
  report: DeltaReport
  source: StoredSource
  comparing: Comparing
  notRead: DeltaResult['notRead']
}

function isBooked(row: DeltaScanRow): boolean {
  return row.status === 'booked' || row.status === 'done'
}

/** Finds the comparison of exactly this file with the books as they are, or makes it; an older one that was never booked is thrown away with its keys. */
async function compareOnce(ctx: Context, matter: Matter, order: DeltaOrder): Promise<Found> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const login = order.login === undefined ? null : await loginOfBooks(ctx, scope, order.login)
  const { source, plan, notRead } = await knownSource(ctx, matter, order, login)
  const freeze = await freezeOf(ctx, scope, { source, plan })
  const dataSets = (await loadDataSets(ctx.db, scope)).filter((set) => set.sourceId === source.id)
  await refuseOtherShape(ctx, scope, { plan, dataSets })
  const { keyColumns, foundBy } = await chooseKeys(ctx, scope, { order, plan, dataSets })
  const scans = await deltaScansOf(ctx.db, scope, source.id)
  const last = scans.filter(isBooked).at(-1)
  const comparing = (scanId: string): Comparing => ({ scanId, sourceId: source.id, plan, options: order.options ?? {}, login, dataSets, keyColumns, isDeclared: order.key !== undefined })
  // The file as it was booked last: nothing is compared again, unless a restore took away what was booked.
  if (last !== undefined && last.sha256.toString('hex') === plan.sha256 && !(await hasSuperseded(ctx.db, scope, source.id))) return { row: last, report: deltaReportSchema.parse(last.report), source, comparing: comparing(last.id), notRead }
  const judgedAt = await lastMovingSeq(ctx.db, scope)
  const idsKey = await ctx.vault.matterKey(matter.id, 'ids')
  const id = idText('dlt', createHmac('sha256', idsKey).update(JSON.stringify(['delta', source.id, plan.sha256, foundBy, order.key ?? '', judgedAt])).digest().subarray(0, 16))
  for (const old of scans) if (old.status === 'discarded' || (!isBooked(old) && old.id !== id)) await discard(ctx, scope, old.id)
  await ctx.db.transaction((tx) => insertDeltaScan(tx, scope, { id, sourceId: source.id, sha256: Buffer.from(plan.sha256, 'hex'), bytes: plan.bytes, foundBy, at: ctx.now() }))
  const row = await findDeltaScan(ctx.db, scope, id)
  if (row === null || row.status === 'discarded') throw deltaFailures.DELTA_OVERTAKEN() // by another command, just now
  const report = row.status === 'staging' ? await compare(ctx, scope, comparing(id), { foundBy, freeze, judgedAt }) : deltaReportSchema.parse(row.report)
  return { row, report, source, comparing: comparing(id), notRead }
}

async function compare(ctx: Context, scope: Scope, comparing: Comparing, head: Pick<DeltaReport, 'foundBy' | 'freeze' | 'judgedAt'>): Promise<DeltaReport> {
  await stageHashes(ctx, scope, comparing)
  return classifyPairs(ctx, scope, comparing, (dataSets) => ({ scan: comparing.scanId, ...head, dataSets }))
}

/** Gives a comparison up: under the lock of bookings it is marked, so that no command books or seals into it any more; then its keys go, then its rows. One that was booked meanwhile stays. Taken up again after a crash. */
async function discard(ctx: Context, scope: Scope, scanId: string): Promise<void> {
  const slots = await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, scope)
    const status = await holdDeltaScan(tx, scope, scanId, 'alone')
    if (status === null || status === 'booked' || status === 'done') return null
    await updateDeltaScan(tx, scope, scanId, { status: 'discarded' })
    return stagedSlots(tx, scope, scanId)
  })
  if (slots === null) return
  if (slots.length > 0) await ctx.vault.eraseSlots(scope.matterId, `discard/${scanId}`, slots)
  await ctx.db.transaction((tx) => deleteDeltaScan(tx, scope, scanId))
}

async function knownSource(ctx: Context, matter: Matter, order: DeltaOrder, login: DatabaseLogin | null): Promise<{ source: StoredSource; plan: SourcePlan; notRead: DeltaResult['notRead'] }> {
  const planned = await planSources(ctx, [order.path], { ...order.options, ...(login === null ? {} : { databases: new Map([[order.path, login]]) }) })
  const [plan, ...others] = planned.sources
  const sources = await loadSources(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const pathById = await ctx.vault.openLabels(matter.id, labelKinds.sourcePath)
  const source = plan === undefined || others.length > 0 ? undefined : sources.find((one) => pathById.get(one.id) === plan.path)
  if (plan === undefined || source === undefined) throw deltaFailures.DELTA_SOURCE_UNKNOWN({ where: order.path })
  const unfinished = sources.find((one) => !one.isBooked)
  if (unfinished !== undefined) throw discoverFailures.INGEST_UNFINISHED({ where: (await ctx.vault.openLabel(matter.id, unfinished.id, labelKinds.sourceName)) ?? unfinished.id })
  return { source, plan, notRead: [...planned.notRead, ...plan.notRead].map(({ where, why }) => ({ where, why })) }
}

/** The freeze that stands for this source; refuses content that came after it. */
async function freezeOf(ctx: Context, scope: Scope, { source, plan }: { source: StoredSource; plan: SourcePlan }): Promise<string | null> {
  const freeze = await newestFreeze(ctx.db, scope)
  const frozen = freeze?.sha256BySource.get(source.id)
  if (freeze === null || frozen === undefined) return null
  if (frozen.toString('hex') !== plan.sha256) throw deltaFailures.DELTA_AFTER_FREEZE({ where: plan.name, freeze: freeze.id })
  return freeze.id
}

async function refuseOtherShape(ctx: Context, scope: Scope, { plan, dataSets }: { plan: SourcePlan; dataSets: readonly InventoryDataSet[] }): Promise<void> {
  if (plan.dataSets.length !== dataSets.length) throw deltaFailures.DELTA_SHAPE({ where: plan.name, why: `${dataSets.length} → ${plan.dataSets.length} data sets` })
  const titles = await ctx.vault.openLabels(scope.matterId, labelKinds.fieldName)
  const names = await ctx.vault.openLabels(scope.matterId, labelKinds.dataSetName)
  for (const [at, dataSet] of dataSets.entries()) {
    const now = plan.dataSets[at]
    const before = dataSet.fields.map((field) => titles.get(field.id) ?? '')
    const isSame = now !== undefined && now.name === names.get(dataSet.id) && now.fields.length === before.length && now.fields.every((field, position) => field.name === before[position])
    if (!isSame) throw deltaFailures.DELTA_SHAPE({ where: plan.name, why: names.get(dataSet.id) ?? dataSet.id })
  }
}

const detectedKeys = ['customer-id', 'resident-id'] as const

async function chooseKeys(ctx: Context, scope: Scope, { order, plan, dataSets }: { order: DeltaOrder; plan: SourcePlan; dataSets: readonly InventoryDataSet[] }): Promise<{ keyColumns: Map<string, KeyColumn | null>; foundBy: DeltaKey }> {
  const keyColumns = new Map<string, KeyColumn | null>()
  const used = new Set<DeltaKey>()
  const titles = order.key === undefined ? null : await ctx.vault.openLabels(scope.matterId, labelKinds.fieldName)
  for (const [at, dataSet] of dataSets.entries()) {
    const exact = titles === null ? plan.dataSets[at]?.key : undefined
    if (exact !== undefined) {
      keyColumns.set(dataSet.id, { position: exact[0] ?? 0, type: 'table-key', exact })
      used.add('table-key')
      continue
    }
    const field = titles === null ? await detectedKey(ctx, scope, dataSet) : dataSet.fields.find((one) => titles.get(one.id) === order.key)
    keyColumns.set(dataSet.id, field === undefined ? null : { position: field.position, type: field.type })
    if (field !== undefined) used.add(titles !== null ? 'declared' : field.type === 'customer-id' ? 'customer-id' : 'resident-id')
  }
  if (titles !== null && used.size === 0) throw deltaFailures.DELTA_KEY_UNKNOWN({ where: plan.name })
  const [foundBy] = used
  return { keyColumns, foundBy: foundBy ?? 'content' }
}

/** A column tells records apart only if it is the one of its kind and no two records share a number. */
async function detectedKey(ctx: Context, scope: Scope, dataSet: InventoryDataSet): Promise<InventoryDataSet['fields'][number] | undefined> {
  for (const type of detectedKeys) {
    const fields = dataSet.fields.filter((field) => field.type === type)
    if (fields.length === 1 && (await isUniqueKey(ctx.db, scope, dataSet.id, type))) return fields[0]
  }
  return undefined
}

async function refuseDangerous(ctx: Context, scope: Scope, { report, comparing }: Found, order: DeltaOrder): Promise<void> {
  const where = comparing.plan.name
  for (const set of report.dataSets) {
    const records = set.added === 0 ? 0 : await erasedInSource(ctx.db, scope, set.ds)
    if (records > 0) throw deltaFailures.DELTA_ERASED_IN_SOURCE({ where, records })
    const before = set.unchanged + set.changed + set.gone
    if (order.large !== true && isTooDifferent(set)) throw deltaFailures.DELTA_TOO_DIFFERENT({ where, records: before, changed: set.changed, gone: set.gone })
  }
}

async function resultOf(ctx: Context, matter: Matter, { row, report, source, comparing, notRead }: Found, state: Pick<DeltaResult, 'booked' | 'repeated' | 'erasedKeys'>): Promise<DeltaResult> {
  const titles = await ctx.vault.openLabels(matter.id, labelKinds.fieldName)
  const names = await ctx.vault.openLabels(matter.id, labelKinds.dataSetName)
  return {
    scan: row.id, source: { id: source.id, name: comparing.plan.name }, foundBy: report.foundBy, freeze: report.freeze, ...state, notRead,
    dataSets: report.dataSets.map((set) => {
      const fields = comparing.dataSets.find((one) => one.id === set.ds)?.fields ?? []
      return { ...set, name: names.get(set.ds) ?? set.ds, fields: Object.entries(set.fields).map(([position, records]) => ({ name: titles.get(fields[Number(position)]?.id ?? '') ?? position, records })) }
    }),
  }
}
