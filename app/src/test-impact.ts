// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '@handover/proof'
import type { Context } from './context.ts'
import { addYears } from './kit/time.ts'
import type { Matter } from './matter/index.ts'
import { addFactOfAct, basisDigest, basisOf } from './lifecycle/assess/index.ts'
import { assessRisks } from './lifecycle/assess/impact/assess-risks.rules.ts'
import { asAssessed } from './lifecycle/assess/impact/impact-basis.rules.ts'
import { insertBasis } from './lifecycle/assess/impact/impact.store.ts'
import { loadMatterState, plannedMoves } from './lifecycle/hand-over/index.ts'

/** For tests and benchmarks of later steps: an impact assessment approved as `approveImpact` books it, bound to the plan of today, its questions not asked. */
export async function approvedImpact(ctx: Context, matter: Matter, { keyFile, evidenceFile }: { keyFile: string; evidenceFile: string }): Promise<void> {
  const planned = (await plannedMoves(ctx, matter, 'may-move')) ?? { plan: `pln_${'0'.repeat(32)}`, moves: [], treatments: {} }
  const state = asAssessed(await loadMatterState(ctx, matter))
  const basis = basisOf(planned, state, { risks: assessRisks(state, new Map()), answers: 0 })
  const digest = basisDigest(basis)
  const report = 'ab'.repeat(32)
  await ctx.db.transaction(async (tx) => {
    const { fact } = await addFactOfAct(ctx, tx, matter, { name: 'pia-approved', value: { report, approvedOn: ctx.today(), covers: ['purpose-and-method', 'rights-and-risk', 'measures'], form: 'full', residualRisk: 'low', keptUntil: addYears(ctx.today(), 3) }, evidenceFile, keyFile })
    await insertBasis(tx, { tenant: ctx.tenant, matterId: matter.id }, { factId: fact.id, digest: Buffer.from(digest, 'hex'), basis: canonicalJson({ ...basis }), at: ctx.now() })
    await ctx.ledger.append(tx, matter.id, { type: 'ImpactApproved', body: { assessment: `pia_${'0'.repeat(32)}`, report, fact: fact.id, residual: 'low', plan: basis.plan, basis: digest, by: fact.signedBy } }, `impact/test/${fact.id}/${digest}`)
  })
}
