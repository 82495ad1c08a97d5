// SPDX-License-Identifier: Apache-2.0
import type { DsseEnvelope } from '@handover/proof'
import type { Context } from '../../context.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { parametersDigest, refuseUnapprovedAct } from '../../stewardship/access/index.ts'
import { judgeGate, type JudgedGate } from '../hand-over/index.ts'
import { destroyFailures } from './destroy-failures.ts'
import { runOriginals } from './destroy-originals.ts'
import { certifyVault, eraseVault, prepareVault } from './destroy-vault.ts'
import { findOrder } from './destroy.store.ts'
import type { DestructionOrder, RunPermission } from './destruction-order.ts'
import { intendDestruction } from './intend-destruction.ts'
import { approvalParameters } from './request-destruction.ts'

/** A destruction that was carried out. */
export interface RanDestruction {
  order: DestructionOrder
  certificate: DsseEnvelope
  repeated: boolean
}

/**
 * 执行销毁. Carries out an approved order (CONTRACTS §§5, 9, 16): gate and record set are computed anew, the approval is used, and only then anything ends. Interrupted anywhere, the same command goes on;
 * done, it gives the certificate again. Refuses unmet obstacles, a changed set, missing approvals, a cooling-off that still runs, a policy without witnesses.
 */
export async function runDestruction(ctx: Context, matter: Matter, orderId: string, permission: RunPermission): Promise<RanDestruction> {
  refuseUnlessBookkeeper(matter)
  const order = await orderOf(ctx, matter, orderId)
  if (order.status === 'final' || order.status === 'pending-final') {
    await ctx.ledger.publish(matter.id)
    return result(order, true)
  }
  refuseEnded(matter)
  let judged: JudgedGate | null = null
  if (order.status === 'requested') {
    await refuseWithoutWitnesses(ctx, matter)
    // Asked again, and used, in the executing transaction.
    await refuseUnapprovedAct(ctx, { matterId: matter.id, act: 'destroy', digest: parametersDigest(matter.id, 'destroy', approvalParameters(order.id, order)) })
    judged = await judgeGate(ctx, matter, 'destroy')
  }
  if (order.scope.kind === 'originals') {
    await runOriginals(ctx, matter, { order, copies: order.scope.copies, permission, judged })
    return result(await orderOf(ctx, matter, orderId), false)
  }
  if (judged !== null) {
    await prepareVault(ctx, matter, order)
    await intendDestruction(ctx, matter, order, judged)
  }
  await eraseVault(ctx, matter, await orderOf(ctx, matter, orderId))
  await certifyVault(ctx, matter, orderId)
  return result(await orderOf(ctx, matter, orderId), false)
}

/** An order of the matter; refuses an unknown one. */
export async function orderOf(ctx: Context, matter: Matter, orderId: string): Promise<DestructionOrder> {
  const order = await findOrder(ctx.db, { tenant: ctx.tenant, matterId: matter.id }, orderId)
  if (order === null) throw destroyFailures.ORDER_UNKNOWN({ order: orderId.slice(0, 60) })
  return order
}

function result(order: DestructionOrder, repeated: boolean): RanDestruction {
  const certificate = order.finalCertificate ?? order.certificate
  if (certificate === null) throw new Error('assertion failed: an order that ran has a certificate')
  return { order, certificate, repeated }
}

/** Certificates and key erasure need a cosigned checkpoint (CONTRACTS §6), so somebody else must be asked for one. */
async function refuseWithoutWitnesses(ctx: Context, matter: Matter): Promise<void> {
  const policy = (await ctx.ledger.policy(matter.id))?.policy
  if (policy === undefined || policy.quorum === 'none') throw destroyFailures.NO_WITNESSES()
}
