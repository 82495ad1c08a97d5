// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { ownParty, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { loadRequests, requestApproval } from '../../stewardship/access/index.ts'
import type { NoReceiptReason } from '../discover/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { insertOrder, loadOrders } from './destroy.store.ts'
import { newFacts, type DestructionOrder, type DestructionScope } from './destruction-order.ts'
import { computeSet, type DestructionSet } from './destruction-set.ts'
import { refuseOtherKinds } from './files-of-order.ts'

/** A destruction as it was asked for. */
export interface RequestedDestruction {
  order: DestructionOrder
  /** The request that two people other than the requester must approve. */
  request: string
  repeated: boolean
}

/** The scope that a word of the command line means: `vault`, `originals` (all files), `original:COPY` (the whole file in which that copy stands, since a file is rewritten as one); refuses others. */
export async function scopeOfWord(ctx: Context, matter: Matter, word: string): Promise<DestructionScope> {
  if (word === 'vault') return { kind: 'vault' }
  const own = ownParty(matter).id
  const originals = (await ctx.ledger.copies(matter.id)).filter((copy) => copy.kind === 'original' && copy.holder === own && copy.dataSetId !== null)
  const named = originals.find((copy) => word === `original:${copy.id}`)
  const meant = word === 'originals' ? originals : named === undefined ? [] : originals.filter((copy) => copy.sourceId === named.sourceId)
  if (meant.length === 0) throw destroyFailures.SCOPE_UNKNOWN({ scope: word.slice(0, 80) })
  const open = meant.filter((copy) => copy.endedHow === null)
  return { kind: 'originals', copies: (open.length > 0 ? open : meant).map((copy) => copy.id).sort() }
}

/** 申请销毁. Asks for the destruction of everything in the scope that the approved plan ends (CONTRACTS §§9, 18): the approval binds the exact set of records. The same request again gives the first order, also when it was carried out. Refuses an empty set, files of which no part can be removed, and a set with people whose receipts are not sealed unless the request says why none is possible. */
export async function requestDestruction(ctx: Context, matter: Matter, wish: { scope: DestructionScope; keyFile: string; withoutReceipts?: NoReceiptReason }): Promise<RequestedDestruction> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const begun = (await loadOrders(ctx.db, scope)).findLast((order) => order.status !== 'requested' && isWithin(order.scope, wish.scope))
  if (begun?.status === 'running') return { order: begun, request: begun.approvalRequest, repeated: true }
  const set = await computeSet(ctx, matter, wish.scope)
  // Carried out already: copies that were only thinned out ended as kept, and would ask for an order again and again.
  if (begun !== undefined && set.counts.records === 0) return { order: begun, request: begun.approvalRequest, repeated: true }
  if (set.counts.records === 0 && !set.counts.copies.some((copy) => copy.how !== 'destroyed')) throw destroyFailures.NOTHING_TO_DESTROY({ unsettled: set.counts.unsettled })
  refuseWithoutReceipts(set, wish.withoutReceipts ?? null)
  // What two people waived at a delta is said again on what ends the records for good.
  const withoutReceipts = wish.withoutReceipts ?? set.revised.reason
  if (wish.scope.kind === 'originals') await refuseOtherKinds(ctx, matter, { copies: wish.scope.copies, planId: set.counts.plan })
  const known = await sameOrder(ctx, matter, set, withoutReceipts)
  if (known !== null) {
    const again = await requestApproval(ctx, matter, { act: 'destroy', parameters: approvalParameters(known.id, known), keyFile: wish.keyFile })
    return { order: known, request: again.request.id, repeated: again.repeated }
  }
  const facts = newFacts({ ...set.counts, withoutReceipts, unreceipted: { waived: set.withoutReceipt, revised: set.revised.records }, requestedAt: ctx.now() })
  const order: DestructionOrder = {
    id: idText('ord', ctx.ids.bytes('ord')), scope: wish.scope, recordSet: set.digest, approvalRequest: '', status: 'requested', facts,
    intentSeq: null, doneSeq: null, certificate: null, finalCertificate: null,
  }
  const { request } = await requestApproval(ctx, matter, { act: 'destroy', parameters: approvalParameters(order.id, order), keyFile: wish.keyFile })
  await ctx.db.transaction((tx) => insertOrder(tx, scope, { ...order, approvalRequest: request.id }))
  return { order: { ...order, approvalRequest: request.id }, request: request.id, repeated: false }
}

/** What two people approve: this order, this scope, exactly this set of records. */
export function approvalParameters(orderId: string, order: Pick<DestructionOrder, 'scope' | 'recordSet' | 'facts'>): JsonObject {
  const { plan, records, values, rewrites, withoutReceipts } = order.facts
  return { order: orderId, scope: order.scope, recordSet: order.recordSet.toString('hex'), plan, records, values, rewrites, ...(withoutReceipts === null ? {} : { withoutReceipts }) }
}

/** Refuses a set with people whose receipts could be sealed and are not (CONTRACTS §9: receipts before erasure), unless the order says why none is possible. */
export function refuseWithoutReceipts(set: DestructionSet, reason: NoReceiptReason | null): void {
  if (set.withoutReceipt > 0 && reason === null) throw destroyFailures.RECEIPTS_NOT_SEALED({ records: set.withoutReceipt })
}

/** Whether an order covers what is asked for. */
function isWithin(done: DestructionScope, asked: DestructionScope): boolean {
  if (done.kind === 'vault' || asked.kind === 'vault') return done.kind === asked.kind
  return asked.copies.every((copy) => done.copies.includes(copy))
}

/** An order for the same set that still waits for its approvals. */
async function sameOrder(ctx: Context, matter: Matter, set: DestructionSet, withoutReceipts: NoReceiptReason | null): Promise<DestructionOrder | null> {
  const waiting = new Set((await loadRequests(ctx.db, ctx.tenant, matter.id)).filter((request) => request.status === 'open' || request.status === 'approved').map((request) => request.id))
  const orders = await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  return orders.find((order) => order.status === 'requested' && order.recordSet.equals(set.digest) && order.facts.withoutReceipts === withoutReceipts && waiting.has(order.approvalRequest)) ?? null
}
