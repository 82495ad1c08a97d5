// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import type { Account } from '../../law/index.ts'
import type { DispositionChange } from '../../ledger/index.ts'
import { partiesOf, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import type { Scope } from '../discover/index.ts'
import { computePlan } from './compute-plan.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { judgeGate, refuseIfOvertaken } from './judged-gate.ts'
import { moveInParts } from './move-in-parts.ts'
import { settledMoves } from './settled-moves.rules.ts'
import { loadPlanReasons, markApproved, streamUnsettledRecords } from './plan.store.ts'
import type { Plan, PlanLine } from './plan.ts'
import { goesTo } from './recipient-of-values.rules.ts'

/** What two people approve: this plan, by the digest of every vector, handed over to these parties and nobody else. */
export function planApprovalParameters(plan: Pick<Plan, 'id' | 'digest'>, to: readonly string[]): JsonObject {
  return { plan: plan.id, digest: plan.digest, to: [...to].sort() }
}

/** The parties that a plan's values may go to: transferee and custodian. */
export function recipientsOf(matter: Matter): string[] {
  return partiesOf(matter, 'transferee', 'custodian').map((party) => party.id).sort()
}

/** The transferees of a matter. */
export function transfereesOf(matter: Matter): string[] {
  return partiesOf(matter, 'transferee').map((party) => party.id)
}

/** Refuses a plan that hands values over without saying to whom: with several transferees each data set names its own (个人信息保护法 第二十三条). */
export function refuseAmbiguousRecipients(transferees: readonly string[], lines: readonly PlanLine[]): void {
  // Without any the gates refuse, with their own words.
  if (transferees.length === 0) return
  const open = new Set(lines.filter((line) => line.outcome === 'transferred' && goesTo(line.recipient ?? null, transferees) === null).map((line) => line.ds))
  if (open.size > 0) throw handOverFailures.RECIPIENT_AMBIGUOUS({ transferees: transferees.length, dataSets: [...open].join(', ') })
}

/** 批准方案. Approves the plan of today's facts under a two-person approval and posts what needs no further act: kept, and sealed in the transferor's own custody. Refuses a plan that today's facts no longer give, unmet gates, missing approval; again gives the first result. */
export async function approvePlan(ctx: Context, matter: Matter): Promise<{ plan: Plan; seq: number; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const plan = await computePlan(ctx, matter)
  const done = await ctx.ledger.eventByEffect(matter.id, `plan/${plan.id}/approved`)
  if (done !== undefined && plan.approved) return { plan, seq: done.seq, repeated: true }
  refuseAmbiguousRecipients(transfereesOf(matter), plan.lines)
  const judged = await judgeGate(ctx, matter, 'plan')
  const to = recipientsOf(matter)
  return ctx.db.transaction(async (tx) => {
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'hand-over', digest: parametersDigest(matter.id, 'hand-over', planApprovalParameters(plan, to)) })
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'PlanApproved', body: { plan: plan.id, digest: plan.digest, lines: linesOf(plan) } }, `plan/${plan.id}/approved`)
    await refuseIfOvertaken(ctx, matter, judged, seq)
    await markApproved(tx, { tenant: ctx.tenant, matterId: matter.id }, { id: plan.id, seq, to, approvalId: approval.requestId })
    await postSettled(ctx, tx, matter, plan)
    return { plan: { ...plan, approved: true }, seq, repeated: false }
  })
}

function linesOf(plan: Plan): { ds: string; outcome: string; values: number }[] {
  const sums = new Map<string, { ds: string; outcome: string; values: number }>()
  for (const { ds, outcome, values } of plan.lines) {
    const sum = sums.get(`${ds} ${outcome}`) ?? { ds, outcome, values: 0 }
    sums.set(`${ds} ${outcome}`, sum)
    sum.values += values
  }
  return [...sums.values()]
}

/** Moves vectors to what the approved plan settles at once; what waits, moves or dies goes back to pending until its own act. Values that left already stay where they are, also those that a custodian holds sealed. */
async function postSettled(ctx: Context, tx: Tx, matter: Matter, plan: Plan): Promise<void> {
  const postings = await moveInParts(ctx, tx, matter, settledParts(tx, { tenant: ctx.tenant, matterId: matter.id }, plan))
  if (postings.length > 0) await ctx.ledger.append(tx, matter.id, { type: 'DispositionsPosted', body: { plan: plan.id, postings } }, `plan/${plan.id}/settled`)
}

async function* settledParts(tx: Tx, scope: Scope, plan: Plan): AsyncGenerator<DispositionChange[], void, undefined> {
  const reasons = await loadPlanReasons(tx, scope, plan.id)
  const ownSealed = new Map([...reasons].map(([set, of]) => [set, new Set(of.filter((reason) => reason.outcome === 'sealed' && reason.holder === 'transferor').flatMap((reason) => reason.positions))]))
  for await (const batch of streamUnsettledRecords(tx, scope, plan.id)) {
    const moves = new Map<string, { fields: number[]; from: Account; to: Account; recordIds: Buffer[] }>()
    for (const record of batch) {
      for (const { position, from, to } of settledMoves(record, ownSealed.get(record.reasonSet) ?? new Set())) {
        const key = `${position} ${from} ${to}`
        const move = moves.get(key) ?? { fields: [position], from, to, recordIds: [] }
        moves.set(key, move)
        move.recordIds.push(record.recordId)
      }
    }
    yield [...moves.values()]
  }
}

/** The approved plan with what it may hand over; refuses when there is none. */
export function refuseUnapproved(plan: { approvedSeq: number | null } | null): void {
  if (plan === null || plan.approvedSeq === null) throw handOverFailures.PLAN_NOT_APPROVED()
}
