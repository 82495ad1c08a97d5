// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import type { Queryable } from '../../store/index.ts'
import { renewFacets } from '../classify/index.ts'
import { refreshStatistics, refuseUnlessResolved, type Scope } from '../discover/index.ts'
import { evaluateRecords, type Evaluation } from './evaluate-records.ts'
import { newDraft, type PlanDraft } from './plan-draft.ts'
import { fitsSurvivors } from './plan-of-survivors.ts'
import { currentPlan, deletePlanned, insertPlan, insertPlannedRecords, insertPlanReasons, type PlannedRecord, type PlanRow } from './plan.store.ts'
import type { Plan } from './plan.ts'

/** 拟定方案. Computes the disposition of every value from today's facts (CONTRACTS §17) and stores it; the same facts give the plan that is there already, also when some of its records were erased meanwhile. Refuses while persons are not resolved. */
export async function computePlan(ctx: Context, matter: Matter): Promise<Plan> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  await renewFacets(ctx, matter)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const evaluation = await evaluateRecords(ctx, matter)
  const known = await currentPlan(ctx.db, scope)
  // A plan that is there already is not written a second time only to be found equal.
  const same = known === null ? null : await repeatedPlan(ctx.db, scope, known, await draftOf(matter, evaluation, () => Promise.resolve()))
  if (same !== null) return same
  const planId = idText('pln', ctx.ids.bytes('pln'))
  const plan: Plan = await ctx.db.transaction(async (tx) => {
    const drafted = await draftOf(matter, evaluation, (records) => insertPlannedRecords(tx, scope, planId, records))
    const present = await currentPlan(tx, scope)
    const repeated = present === null ? null : await repeatedPlan(tx, scope, present, drafted)
    if (repeated !== null) {
      await deletePlanned(tx, scope, planId)
      return repeated
    }
    const digest = drafted.digest
    await insertPlan(tx, scope, { id: planId, at: ctx.now(), digest, lines: drafted.lines })
    await insertPlanReasons(tx, scope, planId, drafted.reasonSets)
    return { id: planId, digest: digest.toString('hex'), lines: drafted.lines, approved: false, repeated: false }
  })
  if (!plan.repeated) await refreshStatistics(ctx.db)
  return plan
}

type Drafted = ReturnType<PlanDraft['finish']>

async function draftOf(matter: Matter, evaluation: Evaluation, keep: (records: PlannedRecord[]) => Promise<void>): Promise<Drafted> {
  const draft = newDraft(matter, evaluation.law)
  for await (const batch of evaluation.records()) await keep(batch.map((record) => draft.add(record)))
  return draft.finish()
}

async function repeatedPlan(db: Queryable, scope: Scope, known: PlanRow, drafted: Drafted): Promise<Plan | null> {
  if (!known.digest.equals(drafted.digest) && !(await fitsSurvivors(db, scope, known.id, drafted.vectors))) return null
  return { id: known.id, digest: known.digest.toString('hex'), lines: known.lines, approved: known.approvedSeq !== null, repeated: true }
}
