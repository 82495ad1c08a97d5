// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod'
import type { Context } from '../../../context.ts'
import type { ImpactChange, MatterState } from '../../../law/index.ts'
import { bodyOfEvent } from '../../../ledger/index.ts'
import type { Matter } from '../../../matter/index.ts'
import { assessRisks } from './assess-risks.rules.ts'
import { asAssessed, basisDigest, basisOf, changesSince, impactBasisSchema, type ImpactBasis, type PlannedMoves } from './impact-basis.rules.ts'
import { impactFailures } from './impact-failures.ts'
import { loadBases } from './impact.store.ts'
import { loadSaid } from './record-answer.ts'

const approvedBody = z.looseObject({ fact: z.string(), basis: z.string().optional() })

/**
 * 评估是否仍然有效. What changed since the newest approval of the assessment (rule D01); nothing while none was approved, which D01 says itself. `planned` is null where no plan stands: then nothing that was assessed moves.
 * Refuses a basis that does not fit the event (IMPACT_DAMAGED).
 */
export async function impactChangesOf(ctx: Context, matter: Pick<Matter, 'id'>, { state, planned }: { state: MatterState; planned: PlannedMoves | null }): Promise<ImpactChange[]> {
  const approved = (await ctx.ledger.eventsOfType(matter.id, 'ImpactApproved')).map(({ json }) => approvedBody.parse(bodyOfEvent(json))).at(-1)
  if (approved === undefined || planned === null) return []
  if (approved.basis === undefined) return ['unbound']
  const said = await loadSaid(ctx, matter)
  const risks = assessRisks(asAssessed(state), said.treatments)
  const untreated = new Set(risks.filter(({ needsTreatment }) => needsTreatment).map(({ kind }) => kind.id))
  return changesSince(await basisOfApproval(ctx, matter, { fact: approved.fact, basis: approved.basis }), basisOf(planned, state, { risks, answers: said.lines }), untreated)
}

/** The row is only a copy: what counts is the digest in the event. */
async function basisOfApproval(ctx: Context, matter: Pick<Matter, 'id'>, approved: { fact: string; basis: string }): Promise<ImpactBasis> {
  const rows = await loadBases(ctx.db, { tenant: ctx.tenant, matterId: matter.id })
  const basis = impactBasisSchema.safeParse(rows.find(({ factId, digest }) => factId === approved.fact && digest.toString('hex') === approved.basis)?.basis)
  if (!basis.success || basisDigest(basis.data) !== approved.basis) throw impactFailures.IMPACT_DAMAGED({ number: 0 })
  return basis.data
}
