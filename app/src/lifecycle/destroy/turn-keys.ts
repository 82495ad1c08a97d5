// SPDX-License-Identifier: Apache-2.0
import { readErasureCertificate, statementDigest, unverifiedStatement } from '@handover/proof'
import type { Context } from '../../context.ts'
import { required } from '../../kit/assert.ts'
import { lockMatter, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Tx } from '../../store/index.ts'
import type { TurnResult } from '../../vault/index.ts'
import { awaitsTurn, endBookedDeltas } from '../discover/index.ts'
import { bookCertificate, signCertificate } from './certificate.ts'
import { destroyFailures } from './destroy-failures.ts'
import { findOrder, loadOrders, updateOrder } from './destroy.store.ts'
import { keysOf } from './destroy-vault.ts'
import type { DestructionOrder } from './destruction-order.ts'

/** What a turn reached. */
export interface TurnedKeys {
  /** The epoch in use now. */
  epoch: number
  /** Orders whose certificate became final by this run. */
  final: string[]
  /** Orders whose certificate is still pending. */
  pending: string[]
  /** Former values that a delta revised can be opened with copies of old keys no more, as of this run. */
  revised: boolean
  /** Nothing waited for a turn; no key was exchanged. */
  repeated: boolean
}

/**
 * 密钥换代. Exchanges the epoch key so that no copy of old keys opens what was destroyed or what a delta revised, and makes the waiting certificates final (CONTRACTS §5). Interrupted anywhere, the same
 * command goes on; when no erasure waits, nothing is exchanged. Refuses when a key slot did not confirm; certificates stay pending then.
 */
export async function turnKeys(ctx: Context, matter: Matter): Promise<TurnedKeys> {
  refuseUnlessBookkeeper(matter)
  if (matter.status === 'open') await endBookedDeltas(ctx, matter)
  const before = await waitingOrders(ctx, matter)
  // What an interrupted run reached in the key store already is booked first.
  await bookTurns(ctx, matter)
  const final = await finishOrders(ctx, matter)
  const revised = await awaitsTurn(ctx, matter)
  if (final.length < before.length || revised) {
    ctx.progress({ zh: '更换密钥', en: 'Turning keys' }, 0, null)
    refuseIncomplete(await ctx.vault.turn(matter.id))
    ctx.progress({ zh: '登记换代', en: 'Booking the turn' }, 0, null)
    await bookTurns(ctx, matter)
    final.push(...(await finishOrders(ctx, matter)))
  }
  await ctx.ledger.publish(matter.id)
  const pending = (await waitingOrders(ctx, matter)).map((order) => order.id)
  return { epoch: await presentEpoch(ctx, matter), final, pending, revised, repeated: before.length === 0 && !revised }
}

async function waitingOrders(ctx: Context, matter: Matter): Promise<DestructionOrder[]> {
  return (await loadOrders(ctx.db, { tenant: ctx.tenant, matterId: matter.id })).filter((order) => order.status === 'pending-final')
}

async function presentEpoch(ctx: Context, matter: Matter): Promise<number> {
  return (await ctx.vault.epochs(matter.id)).findLast((epoch) => epoch.state === 'current')?.epoch ?? 0
}

function refuseIncomplete(turned: TurnResult): void {
  if (!turned.complete) throw destroyFailures.TURN_INCOMPLETE({ why: turned.reasons.join('; ') })
}

/** An event for every finished turn that has none: the key store is ahead of the books when a crash came between. */
export async function bookTurns(ctx: Context, matter: Matter): Promise<void> {
  const slots = (await ctx.vault.slots(matter.id)).map(({ slot, kind, opens, epochs }) => ({ slot, kind, confirmed: opens && epochs.length === 1 }))
  for (const { epoch, state } of await ctx.vault.epochs(matter.id)) {
    if (epoch === 1 || state === 'turning' || (await ctx.ledger.eventByEffect(matter.id, `epoch/${epoch}`)) !== undefined) continue
    await ctx.db.transaction((tx) => ctx.ledger.append(tx, matter.id, { type: 'EpochTurned', body: { epoch, dropped: epoch - 1, slots } }, `epoch/${epoch}`))
  }
}

async function finishOrders(ctx: Context, matter: Matter): Promise<string[]> {
  const final: string[] = []
  const lastTurn = (await ctx.ledger.eventsOfType(matter.id, 'EpochTurned')).at(-1)?.seq ?? 0
  for (const order of await waitingOrders(ctx, matter)) {
    // A turn that came before the destruction was booked is no proof of it, although the keys are gone.
    const status = await ctx.vault.erasureStatus(matter.id, order.id)
    if ((!status.final && status.slots > 0) || lastTurn < (order.doneSeq ?? 0)) continue
    await ctx.db.transaction((tx) => finishOrder(ctx, tx, matter, order.id))
    final.push(order.id)
  }
  return final
}

/** The final certificate and the end of the vault's copies, in one transaction. */
async function finishOrder(ctx: Context, tx: Tx, matter: Matter, orderId: string): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  await lockMatter(tx, ctx.tenant, matter.id)
  const order = required(await findOrder(tx, scope, orderId), 'the order is there')
  if (order.status !== 'pending-final') return
  const keys = await keysOf(ctx, matter, orderId)
  const { tombstones, tombstoneRoot } = readErasureCertificate(unverifiedStatement(required(order.certificate, 'a pending certificate came before'))).target
  const envelope = await signCertificate(ctx, matter, {
    order, status: 'final', system: 'vault', tombstones: { tombstones, tombstoneRoot }, keys,
    verification: { how: 'erased key slots read back; the epoch key under which they stood was cleared from every slot and read back', sample: keys.destroyed, result: 'none opens' },
  })
  await bookCertificate(ctx, tx, matter, { orderId, status: 'final', envelope })
  for (const { copy, how, until, values } of order.facts.copies) {
    await ctx.ledger.endCopy(tx, matter.id, { copy, how, proof: statementDigest(envelope), until, details: { order: orderId, values } }, `copy/${copy}/ended`)
  }
  await updateOrder(tx, scope, orderId, { status: 'final', finalCertificate: envelope })
}
