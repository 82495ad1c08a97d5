// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { lockMatter, type Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { refreshStatistics } from '../discover/index.ts'
import { refuseIfOvertaken, type JudgedGate } from '../hand-over/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { findOrder, insertTombstones, loadOrders, noteIntent, updateOrder } from './destroy.store.ts'
import type { DestructionOrder } from './destruction-order.ts'
import { computeSet } from './destruction-set.ts'
import { approvalParameters, refuseWithoutReceipts } from './request-destruction.ts'
import { growTombstoneTree } from './tombstone-file.ts'

/** Refuses when the set computed now is not the one that the request bound, or people in it could have receipts and have none. */
export async function refuseChanged(ctx: Context, tx: Tx, matter: Matter, order: DestructionOrder): Promise<void> {
  const now = await computeSet(ctx, matter, order.scope, tx)
  if (!now.digest.equals(order.recordSet)) throw destroyFailures.DESTRUCTION_SET_CHANGED({ before: order.facts.records, now: now.counts.records })
  // A reason that was only taken over from a delta waives nothing of what could have a receipt.
  const { withoutReceipts, unreceipted } = order.facts
  refuseWithoutReceipts(now, unreceipted?.waived === 0 ? null : withoutReceipts)
}

/** 销毁立意. Part 1 of CONTRACTS §5: tombstones (of a vault order) and intent in one transaction with the use of the approval; from here on reads refuse. Done before, it does nothing; refuses a changed set, what the gate refuses by what came in since it was asked, and a second vault order beside one that runs. */
export async function intendDestruction(ctx: Context, matter: Matter, order: DestructionOrder, judged: JudgedGate): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  await ctx.db.transaction(async (tx) => {
    await lockMatter(tx, ctx.tenant, matter.id)
    const fresh = required(await findOrder(tx, scope, order.id), 'the order is there')
    if (fresh.status !== 'requested') return
    const other = (await loadOrders(tx, scope)).find((one) => one.status === 'running' && one.scope.kind === 'vault')
    if (order.scope.kind === 'vault' && other !== undefined) throw destroyFailures.ORDER_RUNNING({ order: other.id })
    await refuseChanged(ctx, tx, matter, order)
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'destroy', digest: parametersDigest(matter.id, 'destroy', approvalParameters(order.id, order)) })
    // In this order: the tree grows by what was written just before.
    const [, tombstones] = await Promise.all([order.scope.kind === 'vault' ? insertTombstones(tx, scope, order.id) : null, growTombstoneTree(tx, scope)])
    const body = { order: order.id, recordSet: order.recordSet.toString('hex'), records: order.facts.records, ...tombstones }
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'DestructionIntended', body }, `destroy/${order.id}/intended`)
    await refuseIfOvertaken(ctx, matter, judged, seq)
    await noteIntent(tx, scope, order.id, seq)
    await updateOrder(tx, scope, order.id, {
      status: 'running', intentSeq: seq, approvalRequest: approval.requestId,
      facts: { ...fresh.facts, requestedBy: approval.requestedBy, approvedBy: approval.approvedBy, identitiesVerified: approval.identitiesVerified },
    })
  })
  // What follows goes through records and tombstones some thousand at a time.
  await refreshStatistics(ctx.db)
}
