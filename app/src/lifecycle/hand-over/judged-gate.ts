// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { gateFor, obstacle, refuseIfAny, type GuardedStep } from '../../law/index.ts'
import type { Matter } from '../../matter/index.ts'
import { loadMatterState } from './load-matter-state.ts'
import { lastEventSeq } from './package.store.ts'

/** A step that its gate let through, and the last event that the gate could know of. */
export interface JudgedGate {
  step: GuardedStep
  at: number
}

/** 问闸口. Asks the gate before the transaction of the step, which then asks `refuseIfOvertaken`; refuses with every obstacle (exit code 15). */
export async function judgeGate(ctx: Context, matter: Matter, step: GuardedStep): Promise<JudgedGate> {
  const at = await lastEventSeq(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  refuseIfAny(gateFor(step, await loadMatterState(ctx, matter)).obstacles, step)
  return { step, at }
}

/**
 * Asked again once the step's own event is written, since that event holds off all other booking until the transaction ends: where another one stands before it, a fact, hold, letter or incident came in after
 * the gate was asked, and the gate is asked anew. Refuses the step then as the gate does, and a plan that today's facts no longer give.
 */
export async function refuseIfOvertaken(ctx: Context, matter: Matter, judged: JudgedGate, seq: number): Promise<void> {
  if (seq === judged.at + 1) return
  const state = await loadMatterState(ctx, matter)
  const { obstacles } = gateFor(judged.step, state)
  const isStale = judged.step === 'plan' && state.plan?.stale === true && obstacles.every(({ code }) => code !== 'PLAN_STALE')
  refuseIfAny(isStale ? [...obstacles, obstacle('PLAN_STALE')] : obstacles, judged.step)
}
