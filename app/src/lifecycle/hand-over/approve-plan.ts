// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '@handover/proof'
import type { Context } from '../../context.ts'
import { accountCode, accountOfCode, type Account } from '../../law/index.ts'
import type { DispositionChange } from '../../ledger/index.ts'
import { partiesOf, refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { approvalFor, parametersDigest } from '../../stewardship/access/index.ts'
import type { Tx } from '../../store/index.ts'
import { computePlan } from './compute-plan.ts'
import { handOverFailures } from './hand-over-failures.ts'
import { refuseUnlessGate } from './load-matter-state.ts'
import { loadPlanReasons, markApproved, streamPlannedRecords, type PlannedRecordRow } from './plan.store.ts'
import type { Plan, PlanReason } from './plan.ts'

/** What two people approve: this plan, by the digest of every vector, handed over to these parties and nobody else. */
export function planApprovalParameters(plan: Pick<Plan, 'id' | 'digest'>, to: readonly string[]): JsonObject {
  return { plan: plan.id, digest: plan.digest, to: [...to].sort() }
}

/** The parties that a plan's values may go to: transferee and custodian. */
export function recipientsOf(matter: Matter): string[] {
  return partiesOf(matter, 'transferee', 'custodian').map((party) => party.id).sort()
}

/** 批准方案. Approves the plan of today's facts under a two-person approval and posts what needs no further act: kept, and sealed in the transferor's own custody. Refuses a plan that today's facts no longer give, unmet gates, missing approval; again gives the first result. */
export async function approvePlan(ctx: Context, matter: Matter): Promise<{ plan: Plan; seq: number; repeated: boolean }> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  const plan = await computePlan(ctx, matter)
  const done = await ctx.ledger.eventByEffect(matter.id, `plan/${plan.id}/approved`)
  if (done !== undefined && plan.approved) return { plan, seq: done.seq, repeated: true }
  await refuseUnlessGate(ctx, matter, 'plan')
  const to = recipientsOf(matter)
  return ctx.db.transaction(async (tx) => {
    const approval = await approvalFor(ctx, tx, { matterId: matter.id, act: 'hand-over', digest: parametersDigest(matter.id, 'hand-over', planApprovalParameters(plan, to)) })
    const { seq } = await ctx.ledger.append(tx, matter.id, { type: 'PlanApproved', body: { plan: plan.id, digest: plan.digest, lines: linesOf(plan) } }, `plan/${plan.id}/approved`)
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

/** Moves vectors to what the approved plan settles at once; what waits, moves or dies goes back to pending until its own act. Values that left already stay where they are. */
async function postSettled(ctx: Context, tx: Tx, matter: Matter, plan: Plan): Promise<void> {
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const reasons = await loadPlanReasons(tx, scope, plan.id)
  const changes = new Map<string, DispositionChange & { recordIds: Uint8Array[] }>()
  for await (const batch of streamPlannedRecords(tx, scope, plan.id)) {
    for (const record of batch) for (const change of settledChanges(record, reasons.get(record.reasonSet) ?? [])) addChange(changes, record.recordId, change)
  }
  const postings = await ctx.ledger.setDispositions(tx, matter.id, [...changes.values()])
  if (postings.length > 0) await ctx.ledger.append(tx, matter.id, { type: 'DispositionsPosted', body: { plan: plan.id, postings } }, `plan/${plan.id}/settled`)
}

interface FieldMove {
  position: number
  from: Account
  to: Account
}

function settledChanges(record: PlannedRecordRow, reasons: readonly PlanReason[]): FieldMove[] {
  const ownSeal = new Set(reasons.filter((reason) => reason.outcome === 'sealed' && reason.holder === 'transferor').flatMap((reason) => reason.positions))
  return [...record.outcome.keys()].flatMap((position) => {
    const present = accountOfCode(record.dispositions[position] ?? 0)
    if (present !== 'pending' && present !== 'kept' && present !== 'sealed') return []
    const planned = record.outcome[position]
    const to: Account = planned === accountCode.kept ? 'kept' : planned === accountCode.sealed && ownSeal.has(position) ? 'sealed' : 'pending'
    return to === present ? [] : [{ position, from: present, to }]
  })
}

function addChange(changes: Map<string, DispositionChange & { recordIds: Uint8Array[] }>, recordId: Buffer, { position, from, to }: FieldMove): void {
  const key = `${position} ${from} ${to}`
  const change = changes.get(key) ?? { recordIds: [], fields: [position], from, to }
  changes.set(key, change)
  change.recordIds.push(recordId)
}

/** The approved plan with what it may hand over; refuses when there is none. */
export function refuseUnapproved(plan: { approvedSeq: number | null } | null): void {
  if (plan === null || plan.approvedSeq === null) throw handOverFailures.PLAN_NOT_APPROVED()
}
