// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import type { Matter } from '../../matter/index.ts'
import { receiptReason, type NoReceiptReason } from '../discover/index.ts'
import type { Queryable } from '../../store/index.ts'
import { currentPlan, loadPlanReasons, refuseUnapproved } from '../hand-over/index.ts'
import { streamCandidates, type CandidateRow, type OrderRecordRow } from './destroy.store.ts'
import type { CopyEndingPlan, DestructionScope, OrderFacts } from './destruction-order.ts'
import { destroyFailures } from './destroy-failures.ts'
import { fateInOriginal, fateInVault, type Fate } from './fate.rules.ts'
import { positionsOf } from './row-fate.rules.ts'

/** 销毁集. What an order destroys, counted and bound by a digest; it is computed at the request and again before anything happens. */
export interface DestructionSet {
  digest: Buffer
  counts: Pick<OrderFacts, 'plan' | 'records' | 'values' | 'ended' | 'rewrites' | 'unsettled' | 'copies'>
  /** Records of the set whose people could have a receipt and have none (vault only: their salts go with their keys). */
  withoutReceipt: number
  /** Records of the set that a delta revised before their people had a receipt, and the reason that was approved for it. */
  revised: { records: number; reason: NoReceiptReason | null }
}

/** A record of the set with what becomes of it. */
export interface JudgedCandidate {
  row: CandidateRow
  fate: Fate
}

/** Which records are judged, and by which plan. */
export interface Judging {
  kind: DestructionScope['kind']
  /** All when null. */
  dataSetIds: readonly string[] | null
  planId: string
}

/** Judges records by a plan and today's books, in inventory order. */
export async function* judgeCandidates(ctx: Context, matter: Matter, judging: Judging, db: Queryable = ctx.db): AsyncGenerator<JudgedCandidate, void, undefined> {
  const { kind, dataSetIds, planId } = judging
  const place = { tenant: ctx.tenant, matterId: matter.id }
  const ownSeals = new Map([...(await loadPlanReasons(db, place, planId))].map(([set, reasons]) =>
    [set, new Set(reasons.filter((reason) => reason.outcome === 'sealed' && reason.holder === 'transferor').flatMap((reason) => reason.positions))] as const))
  for await (const rows of streamCandidates(db, place, { planId, dataSetIds, withErased: kind === 'originals' })) {
    for (const row of rows) {
      const facts = {
        presence: row.presence, dispositions: row.dispositions, held: kind === 'vault' ? row.held : row.in_original, outcome: row.outcome, residual: row.residual,
        ownSeals: ownSeals.get(row.reason_set ?? -1) ?? new Set<number>(), onHold: row.on_hold,
      }
      const fate = kind === 'vault' ? fateInVault(facts) : fateInOriginal(facts)
      // A superseded record has no key to erase and values that nobody knows: it waits for the delta scan that fills it.
      yield { row, fate: kind === 'vault' && row.slot === null && fate.act !== 'nothing' ? { ...fate, act: 'unsettled' } : fate }
    }
  }
}

/** The plan that is in force; refuses when none is approved. */
export async function planInForce(ctx: Context, matter: Matter, db: Queryable = ctx.db): Promise<string> {
  const plan = await currentPlan(db, { tenant: ctx.tenant, matterId: matter.id }, 'approved')
  refuseUnapproved(plan)
  return required(plan, 'a plan that is approved is there').id
}

/** The data sets of these copies; refuses copies that are not open originals of our own. */
async function dataSetsOfCopies(ctx: Context, matter: Matter, copies: readonly string[]): Promise<string[]> {
  const known = await ctx.ledger.copies(matter.id)
  return copies.map((id) => {
    const copy = known.find((one) => one.id === id)
    if (copy === undefined || copy.kind !== 'original' || copy.dataSetId === null) throw destroyFailures.SCOPE_UNKNOWN({ scope: `original:${id.slice(0, 60)}` })
    return copy.dataSetId
  })
}

/** Counts a set and binds it: record, version, what stays and what is posted. */
export async function computeSet(ctx: Context, matter: Matter, scope: DestructionScope, db: Queryable = ctx.db): Promise<DestructionSet> {
  const planId = await planInForce(ctx, matter, db)
  const dataSetIds = scope.kind === 'vault' ? null : await dataSetsOfCopies(ctx, matter, scope.copies)
  const hash = createHash('sha256').update(`handover/destruction-set/v1\n${matter.id}\n${JSON.stringify(scope)}\n`)
  const sum = { records: 0, values: 0, ended: 0, rewrites: 0, unsettled: 0 }
  let withoutReceipt = 0
  const revised: DestructionSet['revised'] = { records: 0, reason: null }
  const left = new Map<string, SetLeft>()
  for await (const { row, fate } of judgeCandidates(ctx, matter, { kind: scope.kind, dataSetIds, planId }, db)) {
    addLeft(left, row, fate)
    if (fate.act === 'unsettled') sum.unsettled += 1
    if (fate.act !== 'erase' && fate.act !== 'rewrite') continue
    hash.update(row.id).update(Buffer.of(row.version & 255, fate.keep.length)).update(fate.keep).update(fate.ended)
    sum.records += 1
    if (scope.kind === 'vault' && row.lacks_receipt) withoutReceipt += 1
    const waived = scope.kind === 'vault' ? receiptReason(row.waived) : null
    if (waived !== null) revised.records += 1
    revised.reason ??= waived
    sum.values += fate.leaving
    if (scope.kind === 'vault') sum.ended += positionsOf(fate.ended).length
    if (fate.act === 'rewrite') sum.rewrites += 1
  }
  return { digest: hash.digest(), counts: { plan: planId, ...sum, copies: await copyEndings(ctx, matter, { scope, left }) }, withoutReceipt, revised }
}

/** What stays of a data set in this scope. */
interface SetLeft {
  unsettled: number
  values: number
  until: (string | null)[]
}

function addLeft(left: Map<string, SetLeft>, row: CandidateRow, fate: Fate): void {
  const known = left.get(row.ds) ?? { unsettled: 0, values: 0, until: [] }
  left.set(row.ds, known)
  if (fate.act === 'unsettled') known.unsettled += 1
  else known.values += fate.staying
  if (fate.act !== 'unsettled' && fate.staying > 0 && !known.until.includes(row.sealed_until)) known.until.push(row.sealed_until)
}

/** Word for the end of a seal that no day is known of: permanent retention, or until somebody assigns it. */
export const openEnded = 'open-ended'

/** How the copies of the scope will have ended; a copy with an unsettled record stays open. */
async function copyEndings(ctx: Context, matter: Matter, found: { scope: DestructionScope; left: ReadonlyMap<string, SetLeft> }): Promise<CopyEndingPlan[]> {
  const { scope, left } = found
  const copies = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.endedHow === null && copy.dataSetId !== null)
  const ours = copies.filter((copy) => (scope.kind === 'vault' ? copy.kind === 'vault' : copy.kind === 'original' && scope.copies.includes(copy.id)))
  return ours.flatMap((copy): CopyEndingPlan[] => {
    const rest = left.get(copy.dataSetId ?? '') ?? { unsettled: 0, values: 0, until: [] }
    if (rest.unsettled > 0) return []
    if (rest.values === 0) return [{ copy: copy.id, how: 'destroyed', until: null, values: 0 }]
    if (scope.kind === 'originals') return [{ copy: copy.id, how: 'kept', until: null, values: rest.values }]
    const until = rest.until.includes(null) ? openEnded : (rest.until.flatMap((day) => day ?? []).sort().at(-1) ?? openEnded)
    return [{ copy: copy.id, how: 'sealed', until, values: rest.values }]
  })
}

/** The records of a vault order as they are written down. */
export async function* orderRecords(ctx: Context, matter: Matter, planId: string, db: Queryable): AsyncGenerator<OrderRecordRow, void, undefined> {
  for await (const { row, fate } of judgeCandidates(ctx, matter, { kind: 'vault', dataSetIds: null, planId }, db)) {
    if ((fate.act !== 'erase' && fate.act !== 'rewrite') || row.slot === null) continue
    yield { recordId: row.id, index: row.index, version: row.version, slot: row.slot, keep: fate.keep, ended: fate.ended }
  }
}
