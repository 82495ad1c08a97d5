// SPDX-License-Identifier: Apache-2.0
import type { Context } from '../../context.ts'
import { idText } from '../../kit/ids.ts'
import { refuseEnded, refuseUnlessBookkeeper, type Matter } from '../../matter/index.ts'
import { refreshStatistics, refuseUnlessResolved } from '../discover/index.ts'
import { evaluateRecords } from './evaluate-records.ts'
import { newDraft } from './plan-draft.ts'
import { fitsSurvivors } from './plan-of-survivors.ts'
import { currentPlan, deletePlanned, insertPlan, insertPlannedRecords, insertPlanReasons } from './plan.store.ts'
import type { Plan } from './plan.ts'

/** 拟定方案. Computes the disposition of every value from today's facts (CONTRACTS §17) and stores it; the same facts give the plan that is there already, also when some of its records were erased meanwhile. Refuses while persons are not resolved. */
export async function computePlan(ctx: Context, matter: Matter): Promise<Plan> {
  refuseEnded(matter)
  refuseUnlessBookkeeper(matter)
  await refuseUnlessResolved(ctx, matter.id)
  const scope = { tenant: ctx.tenant, matterId: matter.id }
  const evaluation = await evaluateRecords(ctx, matter)
  const planId = idText('pln', ctx.ids.bytes('pln'))
  const draft = newDraft(matter)
  const plan: Plan = await ctx.db.transaction(async (tx) => {
    for await (const batch of evaluation.records()) await insertPlannedRecords(tx, scope, planId, batch.map((record) => draft.add(record)))
    const { digest, vectors, lines, reasonSets } = draft.finish()
    const known = await currentPlan(tx, scope)
    if (known !== null && (known.digest.equals(digest) || (await fitsSurvivors(tx, scope, known.id, vectors)))) {
      await deletePlanned(tx, scope, planId)
      return { id: known.id, digest: known.digest.toString('hex'), lines: known.lines, approved: known.approvedSeq !== null, repeated: true }
    }
    await insertPlan(tx, scope, { id: planId, at: ctx.now(), digest, lines })
    await insertPlanReasons(tx, scope, planId, reasonSets)
    return { id: planId, digest: digest.toString('hex'), lines, approved: false, repeated: false }
  })
  if (!plan.repeated) await refreshStatistics(ctx.db)
  return plan
}
